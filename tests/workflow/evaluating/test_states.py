"""The way of an evaluation, by the right and the wrong people, in the right and the wrong states, two at once."""

import json
from collections.abc import Callable

import pytest
from demonstrated import MOMENT, actor, demonstration, in_state

from zhunsheng.cli.main import run
from zhunsheng.plans.roles import EvaluationState, Role, TargetState
from zhunsheng.store.database.case_rows import ROW_MODELS
from zhunsheng.store.database.models import (
    CaseVersion,
    Grant,
    Organisation,
    Remark,
    StoredCase,
    StoredEvaluation,
    TrailEntry,
    User,
)
from zhunsheng.workflow.action import Action, Invalid, Refused, Stale, perform
from zhunsheng.workflow.evaluating.evaluated import evaluated, evaluation_of, origin_of
from zhunsheng.workflow.evaluating.remarks import AnswerRemark, RemarkOnEvaluation, SettleRemark
from zhunsheng.workflow.evaluating.scoring import ExplainDeviation
from zhunsheng.workflow.evaluating.states import (
    FreezeEvaluation,
    OpenEvaluation,
    ReviewEvaluation,
    SendBackEvaluation,
    SubmitEvaluation,
    UnfreezeEvaluation,
)
from zhunsheng.workflow.releasing.frozen import case_of_version
from zhunsheng.workflow.trail import verify

pytestmark = pytest.mark.django_db
E = EvaluationState


@pytest.fixture
def year() -> StoredCase:
    return demonstration()


def fresh(year: StoredCase) -> StoredCase:
    return StoredCase.objects.get(pk=year.pk)


def explained(year: StoredCase) -> StoredCase:
    """The year with the one reason that its report does not give."""
    perform(ExplainDeviation(year, "A3", "年末才结算", "按季度结算", seen=None), actor("caiwu"), MOMENT)
    return fresh(year)


def at(year: StoredCase, state: EvaluationState) -> StoredCase:
    explained(year)
    return in_state(TargetState.APPROVED, state)


STEPS: dict[str, tuple[EvaluationState, str, EvaluationState, Callable[[StoredCase], Action]]] = {
    "open": (E.CLOSED, "caiwu", E.OPEN, lambda year: OpenEvaluation(year, year.revision)),
    "submit": (E.OPEN, "caiwu", E.SCORED, lambda year: SubmitEvaluation(year, year.revision)),
    "agree": (
        E.SCORED,
        "juzhang",
        E.REVIEWED,
        lambda year: ReviewEvaluation(year, year.revision, agreed=True),
    ),
    "return": (
        E.SCORED,
        "juzhang",
        E.OPEN,
        lambda year: ReviewEvaluation(year, year.revision, agreed=False, why="补佐证"),
    ),
    "send back": (
        E.REVIEWED,
        "caizheng",
        E.OPEN,
        lambda year: SendBackEvaluation(year, year.revision, "口径不一致"),
    ),
    "freeze": (E.REVIEWED, "caizheng", E.FROZEN, lambda year: FreezeEvaluation(year, year.revision)),
    "unfreeze": (
        E.FROZEN,
        "caizheng",
        E.OPEN,
        lambda year: UnfreezeEvaluation(year, year.revision, "审计发现差错"),
    ),
}
PEOPLE = ("tianbao", "chushi", "caiwu", "juzhang", "caizheng", "sanfang", "shenji", "guanli")


@pytest.mark.parametrize("step", STEPS)
def test_the_right_person_moves_the_evaluation_on_and_the_trail_keeps_it(year: StoredCase, step: str) -> None:
    before, who, after, make = STEPS[step]
    perform(make(at(year, before)), actor(who), MOMENT)
    assert fresh(year).evaluation is after
    line = TrailEntry.objects.filter(subject="evaluation").get()
    assert (line.who, line.before, line.after) == (who, before.value, after.value)
    assert not list(verify())


@pytest.mark.parametrize("step", STEPS)
def test_everybody_else_is_refused(year: StoredCase, step: str) -> None:
    before, who, _, make = STEPS[step]
    stored = at(year, before)
    for other in PEOPLE:
        if other != who:
            with pytest.raises(Refused):
                perform(make(stored), actor(other), MOMENT)
    assert fresh(year).evaluation is before


@pytest.mark.parametrize("step", STEPS)
def test_every_other_state_is_refused(year: StoredCase, step: str) -> None:
    before, who, _, make = STEPS[step]
    allowed = {before, E.RELEASED} if step == "unfreeze" else {before}
    explained(year)
    for state in E:
        if state not in allowed:
            stored = in_state(TargetState.APPROVED, state)
            with pytest.raises(Refused, match="只能在"):
                perform(make(stored), actor(who), MOMENT)
            assert fresh(year).evaluation is state


@pytest.mark.parametrize("step", STEPS)
def test_of_two_at_once_one_wins_and_the_other_is_told(year: StoredCase, step: str) -> None:
    before, who, after, make = STEPS[step]
    action = make(at(year, before))
    perform(action, actor(who), MOMENT)
    with pytest.raises((Refused, Stale)):
        perform(action, actor(who), MOMENT)
    assert fresh(year).evaluation is after


@pytest.mark.parametrize("step", ["submit", "agree", "return", "send back", "freeze"])
def test_what_is_decided_on_is_what_was_looked_at(year: StoredCase, step: str) -> None:
    before, who, _, make = STEPS[step]
    action = make(at(year, before))
    StoredCase.objects.filter(pk=year.pk).update(revision=99)
    with pytest.raises(Stale, match="刷新"):
        perform(action, actor(who), MOMENT)


def test_a_submission_with_gaps_lists_them_all(year: StoredCase) -> None:
    # the shipped year explains all deductions but that of A3, 0.02 points for the execution of the budget
    with pytest.raises(Invalid) as refused:
        perform(SubmitEvaluation(year, year.revision), actor("caiwu"), MOMENT)
    assert [(each.code, each.place.field) for each in refused.value.problems] == [
        ("EVALUATE-002", "A3 部门预算资金支出率")
    ]
    year.refresh_from_db()
    assert year.evaluation is E.OPEN


def test_a_missing_value_and_a_missing_score_block_the_submission(year: StoredCase) -> None:
    explained(year)
    ROW_MODELS["actuals"]._default_manager.filter(case=year, f_indicator="O4").delete()
    ROW_MODELS["manual_scores"]._default_manager.filter(case=year, f_item="F1").delete()
    with pytest.raises(Invalid) as refused:
        perform(SubmitEvaluation(year, fresh(year).revision), actor("caiwu"), MOMENT)
    found = [(each.code, (each.place.field or "").split(" ")[-1]) for each in refused.value.problems]
    assert ("EVALUATE-001", "O4") in found
    assert ("EVALUATE-003", "农贸市场升级改造成效") in found
    # without a value O4 gets no points, and nobody said why
    assert ("EVALUATE-002", "行政案件立案数") in found


def test_who_submitted_does_not_review(year: StoredCase) -> None:
    finance = User.objects.get(username="caiwu")
    Grant.objects.create(
        user=finance, role=Role.LEADER.value, organisation=Organisation.objects.get(code="huadu-amr")
    )
    perform(SubmitEvaluation(explained(year), 1), actor("caiwu"), MOMENT)
    with pytest.raises(Refused, match="由您送审"):
        perform(ReviewEvaluation(fresh(year), 1, agreed=True), actor("caiwu"), MOMENT)
    perform(ReviewEvaluation(fresh(year), 1, agreed=True), actor("juzhang"), MOMENT)


def test_who_reviewed_in_the_body_does_not_freeze_from_above(year: StoredCase) -> None:
    leader = User.objects.get(username="juzhang")
    Grant.objects.create(
        user=leader, role=Role.FINANCE_BUREAU.value, organisation=Organisation.objects.get(code="huadu-czj")
    )
    perform(SubmitEvaluation(explained(year), 1), actor("caiwu"), MOMENT)
    perform(ReviewEvaluation(fresh(year), 1, agreed=True), actor("juzhang"), MOMENT)
    with pytest.raises(Refused, match="由您审核"):
        perform(FreezeEvaluation(fresh(year), 1), actor("juzhang"), MOMENT)
    perform(FreezeEvaluation(fresh(year), 1), actor("caizheng"), MOMENT)


@pytest.mark.parametrize(
    "make",
    [
        lambda year: ReviewEvaluation(year, year.revision, agreed=False, why="  "),
        lambda year: ReviewEvaluation(year, year.revision, agreed=False, why="长" * 3001),
    ],
)
def test_a_return_needs_a_reason_of_bearable_length(
    year: StoredCase, make: Callable[[StoredCase], Action]
) -> None:
    with pytest.raises(Invalid):
        perform(make(at(year, E.SCORED)), actor("juzhang"), MOMENT)
    assert fresh(year).evaluation is E.SCORED


def test_a_return_leaves_a_remark_that_is_answered_and_settled(year: StoredCase) -> None:
    perform(ReviewEvaluation(at(year, E.SCORED), 1, agreed=False, why="补佐证"), actor("juzhang"), MOMENT)
    remark = Remark.objects.get(case=year, stage="evaluation")
    assert (remark.text, remark.who.username) == ("补佐证", "juzhang")
    perform(AnswerRemark(remark, "已补", ""), actor("caiwu"), MOMENT)
    with pytest.raises(Stale, match="王财务"):
        perform(AnswerRemark(remark, "另一个答复", ""), actor("caiwu"), MOMENT)
    with pytest.raises(Refused, match="提出的人"):
        perform(SettleRemark(remark), actor("caizheng"), MOMENT)
    perform(SettleRemark(remark), actor("juzhang"), MOMENT)
    with pytest.raises(Stale, match="了结"):
        perform(AnswerRemark(remark, "再答", "已补"), actor("caiwu"), MOMENT)


def test_reviewers_remark_on_items_and_the_division_answers(year: StoredCase) -> None:
    for who in ("caizheng", "sanfang", "juzhang", "caiwu"):
        perform(RemarkOnEvaluation(year, "O2", "请核对抽检清单"), actor(who), MOMENT)
    for who in ("tianbao", "shenji", "guanli"):
        with pytest.raises(Refused):
            perform(RemarkOnEvaluation(year, "O2", "x"), actor(who), MOMENT)
    with pytest.raises(Invalid):
        perform(RemarkOnEvaluation(year, "Z9", "没有这一项"), actor("sanfang"), MOMENT)
    remark = Remark.objects.filter(who__username="sanfang").get()
    perform(AnswerRemark(remark, "清单已上传", ""), actor("tianbao"), MOMENT)
    about_all = RemarkOnEvaluation(year, "", "总体较好")
    perform(about_all, actor("sanfang"), MOMENT)
    with pytest.raises(Refused):
        perform(
            AnswerRemark(Remark.objects.get(key="", text="总体较好"), "谢谢", ""), actor("tianbao"), MOMENT
        )


def test_the_numbers_are_those_of_the_command_over_the_files(
    year: StoredCase, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        run(["evaluate", "huadu-2023", "--json"])
    printed = json.loads(capsys.readouterr().out)
    found = evaluation_of(year)
    assert (found.total, found.grade) == (printed["total"], printed["grade"])
    for name in ("nodes", "total", "full", "unscored", "supported", "assumptions", "review", "rubric"):
        assert found.content[name] == printed[name], name


def test_an_evaluation_is_computed_once_for_a_revision(
    year: StoredCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = evaluation_of(year)

    def never(*_: object) -> None:
        pytest.fail("computed again although nothing changed")

    monkeypatch.setattr("zhunsheng.workflow.evaluating.evaluated.evaluated", never)
    assert evaluation_of(year).pk == first.pk
    monkeypatch.undo()
    stored = explained(year)
    second = evaluation_of(stored)
    assert second.revision == 1
    # that of the earlier revision is not looked at again and goes
    assert not StoredEvaluation.objects.filter(pk=first.pk).exists()


def test_another_program_computes_anew_but_never_what_is_frozen(year: StoredCase) -> None:
    found = evaluation_of(year)
    StoredEvaluation.objects.filter(pk=found.pk).update(
        content={**found.content, "program": "0.0"}, total="1"
    )
    assert evaluation_of(year).total == "94.98"
    version = CaseVersion.objects.create(
        case=year, number=9, why="frozen", moment=MOMENT, content={}, sha256="0" * 64
    )
    StoredEvaluation.objects.filter(pk=found.pk).update(
        content={**found.content, "program": "0.0"}, total="1", version=version
    )
    assert evaluation_of(year).total == "1"


def test_another_rubric_brings_the_comparison(year: StoredCase) -> None:
    found = evaluation_of(year, "guangzhou-dept-2021")
    compared = found.content["comparison"]
    assert compared["one"]["total"] == "94.98"
    assert compared["other"]["rubric"] == "guangzhou-dept-2021"
    assert compared["other"]["total"] == found.total
    assert compared["differences"]


def test_the_frozen_content_gives_the_same_digits_again(year: StoredCase) -> None:
    stored = at(year, E.REVIEWED)
    open_one = evaluation_of(stored)
    perform(FreezeEvaluation(stored, stored.revision), actor("caizheng"), MOMENT)
    version = CaseVersion.objects.get(case=year, why="frozen")
    kept = StoredEvaluation.objects.get(version=version)
    again = evaluated(case_of_version(version), origin_of(stored, case_of_version(version))).content
    for name in ("total", "nodes", "grade", "supported", "unscored", "review"):
        assert json.dumps(again[name]) == json.dumps(kept.content[name]) == json.dumps(open_one.content[name])
    assert (kept.total, kept.revision) == (again["total"], stored.revision)
    # the page of a frozen year shows what was frozen
    assert evaluation_of(fresh(year)).pk == kept.pk


def test_who_saw_an_earlier_locking_does_not_undo_a_later_one(year: StoredCase) -> None:
    stored = at(year, E.REVIEWED)
    perform(FreezeEvaluation(stored, stored.revision), actor("caizheng"), MOMENT)
    seen = fresh(year).revision
    # meanwhile it is unlocked, sent through again and locked once more
    perform(UnfreezeEvaluation(fresh(year), seen, "审计发现差错"), actor("caizheng"), MOMENT)
    again = in_state(TargetState.APPROVED, E.REVIEWED)
    perform(FreezeEvaluation(again, again.revision), actor("caizheng"), MOMENT)
    trail, remarks = TrailEntry.objects.count(), Remark.objects.count()
    with pytest.raises(Stale, match="刷新"):
        perform(UnfreezeEvaluation(fresh(year), seen, "审计发现差错"), actor("caizheng"), MOMENT)
    assert fresh(year).evaluation is E.FROZEN
    assert (TrailEntry.objects.count(), Remark.objects.count()) == (trail, remarks)


def test_freezing_again_after_unfreezing_keeps_both(year: StoredCase) -> None:
    stored = at(year, E.REVIEWED)
    perform(FreezeEvaluation(stored, stored.revision), actor("caizheng"), MOMENT)
    perform(UnfreezeEvaluation(fresh(year), 1, "审计发现差错"), actor("caizheng"), MOMENT)
    stored = in_state(TargetState.APPROVED, E.REVIEWED)
    perform(FreezeEvaluation(stored, stored.revision), actor("caizheng"), MOMENT)
    versions = CaseVersion.objects.filter(case=year, why="frozen")
    assert [each.number for each in versions] == [1, 2]
    assert StoredEvaluation.objects.filter(version__in=versions).count() == 2
