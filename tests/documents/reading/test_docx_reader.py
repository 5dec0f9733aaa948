"""Word documents written by hand, element by element, and what Word shows of them."""

import io
import struct
import time
import zipfile
from itertools import pairwise

import docx
import openpyxl
import pytest
from docx.oxml import parse_xml

from zhunsheng.audit.document import FURNITURE, BlockKind, Document
from zhunsheng.documents.reading.docx_numerals import list_number
from zhunsheng.documents.reading.docx_reader import read_docx
from zhunsheng.kernel.problem import Severity

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SPACES = (
    f'xmlns:w="{W}" xmlns:r="{R}" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def part(root: str, inside: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:{root} {SPACES}>{inside}</w:{root}>'


def package(body: str, outside: str = "", **parts: str) -> bytes:
    """A Word package of a body and further parts such as styles, numbering, footnotes, header1."""
    relations = "".join(
        f'<Relationship Id="{name}" Type="{R}/{name.rstrip("0123456789")}" Target="{name}.xml"/>'
        for name in parts
    )
    types = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{KIND}.{name.rstrip("0123456789")}+xml"/>'
        for name in parts
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
            '<Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{KIND}.document.main+xml"/>{types}</Types>',
        )
        target.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}/relationships">'
            f'<Relationship Id="r1" Type="{R}/officeDocument" Target="word/document.xml"/></Relationships>',
        )
        target.writestr(
            "word/_rels/document.xml.rels",
            f'<Relationships xmlns="{PACKAGE}/relationships">{relations}{outside}</Relationships>',
        )
        target.writestr("word/document.xml", part("document", f"<w:body>{body}</w:body>"))
        for name, content in parts.items():
            target.writestr(f"word/{name}.xml", content)
    return stream.getvalue()


def read(body: str, outside: str = "", **parts: str) -> Document:
    document = read_docx(package(body, outside, **parts), "报告.docx")
    assert_laid_out(document)
    return document


def assert_laid_out(document: Document) -> None:
    """What every document must keep: blocks in order, apart; cells inside their table, in order."""
    for before, after in pairwise(document.blocks):
        assert before.span.end < after.span.start
        assert document.text[before.span.end : after.span.start] == "\n"
    for table in document.tables:
        block = next(each for each in document.blocks if each.table == table.index)
        assert block.span == table.span
        for first, second in pairwise(table.cells):
            assert first.span.end < second.span.start
            assert document.text[first.span.end : second.span.start].strip("\t\n") == ""
        taken = [
            (row, column)
            for cell in table.cells
            for row in range(cell.row, cell.row + cell.row_span)
            for column in range(cell.column, cell.column + cell.column_span)
        ]
        assert len(taken) == len(set(taken))
        assert all(row < table.rows and column < table.columns for row, column in taken)


def p(*runs: str, form: str = "") -> str:
    return f"<w:p>{f'<w:pPr>{form}</w:pPr>' if form else ''}{''.join(runs)}</w:p>"


def r(text: str, form: str = "") -> str:
    return f'<w:r>{f"<w:rPr>{form}</w:rPr>" if form else ""}<w:t xml:space="preserve">{text}</w:t></w:r>'


def lines(document: Document) -> list[str]:
    return [document.quote(block.span) for block in document.blocks]


def codes(document: Document) -> list[str]:
    return [problem.code for problem in document.problems]


def grid(document: Document, table: int = 0) -> list[tuple[int, int, int, int, str]]:
    return [
        (each.row, each.column, each.row_span, each.column_span, document.quote(each.span))
        for each in document.tables[table].cells
    ]


# --- text


def test_all_that_prints_in_a_paragraph_is_read_in_order() -> None:
    document = read(
        p(
            r("收入"),
            "<w:r><w:tab/></w:r>",
            f'<w:hyperlink r:id="x">{r("12.5")}</w:hyperlink>',
            f'<w:smartTag w:element="n">{r("万元")}</w:smartTag>',
            "<w:r><w:br/></w:r>",
            f"<w:sdt><w:sdtPr><w:text/></w:sdtPr><w:sdtContent>{r('其中')}</w:sdtContent></w:sdt>",
            "<w:r><w:t>项</w:t><w:softHyphen/><w:noBreakHyphen/><w:t>目</w:t></w:r>",
            '<w:bookmarkStart w:id="1" w:name="a"/>',
            f"<w:proofErr/><w:unheardOf>{r('支出')}</w:unheardOf>",
        )
    )
    assert document.text == "收入\t12.5万元\n其中项\xad\u2011目支出"
    assert not document.problems


def test_white_space_at_the_ends_of_a_text_counts_only_when_preserved() -> None:
    document = read(p("<w:r><w:t>  甲 乙\n</w:t></w:r>", '<w:r><w:t xml:space="preserve"> 丙 </w:t></w:r>'))
    assert document.text == "甲 乙 丙 "


def test_revisions_count_as_accepted() -> None:
    document = read(
        p(
            r("预算"),
            f'<w:del w:id="1"><w:r><w:delText>100</w:delText></w:r>{r("旧")}</w:del>',
            f'<w:ins w:id="2">{r("120")}</w:ins>',
            f'<w:moveFrom w:id="3">{r("左")}</w:moveFrom>',
            r("万元"),
            f'<w:moveTo w:id="4">{r("右")}</w:moveTo>',
        )
    )
    assert document.text == "预算120万元右"
    assert document.properties["tracked_changes"] == "4"
    assert document.properties["insertions"] == document.properties["deletions"] == "2"
    assert codes(document) == ["READ-029"]
    assert document.problems[0].severity is Severity.NOTE


def test_a_deleted_paragraph_mark_joins_two_paragraphs() -> None:
    removed = '<w:rPr><w:del w:id="1"/></w:rPr>'
    document = read(p(r("全年支出"), form=removed) + p(r("120万元。")) + p(r("另起")))
    assert lines(document) == ["全年支出120万元。", "另起"]


def test_deleted_rows_are_gone_and_inserted_rows_are_there() -> None:
    def row(text: str, form: str = "") -> str:
        return f"<w:tr><w:trPr>{form}</w:trPr><w:tc>{p(r(text))}</w:tc></w:tr>"

    document = read(
        "<w:tbl>" + row("甲") + row("乙", '<w:del w:id="1"/>') + row("丙", '<w:ins w:id="2"/>') + "</w:tbl>"
    )
    assert [cell[-1] for cell in grid(document)] == ["甲", "丙"]
    assert document.properties["tracked_changes"] == "2"


def field(instruction: str, result: str) -> str:
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f'{result}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def test_fields_show_their_result() -> None:
    inner = field(" PAGE ", r("9"))
    nested = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> IF </w:instrText></w:r>'
        f'{inner}<w:r><w:fldChar w:fldCharType="separate"/></w:r>{r("是")}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    document = read(
        p(r("合计"), field(" =SUM(ABOVE) ", r("88.8")), r("万元"), nested)
        + p(f'<w:fldSimple w:instr=" DATE ">{r("2024年")}</w:fldSimple>')
    )
    assert lines(document) == ["合计88.8万元是", "2024年"]


def test_a_field_may_reach_over_paragraphs() -> None:
    start = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> TOC </w:instrText></w:r>'
    document = read(
        p(start, '<w:r><w:fldChar w:fldCharType="separate"/></w:r>', r("一、概况"))
        + p(r("二、支出"))
        + p('<w:r><w:fldChar w:fldCharType="end"/></w:r>', r("正文"))
    )
    assert lines(document) == ["一、概况", "二、支出", "正文"]


def test_a_field_that_never_ends_hides_nothing() -> None:
    document = read(p(r("甲"), '<w:r><w:fldChar w:fldCharType="begin"/></w:r>', r("乙")) + p(r("丙")))
    assert lines(document) == ["甲乙", "丙"]


def test_hidden_text_is_left_out_and_said_aloud() -> None:
    styles = part(
        "styles",
        '<w:style w:type="character" w:styleId="H"><w:name w:val="藏"/><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Q"><w:name w:val="藏段"/><w:rPr><w:vanish/></w:rPr></w:style>',
    )
    document = read(
        p(r("可见"), r("不可见", "<w:vanish/>"), r("样式藏", '<w:rStyle w:val="H"/>'))
        + p(r("段藏"), r("露出", '<w:vanish w:val="0"/>'), form='<w:pStyle w:val="Q"/>')
        + p(r("网页藏", "<w:webHidden/>")),
        styles=styles,
    )
    assert lines(document) == ["可见", "露出", "网页藏"]
    assert document.properties["hidden"] == "3"
    assert codes(document) == ["READ-030"]
    assert "不可见" in document.problems[0].what


BOX = "<w:txbxContent>{0}</w:txbxContent>"


def test_a_text_box_is_read_once_after_its_paragraph() -> None:
    inside = BOX.format(p(r("框内36.5%")) + p(r("第二行")))
    drawing = (
        "<w:r><mc:AlternateContent>"
        f'<mc:Choice Requires="wps"><w:drawing><wps:wsp><wps:txbx>{inside}</wps:txbx></wps:wsp></w:drawing>'
        f"</mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>{inside}</v:textbox></v:shape></w:pict>"
        "</mc:Fallback></mc:AlternateContent></w:r>"
    )
    document = read(p(r("前"), drawing, r("后")) + p(r("下一段")))
    assert lines(document) == ["前后", "框内36.5%", "第二行", "下一段"]
    assert [block.kind for block in document.blocks] == [
        BlockKind.PARAGRAPH,
        BlockKind.TEXT_BOX,
        BlockKind.TEXT_BOX,
        BlockKind.PARAGRAPH,
    ]


def test_an_old_text_box_in_a_cell_belongs_to_the_cell() -> None:
    shape = f"<w:r><w:pict><v:shape><v:textbox>{BOX.format(p(r('注')))}</v:textbox></v:shape></w:pict></w:r>"
    document = read(f"<w:tbl><w:tr><w:tc>{p(r('甲'), shape)}</w:tc><w:tc>{p(r('1'))}</w:tc></w:tr></w:tbl>")
    assert [cell[-1] for cell in grid(document)] == ["甲\n注", "1"]


def test_formulas_ruby_and_symbols() -> None:
    fraction = (
        "<m:oMath><m:r><m:t>率=</m:t></m:r><m:f><m:num><m:r><m:t>80</m:t></m:r></m:num>"
        "<m:den><m:r><m:t>100</m:t></m:r></m:den></m:f></m:oMath>"
    )
    ruby = (
        "<w:r><w:ruby><w:rubyPr/><w:rt><w:r><w:t>yǔ</w:t></w:r></w:rt>"
        "<w:rubyBase><w:r><w:t>予</w:t></w:r></w:rubyBase></w:ruby></w:r>"
    )
    tick = '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/><w:sym w:font="Symbol" w:char="F0B3"/></w:r>'
    assert read(p(fraction) + p(ruby, tick)).text == "率=80/100\n予☑≥"


def test_raised_digits_are_not_digits_of_the_figure_before_them() -> None:
    up = '<w:vertAlign w:val="superscript"/>'
    document = read(p(r("支出12.5"), r("1", up), r("万元，面积3m"), r("2", up)))
    assert document.text == "支出12.5¹万元，面积3m²"


# --- parts beside the body


def test_notes_come_after_the_body_and_headers_last() -> None:
    def reference(kind: str, number: int) -> str:
        return f'<w:r><w:{kind}Reference w:id="{number}"/></w:r>'

    footnotes = part(
        "footnotes",
        f'<w:footnote w:type="separator" w:id="0">{p(r("———"))}</w:footnote>'
        f'<w:footnote w:id="2">{p("<w:r><w:footnoteRef/></w:r>", r(" 后注"))}</w:footnote>'
        f'<w:footnote w:id="3">{p(r("前注"))}</w:footnote>'
        f'<w:footnote w:id="4">{p(r("无人引用"))}</w:footnote>',
    )
    endnotes = part("endnotes", f'<w:endnote w:id="2">{p(r("尾注"))}</w:endnote>')
    section = '<w:sectPr><w:headerReference r:id="header1"/><w:footerReference r:id="footer1"/></w:sectPr>'
    document = read(
        p(r("增长12.5"), reference("footnote", 3), r("万元")) + p(reference("endnote", 2), r("二"))
        + p(r("三"), reference("footnote", 2)) + section,
        footnotes=footnotes,
        endnotes=endnotes,
        header1=part("hdr", f"<w:tbl><w:tr><w:tc>{p(r('某局'))}</w:tc></w:tr></w:tbl>"),
        footer1=part("ftr", p(r("第"), field(" PAGE ", r("1")), r("页"))),
    )  # fmt: skip
    assert lines(document) == ["增长12.5万元", "二", "三", "前注", " 后注", "尾注", "某局", "第1页"]
    kinds = [block.kind for block in document.blocks[3:]]
    assert kinds == [BlockKind.FOOTNOTE] * 3 + [BlockKind.HEADER, BlockKind.FOOTER]
    assert {BlockKind.HEADER, BlockKind.FOOTER} == FURNITURE
    assert document.tables == ()


# --- headings and numbering

STYLES = part(
    "styles",
    '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:basedOn w:val="a"/>'
    '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="2"><w:name w:val="heading 2"/><w:basedOn w:val="a"/>'
    '<w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="x"><w:name w:val="局标题"/><w:basedOn w:val="2"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="t"><w:name w:val="Title"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="c"><w:name w:val="caption"/></w:style>',
)


def level(number: int, style: str, pattern: str, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{number}"><w:start w:val="1"/><w:numFmt w:val="{style}"/>{more}'
        f'<w:lvlText w:val="{pattern}"/></w:lvl>'
    )


NO_GAP = '<w:suff w:val="nothing"/>'
NUMBERING = part(
    "numbering",
    '<w:abstractNum w:abstractNumId="0">'
    + level(0, "chineseCountingThousand", "%1、", '<w:pStyle w:val="1"/>' + NO_GAP)
    + level(1, "chineseCounting", "（%2）", NO_GAP)
    + level(2, "decimal", "%3.", '<w:suff w:val="space"/>')
    + level(3, "decimal", "（%3-%4）")
    + '</w:abstractNum><w:abstractNum w:abstractNumId="1">'
    + level(0, "decimalEnclosedCircleChinese", "%1", NO_GAP)
    + level(1, "upperLetter", "%1.%2", "<w:isLgl/>" + NO_GAP)
    + '</w:abstractNum><w:abstractNum w:abstractNumId="2">'
    + level(0, "bullet", "\uf06c")
    + "</w:abstractNum>"
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="4"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/>'
    "</w:lvlOverride></w:num>"
    '<w:num w:numId="5"><w:abstractNumId w:val="2"/></w:num>',
)


def item(text: str, list_key: int, depth: int = 0) -> str:
    form = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{list_key}"/></w:numPr>'
    return p(r(text), form=form)


def styled(text: str, style: str, more: str = "") -> str:
    return p(r(text), form=f'<w:pStyle w:val="{style}"/>{more}')


def test_headings_are_known_by_level_or_name() -> None:
    document = read(
        styled("报告", "t")
        + styled("概况", "1", '<w:numPr><w:numId w:val="0"/></w:numPr>')
        + styled("职能", "2", '<w:numPr><w:numId w:val="0"/></w:numPr>')
        + styled("机构", "x", '<w:numPr><w:numId w:val="0"/></w:numPr>')
        + p(r("直接"), form='<w:outlineLvl w:val="3"/>')
        + styled("不是", "1", '<w:numPr><w:numId w:val="0"/></w:numPr><w:outlineLvl w:val="9"/>')
        + styled("表1 收支", "c")
        + p(r("正文")),
        styles=STYLES,
        numbering=NUMBERING,
    )
    assert [(document.quote(each.span), each.kind.value, each.level) for each in document.blocks] == [
        ("报告", "title", None),
        ("概况", "heading", 1),
        ("职能", "heading", 2),
        ("机构", "heading", 2),
        ("直接", "heading", 4),
        ("不是", "paragraph", None),
        ("表1 收支", "caption", None),
        ("正文", "paragraph", None),
    ]
    assert document.blocks[3].style == "局标题"


def test_automatic_numbers_are_part_of_the_text() -> None:
    document = read(
        styled("概况", "1")
        + styled("职能", "2")
        + styled("机构", "2")
        + item("编制", 1, 2)
        + item("人员", 1, 2)
        + item("其中", 1, 3)
        + styled("支出", "1")
        + styled("基本", "2")
        + item("工资", 1, 2),
        styles=STYLES,
        numbering=NUMBERING,
    )
    assert lines(document) == [
        "一、概况",
        "（一）职能",
        "（二）机构",
        "1. 编制",
        "2. 人员",
        "（2-1）\t其中",
        "二、支出",
        "（一）基本",
        "1. 工资",
    ]
    assert document.blocks[3].kind is BlockKind.LIST_ITEM


def test_lists_of_one_definition_count_on_unless_restarted() -> None:
    document = read(
        item("甲", 2) + item("乙", 3) + item("丙", 4) + item("丁", 4) + item("子", 2, 1) + item("点", 5),
        numbering=NUMBERING,
    )
    assert lines(document) == ["①甲", "②乙", "①丙", "②丁", "2.1子", "点"]


@pytest.mark.parametrize(
    ("style", "numbers", "printed"),
    [
        ("chineseCounting", (1, 10, 11, 20, 99, 101), "一 十 十一 二十 九十九 一○一"),
        ("chineseCountingThousand", (10, 15, 100, 101, 110, 1001), "十 十五 一百 一百零一 一百一十 一千零一"),
        ("japaneseCounting", (9, 12, 100, 101), "九 十二 百 百一"),
        ("ideographDigital", (9, 10, 21), "九 一〇 二一"),
        ("ideographTraditional", (1, 10, 11), "甲 癸 11"),
        ("ideographZodiac", (1, 12), "子 亥"),
        ("ideographZodiacTraditional", (1, 13, 60), "甲子 丙子 癸亥"),
        ("chineseLegalSimplified", (1, 10, 21), "壹 壹拾 贰拾壹"),
        ("upperLetter", (1, 26, 27, 28, 53), "A Z AA BB AAA"),
        ("lowerRoman", (4, 9, 14, 40), "iv ix xiv xl"),
        ("upperRoman", (1994, 2_000_000_000), "MCMXCIV 2000000000"),
        ("decimalEnclosedCircle", (1, 20, 21), "① ⑳ 21"),
        ("decimalEnclosedParen", (1, 20), "⑴ ⒇"),
        ("decimalZero", (1, 12), "01 12"),
        ("decimalFullWidth", (10,), "１０"),
        ("ordinal", (1, 2, 3, 11, 22), "1st 2nd 3rd 11th 22nd"),
        ("somethingNew", (7,), "7"),
    ],
)
def test_numbers_are_written_as_word_writes_them(style: str, numbers: tuple[int, ...], printed: str) -> None:
    assert [list_number(style, number) for number in numbers] == printed.split()


# --- tables


def cell(text: str, form: str = "") -> str:
    return f"<w:tc><w:tcPr>{form}</w:tcPr>{p(r(text)) if text else '<w:p/>'}</w:tc>"


def row(*cells: str, form: str = "") -> str:
    return f"<w:tr><w:trPr>{form}</w:trPr>{''.join(cells)}</w:tr>"


def wide(count: int) -> str:
    return f'<w:gridSpan w:val="{count}"/>'


DOWN, MORE = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"


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


# --- documents from elsewhere and documents meant to do harm


def refused(data: bytes, code: str) -> None:
    document = read_docx(data, "报告.docx")
    assert document.text == ""
    assert code in codes(document)
    assert any(problem.severity is Severity.ERROR for problem in document.problems)


def test_other_files_are_refused_by_name() -> None:
    ole = bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 600
    refused(b"", "READ-020")
    refused(b"%PDF-1.7", "READ-020")
    refused(b"{\\rtf1 a}", "READ-020")
    refused(ole, "READ-022")
    refused(ole + "EncryptedPackage".encode("utf-16-le"), "READ-021")
    refused(b"PK\x03\x04" + b"\0" * 50, "READ-023")
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        target.writestr("a.txt", "a")
    refused(stream.getvalue(), "READ-020")


def test_damage_is_a_problem_not_an_exception() -> None:
    good = package(p(r("甲" * 500)))
    # wherever the file is cut or changed, reading ends with a document
    for position in range(0, len(good), 37):
        assert read_docx(good[:position], "a.docx").text == ""
        changed = good[:position] + bytes([good[position] ^ 0xFF]) + good[position + 1 :]
        assert read_docx(changed, "a.docx").format == "docx"
    refused(package("<w:p>"), "READ-023")


def test_a_workbook_under_a_false_name_is_refused() -> None:
    stream = io.BytesIO()
    openpyxl.Workbook().save(stream)
    refused(stream.getvalue(), "READ-020")


def test_unsafe_parts_are_refused_wherever_they_stand() -> None:
    good = package(p(r("甲")), styles=STYLES)
    for unsafe in ("_rels/.rels", "word/_rels/document.xml.rels", "word/styles.xml"):
        stream = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(good)) as source, zipfile.ZipFile(stream, "w") as target:
            for name in source.namelist():
                content = source.read(name)
                target.writestr(name, b"<!DOCTYPE a><a/>" if name == unsafe else content)
        refused(stream.getvalue(), "READ-025")


def test_a_damaged_side_part_costs_only_itself() -> None:
    document = read(p(r("甲")), styles="<w:styles", numbering="")
    assert document.text == "甲"
    assert codes(document) == ["READ-026", "READ-026"]


def test_damaged_relations_are_said_aloud() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package(p(r("甲"))))) as source, zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            target.writestr(name, b"<" if name == "word/_rels/document.xml.rels" else source.read(name))
    document = read_docx(stream.getvalue(), "a.docx")
    assert (document.text, codes(document)) == ("甲", ["READ-026"])


def test_entities_are_refused() -> None:
    bomb = '<!DOCTYPE a [<!ENTITY x "哈哈">]>'
    for coding in ("utf-8", "utf-16"):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as target:
            body = f'<w:document xmlns:w="{W}"><w:body>{p(r("&x;"))}</w:body></w:document>'
            content = f'<?xml version="1.0" encoding="{coding}"?>{bomb}{body}'
            target.writestr("word/document.xml", content.encode(coding))
        refused(stream.getvalue(), "READ-025")


def test_bombs_are_refused_quickly() -> None:
    started = time.process_time()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("word/document.xml", b" " * 30_000_000)
    refused(stream.getvalue(), "READ-024")
    # a directory that promises little and unpacks to much
    lying = bytearray(package(p(r("甲" * 100_000))))
    central = lying.rfind(b"PK\x01\x02")
    struct.pack_into("<I", lying, central + 24, 10)
    refused(bytes(lying), "READ-023")
    assert time.process_time() - started < 5


@pytest.mark.parametrize("depth", [70, 240, 5000])
@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"),
        ("<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>"),
        ('<w:ins w:id="1">', "</w:ins>"),
        (f"<w:r><w:ruby><w:rt>{r('音')}</w:rt><w:rubyBase>", "</w:rubyBase></w:ruby></w:r>"),
    ],
)
def test_depth_does_no_harm(depth: int, start: str, end: str) -> None:
    document = read_docx(package(start * depth + p(r("底")) + end * depth), "a.docx")
    assert document.text == "底" or codes(document) == ["READ-023"]
    if depth == 70:
        assert document.text == "底"


def test_large_numbers_in_the_format_do_no_harm() -> None:
    huge = "9" * 5000
    numbering = part(
        "numbering",
        f'<w:abstractNum w:abstractNumId="0">{level(0, "upperRoman", "%1" * 5000)}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
        '<w:startOverride w:val="999999999"/></w:lvlOverride></w:num>',
    )
    document = read(
        item("甲", 1)
        + "<w:tbl>"
        + row(cell("乙", wide(2_000_000_000)), cell("丙", f'<w:gridSpan w:val="{huge}"/>'))
        + "</w:tbl>"
        + p(r("丁"), form=f'<w:outlineLvl w:val="{huge}"/>'),
        numbering=numbering,
    )
    assert len(document.text) < 1000
    assert document.tables[0].columns == 2


def test_styles_in_a_circle_end() -> None:
    styles = part(
        "styles",
        '<w:style w:type="paragraph" w:styleId="a"><w:name w:val="甲"/><w:basedOn w:val="b"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="b"><w:name w:val="乙"/><w:basedOn w:val="a"/></w:style>',
    )
    assert read(styled("文", "a"), styles=styles).blocks[0].style == "甲"


def test_outside_references_macros_and_imports_are_named() -> None:
    outside = (
        f'<Relationship Id="o1" Type="{R}/attachedTemplate" Target="http://example.invalid/x.dotm" '
        'TargetMode="External"/>'
        f'<Relationship Id="o2" Type="{R}/hyperlink" Target="http://example.invalid/" TargetMode="External"/>'
    )
    document = read(p(r("甲")) + '<w:altChunk r:id="q"/>', outside, vbaProject="")
    assert document.text == "甲"
    assert sorted(codes(document)) == ["READ-027", "READ-028", "READ-032"]
    assert "引用 1 个" in next(each.what for each in document.problems if each.code == "READ-028")


def test_a_strict_document_is_read_as_any_other() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        target.writestr(
            "word/document.xml",
            '<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main">'
            f"<w:body>{p(r('严格'))}</w:body></w:document>",
        )
    assert read_docx(stream.getvalue(), "a.docx").text == "严格"


def test_pictures_only() -> None:
    document = read(p("<w:r><w:pict><v:shape><v:imagedata/></v:shape></w:pict></w:r>"))
    assert codes(document) == ["READ-034", "READ-031"]
    assert document.properties == {"pictures": "1"}


def test_page_numbers_among_the_words_are_footers() -> None:
    document = read("".join(p(r(f"第{number}页的文字，")) + p(r(f"— {number} —")) for number in range(1, 5)))
    assert [block.kind for block in document.blocks[:2]] == [BlockKind.PARAGRAPH, BlockKind.FOOTER]
    assert codes(document) == ["READ-033"]
    few = read(p(r("— 3 —")) + p(r("— 9 —")) + p(r("— 1 —")))
    assert {block.kind for block in few.blocks} == {BlockKind.PARAGRAPH}


@pytest.mark.slow
def test_a_long_document_takes_seconds() -> None:
    # every paragraph differs, so that the package is no bomb by its ratio
    body = "".join(
        p(
            *(
                r(f"第{number}段{part}支出{number * 7919 % 100003}.{part}万元，比上年增长", "<w:b/>")
                for part in range(3)
            )
        )
        for number in range(12_000)
    )
    data = package(body)
    started = time.process_time()
    document = read_docx(data, "长.docx")
    seconds = time.process_time() - started
    assert len(document.blocks) == 12_000
    assert len(document.text.encode()) / seconds > 300_000, seconds
