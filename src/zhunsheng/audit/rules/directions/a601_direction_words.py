"""A601: a word of comparison between two figures agrees with the figures."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from zhunsheng.audit.agreement import as_printed, range_of
from zhunsheng.audit.finding import Check
from zhunsheng.audit.passages import Passage
from zhunsheng.audit.quantities.numeral import Bound, Numeral, Role
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.rule import AuditRule, place_at, place_of

CODE = "A601"

_MORE = "大于|高于|多于|超过|超出|超"
_LESS = "小于|低于|少于|不足|未达到|未达"
_EQUAL = "等于|持平于|持平|一致|相等|相同"
# 决算数大于预算数；执行数与预算数持平
_NAMED = re.compile(
    rf"(?P<one>[^，。；（）\s]{{0,6}}?(?:决算|执行|完成|支出|实际)[^，。；\s]{{0,3}}?数?)(?:基本)?"
    rf"(?:(?P<more>{_MORE})|(?P<less>{_LESS})|(?P<equal>等于|持平于))"
    r"(?P<other>(?:年初|调整|全年|当年|本年)?(?:预算|计划)[^，。；的\s]{0,3}?数?)"
)
_NAMED_EQUAL = re.compile(
    r"(?P<one>(?:决算|执行|完成|支出)[^，。；\s]{0,3}?数?)(?:与|和|同)(?P<other>(?:年初|调整|全年)?预算[^，。；的\s]{0,3}?数?)"
    rf"(?:基本)?(?P<about>{_EQUAL})"
)
# 145.46万元，少于预算安排的…155.55万元
_BETWEEN = re.compile(
    r"^[^0-9。；]{0,4}?(?:，)?(?<!不)(?:(?P<more>大于|高于|多于)|(?P<less>小于|低于|少于))[^0-9。；，]{0,24}$"
)
_BUDGET = re.compile(r"(?:年初|调整后?|全年)?(?:预算|计划)[^，。；0-9]{0,8}$")
_ACTUAL = re.compile(r"(?:决算|实际|执行|支出|完成)[^，。；0-9]{0,10}$")


@dataclass(frozen=True, slots=True)
class _Comparison:
    one: Numeral
    other: Numeral
    word: str
    start: int
    end: int
    about: bool = False


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Compare the two figures that every word of comparison speaks of."""
    for passage in reading.passages:
        numerals = [each for each in reading.numerals_in(passage) if each.quantity is not None]
        if len(numerals) < 2:
            continue
        for comparison in (*_named(passage, numerals), *_between(passage, numerals)):
            yield _judged(reading, passage, rule, comparison)


def _judged(reading: Reading, passage: Passage, rule: AuditRule, comparison: _Comparison) -> Check:
    one, other = comparison.one, comparison.other
    if one.quantity is None or other.quantity is None:
        raise ValueError("a comparison needs two quantities")
    low, high = range_of(one.quantity), range_of(other.quantity)
    holds = {
        "大于": low.high > high.low,
        "小于": low.low < high.high,
        "等于": low.low <= high.high and high.low <= low.high,
    }[comparison.word]
    if comparison.about and not holds:
        # 基本持平 allows a small difference
        holds = abs(one.amount - other.amount) <= rule.numbers["about_share"] * abs(other.amount)
    if holds and one.amount == other.amount and comparison.word != "等于":
        holds = False
    if holds:
        return rule.passed(reading, one, other)
    true = "大于" if one.amount > other.amount else "小于" if one.amount < other.amount else "等于"
    difference = as_printed(one.amount - other.amount, one.quantity)
    words = passage.text[comparison.start : comparison.end]
    return rule.failed(
        rule.finding(
            f"文中写“{words}”，但 {one.text} {true} {other.text}",
            [
                place_at(reading, passage.span(comparison.start, comparison.end), "方向词"),
                place_of(reading, one),
                place_of(reading, other),
            ],
            confidence="0.95",
            printed=comparison.word,
            computed=true,
            difference=difference,
        ),
        [(reading, one), (reading, other)],
    )


def _named(passage: Passage, numerals: list[Numeral]) -> Iterator[_Comparison]:
    """决算数大于预算数: the latest amounts before it that are named budget and outturn."""
    text = passage.text
    for pattern in (_NAMED, _NAMED_EQUAL):
        for match in pattern.finditer(text):
            before = [
                each
                for each in numerals
                if each.end <= match.start() and each.quantity is not None and each.quantity.unit == "元"
            ]
            # only within the same item: at most two sentences back
            start = max(0, match.start() - 120)
            budget = next((each for each in reversed(before) if _named_as(text, each, _BUDGET)), None)
            actual = next((each for each in reversed(before) if _named_as(text, each, _ACTUAL)), None)
            if budget is None or actual is None or min(budget.start, actual.start) < start:
                continue
            if budget is actual or Role.CHANGE in {budget.role, actual.role}:
                continue
            found = match.groupdict()
            word = "大于" if found.get("more") else "小于" if found.get("less") else "等于"
            about = "基本" in match[0]
            yield _Comparison(actual, budget, word, match.start(), match.end(), about)


def _named_as(text: str, numeral: Numeral, pattern: re.Pattern[str]) -> bool:
    before = text[max(0, numeral.start - 24) : numeral.start]
    if pattern is _ACTUAL and _BUDGET.search(before):
        return False
    return pattern.search(before) is not None


def _between(passage: Passage, numerals: list[Numeral]) -> Iterator[_Comparison]:
    """145.46万元，少于预算安排的155.55万元: the word stands between the two figures."""
    text = passage.text
    for one, other in pairwise(numerals):
        if one.dimension is not other.dimension or one.quantity is None or other.quantity is None:
            continue
        if one.quantity.unit != other.quantity.unit or one.bound is not Bound.NONE:
            continue
        match = _BETWEEN.match(text[one.end : other.start])
        if match is None:
            continue
        start = one.end + (match.start("more") if match["more"] else match.start("less"))
        word = "大于" if match["more"] else "小于"
        yield _Comparison(one, other, word, start, start + 2)
