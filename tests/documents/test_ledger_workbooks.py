"""Workbooks of records: what is read, what is refused, the template, the marked copy."""

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter

from zhunsheng.documents import ledger_guard
from zhunsheng.documents.ledger_marking import Mark, mark_workbook, rows_workbook
from zhunsheng.documents.ledger_template import heading_of, write_ledger_template
from zhunsheng.documents.ledger_workbook import GUIDE_SHEET, read_ledger_workbook
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Severity
from zhunsheng.ledgers.row_checks import RowChecker
from zhunsheng.store.intake.headings import map_headings
from zhunsheng.store.ledger_files import ledger_codes, ledger_of


def _bytes(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _book() -> Workbook:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "数据"
    sheet.append(["编号", "名称", "日期", "金额"])
    sheet.append(["001", "甲", date(2023, 3, 5), 12.5])
    return book


def test_values_keep_their_kinds() -> None:
    sheets, problems = read_ledger_workbook(_bytes(_book()), "a.xlsx")
    assert problems == ()
    assert [each.name for each in sheets] == ["数据"]
    assert [list(row) for row in sheets[0].rows] == [
        ["编号", "名称", "日期", "金额"],
        ["001", "甲", date(2023, 3, 5), 12.5],
    ]


def test_places_of_a_table_that_does_not_begin_at_a1() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet["C5"] = "编号"
    sheet["D5"] = "名称"
    sheets, _ = read_ledger_workbook(_bytes(book), "a.xlsx")
    assert sheets[0].first_line == 5
    assert [list(row) for row in sheets[0].rows] == [["", "", "编号", "名称"]]


def test_hidden_rows_merged_cells_and_formulas_are_told() -> None:
    book = _book()
    sheet = book.worksheets[0]
    sheet.append(["002", "乙", date(2023, 3, 6), "=SUM(D2:D2)"])
    sheet.append(["003", "丙", date(2023, 3, 6), 1])
    sheet.merge_cells("B3:B4")
    sheet.row_dimensions[4].hidden = True
    sheet.column_dimensions["C"].hidden = True
    book.create_sheet("藏").append(["编号"])
    book["藏"].sheet_state = "hidden"
    sheets, problems = read_ledger_workbook(_bytes(book), "a.xlsx")
    assert len(sheets) == 2
    words = " ".join(each.what for each in problems)
    assert "合并单元格，首处在 B3" in words
    assert "第 4 行是隐藏的" in words
    assert "有隐藏的列" in words
    assert "“藏”是隐藏的" in words
    assert "1 个公式没有计算结果，首处在 D3" in words
    assert all(each.severity is not Severity.ERROR for each in problems)


@pytest.mark.parametrize(
    "data",
    [b"", b"not a workbook", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600],
)
def test_what_is_no_workbook_is_refused_in_words(data: bytes) -> None:
    sheets, problems = read_ledger_workbook(data, "a.xlsx")
    assert sheets == ()
    assert problems
    assert all(each.what and each.remedy for each in problems)


def _package(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(_bytes(_book()))) as source,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            target.writestr(name, parts.get(name, source.read(name)))
        for name, content in parts.items():
            if name not in source.namelist():
                target.writestr(name, content)
    return stream.getvalue()


def test_bombs_and_entities_are_refused_before_they_are_opened() -> None:
    bomb = _package({"xl/media/a.xml": b"\0" * 60_000_000})
    assert ledger_guard.is_refused(ledger_guard.guard_ledger(bomb, "a.xlsx"))
    entities = _package({"xl/worksheets/sheet1.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>'})
    assert ledger_guard.is_refused(ledger_guard.guard_ledger(entities, "a.xlsx"))


def test_cut_off_packages_never_raise() -> None:
    data = _bytes(_book())
    for length in range(0, len(data), 97):
        read_ledger_workbook(data[:length], "a.xlsx")


@pytest.mark.parametrize("code", ["market_entity", "annual_report", "org", "food_sample", "case_file"])
def test_template_reads_back_and_maps_every_column(code: str) -> None:
    ledger = ledger_of(code)
    assert ledger is not None
    data = write_ledger_template(ledger, {})
    assert data == write_ledger_template(ledger, {})
    sheets, problems = read_ledger_workbook(data, "模板.xlsx")
    assert problems == ()
    assert [each.name for each in sheets] == [load_workbook(io.BytesIO(data)).sheetnames[0]]
    headings = [str(each) for each in sheets[0].rows[0]]
    mapped = map_headings(ledger, headings, Place("模板.xlsx"))
    assert mapped.problems == ()
    assert list(mapped.columns) == [each.name for each in ledger.entered]
    assert len(sheets[0].rows) == 1  # the examples are on the guide and are no records


def test_every_ledger_has_a_template() -> None:
    for code in ledger_codes():
        ledger = ledger_of(code)
        assert ledger is not None, code
        headings = [heading_of(each) for each in ledger.entered]
        mapped = map_headings(ledger, headings, Place("模板.xlsx"))
        assert mapped.problems == (), code
        assert list(mapped.columns) == [each.name for each in ledger.entered], code


def test_template_offers_options_locks_the_header_and_lets_rows_be_filled() -> None:
    ledger = ledger_of("market_entity")
    assert ledger is not None
    book = load_workbook(io.BytesIO(write_ledger_template(ledger, {"entity_type": {"1100": "有限责任公司"}})))
    sheet = book.worksheets[0]
    headings = [cell.value for cell in sheet[1]]
    assert "主体编号*" in headings
    assert "注册资本（元）" in headings
    assert sheet.protection.sheet
    assert sheet["A1"].protection.locked
    assert not sheet.column_dimensions["A"].protection.locked
    lists = {str(each.sqref).split(":")[0]: each.formula1 for each in sheet.data_validations.dataValidation}
    place = {name: get_column_letter(number) for number, name in enumerate(headings, start=1)}
    assert lists[f"{place['主体类别*']}2"] == '"企业,个体工商户,农民专业合作社,外国企业代表机构"'
    assert lists[f"{place['是否分支机构*']}2"] == '"是,否"'
    guide = book[GUIDE_SHEET]
    words = "\n".join(str(cell.value) for row in guide.iter_rows() for cell in row if cell.value)
    for field in ledger.entered:
        assert field.label in words


def test_references_are_named_by_the_label_of_their_ledger() -> None:
    ledger = ledger_of("market_entity")
    assert ledger is not None
    book = load_workbook(io.BytesIO(write_ledger_template(ledger, {}, {"area": "行政区划", "org": "机构"})))
    guide = {row[0].value: row[1].value for row in book[GUIDE_SHEET].iter_rows() if row[0].value}
    assert guide[ledger.by_name["domicile_area"].label] == "填“行政区划”台账中的编码"
    sheet = book.worksheets[0]
    notes = [cell.comment.text for cell in sheet[1] if cell.comment is not None]
    assert any("填“机构”台账中的编码" in each for each in notes)
    assert not any("“org”" in each or "“area”" in each for each in notes)


def test_a_filled_template_is_clean() -> None:
    """What the guide shows as an example is a value that the field takes."""
    ledger = ledger_of("market_entity")
    assert ledger is not None
    book = load_workbook(io.BytesIO(write_ledger_template(ledger, {})))
    guide = book[GUIDE_SHEET]
    rows = [[cell.value for cell in row] for row in guide.iter_rows()]
    begin = next(place for place, row in enumerate(rows) if row[0] == "栏目")
    titles = rows[begin]
    examples = {
        field.name: str(row[titles.index("示例一")])
        for field, row in zip(ledger.entered, rows[begin + 1 :], strict=False)
        if row[titles.index("示例一")]
    }
    faults = RowChecker(ledger, date(2024, 1, 1)).check(examples).faults
    shown = {name for each in faults for name in each.fields if each.problem.code != "LEDG-101"}
    assert not shown & set(examples) - {"uscc", "entity_class"}


def test_marked_copy() -> None:
    book = _book()
    book.worksheets[0].protection.sheet = True
    marks = [Mark("数据", 2, 1, "E", "退回：名称有误。改正。"), Mark("数据", 2, None, "W", "提醒：核对。")]
    marked = load_workbook(io.BytesIO(mark_workbook(_bytes(book), marks)))
    sheet = marked["数据"]
    assert sheet["B2"].comment is not None
    assert "名称有误" in sheet["B2"].comment.text
    assert sheet["B2"].fill.fgColor.rgb.endswith("F8CBAD")
    assert sheet["A2"].comment is not None
    assert sheet["B2"].value == "甲"
    assert not sheet.protection.sheet


def test_faulty_rows_as_a_workbook_hold_no_formula(tmp_path: Path) -> None:
    data = rows_workbook(
        [("", ("编号", "名称"), [(7, ["001", "=cmd|' /C calc'!A0"])])], [Mark("", 7, 1, "E", "退回：=1+1")]
    )
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    assert [cell.value for cell in sheet[1]] == ["原行号", "编号", "名称", "问题"]
    assert sheet["A2"].value == 7
    assert sheet["C2"].data_type == "s"
    assert sheet["D2"].data_type == "s"
    assert sheet["C2"].comment is not None
