"""The way of the targets: by the right person, in the right state, once, never by whoever sent them."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from demonstrated import MOMENT, actor, demonstration, in_state

from zhunsheng.kernel.problem import Problem
from zhunsheng.plans.roles import EvaluationState, Role, TargetState
from zhunsheng.store.database.case_content import case_of, put_case
from zhunsheng.store.database.models import CaseVersion, Grant, Remark, StoredCase, TrailEntry, User
from zhunsheng.workflow.action import Action, Invalid, Refused, Stale, perform
from zhunsheng.workflow.planning.incompatible import alone_at
from zhunsheng.workflow.planning.transitions import (
    AdjustTargets,
    ApproveTargets,
    CheckTargets,
    FieldRemark,
    ReturnTargets,
    ReviewTargets,
    SignTargets,
    SubmitTargets,
)
from zhunsheng.workflow.planning.versions import case_of_version
from zhunsheng.workflow.trail import verify

pytestmark = pytest.mark.django_db

S = TargetState
EVERYBODY = ("tianbao", "chushi", "caiwu", "juzhang", "caizheng", "sanfang", "shenji", "guanli")
PASSES: tuple[tuple[type[Action], frozenset[S], S, frozenset[str]], ...] = (
    (SubmitTargets, frozenset({S.DRAFT, S.RETURNED}), S.SUBMITTED, frozenset({"tianbao", "caiwu"})),
    (ReviewTargets, frozenset({S.SUBMITTED}), S.REVIEWED, frozenset({"chushi"})),
    (CheckTargets, frozenset({S.REVIEWED}), S.CHECKED, frozenset({"caiwu"})),
    (SignTargets, frozenset({S.CHECKED}), S.SIGNED, frozenset({"juzhang"})),
    (ApproveTargets, frozenset({S.SIGNED}), S.APPROVED, frozenset({"caizheng"})),
)


def step(kind: type[Action], case: StoredCase, **more: object) -> Action:
    made: Any = kind
    action: Action = made(case, case.revision, **more)
    return action


def go(kind: type[Action], who: str, case: StoredCase, **more: object) -> StoredCase:
    perform(step(kind, case, **more), actor(who), MOMENT)
    case.refresh_from_db()
    return case


def problems_of(error: pytest.ExceptionInfo[Invalid]) -> list[Problem]:
    return list(error.value.problems)


@pytest.mark.parametrize(("kind", "states", "becomes", "people"), PASSES)
def test_each_step_is_taken_by_the_right_people_in_the_right_state_only(
    kind: type[Action], states: frozenset[S], becomes: S, people: frozenset[str]
) -> None:
    demonstration()
    for state in S:
        for who in EVERYBODY:
            case = in_state(state)
            before = TrailEntry.objects.count()
            if state in states and who in people:
                assert go(kind, who, case).targets is becomes
                assert TrailEntry.objects.count() > before
            else:
                with pytest.raises(Refused):
                    perform(step(kind, case), actor(who), MOMENT)
                case.refresh_from_db()
                assert (case.targets, TrailEntry.objects.count()) == (state, before)
    assert list(verify()) == []


def test_only_who_has_to_act_now_may_return() -> None:
    demonstration()
    turn = {S.SUBMITTED: "chushi", S.REVIEWED: "caiwu", S.CHECKED: "juzhang", S.SIGNED: "caizheng"}
    for state in S:
        for who in EVERYBODY:
            case = in_state(state)
            if turn.get(state) == who:
                assert go(ReturnTargets, who, case, why="重写").targets is S.RETURNED
            else:
                with pytest.raises(Refused):
                    perform(step(ReturnTargets, case, why="重写"), actor(who), MOMENT)


def test_only_finance_adjusts_and_only_before_the_evaluation_is_sent_on() -> None:
    demonstration()
    for who in EVERYBODY:
        case = in_state(S.APPROVED, EvaluationState.OPEN)
        if who == "caiwu":
            assert go(AdjustTargets, who, case, why="年中追加").targets is S.DRAFT
        else:
            with pytest.raises(Refused):
                perform(step(AdjustTargets, case, why="年中追加"), actor(who), MOMENT)
    for evaluation in (EvaluationState.SCORED, EvaluationState.FROZEN, EvaluationState.RELEASED):
        with pytest.raises(Refused, match="自评状态"):
            perform(step(AdjustTargets, in_state(S.APPROVED, evaluation), why="追加"), actor("caiwu"), MOMENT)


def test_the_whole_way_is_kept_in_versions_and_in_the_trail() -> None:
    case = demonstration(S.DRAFT, EvaluationState.CLOSED)
    go(SubmitTargets, "tianbao", case, note="请审核")
    go(ReviewTargets, "chushi", case)
    go(CheckTargets, "caiwu", case)
    go(SignTargets, "juzhang", case)
    go(ApproveTargets, "caizheng", case)
    assert [each.why for each in CaseVersion.objects.filter(case=case)] == ["submitted", "approved"]
    approved = CaseVersion.objects.get(case=case, why="approved")
    assert case_of_version(approved).indicators == case_of(case).indicators
    states = [
        (each.who, each.role, each.before, each.after)
        for each in TrailEntry.objects.filter(subject="targets/state")
    ]
    assert states == [
        ("tianbao", "filler", "draft", "submitted"),
        ("chushi", "division_head", "submitted", "reviewed"),
        ("caiwu", "finance", "reviewed", "checked"),
        ("juzhang", "leader", "checked", "signed"),
        ("caizheng", "finance_bureau", "signed", "approved"),
    ]


def test_nobody_passes_what_they_have_sent_themselves() -> None:
    case = demonstration(S.DRAFT)
    go(SubmitTargets, "caiwu", case)
    go(ReviewTargets, "chushi", case)
    with pytest.raises(Refused, match="本人送审"):
        perform(step(CheckTargets, case), actor("caiwu"), MOMENT)
    # it can still be taken back, so nothing is stuck
    assert go(ReturnTargets, "caiwu", case, why="换人送审").targets is S.RETURNED


def test_whoever_holds_two_roles_passes_one_step_of_a_round_only() -> None:
    case = demonstration(targets=S.DRAFT, evaluation=EvaluationState.CLOSED)
    head = User.objects.get(username="chushi")
    Grant.objects.create(user=head, role=Role.FINANCE.value, organisation=case.organisation)
    case = go(ReviewTargets, "chushi", go(SubmitTargets, "tianbao", case))
    with pytest.raises(Refused, match="处室审核通过"):
        go(CheckTargets, "chushi", case)
    case = go(ReturnTargets, "caiwu", case, why="补充依据")
    # the next round begins anew: this time somebody else reviews
    case = go(SubmitTargets, "tianbao", case)
    StoredCase.objects.update(target_state=S.REVIEWED.value)
    case.refresh_from_db()
    assert go(CheckTargets, "chushi", case).targets is S.CHECKED


def test_whoever_may_not_pass_their_own_is_told_who_may_or_what_to_do() -> None:
    case = demonstration(S.DRAFT)
    go(SubmitTargets, "caiwu", case)
    go(ReviewTargets, "chushi", case)
    with pytest.raises(Refused, match=r"没有别的财务可以审核.*由填报人送审"):
        perform(step(CheckTargets, case), actor("caiwu"), MOMENT)
    second = User.objects.create(username="kuaiji", name="何会计")
    body = case.organisation
    grant = Grant.objects.create(user=second, role="finance", organisation=body, until=date(2024, 1, 14))
    # one whose role has ended does not count, nor one at a division, where finance reaches nothing
    with pytest.raises(Refused, match="没有别的财务"):
        perform(step(CheckTargets, case), actor("caiwu"), MOMENT)
    grant.until = None
    grant.save()
    with pytest.raises(Refused, match="请另一位财务（何会计）审核"):
        perform(step(CheckTargets, case), actor("caiwu"), MOMENT)
    assert go(CheckTargets, "kuaiji", case).targets is S.CHECKED


def test_who_is_alone_on_the_way_is_known_before_sending() -> None:
    case = demonstration(S.DRAFT)
    for who, roles in (("caiwu", (Role.FINANCE,)), ("tianbao", ()), ("chushi", (Role.DIVISION_HEAD,))):
        assert alone_at(case, User.objects.get(username=who), MOMENT.date()) == roles
    second = User.objects.create(username="kuaiji", name="何会计")
    Grant.objects.create(user=second, role="finance", organisation=case.organisation)
    assert alone_at(case, User.objects.get(username="caiwu"), MOMENT.date()) == ()
    second.is_active = False
    second.save()
    assert alone_at(case, User.objects.get(username="caiwu"), MOMENT.date()) == (Role.FINANCE,)


@pytest.mark.parametrize(
    ("kind", "state", "who"),
    [
        (ReviewTargets, S.SUBMITTED, "chushi"),
        (CheckTargets, S.REVIEWED, "caiwu"),
        (SignTargets, S.CHECKED, "juzhang"),
        (ApproveTargets, S.SIGNED, "caizheng"),
    ],
)
def test_of_two_who_pass_at_once_the_second_is_told(kind: type[Action], state: S, who: str) -> None:
    demonstration()
    case = in_state(state)
    first, second = step(kind, case), step(kind, case)
    perform(first, actor(who), MOMENT)
    with pytest.raises(Refused, match="目标状态为"):
        perform(second, actor(who), MOMENT)


def test_what_has_changed_since_it_was_looked_at_is_not_passed() -> None:
    demonstration()
    case = in_state(S.SIGNED)
    looked_at = step(ApproveTargets, case)
    StoredCase.objects.filter(pk=case.pk).update(revision=case.revision + 1)
    with pytest.raises(Stale, match="重新查看"):
        perform(looked_at, actor("caizheng"), MOMENT)


def test_an_incomplete_plan_is_not_sent_on_and_everything_missing_is_said_at_once() -> None:
    stored = demonstration(S.DRAFT)
    case = case_of(stored)
    by_code = case.indicator_by_code
    changed = {
        "O2": replace(by_code["O2"], target_value="", target_text=""),
        "O4": replace(by_code["O4"], points=None),
    }
    put_case(
        stored,
        replace(case, indicators=tuple(changed.get(each.code, each) for each in case.indicators)),
        None,
        MOMENT,
    )
    with pytest.raises(Invalid) as error:
        perform(step(SubmitTargets, stored), actor("caiwu"), MOMENT)
    found = {(each.code, str(each.place)) for each in problems_of(error)}
    assert ("PLAN-002", "绩效指标 O2 目标值") in found
    assert ("PLAN-003", "绩效指标 O4 分值") in found
    assert not CaseVersion.objects.exists()
    stored.refresh_from_db()
    assert stored.targets is S.DRAFT


def test_weights_that_do_not_add_up_are_not_sent_on() -> None:
    stored = demonstration(S.DRAFT)
    case = case_of(stored)
    # the output indicators of the rubric share 20 points: O4 with 4 instead of 3 makes them 21
    raised = tuple(
        replace(each, points=each.points + 1) if each.code == "O4" and each.points else each
        for each in case.indicators
    )
    put_case(stored, replace(case, indicators=raised), None, MOMENT)
    with pytest.raises(Invalid) as error:
        perform(step(SubmitTargets, stored), actor("caiwu"), MOMENT)
    (found,) = [each for each in problems_of(error) if each.severity.value == "error"]
    assert (found.code, "21" in found.what, "20" in found.what) == ("SCORE-004", True, True)


def test_returning_needs_a_reason_and_keeps_remarks_at_fields() -> None:
    demonstration()
    case = in_state(S.CHECKED)
    with pytest.raises(Invalid):
        perform(step(ReturnTargets, case, why=" "), actor("juzhang"), MOMENT)
    empty = (FieldRemark("indicators", "O2", "target_value", ""),)
    with pytest.raises(Invalid):
        perform(step(ReturnTargets, case, why="偏低", remarks=empty), actor("juzhang"), MOMENT)
    assert not Remark.objects.exists()
    remark = (FieldRemark("indicators", "O2", "target_value", "低于上年完成值"),)
    go(ReturnTargets, "juzhang", case, why="目标偏低", remarks=remark)
    kept = Remark.objects.get()
    assert (kept.stage, kept.section, kept.key, kept.column) == (
        "targets",
        "indicators",
        "O2",
        "target_value",
    )
    line = TrailEntry.objects.get(subject="targets/state")
    assert (line.reason, line.who) == ("目标偏低", "juzhang")


def test_a_remark_at_a_field_there_is_not_names_it_and_keeps_nothing() -> None:
    demonstration()
    case = in_state(S.CHECKED)
    remarks = (
        FieldRemark("indicators", "O2", "colour", "换个颜色"),
        FieldRemark("weather", "", "", "下雨"),
        FieldRemark("indicators", "O3", "shape", " "),
    )
    with pytest.raises(Invalid) as error:
        perform(step(ReturnTargets, case, why="偏低", remarks=remarks), actor("juzhang"), MOMENT)
    found = [(each.code, each.value, each.place.file) for each in problems_of(error)]
    assert found == [
        ("PLAN-023", "colour", "绩效指标 O2"),
        ("PLAN-023", "weather", "意见"),
        ("PLAN-023", "shape", "绩效指标 O3"),
        ("PLAN-016", None, "绩效指标 O3"),
    ]
    assert "没有“colour”这个字段" in error.value.problems[0].what
    assert not Remark.objects.exists()
    case.refresh_from_db()
    assert case.targets is S.CHECKED


def test_an_adjusted_target_needs_a_basis_and_approval_makes_an_adjusted_version() -> None:
    stored = demonstration(S.APPROVED)
    go(AdjustTargets, "caiwu", stored, why="财政追加经费")
    assert [each.why for each in CaseVersion.objects.all()] == ["approved"]
    case = case_of(stored)

    def with_o4(**changes: Any) -> None:
        rows = tuple(replace(each, **changes) if each.code == "O4" else each for each in case.indicators)
        put_case(stored, replace(case, indicators=rows), None, MOMENT)

    with_o4(target_value="700", target_text="")
    with pytest.raises(Invalid) as error:
        perform(step(SubmitTargets, stored), actor("tianbao"), MOMENT)
    assert [each.code for each in problems_of(error) if each.severity.value == "error"] == ["PLAN-005"]
    with_o4(target_value="700", target_text="", adjustment="追加办案经费 20 万元", initial_target="600")
    go(SubmitTargets, "tianbao", stored)
    for kind, who in (
        (ReviewTargets, "chushi"),
        (CheckTargets, "caiwu"),
        (SignTargets, "juzhang"),
        (ApproveTargets, "caizheng"),
    ):
        go(kind, who, stored)
    assert [each.why for each in CaseVersion.objects.filter(case=stored)] == [
        "approved",
        "submitted",
        "adjusted",
    ]


def test_approval_settles_the_remarks_on_the_way() -> None:
    demonstration()
    case = in_state(S.SIGNED)
    who = User.objects.get(username="juzhang")
    Remark.objects.create(case=case, stage="targets", text="请核对", who=who, moment=MOMENT)
    Remark.objects.create(case=case, stage="evaluation", text="另一环节", who=who, moment=MOMENT)
    go(ApproveTargets, "caizheng", case)
    assert {each.stage: each.settled for each in Remark.objects.all()} == {
        "targets": MOMENT,
        "evaluation": None,
    }


def test_a_version_that_was_tampered_with_is_not_read() -> None:
    case = demonstration(S.DRAFT)
    go(SubmitTargets, "tianbao", case)
    version = CaseVersion.objects.get()
    content = {**version.content, "tasks.yaml": version.content["tasks.yaml"].replace("600", "700")}
    CaseVersion.objects.filter(pk=version.pk).update(content=content)
    version.refresh_from_db()
    with pytest.raises(Invalid, match="校验值"):
        case_of_version(version)
