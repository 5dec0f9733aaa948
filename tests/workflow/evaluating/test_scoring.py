"""Scores by hand and reasons of deductions."""

import pytest
from demonstrated import MOMENT, actor, demonstration, in_state

from zhunsheng.plans.roles import EvaluationState, TargetState
from zhunsheng.store.database.case_content import case_of
from zhunsheng.store.database.models import StoredCase, TrailEntry
from zhunsheng.workflow.action import Invalid, Refused, Stale, perform
from zhunsheng.workflow.collecting.items import item_of
from zhunsheng.workflow.collecting.reporting import ReportActual
from zhunsheng.workflow.evaluating.evaluated import evaluation_of
from zhunsheng.workflow.evaluating.scoring import ExplainDeviation, ScoreManually

pytestmark = pytest.mark.django_db


@pytest.fixture
def year() -> StoredCase:
    return demonstration()


def total(year: StoredCase) -> str:
    return evaluation_of(StoredCase.objects.get(pk=year.pk)).total


def codes(refused: pytest.ExceptionInfo[Invalid]) -> list[str]:
    return [each.code for each in refused.value.problems]


def test_a_score_by_hand_counts_and_says_who_gave_it(year: StoredCase) -> None:
    # F1 is qualitative; the tier "reached" allows 80 to 100 percent of its 7 points
    assert total(year) == "94.98"
    perform(ScoreManually(year, "F1", "6.5", "两个市场仍有占道经营", seen=0), actor("caiwu"), MOMENT)
    assert total(year) == "94.48"
    kept = case_of(year).manual_score_of["F1"]
    assert (kept.given_by, kept.reason) == ("王财务", "两个市场仍有占道经营")
    line = TrailEntry.objects.filter(action="evaluation.score").get()
    assert ((line.before or {})["score"], (line.after or {})["score"], line.reason) == (
        "7",
        "6.5",
        "两个市场仍有占道经营",
    )


@pytest.mark.parametrize(
    ("item", "score", "why", "code"),
    [
        ("F1", "7.5", "表现突出", "SCORE-005"),
        ("F1", "-1", "太差", "SCORE-005"),
        ("F1", "高", "理由", "DATA-003"),
        ("F1", "6.5", "", "DATA-002"),
        ("F1", "", "只有理由", "DATA-002"),
        ("O2", "1", "按规则可算", "EVALUATE-006"),
        ("A", "1", "是汇总", "EVALUATE-006"),
        ("Z9", "1", "没有这一项", "EVALUATE-005"),
    ],
)
def test_scores_that_may_not_be_are_refused(
    year: StoredCase, item: str, score: str, why: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        perform(
            ScoreManually(year, item, score, why, seen=0 if item == "F1" else None), actor("caiwu"), MOMENT
        )
    assert code in codes(refused)
    assert total(year) == "94.98"


def test_a_score_by_hand_is_taken_away_by_emptying_it(year: StoredCase) -> None:
    perform(ScoreManually(year, "F1", "", "", seen=0), actor("caiwu"), MOMENT)
    assert "F1" not in case_of(year).manual_score_of
    stored = evaluation_of(StoredCase.objects.get(pk=year.pk))
    assert stored.content["unscored"] == "7"
    assert stored.grade == ""


def test_the_reason_of_a_deduction_stands_in_the_evaluation(year: StoredCase) -> None:
    explain = ExplainDeviation(year, "A3", "年末才结算", "按季度结算", seen=None)
    perform(explain, actor("caiwu"), MOMENT)
    node = next(
        each
        for each in evaluation_of(StoredCase.objects.get(pk=year.pk)).content["nodes"]
        if each["code"] == "A3"
    )
    assert (node["deviation"], node["remedy"]) == ("年末才结算", "按季度结算")
    with pytest.raises(Stale, match="王财务"):
        perform(explain, actor("caiwu"), MOMENT)


def test_a_filler_explains_the_own_division_s_items_only(year: StoredCase) -> None:
    perform(ExplainDeviation(year, "O2", "抽检少于计划", "", seen=None), actor("tianbao"), MOMENT)
    for item in ("O4", "A3"):
        with pytest.raises(Refused):
            perform(ExplainDeviation(year, item, "理由", "", seen=None), actor("tianbao"), MOMENT)


@pytest.mark.parametrize("who", ["juzhang", "caizheng", "sanfang", "shenji", "guanli"])
def test_who_only_looks_scores_nothing(year: StoredCase, who: str) -> None:
    with pytest.raises(Refused):
        perform(ScoreManually(year, "F1", "6", "理由", seen=0), actor(who), MOMENT)


@pytest.mark.parametrize(
    "state",
    [EvaluationState.CLOSED, EvaluationState.SCORED, EvaluationState.REVIEWED, EvaluationState.FROZEN],
)
def test_scores_are_given_only_while_the_evaluation_is_open(year: StoredCase, state: EvaluationState) -> None:
    in_state(TargetState.APPROVED, state)
    with pytest.raises(Refused, match="自评中"):
        perform(ScoreManually(year, "F1", "6", "理由", seen=0), actor("caiwu"), MOMENT)


def test_the_reason_of_an_item_without_deduction_is_kept_for_an_indicator(year: StoredCase) -> None:
    found = item_of(year, "O2")
    assert found is not None
    perform(ReportActual(year, "O2", {"value": "120"}, found.revision), actor("tianbao"), MOMENT)
    with pytest.raises(Invalid) as refused:
        perform(ExplainDeviation(year, "Z9", "没有这一项", "", seen=None), actor("caiwu"), MOMENT)
    assert codes(refused) == ["EVALUATE-005"]
    # 120 of 150 by the rule of the rubric loses points, so the total falls
    assert total(year) < "94.98"
