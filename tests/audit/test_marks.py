"""Numbering marks."""

import pytest

from zhunsheng.audit.marks import MarkStyle, mark_of


@pytest.mark.parametrize(
    ("text", "style", "number"),
    [
        ("一、基本情况", MarkStyle.CHINESE, 1),
        ("十二、其他", MarkStyle.CHINESE, 12),
        ("（三）收支情况", MarkStyle.CHINESE_BRACKET, 3),
        ("4.采购管理", MarkStyle.ARABIC, 4),
        ("（15）完成其他任务", MarkStyle.ARABIC_BRACKET, 15),
        ("2.3 项目支出", MarkStyle.DECIMAL, 3),
        ("第二部分 决算表", MarkStyle.PART, 2),
        ("第十章 附则", MarkStyle.CHAPTER, 10),
        ("③复核", MarkStyle.CIRCLED, 3),
        ("二是强化监管", MarkStyle.SPOKEN, 2),
    ],
)
def test_marks(text: str, style: MarkStyle, number: int) -> None:
    mark = mark_of(text)
    assert mark is not None
    assert (mark.style, mark.number) == (style, number)


@pytest.mark.parametrize(
    "text", ["2023年度报告", "3.5万元用于培训", "全年完成", "一是否可行", "12315热线", ""]
)
def test_no_marks(text: str) -> None:
    assert mark_of(text) is None
