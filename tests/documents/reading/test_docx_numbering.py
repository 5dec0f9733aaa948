"""Headings and automatic numbers of Word documents written by hand."""

import pytest
from word_documents import NUMBERING, STYLES, item, lines, p, r, read, styled

from zhunsheng.audit.document import BlockKind
from zhunsheng.documents.reading.docx_numerals import list_number


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
