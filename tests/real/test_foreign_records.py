"""Records that others published, through definitions written for them, to figures reckoned a second time from the file.

The second reckoning reads the files with `csv` and `openpyxl` and uses nothing of the product. The files are kept
outside the project; where they are absent this says so.
"""

import csv
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from packs import Bureau, Stage, csv_file
from zhunsheng.documents.ledger_workbook import read_ledger_workbook
from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.field import Level
from zhunsheng.measures.computing import Wish, compute, compute_by
from zhunsheng.measures.figure import FigureStatus
from zhunsheng.measures.period import Window
from zhunsheng.store.engines.bodies import bodies_of, groups
from zhunsheng.store.engines.duckdb_engine import DuckDBEngine
from zhunsheng.store.engines.state_cache import StateCache
from zhunsheng.store.intake.importing import staging_area
from zhunsheng.store.intake.other_sources import stage_query, stage_workbook
from zhunsheng.store.intake.releasing import release_held
from zhunsheng.store.intake.staging import Staged, StagingArea
from zhunsheng.store.records.entries import HoldReason, ImportRecord
from zhunsheng.store.records.reading import scan_sql

DATA = Path(__file__).parents[3] / "shared" / "data"
SCORES = DATA / "sf_food_inspections_scores.csv"
INDICATORS = DATA / "infobase_indicators_2018-11_drr16_dp18.csv"
MEASURES = DATA / "Performance_Measures_1819Adopted.xlsx"

pytestmark = [
    pytest.mark.real,
    pytest.mark.slow,
    pytest.mark.skipif(
        not all(each.is_file() for each in (SCORES, INDICATORS, MEASURES)),
        reason="the published records are not beside the project: no foreign file imported, no figure compared",
    ),
]


def never(_day: date, rule: str) -> date:
    raise AssertionError(rule)


def engine_of(bureau: Bureau, cache: StateCache | None = None) -> DuckDBEngine:
    return DuckDBEngine(bureau.store.snapshot(), bureau.pack.catalogue, never, cache=cache)


def half_up(value: Fraction, places: int) -> str:
    """A number at some places, halves away from zero, reckoned in whole numbers."""
    whole = (abs(value) * 10**places * 2 + 1) // 2
    digits = str(whole).rjust(places + 1, "0")
    shown = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{shown}" if value < 0 and whole else shown


def assert_equal(bureau: Bureau, code: str, got: Any, wanted: Fraction | None, where: object) -> None:
    """A figure is the one reckoned: exactly, and as printed; None where there is nothing to reckon."""
    if wanted is None:
        assert got.status is FigureStatus.NOT_APPLICABLE, (code, where, got.value)
        assert got.why, code
        return
    assert got.status is FigureStatus.COMPUTED, (code, where, got.why)
    assert got.value == wanted, (code, where)
    assert got.printed == half_up(wanted, bureau.pack.indicators[code].places), (code, where)


def hold_against(
    bureau: Bureau, windows: Sequence[Window], wanted: Callable[[str, Window], Fraction | None], path: Path
) -> int:
    """All indicators of a pack for all periods: one by one, together, and read off kept states. Gives how many."""
    wishes = [Wish(each, window) for each in bureau.pack.indicators.values() for window in windows]
    kept = StateCache(path)
    engines = [engine_of(bureau), engine_of(bureau, kept), engine_of(bureau, kept)]
    together = [compute(wishes, engine) for engine in engines]
    values = 0
    for place, wish in enumerate(wishes):
        code, reckoned = wish.indicator.code, wanted(wish.indicator.code, wish.window)
        alone = compute([wish], engines[0])[0]
        for got in (alone, *(each[place] for each in together)):
            assert_equal(bureau, code, got[""], reckoned, str(wish.window))
        values += reckoned is not None
    for engine in engines:
        engine.close()
    return values


def hold_against_by(
    bureau: Bureau, code: str, window: Window, field: str, wanted: Mapping[str, Fraction | None]
) -> None:
    engine = engine_of(bureau)
    (found,) = compute_by([Wish(bureau.pack.indicators[code], window)], engine, field)
    assert set(found) == set(wanted), (code, field)
    for name, figure in found.items():
        assert_equal(bureau, code, figure, wanted[name], name)
    engine.close()


def assert_balance(record: ImportRecord, **parts: int) -> None:
    """What became of the rows, exactly; parts that are not named are 0."""
    names = ("stored", "unchanged", "duplicates", "rejected", "quarantined", "waiting")
    found = {name: getattr(record, name) for name in names}
    assert found == {name: parts.get(name, 0) for name in names}
    assert record.rows_read == sum(parts.values())


def columns_of(bureau: Bureau, ledger: str, names: Sequence[str]) -> list[tuple[Any, ...]]:
    """Fields of the records in force, in order."""
    shown = ", ".join(f'"{name}"' for name in names)
    with bureau.store.connect() as connection:
        found = connection.execute(
            f"SELECT {shown} FROM {scan_sql(ledger, bureau.store.snapshot(), list(names))} ORDER BY ALL"
        )
        rows: list[tuple[Any, ...]] = found.fetchall()
    return rows


def csv_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


# ---- San Francisco: scores of food inspections


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


# ---- Canada: indicators with target, actual and status

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


def share(part: int, whole: int) -> Fraction | None:
    return Fraction(100 * part, whole) if whole else None


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


# ---- Los Angeles: performance measures of the budget

LA_COLUMNS = (
    ("2014-15 Actuals", 2015, "ACTUAL"),
    ("2015-16 Actuals", 2016, "ACTUAL"),
    ("2016-17 Actuals", 2017, "ACTUAL"),
    ("2017-18 Adopted Budget", 2018, "ADOPTED"),
    ("2017-18 Estimates", 2018, "ESTIMATE"),
    ("2018-19 Proposed Budget", 2019, "PROPOSED"),
    ("2018-19 Adopted", 2019, "ADOPTED"),
)


LA_HELD = {60: "38FIRETURNOUT", 65: "38EMSTURNOUT"}
"""Times of 0.93 and 0.95 in minutes.seconds: 93 and 95 seconds."""


@cache
def la_rows() -> tuple[dict[str, Any], ...]:
    """The rows of the sheet with their line; a number as Excel shows it, at its fifteen digits."""
    sheet = openpyxl.load_workbook(MEASURES).worksheets[0]
    lines = list(sheet.iter_rows(values_only=True))
    found = []
    for line, cells in enumerate(lines[1:], start=2):
        row: dict[str, Any] = {"line": line}
        for heading, cell in zip(lines[0], cells, strict=True):
            row[str(heading)] = Fraction(Decimal(f"{cell:.15g}")) if isinstance(cell, int | float) else cell
        if any(value is not None for name, value in row.items() if name != "line"):
            found.append(row)
    return tuple(found)


@pytest.fixture(scope="module")
def la_database(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The same sheet as a table of a database, cell by cell, as an office would keep it."""
    path = tmp_path_factory.mktemp("la") / "measures.db"
    sheet = openpyxl.load_workbook(MEASURES).worksheets[0]
    headings, *rows = sheet.iter_rows(values_only=True)
    with sqlite3.connect(path) as connection:
        names = ", ".join(f'"{each}"' for each in headings)
        connection.execute(f"CREATE TABLE measures ({names})")
        marks = ", ".join("?" * len(headings))
        connection.executemany(f"INSERT INTO measures VALUES ({marks})", rows)
    connection.close()
    return f"sqlite:{path}"


def la_departments(address: str) -> Stage:
    sql = (
        'SELECT DISTINCT "Dept Code" AS org_code, "Department Name" AS name, \'内设机构\' AS kind,'
        " '006037' AS area_code, '是' AS budget_unit FROM measures WHERE \"Dept Code\" IS NOT NULL"
    )
    return lambda _ledger, area: stage_query(sql, address, area)


def la_values(address: str) -> Stage:
    """One row for each measure and column of figures."""
    sql = " UNION ALL ".join(
        f'SELECT "Dept Code" AS org_code, "PM Code" AS pm_code, \'{year}-06-30\' AS year_end,'
        f' \'{basis}\' AS basis, "{heading}" AS amount FROM measures WHERE "PM Code" IS NOT NULL'
        for heading, year, basis in LA_COLUMNS
    )
    return lambda _ledger, area: stage_query(sql, address, area)


def workbook(ledger: LedgerDefinition, area: StagingArea) -> Staged:
    """The sheet itself."""
    return stage_workbook(MEASURES, ledger, area, read_ledger_workbook)


@pytest.fixture(scope="module")
def los_angeles(tmp_path_factory: pytest.TempPathFactory, la_database: str) -> Iterator[Bureau]:
    bureau = Bureau.open("los_angeles", tmp_path_factory.mktemp("la") / "store")
    with bureau.store:
        bureau.bring("org", la_departments(la_database))
        bureau.bring("la_measure", workbook)
        bureau.bring("la_value", la_values(la_database))
        confirm(bureau, "la_measure", len(LA_HELD), {"la_measure": 2, "la_value": 14})
        yield bureau


def confirm(bureau: Bureau, code: str, rows: int, stored: Mapping[str, int]) -> None:
    """A person confirms held rows as they are; what waited for them follows."""
    request = bureau.request(code)
    held = bureau.store.manifest.held(code)
    assert len(held) == rows
    with bureau.store.connect() as connection:
        released, refused = release_held(
            bureau.store,
            connection,
            replace(request.checker_of(request.ledger), confirmed=True),
            request.checker_of,
            held,
            {},
            "复核员",
            staging_area(bureau.store).directory,
        )
    assert not refused.rows
    assert released.rows == stored


def test_measures_of_los_angeles_come_in(los_angeles: Bureau, la_database: str) -> None:
    rows = la_rows()
    departments = {row["Dept Code"] for row in rows}
    bodies, measures, values = los_angeles.history[1:]
    assert_balance(bodies.record, stored=len(departments))
    # found by looking into the sheet: minutes.seconds with 93 and 95 seconds, and remarks in the column of units
    assert {row["line"]: row["PM Code"] for row in rows if row["line"] in LA_HELD} == LA_HELD
    assert_balance(measures.record, stored=len(rows) - 2, quarantined=2)
    assert measures.fault_lines("la_measure.seconds_below_60") == list(LA_HELD)
    remarks = [each for each in measures.faults if each.problem.code == "la_measure.unit_is_a_unit"]
    assert [(each.problem.place.cell, each.problem.value) for each in remarks] == [
        ("I79", "at Six City Highrise Buildings"),
        ("I157", "Excluding Griffith Observatory"),
    ]
    assert sum(measures.tally.faults.values()) == 4
    assert [each.value for each in measures.problems] == ["Department Name", "Org Level 5 Code", "Org Level 5 Name"]  # fmt: skip

    absent = sum(1 for row in rows for heading, _, _ in LA_COLUMNS if row[heading] is None)
    waits = sum(1 for row in rows if row["line"] in LA_HELD for heading, _, _ in LA_COLUMNS if row[heading] is not None)  # fmt: skip
    assert (absent, waits) == (58, 14)
    every = len(rows) * len(LA_COLUMNS)
    assert_balance(values.record, stored=every - absent - waits, rejected=absent, waiting=waits)
    assert len(values.fault_lines("LEDG-101")) == absent
    assert dict(values.waiting) == {"la_measure": waits}

    # the two times were confirmed as they are, and the values that waited for them followed
    assert los_angeles.store.manifest.held() == ()

    # every figure of the sheet is in both ledgers, to the hundredth
    names = ["pm_code", "actual_2015", "actual_2016", "actual_2017", "adopted_2018", "estimate_2018", "proposed_2019", "adopted_2019"]  # fmt: skip
    wide = columns_of(los_angeles, "la_measure", names)
    cells = [
        [None if row[heading] is None else row[heading] * 100 for heading, _, _ in LA_COLUMNS] for row in rows
    ]
    assert wide == sorted((row["PM Code"], *figures) for row, figures in zip(rows, cells, strict=True))
    long = Counter(columns_of(los_angeles, "la_value", ["year_end", "basis", "amount"]))
    assert long == Counter(
        (date(year, 6, 30), basis, row[heading] * 100)
        for row in rows
        for heading, year, basis in LA_COLUMNS
        if row[heading] is not None
    )

    assert_balance(los_angeles.bring_again("org", la_departments(la_database)), unchanged=len(departments))
    assert los_angeles.recognises("la_measure", workbook)
    again = los_angeles.bring_again("la_value", la_values(la_database))
    assert_balance(again, unchanged=every - absent, rejected=absent)


def la_figure(code: str, window: Window, rows: Sequence[dict[str, Any]] | None = None) -> Fraction | None:
    """An indicator reckoned over rows of the sheet."""
    rows = la_rows() if rows is None else rows
    actuals = {year: heading for heading, year, basis in LA_COLUMNS if basis == "ACTUAL"}

    def actual(year: int) -> dict[str, Fraction]:
        """Actual values of a fiscal year by measure; its last day is in June."""
        heading = actuals.get(year)
        if heading is None or window.month not in {0, 6}:
            return {}
        return {row["PM Code"]: row[heading] for row in rows if row[heading] is not None}

    values = actual(window.year)
    match code:
        case "la_meals_change":
            now, before = values.get("02MEALS"), actual(window.year - 1).get("02MEALS")
            return None if now is None or before is None else (now / before - 1) * 100
        case "la_visitors":
            venues = [values.get(each) for each in ("88MUSEUM", "88GRIFFITH", "88AQUATIC", "88EXPO")]
            return (
                None if None in venues else sum((each or Fraction(0) for each in venues), Fraction(0)) / 10000
            )
        case "la_percent_mean":
            named = {row["PM Code"] for row in rows if row["Performance Measure Name"].startswith("Percent")}
            found = [value for pm_code, value in values.items() if pm_code in named]
            return sum(found, Fraction(0)) / len(found) if found else None
        case "la_measures_with_actual":
            return share(len(values), len(rows))
        case "la_estimate_not_below_budget":
            pairs = [(row["2017-18 Estimates"], row["2017-18 Adopted Budget"]) for row in rows]
            both = [(estimate, budget) for estimate, budget in pairs if None not in {estimate, budget}]
            return share(sum(1 for estimate, budget in both if estimate >= budget), len(both))
    raise AssertionError(code)


def test_figures_of_los_angeles_are_those_reckoned_from_the_sheet(
    los_angeles: Bureau, tmp_path: Path
) -> None:
    windows = [*(Window(year) for year in range(2014, 2020)), *Window(2017).months]
    assert hold_against(los_angeles, windows, la_figure, tmp_path / "states") >= 3 * 3
    # by department, which is the body responsible
    engine = engine_of(los_angeles)
    bodies = groups(bodies_of(engine))
    departments = {row["Dept Code"]: [each for each in la_rows() if each["Dept Code"] == row["Dept Code"]] for row in la_rows()}  # fmt: skip
    assert set(bodies) == set(departments)
    for code in ("la_measures_with_actual", "la_estimate_not_below_budget", "la_percent_mean"):
        for window in (Window(2015), Window(2017)):
            (found,) = compute([Wish(los_angeles.pack.indicators[code], window)], engine, bodies)
            for department, rows in departments.items():
                wanted = la_figure(code, window, rows)
                assert_equal(los_angeles, code, found[department], wanted, (department, window))
    engine.close()
