"""A year becomes public as a copy of what was locked, and only when nothing stands in the way."""

import json

import pytest
from demonstrated import MOMENT, actor, in_state
from released import accept_errors, change, complete_year, done, frozen_year, release, released_year, write

from zhunsheng.assembly.evaluating import evaluate_case
from zhunsheng.plans.case import Case
from zhunsheng.plans.roles import EvaluationState, TargetState
from zhunsheng.scores.evaluation import Evaluation
from zhunsheng.store.database.file_store import content_of
from zhunsheng.store.database.models import (
    CaseVersion,
    Job,
    Release,
    ReportVersion,
    StoredCase,
    StoredEvaluation,
    StoredFile,
    TrailEntry,
)
from zhunsheng.workflow.action import Invalid, Refused, perform
from zhunsheng.workflow.evaluating.states import FreezeEvaluation, UnfreezeEvaluation
from zhunsheng.workflow.jobs import do_all, enqueue
from zhunsheng.workflow.releasing import preparing
from zhunsheng.workflow.releasing.actions import MakeRelease, WithdrawRelease
from zhunsheng.workflow.releasing.preparing import Prepared, preview
from zhunsheng.workflow.releasing.readiness import readiness

pytestmark = pytest.mark.django_db


def asked(stored: StoredCase, who: str = "juzhang", correction: str = "") -> Job:
    """A release that was asked for and tried."""
    given = {"formats": ["html"], "licence": "cc-by-4.0", "correction": correction}
    job = enqueue("release.make", "公开", given, actor(who), case=stored)
    do_all()
    job.refresh_from_db()
    return job


def codes(stored: StoredCase) -> list[str]:
    return [each.code for each in readiness(stored).blocks]


def test_a_release_is_a_copy_with_the_locked_scores() -> None:
    made = released_year()
    assert made.number == 1
    # printed in the source report
    assert made.content["evaluation"]["total"] == "94.98"
    assert made.content["evaluation"]["grade"] == "优"
    stored = StoredCase.objects.get()
    assert stored.evaluation is EvaluationState.RELEASED
    assert made.version == CaseVersion.objects.get(why="frozen")
    change(stored, "indicators", {"name": "后来改了"})
    made.refresh_from_db()
    assert "后来改了" not in json.dumps(made.content, ensure_ascii=False)
    line = TrailEntry.objects.filter(action="release.make").first()
    assert line is not None
    assert (line.who, line.subject) == ("juzhang", "release/1")


def test_what_is_changed_past_the_lock_does_not_become_public() -> None:
    stored = frozen_year()
    accept_errors(write(stored))
    # past all rights: the rows no longer say what was locked
    change(stored, "tasks", {"name": "偷偷改的任务"}, code="T1")
    made = release(stored)
    report = content_of(StoredFile.objects.get(sha256=made.files["report.html"])).decode()
    assert "偷偷改的任务" not in json.dumps(made.content, ensure_ascii=False)
    assert "偷偷改的任务" not in report
    assert "开展知识产权专项经费支持项目" in report


def test_only_a_locked_year_is_released() -> None:
    frozen_year()
    for state in EvaluationState:
        stored = in_state(TargetState.APPROVED, state)
        locked = state in {EvaluationState.FROZEN, EvaluationState.RELEASED}
        # a locked year still lacks its report
        assert codes(stored) == (["RELEASE-003"] if locked else ["RELEASE-001"])
        assert asked(stored).state == "failed"
    assert not Release.objects.exists()


def test_nobody_but_the_leader_releases() -> None:
    stored = frozen_year()
    accept_errors(write(stored))
    version = CaseVersion.objects.get(why="frozen")
    for who in ("tianbao", "chushi", "caiwu", "caizheng", "sanfang", "shenji", "guanli"):
        assert asked(stored, who).state == "failed"
        with pytest.raises(Refused):
            perform(MakeRelease(stored, version, {"number": 1}, {}), actor(who), MOMENT)
    assert not Release.objects.exists()


def test_each_hindrance_is_named() -> None:
    stored = frozen_year()
    assert codes(stored) == ["RELEASE-003"]
    version = write(stored)
    assert codes(stored) == []
    version.draft = True
    version.save()
    assert codes(stored) == ["RELEASE-004"]
    version.draft = False
    version.save()
    audited = version.audited
    assert audited is not None
    ReportVersion.objects.update(audited=None)
    assert codes(stored) == ["RELEASE-005"]
    error = {**audited.content["findings"][0], "severity": "error"}
    audited.content = {**audited.content, "findings": [error, *audited.content["findings"][1:]]}
    audited.save()
    ReportVersion.objects.update(audited=audited)
    assert codes(stored) == ["RELEASE-006"]
    assert asked(stored).state == "failed"
    assert accept_errors(version) == 1
    assert codes(stored) == []
    StoredEvaluation.objects.update(version=None)
    assert codes(stored) == ["RELEASE-002"]


def test_a_report_from_before_the_lock_does_not_count_when_the_year_changed_since() -> None:
    stored = complete_year()
    write(stored)
    StoredCase.objects.update(revision=stored.revision + 1)
    assert codes(frozen_year(stored)) == ["RELEASE-003"]


def test_a_name_or_number_of_a_person_in_a_text_stops_the_release() -> None:
    stored = complete_year()
    texts: dict[str, object] = {
        "overall_result": "由陈填报负责汇总",
        "unmet_reason": "咨询电话 020-36898888",
    }
    change(stored, "about", texts)
    stored = frozen_year(stored)
    accept_errors(write(stored))
    job = asked(stored)
    assert job.state == "failed"
    found = {(each["code"], each["place"]["field"]) for each in job.problems}
    assert {("RELEASE-007", "goals.result"), ("RELEASE-007", "goals.unmet")} <= found
    assert not any("陈填报" in each["what"] or "36898888" in each["what"] for each in job.problems)
    assert not Release.objects.exists()


def test_a_damaged_version_and_other_scores_stop_the_release() -> None:
    stored = frozen_year()
    accept_errors(write(stored))
    kept = StoredEvaluation.objects.get(version__isnull=False)
    good = kept.content
    kept.content = {**good, "total": "99.98"}
    kept.save()
    assert [each["code"] for each in asked(stored).problems] == ["RELEASE-008"]
    kept.content = good
    kept.save()
    version = CaseVersion.objects.get(why="frozen")
    version.content = {
        **version.content,
        "case.yaml": version.content["case.yaml"].replace("2023", "2024", 1),
    }
    version.save()
    assert [each["code"] for each in asked(stored).problems] == ["RELEASE-014"]


def shown_before(stored: StoredCase) -> Prepared:
    """What the page shows of a release before it is made."""
    year = readiness(stored).year
    assert year is not None
    return preview(stored, year, 1, MOMENT.date())


def test_a_year_that_is_looked_at_again_is_not_computed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    stored = frozen_year()
    computed = []

    def counted(case: Case) -> Evaluation:
        computed.append(case)
        return evaluate_case(case)

    monkeypatch.setattr(preparing, "evaluate_case", counted)
    preparing._evaluated.cache_clear()
    first, second = shown_before(stored), shown_before(StoredCase.objects.get())
    assert first.content == second.content
    assert first.content["evaluation"]["total"] == "94.98"
    assert len(computed) == 1


def test_what_was_shown_is_not_shown_on_when_it_is_damaged_or_locked_anew() -> None:
    stored = frozen_year()
    assert shown_before(stored).problems == ()
    version = CaseVersion.objects.get(why="frozen")
    whole = dict(version.content)
    version.content = {**whole, "case.yaml": whole["case.yaml"].replace("2023", "2024", 1)}
    version.save()
    assert [each.code for each in shown_before(stored).problems] == ["RELEASE-014"]
    version.content = whole
    version.save()
    assert shown_before(stored).problems == ()
    perform(UnfreezeEvaluation(stored, stored.revision, "重新核对"), actor("caizheng"), MOMENT)
    change(stored, "indicators", {"name": "重新锁定的名称"}, code="O2")
    year = in_state(TargetState.APPROVED, EvaluationState.REVIEWED)
    perform(FreezeEvaluation(year, year.revision), actor("caizheng"), MOMENT)
    names = [each["name"] for each in shown_before(year).content["indicators"]]
    assert "重新锁定的名称" in names


def test_a_second_release_needs_a_correction() -> None:
    released_year()
    stored = StoredCase.objects.get()
    job = asked(stored)
    assert [each["code"] for each in job.problems] == ["RELEASE-009"]
    made = release(stored, correction="更正了一处笔误。")
    assert (made.number, made.content["number"], made.correction) == (2, 2, "更正了一处笔误。")


def test_a_job_that_is_begun_again_releases_once() -> None:
    made = released_year()
    assert made.job is not None
    Job.objects.filter(pk=made.job.pk).update(state="waiting", attempts=0)
    done(made.job)
    assert Release.objects.count() == 1


def test_a_release_is_withdrawn_with_a_reason_by_leader_or_finance_bureau() -> None:
    released_year()
    stored = StoredCase.objects.get()
    for who in ("tianbao", "chushi", "caiwu", "sanfang", "shenji", "guanli"):
        with pytest.raises(Refused):
            perform(WithdrawRelease(stored, "不该看"), actor(who), MOMENT)
    for who in ("juzhang", "caizheng"):
        Release.objects.update(withdrawn=None)
        stored = in_state(TargetState.APPROVED, EvaluationState.RELEASED)
        with pytest.raises(Invalid):
            perform(WithdrawRelease(stored, "  "), actor(who), MOMENT)
        perform(WithdrawRelease(stored, "数据有误"), actor(who), MOMENT)
        made = Release.objects.get()
        assert (made.withdrawn, made.why_withdrawn) == (MOMENT, "数据有误")
        stored.refresh_from_db()
        assert stored.evaluation is EvaluationState.FROZEN
        with pytest.raises(Invalid):
            perform(WithdrawRelease(stored, "再撤一次"), actor(who), MOMENT)


def test_what_is_wrong_can_be_withdrawn_after_the_year_was_unlocked() -> None:
    released_year()
    stored = StoredCase.objects.get()
    perform(UnfreezeEvaluation(stored, stored.revision, "有一处要改"), actor("caizheng"), MOMENT)
    perform(WithdrawRelease(stored, "数据有误"), actor("juzhang"), MOMENT)
    stored.refresh_from_db()
    assert stored.evaluation is EvaluationState.OPEN
    assert Release.objects.get().withdrawn is not None
