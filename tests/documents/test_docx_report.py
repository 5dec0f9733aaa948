import io
import struct
import zipfile
import zlib
from dataclasses import replace
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st

from zhunsheng.documents.docx_report import write_docx
from zhunsheng.documents.docx_runs import figure_tag
from zhunsheng.documents.docx_text import numbers_in_docx, read_docx_text
from zhunsheng.documents.docx_widths import column_widths, fitted_widths
from zhunsheng.reports.grid import TableShapeError, lay_out
from zhunsheng.reports.tree import (
    Bar,
    Block,
    Cell,
    Chart,
    Figure,
    FigureInput,
    Heading,
    Number,
    PageBreak,
    Paragraph,
    Report,
    Table,
    Text,
    numbers_of,
)

TYPE_AREA = 11906 - 1587 - 1474
WIDE_TYPE_AREA = 16838 - 2098 - 1984
CHART = Chart(
    "scores", "图 1 得分", "两个部分的得分与分值", ("得分", "分值"), (Bar("履职", "9", "10", "9 / 10"),)
)


def cell(text: str, **form: Any) -> Cell:
    return Cell((Text(text),), **form)


def say(text: str) -> Paragraph:
    return Paragraph((Text(text),))


def number(code: str, text: str) -> Number:
    return Number(code, text)


def merged_table(*, wide: bool = False, groups: int = 8) -> Table:
    """A table with a two-row header over spans and a first column merged by five rows."""
    head = (
        (cell("部分", rows=2, head=True), cell("数值", columns=2, head=True)),
        (cell("完成", head=True), cell("得分", head=True)),
    )
    body = tuple(
        (
            *((cell(f"第{group}组", rows=5),) if row == 0 else ()),
            Cell((number(f"g{group}.{row}.actual", "94.68%"),)),
            Cell((number(f"g{group}.{row}.score", "9.47"),), align="right"),
        )
        for group in range(groups)
        for row in range(5)
    )
    return Table(
        "表 1 得分", (2, 1, 1), head, body, "单位：分", wide=wide, notes=((Text("注：空格表示没有。"),),)
    )


BLOCKS: tuple[Block, ...] = (
    Heading(1, "一、", "基本情况"),
    Heading(2, "（一）", "部门概况"),
    Heading(3, "1.", "主要职责"),
    Heading(4, "（1）", "组织实施"),
    Paragraph((Text("预算执行率"), number("rate", "94.68%"), Text("，比上年“提高”。", strong=True))),
    merged_table(),
    say("表后的话。"),
)
FIGURES = (
    Figure(
        "rate",
        "预算执行率",
        "94.68%",
        "评分规则",
        "第十二条",
        (FigureInput("支出", "94.68", "决算表"),),
        ("94.68 ÷ 100",),
    ),
    Figure("plain", "分值", "10"),
)


def report(*blocks: Block, **form: Any) -> Report:
    given_form: dict[str, Any] = {
        "title": ("某局2023年度", "自评报告"),
        "body": "某局",
        "date": "2024年3月18日",
    }
    return Report("sample", blocks=blocks or BLOCKS, **{**given_form, **form})


def opened(data: bytes) -> Any:
    return docx.Document(io.BytesIO(data))


def written(*blocks: Block, **form: Any) -> Any:
    return opened(write_docx(report(*blocks, **form), {}))


def part(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read(name).decode()


def png(width: int = 20, height: int = 10) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    rows = b"".join(b"\x00" + b"\xff" * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def test_every_number_can_be_read_back_with_its_figure() -> None:
    made = report(figures=FIGURES)
    expected = [(each.figure, each.text) for each in numbers_of(made)]
    found = numbers_in_docx(write_docx(made, {}))
    assert found[: len(expected)] == expected
    assert len(expected) == 81


def test_the_appendix_holds_each_calculated_figure_once_and_bound() -> None:
    made = report(figures=FIGURES)
    data = write_docx(made, {})
    assert numbers_in_docx(data)[len(list(numbers_of(made))) :] == [("rate", "94.68%")]
    row = next(line for line in read_docx_text(data).splitlines() if line.startswith("rate\t"))
    assert row.split("\t") == [
        "rate",
        "预算执行率",
        "94.68%",
        "评分规则；第十二条",
        "支出 94.68（决算表）",
        "94.68 ÷ 100",
    ]


def test_content_controls_carry_the_label_of_their_figure() -> None:
    names = [each.get(qn("w:val")) for each in written(figures=FIGURES).element.body.iter(qn("w:alias"))]
    assert set(names) == {"预算执行率"}


def test_long_figure_codes_get_short_tags_that_differ() -> None:
    codes = [f"{'indicator.' * 12}{each}" for each in range(3)]
    tags = {figure_tag(code) for code in codes}
    assert len(tags) == 3
    assert max(map(len, tags)) <= 64
    assert figure_tag("rate") == "rate"


def test_the_text_is_all_there_and_in_order() -> None:
    text = read_docx_text(write_docx(report(provenance=(("版本", "1.0"),)), {}))
    wanted = [
        "某局2023年度",
        "自评报告",
        "一、基本情况",
        "预算执行率94.68%，比上年“提高”。",
        "表 1 得分",
        "单位：分",
    ]
    wanted += [
        "第0组\t94.68%\t9.47",
        "\t94.68%\t9.47",
        "注：空格表示没有。",
        "表后的话。",
        "2024年3月18日",
        "版本：1.0",
    ]
    lines = text.splitlines()
    places = [lines.index(each) for each in wanted]
    assert places == sorted(places)


def test_equal_reports_give_equal_bytes_and_carry_no_time_of_writing() -> None:
    made = report(BLOCKS[0], CHART, merged_table(wide=True), figures=FIGURES, draft=True)
    data = write_docx(made, {"scores": png()})
    assert data == write_docx(made, {"scores": png()})
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert {each.date_time for each in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    properties = opened(data).core_properties
    assert (properties.title, properties.author) == ("某局2023年度自评报告", "某局")
    assert properties.created == properties.modified
    assert properties.language == "zh-CN"


def test_headings_have_outline_levels() -> None:
    document = written()
    levels = [
        (style.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}").get(qn("w:val")), paragraph.text)
        for paragraph in document.paragraphs
        if (style := paragraph.style.element) is not None and paragraph.style.name.startswith("Heading")
    ]
    assert levels == [
        ("0", "一、基本情况"),
        ("1", "（一）部门概况"),
        ("2", "1.主要职责"),
        ("3", "（1）组织实施"),
    ]


def test_no_face_comes_from_a_theme_and_the_text_is_chinese() -> None:
    data = write_docx(report(), {})
    for name in ("word/styles.xml", "word/document.xml"):
        assert "Theme=" not in part(data, name).replace("themeFontLang", "")
    assert 'w:eastAsia="zh-CN"' in part(data, "word/styles.xml")
    styles = opened(data).styles
    faces = {
        name: styles[name].element.rPr.find(qn("w:rFonts")).get(qn("w:eastAsia"))
        for name in ("Title", "Normal", "Heading 1", "Heading 2", "Heading 3", "Heading 4")
    }
    assert list(faces.values()) == [
        "方正小标宋简体",
        "仿宋_GB2312",
        "黑体",
        "楷体_GB2312",
        "仿宋_GB2312",
        "仿宋_GB2312",
    ]


def test_the_page_is_that_of_the_standard() -> None:
    section = written().sections[0]
    assert (section.page_width.twips, section.page_height.twips) == (11906, 16838)
    assert (section.top_margin.twips, section.bottom_margin.twips) == (2098, 1984)
    assert (section.left_margin.twips, section.right_margin.twips) == (1587, 1474)


def test_22_lines_and_28_characters_fit_the_type_area() -> None:
    normal = written().styles["Normal"]
    line = normal.paragraph_format.line_spacing.twips
    assert 22 * line <= 16838 - 2098 - 1984 < 23 * line
    tighter = int(normal.element.rPr.find(qn("w:spacing")).get(qn("w:val")))
    pitch = normal.font.size.twips + tighter
    assert 28 * pitch <= TYPE_AREA < 29 * pitch


def test_page_numbers_stand_right_on_odd_and_left_on_even_pages() -> None:
    document = written()
    assert document.settings.odd_and_even_pages_header_footer
    section = document.sections[0]
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        paragraph = footer.paragraphs[0]
        properties = paragraph._p.pPr
        assert properties.find(qn("w:jc")).get(qn("w:val")) == side
        assert properties.find(qn("w:ind")).get(qn(f"w:{side}")) == "280"
        assert "PAGE" in "".join(each.text for each in paragraph._p.iter(qn("w:instrText")))
        assert (paragraph.text[0], paragraph.text[-1]) == ("—", "—")


def test_wide_tables_stand_on_landscape_pages_between_upright_ones() -> None:
    document = written(say("前"), merged_table(wide=True), say("后"))
    sections = list(document.sections)
    assert [each.page_width.twips > each.page_height.twips for each in sections] == [False, True, False]
    assert all(each._sectPr.find(qn("w:pgNumType")) is None for each in sections)
    assert all(each.footer.is_linked_to_previous for each in sections[1:])
    assert sections[1].left_margin.twips + sections[1].right_margin.twips == 2098 + 1984


def test_a_caption_paragraph_goes_with_its_wide_table() -> None:
    unit = Paragraph((Text("金额单位：万元"),), "unit")
    document = written(Heading(1, "一、", "前"), unit, merged_table(wide=True))
    breaks = list(document.element.body.iter(qn("w:sectPr")))
    before_turn = [
        each.text for each in document.paragraphs if each._p.find(f".//{qn('w:sectPr')}") is not None
    ]
    assert len(breaks) == 3
    assert before_turn[0] == "一、前"


def test_a_form_of_wide_tables_is_landscape_throughout() -> None:
    note = Paragraph((Text("注：说明"),), "flush")
    document = written(merged_table(wide=True), note, date="")
    assert [each.page_width.twips for each in document.sections] == [16838]


def test_merged_cells_are_read_back_merged() -> None:
    table = written().tables[0]
    rows = [row.cells for row in table.rows]
    assert rows[0][0]._tc is rows[1][0]._tc
    assert rows[0][1]._tc is rows[0][2]._tc
    assert rows[2][0]._tc is rows[6][0]._tc
    assert rows[6][0]._tc is not rows[7][0]._tc
    assert rows[7][0].text == "第1组"


def test_only_header_rows_are_repeated_and_no_row_is_split() -> None:
    rows = [each._tr for each in written().tables[0].rows]
    assert [row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in rows] == [True] * 2 + [
        False
    ] * 40
    assert all(row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in rows)


def test_headers_captions_and_small_groups_stay_with_what_follows() -> None:
    document = written()
    kept = [row._tr.find(f".//{qn('w:keepNext')}") is not None for row in document.tables[0].rows]
    assert kept == [True, True, *([True] * 4 + [False]) * 8]
    assert document.styles["表题"].paragraph_format.keep_with_next
    assert document.styles["Heading 4"].paragraph_format.keep_with_next


@pytest.mark.parametrize(("wide", "width"), [(False, TYPE_AREA), (True, WIDE_TYPE_AREA)])
def test_grid_and_cells_agree_on_the_width_of_the_type_area(wide: bool, width: int) -> None:
    table = written(merged_table(wide=wide)).tables[0]
    grid = [int(each.get(qn("w:w"))) for each in table._tbl.tblGrid.iter(qn("w:gridCol"))]
    assert sum(grid) == width
    for row in table._tbl.iter(qn("w:tr")):
        cells = [int(each.get(qn("w:w"))) for each in row.iter(qn("w:tcW"))]
        assert sum(cells) == width


@given(st.lists(st.integers(1, 60), min_size=1, max_size=20), st.integers(4000, 13000))
def test_column_widths_fill_the_width_exactly(relative: list[int], width: int) -> None:
    widths = column_widths(relative, width)
    assert sum(widths) == width
    assert min(widths) >= 0


def test_a_narrow_column_takes_room_for_its_numbers_from_a_broad_one() -> None:
    row = (cell("很长的说明文字"), Cell((number("a", "143,788.29"),)))
    table = Table("", (20, 1), (), (row,))
    before = column_widths(table.widths, TYPE_AREA)
    after = fitted_widths(table.widths, TYPE_AREA, lay_out(table), 12)
    assert after is not None
    assert sum(after) == TYPE_AREA
    # ten digits of half a type size each
    assert before[1] < 10 * 120 <= after[1]


def test_thirteen_columns_of_long_numbers_are_set_smaller_not_broken() -> None:
    row = tuple(Cell((number("a", "143,788.29"),)) for _ in range(13))
    document = written(Table("", (1,) * 13, (), (row,), wide=True))
    grid = [int(each.get(qn("w:w"))) for each in document.element.body.iter(qn("w:gridCol"))]
    style = document.tables[0].rows[0].cells[0].paragraphs[0].style
    # eight digits of half a type size, a comma and a point of a quarter
    assert style.font.size.twips * 4.5 < min(grid)
    assert style.name != "表内"


def test_a_draft_says_so_under_the_title_and_on_every_page() -> None:
    document = written(say("前"), merged_table(wide=True), draft=True)
    texts = [each.text for each in document.paragraphs]
    assert texts.index("（草稿）") == 2
    for section in document.sections:
        assert section.header.paragraphs[0].text == "草稿"
        assert section.even_page_header.paragraphs[0].text == "草稿"


def test_a_finished_report_nowhere_says_draft() -> None:
    data = write_docx(report(figures=FIGURES), {})
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        shown = [each for each in package.namelist() if each.startswith("word/") and "styles" not in each]
        assert not [each for each in shown if "草稿" in package.read(each).decode(errors="ignore")]


def test_a_chart_has_its_description_for_those_who_cannot_see_it() -> None:
    document = opened(write_docx(report(CHART), {"scores": png()}))
    picture = document.inline_shapes[0]
    assert picture._inline.docPr.get("descr") == CHART.description
    assert picture.width.twips == TYPE_AREA
    following = [each.text for each in document.paragraphs]
    assert CHART.caption in following


def test_a_tall_picture_is_made_to_fit_the_page() -> None:
    picture = opened(write_docx(report(CHART), {"scores": png(10, 60)})).inline_shapes[0]
    assert picture.height.twips < 16838 - 2098 - 1984
    assert picture.height / picture.width == pytest.approx(6, rel=0.01)


def test_a_chart_without_picture_is_named_as_missing() -> None:
    assert f"缺图：{CHART.description}" in read_docx_text(write_docx(report(CHART), {}))


def test_a_page_break_leaves_no_empty_line_on_the_new_page() -> None:
    document = written(say("前"), PageBreak(), say("后"), date="")
    paragraph = next(each for each in document.paragraphs if each.text == "后")
    assert paragraph.paragraph_format.page_break_before
    assert document.element.body.find(f".//{qn('w:br')}") is None


def test_chinese_quotation_marks_are_taken_from_the_chinese_face() -> None:
    runs = [
        each
        for each in written(say("称“绩效”")).element.body.iter(qn("w:r"))
        if "“" in "".join(each.itertext())
    ]
    assert [each.find(f"{qn('w:rPr')}/{qn('w:rFonts')}").get(qn("w:hint")) for each in runs] == ["eastAsia"]


def test_characters_a_document_cannot_hold_are_shown_as_lost() -> None:
    made = report(say("前\x0b后\x00\ud800"), title=("题\x01目",), body="某\x02局")
    text = read_docx_text(write_docx(made, {}))
    assert "前�后��" in text
    assert "题�目" in text


def test_line_breaks_and_empty_cells_survive() -> None:
    row = (Cell((Text("上\n下\t右"),)), Cell(()))
    assert "上\n下\t右\t" in read_docx_text(write_docx(report(Table("", (1, 1), (), (row,))), {}))


def test_a_long_name_is_centred_over_the_date_and_stays_inside_the_page() -> None:
    document = written(say("正文"), body="广州市花都区市场监督管理局（知识产权局）")
    name, date = document.paragraphs[-2:]
    assert name.paragraph_format.right_indent >= 0
    assert date.paragraph_format.right_indent.pt >= 64
    assert name.paragraph_format.keep_with_next


def test_a_table_whose_rows_do_not_fill_its_columns_is_refused() -> None:
    table = replace(merged_table(), body=((cell("只有一格"),),))
    with pytest.raises(TableShapeError):
        write_docx(report(table), {})


def test_an_empty_report_is_still_a_document() -> None:
    empty = Report("empty", (), "", ())
    assert numbers_in_docx(write_docx(empty, {})) == []


def test_a_table_of_a_thousand_rows_is_written_whole() -> None:
    table = merged_table(groups=200)
    made = report(table)
    assert numbers_in_docx(write_docx(made, {})) == [(each.figure, each.text) for each in numbers_of(made)]


def test_the_total_never_stands_alone_on_a_page() -> None:
    table = Table("", (1,), (), tuple((cell(str(number)),) for number in range(30)))
    rows = written(table).tables[0].rows
    kept = [row._tr.find(f".//{qn('w:keepNext')}") is not None for row in rows]
    assert kept == [False] * 28 + [True, False]


def test_groups_of_a_landscape_table_may_go_over_the_page() -> None:
    """Kept whole, groups of five rows would leave half of it empty; only the last row has company."""
    document = written(merged_table(wide=True))
    kept = [row._tr.find(f".//{qn('w:keepNext')}") is not None for row in document.tables[0].rows]
    assert kept == [True, True, *([False] * 38), True, False]


@pytest.mark.parametrize(("rows", "place"), [(2, "center"), (30, "top")])
def test_the_text_of_a_cell_merged_over_pages_stands_at_its_top(rows: int, place: str) -> None:
    body = tuple((*((cell("组", rows=rows),) if row == 0 else ()), cell("值")) for row in range(rows))
    table = written(Table("", (1, 1), (), body)).tables[0]._tbl
    first = table.findall(f".//{qn('w:tc')}")[0]
    assert first.find(f".//{qn('w:vAlign')}").get(qn("w:val")) == place


def test_the_provenance_is_not_parted_by_a_page_end() -> None:
    document = written(provenance=(("评分体系", "甲"), ("程序", "乙"), ("文件", "丙")))
    lines = document.paragraphs[-3:]
    assert [each.text for each in lines] == ["评分体系：甲", "程序：乙", "文件：丙"]
    assert [bool(each.paragraph_format.keep_with_next) for each in lines] == [True, True, False]


def test_the_text_before_the_signature_stays_on_its_page() -> None:
    paragraphs = written(say("前。"), say("结尾。")).paragraphs
    texts = [each.text for each in paragraphs]
    end = texts.index("结尾。")
    assert texts[end : end + 4] == ["结尾。", "", "某局", "2024年3月18日"]
    assert [each.paragraph_format.keep_with_next for each in paragraphs[end - 1 : end + 3]] == [
        None,
        True,
        True,
        True,
    ]


def test_without_a_date_nothing_is_kept_with_a_signature() -> None:
    (end,) = [each for each in written(say("结尾。"), date="").paragraphs if each.text == "结尾。"]
    assert end.paragraph_format.keep_with_next is None
