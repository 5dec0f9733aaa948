"""Workbooks: every figure as its cell shows it; what is hidden, missing or wrong is said."""

import io
import zipfile
from datetime import date

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from zhunsheng.audit.document import Document
from zhunsheng.documents.reading.reading import read_bytes


def packed(book: openpyxl.Workbook, **changed: tuple[str, str]) -> bytes:
    """A workbook's bytes, with a piece of text changed in parts whose name holds the keyword."""
    stream = io.BytesIO()
    book.save(stream)
    result = io.BytesIO()
    found = not changed
    with zipfile.ZipFile(stream) as source, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            for part, (old, new) in changed.items():
                if part in name:
                    found = found or old.encode() in content
                    content = content.replace(old.encode(), new.encode())
            target.writestr(name, content)
    assert found
    return result.getvalue()


def sheet_of(book: openpyxl.Workbook) -> Worksheet:
    assert isinstance(book.active, Worksheet)
    return book.active


def texts(document: Document, index: int = 0) -> dict[tuple[int, int], str]:
    return {
        (cell.row, cell.column): document.text[cell.span.start : cell.span.end]
        for cell in document.tables[index].cells
        if len(cell.span)
    }


def problems(document: Document) -> dict[str, str]:
    return {each.code: each.what for each in document.problems}


def test_figures_are_read_as_their_cells_show_them() -> None:
    book = openpyxl.Workbook()
    sheet = sheet_of(book)
    rows: list[tuple[float | bool | date, str, str]] = [
        (0.9928, "0.00%", "99.28%"),
        (1234567.5, "#,##0.00", "1,234,567.50"),
        (date(2024, 3, 1), 'yyyy"年"m"月"d"日"', "2024年3月1日"),
        (-12.5, "0.00;(0.00)", "(12.50)"),
        (0.1 + 0.2, "General", "0.3"),
        (12345678.9, '#,##0.00,"千元"', "12,345.68千元"),
        (0.125, "0.0", "0.1"),
        (2.5, "0", "3"),
        (True, "General", "TRUE"),
    ]
    for row, (value, code, _) in enumerate(rows, start=1):
        sheet.cell(row, 1, f"第{row}项")
        sheet.cell(row, 2, value).number_format = code
    found = texts(read_bytes(packed(book), "表.xlsx"))
    # 0.125 to one place: 0.1; halves go up: 2.5 is 3
    assert [found[row, 1] for row in range(len(rows))] == [shown for *_, shown in rows]


def test_formulas_give_their_kept_result_or_are_named() -> None:
    book = openpyxl.Workbook()
    sheet = sheet_of(book)
    sheet.append(["项目", "金额", "备注"])
    sheet.append(["甲", 10, "x"])
    sheet.append(["合计", "=SUM(B2:B2)", "y"])
    sheet.append(["率", "=B2/0", "z"])
    data = packed(
        book,
        sheet1=("<f>SUM(B2:B2)</f><v></v>", "<f>SUM(B2:B2)</f><v>10</v>"),
    )
    document = read_bytes(data, "表.xlsx")
    found = texts(document)
    assert found[2, 1] == "10"
    assert next(cell.formula for cell in document.tables[0].cells if cell.row == 2 and cell.formula) == (
        "=SUM(B2:B2)"
    )
    assert (3, 1) not in found
    assert "B4" in problems(document)["READ-016"]


def test_hidden_sheets_rows_and_columns_are_read_and_named() -> None:
    book = openpyxl.Workbook()
    sheet = sheet_of(book)
    sheet.title = "公开表"
    for row in (["项目", "预算", "决算"], ["甲", 1, 2], ["乙", 3, 4]):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["C"].hidden = True
    secret = book.create_sheet("内部表")
    secret.append(["项目", "金额"])
    secret.append(["丙", 5])
    secret.sheet_state = "veryHidden"
    document = read_bytes(packed(book), "表.xlsx")
    said = [each.what for each in document.problems if each.code == "READ-015"]
    assert any("“内部表”是隐藏的" in words for words in said)
    assert any("“公开表”隐藏了第 3 行" in words for words in said)
    assert any("“公开表”隐藏了第 C 列" in words for words in said)
    assert [table.name for table in document.tables] == ["公开表", "内部表"]
    hidden = {document.text[cell.span.start : cell.span.end] for table in document.tables for cell in table.cells if cell.hidden}  # fmt: skip
    assert hidden == {"决算", "2", "乙", "3", "4", "项目", "金额", "丙", "5"}


def test_merged_cells_cover_their_range() -> None:
    book = openpyxl.Workbook()
    sheet = sheet_of(book)
    for row in (["项目", "金额", None], [None, "预算", "决算"], ["甲", 1, 2]):
        sheet.append(row)
    sheet.merge_cells("A1:A2")
    sheet.merge_cells("B1:C1")
    document = read_bytes(packed(book), "表.xlsx")
    spans = {
        document.text[cell.span.start : cell.span.end]: (cell.row_span, cell.column_span)
        for cell in document.tables[0].cells
        if len(cell.span)
    }
    assert spans["项目"] == (2, 1)
    assert spans["金额"] == (1, 2)
    assert spans["预算"] == (1, 1)
    assert len(document.tables[0].cells) == 7


def test_error_values_are_named_and_not_read_as_figures() -> None:
    book = openpyxl.Workbook()
    sheet = sheet_of(book)
    sheet.append(["项目", "金额"])
    sheet.append(["甲", "#DIV/0!"])
    document = read_bytes(packed(book), "表.xlsx")
    assert "B2" in problems(document)["READ-017"]


def test_half_a_character_written_as_an_escape_is_none() -> None:
    book = openpyxl.Workbook()
    sheet = sheet_of(book)
    sheet.append(["MARK", "值"])
    sheet.append(["甲", "乙"])
    data = packed(book, xml=("MARK", "a_xD800_b_xD83D__xDE00_"))
    document = read_bytes(data, "表.xlsx")
    assert texts(document)[0, 0] == "a\ufffdb\U0001f600"
    assert document.text.encode()


def test_a_damaged_sheet_does_not_hide_the_others() -> None:
    book = openpyxl.Workbook()
    sheet = sheet_of(book)
    sheet.append(["项目", "金额"])
    other = book.create_sheet("附表")
    other.append(["项目", "金额"])
    other.append(["甲", 7])
    document = read_bytes(packed(book, sheet1=("<sheetData>", "<sheetData><")), "表.xlsx")
    assert "READ-060" in problems(document)
    assert texts(document)[1, 1] == "7"
