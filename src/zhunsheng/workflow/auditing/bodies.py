"""To whom an audited document belongs: the body of the person who uploaded it."""

from datetime import date

from zhunsheng.store.database.models import Organisation, OrganisationKind
from zhunsheng.workflow.actor import Actor
from zhunsheng.workflow.catalogue import judge
from zhunsheng.workflow.rights import Asked

_BODIES = frozenset({OrganisationKind.BUREAU, OrganisationKind.FINANCE_BUREAU, OrganisationKind.THIRD_PARTY})


def body_of(organisation: Organisation) -> Organisation:
    """The bureau, finance bureau or third party an organisation is or belongs to; itself when there is none."""
    found: Organisation | None = organisation
    while found is not None and found.kind not in _BODIES:
        found = found.parent
    return found or organisation


def own_bodies(actor: Actor) -> tuple[Organisation, ...]:
    """The bodies a person belongs to, each once, in the order of the tree."""
    found = {body.pk: body for body in (body_of(each.organisation) for each in actor.holdings)}
    return tuple(sorted(found.values(), key=lambda each: each.path))


def readable_bodies(actor: Actor, today: date) -> tuple[Organisation, ...]:
    """The bodies whose audited documents a person may see."""
    return tuple(
        body
        for body in Organisation.objects.filter(audited__isnull=False).select_related("overseer").distinct()
        if judge("audit.read", actor, Asked(today, organisation=body)).allowed
    )
