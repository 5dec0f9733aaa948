"""Figures from records without a command: of a case, broken down, explained, down to the records."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from generated_store import generated_store

from zhunsheng.assembly.breakdowns import figures_by
from zhunsheng.assembly.cases import LoadedCase, load_shipped_case
from zhunsheng.assembly.computing import SYNTHETIC, figures_of, lineage_data, page_values, with_records
from zhunsheng.assembly.deadlines import due_day
from zhunsheng.assembly.evaluating import evaluate_loaded, facts
from zhunsheng.assembly.explaining import behind_figure, explained, records_csv
from zhunsheng.assembly.records import OpenedRecords, opened_records
from zhunsheng.assembly.rejections import Rejected, WrongRequest
from zhunsheng.assembly.stores import ledger_label
from zhunsheng.indicators.definition import IndicatorDefinition, ResultKind
from zhunsheng.kernel.rounding import half_up
from zhunsheng.measures.period import Window
from zhunsheng.plans.choices import SourceKind
from zhunsheng.scores.computed import wanted
from zhunsheng.store.engines.rows import HIDDEN, Part
from zhunsheng.store.indicator_files import indicator_of

pytestmark = pytest.mark.slow
YEAR = Window(2023)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generated store of Huadu."""
    return generated_store(tmp_path_factory.mktemp("records") / "store")


@pytest.fixture(scope="module")
def records(path: Path) -> Iterator[OpenedRecords]:
    """The store opened for computing."""
    with opened_records(path) as made:
        yield made


@pytest.fixture(scope="module")
def loaded() -> LoadedCase:
    """The year of Huadu."""
    return load_shipped_case("huadu-2023")


def named(code: str) -> IndicatorDefinition:
    """An indicator of the package."""
    found = indicator_of(code)
    assert found is not None
    return found


def test_the_figures_a_case_can_take(records: OpenedRecords, loaded: LoadedCase) -> None:
    figures = figures_of(loaded.case, records)
    assert set(figures) == set(wanted(loaded.case, facts()))
    assert {each.window for each in figures.values()} == {YEAR}
    # nothing remembered gives the same
    with opened_records(records.store.layout.root, fresh=True) as anew:
        again = figures_of(loaded.case, anew)
    assert {code: each.as_data() for code, each in again.items()} == {
        code: each.as_data() for code, each in figures.items()
    }


def test_a_case_takes_its_values_from_records(records: OpenedRecords, loaded: LoadedCase) -> None:
    made = with_records(loaded, records)
    assert made.origin == f"记录库快照 {records.snapshot.token}，{SYNTHETIC}"
    actuals = {each.indicator: each for each in made.loaded.case.actuals}
    taken = [each for each in made.lineage if each.used and each.item in actuals]
    assert taken
    for each in taken:
        # what is true or false has a tier in place of a value
        is_state = each.figure.indicator.kind is ResultKind.YES_NO
        assert actuals[each.item].value == ("" if is_state else each.figure.printed)
        assert actuals[each.item].source_kind is SourceKind.COMPUTED
    # the records are among what the evaluation was made from
    evaluation, _ = evaluate_loaded(made.loaded)
    assert [each.name for each in evaluation.inputs[:2]] == [
        loaded.inputs[0].name,
        f"记录库快照 {records.snapshot.token}",
    ]
    shown = page_values(made, "某库")
    assert [each.item for each in shown] == [each.item for each in made.lineage]
    assert all("--store 某库 --year 2023" in each.command for each in shown)
    data = lineage_data(made.lineage, made.origin)
    assert data["origin"] == made.origin


def test_parts_make_up_the_whole(records: OpenedRecords) -> None:
    filings = named("case_filings")
    by_month = figures_by(records, [filings], YEAR, breakdown="month")["case_filings"]
    whole = by_month.pop("")
    assert list(by_month) == [f"{month}月" for month in range(1, 13)]
    assert sum(Fraction(str(each.value)) for each in by_month.values()) == whole.value
    by_field = figures_by(records, [filings], YEAR, breakdown="org_code")["case_filings"]
    assert by_field.pop("").value == whole.value
    assert sum(Fraction(str(each.value)) for each in by_field.values()) == whole.value
    # every case belongs to a body of the one tree
    root = next(each for each in records.bodies() if each.depth == 0)
    by_body = figures_by(records, [filings], YEAR, breakdown="organisation")["case_filings"]
    assert by_body[f"{root.code} {root.name}"].value == whole.value
    one = figures_by(records, [filings], YEAR, body=root.code)["case_filings"][""]
    assert one.value == whole.value


def test_a_breakdown_that_cannot_be(records: OpenedRecords) -> None:
    with pytest.raises(WrongRequest, match="不能按“nothing”分组"):
        figures_by(records, [named("case_filings")], YEAR, breakdown="nothing")
    with pytest.raises(WrongRequest, match="没有单位“nothing”"):
        figures_by(records, [named("case_filings")], YEAR, body="nothing")


def test_a_ratio_is_explained_by_its_records(records: OpenedRecords) -> None:
    rate = named("contract_filing_rate")
    made = explained(records, rate, YEAR)
    top, bottom = made.behind["in_time"], made.behind["signed"]
    assert 0 < top < bottom
    assert made.figure.printed == str(half_up(Fraction(100 * top, bottom), 2))
    counts = {part: behind_figure(rate, YEAR, part).count(records) for part in Part}
    assert counts == {Part.NUMERATOR: top, Part.DENOMINATOR: bottom, Part.DIFFERENCE: bottom - top}


def test_the_records_behind_a_figure(records: OpenedRecords) -> None:
    behind = behind_figure(named("contract_filing_rate"), YEAR, Part.DIFFERENCE)
    rows = behind.rows(records)
    assert len(rows) == behind.count(records)
    assert [(each.batch, each.row) for each in behind.rows(records, most=2, skipped=1)] == [
        (each.batch, each.row) for each in rows[1:3]
    ]
    assert {"proc_id", "contract_signed_on", "contract_filed_on"} <= set(behind.telling_fields)
    content = records_csv({name: name for name in behind.telling_fields}, rows).decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(content)))
    assert len(lines) == len(rows)
    # filed after the last day, or not filed though it is over
    for line in lines:
        last = due_day(date.fromisoformat(line["contract_signed_on"]), "FIN-6")
        filed = line["contract_filed_on"]
        assert not filed or date.fromisoformat(filed) > last


def test_personal_data_are_hidden(records: OpenedRecords) -> None:
    rows = behind_figure(named("complaints_and_reports"), YEAR).rows(records, most=5)
    assert any(HIDDEN in each.values.values() for each in rows)


@pytest.mark.parametrize(
    ("code", "part", "measure", "words"),
    [
        ("contract_filing_rate", Part.NUMERATOR, "nothing", "没有度量“nothing”（有：in_time、signed）。"),
        ("case_filings", Part.DENOMINATOR, "", "不是比率，没有分母"),
    ],
)
def test_parts_that_are_not_there(code: str, part: Part, measure: str, words: str) -> None:
    with pytest.raises(WrongRequest, match=words):
        behind_figure(named(code), YEAR, part, measure)


def test_states_of_a_store(path: Path, records: OpenedRecords) -> None:
    with opened_records(path, records.snapshot.token) as same:
        assert same.snapshot.token == records.snapshot.token
    for known_at in ("nonsense", "s999999-000000"):
        with pytest.raises(Rejected) as rejected, opened_records(path, known_at):
            raise AssertionError
        assert all(each.code.startswith("STORE-") for each in rejected.value.problems)


def test_a_watcher_hears_of_ledgers_and_may_cancel(path: Path, loaded: LoadedCase) -> None:
    heard: list[str] = []
    with opened_records(path, fresh=True, watch=heard.append) as watched:
        figures_by(watched, [named("case_filings")], YEAR)
    assert heard == ["case_file"]
    assert ledger_label("case_file") == "行政处罚案件"

    def cancel(_ledger: str) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError), opened_records(path, fresh=True, watch=cancel) as watched:
        figures_of(loaded.case, watched)


def test_a_deadline_that_cannot_be_told() -> None:
    with pytest.raises(Rejected) as rejected:
        due_day(date(2023, 1, 2), "NO-SUCH-RULE")
    assert [each.place.field for each in rejected.value.problems] == ["NO-SUCH-RULE"]
