"""Tables of Word documents written by hand: merged, nested, in content controls."""

import io

import docx
from docx.oxml import parse_xml
from word_documents import (
    DOWN,
    MORE,
    SPACES,
    assert_laid_out,
    cell,
    codes,
    grid,
    lines,
    p,
    r,
    read,
    row,
    wide,
)

from zhunsheng.audit.document import BlockKind
from zhunsheng.documents.reading.docx_reader import read_docx


def test_merged_cells_stand_once() -> None:
    document = read(
        "<w:tbl>"
        + row(cell("项目", DOWN), cell("预算", wide(2)), cell("决算", DOWN), form="<w:tblHeader/>")
        + row(cell("", MORE), cell("年初"), cell("调整"), cell("", MORE), form="<w:tblHeader/>")
        + row(cell("合计"), cell("1"), cell("2"), cell("3"))
        + row(cell("2"), cell("3"), form='<w:gridBefore w:val="2"/>')
        + "</w:tbl>"
    )
    assert grid(document) == [
        (0, 0, 2, 1, "项目"),
        (0, 1, 1, 2, "预算"),
        (0, 3, 2, 1, "决算"),
        (1, 1, 1, 1, "年初"),
        (1, 2, 1, 1, "调整"),
        (2, 0, 1, 1, "合计"),
        (2, 1, 1, 1, "1"),
        (2, 2, 1, 1, "2"),
        (2, 3, 1, 1, "3"),
        (3, 2, 1, 1, "2"),
        (3, 3, 1, 1, "3"),
    ]
    assert (document.tables[0].rows, document.tables[0].columns) == (4, 4)
    assert [each.header for each in document.tables[0].cells] == [True] * 5 + [False] * 6
    assert document.text == "项目\t预算\t决算\n年初\t调整\n合计\t1\t2\t3\n2\t3"


def test_divisions_that_no_cell_uses_are_no_columns() -> None:
    document = read(
        "<w:tbl>"
        + row(cell("a", wide(3)), cell("b", wide(2)))
        + row(cell("c", wide(3)), cell("d"))
        + "</w:tbl>"
    )
    assert grid(document) == [(0, 0, 1, 1, "a"), (0, 1, 1, 1, "b"), (1, 0, 1, 1, "c"), (1, 1, 1, 1, "d")]
    assert document.tables[0].columns == 2


def test_a_continuing_cell_without_a_cell_above_stands_for_itself() -> None:
    document = read(
        "<w:tbl>" + row(cell("甲", MORE), cell("1")) + row(cell("乙", wide(2) + MORE)) + "</w:tbl>"
    )
    assert grid(document) == [(0, 0, 1, 1, "甲"), (0, 1, 1, 1, "1"), (1, 0, 1, 2, "乙")]


def test_text_covered_by_a_merged_cell_is_hidden() -> None:
    document = read("<w:tbl>" + row(cell("甲", DOWN)) + row(cell("盖住", MORE)) + "</w:tbl>")
    assert grid(document) == [(0, 0, 2, 1, "甲")]
    assert codes(document) == ["READ-030"]


def test_rows_and_cells_in_content_controls() -> None:
    inside = row(f"<w:sdt><w:sdtContent>{cell('甲')}</w:sdtContent></w:sdt>", cell("1"))
    document = read(
        f"<w:sdt><w:sdtContent><w:tbl><w:sdt><w:sdtContent>{inside}</w:sdtContent></w:sdt></w:tbl>"
        "</w:sdtContent></w:sdt>"
    )
    assert grid(document) == [(0, 0, 1, 1, "甲"), (0, 1, 1, 1, "1")]


def test_a_nested_table_follows_its_holder() -> None:
    nested = f"<w:tbl>{row(cell('内1'), cell('内2'))}</w:tbl>"
    outer = f"<w:tc>{p(r('上'))}{nested}{p(r('下'))}</w:tc>"
    document = read(f"<w:tbl>{row(outer, cell('右'))}</w:tbl>" + p(r("后文")))
    assert grid(document, 0) == [(0, 0, 1, 1, "上\n下"), (0, 1, 1, 1, "右")]
    assert grid(document, 1) == [(0, 0, 1, 1, "内1"), (0, 1, 1, 1, "内2")]
    assert [table.nested_in for table in document.tables] == [None, 0]
    assert lines(document) == ["上\n下\t右", "内1\t内2", "后文"]


def test_tables_with_an_empty_paragraph_between_them_stay_apart() -> None:
    table = f"<w:tbl>{row(cell('甲'))}</w:tbl>"
    assert len(read(table + "<w:p/>" + table).tables) == 2


def test_python_docx_agrees_about_plain_tables() -> None:
    made = docx.Document()
    table = made.add_table(3, 4)
    for number, each in enumerate(each for line in table.rows for each in line.cells):
        each.text = f"{number * 1.5}"
    table.cell(0, 1).merge(table.cell(1, 2)).text = "并"
    made.element.body.insert(0, parse_xml(f"<w:p {SPACES}>{r('题')}</w:p>"))
    stream = io.BytesIO()
    made.save(stream)
    document = read_docx(stream.getvalue(), "a.docx")
    assert_laid_out(document)
    assert document.blocks[0].kind is BlockKind.PARAGRAPH
    assert (0, 1, 2, 2, "并") in grid(document)
    shown = docx.Document(io.BytesIO(stream.getvalue())).tables[0]
    for number, _, _, _, text in grid(document):
        assert text in [each.text for each in shown.rows[number].cells]
