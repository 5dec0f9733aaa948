"""Values from records: computed by a job, put into the year by one action, and the same when done twice."""

import json
from pathlib import Path
from typing import Any

import pytest
from demonstrated import MOMENT, actor, demonstration, in_state
from generated_store import generated_store

from zhunsheng.cli.main import run
from zhunsheng.plans.choices import EvidenceStatus, SourceKind
from zhunsheng.plans.roles import EvaluationState, TargetState
from zhunsheng.store.database.case_content import SECTION_OF, case_of, row_with_key
from zhunsheng.store.database.models import ComputedFigures, Job, JobState, StoredCase, TrailEntry
from zhunsheng.store.records.record_store import RecordStore
from zhunsheng.workflow.action import Refused, perform
from zhunsheng.workflow.collecting.items import item_of
from zhunsheng.workflow.collecting.reporting import ReportActual
from zhunsheng.workflow.evaluating.computing import FromStore, TakeComputed
from zhunsheng.workflow.evaluating.evaluated import evaluation_of
from zhunsheng.workflow.evaluating.states import FreezeEvaluation
from zhunsheng.workflow.jobs import do_all, enqueue

pytestmark = pytest.mark.django_db


@pytest.fixture
def store(tmp_path: Path, settings: Any) -> Path:
    settings.STORES_DIRECTORY = tmp_path / "stores"
    return generated_store(tmp_path / "stores" / "huadu")


@pytest.fixture
def year(store: Path) -> StoredCase:
    return demonstration(store=store.name)


def computed(year: StoredCase, who: str = "caiwu") -> Job:
    job = enqueue("evaluation.compute", "由台账计算完成值", {}, actor(who), case=year)
    do_all()
    job.refresh_from_db()
    return job


def fresh(year: StoredCase) -> StoredCase:
    return StoredCase.objects.get(pk=year.pk)


def test_the_job_gives_what_the_command_over_files_gives(
    year: StoredCase, store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    job = computed(year)
    assert job.state == JobState.DONE, (job.message, job.problems)
    with pytest.raises(SystemExit):
        run(["evaluate", "huadu-2023", "--ledgers", str(store), "--json"])
    printed = json.loads(capsys.readouterr().out)
    found = evaluation_of(fresh(year)).content
    assert (found["total"], found["nodes"]) == (printed["total"], printed["nodes"])
    lineage = ComputedFigures.objects.get(case=year).lineage
    values = {each["item"]: each for each in printed["ledgers"]["values"]}
    assert {code for code, each in lineage.items() if each["value"] is not None} == values.keys()
    for code, line in values.items():
        assert lineage[code]["value"] == line["figure"]["value"], code
        assert lineage[code]["verdict"] == (line["compared"] or {}).get("verdict"), code
    assert fresh(year).snapshot == printed["ledgers"]["origin"].split("，")[0].removeprefix("记录库快照 ")


def test_the_lineage_leads_to_the_records(year: StoredCase, store: Path) -> None:
    computed(year)
    line = ComputedFigures.objects.get(case=year).lineage["O4"]
    assert (line["indicator"], line["year"]) == ("case_filings", 2023)
    measures = {each["name"]: each for each in line["measures"]}
    # the profile prints 1,291 cases, which do not shrink with the scale
    measure = measures["filed"]
    assert (measure["ledger"], measure["value"], measure["records"]) == ("case_file", "1,291", 1291)
    assert measure["words"]


def test_what_was_stated_and_printed_stays(year: StoredCase) -> None:
    before = case_of(year)
    computed(year)
    after = case_of(fresh(year))
    taken = [each for each in after.actuals if each.source_kind is SourceKind.COMPUTED]
    assert taken
    for each in taken:
        stated = before.actual_of[each.indicator]
        assert each.printed == (stated.printed or f"{stated.value}{stated.unit}")
        assert each.evidence.startswith("台账计算（")
    lines = TrailEntry.objects.filter(action="evaluation.take_computed", subject__startswith="actuals/")
    assert {each.subject.removeprefix("actuals/") for each in lines} == {each.indicator for each in taken}
    assert all(each.who == "caiwu" and each.role == "finance" for each in lines)


def test_computing_twice_changes_nothing(year: StoredCase) -> None:
    computed(year)
    once, content, lines = fresh(year), case_of(fresh(year)), TrailEntry.objects.count()
    again = computed(year)
    assert again.result["changed"] == 0
    assert case_of(fresh(year)) == content
    assert fresh(year).revision == once.revision
    assert TrailEntry.objects.count() == lines
    assert ComputedFigures.objects.filter(case=year).count() == 1


def test_what_somebody_typed_over_a_computed_value_is_held_against_it_again(year: StoredCase) -> None:
    computed(year)
    item = item_of(fresh(year), "O4")
    assert item is not None
    cells = {"value": "1300", "source_kind": "reported", "why_used": "两宗漏录"}
    perform(ReportActual(fresh(year), "O4", cells, item.revision), actor("caiwu"), MOMENT)
    computed(year)
    line = ComputedFigures.objects.filter(case=year).last()
    assert line is not None
    assert (line.lineage["O4"]["stated"], line.lineage["O4"]["verdict"]) == ("1300宗", "different")
    assert case_of(fresh(year)).actual_of["O4"].value == "1291"


def test_accepted_evidence_of_the_same_value_stays_accepted(year: StoredCase) -> None:
    computed(year)
    row = row_with_key(year, SECTION_OF["actuals"], {"indicator": "O4"})
    assert row is not None
    row.f_evidence_status = EvidenceStatus.VERIFIED.value  # type: ignore[attr-defined]
    row.save()
    computed(year)
    assert case_of(fresh(year)).actual_of["O4"].evidence_status is EvidenceStatus.VERIFIED


@pytest.mark.parametrize("who", ["tianbao", "chushi", "juzhang", "caizheng", "sanfang", "shenji", "guanli"])
def test_only_finance_computes(year: StoredCase, who: str) -> None:
    job = computed(year, who)
    assert (job.state, "由台账计算完成值" in job.message) == (JobState.FAILED, True)
    with pytest.raises(Refused):
        perform(TakeComputed(year, FromStore({}, {}, "x", synthetic=False), 2023), actor(who), MOMENT)
    assert fresh(year).revision == 0


def test_a_year_that_is_submitted_meanwhile_is_left_alone(year: StoredCase) -> None:
    job = enqueue("evaluation.compute", "由台账计算完成值", {}, actor("caiwu"), case=year)
    in_state(TargetState.APPROVED, EvaluationState.SCORED)
    do_all()
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "只能在" in job.message
    assert not ComputedFigures.objects.exists()


def test_a_cancelled_job_writes_nothing(year: StoredCase, monkeypatch: pytest.MonkeyPatch) -> None:
    job = enqueue("evaluation.compute", "由台账计算完成值", {}, actor("caiwu"), case=year)
    seen: list[str] = []

    def label(code: str) -> str:
        # somebody presses the button while the first ledger is read
        seen.append(code)
        Job.objects.filter(pk=job.pk).update(cancel_asked=True)
        return code

    monkeypatch.setattr("zhunsheng.workflow.evaluating.jobs.ledger_label", label)
    do_all()
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert len(seen) == 1
    assert (fresh(year).revision, fresh(year).snapshot) == (0, "")


def test_a_body_without_a_record_store_is_told(store: Path) -> None:
    year = demonstration(store="")
    job = computed(year)
    assert job.state == JobState.FAILED
    assert [each["code"] for each in job.problems] == ["EVALUATE-008"]
    assert store.exists()


def test_freezing_keeps_the_records_the_values_came_from(year: StoredCase, store: Path) -> None:
    computed(year)
    stored = in_state(TargetState.APPROVED, EvaluationState.REVIEWED)
    perform(FreezeEvaluation(stored, stored.revision), actor("caizheng"), MOMENT)
    with RecordStore.open(store) as opened:
        kept = [each for each in opened.manifest.trail() if each.what == "keep"]
        wanted = opened.snapshot_of(stored.snapshot).seq
    assert [each.detail["seq"] for each in kept] == [wanted]


@pytest.mark.parametrize(("by", "parts"), [("", 0), ("month", 12)])
def test_indicators_of_the_library_are_computed_for_the_pages(year: StoredCase, by: str, parts: int) -> None:
    wanted = {"indicators": ["case_filings"], "years": [2023], "by": by}
    job = enqueue("indicators.compute", "计算指标", wanted, actor("caiwu"), organisation=year.organisation)
    do_all()
    job.refresh_from_db()
    assert job.state == JobState.DONE, (job.message, job.problems)
    whole, *rest = job.result["figures"]
    assert (whole["value"], whole["group"], len(rest)) == ("1291", None, parts)
    assert sum(int(each["value"]) for each in rest) == (1291 if by else 0)


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"indicators": ["nothing"], "years": [2023]}, "EVALUATE-011"),
        ({"indicators": ["case_filings"], "years": [2023], "by": "nothing"}, "EVALUATE-012"),
    ],
)
def test_wishes_that_cannot_be_met_are_said(year: StoredCase, wanted: dict[str, Any], code: str) -> None:
    enqueue("indicators.compute", "计算指标", wanted, actor("caiwu"), organisation=year.organisation)
    (job,) = do_all()
    assert [each["code"] for each in job.problems] == [code]
