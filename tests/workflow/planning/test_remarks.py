"""Remarks on targets are answered by whoever answers for the row, and not once they are settled."""

import pytest
from demonstrated import MOMENT, actor, demonstration

from zhunsheng.plans.roles import TargetState
from zhunsheng.store.database.models import Remark, StoredCase, TrailEntry, User
from zhunsheng.workflow.action import Invalid, Refused, Stale, perform
from zhunsheng.workflow.planning.remarks import AnswerRemark

pytestmark = pytest.mark.django_db


def remark(case: StoredCase, key: str, stage: str = "targets") -> Remark:
    return Remark.objects.create(
        case=case,
        stage=stage,
        section="indicators",
        key=key,
        text="请说明",
        who=User.objects.get(username="juzhang"),
        moment=MOMENT,
    )


@pytest.mark.parametrize(
    ("who", "own", "other"),
    [
        ("tianbao", True, False),
        ("chushi", True, False),
        ("caiwu", True, True),
        ("juzhang", False, False),
        ("caizheng", False, False),
        ("shenji", False, False),
        ("guanli", False, False),
    ],
)
def test_a_division_answers_for_its_own_rows(who: str, own: bool, other: bool) -> None:
    case = demonstration(TargetState.RETURNED)
    for key, allowed in (("O2", own), ("O4", other)):
        found = remark(case, key)
        action = AnswerRemark(case, found.pk, "已改")
        if allowed:
            perform(action, actor(who), MOMENT)
            assert TrailEntry.objects.filter(action="plan.answer", subject=f"remarks/{found.pk}").exists()
        else:
            with pytest.raises(Refused):
                perform(action, actor(who), MOMENT)
        found.refresh_from_db()
        assert found.answer == ("已改" if allowed else "")


def test_an_answer_says_something_and_belongs_to_an_open_remark_of_this_stage() -> None:
    case = demonstration(TargetState.RETURNED)
    found, other = remark(case, "O2"), remark(case, "O2", "evaluation")
    with pytest.raises(Invalid):
        perform(AnswerRemark(case, found.pk, "  "), actor("caiwu"), MOMENT)
    with pytest.raises(Stale):
        perform(AnswerRemark(case, other.pk, "答"), actor("caiwu"), MOMENT)
    Remark.objects.filter(pk=found.pk).update(settled=MOMENT)
    with pytest.raises(Refused, match="了结"):
        perform(AnswerRemark(case, found.pk, "答"), actor("caiwu"), MOMENT)
