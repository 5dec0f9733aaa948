"""Opening years, who sees them, replacing their content, what is advised, where they stand."""

import json
from dataclasses import replace
from datetime import date

import pytest
from demonstrated import MOMENT, actor, demonstration, in_state

from zhunsheng.plans.case import Case
from zhunsheng.plans.differences import differences
from zhunsheng.plans.roles import EvaluationState, Role, TargetState
from zhunsheng.store.case_directory import files_of
from zhunsheng.store.database.case_content import case_of, put_case
from zhunsheng.store.database.file_store import keep
from zhunsheng.store.database.models import (
    Engagement,
    Grant,
    Organisation,
    OrganisationKind,
    StoredCase,
    StoredFile,
    TrailEntry,
    User,
)
from zhunsheng.workflow.action import Invalid, Refused, Stale, perform
from zhunsheng.workflow.actor import actor_of
from zhunsheng.workflow.catalogue import judge
from zhunsheng.workflow.planning.advice import advice_on, point_sums, with_indicator
from zhunsheng.workflow.planning.creating import CreateCase
from zhunsheng.workflow.planning.history import history_of
from zhunsheng.workflow.planning.progress import evaluation_steps, target_steps
from zhunsheng.workflow.planning.replacing import ReplaceCase
from zhunsheng.workflow.planning.versions import case_of_files
from zhunsheng.workflow.planning.visible import visible_cases
from zhunsheng.workflow.rights import Asked

pytestmark = pytest.mark.django_db
TODAY = date(2024, 1, 15)


def creation(body: Organisation, copied: StoredCase | None = None, **changes: object) -> CreateCase:
    action = CreateCase(body, "huadu-2024", 2024, "2024年度报告", "guangdong-dept-2023", copied=copied)
    return replace(action, **changes)


# ---- opening


def test_a_new_year_takes_over_what_there_is_but_not_how_much_of_it() -> None:
    stored = demonstration()
    perform(creation(stored.organisation, stored), actor("caiwu"), MOMENT)
    before, new = case_of(stored), case_of(StoredCase.objects.get(code="huadu-2024"))
    assert (new.about.code, new.about.fiscal_year) == ("huadu-2024", 2024)
    assert [each.code for each in new.indicators] == [each.code for each in before.indicators]
    assert {each.target_value for each in new.indicators} == {""}
    assert new.indicator_by_code["O2"].previous_actual == "287台"
    assert [each.points for each in new.indicators] == [each.points for each in before.indicators]
    assert [each.division for each in new.tasks] == [each.division for each in before.tasks]
    assert {(each.initial, each.adjusted, each.executed) for each in new.budget} == {(None, None, None)}
    assert [each.previous for each in new.budget] == [each.executed for each in before.budget]
    assert (new.actuals, new.printed_scores, new.printed_figures, new.narrative) == ((), (), (), ())
    assert {each.place for each in new.tasks} | {each.place for each in new.indicators} == {""}
    line = TrailEntry.objects.get(action="case.create")
    assert line.after is not None
    assert (line.subject, line.after["copied"]) == ("cases/huadu-2024", "huadu-2023")


def test_a_year_from_nothing_has_the_body_with_its_divisions() -> None:
    stored = demonstration()
    perform(creation(stored.organisation), actor("caiwu"), MOMENT)
    new = case_of(StoredCase.objects.get(code="huadu-2024"))
    assert new.body.name == stored.organisation.name
    assert len(new.divisions) == Organisation.objects.filter(parent=stored.organisation).count()
    assert new.tasks == ()


@pytest.mark.parametrize("who", ["tianbao", "chushi", "juzhang", "caizheng", "sanfang", "shenji", "guanli"])
def test_only_finance_opens_a_year(who: str) -> None:
    stored = demonstration()
    with pytest.raises(Refused):
        perform(creation(stored.organisation), actor(who), MOMENT)
    assert StoredCase.objects.count() == 1


def test_finance_of_one_body_opens_no_year_of_another_and_copies_none_from_it() -> None:
    stored = demonstration()
    other = Organisation.objects.create(code="other", name="别的局", kind=OrganisationKind.BUREAU)
    with pytest.raises(Refused):
        perform(creation(other), actor("caiwu"), MOMENT)
    foreign = StoredCase.objects.create(
        code="other-2023", organisation=other, fiscal_year=2023, title="t", created=MOMENT
    )
    with pytest.raises(Refused, match="本单位"):
        perform(creation(stored.organisation, foreign), actor("caiwu"), MOMENT)


def test_all_that_is_wrong_with_a_new_year_is_said_at_once() -> None:
    stored = demonstration()
    wrong = creation(
        stored.organisation, new_code="Huadu 2024", fiscal_year=2023, title="  ", rubric="mof-project-2020"
    )
    with pytest.raises(Invalid) as error:
        perform(wrong, actor("caiwu"), MOMENT)
    assert {each.code for each in error.value.problems} == {"PLAN-010", "PLAN-011", "PLAN-013", "PLAN-014"}
    for code in ("huadu-2023", "new"):
        with pytest.raises(Invalid):
            perform(creation(stored.organisation, new_code=code), actor("caiwu"), MOMENT)


def test_of_two_who_open_a_year_at_once_the_second_is_told() -> None:
    stored = demonstration()
    perform(creation(stored.organisation), actor("caiwu"), MOMENT)
    with pytest.raises(Invalid) as error:
        perform(creation(stored.organisation, new_code="huadu-2024-b"), actor("caiwu"), MOMENT)
    assert [each.code for each in error.value.problems] == ["PLAN-010"]


# ---- who sees which


def test_the_list_of_years_is_what_the_right_says_for_each_of_them() -> None:
    stored = demonstration()
    region = Organisation.objects.get(code="huadu")
    other = Organisation.objects.create(
        code="other", name="别的局", kind=OrganisationKind.BUREAU, parent=region
    )
    unit = Organisation.objects.create(
        code="unit", name="检验所", kind=OrganisationKind.UNIT, parent=stored.organisation
    )
    for number, body in enumerate((other, unit)):
        StoredCase.objects.create(
            code=f"c{number}", organisation=body, fiscal_year=2023, title="t", created=MOMENT
        )
    firm = Organisation.objects.get(code="review-firm")
    late = StoredCase.objects.get(code="c0")
    Engagement.objects.create(case=late, organisation=firm, until=date(2023, 12, 31))
    city = User.objects.create(username="city", name="市财务")
    Grant.objects.create(user=city, role=Role.FINANCE.value, organisation=region)
    nobody = User.objects.create(username="nobody", name="无")
    expired = User.objects.create(username="expired", name="过期")
    Grant.objects.create(user=expired, role=Role.LEADER.value, organisation=region, until=date(2024, 1, 14))
    people = [*User.objects.all()]
    assert {nobody, expired, city} <= set(people)
    seen_by = {}
    for user in people:
        who = actor_of(user, TODAY)
        seen = set(visible_cases(who, TODAY))
        assert seen == {
            each for each in StoredCase.objects.all() if judge("case.read", who, Asked(TODAY, each)).allowed
        }
        seen_by[user.username] = {each.code for each in seen}
    assert seen_by["city"] == {"huadu-2023", "c0", "c1"}
    assert seen_by["caiwu"] == {"huadu-2023", "c1"}
    assert seen_by["sanfang"] == {"huadu-2023"}
    assert seen_by["nobody"] == seen_by["expired"] == set()


# ---- replacing


def kept(case: Case) -> StoredFile:
    return keep((json.dumps(files_of(case), ensure_ascii=False).encode(),))


@pytest.fixture(autouse=True)
def _own_files(settings: object, tmp_path: object) -> None:
    settings.FILES_DIRECTORY = tmp_path  # type: ignore[attr-defined]


def test_content_as_files_comes_back_as_it_was() -> None:
    case = case_of(demonstration())
    back = case_of_files(files_of(case))
    assert differences(case, back) == []
    assert back.indicators == case.indicators


def test_replacing_writes_one_line_for_each_row_that_differs() -> None:
    stored = demonstration(TargetState.DRAFT)
    case = case_of(stored)
    changed = replace(
        case,
        duties=case.duties[:-1],
        tasks=tuple(replace(each, short_name="改") if each.code == "T1" else each for each in case.tasks),
    )
    perform(ReplaceCase(stored, kept(changed), stored.revision), actor("caiwu"), MOMENT)
    assert differences(case_of(stored), changed) == []
    lines = TrailEntry.objects.filter(action="plan.replace")
    assert {each.subject for each in lines} == {"tasks/T1", f"duties/{case.duties[-1].number}"}
    stored.refresh_from_db()
    assert stored.revision == 1


def test_replacing_needs_the_right_the_state_and_what_was_compared() -> None:
    stored = demonstration(TargetState.DRAFT)
    file = kept(case_of(stored))
    with pytest.raises(Refused):
        perform(ReplaceCase(stored, file, 0), actor("tianbao"), MOMENT)
    StoredCase.objects.filter(pk=stored.pk).update(revision=3)
    with pytest.raises(Stale):
        perform(ReplaceCase(stored, file, 0), actor("caiwu"), MOMENT)
    with pytest.raises(Refused, match="目标状态"):
        perform(ReplaceCase(in_state(TargetState.APPROVED), file, 3), actor("caiwu"), MOMENT)


def test_content_of_another_year_does_not_replace_this_one() -> None:
    stored = demonstration(TargetState.DRAFT)
    case = case_of(stored)
    other = replace(case, about=replace(case.about, code="x-2022", fiscal_year=2022))
    with pytest.raises(Invalid) as error:
        perform(ReplaceCase(stored, kept(other), 0), actor("caiwu"), MOMENT)
    assert {each.code for each in error.value.problems} == {"PLAN-008"}


# ---- advice


def test_points_are_summed_by_task_and_by_the_rubrics_parts() -> None:
    sums = {each.label.split()[0]: each for each in point_sums(case_of(demonstration()))}
    # printed in the report: outputs 3 × 6 + 2, effects 7 + 7 + 6, each part 20 of the rubric
    assert [(str(sums[code].given), str(sums[code].wanted)) for code in ("A1", "A2")] == [
        ("20", "20"),
        ("20", "20"),
    ]
    assert sums["A1"].fits


def test_a_target_below_what_was_reached_is_doubted_from_the_years_before() -> None:
    stored = demonstration()
    perform(creation(stored.organisation, stored), actor("caiwu"), MOMENT)
    new = StoredCase.objects.get(code="huadu-2024")
    case = case_of(new)
    low = replace(case.indicator_by_code["O2"], target_value="200", target_text="", previous_actual="")
    past = history_of(new, low, actor("caiwu"))
    assert [(each.year, each.target, each.actual) for each in past] == [(2023, "≥150台", "287台")]
    found = advice_on(with_indicator(case, "O2", low), low, past)
    assert "Q05" in {each.rule for each in found.findings}
    high = replace(low, target_value="300")
    found = advice_on(with_indicator(case, "O2", high), high, past)
    assert "Q05" not in {each.rule for each in found.findings}


def test_what_is_typed_half_is_advised_on_without_failing() -> None:
    case = case_of(demonstration())
    half = replace(case.indicator_by_code["O2"], code="O99", group="", kind="", nature="", points=None)
    found = advice_on(with_indicator(case, None, half), half)
    assert not found.complete


# ---- where a year stands


def test_the_steps_say_who_is_next_and_until_when() -> None:
    demonstration()
    case = in_state(TargetState.CHECKED, EvaluationState.CLOSED)
    steps = target_steps(case, TODAY)
    assert [each.state for each in steps] == ["done", "done", "done", "current", "next", "next"]
    assert steps[3].note == "局领导 赵局长；截止 2022-12-20（已过期）"
    case = in_state(TargetState.SIGNED)
    assert "财政部门 周财政" in target_steps(case, TODAY)[4].note
    case = in_state(TargetState.RETURNED)
    assert "已退回" in target_steps(case, TODAY)[0].note
    case = in_state(TargetState.APPROVED, EvaluationState.OPEN)
    assert {each.state for each in target_steps(case, TODAY)} == {"done"}
    current = evaluation_steps(case, TODAY)[1]
    assert (current.state, current.late) == ("current", False)
    assert "截止 2024-01-31" in current.note


def test_a_stored_case_without_rows_is_not_taken_for_a_year() -> None:
    stored = demonstration()
    empty = StoredCase.objects.create(
        code="leer", organisation=stored.organisation, fiscal_year=2020, title="t", created=MOMENT
    )
    with pytest.raises(LookupError):
        case_of(empty)
    put_case(empty, case_of(stored), None, MOMENT)
    assert case_of(empty) == case_of(stored)
