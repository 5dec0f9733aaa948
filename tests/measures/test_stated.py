"""A stated value against a computed one: at its printed precision, in its unit, by the range its words leave open."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from zhunsheng.expressions.nodes import Expression, Literal
from zhunsheng.expressions.types import INTEGER
from zhunsheng.indicators.definition import Direction, IndicatorDefinition, IndicatorVersion, ResultKind
from zhunsheng.indicators.measure import Aggregate, Measure
from zhunsheng.kernel.citation import UNSOURCED
from zhunsheng.measures.figure import Figure, FigureStatus, figure
from zhunsheng.measures.period import Window
from zhunsheng.measures.request import Answer
from zhunsheng.measures.stated import Verdict, held_against


def _figure(
    value: Any, unit: str = "%", kind: ResultKind = ResultKind.NUMBER, *, applies: bool = True
) -> Figure:
    indicator = IndicatorDefinition(
        "x", "测试", "Test", "", 1, kind, unit, "1", 2, Direction.NONE, (), (), (), {"true": "已完成"}, ()
    )
    status = FigureStatus.COMPUTED if applies else FigureStatus.NOT_APPLICABLE
    printed = str(value) if not isinstance(value, bool) else "已完成"
    return Figure(
        indicator, None, Window(2023), "", {}, status, value, printed, "" if applies else "没有记录。", ()
    )


@pytest.mark.parametrize(
    ("stated", "value", "unit", "verdict"),
    [
        ("97.65%", Fraction(1434465, 1468986) * 100, "%", Verdict.EQUAL),
        ("97.6%", Fraction("97.65"), "%", Verdict.TRUNCATED),
        ("97.7%", Fraction("97.65"), "%", Verdict.EQUAL),
        ("3.22%", Fraction(600, 186), "%", Verdict.TRUNCATED),
        ("3.23%", Fraction(600, 186), "%", Verdict.EQUAL),
        ("97.64%", Fraction("97.65"), "%", Verdict.DIFFERENT),
        ("44.68万户", Fraction(446800), "户", Verdict.EQUAL),
        ("44.68万户", Fraction(446849), "户", Verdict.EQUAL),
        ("44.68万户", Fraction(446850), "户", Verdict.TRUNCATED),
        ("44.68万户", Fraction(446900), "户", Verdict.DIFFERENT),
        ("1434465户", Fraction(1434465), "户", Verdict.EQUAL),
        ("287", Fraction(287), "台", Verdict.EQUAL),
        ("超过80%", Fraction(82), "%", Verdict.EQUAL),
        ("超过80%", Fraction(79), "%", Verdict.DIFFERENT),
        ("287台", Fraction(287), "户", Verdict.NOT_COMPARABLE),
        ("很好", Fraction(287), "户", Verdict.NOT_COMPARABLE),
        ("1952.31万元", Fraction("1952.31"), "万元", Verdict.EQUAL),
        ("19523100元", Fraction("1952.31"), "万元", Verdict.EQUAL),
        ("-0.88%", Fraction("-0.8776"), "%", Verdict.EQUAL),
    ],
)
def test_numbers(stated: str, value: Fraction, unit: str, verdict: Verdict) -> None:
    assert held_against(stated, _figure(value, unit)).verdict is verdict


@pytest.mark.parametrize(
    ("stated", "verdict"),
    [
        ("2023-12-10前", Verdict.EQUAL),
        ("2023年11月18日之前", Verdict.DIFFERENT),
        ("2023-11-19", Verdict.EQUAL),
        ("2023-11-20", Verdict.DIFFERENT),
        ("年底", Verdict.NOT_COMPARABLE),
    ],
)
def test_days(stated: str, verdict: Verdict) -> None:
    found = _figure(date(2023, 11, 19), "", ResultKind.DATE)
    assert held_against(stated, found).verdict is verdict


def test_words_and_what_does_not_apply() -> None:
    assert held_against("已完成", _figure(True, "", ResultKind.YES_NO)).verdict is Verdict.EQUAL
    assert held_against("未完成", _figure(True, "", ResultKind.YES_NO)).verdict is Verdict.DIFFERENT
    missing = held_against("97.65%", _figure(None, applies=False))
    assert (missing.verdict, missing.why) == (Verdict.NOT_COMPARABLE, "没有记录。")


def _version(*measures: Measure) -> IndicatorVersion:
    formula = Expression("0", Literal(0, INTEGER))
    return IndicatorVersion(None, None, measures, formula, None, "没有可算的。", (), UNSOURCED)


def test_records_that_disagree_are_said_and_not_chosen_from() -> None:
    only = Measure("grade", "x", Aggregate.ONLY, formula_of := Expression("g", Literal("A", INTEGER)))
    assert formula_of.text == "g"
    found = figure(
        _figure(Fraction(1)).indicator,
        _version(only),
        Window(2023),
        "",
        {},
        {"grade": Answer("A", several=True)},
    )
    assert found.status is FigureStatus.CONTRADICTORY
    assert found.value is None


def test_a_sum_over_nothing_is_nothing_and_a_mean_over_nothing_does_not_exist() -> None:
    amount = Expression("a", Literal(Decimal(0), INTEGER.with_places(2)))
    total, mean = Measure("s", "x", Aggregate.SUM, amount), Measure("m", "x", Aggregate.MEAN, amount)
    assert Answer(None).as_number(total) == 0
    assert Answer(None).as_number(mean) is None
    assert Answer(1001, number=2).as_number(mean) == Fraction(1001, 200)
    assert Answer(1001, number=2).as_number(total) == Decimal("10.01")
