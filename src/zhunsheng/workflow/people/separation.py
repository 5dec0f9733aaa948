"""Which roles one person may not hold together, and where a role has a meaning."""

from collections.abc import Iterable

from zhunsheng.plans.roles import Role
from zhunsheng.store.database.models import OrganisationKind

APPROVING = frozenset({Role.FINANCE, Role.LEADER, Role.FINANCE_BUREAU})
"""Roles that approve; whoever gives out rights must hold none of them."""

WRITING = frozenset(Role) - {Role.AUDITOR}
"""Roles that change something."""

_OF_A_BODY = frozenset({OrganisationKind.BUREAU, OrganisationKind.UNIT})
_PARTS = _OF_A_BODY | {OrganisationKind.DIVISION, OrganisationKind.STATION}

PLACES: dict[Role, frozenset[OrganisationKind]] = {
    Role.FILLER: _PARTS,
    Role.DIVISION_HEAD: _PARTS,
    Role.FINANCE: _OF_A_BODY,
    Role.LEADER: _OF_A_BODY,
    Role.FINANCE_BUREAU: frozenset({OrganisationKind.FINANCE_BUREAU}),
    Role.THIRD_PARTY: frozenset({OrganisationKind.THIRD_PARTY}),
    Role.AUDITOR: frozenset(OrganisationKind),
    Role.ADMINISTRATOR: frozenset(OrganisationKind),
}
"""Kinds of organisation at which a role may be held: elsewhere it would reach too far or nowhere."""


def conflict(held: Iterable[Role], wanted: Role) -> str:
    """Why a role may not be added to those that are held, in Chinese; "" when it may.

    >>> conflict([Role.FILLER], Role.DIVISION_HEAD)
    ''
    """
    for each in held:
        pair = {each, wanted}
        if Role.ADMINISTRATOR in pair and pair & APPROVING:
            other = next(iter(pair & APPROVING))
            return f"管理员不能兼任{other.label}：管授权的人不能同时审批"
        if Role.AUDITOR in pair and pair - {Role.AUDITOR}:
            other = next(iter(pair - {Role.AUDITOR}))
            return f"审计（只读）不能兼任{other.label}：审计人员不能修改或办理任何业务"
    return ""
