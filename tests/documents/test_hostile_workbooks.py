"""Broken and hostile workbooks: every fault is named with its place, and nothing is ever raised."""

import io
import random
import time
import zipfile
from collections.abc import Callable, Mapping, Sequence

import pytest
from openpyxl import Workbook

from zhunsheng.documents.case_workbook import read_case_workbook, write_case_workbook
from zhunsheng.kernel.problem import Problem, Severity
from zhunsheng.plans.case import About, Body, Case

ABOUT: list[list[object]] = [
    ["项目", "内容"],
    ["档案编码", "demo-2023"],
    ["报告标题", "自评报告"],
    ["年度", 2023],
    ["评分体系", "guangdong-dept-2023"],
]
BODY: list[list[object]] = [["项目", "内容"], ["部门名称", "某市某局"]]
NAME = "上报.xlsx"


def workbook(**tables: Sequence[Sequence[object]]) -> Workbook:
    """A hand-made workbook: the two required sheets and the given ones."""
    book = Workbook()
    book.remove(book.worksheets[0])
    sheets: dict[str, Sequence[Sequence[object]]] = {"基本信息": ABOUT, "部门": BODY, **tables}
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    return book


def saved(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def repacked(
    data: bytes, change: Callable[[str, bytes], bytes] | None = None, more: Mapping[str, bytes] | None = None
) -> bytes:
    """The package with changed members and more members."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, change(name, content) if change else content)
        for name, content in (more or {}).items():
            target.writestr(name, content)
    return stream.getvalue()


def problems_of(data: bytes | Workbook, name: str = NAME) -> tuple[Problem, ...]:
    case, problems = read_case_workbook(saved(data) if isinstance(data, Workbook) else data, name)
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    assert (case is None) == bool(errors)
    return problems


def said(problems: Sequence[Problem]) -> list[tuple[str, str, str]]:
    return [
        (problem.code, str(problem.place).removeprefix(NAME).strip(), problem.what) for problem in problems
    ]


VALID = saved(workbook())


# Files that are not workbooks


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "文件是空的，长度为 0 字节"),
        (b"code,name\n1,2\n", "“上报.xlsx”内容不是工作簿"),
        (b"<html><table></table></html>", "“上报.xlsx”内容不是工作簿"),
        (b"PK\x03\x04 cut short", "“上报.xlsx”压缩包已损坏或不完整"),
        (VALID[: len(VALID) // 2], "“上报.xlsx”压缩包已损坏或不完整"),
    ],
)
def test_other_files_are_refused_in_one_sentence(data: bytes, what: str) -> None:
    (problem,) = problems_of(data)
    assert (problem.code, problem.what) == ("BOOK-001", what)
    assert problem.remedy == "在 Excel 或 WPS 中打开，另存为“Excel 工作簿（*.xlsx）”后重试。"


def test_another_zip_is_not_a_workbook() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("word/document.xml", "<a/>")
    assert said(problems_of(stream.getvalue())) == [
        ("BOOK-001", "", "“上报.xlsx”是压缩包，但不是 .xlsx 工作簿")
    ]


def test_an_old_xls_and_a_workbook_with_a_password_are_told_apart() -> None:
    header = bytes.fromhex("D0CF11E0A1B11AE1")
    old = header + b"\0" * 512 + "Workbook".encode("utf-16-le")
    locked = header + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le")
    assert said(problems_of(old)) == [("BOOK-002", "", "“上报.xlsx”是旧版 Office 文件（.xls 等）")]
    assert said(problems_of(locked)) == [("BOOK-003", "", "“上报.xlsx”设有打开密码")]


def test_a_strict_open_xml_workbook_is_named() -> None:
    strict = repacked(
        VALID,
        lambda name, content: (
            content.replace(
                b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                b"http://purl.oclc.org/ooxml/main",
            )
            if name == "xl/workbook.xml"
            else content
        ),
    )
    assert said(problems_of(strict)) == [("BOOK-001", "", "“上报.xlsx”以“Strict Open XML”格式保存")]


# Macros and links


def test_macros_are_refused_by_their_part() -> None:
    data = repacked(VALID, more={"xl/vbaProject.bin": b"\0"})
    assert said(problems_of(data)) == [("BOOK-004", "", "“上报.xlsx”是带宏的工作簿（xl/vbaProject.bin）")]


def test_macros_are_refused_by_the_declared_type_even_under_another_name() -> None:
    data = repacked(
        VALID,
        lambda name, content: (
            content.replace(
                b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
            )
            if name == "[Content_Types].xml"
            else content
        ),
    )
    assert said(problems_of(data)) == [("BOOK-004", "", "“上报.xlsx”是带宏的工作簿")]


def test_a_macro_workbook_is_refused_by_its_file_name() -> None:
    assert [problem.code for problem in problems_of(VALID, "上报.XLSM")] == ["BOOK-004"]


def test_links_to_other_files_are_refused_and_the_rest_is_still_read() -> None:
    data = repacked(
        saved(workbook(主要职责=[["序号", "职责"], ["一", "拟订规划"]])),
        more={"xl/externalLinks/externalLink1.xml": b"<externalLink/>"},
    )
    assert said(problems_of(data)) == [
        ("BOOK-005", "", "“上报.xlsx”链接到 1 个其他文件"),
        ("DATA-003", "工作表“主要职责” 单元格 A2", "“序号”应为数字，现为“一”"),
    ]


# Bombs


def test_a_member_that_unpacks_too_far_is_refused_before_it_is_unpacked() -> None:
    data = repacked(VALID, more={"xl/media/image1.png": b"\0" * 5_000_000})
    (problem,) = problems_of(data)
    assert problem.code == "BOOK-006"
    assert problem.what.startswith("“xl/media/image1.png”的压缩比为 ")


def test_too_much_in_total_and_too_many_members_are_both_named() -> None:
    noise = random.Random(1).randbytes(1_000_000)  # noqa: S311 - noise, not a secret
    many = {f"xl/media/{number}.png": b"" for number in range(2001)}
    big = {f"xl/media/big{number}.bin": noise * 9 for number in range(12)}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, content in {**many, **big}.items():
            package.writestr(name, content)
    found = [problem.what for problem in problems_of(stream.getvalue()) if problem.code == "BOOK-006"]
    assert found == ["压缩包内有 2,013 个部分，上限 2,000 个", "展开后共 108.0 MB，上限 100.0 MB"]


def test_a_fifty_megabyte_sheet_is_refused_quickly_and_clearly() -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n * 7919 % 10007}</v></c></row>' for n in range(20_000))
    filler = f"<sheetData>{rows}</sheetData>".encode()
    name = "xl/worksheets/sheet1.xml"
    data = repacked(
        VALID, lambda each, content: filler * (50_000_000 // len(filler)) if each == name else content
    )
    start = time.process_time()
    problems = problems_of(data)
    assert time.process_time() - start < 10
    assert problems[-1].what.startswith("“xl/worksheets/sheet1.xml”展开后有 ")
    assert problems[-1].what.endswith(" MB，上限 20.0 MB")
    assert problems[-1].remedy == "删除表中多余的空行、空列和格式，或把数据以“值”粘贴到新下载的模板中重试。"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entity_bombs_are_refused_without_being_parsed(encoding: str) -> None:
    bomb = (
        f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
        '<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><sst><si><t>&b;</t></si></sst>'
    ).encode(encoding)
    data = repacked(VALID, more={"xl/sharedStrings2.xml": bomb})
    assert ("BOOK-008", "", "“xl/sharedStrings2.xml”含文档类型或实体声明") in said(problems_of(data))


def test_an_encoding_that_could_hide_an_entity_bomb_is_refused() -> None:
    data = repacked(VALID, more={"xl/x.xml": b'<?xml version="1.0" encoding="cp037"?><a/>'})
    assert said(problems_of(data)) == [("BOOK-008", "", "“xl/x.xml”使用了不支持的编码 cp037")]


def test_ranges_of_the_whole_sheet_are_not_expanded() -> None:
    whole = (
        b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
        b'<hyperlinks><hyperlink ref="A1:XFD1048576" location="A1"/></hyperlinks>'
    )

    def change(name: str, content: bytes) -> bytes:
        sheet = name == "xl/worksheets/sheet1.xml"
        return content.replace(b"</sheetData>", b"</sheetData>" + whole) if sheet else content

    start = time.process_time()
    problems = problems_of(repacked(VALID, change))
    assert time.process_time() - start < 20
    assert (
        "BOOK-016",
        "工作表“基本信息” 单元格 A1",
        "A1:XFD1048576 是合并单元格，只有左上角的内容会被读取",
    ) in said(problems)


@pytest.mark.parametrize("row", ["1048576", "999999999999999"])
def test_a_cell_at_the_end_of_the_world_is_named_and_takes_no_time(row: str) -> None:
    far = f'<row r="{row}"><c r="A{row}"><v>1</v></c></row></sheetData>'.encode()

    def change(name: str, content: bytes) -> bytes:
        return content.replace(b"</sheetData>", far) if name == "xl/worksheets/sheet3.xml" else content

    data = repacked(saved(workbook(主要职责=[["序号", "职责"], [1, "甲"]])), change)
    start = time.process_time()
    problems = problems_of(data)
    assert time.process_time() - start < 20
    assert [(problem.code, str(problem.place)) for problem in problems] == [
        ("BOOK-022", "上报.xlsx 工作表“主要职责”")
    ]


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


def with_cells(cells: bytes) -> bytes:
    """A workbook whose 主要职责 sheet has the given XML as row 3."""

    def change(name: str, content: bytes) -> bytes:
        if name != "xl/worksheets/sheet3.xml":
            return content
        return content.replace(b"</sheetData>", b'<row r="3">' + cells + b"</row></sheetData>")

    return repacked(saved(workbook(主要职责=[["序号", "职责"], [1, "拟订规划"]])), change)


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


# Anything at all


def test_damage_anywhere_in_the_file_never_raises() -> None:
    data = write_case_workbook(Case(About("a", "t", 2023, "r"), Body("局")))
    chance = random.Random(2023)  # noqa: S311 - noise, not a secret
    for _ in range(150):
        damaged = bytearray(data)
        for _ in range(chance.randint(1, 20)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        read_case_workbook(bytes(damaged), NAME)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<sheetData>", b"<sheetData"),
        (b'<row r="', b'<row r="x'),
        (b'r="A1"', b'r="1A"'),
        (b"<v>", b"<v>nan"),
        (b"<v>", b"<v>" + b"9" * 5000),
        (b'<c r="B4"', b'<c r="B4" s="99999"'),
        (b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="oops"/></mergeCells>'),
    ],
)
def test_malformed_sheets_are_one_problem_and_never_raise(old: bytes, new: bytes) -> None:
    def change(name: str, content: bytes) -> bytes:
        return content.replace(old, new) if name.startswith("xl/worksheets/") else content

    problems = problems_of(repacked(VALID, change))
    assert [problem.code for problem in problems] == ["BOOK-009"]
    assert problems[0].what.startswith("“上报.xlsx”无法读取（")


@pytest.mark.parametrize("lost", ["xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"])
def test_packages_that_lost_a_part_never_raise(lost: str) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(VALID)) as source, zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            if name != lost:
                target.writestr(name, source.read(name))
    read_case_workbook(stream.getvalue(), NAME)


def test_a_number_with_endless_digits_is_a_fault_of_its_cell() -> None:
    problems = problems_of(workbook(主要职责=[["序号", "职责"], ["9" * 6000, "甲"]]))
    assert [(problem.code, problem.place.cell) for problem in problems] == [("DATA-003", "A2")]


def test_huge_and_infinite_numbers_are_faults_of_their_cell() -> None:
    problems = problems_of(with_cells(b'<c r="A3"><v>1e999</v></c><c r="B3"><v>1e999</v></c>'))
    assert said(problems) == [("DATA-003", "工作表“主要职责” 单元格 A3", "“序号”应为数字，现为“inf”")]
