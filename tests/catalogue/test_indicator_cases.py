"""Known answers: hand-made records and the figure they should give, by a reckoning that shares nothing with the engines."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from known_answers import CASES_READ, Case, known_ledger, quantile, reckoned

from zhunsheng.indicators.definition import IndicatorVersion
from zhunsheng.indicators.measure import Span
from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.field import FieldType
from zhunsheng.store.indicator_files import indicator_of


@pytest.mark.parametrize("case", CASES_READ, ids=lambda case: case.name)
def test_the_known_answer(case: Case) -> None:
    assert reckoned(case) == case.expected, case.because


FAR = 200
"""Years so far away that no case has records there."""


def moved(records: Mapping[str, Sequence[Mapping[str, Any]]], years: int) -> dict[str, list[dict[str, Any]]]:
    """The same records as other ones, so many years later."""
    found: dict[str, list[dict[str, Any]]] = {}
    for code, items in records.items():
        ledger = known_ledger(code)
        found[code] = [
            {
                name: _moved(ledger, name, value, years) if isinstance(value, str) and value else value
                for name, value in item.items()
            }
            for item in items
        ]
    return found


def _moved(ledger: LedgerDefinition, name: str, text: str, years: int) -> str:
    kind = ledger.by_name[name].type
    if kind in {FieldType.DATE, FieldType.TIME}:
        return f"{int(text[:4]) + years}{text[4:]}"
    if kind is FieldType.INTEGER and name in {"year", "report_year"}:
        return str(int(text) + years)
    if kind is FieldType.REFERENCE or (name in ledger.key and kind is FieldType.TEXT):
        return f"{text}+{years}"
    return text


def unmoved_by(version: IndicatorVersion, years: int) -> bool:
    """Whether records so many years away cannot matter: not to a flow, and later ones not to a stock either."""
    return all(
        each.span is Span.DURING
        or (each.span is Span.UNTIL_END and years > 0)
        or (each.where is not None and "= :year" in each.where.text)
        for each in version.measures
    )


def asks_due(version: IndicatorVersion) -> bool:
    """Whether deadlines are asked for, by a measure or its ledger; they need calendars."""
    computed = [each.computed for one in version.measures for each in known_ledger(one.ledger).fields]
    asked = [each.where for each in version.measures]
    return any(each is not None and "due(" in each.text for each in (*computed, *asked))


def _with_far_records() -> Iterator[tuple[Case, int]]:
    for case in CASES_READ:
        found = indicator_of(case.indicator)
        version = None if found is None else found.version_for(case.year)
        if case.records is None or version is None or asks_due(version):
            continue
        yield from ((case, years) for years in (-FAR, FAR) if unmoved_by(version, years))


FAR_CASES = tuple(_with_far_records())


@pytest.mark.parametrize(
    ("case", "years"), FAR_CASES, ids=[f"{case.name}{years:+}" for case, years in FAR_CASES]
)
def test_the_same_records_of_a_far_year_change_nothing(case: Case, years: int) -> None:
    assert case.records is not None
    others = moved(case.records, years)
    both = {code: [*items, *others[code]] for code, items in case.records.items()}
    assert reckoned(replace(case, records=both)) == case.expected


def test_most_cases_are_tried_with_records_of_other_years() -> None:
    assert len({case.name for case, _ in FAR_CASES}) > len(CASES_READ) * 3 // 5


def test_every_case_says_why() -> None:
    assert [case.name for case in CASES_READ if not case.because] == []


def test_a_quantile_lies_between_its_neighbours() -> None:
    assert quantile([Fraction(10), Fraction(20), Fraction(40)], Fraction(3, 4)) == 30
