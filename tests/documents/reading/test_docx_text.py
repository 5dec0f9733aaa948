"""What Word prints of paragraphs, revisions, fields, boxes, notes and headers, in documents written by hand."""

from word_documents import codes, field, grid, lines, p, part, r, read

from zhunsheng.audit.document import FURNITURE, BlockKind
from zhunsheng.kernel.problem import Severity

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
