"""PDFs as people make them, and as people should not: what is read is what was set."""

import io
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pypdfium2 as pdfium
import pytest
import typst

from zhunsheng.audit.document import BlockKind, Document, Span
from zhunsheng.documents.reading.pdf_guard import swells
from zhunsheng.documents.reading.pdf_quality import is_garbled
from zhunsheng.documents.reading.pdf_reader import read_pdf, read_pdf_with_places
from zhunsheng.kernel.problem import Severity

HEAD = """
#set page(width: 595pt, height: 842pt, margin: 72pt)
#set text(font: ("FandolFang R", "FandolFang", "Liberation Serif"), size: 12pt, lang: "zh")
#set par(first-line-indent: (amount: 2em, all: true), justify: true)
"""
SENTENCE = "全年收入2995.39万元，比上年减少56.95万元，下降1.87%。其中财政拨款收入2940.05万元，占99.79%；其他收入6.20万元，占0.21%。"
Setting = Callable[[str], bytes]


@pytest.fixture
def setting(font_directories: list[Path], tmp_path: Path) -> Setting:
    def compiled(source: str) -> bytes:
        path = tmp_path / "source.typ"
        path.write_text(HEAD + source, encoding="utf-8")
        made = typst.compile(str(path), font_paths=[str(each) for each in font_directories])
        assert isinstance(made, bytes)
        return made

    return compiled


def texts(document: Document, *kinds: BlockKind) -> list[str]:
    return [document.quote(block.span) for block in document.blocks if block.kind in kinds]


def grid(document: Document, table: int) -> list[list[str]]:
    found = document.tables[table]
    return [
        [document.quote(cell.span) for cell in found.cells if cell.row == row] for row in range(found.rows)
    ]


def codes(document: Document) -> list[str]:
    return [problem.code for problem in document.problems]


def test_lines_become_paragraphs_and_headings(setting: Setting) -> None:
    paragraphs = [SENTENCE * 2, SENTENCE, f"（一）{SENTENCE}", f"（二）{SENTENCE}"]
    title = "#align(center, text(size: 20pt)[2024年度决算说明])\n"
    document = read_pdf(setting(title + "\n\n".join(paragraphs)), "说明.pdf")
    assert texts(document, BlockKind.TITLE) == ["2024年度决算说明"]
    assert texts(document, BlockKind.PARAGRAPH) == paragraphs
    assert document.page_count == 1
    assert document.problems == ()


def test_a_paragraph_over_two_pages_is_one_and_furniture_stands_aside(setting: Setting) -> None:
    paragraphs = [f"第{number}条　{SENTENCE * 3}" for number in range(1, 13)]
    page = "#set page(header: [某某局年度报告 #h(1fr) 内部资料], footer: context align(center)[— #counter(page).display() —])\n"
    document = read_pdf(setting(page + "\n\n".join(paragraphs)), "说明.pdf")
    count = document.page_count or 0
    assert count > 1
    read = ["".join(text.split()) for text in texts(document, BlockKind.PARAGRAPH)]
    assert read == ["".join(text.split()) for text in paragraphs]
    assert texts(document, BlockKind.HEADER) == ["某某局年度报告 内部资料"] * count
    footers = ["".join(text.split()) for text in texts(document, BlockKind.FOOTER)]
    assert footers == [f"—{number}—" for number in range(1, count + 1)]


def test_two_columns_are_read_one_after_the_other(setting: Setting) -> None:
    paragraphs = [f"第{number}条：{SENTENCE}" for number in range(1, 15)]
    document = read_pdf(setting("#set page(columns: 2)\n" + "\n\n".join(paragraphs)), "两栏.pdf")
    assert texts(document, BlockKind.PARAGRAPH) == paragraphs
    assert document.tables == ()


def test_a_ruled_table_over_pages_is_joined_without_its_repeated_header(setting: Setting) -> None:
    rows = "".join(f"[{number}],[第{number}项指标],[{number}00.50],[{number}.25]," for number in range(1, 71))
    source = (
        "#table(columns: (1fr, 3fr, 2fr, 2fr), table.header(table.cell(rowspan: 2)[序号],"
        "table.cell(rowspan: 2)[名称], table.cell(colspan: 2)[金额（万元）], [预算], [决算]),"
        f"{rows} table.cell(colspan: 2)[合计], [248,535.00], [2,485.00])"
    )
    document = read_pdf(setting(source), "表.pdf")
    assert (document.page_count or 0) > 1
    assert len(document.tables) == 1
    table = document.tables[0]
    assert (table.rows, table.columns) == (73, 4)
    read = grid(document, 0)
    assert read[0] == ["序号", "名称", "金额（万元）"]
    assert read[1] == ["预算", "决算"]
    assert read[2:72] == [
        [str(number), f"第{number}项指标", f"{number}00.50", f"{number}.25"] for number in range(1, 71)
    ]
    assert read[72] == ["合计", "248,535.00", "2,485.00"]
    spans = {(cell.row, cell.column): (cell.row_span, cell.column_span) for cell in table.cells}
    assert spans[0, 0] == spans[0, 1] == (2, 1)
    assert spans[0, 2] == (1, 2)
    assert spans[72, 0] == (1, 2)
    assert {cell.row for cell in table.cells if cell.header} == {0, 1}
    assert [cell.page for cell in table.cells] == sorted(cell.page or 0 for cell in table.cells)
    assert table.cells[-1].page == document.page_count


def test_a_table_between_three_lines(setting: Setting) -> None:
    source = (
        "#align(center)[表1　收入情况]\n#table(columns: (2fr, 1fr, 1fr), stroke: none, table.hline(),"
        "[项目], [预算数], [决算数], table.hline(), [财政拨款收入], [2,993.92], [2,940.05],"
        "[其他收入（含利息收入以及其他各类零星收入在内的全部）], [5.00], [6.20], [合计], [2,998.92], [2,946.25], table.hline())"
    )
    document = read_pdf(setting(f"{SENTENCE}\n\n{source}\n\n{SENTENCE}"), "三线表.pdf")
    assert grid(document, 0) == [
        ["项目", "预算数", "决算数"],
        ["财政拨款收入", "2,993.92", "2,940.05"],
        ["其他收入（含利息收入以及其他各类零星收入在内的全部）", "5.00", "6.20"],
        ["合计", "2,998.92", "2,946.25"],
    ]
    assert texts(document, BlockKind.CAPTION) == ["表1 收入情况"]
    assert texts(document, BlockKind.PARAGRAPH) == [SENTENCE, SENTENCE]


def test_a_table_without_any_line(setting: Setting) -> None:
    rows = [["指标", "目标值", "完成值"], ["抽检电梯台数", "150", "287"], ["企业年报率", "90%", "94.68%"], ["立案数", "600", "1,291"]]  # fmt: skip
    cells = ", ".join(f"[{cell}]" for row in rows for cell in row)
    source = f"#table(columns: (2fr, 1fr, 1fr), stroke: none, align: (left, right, right), {cells})"
    document = read_pdf(setting(f"{SENTENCE}\n\n{source}\n\n{SENTENCE}"), "无线表.pdf")
    assert grid(document, 0) == rows
    assert texts(document, BlockKind.PARAGRAPH) == [SENTENCE, SENTENCE]


def test_wrapped_figures_and_words_in_narrow_cells(setting: Setting) -> None:
    source = "#table(columns: (60pt, 46pt), [机关事业单位基本养老保险缴费支出], [156,211,\\ 123.45])"
    document = read_pdf(setting(source), "窄表.pdf")
    assert [cell.replace("\n", "") for cell in grid(document, 0)[0]] == [
        "机关事业单位基本养老保险缴费支出",
        "156,211,123.45",
    ]


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_pages_lying_on_their_side(setting: Setting, turned: int) -> None:
    cells = "[科目], [名称], [合计], [201], [一般公共服务支出], [2,112.86], table.cell(colspan: 2)[合计], [2,112.86]"
    body = f"#block(width: 640pt)[{SENTENCE * 3}\n\n#table(columns: (1fr, 3fr, 2fr), {cells})]"
    pdf = pdfium.PdfDocument(setting(f"#rotate(-90deg, reflow: true)[{body}]"))
    pdf[0].set_rotation(turned)
    saved = io.BytesIO()
    pdf.save(saved)
    document = read_pdf(saved.getvalue(), "横排.pdf")
    assert texts(document, BlockKind.PARAGRAPH) == [SENTENCE * 3]
    assert grid(document, 0) == [
        ["科目", "名称", "合计"],
        ["201", "一般公共服务支出", "2,112.86"],
        ["合计", "2,112.86"],
    ]


def test_every_character_knows_where_it_is_printed(setting: Setting) -> None:
    placed = read_pdf_with_places(
        setting(f"#table(columns: (100pt, 200pt), [甲], [12,345.67])\n\n{SENTENCE}"), "a.pdf"
    )
    start = placed.document.text.index("12,345.67")
    (box,) = placed.places.boxes(Span(start, start + 9))
    # the second cell begins 72 + 100 points from the left, with a padding of 5
    assert (box.page, round(box.x0)) == (1, 177)
    assert 72 < box.top < box.bottom < 100
    (part,) = placed.places.boxes(Span(start + 3, start + 9))
    assert box.x0 < part.x0 < part.x1 == box.x1
    whole = placed.document.text.index(SENTENCE)
    lines = placed.places.boxes(Span(whole, whole + len(SENTENCE)))
    assert len(lines) == 2
    assert lines[0].bottom < lines[1].bottom


def test_fonts_without_a_mapping_are_found_out(setting: Setting) -> None:
    data = setting("\n\n".join([SENTENCE] * 4)).replace(b"/ToUnicode", b"/ToUnicodX")
    document = read_pdf(data, "乱码.pdf", ocr=False)
    assert codes(document) == ["READ-043"]
    assert document.text == ""
    assert document.problems[0].what == "第 1 页取出的文字是乱码"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SENTENCE, False),
        ("2,940.05 2,106.66 326.71 60.99 445.69 2,940.05", False),
        ("The total of expenditure was 12.5 million, that is 3.1% more than the year before.", False),
        ("本年度財政撥款收入總計二千萬元，較上年度增長百分之五，主要係人員經費增加所致。", False),
        ("€‚ƒ„…†‡ˆ‰Š‹ŒŽ\u0181\u0182\u0183\u0184\u0185\u0186\u0187\u0188\u0189\u018a", True),
        ("臡臢臦臩臮臰臱臲臵臶臷臸臹臺臽臿舃舎舏舑舓舕舖舗舘舙", True),
        ("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", True),
    ],
)
def test_garbled_or_not(text: str, expected: bool) -> None:
    characters = [each for each in text if not each.isspace()]
    assert is_garbled(characters, 0) is expected


def built(objects: list[bytes], more: bytes = b"") -> bytes:
    """A PDF of some objects; the first is its catalogue."""
    made = b"%PDF-1.7\n"
    places = []
    for number, each in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(objects) + 1, table)
    return (
        made
        + head
        + b"trailer\n<</Size %d/Root 1 0 R%b>>\nstartxref\n%d\n%%%%EOF"
        % (
            len(objects) + 1,
            more,
            len(made),
        )
    )


def stream(content: bytes, more: bytes = b"") -> bytes:
    return b"<</Length %d%b>>\nstream\n%b\nendstream" % (len(content), more, content)


WORDS = b"BT /F 12 Tf 72 700 Td (Total 1,234.56 and more words) Tj ET"
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"


def one_page(
    content: bytes,
    *more: bytes,
    box: bytes = b"[0 0 595 842]",
    drawn: bytes = b"",
    catalogue: bytes = b"",
    trailer: bytes = b"",
) -> bytes:
    objects = [
        b"<</Type/Catalog/Pages 2 0 R%b>>" % catalogue,
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox %b/Contents 4 0 R/Resources<</Font<</F 5 0 R>>%b>>>>"
        % (box, drawn),
        content,
        FONT,
        *more,
    ]
    return built(objects, trailer)


def refused(data: bytes) -> list[str]:
    begin = time.process_time()
    document = read_pdf(data, "坏.pdf", ocr=False)
    assert time.process_time() - begin < 20
    assert document.text == ""
    assert all(
        problem.severity is Severity.ERROR and "坏" in str(problem.place) for problem in document.problems
    )
    return codes(document)


def test_damaged_files() -> None:
    whole = one_page(stream(WORDS))
    assert read_pdf(whole, "好.pdf").text == "Total 1,234.56 and more words"
    assert refused(whole[:200]) == ["READ-041"]
    assert refused(b"%PDF-1.7\n" + bytes(range(256)) * 40) == ["READ-041"]
    assert refused(built([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"])) == [
        "READ-041"
    ]
    cycle = built([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R]/Count 5>>"])
    assert refused(cycle) == ["READ-047"]
    assert refused(one_page(stream(WORDS), box=b"[0 0 1e9 1e9]")) == ["READ-047"]


def test_a_password_is_asked_for() -> None:
    lock = b"<</Filter/Standard/V 1/R 2/O<%b>/U<%b>/P -4>>" % (b"11" * 32, b"22" * 32)
    identity = b"/Encrypt 6 0 R/ID[<%b><%b>]" % (b"33" * 16, b"33" * 16)
    assert refused(one_page(stream(WORDS), lock, trailer=identity)) == ["READ-040"]


def test_contents_that_swell_are_refused() -> None:
    once = zlib.compress(b"0 0 m 1 1 l S " * 4_000_000, 9)
    assert refused(one_page(stream(once, b"/Filter/FlateDecode"))) == ["READ-052"]
    twice = zlib.compress(once, 9)
    assert refused(one_page(stream(twice, b"/Filter[/FlateDecode/FlateDecode]"))) == ["READ-052"]


def form(content: bytes, resources: bytes) -> bytes:
    return stream(content, b"/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<<%b>>" % resources)


def test_figures_that_draw_figures() -> None:
    begin = b"/XObject<</X6 6 0 R>>"
    chain = [
        form(b"/X%d Do " % (number + 1) * 10, b"/XObject<</X%d %d 0 R>>" % (number + 1, number + 1))
        for number in range(6, 36)
    ]
    last = form(WORDS, b"/Font<</F 5 0 R>>")
    assert refused(one_page(stream(b"/X6 Do"), *chain, last, drawn=begin)) == ["READ-052"]
    itself = form(b"/X6 Do /X6 Do", begin)
    assert refused(one_page(stream(b"/X6 Do"), itself, drawn=begin)) == ["READ-052"]
    # the same name for a figure and for the one inside it is no circle
    outer = form(b"/X6 Do", b"/XObject<</X6 7 0 R>>")
    fine = one_page(stream(b"/X6 Do"), outer, last, drawn=begin)
    assert not swells(fine)
    assert read_pdf(fine, "好.pdf").text == "Total 1,234.56 and more words"


def test_scripts_are_named_and_not_run() -> None:
    script = b"<</S/JavaScript/JS(app.alert(1))>>"
    names = b"/OpenAction%b/Names<</JavaScript<</Names[(a)%b]>>>>" % (script, script)
    document = read_pdf(one_page(stream(WORDS), catalogue=names), "脚本.pdf")
    assert codes(document) == ["READ-048"]
    assert document.text == "Total 1,234.56 and more words"


def test_pages_without_words_and_blank_pages() -> None:
    assert codes(read_pdf(one_page(stream(b"")), "空.pdf")) == ["READ-050"]
    lines = b"".join(b"%d 100 m %d 700 l S\n" % (at, at) for at in range(50, 500, 5))
    assert codes(read_pdf(one_page(stream(lines)), "图.pdf", ocr=False)) == ["READ-042"]


def test_words_that_are_clipped_away_are_not_read() -> None:
    shown = b"q 0 400 595 442 re W n BT /F 12 Tf 72 700 Td (shown 12.5) Tj ET Q\n"
    hidden = b"q 0 400 595 442 re W n BT /F 12 Tf 72 200 Td (hidden 99.9) Tj ET Q\n"
    assert read_pdf(one_page(stream(shown + hidden)), "裁.pdf").text == "shown 12.5"


@pytest.mark.slow
def test_two_thousand_pages() -> None:
    count = 2000
    body = b"".join(
        b"1 0 0 1 72 %d Tm (Line %d with 1,234.56) Tj " % (770 - 14 * line, line) for line in range(20)
    )
    kids = b" ".join(b"%d 0 R" % (5 + number) for number in range(count))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 3 0 R>>>>>>"
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[%b]/Count %d>>" % (kids, count), FONT]
    objects += [stream(b"BT /F 10 Tf " + body + b"ET"), *([page] * count)]
    seen: list[tuple[int, int]] = []
    begin = time.process_time()
    document = read_pdf(built(objects), "长.pdf", progress=lambda done, whole: seen.append((done, whole)))
    assert time.process_time() - begin < 90
    assert document.page_count == count
    assert document.text.count("1,234.56") == 20 * count
    assert seen[-1] == (count, count)


TORN = """#set page(height: 10cm, width: 16cm, margin: 1.5cm)
#set text(font: "Noto Serif CJK SC", size: 10pt, lang: "zh")
#table(columns: (1cm, 5cm, 7cm),
  [序号], [任务], [完成情况],
  [1], [登记注册], [办结各类登记 1,204 件。],
  [2], [监督检查], [%s],
  [3], [消费维权], [处理投诉 380 件。],
)
"""


@pytest.mark.parametrize("sentences", [9, 10, 11])
def test_a_row_torn_by_a_page_end_is_one_row(setting: Setting, sentences: int) -> None:
    told = "".join(
        f"第{number}次检查共计检查各类生产经营主体 {number}17 家次并当场发现问题 {number}3 个，均已督促整改到位。"
        for number in range(1, sentences)
    )
    document = read_pdf(setting(TORN % told), "torn.pdf")
    assert document.page_count == 2
    (table,) = document.tables
    assert table.rows == 4
    rows = grid(document, 0)
    assert "".join(rows[2][2].split()) == "".join(told.split())
    assert [row[0] for row in rows] == ["序号", "1", "2", "3"]


def test_a_whole_row_after_a_page_end_stays_a_row(setting: Setting) -> None:
    rows = ", ".join(
        f"[{number}], [项目{number}的名称写得很长要写成两行], [{number},100.00]" for number in range(1, 12)
    )
    source = f"""#set page(height: 9cm, width: 16cm, margin: 1.5cm)
#set text(font: "Noto Serif CJK SC", size: 10pt, lang: "zh")
#table(columns: (1cm, 3cm, 4cm), [序号], [项目], [金额], {rows})
"""
    document = read_pdf(setting(source), "whole.pdf")
    (table,) = document.tables
    assert (document.page_count or 0) > 1
    assert table.rows == 12
