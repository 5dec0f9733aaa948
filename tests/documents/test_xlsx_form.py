import io
import zipfile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from zhunsheng.documents.xlsx_form import write_xlsx
from zhunsheng.reports.grid import TableShapeError
from zhunsheng.reports.tree import (
    Block,
    Cell,
    Figure,
    FigureInput,
    Heading,
    Number,
    Paragraph,
    Report,
    Table,
    Text,
)

FIGURE = Figure(
    "rate",
    "预算执行率",
    "94.68%",
    "评分规则",
    "第十二条",
    (FigureInput("支出", "94.68", "决算表"),),
    ("94.68 ÷ 100",),
)
BODY_ROWS = (
    (Cell((Text("第一组"),), rows=2), Cell((Number("a", "143,788.29"),)), Cell((Number("b", "94.68%"),))),
    (Cell((Number("c", "9.98"),)), Cell((Text("=1+1"),))),
)
HEAD = tuple(Cell((Text(each),), head=True) for each in ("部分", "数值", "说明"))
FORM = Table("表 1", (2, 1, 1), (HEAD,), BODY_ROWS, "单位：万元")


def form(*blocks: Block, **parts: Any) -> Report:
    given_parts: dict[str, Any] = {"title": ("某局自评表",), "body": "某局"}
    return Report("form", blocks=blocks or (FORM,), **{**given_parts, **parts})


def sheets(report: Report) -> list[Worksheet]:
    book = load_workbook(io.BytesIO(write_xlsx(report, "自评表")))
    return [book[name] for name in book.sheetnames]


def one_cell(*runs: Text | Number) -> Any:
    """The only cell of a table below a title line."""
    return sheets(form(Table("", (1,), (), ((Cell(runs),),))))[0]["A2"]


@pytest.mark.parametrize(
    ("printed", "value"), [("9.98", 9.98), ("143,788.29", 143788.29), ("100", 100), ("-0.50", -0.5), ("0", 0)]
)
def test_plain_numbers_are_numbers_and_show_the_same_digits(printed: str, value: float) -> None:
    target = one_cell(Number("a", printed))
    assert target.data_type == "n"
    assert target.value == value
    decimals = len(printed.partition(".")[2])
    assert target.number_format.partition(".")[2] == "0" * decimals
    assert ("," in target.number_format) == ("," in printed)


@pytest.mark.parametrize(
    "printed", ["94.68%", "3台", "≥90%", "007", "1,23", "1234567890123456.78", "—", "1e5", ""]
)
def test_everything_else_stays_text_as_printed(printed: str) -> None:
    target = one_cell(Number("a", printed))
    assert (target.value or "") == printed
    assert target.data_type == "s" or not printed


def test_a_number_inside_words_stays_in_its_words() -> None:
    assert one_cell(Text("完成"), Number("a", "9.98"), Text("万元")).value == "完成9.98万元"


@given(st.sampled_from("=+-@"), st.text("abc()!|' 0123中", max_size=20))
def test_no_text_becomes_a_formula(start: str, rest: str) -> None:
    target = one_cell(Text(start + rest))
    assert target.data_type == "s"
    assert target.value == start + rest
    assert target.quotePrefix


def test_no_formula_comes_in_by_title_or_sources() -> None:
    figure = Figure("=A1", "+标签", "@x", "-规则", "", (FigureInput("=n", "1", ""),), ("=1+1",))
    report = form(title=("=标题",), body="=某局", figures=(figure,), provenance=(("=项", "=值"),))
    kinds = {
        cell.data_type for sheet in sheets(report) for row in sheet.iter_rows() for cell in row if cell.value
    }
    assert "f" not in kinds
    with zipfile.ZipFile(io.BytesIO(write_xlsx(report, "表"))) as package:
        assert not [name for name in package.namelist() if b"<f>" in package.read(name)]


def test_merged_cells_and_the_title_over_the_whole_width() -> None:
    sheet = sheets(form())[0]
    merged = {str(each) for each in sheet.merged_cells.ranges}
    assert {"A1:C1", "A5:A6"} <= merged
    assert (sheet["A1"].value, sheet["A5"].value) == ("某局自评表", "第一组")


def test_every_cell_of_the_table_has_its_borders() -> None:
    sheet = sheets(form())[0]
    cells = [sheet.cell(row, column) for row in range(4, 7) for column in range(1, 4)]
    assert {cell.border.bottom.style for cell in cells} == {"thin"}


def test_the_header_is_frozen_and_repeated_in_print() -> None:
    sheet = sheets(form())[0]
    assert sheet.freeze_panes == "A5"
    assert sheet.print_title_rows == "$4:$4"


def test_the_header_of_one_table_is_not_repeated_over_another() -> None:
    sheet = sheets(form(FORM, FORM))[0]
    assert sheet.print_title_rows is None
    assert sheet.freeze_panes is None


def test_a_header_far_down_is_repeated_in_print_but_does_not_freeze_the_sheet() -> None:
    above = Table("", (2, 1, 1), (), BODY_ROWS * 5)
    sheet = sheets(form(above, FORM))[0]
    assert sheet.print_title_rows == "$15:$15"
    assert sheet["A15"].value == "部分"
    assert sheet.freeze_panes is None


@pytest.mark.parametrize(("rows", "place"), [(2, "center"), (30, "top")])
def test_the_text_of_a_cell_merged_over_pages_stands_at_its_top(rows: int, place: str) -> None:
    first, last = Cell((Text("组"),), rows=rows), Cell((Text("值"),))
    body = tuple((*((first,) if row == 0 else ()), last) for row in range(rows))
    assert sheets(form(Table("", (1, 1), (), body)))[0]["A2"].alignment.vertical == place


@pytest.mark.parametrize(("wide", "orientation"), [(False, "portrait"), (True, "landscape")])
def test_the_print_fits_an_a4_page_with_its_number(wide: bool, orientation: str) -> None:
    table = Table("", (1,), (), ((Cell((Text("x"),)),),), wide=wide)
    sheet = sheets(form(table))[0]
    assert sheet.page_setup.orientation == orientation
    assert int(sheet.page_setup.paperSize or 0) == 9
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.oddFooter is not None
    assert "&P" in str(sheet.oddFooter.center.text)


def test_columns_keep_the_proportions_of_the_table() -> None:
    sheet = sheets(form())[0]
    widths = [sheet.column_dimensions[each].width for each in "ABC"]
    assert widths[0] == pytest.approx(2 * widths[1], rel=0.05)
    assert widths[1] == pytest.approx(widths[2], rel=0.05)


def test_tables_of_different_columns_share_the_width_of_the_sheet() -> None:
    def row(count: int) -> Table:
        return Table("", (1,) * count, (), (tuple(Cell((Text(str(each)),)) for each in range(count)),))

    sheet = sheets(form(row(2), row(3)))[0]
    merged = {str(each) for each in sheet.merged_cells.ranges}
    assert {"A2:B2", "C2:D2", "B4:C4"} <= merged
    assert [sheet[each].value for each in ("A2", "C2", "A4", "B4", "D4")] == ["0", "1", "0", "1", "2"]


def test_long_text_gets_the_height_it_needs_even_in_a_merged_cell() -> None:
    rows = (
        (Cell((Text("很长的标签" * 20),), rows=2), Cell((Text("甲"),))),
        (Cell((Text("乙"),)),),
    )
    sheet = sheets(form(Table("", (1, 9), (), rows)))[0]
    heights = [sheet.row_dimensions[row].height for row in (2, 3)]
    assert heights[0] is not None
    assert heights[1] is not None
    assert heights[0] + heights[1] > 20 * 14


def test_the_second_sheet_says_where_each_number_comes_from() -> None:
    sources = sheets(form(figures=(FIGURE,), provenance=(("版本", "1.0"),)))[1]
    values = [cell.value for cell in sources[2]]
    assert values == [
        "rate",
        "预算执行率",
        "94.68%",
        "评分规则；第十二条",
        "支出 94.68（决算表）",
        "94.68 ÷ 100",
    ]
    assert [cell.value for cell in sources[4]][:2] == ["版本", "1.0"]


def test_headings_paragraphs_and_notes_are_written_in_order() -> None:
    noted = Table("", (1,), (), ((Cell((Text("格"),)),),), notes=((Text("附注"),),))
    sheet = sheets(form(Heading(1, "一、", "情况"), Paragraph((Text("话"),)), noted, draft=True))[0]
    column = [row[0].value for row in sheet.iter_rows()]
    assert column == ["某局自评表", "（草稿）", "一、情况", "话", "格", "附注"]


def test_a_draft_says_so_on_every_printed_page() -> None:
    draft, final = sheets(form(draft=True)), sheets(form())
    assert [sheet.oddHeader.center.text for sheet in draft if sheet.oddHeader] == ["草稿", "草稿"]
    assert not [sheet for sheet in final if sheet.oddHeader and sheet.oddHeader.center.text]


def test_equal_forms_give_equal_bytes() -> None:
    made = form(figures=(FIGURE,))
    assert write_xlsx(made, "表") == write_xlsx(made, "表")


def test_characters_a_workbook_cannot_hold_are_shown_as_lost() -> None:
    assert one_cell(Text("前\x0b后")).value == "前�后"


def test_a_table_whose_rows_do_not_fill_its_columns_is_refused() -> None:
    with pytest.raises(TableShapeError):
        write_xlsx(form(Table("", (1, 1), (), ((Cell((Text("x"),)),),))), "表")


def test_a_form_without_tables_is_still_a_sheet() -> None:
    assert sheets(form(Paragraph((Text("没有表格"),))))[0]["A2"].value == "没有表格"
