"""An action changes, is recorded, and is refused as a whole."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from demonstrated import MOMENT, actor, demonstration, in_state

from zhunsheng.plans.roles import Role, TargetState
from zhunsheng.store.database.case_content import case_of
from zhunsheng.store.database.models import StoredCase, TrailEntry
from zhunsheng.workflow.action import Action, Change, Refused, Setting, perform
from zhunsheng.workflow.demonstration import shipped_case
from zhunsheng.workflow.trail import verify

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Rename(Action):
    """Gives a year another title."""

    code = "test.rename"
    label = "改名"
    right = "plan.check"
    touches_content = True

    case: StoredCase
    title: str
    fails: bool = False

    def case_id(self) -> int:
        """The year."""
        return self.case.pk

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Rename."""
        before, setting.year.title = setting.year.title, self.title
        yield Change("about/title", before, self.title)
        if self.fails:
            raise Refused("不行")


def test_the_case_comes_back_from_the_rows_as_it_was_put_in() -> None:
    stored = demonstration()
    shipped, found = shipped_case(), case_of(stored)
    # the demonstration states who answers for each task and starts the year as a draft; nothing else differs
    assert found.indicators == shipped.indicators
    assert found.budget == shipped.budget
    assert found.actuals == shipped.actuals
    assert found.printed_figures == shipped.printed_figures


def test_an_action_changes_the_year_and_leaves_one_line() -> None:
    stored = in_state_of(TargetState.REVIEWED)
    perform(Rename(stored, "新标题"), actor("caiwu"), MOMENT)
    stored.refresh_from_db()
    assert (stored.title, stored.revision) == ("新标题", 1)
    line = TrailEntry.objects.last()
    assert line is not None
    assert (line.who, line.role, line.action, line.after) == (
        "caiwu",
        Role.FINANCE.value,
        "test.rename",
        "新标题",
    )
    assert list(verify()) == []


def test_a_refused_action_changes_nothing_and_leaves_no_line() -> None:
    stored = in_state_of(TargetState.REVIEWED)
    before = TrailEntry.objects.count()
    with pytest.raises(Refused, match="不行"):
        perform(Rename(stored, "新标题", fails=True), actor("caiwu"), MOMENT)
    with pytest.raises(Refused, match="财务"):
        perform(Rename(stored, "新标题"), actor("juzhang"), MOMENT)
    in_state(TargetState.APPROVED)
    with pytest.raises(Refused, match="待财务审核"):
        perform(Rename(stored, "新标题"), actor("caiwu"), MOMENT)
    stored.refresh_from_db()
    assert stored.title != "新标题"
    assert TrailEntry.objects.count() == before


def in_state_of(targets: TargetState) -> StoredCase:
    demonstration(targets=targets)
    return in_state(targets)
