"""Which lines of the trail somebody may see, and how they are chosen."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from zhunsheng.plans.roles import Role
from zhunsheng.store.database.models import Organisation, StoredCase, TrailEntry
from zhunsheng.workflow.actor import Actor
from zhunsheng.workflow.catalogue import judge
from zhunsheng.workflow.rights import Asked

_FIRST, _LAST = date(1900, 1, 1), date(2200, 1, 1)
"""Between these lies every line; days far beyond cannot be told in another time zone."""
_OF_THE_SITE = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})


def bodies_seen(actor: Actor, today: date) -> tuple[Organisation, ...]:
    """The organisations whose lines somebody may see, by the right to read the trail."""
    near = Q()
    for each in actor.holdings:
        near |= Q(path__startswith=each.organisation.path) | Q(
            overseer__path__startswith=each.organisation.path
        )
    if not actor.holdings:
        return ()
    found = Organisation.objects.filter(near).select_related("overseer").distinct()
    return tuple(
        each for each in found if judge("trail.read", actor, Asked(today, organisation=each)).allowed
    )


def seen_by(actor: Actor, today: date) -> QuerySet[TrailEntry]:
    """The lines somebody may see: their own, and those of the bodies whose trail they may read.

    What concerns no body, such as the settings of a person, is seen by administrators and auditors at the top.
    """
    if actor.user is None:
        return TrailEntry.objects.none()
    bodies = bodies_seen(actor, today)
    codes = [each.code for each in bodies]
    cases = StoredCase.objects.filter(organisation__in=bodies).values_list("code", flat=True)
    seen = Q(who=actor.user.username) | Q(organisation__in=codes) | Q(organisation="", case__in=list(cases))
    if any(each.role in _OF_THE_SITE and each.organisation.parent_id is None for each in actor.holdings):
        seen |= Q(organisation="", case="")
    return TrailEntry.objects.filter(seen)


@dataclass(frozen=True, slots=True)
class Choice:
    """How lines are chosen; empty fields choose nothing.

    Attributes:
        who: part of a user name or name.
        action, case, organisation: codes.
        since, until: days, both included, as in China.
        text: part of the subject or the reason.
    """

    who: str = ""
    action: str = ""
    case: str = ""
    organisation: str = ""
    since: date | None = None
    until: date | None = None
    text: str = ""

    def of(self, entries: QuerySet[TrailEntry]) -> QuerySet[TrailEntry]:
        """The chosen lines."""
        if self.who:
            entries = entries.filter(Q(who__icontains=self.who) | Q(name__icontains=self.who))
        if self.text:
            entries = entries.filter(Q(subject__icontains=self.text) | Q(reason__icontains=self.text))
        exact = {"action": self.action, "case": self.case, "organisation": self.organisation}
        entries = entries.filter(**{name: value for name, value in exact.items() if value})
        if self.since is not None:
            entries = entries.filter(moment__gte=beginning_of(self.since))
        if self.until is not None:
            entries = entries.filter(moment__lt=beginning_of(min(self.until, _LAST) + timedelta(days=1)))
        return entries


def beginning_of(day: date) -> str:
    """The first moment of a day, as moments of the trail are written; of days without lines the nearest possible."""
    local = datetime.combine(min(max(day, _FIRST), _LAST), time(), timezone.get_default_timezone())
    return local.astimezone(UTC).isoformat(timespec="microseconds")
