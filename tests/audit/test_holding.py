"""A document held against a known one: changed figures named, exactly those."""

from collections.abc import Callable

import pytest

from zhunsheng.audit.document import Document
from zhunsheng.audit.holding import hold_against
from zhunsheng.audit.reading import read

KNOWN = """清江市文化局2023年度自评报告
一、基本情况
全年预算数1,200.00万元，执行数1,140.00万元，完成预算的95.00%。
指标\t目标值\t完成值\t得分
展览场次\t≥20场\t24场\t5.00
观众人次\t≥3000人次\t2800人次\t4.67
二、结论
自评得分96.50分，等级为优。
"""
FORM = "指标\t分值\t得分\n展览场次\t5\t5.00\n"


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ([], []),
        ([("1,140.00", "1,104.00")], ["1,104.00万元"]),
        ([("24场", "42场"), ("4.67", "4.76"), ("96.50", "95.60")], ["42场", "4.76", "95.60分"]),
        ([("2023年度", "2022年度")], ["2022年度"]),
        ([("展览场次\t≥20场\t24场\t5.00\n", "")], []),
    ],
)
def test_exactly_the_changed_figures(
    document: Callable[[str], Document], changes: list[tuple[str, str]], named: list[str]
) -> None:
    text = KNOWN
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    result = hold_against(read(document(text)), [read(document(FORM)), read(document(KNOWN))])
    assert [each.places[0].text for each in result.findings if each.code == "C001"] == named
    assert [each for each in result.findings if each.code == "C002"] == []


def test_a_reworded_sentence_is_still_compared(document: Callable[[str], Document]) -> None:
    text = KNOWN.replace(
        "全年预算数1,200.00万元，执行数1,140.00万元", "本年度全年预算数1,200.00万元，实际执行数1,141.00万元"
    )
    result = hold_against(read(document(text)), [read(document(KNOWN))])
    assert [(each.code, each.printed, each.computed) for each in result.findings] == [
        ("C001", "1,141.00万元", "1,140.00万元")
    ]


def test_a_new_figure_is_said_to_be_unknown(document: Callable[[str], Document]) -> None:
    text = KNOWN + "另获市级奖励3项，奖金15万元。\n"
    result = hold_against(read(document(text)), [read(document(KNOWN))])
    assert [(each.code, each.printed) for each in result.findings] == [("C002", "3项"), ("C002", "15万元")]


def test_every_figure_of_the_same_document_is_verified(document: Callable[[str], Document]) -> None:
    result = hold_against(read(document(KNOWN)), [read(document(KNOWN))])
    coverage = result.coverage[0]
    assert coverage.checked == coverage.numerals - coverage.structural == 10
