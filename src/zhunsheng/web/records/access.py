"""What the pages of a bureau's records have in common: the ledger that is named, and the way back."""

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.store.database.models import Job, Organisation
from zhunsheng.store.ledger_files import ledger_codes, ledger_of
from zhunsheng.store.records.record_store import RecordStore
from zhunsheng.web.language import shown
from zhunsheng.web.page import PageRequest
from zhunsheng.workflow.importing.places import bodies_of_parts, hidden_fields, parts_seen, sees_personal


def ledger_named(code: str) -> LedgerDefinition:
    """A ledger by its code.

    Raises:
        Http404: there is none.
    """
    found = ledger_of(code) if code in ledger_codes() else None
    if found is None:
        raise Http404
    return found


def all_ledgers() -> tuple[LedgerDefinition, ...]:
    """Every ledger of the package, by business."""
    found = [each for code in ledger_codes() if (each := ledger_of(code)) is not None]
    return tuple(sorted(found, key=lambda each: (each.chapter, each.code)))


def is_personal(request: PageRequest, body: Organisation) -> bool:
    """Whether the person who asks may see personal data of a bureau."""
    return sees_personal(request.actor, body, timezone.localdate())


def hidden(request: PageRequest, body: Organisation, ledger: LedgerDefinition) -> frozenset[str]:
    """The fields whose values the person who asks is not shown."""
    return hidden_fields(ledger, personal=is_personal(request, body))


def own_bodies(request: PageRequest, body: Organisation, store: RecordStore) -> frozenset[str]:
    """The bodies, by their code in the records, whose records the person who asks sees with personal data."""
    if is_personal(request, body):
        return frozenset()
    return bodies_of_parts(store, parts_seen(request.actor, body, timezone.localdate()))


def is_own(request: PageRequest, job: Job) -> bool:
    """Whether the person who asks has asked for a job."""
    return request.actor.user is not None and job.who_id == request.actor.user.pk


def way(
    body: Organisation, ledger: LedgerDefinition | None = None, *more: tuple[str, str]
) -> list[dict[str, str]]:
    """The pages above a page of records, itself last.

    Args:
        more: label and address of what lies below the ledger; the last one is the page.
    """
    found = [
        {"label": _("业务台账"), "url": reverse("ledgers")},
        {"label": str(body), "url": reverse("bureau_ledgers", args=[body.code])},
    ]
    if ledger is not None:
        found.append({"label": shown(ledger), "url": reverse("ledger", args=[body.code, ledger.code])})
    return [*found, *({"label": label, "url": url} for label, url in more)]
