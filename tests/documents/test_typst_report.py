"""The PDF: everything is printed, nothing silently dropped, equal bytes, GB/T 9704 pages."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pytest

from zhunsheng.documents.charts import render_chart
from zhunsheng.documents.fonts import find_fonts
from zhunsheng.documents.typst_data import orientations, report_data, type_size
from zhunsheng.documents.typst_report import PdfError, write_pdf
from zhunsheng.reports.grid import TableShapeError
from zhunsheng.reports.tree import (
    Bar,
    Cell,
    Chart,
    Heading,
    Number,
    PageBreak,
    Paragraph,
    Report,
    Table,
    Text,
    numbers_of,
)

UPRIGHT, LANDSCAPE = (595, 842), (842, 595)
POINTS_PER_MM = 72 / 25.4


def only(report: Report, *blocks: object, **changes: object) -> Report:
    return replace(report, blocks=blocks, **changes)  # type: ignore[arg-type]


def drawn(report: Report, fonts: list[Path]) -> dict[str, str]:
    return {each.code: render_chart(each, fonts).svg for each in report.blocks if isinstance(each, Chart)}


def opened(report: Report, fonts: list[Path]) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(write_pdf(report, drawn(report, fonts), fonts)[0])


def text_of(document: pypdfium2.PdfDocument) -> str:
    """The text without white space: typesetting adds thin spaces between characters and digits."""
    pages = (document[index].get_textpage().get_text_range() for index in range(len(document)))
    return "".join("".join(page.split()) for page in pages)


def line_pitches(page: pypdfium2.PdfPage) -> list[float]:
    """From baseline to baseline, in points."""
    text = page.get_textpage()
    chinese = (index for index in range(text.count_chars()) if text.get_text_range(index, 1) == "绩")
    baselines = sorted({round(text.get_charbox(index, loose=True)[1], 1) for index in chinese})
    return [high - low for low, high in pairwise(baselines)]


def test_every_number_heading_and_title_is_in_the_text(report: Report, font_directories: list[Path]) -> None:
    text = text_of(opened(report, font_directories))
    for number in numbers_of(report):
        assert number.text in text
    for block in report.blocks:
        if isinstance(block, Heading):
            assert f"{block.number}{block.text}" in text
    for figure in report.figures:
        assert figure.label in text
        assert "".join(figure.code.split()) in text
    for name, value in report.provenance:
        assert f"{name}：{value}" in text
    assert "".join(report.title) in text


def test_the_same_report_gives_the_same_bytes(report: Report, font_directories: list[Path]) -> None:
    charts = drawn(report, font_directories)
    assert write_pdf(report, charts, font_directories) == write_pdf(report, charts, font_directories)


def test_pages_are_a4_and_wide_tables_lie_on_landscape_pages(
    report: Report, font_directories: list[Path]
) -> None:
    document = opened(report, font_directories)
    sizes = [tuple(round(side) for side in document[index].get_size()) for index in range(len(document))]
    assert set(sizes) == {UPRIGHT, LANDSCAPE}
    assert sizes[0] == UPRIGHT
    wide = sizes.index(LANDSCAPE)
    assert "表2" in "".join(document[wide].get_textpage().get_text_range().split())


def test_the_file_is_tagged_and_named(report: Report, font_directories: list[Path]) -> None:
    pdf, warnings = write_pdf(report, drawn(report, font_directories), font_directories)
    document = pypdfium2.PdfDocument(pdf)
    assert document.get_metadata_value("Title") == "".join(report.title)
    assert document.get_metadata_value("CreationDate") == ""
    assert document.is_tagged()
    assert b"pdfuaid" in pdf
    assert b"/Lang" in pdf
    assert not any("PDF/UA" in warning for warning in warnings)
    names = [each.get_title() for each in document.get_toc()]
    assert names[0] == "一、基本情况"
    assert names[-1].startswith("附件")


def test_numbers_lead_to_the_appendix(report: Report, font_directories: list[Path]) -> None:
    pdf, _ = write_pdf(report, drawn(report, font_directories), font_directories)
    data = report_data(report, {})
    bound = [each for each in numbers_of(report) if each.figure != "没有记录"]
    assert pdf.count(b"/Subtype/Link") + pdf.count(b"/Subtype /Link") >= len(bound)
    assert len(data["calculated"]) + len(data["carried"]) == len(report.figures)  # type: ignore[arg-type]


def test_a_full_page_holds_22_lines_at_the_pitch_of_the_standard(
    report: Report, font_directories: list[Path]
) -> None:
    body = only(report, Paragraph((Text("绩效评价结果应用" * 200),)), title=("标题",), date="", draft=False)
    page = opened(body, font_directories)[1]
    assert line_pitches(page) == [pytest.approx(28.95, abs=0.1)] * 21
    text = page.get_textpage()
    lines = [line for line in text.get_text_range().splitlines() if "绩" in line]
    assert len(lines) == 22
    assert {len(line) for line in lines} == {28}
    left = min(text.get_charbox(index)[0] for index in range(text.count_chars()))
    assert left == pytest.approx(28 * POINTS_PER_MM, abs=2)


def test_page_numbers_stand_right_on_odd_and_left_on_even_pages(
    report: Report, font_directories: list[Path]
) -> None:
    document = opened(report, font_directories)
    for index, right in ((0, True), (1, False)):
        text = document[index].get_textpage()
        found = text.search(f"— {index + 1} —").get_next()
        assert found is not None
        assert (text.get_charbox(found[0])[0] > 300) is right


def test_the_header_of_a_long_table_is_repeated(report: Report, font_directories: list[Path]) -> None:
    assert text_of(opened(report, font_directories)).count("指标名称") >= 2


def test_a_draft_is_marked_on_every_page_and_a_final_report_on_none(
    report: Report, font_directories: list[Path]
) -> None:
    document = opened(report, font_directories)
    assert text_of(document).count("草稿") == len(document) + 1
    assert "草稿" not in text_of(opened(replace(report, draft=False), font_directories))


def test_hostile_text_is_printed_as_it_is(report: Report, font_directories: list[Path]) -> None:
    text = text_of(opened(report, font_directories))
    hostile = next(
        run.text for block in report.blocks if isinstance(block, Paragraph) for run in block.runs if "script" in run.text
    )  # fmt: skip
    assert "".join(hostile.split()) in text


def test_missing_characters_are_reported_and_shown(report: Report, font_directories: list[Path]) -> None:
    odd = only(report, Paragraph((Text("表情\U0001f600和\x00控\ud800制，零宽\u200b连接\u202e"),)))
    pdf, warnings = write_pdf(odd, {}, font_directories)
    told = "\n".join(warnings)
    assert all(code in told for code in ("U+1F600", "U+0000", "U+D800"))
    assert "U+200B" not in told
    assert "表情〓和〓控〓制，零宽连接" in text_of(pypdfium2.PdfDocument(pdf))


def test_a_missing_character_in_a_chart_is_reported(report: Report, font_directories: list[Path]) -> None:
    odd = Chart("odd", "图 9", "说明", ("得", "分"), (Bar("\U0001f600", "1", "2", "1"),))
    _, warnings = write_pdf(only(report, odd), drawn(only(report, odd), font_directories), font_directories)
    assert any("图 9" in warning and "\U0001f600" in warning for warning in warnings)


def test_substituted_faces_are_reported(report: Report, font_directories: list[Path]) -> None:
    _, warnings = write_pdf(report, drawn(report, font_directories), font_directories)
    assert set(find_fonts(font_directories).words()) <= set(warnings)


def test_without_any_font_it_says_what_to_do(report: Report, tmp_path: Path) -> None:
    with pytest.raises(PdfError, match=r"setup\.sh fonts"):
        write_pdf(report, {}, [tmp_path])


def test_a_broken_font_file_is_reported(report: Report, font_directories: list[Path], tmp_path: Path) -> None:
    for directory in font_directories:
        for font in directory.iterdir():
            if font.name.startswith(("Noto", "FandolFang", "Liberation")):
                (tmp_path / font.name).symlink_to(font)
    (tmp_path / "FandolKai-Regular.otf").write_bytes(b"no font")
    _, warnings = write_pdf(report, {}, [tmp_path])
    assert any("FandolKai-Regular.otf 无法读取" in warning for warning in warnings)


def test_an_empty_report_is_a_page(report: Report, font_directories: list[Path]) -> None:
    empty = Report("空", ("空报告",), "", ())
    assert len(opened(empty, font_directories)) == 1


def test_headings_with_gaps_and_a_title_heading_still_make_an_accessible_file(
    report: Report, font_directories: list[Path]
) -> None:
    gaps = only(report, Heading(3, "1.", "先三级"), Heading(0, "", "附件标题"), Heading(4, "（1）", "再四级"))
    _, warnings = write_pdf(gaps, {}, font_directories)
    assert not any("PDF/UA" in warning for warning in warnings)


def test_a_report_without_title_is_still_printed_and_the_lack_reported(
    report: Report, font_directories: list[Path]
) -> None:
    pdf, warnings = write_pdf(replace(report, title=()), drawn(report, font_directories), font_directories)
    assert pdf.startswith(b"%PDF")
    assert any("PDF/UA-1" in warning for warning in warnings)


def test_a_missing_picture_is_replaced_by_its_description(
    report: Report, font_directories: list[Path]
) -> None:
    assert "缺图：各部分得分与分值对比" in text_of(
        pypdfium2.PdfDocument(write_pdf(report, {}, font_directories)[0])
    )


def test_a_table_with_too_few_cells_is_an_error(report: Report, font_directories: list[Path]) -> None:
    broken = Table("坏表", (1, 1), (), ((Cell((Text("只有一格"),)),),))
    with pytest.raises(TableShapeError):
        write_pdf(only(report, broken), {}, font_directories)


def test_a_very_tall_row_goes_over_the_page_without_loss(
    report: Report, font_directories: list[Path]
) -> None:
    tall = Table("高表", (1, 3), (), ((Cell((Text("左"),)), Cell((Text("很长的说明。" * 600 + "完毕"),))),))
    text = text_of(opened(only(report, tall), font_directories))
    assert text.count("很") == 600
    assert "完毕" in text


def test_long_words_stay_on_the_page(report: Report, font_directories: list[Path]) -> None:
    word = "Identifier" * 20
    cells = (Cell((Text(word),)), Cell((Text(word),)))
    document = opened(
        only(report, Paragraph((Text(word),)), Table("长词", (1, 1), (), (cells,))), font_directories
    )
    text = document[0].get_textpage()
    right = max(text.get_charbox(index)[2] for index in range(text.count_chars()))
    assert right <= 595 - 26 * POINTS_PER_MM + 1


def test_type_shrinks_until_numbers_fit_their_columns() -> None:
    def table(text: str) -> Table:
        return Table("", (1,) * 13, (), (tuple(Cell((Text(text),)) for _ in range(13)),))

    assert type_size(table("1.00"), 637.8) == 12.0
    assert type_size(table("22,918.41"), 637.8) < 12.0
    assert type_size(table("汉字可以换行所以不缩小"), 637.8) == 12.0


def test_blocks_around_a_wide_table_turn_with_it_or_back() -> None:
    wide = Table("宽", (1,), (), ((Cell(()),),), wide=True)
    upright = replace(wide, wide=False)
    unit, body = Paragraph((Text("单位"),), "unit"), Paragraph((Text("正文"),))
    heading = Heading(1, "一、", "标题")
    assert orientations((heading, unit, wide, body)) == [False, True, True, False]
    assert orientations((heading, wide, PageBreak(), upright)) == [False, True, True, False]
    assert orientations((unit, wide, body, wide)) == [True, True, True, True]
    assert orientations(()) == []


def test_numbers_are_bound_by_position_not_by_text(report: Report) -> None:
    data = report_data(
        only(report, Paragraph((Number(report.figures[1].code, "1"), Number("没有", "2")))), {}
    )
    runs = data["groups"][0]["blocks"][0]["runs"]  # type: ignore[index]
    assert [run["figure"] for run in runs] == [1, -1]


def test_hostile_text_stays_text_in_every_place(report: Report, font_directories: list[Path]) -> None:
    evil = '#panic("x") $a$ ] } */ <f0> @f0 \\u{41} "'
    figure = replace(report.figures[1], code=evil, label=evil, text=evil, rule=evil, clause="", steps=(evil,))
    table = Table(evil, (1,), ((Cell((Text(evil),), head=True),),), ((Cell((Number(evil, evil),)),),), evil)
    changed = only(
        report,
        Heading(1, evil, evil),
        replace(table, notes=((Text(evil, strong=True),),)),
        Chart("none", evil, evil, (evil, evil), ()),
        title=(evil,),
        body=evil,
        date=evil,
        figures=(figure, figure),
        provenance=((evil, evil),),
    )
    text = text_of(opened(changed, font_directories))
    assert text.count("".join(evil.split())) >= 15


@pytest.mark.parametrize("lines", range(16, 22))
def test_a_signature_never_stands_on_a_page_without_text(
    report: Report, font_directories: list[Path], lines: int
) -> None:
    """22 lines fill a page, title and gap take four: the signature falls on the page end somewhere here."""
    blocks = [Paragraph((Text("正文到此。"),)) for _ in range(lines)]
    short = only(
        report, *blocks, title=("标题",), date="2024年3月18日", draft=False, figures=(), provenance=()
    )
    document = opened(short, font_directories)
    pages = [
        "".join(document[index].get_textpage().get_text_range().split()) for index in range(len(document))
    ]
    (signed,) = [page for page in pages if "2024年3月18日" in page]
    assert "正文到此。" in signed
    assert sum(page.count("正文到此。") for page in pages) == lines
