"""Scores of food inspections of San Francisco, through definitions written for them, to figures reckoned a second time.

The second reckoning reads the file with `csv` and uses nothing of the product. The files are kept outside the
project; where they are absent this says so.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from foreign_records import (
    FOREIGN,
    SCORES,
    assert_balance,
    columns_of,
    csv_rows,
    hold_against,
    hold_against_by,
)

from packs import Bureau, csv_file
from zhunsheng.ledgers.field import Level
from zhunsheng.measures.period import Window
from zhunsheng.store.records.entries import HoldReason

pytestmark = FOREIGN


@dataclass(frozen=True)
class Inspection:
    """One row of the file."""

    line: int
    business: str
    score: int
    day: date
    kind: str


@cache
def sf_rows() -> tuple[Inspection, ...]:
    """The rows; every one is a line of its own."""
    found = []
    for line, row in enumerate(csv_rows(SCORES), start=2):
        text = row["date"]
        day = date(int(text[:4]), int(text[4:6]), int(text[6:]))
        found.append(Inspection(line, row["business_id"], int(row["score"]), day, row["type"]))
    return tuple(found)


@cache
def sf_repeats() -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Lines of one business, day and kind with different scores, and lines that repeat another one."""
    same: dict[tuple[str, date, str], list[Inspection]] = defaultdict(list)
    for row in sf_rows():
        same[row.business, row.day, row.kind].append(row)
    differing, repeating = [], []
    for rows in same.values():
        if len({each.score for each in rows}) > 1:
            differing += [each.line for each in rows]
        else:
            repeating += [each.line for each in rows[1:]]
    return tuple(sorted(differing)), tuple(sorted(repeating))


@cache
def sf_in_force() -> tuple[Inspection, ...]:
    left_out = {line for lines in sf_repeats() for line in lines}
    return tuple(row for row in sf_rows() if row.line not in left_out)


@pytest.fixture(scope="module")
def san_francisco(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bureau]:
    bureau = Bureau.open("san_francisco", tmp_path_factory.mktemp("sf") / "store")
    with bureau.store:
        # the records before the businesses they point to
        bureau.bring("sf_inspection", csv_file(SCORES), "SFDPH")
        bureau.bring("sf_business", csv_file(SCORES), "SFDPH")
        yield bureau


def test_scores_of_san_francisco_come_in(san_francisco: Bureau) -> None:
    total, businesses = len(sf_rows()), {row.business for row in sf_rows()}
    differing, repeating = sf_repeats()
    # found by looking into the file: two scores on one day, one line twice
    assert differing == (7714, 7715)
    assert repeating == (10414,)
    first, second = san_francisco.history[2:]

    # their businesses are not there yet: they wait
    waits = total - len(differing) - len(repeating)
    assert_balance(first.record, duplicates=1, quarantined=2, waiting=waits)
    assert dict(first.waiting) == {"sf_business": waits}
    assert first.fault_lines("LEDG-150") == list(differing)
    for fault in first.faults:
        assert (fault.level, fault.headings) == (Level.QUARANTINE, ("business_id", "date", "type"))
        assert "64859、2015-09-24、例行检查" in fault.problem.what
    assert sum(first.tally.faults.values()) == 2

    # the businesses of the same file: one record for each number, the other columns told and left
    assert_balance(second.record, stored=len(businesses), duplicates=total - len(businesses))
    assert [each.value for each in second.problems] == ["score", "date", "type"]
    assert {each.code for each in second.problems} == {"LEDG-134"}
    assert second.released.rows == {"sf_inspection": waits}
    assert san_francisco.store.manifest.held(reason=HoldReason.WAITING) == ()

    stored = Counter(columns_of(san_francisco, "sf_inspection", ["score", "inspected_on", "inspection_type"]))
    assert stored == Counter((row.score, row.day, row.kind.upper()) for row in sf_in_force())

    # once more: recognised, and nothing changes
    again = san_francisco.bring_again("sf_inspection", csv_file(SCORES), "SFDPH")
    assert_balance(again, unchanged=waits, duplicates=1, quarantined=2)
    again = san_francisco.bring_again("sf_business", csv_file(SCORES), "SFDPH")
    assert_balance(again, unchanged=len(businesses), duplicates=total - len(businesses))


def sf_figure(code: str, window: Window) -> Fraction | None:
    """An indicator reckoned over the rows of the file."""

    def within(year: int) -> list[Inspection]:
        months = {window.month} if window.month else set(range(1, 13))
        return [row for row in sf_in_force() if row.day.year == year and row.day.month in months]

    rows = within(window.year)
    routine = [row.score for row in rows if row.kind == "routine"]
    times = Counter(row.business for row in rows)
    scores = sorted(row.score for row in rows)
    if code == "sf_businesses_inspected":
        return Fraction(len(times))
    if code == "sf_inspections_growth":
        before = len(within(window.year - 1))
        return Fraction(100 * (len(rows) - before), before) if before else None
    if not rows:
        return None
    match code:
        case "sf_routine_score_mean":
            return Fraction(sum(routine), len(routine))
        case "sf_good_score_share":
            return Fraction(100 * sum(1 for each in routine if each >= 90), len(routine))
        case "sf_inspections_per_business":
            return Fraction(len(rows), len(times))
        case "sf_median_score":
            half = len(scores) // 2
            return Fraction(scores[half]) if len(scores) % 2 else Fraction(scores[half - 1] + scores[half], 2)
        case "sf_repeatedly_inspected_share":
            return Fraction(100 * sum(1 for each in times.values() if each > 1), len(times))
    raise AssertionError(code)


def test_figures_of_san_francisco_are_those_reckoned_from_the_file(
    san_francisco: Bureau, tmp_path: Path
) -> None:
    months = [each for year in (2016, 2017) for each in Window(year).months]
    windows = [Window(2015), Window(2016), Window(2017), Window(2018), *months]
    # the file begins in February 2015: 2015 and January 2016 have nothing before them to grow from
    assert min(row.day for row in sf_rows()) == date(2015, 2, 19)
    assert hold_against(san_francisco, windows, sf_figure, tmp_path / "states") == 7 * 28 - 2
    # the one inspection after a complaint has no routine ones beside it
    kinds = Counter(row.kind for row in sf_in_force() if row.day.year == 2016)
    assert kinds["complaint"] == 1
    by_kind = {
        kind.upper(): Fraction(len({row.business for row in sf_in_force() if row.day.year == 2016 and row.kind == kind}))
        for kind in kinds
    }  # fmt: skip
    year = Window(2016)
    hold_against_by(san_francisco, "sf_businesses_inspected", year, "inspection_type", by_kind)
    means = {"ROUTINE": sf_figure("sf_routine_score_mean", year), "COMPLAINT": None}
    hold_against_by(san_francisco, "sf_routine_score_mean", year, "inspection_type", means)
