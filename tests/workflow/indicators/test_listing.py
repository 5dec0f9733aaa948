"""The records behind a number: listed once by a job, whole or not at all."""

import os
import time
from pathlib import Path
from typing import Any

import duckdb
import pytest
from demonstrated import actor, demonstration
from generated_store import generated_store
from indicators_site import YEAR, asked_of_files, body, jobs, listing

from zhunsheng.store.database.models import JobState
from zhunsheng.store.engines.rows import Part
from zhunsheng.workflow.action import Refused
from zhunsheng.workflow.importing.places import opened
from zhunsheng.workflow.indicators.asking import ask_for_rows
from zhunsheng.workflow.indicators.listing import Listing, folder_of, listing_of, swept
from zhunsheng.workflow.jobs import LEASE, do, do_all, take

pytestmark = pytest.mark.django_db

GENERAL = f"procedure = 'GENERAL' AND year(filed_on) = {YEAR}"
DUE = f"report_year = {YEAR - 1} AND excluded_reason IS NULL AND entity_class = 'ENT'"


@pytest.fixture
def store(tmp_path: Path, settings: Any) -> Path:
    settings.FILES_DIRECTORY, settings.STORES_DIRECTORY = tmp_path / "files", tmp_path / "stores"
    made = generated_store(tmp_path / "stores" / "huadu")
    demonstration(store=made.name)
    return made


def listed(wanted: Listing) -> set[tuple[int, int]]:
    ask_for_rows(body(), wanted, actor("caiwu"))
    (job,) = do_all()
    assert job.state == JobState.DONE, (job.message, job.problems)
    return identities(wanted)


def identities(wanted: Listing) -> set[tuple[int, int]]:
    with opened(body()) as store, duckdb.connect() as engine:
        found = engine.execute(f"SELECT _batch, _row FROM read_parquet('{wanted.path(store)}')").fetchall()
    assert len(found) == len(set(found))
    return set(found)


def test_the_records_are_those_the_files_hold(store: Path) -> None:
    expected = asked_of_files(store, f"SELECT _batch, _row FROM case_file WHERE {GENERAL}")
    assert expected
    assert listed(listing("case_filings", measure="filed")) == set(expected)
    of_month = asked_of_files(
        store, f"SELECT _batch, _row FROM case_file WHERE {GENERAL} AND month(filed_on) = 5"
    )
    assert listed(listing("case_filings", measure="filed", month=5)) == set(of_month)


def test_the_records_of_a_body_are_its_own(store: Path) -> None:
    ((code, number),) = asked_of_files(
        store,
        "SELECT o.org_code, o._id FROM case_file c JOIN org o ON o._id = c.org_code "
        f"WHERE {GENERAL} GROUP BY ALL ORDER BY count(*) DESC LIMIT 1",
    )
    expected = asked_of_files(
        store, f"SELECT _batch, _row FROM case_file WHERE {GENERAL} AND org_code = {number}"
    )
    assert listed(listing("case_filings", measure="filed", body=code)) == set(expected)


def test_the_difference_is_the_bottom_without_the_top(store: Path) -> None:
    bottom = listed(listing("annual_report_rate", part=Part.DENOMINATOR))
    assert bottom == set(asked_of_files(store, f"SELECT _batch, _row FROM annual_report_due WHERE {DUE}"))
    top = listed(listing("annual_report_rate", part=Part.NUMERATOR))
    reported = {
        entity
        for batch, row, entity in asked_of_files(store, "SELECT _batch, _row, entity_id FROM annual_report")
        if (batch, row) in top
    }
    expected = {
        (batch, row)
        for batch, row, entity in asked_of_files(
            store, f"SELECT _batch, _row, entity_id FROM annual_report_due WHERE {DUE}"
        )
        if entity not in reported
    }
    assert expected
    assert listed(listing("annual_report_rate", part=Part.DIFFERENCE)) == expected


def test_a_worker_killed_while_writing_leaves_no_half_list(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = listing("case_filings", measure="filed")
    ask_for_rows(body(), wanted, actor("caiwu"))
    job = take("first", jobs("indicators.rows")[0].created)
    assert job is not None

    def killed(_self: Path, _target: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        do(job)
    monkeypatch.undo()
    with opened(body()) as opened_store:
        assert not wanted.path(opened_store).exists()
    assert job.lease is not None
    again = take("second", job.lease + LEASE)
    assert again is not None
    assert do(again).state == JobState.DONE
    expected = asked_of_files(store, f"SELECT _batch, _row FROM case_file WHERE {GENERAL}")
    assert identities(wanted) == set(expected)


@pytest.mark.usefixtures("store")
def test_asking_twice_gives_one_job_and_strangers_are_refused() -> None:
    wanted = listing("case_filings", measure="filed")
    first = ask_for_rows(body(), wanted, actor("caiwu"))
    assert ask_for_rows(body(), wanted, actor("tianbao")).pk == first.pk
    assert listing_of(first.parameters) == wanted
    with pytest.raises(Refused):
        ask_for_rows(body(), listing("case_filings", measure="simple_cases"), actor("sanfang"))


@pytest.mark.usefixtures("store")
def test_what_nobody_looks_at_is_swept_away() -> None:
    wanted = listing("case_filings", measure="filed")
    listed(wanted)
    with opened(body()) as opened_store:
        path, folder = wanted.path(opened_store), folder_of(opened_store)
    old = time.time() - 15 * 86_400
    kept, gone = folder / "kept.parquet", folder / "gone.parquet"
    kept.write_bytes(b"")
    gone.write_bytes(b"")
    os.utime(gone, (old, old))
    swept(folder)
    assert (path.exists(), kept.exists(), gone.exists()) == (True, True, False)
