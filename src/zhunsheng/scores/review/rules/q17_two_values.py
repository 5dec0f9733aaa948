"""Q17: the same fact has the same value everywhere.

Recorded contradictions come first, then printed figures of equal subject, matter, period, unit and
comparator. A pair is reported once, and not more than the parameter's number in all.

Not acceptable: 126.21% on one page and 126.71% on another.
Acceptable: equal numbers written differently; figures of different periods; contradictions without
two numbers.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice

from zhunsheng.kernel.written import normalised, parse_quantity
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.year import ReviewedYear

CODE = "Q17"
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?\s*(?:万亿|亿|万)?")


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Find facts with two values."""
    yield from islice(_pairs(year, rule), int(rule.numbers["most"]))


def _pairs(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    seen: list[tuple[set[Decimal], set[str]]] = []
    for row in year.case.contradictions:
        one, other = _numbers(row.printed), _numbers(row.other)
        if one and other and one[0] not in other:
            seen.append(({one[0], other[0]}, _places(row.place, row.other_place)))
            yield rule.found(
                f"{row.subject}：一处为“{row.printed}”，一处为“{row.other}”",
                *_indicators(year, row.subject),
                places=(row.place, row.other_place),
            )
    first: dict[tuple[str, ...], list[tuple[Decimal, str, str]]] = {}
    for figure in year.case.printed_figures:
        value = next(iter(_numbers(figure.value + figure.unit)), None)
        if figure.role not in rule.words["roles"] or value is None or not figure.subject:
            continue
        key = (figure.subject, figure.metric, figure.period, figure.unit, figure.comparator)
        values = first.setdefault(key, [])
        if any(value == known for known, _, _ in values):
            continue
        for known, shown, place in values:
            places = _places(place, figure.place)
            if not any({known, value} == pair and places <= where for pair, where in seen):
                yield rule.found(
                    f"{figure.subject}{figure.metric}：一处为 {shown}{figure.unit}，"
                    f"一处为 {figure.value}{figure.unit}",
                    *_indicators(year, figure.subject + figure.metric),
                    places=(place, figure.place),
                )
        values.append((value, figure.value, figure.place))


def _numbers(text: str) -> list[Decimal]:
    """The numbers of a text with their multipliers: 9.66万 and 96,600 are equal."""
    quantities = (parse_quantity(number) for number in _NUMBER.findall(normalised(text)))
    return [quantity.amount for quantity in quantities if quantity is not None]


def _places(*written: str) -> set[str]:
    return {place for places in written for place in places.split("、")}


def _indicators(year: ReviewedYear, subject: str) -> list[str]:
    return [indicator.code for indicator in year.case.indicators if indicator.name in subject]
