"""Comments stand at the exact characters, and nothing else of the document changes."""

import io
import zipfile
from datetime import UTC, datetime
from decimal import Decimal

import docx
import pytest
from docx.oxml import parse_xml
from docx.shared import RGBColor
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from zhunsheng.audit.document import Document, Span
from zhunsheng.audit.finding import Finding, FoundPlace
from zhunsheng.documents.marking.docx_comments import commented_docx
from zhunsheng.documents.reading.docx_reader import read_docx
from zhunsheng.kernel.problem import Severity

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
V = "urn:schemas-microsoft-com:vml"
NAMES = f'xmlns:w="{W}" xmlns:r="{R}" xmlns:m="{M}" xmlns:v="{V}"'


def w(name: str) -> str:
    return f"{{{W}}}{name}"


def saved(*paragraphs: str, cells: tuple[tuple[str, ...], ...] = ()) -> bytes:
    """A document of python-docx with paragraphs given as XML, and a table at its end."""
    made = docx.Document()
    for inside in paragraphs:
        made.element.body.insert(len(made.element.body) - 1, parse_xml(f"<w:p {NAMES}>{inside}</w:p>"))
    if cells:
        table = made.add_table(len(cells), len(cells[0]))
        for row, texts in zip(table.rows, cells, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def r(text: str, form: str = "") -> str:
    return f'<w:r w:rsidR="00AB"><w:rPr>{form}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def found(document: Document, *texts: str, index: int = 0) -> Finding:
    places = tuple(
        FoundPlace(index, Span(start, start + len(text)), text, "另一处" if number else "合计")
        for number, text in enumerate(texts)
        for start in [document.text.index(text)]
    )
    return Finding(
        "A101",
        Severity.ERROR,
        Decimal("0.95"),
        "合计与各项之和不符。",
        places,
        "核对原始数据后改正。",
        printed=texts[0],
        computed="99",
        difference="1",
    )


def tree(data: bytes, part: str = "word/document.xml") -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return etree.fromstring(package.read(part))


def marked(data: bytes) -> dict[int, str]:
    """By comment: the text between its two marks, read straight from the XML."""
    inside: dict[int, str] = {}
    running: set[int] = set()
    for element in tree(data).iter():
        if element.tag == w("commentRangeStart"):
            running.add(int(element.get(w("id"), "")))
            inside[int(element.get(w("id"), ""))] = ""
        elif element.tag == w("commentRangeEnd"):
            running.discard(int(element.get(w("id"), "")))
        elif element.tag in {w("t"), f"{{{M}}}t"}:
            for number in running:
                inside[number] += element.text or ""
        elif element.tag == w("tab"):
            for number in running:
                inside[number] += "\t"
    assert not running
    return inside


def comment_texts(data: bytes) -> list[list[str]]:
    return [
        ["".join(map(str, line.itertext())) for line in comment.iter(w("p"))]
        for comment in tree(data, "word/comments.xml").iter(w("comment"))
    ]


def check(data: bytes, *findings: Finding) -> bytes:
    """The commented copy, after what must hold for every one."""
    document = read_docx(data, "报告.docx")
    made = commented_docx(data, document, findings)
    again = read_docx(made, "报告.docx")
    assert (again.text, again.blocks, again.tables) == (document.text, document.blocks, document.tables)
    body = tree(made)
    numbers = [each.get(w("id")) for each in tree(made, "word/comments.xml").iter(w("comment"))]
    for name in ("commentRangeStart", "commentRangeEnd", "commentReference"):
        assert sorted(each.get(w("id")) or "" for each in body.iter(w(name))) == sorted(map(str, numbers))
    for mark in body.iter(w("commentRangeStart"), w("commentRangeEnd")):
        parent = mark.getparent()
        assert parent is not None
        assert parent.tag in {
            w(name) for name in ("p", "ins", "hyperlink", "sdtContent", "smartTag", "fldSimple")
        }
    return made


def test_a_comment_stands_at_the_figure_and_says_everything() -> None:
    data = saved(r("全年收入100.5万元，") + r("支出"), cells=(("合计", "88.8"),))
    document = read_docx(data, "a.docx")
    made = check(data, found(document, "100.5", "88.8"))
    assert marked(made) == {0: "100.5", 1: "88.8"}
    assert comment_texts(made) == [
        [
            "【错误】A101",
            "合计与各项之和不符。",
            "原文 100.5；重算 99；相差 1",
            "处理办法：核对原始数据后改正。",
            "此处：合计",
            "另一处：另一处：“88.8”",
        ],
        [
            "【错误】A101",
            "合计与各项之和不符。",
            "原文 100.5；重算 99；相差 1",
            "处理办法：核对原始数据后改正。",
            "此处：另一处",
            "另一处：合计：“100.5”",
        ],
    ]
    comment = next(tree(made, "word/comments.xml").iter(w("comment")))
    assert comment.get(w("author")) == "准绳"
    assert comment.get(w("date")) is None


def test_python_docx_finds_the_comments_and_the_formats() -> None:
    made = docx.Document()
    paragraph = made.add_paragraph("收入")
    run = paragraph.add_run("共100.5万元")
    run.bold, run.font.color.rgb = True, RGBColor(0x12, 0x34, 0x56)
    stream = io.BytesIO()
    made.save(stream)
    data = stream.getvalue()
    shown = docx.Document(io.BytesIO(check(data, found(read_docx(data, "a.docx"), "100.5"))))
    assert [each.author for each in shown.comments] == ["准绳"]
    assert "合计与各项之和不符。" in next(iter(shown.comments)).text
    runs = [each for each in shown.paragraphs[0].runs if each.text]
    assert [each.text for each in runs] == ["收入", "共", "100.5", "万元"]
    assert [each.bold for each in runs] == [None, True, True, True]
    assert {str(each.font.color.rgb) for each in runs[1:]} == {"123456"}


def test_equal_input_gives_equal_bytes_and_the_date_is_as_given() -> None:
    data = saved(r("收入100.5万元"))
    document = read_docx(data, "a.docx")
    findings = [found(document, "100.5")]
    assert commented_docx(data, document, findings) == commented_docx(data, document, findings)
    made = commented_docx(data, document, findings, moment=datetime(2024, 3, 1, 8, 30, tzinfo=UTC))
    assert next(tree(made, "word/comments.xml").iter(w("comment"))).get(w("date")) == "2024-03-01T08:30:00Z"


def test_inside_insertions_links_and_controls() -> None:
    rich = "<w:sdt><w:sdtPr><w:alias w:val='甲'/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    data = saved(
        f'<w:ins w:id="7" w:author="某">{r("预算111.1万元")}</w:ins>'
        f'<w:hyperlink w:anchor="x">{r("决算222.2万元")}</w:hyperlink>' + rich.format(r("结余333.3万元"))
    )
    document = read_docx(data, "a.docx")
    made = check(data, *(found(document, each) for each in ("111.1", "222.2", "333.3")))
    assert marked(made) == {0: "111.1", 1: "222.2", 2: "333.3"}
    parents = {(each.getparent().tag) for each in tree(made).iter(w("commentRangeStart"))}  # type: ignore[union-attr]
    assert parents == {w("ins"), w("hyperlink"), w("sdtContent")}


def test_a_plain_text_control_is_marked_as_a_whole() -> None:
    control = f"<w:sdt><w:sdtPr><w:text/></w:sdtPr><w:sdtContent>{r('24个')}</w:sdtContent></w:sdt>"
    data = saved(r("机构") + control + r("，其中"))
    made = check(data, found(read_docx(data, "a.docx"), "24"))
    assert marked(made) == {0: "24个"}
    assert all(each.getparent().tag == w("p") for each in tree(made).iter(w("commentRangeStart")))  # type: ignore[union-attr]


def test_marks_that_meet_cross_or_repeat() -> None:
    data = saved(r("甲12乙34丙") + r("丁56戊"))
    document = read_docx(data, "a.docx")
    texts = ("12乙34", "12", "34", "乙34丙丁56", "12", "甲12乙34丙丁56戊")
    made = check(data, *(found(document, each) for each in texts))
    assert marked(made) == dict(enumerate(texts))


def test_blanks_that_word_does_not_show_stay_invisible() -> None:
    data = saved("<w:r><w:t>  收入100.5万元 </w:t></w:r>" + r("整"))
    made = check(data, found(read_docx(data, "a.docx"), "100.5"))
    assert marked(made) == {0: "100.5"}


def test_tabs_breaks_and_formulas() -> None:
    formula = "<m:oMath><m:r><m:t>80÷100</m:t></m:r></m:oMath>"
    data = saved("<w:r><w:t>甲</w:t><w:tab/><w:t>12.5</w:t><w:br/><w:t>乙</w:t></w:r>" + formula)
    document = read_docx(data, "a.docx")
    made = check(data, found(document, "12.5"), found(document, "甲\t1"), found(document, "100"))
    assert marked(made) == {0: "12.5", 1: "甲\t1", 2: "80÷100"}
    assert len(list(tree(made).iter(w("br")))) == 1


def test_a_range_does_not_leave_its_cell() -> None:
    data = saved(cells=(("合计", "88.8"), ("其中", "9")))
    document = read_docx(data, "a.docx")
    made = check(data, found(document, "合计\t88.8\n其中"))
    assert marked(made) == {0: "合计"}


def test_text_in_a_box_or_note_is_marked_where_it_hangs() -> None:
    box = (
        "<w:r><w:pict><v:shape><v:textbox><w:txbxContent><w:p><w:r><w:t>框内36.5%</w:t></w:r></w:p>"
        "</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    )
    data = saved(r("前文") + box + r("后文"))
    made = check(data, found(read_docx(data, "a.docx"), "36.5%"))
    start = next(tree(made).iter(w("commentRangeStart")))
    held = start.getnext()
    assert held is not None
    assert next(held.iter(w("pict")), None) is not None
    assert "所指文字在文本框、脚注、页眉或页脚中：“36.5%”" in comment_texts(made)[0]


def test_footnotes_and_headers() -> None:
    made = docx.Document()
    made.add_paragraph("正文")
    made.sections[0].header.paragraphs[0].text = "页眉2023年"
    stream = io.BytesIO()
    made.save(stream)
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(stream.getvalue())) as source, zipfile.ZipFile(target, "w") as package:
        for name in source.namelist():
            content = source.read(name)
            if name == "word/document.xml":
                content = content.replace(
                    "正文</w:t></w:r>".encode(),
                    '正文</w:t></w:r><w:r><w:footnoteReference w:id="5"/></w:r>'.encode(),
                )
            elif name == "word/_rels/document.xml.rels":
                content = content.replace(
                    b"</Relationships>",
                    f'<Relationship Id="f1" Type="{R}/footnotes" Target="footnotes.xml"/></Relationships>'.encode(),
                )
            package.writestr(name, content)
        note = f'<w:footnotes {NAMES}><w:footnote w:id="5"><w:p>{r("脚注77.7万元")}</w:p></w:footnote></w:footnotes>'
        package.writestr("word/footnotes.xml", note)
    document = read_docx(target.getvalue(), "a.docx")
    commented = check(target.getvalue(), found(document, "77.7"), found(document, "2023年"))
    assert marked(commented) == {0: "", 1: "正文"}
    start = next(each for each in tree(commented).iter(w("commentRangeStart")) if each.get(w("id")) == "0")
    held = start.getnext()
    assert held is not None
    assert next(held.iter(w("footnoteReference")), None) is not None


def test_an_automatic_number_is_marked_with_the_words_after_it() -> None:
    made = docx.Document()
    made.add_paragraph("职能", style="List Number")
    stream = io.BytesIO()
    made.save(stream)
    data = stream.getvalue()
    document = read_docx(data, "a.docx")
    assert document.text == "1.\t职能"
    assert marked(check(data, found(document, "1."))) == {0: "职能"}


def test_existing_comments_stay() -> None:
    made = docx.Document()
    run = made.add_paragraph().add_run("收入100.5万元")
    made.add_comment(run, text="先前的意见", author="某人")
    stream = io.BytesIO()
    made.save(stream)
    data = stream.getvalue()
    document = read_docx(data, "a.docx")
    shown = docx.Document(io.BytesIO(commented_docx(data, document, [found(document, "100.5")])))
    assert [(each.author, each.comment_id) for each in shown.comments] == [("某人", 0), ("准绳", 1)]
    assert next(iter(shown.comments)).text == "先前的意见"


def test_other_parts_keep_their_bytes() -> None:
    data = saved(r("收入100.5万元"))
    document = read_docx(data, "a.docx")
    made = commented_docx(data, document, [found(document, "100.5")])
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(io.BytesIO(made)) as after:
        changed = {name for name in before.namelist() if before.read(name) != after.read(name)}
        added = set(after.namelist()) - set(before.namelist())
    assert changed == {"word/document.xml", "word/_rels/document.xml.rels", "[Content_Types].xml"}
    assert added == {"word/comments.xml"}


def test_only_places_of_this_document_are_marked() -> None:
    data = saved(r("收入100.5万元"))
    document = read_docx(data, "a.docx")
    assert marked(commented_docx(data, document, [found(document, "100.5", index=1)])) == {}
    assert marked(commented_docx(data, document, [found(document, "100.5", index=1)], 1)) == {0: "100.5"}


def test_characters_that_xml_cannot_hold_do_not_break_the_file() -> None:
    data = saved(r("收入100.5万元"))
    document = read_docx(data, "a.docx")
    finding = Finding(
        "A1", Severity.NOTE, Decimal(1), "坏\x00字<&", (FoundPlace(0, Span(2, 7), "100.5"),), ""
    )
    assert comment_texts(check(data, finding))[0][1] == "坏\ufffd字<&"
    assert document.text[2:7] == "100.5"


def test_another_document_is_refused() -> None:
    document = read_docx(saved(r("甲")), "a.docx")
    with pytest.raises(ValueError, match="not read from"):
        commented_docx(saved(r("乙")), document, [])


@given(st.data())
def test_any_span_is_marked_exactly(data: st.DataObject) -> None:
    texts = data.draw(st.lists(st.text("甲乙12. ", min_size=1, max_size=6), min_size=1, max_size=5))
    source = saved("".join(r(each) for each in texts), r("尾"))
    document = read_docx(source, "a.docx")
    whole = "".join(texts)
    if document.text != f"{whole}\n尾":
        assert not whole.strip()
        return
    spans = data.draw(
        st.lists(
            st.tuples(st.integers(0, len(whole) - 1), st.integers(1, len(whole))).filter(
                lambda each: each[0] < each[1]
            ),
            min_size=1,
            max_size=6,
        )
    )
    findings = [
        Finding("A1", Severity.NOTE, Decimal(1), "甲", (FoundPlace(0, Span(*span), whole[slice(*span)]),), "")
        for span in spans
    ]
    assert marked(check(source, *findings)) == {
        number: whole[slice(*span)] for number, span in enumerate(spans)
    }
