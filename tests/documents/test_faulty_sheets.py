"""Faults of sheets, headers and cells: every one is named with its place, and the rest is still read."""

import pytest
from hand_made_workbooks import ABOUT, NAME, problems_of, said, saved, with_cells, workbook
from openpyxl import Workbook

from zhunsheng.documents.case_workbook import read_case_workbook

# Sheets and headers


def test_missing_sheets_are_named_all_at_once_and_unknown_ones_are_warned_of() -> None:
    book = Workbook()
    book.worksheets[0].title = "Sheet1"
    book.create_sheet("填写说明")
    assert said(problems_of(book)) == [
        ("BOOK-010", "", "缺少工作表“基本信息”"),
        ("BOOK-010", "", "缺少工作表“部门”"),
        ("BOOK-011", "工作表“Sheet1”", "工作表“Sheet1”不属于年度档案，未读取"),
    ]


def test_two_sheets_for_the_same_section_are_an_error() -> None:
    book = workbook(主要职责=[["序号", "职责"]], duties=[["序号", "职责"]])
    assert said(problems_of(book)) == [
        ("BOOK-024", "工作表“duties”", "“主要职责”已在工作表“主要职责”中，本表未读取")
    ]


def test_unknown_duplicated_and_missing_headers_are_named_with_their_cells() -> None:
    book = workbook(
        收支=[
            ["编码", "项目", "收支", "收支*", "年初预算数（元）", None],
            ["exp", "支出合计", "支出", "收入", 5, "散落的内容"],
            ["inc", "收入合计", "收入", "收入", 6, None],
        ]
    )
    assert said(problems_of(book)) == [
        ("BOOK-014", "工作表“收支” 单元格 D1", "表头“收支*”重复，前一列是 C 列"),
        ("BOOK-013", "工作表“收支” 单元格 E1", "工作表“收支”没有名为“年初预算数（元）”的列"),
        ("BOOK-021", "工作表“收支” 单元格 F2", "F 列没有表头，却有 1 个单元格有内容，未读取"),
        ("BOOK-015", "工作表“收支” 单元格 A1", "工作表“收支”缺少必填的列“类别”"),
    ]


def test_a_sheet_without_a_header_in_the_first_five_rows_is_named() -> None:
    rows: list[list[object]] = [["情况表"], [], [], [], [], ["序号", "职责"], [1, "拟订规划"]]
    assert said(problems_of(workbook(主要职责=rows))) == [
        ("BOOK-012", "工作表“主要职责” 单元格 A1", "工作表“主要职责”前 5 行没有表头（序号*、职责*）")
    ]


def test_an_empty_sheet_is_an_empty_table() -> None:
    assert said(problems_of(workbook(主要职责=[]))) == []


def test_record_sheets_name_unknown_repeated_and_missing_items() -> None:
    about: list[list[object]] = [
        ["项目", "内容"],
        ["档案编码", "a"],
        ["年度", 2023],
        ["年度*", 2024],
        ["评分", "x"],
        [None, "孤立"],
    ]
    book = workbook(基本信息=about)
    assert said(problems_of(book)) == [
        ("BOOK-014", "工作表“基本信息” 单元格 A4", "项目“年度*”重复"),
        ("BOOK-013", "工作表“基本信息” 单元格 A5", "工作表“基本信息”没有名为“评分”的项目"),
        ("BOOK-021", "工作表“基本信息” 单元格 B6", "第 6 行有内容，却没有写明项目"),
        ("BOOK-015", "工作表“基本信息” 单元格 A1", "工作表“基本信息”缺少必填的项目“报告标题”"),
        ("BOOK-015", "工作表“基本信息” 单元格 A1", "工作表“基本信息”缺少必填的项目“评分体系”"),
    ]


# Cells


def test_text_in_number_cells_wrong_choices_and_wrong_dates_are_named_with_their_cells() -> None:
    book = workbook(
        收支=[["编码", "项目", "收支", "类别", "执行数"], ["exp", "支出合计", "花钱", "合计", "约一百万"]],
        基本信息=[*ABOUT, ["填报日期", "2023-02-30"], ["虚构示例", "也许"]],
    )
    assert said(problems_of(book)) == [
        ("DATA-003", "工作表“基本信息” 单元格 B7", "“虚构示例”应为“是”或“否”，现为“也许”"),
        (
            "DATA-003",
            "工作表“基本信息” 单元格 B6",
            "“填报日期”应为日期（如 2024-03-18），现为“2023-02-30”",
        ),
        (
            "DATA-004",
            "工作表“收支” 单元格 C2",
            "“收支”的值“花钱”不在选项内：收入（income）、支出（expenditure）",
        ),
        ("DATA-003", "工作表“收支” 单元格 E2", "“执行数”应为数字（单位万元），现为“约一百万”"),
    ]


def test_merged_cells_are_named_and_the_rest_is_still_read() -> None:
    book = workbook(
        机构=[["机构名称", "类别"], ["办公室", "内设机构"], ["财务科", None], ["信息中心", "下属部门"]]
    )
    book["机构"].merge_cells("B2:B3")
    problems = problems_of(book)
    assert said(problems) == [
        ("BOOK-016", "工作表“机构” 单元格 B2", "B2:B3 是合并单元格，只有左上角的内容会被读取"),
        (
            "DATA-004",
            "工作表“机构” 单元格 B4",
            "“类别”的值“下属部门”不在选项内：内设机构（internal）、派出机构（dispatched）、下属单位（subordinate）、独立预算单位（independent_budget）、党组织及派驻机构（party）",
        ),
    ]
    assert problems[0].remedy == "选中该区域，取消合并，并在每个单元格中填写内容。"


def test_a_merged_title_above_the_header_is_fine() -> None:
    book = workbook(主要职责=[["某局主要职责", None], ["序号", "职责"], [1, "拟订规划"]])
    book["主要职责"].merge_cells("A1:B1")
    assert said(problems_of(book)) == []


def test_a_formula_without_a_result_is_an_error_even_in_an_otherwise_blank_row() -> None:
    problems = problems_of(
        with_cells(b'<c r="A3"><f>A2+1</f></c><c r="B3" t="inlineStr"><is><t>x</t></is></c>')
    )
    assert said(problems) == [("BOOK-017", "工作表“主要职责” 单元格 A3", "“序号”是公式，但没有计算结果")]
    assert problems[0].remedy == "在 Excel 或 WPS 中打开并保存一次，或复制后选择性粘贴为“值”。"
    alone = problems_of(with_cells(b'<c r="A3"><f>A2+1</f><v/></c>'))
    assert [problem.code for problem in alone] == ["BOOK-017", "DATA-002"]


def test_a_formula_with_its_result_is_read_and_noted() -> None:
    data = with_cells(b'<c r="A3"><f>A2+1</f><v>2</v></c><c r="B3" t="str"><f>"y"</f><v>y</v></c>')
    case, problems = read_case_workbook(data, NAME)
    assert case is not None
    assert [(duty.number, duty.text) for duty in case.duties] == [(1, "拟订规划"), (2, "y")]
    assert said(problems) == [
        ("BOOK-018", "工作表“主要职责” 单元格 A3", "A3、B3 共 2 个单元格是公式，按计算结果读取")
    ]


def test_error_cells_are_named() -> None:
    data = with_cells(b'<c r="A3" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="B3" t="e"><v>#REF!</v></c>')
    assert said(problems_of(data)) == [
        ("BOOK-019", "工作表“主要职责” 单元格 A3", "“序号”是错误值 #DIV/0!"),
        ("BOOK-019", "工作表“主要职责” 单元格 B3", "“职责”是错误值 #REF!"),
    ]


def test_hidden_sheets_rows_and_columns_are_read_and_noted() -> None:
    book = workbook(主要职责=[["序号", "职责"], *([number, "职责"] for number in range(1, 9))])
    sheet = book["主要职责"]
    sheet.sheet_state = "hidden"
    for row in (3, 5, 6, 7):
        sheet.row_dimensions[row].hidden = True
    sheet.column_dimensions["B"].hidden = True
    case, problems = read_case_workbook(saved(book), NAME)
    assert case is not None
    assert len(case.duties) == 8
    assert said(problems) == [
        ("BOOK-020", "工作表“主要职责”", "工作表“主要职责”是隐藏的，已读取"),
        ("BOOK-020", "工作表“主要职责”", "第 3、5–7 行是隐藏的，已读取"),
        ("BOOK-020", "工作表“主要职责”", "B 列是隐藏的，已读取"),
    ]


def test_two_hundred_faults_are_all_listed_at_once() -> None:
    rows = [[f"第{number}", f"职责{number}"] for number in range(200)]
    problems = problems_of(workbook(主要职责=[["序号", "职责"], *rows]))
    assert [str(problem.place) for problem in problems] == [
        f"上报.xlsx 工作表“主要职责” 单元格 A{number + 2}" for number in range(200)
    ]


def test_duplicates_and_dangling_references_point_to_their_cells() -> None:
    book = workbook(
        存在问题=[["问题编码", "问题"], ["Q1", "甲"], ["Q1", "乙"]],
        改进措施=[["措施编码", "改进措施", "针对的问题"], ["C1", "丙", "Q1、Q9"]],
    )
    assert said(problems_of(book)) == [
        (
            "CASE-010",
            "工作表“存在问题” 单元格 A3",
            "“存在问题”中“Q1”已在上报.xlsx 工作表“存在问题” 单元格 A2出现过",
        ),
        (
            "CASE-011",
            "工作表“改进措施” 单元格 C2",
            "“改进措施”的“针对的问题”引用了不存在的“Q9”（存在问题中没有）",
        ),
    ]


@pytest.mark.parametrize("code", ["../../etc/x", "a/b", ".hidden", "C:x", "a b", "长" * 61])
def test_a_code_that_names_a_file_cannot_leave_its_directory(code: str) -> None:
    problems = problems_of(workbook(文字部分=[["段落编码", "正文"], [code, "文字"]]))
    assert said(problems) == [
        ("CASE-020", "工作表“文字部分” 单元格 A2", f"“文字部分”的“段落编码”不能写成“{code}”")
    ]


def test_a_number_with_endless_digits_is_a_fault_of_its_cell() -> None:
    problems = problems_of(workbook(主要职责=[["序号", "职责"], ["9" * 6000, "甲"]]))
    assert [(problem.code, problem.place.cell) for problem in problems] == [("DATA-003", "A2")]


def test_huge_and_infinite_numbers_are_faults_of_their_cell() -> None:
    problems = problems_of(with_cells(b'<c r="A3"><v>1e999</v></c><c r="B3"><v>1e999</v></c>'))
    assert said(problems) == [("DATA-003", "工作表“主要职责” 单元格 A3", "“序号”应为数字，现为“inf”")]
