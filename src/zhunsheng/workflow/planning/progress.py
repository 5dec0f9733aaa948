"""Where a year stands: the steps of targets and evaluation, who is next, until when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from zhunsheng.plans.roles import EvaluationState, Role, TargetState
from zhunsheng.store.database.models import Grant, Organisation, StoredCase

StepState = Literal["done", "current", "next"]
_MOST_NAMES = 3

_TARGETS: tuple[tuple[tuple[TargetState, ...], str, tuple[Role, ...]], ...] = (
    ((TargetState.DRAFT, TargetState.RETURNED), noop("编制"), (Role.FILLER, Role.FINANCE)),
    ((TargetState.SUBMITTED,), noop("处室审核"), (Role.DIVISION_HEAD,)),
    ((TargetState.REVIEWED,), noop("财务审核"), (Role.FINANCE,)),
    ((TargetState.CHECKED,), noop("局领导审定"), (Role.LEADER,)),
    ((TargetState.SIGNED,), noop("财政批复"), (Role.FINANCE_BUREAU,)),
    ((TargetState.APPROVED,), noop("已批复"), ()),
)
_EVALUATION: tuple[tuple[tuple[EvaluationState, ...], str, tuple[Role, ...]], ...] = (
    ((EvaluationState.CLOSED,), noop("未开始"), (Role.FINANCE,)),
    ((EvaluationState.OPEN,), noop("填报和自评"), (Role.FILLER, Role.FINANCE)),
    ((EvaluationState.SCORED,), noop("局领导审核"), (Role.LEADER,)),
    ((EvaluationState.REVIEWED,), noop("财政复核"), (Role.FINANCE_BUREAU,)),
    ((EvaluationState.FROZEN,), noop("已锁定"), (Role.LEADER,)),
    ((EvaluationState.RELEASED,), noop("已公开"), ()),
)


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the way.

    Attributes:
        note: who acts in it and until when, in Chinese; "" when nobody has to.
        late: whether that day is over.
    """

    label: str
    state: StepState
    note: str = ""
    late: bool = False


def target_steps(case: StoredCase, today: date | None = None) -> tuple[Step, ...]:
    """The way of the targets."""
    at = next(place for place, (states, _, _) in enumerate(_TARGETS) if case.targets in states)
    returned = case.targets is TargetState.RETURNED
    return tuple(
        _step(case, label, roles, place - at, returned=returned, due=case.target_due, today=today)
        for place, (_, label, roles) in enumerate(_TARGETS)
    )


def evaluation_steps(case: StoredCase, today: date | None = None) -> tuple[Step, ...]:
    """The way of the self-evaluation."""
    at = next(place for place, (states, _, _) in enumerate(_EVALUATION) if case.evaluation in states)
    due = case.actual_due if case.evaluation is EvaluationState.OPEN else case.report_due
    return tuple(
        _step(case, label, roles, place - at, returned=False, due=due, today=today)
        for place, (_, label, roles) in enumerate(_EVALUATION)
    )


def _step(
    case: StoredCase,
    label: str,
    roles: tuple[Role, ...],
    distance: int,
    *,
    returned: bool,
    due: date | None,
    today: date | None,
) -> Step:
    if distance < 0 or (distance == 0 and not roles):
        return Step(label, "done")
    if distance > 0:
        return Step(label, "next")
    who = "；".join(each for role in roles if (each := holders(case.organisation, role)))
    late = due is not None and due < (today or timezone.localdate())
    parts = [_("已退回，请修改后重新送审")] if returned else []
    parts += [who] if who else []
    parts += [_due_words(due, late=late)] if due is not None else []
    return Step(label, "current", "；".join(parts), late)


def _due_words(due: date, *, late: bool) -> str:
    words = _("截止 %(day)s（已过期）") if late else _("截止 %(day)s")
    return words % {"day": f"{due:%Y-%m-%d}"}


def holders(body: Organisation, role: Role) -> str:
    """The people who hold a role for a body, as "填报人 陈填报、李四"; "" when nobody does."""
    where = Q(organisation__path__in=["/".join(body.codes[:n]) + "/" for n in range(1, len(body.codes) + 1)])
    if role in {Role.FILLER, Role.DIVISION_HEAD}:
        where |= Q(organisation__path__startswith=body.path)
    if role is Role.FINANCE_BUREAU:
        if body.overseer is None:
            return ""
        above = body.overseer.codes
        where = Q(organisation__path__in=["/".join(above[:n]) + "/" for n in range(1, len(above) + 1)])
    grants = Grant.objects.filter(where, role=role.value, user__is_active=True).select_related("user")
    names = list(dict.fromkeys(str(each.user) for each in _valid(grants)))
    if not names:
        return ""
    shown = "、".join(names[:_MOST_NAMES])
    if len(names) > _MOST_NAMES:
        shown = _("%(names)s等 %(number)s 人") % {"names": shown, "number": len(names)}
    return f"{_(role.label)} {shown}"


def _valid(grants: Iterable[Grant]) -> Iterable[Grant]:
    today = timezone.localdate()
    return (each for each in grants if each.until is None or today <= each.until)
