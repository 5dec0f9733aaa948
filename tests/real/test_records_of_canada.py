"""Indicators of Canada with target, actual and status, through definitions written for them, to figures reckoned again.

The second reckoning reads the file with `csv` and uses nothing of the product. The files are kept outside the
project; where they are absent this says so.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from foreign_records import (
    FOREIGN,
    INDICATORS,
    assert_balance,
    columns_of,
    csv_rows,
    hold_against,
    hold_against_by,
    share,
)

from packs import Bureau, csv_file
from zhunsheng.ledgers.field import Level
from zhunsheng.measures.period import Window

pytestmark = FOREIGN

_NUMBER = re.compile(r"-?\d+(\.\d+)?")
"""A number as the file writes them; every other text is a sentence."""


@cache
def ca_rows() -> tuple[dict[str, str], ...]:
    return tuple(csv_rows(INDICATORS))


def number(text: str) -> Fraction | None:
    return Fraction(text.strip()) if _NUMBER.fullmatch(text.strip()) else None


def meets(row: Mapping[str, str]) -> bool | None:
    """Whether a numeric result is within its targets; None without a numeric target."""
    actual, least, most = (number(row[name]) for name in ("actual_result_en", "target_min", "target_max"))
    if actual is None or (least is None and most is None):
        return None
    return (least is None or actual >= least) and (most is None or actual <= most)


def is_crossed(row: Mapping[str, str]) -> bool:
    least, most = number(row["target_min"]), number(row["target_max"])
    return least is not None and most is not None and least > most


@cache
def ca_lines() -> dict[str, int]:
    """The line in which the record of each indicator begins, found among the bytes of the file."""
    begins = re.compile(rb'^"?([0-9A-Z][0-9A-Z-]{3,19})"?,"[0-9A-Z-]+",')
    found: dict[str, int] = {}
    for line, content in enumerate(INDICATORS.read_bytes().split(b"\n"), start=1):
        match = begins.match(content)
        if match:
            found[match[1].decode()] = line
    return found


@pytest.fixture(scope="module")
def canada(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bureau]:
    bureau = Bureau.open("canada", tmp_path_factory.mktemp("ca") / "store")
    with bureau.store:
        bureau.bring("ca_indicator", csv_file(INDICATORS), "CATBS")
        bureau.bring("ca_result", csv_file(INDICATORS), "CATBS")
        yield bureau


def test_indicators_of_canada_come_in(canada: Bureau) -> None:
    rows = ca_rows()
    assert set(ca_lines()) == {row["id"] for row in rows}
    assert len(ca_lines()) == len(rows)
    crossed = [row for row in rows if is_crossed(row)]
    # found by looking into the file: targets from 80 down to 0
    assert [row["id"] for row in crossed] == ["NI030-0533-2016", "NI030-0554-2016"]
    crossed_lines = [ca_lines()[row["id"]] for row in crossed]
    whole, numeric = canada.history[2:]
    assert_balance(whole.record, stored=len(rows) - 2, quarantined=2)
    assert whole.fault_lines("ca_indicator.bounds_in_order") == crossed_lines
    assert sum(whole.tally.faults.values()) == 2
    left = {
        f"{name}_{language}"
        for name in ("explanation", "target_narrative", "methodology", "measure")
        for language in ("en", "fr")
    }
    assert {each.value for each in whole.problems} == left | {"actual_result_fr"}
    # numbers keep their zeros, texts their line ends
    kept = {name: (text, least) for name, text, least in columns_of(canada, "ca_indicator", ["indicator_no", "actual_text", "target_min"])}  # fmt: skip
    assert "000128" in kept
    for row in rows:
        if row not in crossed:
            wanted = row["actual_result_en"].replace("\r\n", "\n").strip() or None
            least = number(row["target_min"])
            assert kept[row["id"]] == (wanted, None if least is None else int(least * 100)), row["id"]

    # results that are numbers: sentences and empty ones are turned away, each with its line
    empty = [ca_lines()[row["id"]] for row in rows if not row["actual_result_en"].strip()]
    words = [
        ca_lines()[row["id"]]
        for row in rows
        if row["actual_result_en"].strip() and number(row["actual_result_en"]) is None
    ]
    assert (len(empty), len(words)) == (947, 477)
    assert numeric.fault_lines("LEDG-101") == empty
    assert numeric.fault_lines("LEDG-103") == words
    assert numeric.fault_lines("ca_result.bounds_in_order") == crossed_lines
    told = next(each for each in numeric.faults if each.line == words[0])
    assert (told.level, told.headings) == (Level.REJECT, ("actual_result_en",))
    away = len(empty) + len(words)
    assert_balance(numeric.record, stored=len(rows) - away - 2, rejected=away, quarantined=2)
    # reported as met although the number is not within the target
    doubtful = [
        ca_lines()[row["id"]]
        for row in rows
        if row["status_color"] == "success" and meets(row) is False and not is_crossed(row)
    ]
    assert doubtful
    assert numeric.fault_lines("ca_result.success_is_within_target") == doubtful
    assert sum(numeric.tally.faults.values()) == away + 2 + len(doubtful)

    stage = csv_file(INDICATORS)
    assert_balance(canada.bring_again("ca_indicator", stage, "CATBS"), unchanged=len(rows) - 2, quarantined=2)
    assert_balance(
        canada.bring_again("ca_result", stage, "CATBS"),
        unchanged=len(rows) - away - 2,
        rejected=away,
        quarantined=2,
    )


def ca_figure(code: str, window: Window, rows: Sequence[Mapping[str, str]] | None = None) -> Fraction | None:
    """An indicator reckoned over rows of the file, all by default; contradictory targets are left out."""
    rows = [row for row in (ca_rows() if rows is None else rows) if not is_crossed(row)]
    status = Counter(row["status_color"] for row in rows)
    due = [row for row in rows if row["target_year"] == str(window.year)]
    match code:
        case "ca_reported_indicators":
            return Fraction(sum(1 for row in rows if row["doc"] == "drr16"))
        case "ca_results_with_indicator":
            judged = [row for row in rows if row["status_color"] in {"success", "failure"}]
            return Fraction(len({row["result_id"] for row in judged}))
        case "ca_success_share":
            return share(status["success"], status["success"] + status["failure"])
        case "ca_within_target_share":
            verdicts = [verdict for row in due if (verdict := meets(row)) is not None]
            return share(sum(verdicts), len(verdicts))
        case "ca_mean_distance":
            distances = []
            for row in due:
                actual, least = number(row["actual_result_en"]), number(row["target_min"])
                if row["target_type"] == "percent" and not row["target_max"] and None not in {actual, least}:
                    distances.append((actual or 0) - (least or 0))
            return Fraction(sum(distances), len(distances)) if distances else None
        case "ca_contradicted_status":
            verdicts = [
                meets(row) is (row["status_color"] == "success")
                for row in rows
                if row["status_color"] in {"success", "failure"} and meets(row) is not None
            ]
            return share(verdicts.count(False), len(verdicts))
    raise AssertionError(code)


def test_figures_of_canada_are_those_reckoned_from_the_file(canada: Bureau, tmp_path: Path) -> None:
    windows = [Window(year) for year in (*range(2015, 2022), 2028)]
    assert hold_against(canada, windows, ca_figure, tmp_path / "states") >= 6 * 6
    year = Window(2017)
    for code in canada.pack.indicators:
        for field, column in (("status", "status_color"), ("target_type", "target_type")):
            # broken down are the records of the ledger; those of the second have a number
            rows = [row for row in ca_rows() if not is_crossed(row)]
            if canada.pack.indicators[code].versions[0].measures[0].ledger == "ca_result":
                rows = [row for row in rows if number(row["actual_result_en"]) is not None]
            split = {
                value: [row for row in rows if row[column] == value]
                for value in {row[column] for row in rows}
            }
            wanted = {value: ca_figure(code, year, part) for value, part in split.items()}
            hold_against_by(canada, code, year, field, wanted)
