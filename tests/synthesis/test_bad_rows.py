"""Import files with a known share of bad rows: each bad row is bad as labelled, every other row is good."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

import pytest

from zhunsheng.expressions.evaluation import Surroundings
from zhunsheng.ledgers.field import Level
from zhunsheng.ledgers.row_checks import CheckedRow, RowChecker
from zhunsheng.store.calendar_files import load_calendar
from zhunsheng.store.code_list_files import binding_code_lists
from zhunsheng.store.deadline_files import load_deadlines
from zhunsheng.store.ledger_files import ledger_codes, ledger_of
from zhunsheng.store.records.record_store import RecordStore
from zhunsheng.synthesis.bad_rows import ANSWERS, FAULTS, Export, export_with_faults
from zhunsheng.synthesis.generating import Order, generate
from zhunsheng.synthesis.profile import load_profile
from zhunsheng.synthesis.sinks import StoreSink

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RecordStore]:
    profile, _ = load_profile("huadu-2023")
    assert profile is not None
    with RecordStore.create(tmp_path_factory.mktemp("city") / "store") as made:
        connection = made.connect()
        sink = StoreSink(made, connection, "合成数据")
        generate(
            Order(profile, Fraction(1, 100), 1),
            sink,
            calendar=load_calendar()[0],
            catalogue=ledger_of,
            codes=ledger_codes(),
        )
        sink.close()
        connection.close()
        yield made


@pytest.fixture(scope="module")
def export(store: RecordStore) -> Export:
    connection = store.connect()
    ledgers = [found for each in FAULTS if (found := ledger_of(each)) is not None]
    return export_with_faults(store.snapshot(), connection, 0.05, ledgers)


def _checked(export: Export, code: str) -> dict[int, CheckedRow]:
    """Each row of a file as the checks of its ledger see it, by line."""
    ledger = ledger_of(code)
    assert ledger is not None
    names = {each.label: each.name for each in ledger.entered}
    around = Surroundings(due=load_deadlines()[0].last_day(load_calendar()[0]))
    checker = RowChecker(ledger, date(2026, 1, 1), binding_code_lists(), around)
    text = export.files[f"{code}.csv"].decode("utf-8-sig")
    return {
        line: checker.check({names[label]: value for label, value in row.items()})
        for line, row in enumerate(csv.DictReader(io.StringIO(text)), 2)
    }


@pytest.mark.parametrize("code", FAULTS)
def test_bad_rows_are_bad_as_labelled_and_the_others_are_good(export: Export, code: str) -> None:
    answers = {each.line: each.fault for each in export.answers if each.ledger == code}
    assert answers
    for line, row in _checked(export, code).items():
        fault = answers.get(line)
        serious = [each for each in row.faults if each.level is not Level.WARN]
        if fault is None or fault.treatment == "等待引用":
            assert not serious, (code, line, serious)
        elif fault.treatment == "C":
            assert not serious
            assert [each.field for each in row.changes] == [fault.field]
        elif fault.treatment == "W":
            assert not serious
            assert any(fault.field in each.fields for each in row.faults), (code, line, fault)
        else:
            assert row.level is Level(fault.treatment), (code, line, fault, row.faults)
            assert any(fault.field in each.fields for each in serious), (code, line, fault, serious)


def test_the_share_of_bad_rows_is_as_asked_and_every_kind_occurs(export: Export) -> None:
    for code, faults in FAULTS.items():
        rows = len(export.files[f"{code}.csv"].decode().splitlines()) - 1
        bad = [each for each in export.answers if each.ledger == code]
        assert len(bad) <= max(rows * 5 // 100, len(faults))
        assert len({each.line for each in bad}) == len(bad)
    kinds = {(each.ledger, each.fault.code) for each in export.answers}
    expected = {(code, each.code) for code, faults in FAULTS.items() for each in faults}
    assert len(kinds & expected) >= len(expected) - 2


def test_the_sheet_lists_every_bad_row(export: Export) -> None:
    lines = export.files[ANSWERS].decode("utf-8-sig").splitlines()
    assert len(lines) == len(export.answers) + 1


def test_every_batch_is_marked_as_synthetic(store: RecordStore) -> None:
    commits = store.batches()
    assert len(commits) >= len(ledger_codes())
    assert all(each.synthetic for each in commits)
