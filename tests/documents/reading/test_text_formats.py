"""Plain text, Markdown, web pages and separated values: what a reader sees, at its exact place."""

import codecs

import pytest

from zhunsheng.audit.document import BlockKind, Document
from zhunsheng.documents.reading.reading import read_bytes


def read(text: str | bytes, name: str) -> Document:
    data = text if isinstance(text, bytes) else text.encode()
    document = read_bytes(data, name)
    for table in document.tables:
        for cell in table.cells:
            assert table.span.holds(cell.span)
            assert cell.row + cell.row_span <= table.rows
            assert cell.column + cell.column_span <= table.columns
    return document


def blocks(document: Document) -> list[tuple[BlockKind, str]]:
    return [
        (each.kind, document.text[each.span.start : each.span.end])
        for each in document.blocks
        if each.kind is not BlockKind.TABLE
    ]


def grid(document: Document, index: int = 0) -> list[list[str]]:
    """The texts of a table; covered and missing cells are "·"."""
    table = document.tables[index]
    found = [["·"] * table.columns for _ in range(table.rows)]
    for cell in table.cells:
        found[cell.row][cell.column] = document.text[cell.span.start : cell.span.end]
    return found


def codes(document: Document) -> list[str]:
    return [each.code for each in document.problems]


class TestText:
    def test_lines_with_tabs_are_a_table_and_offsets_are_those_of_the_file(self) -> None:
        text = (
            "一、收支情况\n项目\t决算数\t占比\n基本支出\t18.5\t80%\n项目支出\t4.6\t20%\n\n以上单位为万元。\n"
        )
        document = read(text, "报告.txt")
        assert document.text == text
        assert grid(document) == [
            ["项目", "决算数", "占比"],
            ["基本支出", "18.5", "80%"],
            ["项目支出", "4.6", "20%"],
        ]
        assert [words for _, words in blocks(document)] == ["一、收支情况", "以上单位为万元。"]

    def test_a_table_goes_on_after_a_page_number_and_a_repeated_header(self) -> None:
        head = "序号\t项目名称\t预算金额\n"
        document = read(f"{head}1\t甲\t10\n2\t乙\t20\n\n- 3 -\n\n{head}3\t丙\t30\n", "报告.txt")
        assert [row[1] for row in grid(document)] == ["项目名称", "甲", "乙", "丙"]

    def test_pieces_of_html_keep_their_place(self) -> None:
        text = (
            "序号\t任务\t目标\n"
            '1\t深化改革\t<ol style="list-style-type: none"> 1.完成12项；</ol>\n'
            "2\t强化监管\t<p>抽检 30 批次</p>\n"
            "<table><tr><td rowspan=2>合计</td><td>42</td></tr><tr><td>43</td></tr></table>\n"
        )
        document = read(text, "报告.txt")
        assert document.text == text
        assert grid(document)[1][2].startswith("1.完成12项；")
        assert grid(document)[2][2] == "抽检 30 批次"
        assert grid(document, 1) == [["合计", "42"], ["·", "43"]]
        assert document.tables[1].cells[0].row_span == 2

    @pytest.mark.parametrize(
        "data",
        [
            "支出预算为1,234.50万元，完成率98%。".encode("gb18030"),
            codecs.BOM_UTF8 + "支出预算为1,234.50万元，完成率98%。".encode(),
            "支出预算为1,234.50万元，完成率98%。".encode("utf-16"),
            codecs.BOM_UTF16_BE + "支出预算为1,234.50万元，完成率98%。".encode("utf-16-be"),
        ],
    )
    def test_encodings_of_chinese_offices(self, data: bytes) -> None:
        document = read(data, "报告.txt")
        assert document.text == "支出预算为1,234.50万元，完成率98%。"
        assert not document.problems

    def test_bytes_that_are_no_text_are_said(self) -> None:
        document = read(bytes(range(256)) * 40, "报告.txt")
        assert document.text == ""
        assert codes(document) == ["READ-006"]

    def test_a_bad_byte_is_shown_and_named_by_line(self) -> None:
        document = read("第一行\n".encode() + b"12\xff3\n" + "第三行很长很长".encode() * 5, "报告.txt")
        assert "12\ufffd3" in document.text
        assert document.problems[0].place.line == 2


class TestMarkdown:
    def test_headings_lists_tables_and_offsets(self) -> None:
        text = (
            "# 一、概况 #\n\n正文第一行\n正文第二行\n\n- 完成 12 项\n- [x] 完成 3 项\n\n"
            "| 项目 | 金额 |\n| :-- | --: |\n| 甲 \\| 乙 | 1.5 |\n| 丙 | 2.5 |\n\n> 引用 7 条\n"
        )
        document = read(text, "报告.md")
        assert document.text == text
        found = blocks(document)
        assert found[0] == (BlockKind.HEADING, "一、概况")
        assert document.blocks[0].level == 1
        assert (BlockKind.LIST_ITEM, "完成 12 项") in found
        assert (BlockKind.LIST_ITEM, "完成 3 项") in found
        assert found[-1][1] == "引用 7 条"
        assert grid(document)[0] == ["项目", "金额"]
        assert grid(document)[2] == ["丙", "2.5"]
        assert len(grid(document)) == 3

    def test_addresses_and_hidden_html_are_not_read_as_figures(self) -> None:
        text = "见[附件](https://example.org/2024/99.html)共 5 项。\n\n<!-- 88 -->\n\n<script>var a = 77</script>\n"
        document = read(text, "报告.md")
        shown = " ".join(words for _, words in blocks(document))
        assert "共 5 项" in shown
        for hidden in ("99", "88", "77"):
            assert hidden not in shown

    def test_indented_chinese_paragraphs_are_no_code(self) -> None:
        document = read("    全年收入 200 万元。\n", "报告.md")
        assert blocks(document) == [(BlockKind.PARAGRAPH, "全年收入 200 万元。")]


class TestWebPage:
    def test_merged_cells_stand_where_a_browser_puts_them(self) -> None:
        page = (
            "<html><body><table><caption>收支表</caption>"
            "<thead><tr><th rowspan=2>项目<th colspan=2>金额</tr><tr><th>预算<th>决算</tr></thead>"
            "<tr><td>基本支出<td>10<td>9</tr><tr><td colspan=3>注：单位为万元</table></body></html>"
        )
        document = read(page, "报告.html")
        assert grid(document) == [
            ["项目", "金额", "·"],
            ["·", "预算", "决算"],
            ["基本支出", "10", "9"],
            ["注：单位为万元", "·", "·"],
        ]
        heads = [cell for cell in document.tables[0].cells if cell.header]
        assert len(heads) == 4
        assert (BlockKind.CAPTION, "收支表") in blocks(document)

    def test_a_table_in_a_cell_is_a_table_of_its_own(self) -> None:
        page = (
            "<table><tr><td>甲<td>1</tr>"
            "<tr><td>乙<td><table><tr><td>子项<td>2<tr><td>子项二<td>3</table></tr></table>"
        )
        document = read(page, "报告.html")
        assert [table.nested_in for table in document.tables] == [None, 0]
        assert grid(document, 1) == [["子项", "2"], ["子项二", "3"]]
        assert document.text.count("子项二") == 1

    def test_what_a_page_does_not_show_is_not_read_and_named(self) -> None:
        page = (
            "<head><title>题 1</title><style>p{width:2px}</style></head><body><script>var a = 3</script>"
            "<p>收入 200 万元<span style='display:none'>404</span></p><p hidden>505</p>"
            "<table><tr><td>甲<td>6</tr><tr style='display: none'><td>乙<td>707</tr>"
            "<tr><td>丙<td>8<span style='visibility:hidden'>909</span></tr></table>"
            "<noscript>10</noscript><template>11</template></body>"
        )
        document = read(page, "报告.html")
        assert document.text == "收入 200 万元\n甲\t6\n丙\t8"
        hidden = next(each for each in document.problems if each.code == "READ-061")
        assert "4 处" in hidden.what

    def test_characters_written_as_entities(self) -> None:
        document = read(
            "<p>&yen;1&nbsp;234&#46;5&#x4e07;&#20803; &lt;b&gt; &amp;amp; &frac12; &bogus;</p>", "页.html"
        )
        assert document.text.replace("\xa0", " ").startswith("¥1 234.5万元 <b> &amp; ½")

    def test_no_entity_of_the_page_itself_is_followed(self) -> None:
        page = (
            '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a SYSTEM "file:///etc/hostname">'
            '<!ENTITY b "bbbbbbbbbb">]><html><body><p>1&a;2&b;3</p></body></html>'
        )
        document = read(page, "页.html")
        assert "bbbb" not in document.text.replace('"bbbbbbbbbb"', "")
        assert "1" in document.text

    def test_numbers_of_list_items_and_exponents(self) -> None:
        page = "<ol start=3><li>甲<li>乙</ol><ul><li>丙</ul><p>面积 12m<sup>2</sup></p><h2>二、小结</h2>"
        document = read(page, "页.html")
        assert blocks(document) == [
            (BlockKind.LIST_ITEM, "3. 甲"),
            (BlockKind.LIST_ITEM, "4. 乙"),
            (BlockKind.LIST_ITEM, "丙"),
            (BlockKind.PARAGRAPH, "面积 12m²"),
            (BlockKind.HEADING, "二、小结"),
        ]

    def test_the_encoding_that_the_page_names(self) -> None:
        page = "<html><head><meta charset=gb2312></head><body><p>支出预算 5 万元</p></body></html>"
        assert read(page.encode("gb18030"), "页.htm").text == "支出预算 5 万元"


class TestSeparatedValues:
    def test_gb18030_semicolons_and_quotes(self) -> None:
        text = '项目;金额;说明\n"甲;乙";1,5;"写作""一\n五"""\n丙;2,5;\n'
        document = read(text.encode("gb18030"), "表.csv")
        assert grid(document) == [
            ["项目", "金额", "说明"],
            ["甲;乙", "1,5", '写作"一\n五"'],
            ["丙", "2,5", ""],
        ]
        assert document.properties["encoding"] == "gb18030"

    def test_thousands_in_quotes_do_not_change_the_separator(self) -> None:
        document = read('项目,金额\n甲,"1,234.50"\n乙,"2,345.60"\n', "表.csv")
        assert grid(document)[1] == ["甲", "1,234.50"]

    def test_tabs_and_parts_parted_by_empty_lines(self) -> None:
        document = read("项目\t金额\n甲\t1\n\n项目\t人数\n乙\t2\n", "表.tsv")
        assert [grid(document, number)[1] for number in range(2)] == [["甲", "1"], ["乙", "2"]]

    def test_an_open_quote_is_said(self) -> None:
        rows = "".join(f"项{number},{number}\n" for number in range(60))
        document = read('项目,金额\n"甲,1\n' + rows, "表.csv")
        assert "READ-062" in codes(document)
