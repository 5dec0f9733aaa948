"""Incompatible posts (不相容岗位) on the way of the targets: who sends them on does not pass them, so somebody else must."""

from datetime import date

from django.db.models import Q

from zhunsheng.plans.roles import Role, TargetState
from zhunsheng.store.database.models import Organisation, StoredCase, User

_TURNS = {
    TargetState.SUBMITTED: Role.DIVISION_HEAD,
    TargetState.REVIEWED: Role.FINANCE,
    TargetState.CHECKED: Role.LEADER,
    TargetState.SIGNED: Role.FINANCE_BUREAU,
}
"""Who passes the targets in each state."""
_MOST_NAMED = 3


def passers(case: StoredCase, state: TargetState, today: date) -> list[User]:
    """Everybody who may pass the targets of a year in a state, by name."""
    role = _TURNS[state]
    body: Organisation | None = case.organisation
    if role is Role.FINANCE_BUREAU:
        body = case.organisation.overseer
    if body is None:
        return []
    above = Q(grants__organisation__code__in=body.codes)
    where = (
        above | Q(grants__organisation__path__startswith=body.path) if role is Role.DIVISION_HEAD else above
    )
    valid = Q(grants__until__isnull=True) | Q(grants__until__gte=today)
    found = User.objects.filter(
        where & valid, grants__role=role.value, grants__organisation__is_active=True, is_active=True
    )
    return list(found.distinct().order_by("name", "username"))


def own_words(case: StoredCase, user: User, today: date) -> str:
    """What somebody is told who sent the targets on and would pass them, in Chinese: who else may, or what to do."""
    role = _TURNS[case.targets].label
    others = [str(each) for each in passers(case, case.targets, today) if each.pk != user.pk]
    begun = "这份目标是您本人送审的，不相容岗位须由两人担任："
    if others:
        named = "、".join(others[:_MOST_NAMED]) + ("等" if len(others) > _MOST_NAMED else "")
        return f"{begun}请另一位{role}（{named}）审核"
    return (
        f"{begun}没有别的{role}可以审核。请退回目标，由填报人送审后您再审核；或请管理员另授予一人“{role}”角色"
    )


def alone_at(case: StoredCase, user: User, today: date) -> tuple[Role, ...]:
    """The roles on the way of the targets that nobody but this person holds: their own sending on would end there."""
    return tuple(role for state, role in _TURNS.items() if passers(case, state, today) == [user])
