"""Values of indicators: computed by a job from the records, kept under their hash, the same after a killed worker."""

from pathlib import Path
from typing import Any

import pytest
from demonstrated import actor, demonstration
from generated_store import generated_store
from indicators_site import YEAR, asked_of_files, body, definition, jobs

from zhunsheng.store.database.file_store import path_of
from zhunsheng.store.database.models import Grant, Job, JobState, Organisation, TrailEntry
from zhunsheng.workflow.action import Invalid, Refused, perform
from zhunsheng.workflow.indicators.asking import ask_for_values
from zhunsheng.workflow.indicators.kept import KeptValues, kept_values
from zhunsheng.workflow.job_acts import CancelJob
from zhunsheng.workflow.jobs import LEASE, do, do_all, take

pytestmark = pytest.mark.django_db

GENERAL = f"procedure = 'GENERAL' AND year(filed_on) = {YEAR}"


@pytest.fixture
def store(tmp_path: Path, settings: Any) -> Path:
    settings.FILES_DIRECTORY, settings.STORES_DIRECTORY = tmp_path / "files", tmp_path / "stores"
    made = generated_store(tmp_path / "stores" / "huadu")
    demonstration(store=made.name)
    return made


@pytest.fixture
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A library of three indicators, where it does not matter which there are."""
    monkeypatch.setattr(
        "zhunsheng.workflow.indicators.jobs.indicator_codes",
        lambda: ("annual_report_rate", "case_filings", "live_entities"),
    )


def computed(code: str = "", who: str = "caiwu") -> KeptValues:
    ask_for_values(body(), YEAR, actor(who), code)
    (job,) = do_all()
    assert job.state == JobState.DONE, (job.message, job.problems)
    found = kept_values(body(), YEAR, code)
    assert found is not None
    return found


def test_the_value_its_months_and_bodies_are_what_the_files_hold(store: Path) -> None:
    found = computed("case_filings").breakdown(definition("case_filings"))
    assert found is not None
    ((count,),) = asked_of_files(store, f"SELECT count(*) FROM case_file WHERE {GENERAL}")
    assert count > 0
    assert found.whole.figure.value == count
    months = dict(
        asked_of_files(store, f"SELECT month(filed_on), count(*) FROM case_file WHERE {GENERAL} GROUP BY 1")
    )
    assert [each.figure.value for each in found.months] == [months.get(month, 0) for month in range(1, 13)]
    bodies = dict(
        asked_of_files(
            store,
            "SELECT o.org_code, count(*) FROM case_file c JOIN org o ON o._id = c.org_code "
            f"WHERE {GENERAL} GROUP BY 1",
        )
    )
    leaves = {
        each.code: each.kept.figure.value for each in found.bodies if each.depth and each.kept.figure.value
    }
    assert leaves == bodies
    (top,) = [each for each in found.bodies if each.depth == 0]
    assert top.kept.figure.value == count


def test_a_share_keeps_its_two_parts(store: Path) -> None:
    found = computed("annual_report_rate").breakdown(definition("annual_report_rate"))
    assert found is not None
    ((due,),) = asked_of_files(
        store,
        f"SELECT count(*) FROM annual_report_due WHERE report_year = {YEAR - 1} AND excluded_reason IS NULL "
        "AND entity_class = 'ENT'",
    )
    shown = {each["name"]: each["shown"] for each in found.whole.measures}
    assert shown["due"] == f"{due:,}"
    filed = int(shown["filed"].replace(",", ""))
    assert found.whole.figure.value == pytest.approx(100 * filed / due)
    assert found.whole.is_computed
    assert found.whole.is_current


def test_earlier_years_are_there_where_the_records_reach_back(store: Path) -> None:
    found = computed("live_entities").breakdown(definition("live_entities"))
    assert found is not None
    gone = "reg_status IN ('DEREGISTERED', 'CANCELLED', 'MIGRATED_OUT', 'REVOKED')"
    expected = {}
    for year in range(YEAR - 3, YEAR):
        ((count,),) = asked_of_files(
            store,
            f"SELECT count(*) FILTER (WHERE established_on <= DATE '{year}-12-31') "
            f"- count(*) FILTER (WHERE {gone} AND status_on <= DATE '{year}-12-31') FROM market_entity",
        )
        expected[year] = count
    assert all(expected.values())
    assert {year: kept.figure.value for year, kept in found.years} == expected
    # of what happened in a year the store has the one year alone, and says nothing of the others
    filed = computed("case_filings").breakdown(definition("case_filings"))
    ((first,),) = asked_of_files(store, "SELECT min(year(filed_on)) FROM case_file")
    assert filed is not None
    assert [year for year, _kept in filed.years] == [year for year in expected if year >= first]


@pytest.mark.usefixtures("store")
def test_one_computation_gives_all_indicators_and_the_same_records_the_same_file() -> None:
    first = computed()
    found = [first.figure(definition(code)) for code in ("case_filings", "annual_report_rate")]
    assert [each is not None and each.is_computed for each in found] == [True, True]
    assert first.job.result["figures"] > 100
    assert first.synthetic
    again = computed()
    assert again.job.pk != first.job.pk
    assert again.sha256 == first.sha256


@pytest.mark.usefixtures("store", "_few")
def test_the_newest_computation_is_shown_of_all_or_of_the_one() -> None:
    whole = computed()
    single = computed("case_filings")
    of_one, of_all = kept_values(body(), YEAR, "case_filings"), kept_values(body(), YEAR)
    assert of_one is not None
    assert of_all is not None
    assert (of_one.job.pk, of_all.job.pk) == (single.job.pk, whole.job.pk)
    assert single.figure(definition("annual_report_rate")) is None
    assert kept_values(body(), YEAR - 1) is None
    # a file that is gone is as good as never computed
    path_of(whole.sha256).unlink()
    assert kept_values(body(), YEAR) is None


@pytest.mark.usefixtures("store")
def test_asking_twice_gives_one_job_and_one_line_of_the_trail() -> None:
    first = ask_for_values(body(), YEAR, actor("caiwu"))
    assert ask_for_values(body(), YEAR, actor("juzhang")).pk == first.pk
    # one indicator is among all that are being computed
    assert ask_for_values(body(), YEAR, actor("juzhang"), "case_filings").pk == first.pk
    assert TrailEntry.objects.filter(action="indicators.values").count() == 1


@pytest.mark.usefixtures("store")
def test_a_worker_killed_in_the_middle_leaves_nothing_and_another_one_finishes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask_for_values(body(), YEAR, actor("caiwu"), "case_filings")
    job = take("first", jobs("indicators.values")[0].created)
    assert job is not None

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("zhunsheng.workflow.indicators.jobs.keep", killed)
    with pytest.raises(KeyboardInterrupt):
        do(job)
    monkeypatch.undo()
    assert kept_values(body(), YEAR, "case_filings") is None
    assert job.lease is not None
    again = take("second", job.lease + LEASE)
    assert again is not None
    assert again.attempts == 2
    assert do(again).state == JobState.DONE
    kept = kept_values(body(), YEAR, "case_filings")
    assert kept is not None
    assert computed("case_filings").sha256 == kept.sha256


@pytest.mark.usefixtures("store", "_few")
def test_a_cancelled_computation_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    ask_for_values(body(), YEAR, actor("caiwu"))
    (asked,) = jobs("indicators.values")

    def cancelled(*_: object) -> dict[str, Any]:
        perform(CancelJob(Job.objects.get(pk=asked.pk)), actor("caiwu"))
        return {}

    # asked to stop while bodies are computed: the next step hears of it
    monkeypatch.setattr("zhunsheng.workflow.indicators.values._over_bodies", cancelled)
    (job,) = do_all()
    assert job.state == JobState.CANCELLED
    assert kept_values(body(), YEAR) is None


@pytest.mark.usefixtures("store", "_few")
def test_rights_are_asked_when_asking_and_when_doing() -> None:
    with pytest.raises(Refused):
        ask_for_values(body(), YEAR, actor("sanfang"))
    ask_for_values(body(), YEAR, actor("juzhang"))
    Grant.objects.filter(user__username="juzhang").delete()
    (job,) = do_all()
    assert job.state == JobState.FAILED
    assert kept_values(body(), YEAR) is None


@pytest.mark.usefixtures("store")
def test_what_cannot_be_computed_is_refused_when_asking() -> None:
    for year, code in ((0, ""), (2201, ""), (YEAR, "no_such")):
        with pytest.raises(Invalid):
            ask_for_values(body(), year, actor("caiwu"), code)
    Organisation.objects.filter(pk=body().pk).update(store="")
    with pytest.raises(Invalid):
        ask_for_values(body(), YEAR, actor("caiwu"))
    assert not Job.objects.exists()
