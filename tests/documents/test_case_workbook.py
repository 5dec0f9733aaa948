"""The case workbook as people use it: download the template, fill it, hand it in."""

import io
import shutil
import subprocess
import time
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hand_made_workbooks import saved, workbook
from openpyxl import Workbook, load_workbook

from zhunsheng.documents.case_workbook import read_case_workbook, write_case_workbook, write_template
from zhunsheng.kernel.money import Money
from zhunsheng.kernel.problem import Problem
from zhunsheng.plans.case import (
    About,
    Actual,
    Body,
    BudgetLine,
    Case,
    Indicator,
    Narrative,
    PrintedFigure,
    PrintedScore,
    Remedy,
    Shortcoming,
    Task,
)
from zhunsheng.plans.choices import (
    ActualStatus,
    BudgetCategory,
    BudgetSide,
    IndicatorGroup,
    IndicatorKind,
    Nature,
    Sign,
)
from zhunsheng.plans.columns import Holds
from zhunsheng.plans.sections import SECTIONS
from zhunsheng.store.case_directory import files_of, read_case_directory, write_case_directory
from zhunsheng.store.definition_files import load_facts


def read(book: Workbook) -> Case:
    case, problems = read_case_workbook(saved(book), "手工.xlsx")
    assert case is not None, said(problems)
    return case


def said(problems: Sequence[Problem]) -> list[tuple[str, str, str]]:
    return [(problem.code, str(problem.place), problem.what) for problem in problems]


def full_case() -> Case:
    long = "全年共办理1,434,465件，群众满意度提高2.3个百分点。"
    return Case(
        About(
            "demo-2023",
            "自评报告",
            2023,
            "guangdong-dept-2023",
            filled_on=date(2024, 3, 18),
            overall_goal=f"{long}\n{long}",
            printed_total=Decimal("98.10"),
            note="=HYPERLINK(A1)",
        ),
        Body("某市某局", short_name="某局"),
        tasks=(Task("T1", "任务一", goals=("目标一", "目标二"), points=Decimal("10.50")),),
        indicators=(
            Indicator(
                "1.1",
                "办理数量",
                task="T1",
                group=IndicatorGroup.OUTPUT,
                kind=IndicatorKind.QUANTITY,
                nature=Nature.POSITIVE,
                target_text="不少于286项",
                target_sign=Sign.AT_LEAST,
                target_value="286",
                target_unit="项",
                points=Decimal("10.50"),
            ),
        ),
        actuals=(Actual("1.1", ActualStatus.REPORTED, value="290", unit="项"),),
        printed_scores=(PrintedScore("1.1", score=Decimal("5.70"), rate=Decimal("95.910")),),
        budget=(
            BudgetLine(
                "expenditure",
                "支出合计",
                BudgetSide.EXPENDITURE,
                BudgetCategory.TOTAL,
                initial=Money.of("1120.692", "万元"),
                executed=Money.of("-5.7", "万元"),
            ),
        ),
        shortcomings=(Shortcoming("Q1", "问题一", covers=("1.1", "T1")), Shortcoming("Q2", "问题二")),
        remedies=(Remedy("C1", "措施一", answers=("Q1", "Q2")),),
        narrative=(Narrative("achievements", f"{long}\n\n{long}"),),
    )


def test_the_template_has_the_guide_and_one_sheet_for_every_section() -> None:
    book = load_workbook(io.BytesIO(write_template()))
    assert book.sheetnames == ["填写说明", *(section.label for section in SECTIONS)]


def test_the_guide_explains_every_column_once() -> None:
    guide = load_workbook(io.BytesIO(write_template()))["填写说明"]
    rows = list(guide.iter_rows(values_only=True))
    start = rows.index(("工作表", "列", "填写内容", "必填", "选项", "说明", "示例"))
    listed = [(row[0], str(row[1]).removesuffix("*").removesuffix("（万元）")) for row in rows[start + 1 :]]
    assert listed == [(section.label, column.label) for section in SECTIONS for column in section.columns]
    assert rows[start + 1] == (
        "基本信息",
        "档案编码*",
        "编码，不含空格和顿号",
        "是",
        None,
        None,
        "huadu-2023",
    )


def test_the_facts_a_rubric_may_ask_for_are_listed_and_offered() -> None:
    facts = tuple(load_facts()[0].values())
    assert len(facts) > 30
    book = load_workbook(io.BytesIO(write_template(facts=facts)))
    assert book.sheetnames[-1] == "事实编码表"
    rows = list(book["事实编码表"].iter_rows(min_row=2, values_only=True))
    assert [row[:2] for row in rows] == [(fact.code, fact.label) for fact in facts]
    (rule,) = [
        each for each in book["管理事实"].data_validations.dataValidation if str(each.sqref).startswith("A2:")
    ]
    assert rule.formula1 == f"'事实编码表'!$A$2:$A${len(facts) + 1}"
    assert rule.errorStyle == "warning"


def test_the_list_of_facts_is_no_part_of_the_case() -> None:
    facts = tuple(load_facts()[0].values())
    case, problems = read_case_workbook(write_case_workbook(full_case(), facts), "a.xlsx")
    assert case == full_case()
    assert [each.code for each in problems if each.code.startswith("BOOK")] == []


def test_headers_name_the_unit_of_money_and_mark_what_is_required() -> None:
    sheet = load_workbook(io.BytesIO(write_template()))["收支"]
    headers = {cell.value: cell for cell in sheet[1]}
    assert "年初预算数（万元）" in headers
    assert "编码*" in headers
    assert headers["编码*"].fill.fgColor.rgb != headers["资金来源"].fill.fgColor.rgb


def test_headers_are_locked_without_a_password_and_data_cells_are_not() -> None:
    book = load_workbook(io.BytesIO(write_template()))
    for section in SECTIONS:
        sheet = book[section.label]
        assert sheet.protection.sheet
        assert sheet.protection.password is None
        assert sheet["A1"].protection.locked
        if section.shape == "table":
            assert sheet.freeze_panes is not None
            assert not sheet.column_dimensions["A"].protection.locked
        else:
            assert not sheet["B2"].protection.locked
            assert sheet["A2"].protection.locked


def test_choices_booleans_and_references_have_drop_downs() -> None:
    book = load_workbook(io.BytesIO(write_template()))
    rules = {
        (sheet.title, str(rule.sqref).split(":")[0]): rule
        for sheet in book.worksheets
        for rule in sheet.data_validations.dataValidation
    }
    assert rules["收支", "C2"].formula1 == '"收入,支出"'
    assert rules["项目", "D2"].formula1 == '"是,否"'
    assert rules["绩效指标", "C2"].formula1 == "'重点任务'!$A$2:$A$2001"
    assert str(rules["收支", "C2"].sqref) == "C2:C2001"
    assert rules["收支", "F2"].type == "decimal"
    assert rules["主要职责", "A2"].type == "whole"
    assert rules["基本信息", "B11"].type == "date"


def test_every_choice_column_has_a_drop_down_in_the_template() -> None:
    book = load_workbook(io.BytesIO(write_template()))
    for section in SECTIONS:
        rules = book[section.label].data_validations.dataValidation
        lists = [rule for rule in rules if rule.type == "list"]
        wanted = [
            column
            for column in section.columns
            if column.holds in {Holds.CHOICE, Holds.BOOLEAN} or (column.refers and column.holds is Holds.CODE)
        ]
        assert len(lists) == len(wanted), section.label


def test_a_note_on_the_header_explains_the_column() -> None:
    sheet = load_workbook(io.BytesIO(write_template()))["绩效指标"]
    header = next(cell for cell in sheet[1] if cell.value == "目标值")
    assert header.comment is not None
    assert header.comment.text == (
        "目标值\n填写：文字\n必填：否\n说明：数字、日期（2023-12-10）、等级（A）或定性目标\n示例：286"
    )


def test_a_template_without_examples_shows_none() -> None:
    book = load_workbook(io.BytesIO(write_template(example=False)))
    texts = [
        str(cell.value) + (cell.comment.text if cell.comment else "")
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
    ]
    assert not any("示例：" in text or "huadu-2023" in text for text in texts)


def test_the_unfilled_template_asks_for_exactly_the_required_items() -> None:
    case, problems = read_case_workbook(write_template(), "模板.xlsx")
    assert case is None
    assert said(problems) == [
        ("DATA-002", "模板.xlsx 工作表“基本信息” 单元格 B2", "“基本信息”的“档案编码”不能为空"),
        ("DATA-002", "模板.xlsx 工作表“基本信息” 单元格 B3", "“基本信息”的“报告标题”不能为空"),
        ("DATA-002", "模板.xlsx 工作表“基本信息” 单元格 B4", "“基本信息”的“年度”不能为空"),
        ("DATA-002", "模板.xlsx 工作表“基本信息” 单元格 B5", "“基本信息”的“评分体系”不能为空"),
        ("DATA-002", "模板.xlsx 工作表“部门” 单元格 B2", "“部门”的“部门名称”不能为空"),
    ]


def test_a_case_comes_back_as_it_was_written() -> None:
    case, problems = read_case_workbook(write_case_workbook(full_case()), "档案.xlsx")
    assert said(problems) == []
    assert case == full_case()


def test_directory_to_workbook_to_directory_gives_the_same_files(tmp_path: Path) -> None:
    write_case_directory(full_case(), tmp_path / "case")
    before, _ = read_case_directory(tmp_path / "case")
    assert before is not None
    after, _ = read_case_workbook(write_case_workbook(before), "档案.xlsx")
    assert after is not None
    on_disk = {
        path.relative_to(tmp_path / "case").as_posix(): path.read_text(encoding="utf-8")
        for path in (tmp_path / "case").rglob("*")
        if path.is_file()
    }
    assert files_of(after) == on_disk


def test_narrative_is_in_the_order_of_its_codes_because_a_directory_has_no_other() -> None:
    book = workbook(文字部分=[["段落编码", "正文"], ["b", "乙"], ["a", "甲"]])
    assert [part.section for part in read(book).narrative] == ["a", "b"]


def test_the_files_of_a_case_have_plain_numbers_without_type_marks() -> None:
    case = Case(About("a", "t", 2023, "r", printed_total=Decimal(98)), Body("局"))
    assert "printed_total: 98\n" in files_of(case)["case.yaml"]


def test_the_same_case_gives_the_same_bytes_and_no_clock_is_in_them() -> None:
    first = write_case_workbook(full_case())
    time.sleep(1.1)  # the library stamps seconds
    assert write_case_workbook(full_case()) == first
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@A1", "=cmd|'/C calc'!A0", "#N/A", "TRUE", "001", "1E5"]
)
def test_no_text_ever_becomes_a_formula_a_number_or_an_error(text: str) -> None:
    case = Case(About("a", text, 2023, "r"), Body("局"))
    cell = load_workbook(io.BytesIO(write_case_workbook(case)))["基本信息"]["B3"]
    assert (cell.value, cell.data_type) == (text, "s")
    # the text format keeps it text when somebody edits the cell
    assert cell.number_format == "@"


def test_decimals_are_numbers_that_show_their_printed_decimals() -> None:
    sheet = load_workbook(io.BytesIO(write_case_workbook(full_case())))["原文得分"]
    assert (sheet["C2"].value, sheet["C2"].number_format) == (5.7, "0.00")
    money = load_workbook(io.BytesIO(write_case_workbook(full_case())))["收支"]
    assert (money["F2"].value, money["F2"].number_format) == (1120.692, "#,##0.000")
    assert (money["H2"].value, money["H2"].number_format) == (-5.7, "#,##0.00")


def test_a_decimal_no_spreadsheet_can_hold_is_written_as_text() -> None:
    exact = Decimal("0.1234567890123456789")
    case = Case(About("a", "t", 2023, "r", printed_total=exact), Body("局"))
    data = write_case_workbook(case)
    row = 2 + [column.name for column in SECTIONS[0].columns].index("printed_total")
    assert load_workbook(io.BytesIO(data))["基本信息"].cell(row, 2).value == "0.1234567890123456789"
    assert read_case_workbook(data, "档案.xlsx")[0] == case


def test_dates_are_dates_choices_are_labels_and_lists_are_joined() -> None:
    book = load_workbook(io.BytesIO(write_case_workbook(full_case())))
    assert book["基本信息"]["B11"].value == datetime(2024, 3, 18)  # noqa: DTZ001 - a day has no zone
    assert book["收支"]["C2"].value == "支出"
    assert book["重点任务"]["E2"].value == "目标一\n目标二"
    assert book["改进措施"]["D2"].value == "Q1、Q2"


def test_a_text_that_fits_into_no_cell_is_refused_and_not_cut() -> None:
    case = Case(About("a", "字" * 40_000, 2023, "r"), Body("局"))
    with pytest.raises(ValueError, match="40000 characters"):
        write_case_workbook(case)


def test_headers_may_be_labels_field_names_with_marks_and_units_in_any_order_below_a_title() -> None:
    book = workbook(
        收支=[
            ["2023年度收支情况表"],
            ["单位：万元"],
            ["执行数 (万元)", "收支*", "类 别", "code", "项目＊", "年初\n预算数（万元）"],
            [95.5, "支出", "合计", "exp", "支出合计", 100],
            [],
            [None, "收入", "total", "inc", "收入合计", "1,100.25"],
        ]
    )
    lines = read(book).budget
    assert [line.code for line in lines] == ["exp", "inc"]
    assert lines[0].executed == Money.of("95.5", "万元")
    assert lines[1].initial == Money.of("1100.25", "万元")
    assert lines[1].category is BudgetCategory.TOTAL


def test_sheets_may_be_named_by_their_field_name_too() -> None:
    assert read(workbook(duties=[["序号", "职责"], [1, "拟订规划"]])).duties[0].text == "拟订规划"


def test_numbers_and_dates_typed_into_text_cells_are_taken_as_they_are_shown() -> None:
    book = workbook(
        原文数字=[
            ["编码", "值", "单位", "期间"],
            ["F1", 286, "项", date(2023, 12, 10)],
            ["F2", 0.1 + 0.2, 5.7, True],
            ["F3", 0.959, None, None],
        ]
    )
    book["原文数字"]["C3"].number_format = "0.00"
    book["原文数字"]["B4"].number_format = "0.00%"
    first, second, third = read(book).printed_figures
    assert (first.value, first.period) == ("286", "2023-12-10")
    assert (second.value, second.unit, second.period) == ("0.3", "5.70", "true")
    assert third.value == "95.90%"


def test_a_rate_typed_with_a_percent_sign_is_read_as_its_percent_figure_and_noted() -> None:
    book = workbook(原文得分=[["评分项", "原文得分", "原文得分率（%）"], ["1.1", 5.7, 0.9591]])
    book["原文得分"]["C2"].number_format = "0.00%"
    case, problems = read_case_workbook(saved(book), "手工.xlsx")
    assert case is not None
    assert case.printed_scores[0].rate == Decimal("95.91")
    assert said(problems) == [
        ("BOOK-023", "手工.xlsx 工作表“原文得分” 单元格 C2", "“原文得分率（%）”填有百分号，按 95.91 读取")
    ]


def test_text_escapes_of_spreadsheet_programs_are_undone_but_literal_ones_are_kept() -> None:
    book = workbook(主要职责=[["序号", "职责"], [1, "一_x000D_\n二"], [2, "见_x0041_段"]])
    duties = read(book).duties
    # a spreadsheet writes a carriage return as _x000D_
    assert duties[0].text == "一\n二"
    assert duties[1].text == "见_x0041_段"


@pytest.mark.slow
def test_three_thousand_rows_are_read_back() -> None:
    figures = tuple(
        PrintedFigure(
            f"F{n}", "数值", "某局", "支出合计", f"{n}.25", "万元", "2023", "=", "约" + "字" * 30, f"L{n}"
        )
        for n in range(3000)
    )
    case = Case(About("a", "t", 2023, "r"), Body("局"), printed_figures=figures)
    data = write_case_workbook(case)
    start = time.process_time()
    assert read_case_workbook(data, "档案.xlsx")[0] == case
    assert time.process_time() - start < 30  # a bound against endless work; speed is measured in benchmarks


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
def test_a_workbook_saved_again_by_an_office_program_is_still_the_same_case(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    source = tmp_path / "in" / "case.xlsx"
    source.write_bytes(write_case_workbook(full_case()))
    subprocess.run(  # noqa: S603 - fixed arguments
        [
            str(shutil.which("soffice")),
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--headless",
            "--convert-to",
            "xlsx",
            "--outdir",
            str(tmp_path),
            str(source),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    case, problems = read_case_workbook((tmp_path / "case.xlsx").read_bytes(), "档案.xlsx")
    assert said(problems) == []
    assert case == full_case()
