"""How an action runs: one transaction in which the year is locked, the right asked, the change made and recorded."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.db import transaction
from django.utils import timezone

from zhunsheng.kernel.problem import Problem
from zhunsheng.store.database.models import Organisation, StoredCase
from zhunsheng.workflow.actor import Actor
from zhunsheng.workflow.catalogue import judge
from zhunsheng.workflow.rights import Asked
from zhunsheng.workflow.trail import record


class Refused(Exception):  # noqa: N818 - nothing is broken
    """The actor may not; `reason` says why, in Chinese."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Stale(Exception):  # noqa: N818 - nothing is broken
    """Somebody else has changed it since the actor looked; `what` says what, in Chinese."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class Invalid(Exception):  # noqa: N818 - the input is wrong
    """What was given is wrong; `problems` lists everything."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("；".join(each.what for each in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Change:
    """What an action changed, for the trail: plain data before and after."""

    subject: str
    before: Any = None
    after: Any = None


@dataclass(frozen=True, slots=True)
class Setting:
    """In what an action runs.

    Attributes:
        actor: who.
        moment: when.
        case: the year, locked; None when the action concerns none.
    """

    actor: Actor
    moment: datetime
    case: StoredCase | None = None

    @property
    def year(self) -> StoredCase:
        """The year.

        Raises:
            TypeError: the action concerns none.
        """
        if self.case is None:
            raise TypeError("the action concerns no case")
        return self.case


class Action(ABC):
    """A change of state. Subclasses are frozen dataclasses of what the actor chose.

    Attributes:
        code: in the trail.
        label: in Chinese.
        right: code of the right it needs.
        touches_content: whether the rows of the case change, so that what was computed from them is old.
    """

    code: ClassVar[str]
    label: ClassVar[str]
    right: ClassVar[str]
    touches_content: ClassVar[bool] = False

    def case_id(self) -> int | None:
        """The year it concerns."""
        return None

    def organisation(self) -> Organisation | None:
        """The body it concerns, when it concerns no year."""
        return None

    def division(self, _case: StoredCase | None) -> Organisation | None:
        """The part of the body it touches; None for the whole."""
        return None

    def reason(self) -> str:
        """Why, in the actor's words."""
        return ""

    @abstractmethod
    def carry_out(self, setting: Setting) -> Iterable[Change]:
        """Make the change and say what it was.

        Raises:
            Refused: the actor may not for a reason beyond the right.
            Stale: somebody else was first.
            Invalid: what was given is wrong.
        """


def perform(action: Action, actor: Actor, moment: datetime | None = None) -> tuple[Change, ...]:
    """Carry out an action: all of it with its lines of the trail, or nothing.

    Raises:
        Refused, Stale, Invalid: see there; nothing was changed.
    """
    now = moment or timezone.now()
    with transaction.atomic():
        case = _locked(action.case_id())
        asked = Asked(timezone.localdate(now), case, action.organisation(), action.division(case))
        verdict = judge(action.right, actor, asked)
        if not verdict.allowed:
            raise Refused(verdict.reason)
        changes = tuple(action.carry_out(Setting(actor, now, case)))
        if case is not None:
            if action.touches_content and changes:
                case.revision += 1
            case.save()
        for each in changes:
            record(
                actor,
                now,
                action=action.code,
                subject=each.subject,
                before=each.before,
                after=each.after,
                reason=action.reason(),
                role=verdict.role,
                organisation=asked.body,
                case=case,
            )
    return changes


def _locked(identity: int | None) -> StoredCase | None:
    if identity is None:
        return None
    return (
        StoredCase.objects.select_for_update(of=("self",))
        .select_related("organisation__overseer")
        .get(pk=identity)
    )
