"""The years somebody may see."""

from datetime import date

from django.db.models import Q, QuerySet

from zhunsheng.plans.roles import Role
from zhunsheng.store.database.models import StoredCase
from zhunsheng.workflow.actor import Actor

_AT_BODY = frozenset({Role.FINANCE, Role.LEADER, Role.ADMINISTRATOR, Role.AUDITOR})
_WITHIN_BODY = frozenset({Role.FILLER, Role.DIVISION_HEAD})


def visible_cases(actor: Actor, today: date) -> QuerySet[StoredCase]:
    """The years for which the actor has the right `case.read`, asked in one query."""
    wanted = Q(pk__in=())
    for each in actor.holdings:
        path = each.organisation.path
        if each.role in _AT_BODY or each.role in _WITHIN_BODY:
            wanted |= Q(organisation__path__startswith=path)
        if each.role in _WITHIN_BODY:
            codes = each.organisation.codes
            above = ["/".join(codes[:length]) + "/" for length in range(1, len(codes))]
            wanted |= Q(organisation__path__in=above)
        if each.role is Role.FINANCE_BUREAU:
            wanted |= Q(organisation__overseer__path__startswith=path)
        if each.role is Role.THIRD_PARTY:
            wanted |= Q(
                Q(engagements__until=None) | Q(engagements__until__gte=today),
                engagements__organisation__path__startswith=path,
            )
    return StoredCase.objects.filter(wanted).select_related("organisation__overseer").distinct()
