"""Where the records of a bureau lie, who may see which fields, and under which name somebody writes there."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path, PurePath

from django.conf import settings
from django.db.models import QuerySet

from zhunsheng.assembly.rejections import Rejected
from zhunsheng.assembly.stores import opened_store
from zhunsheng.kernel.place import Place
from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.field import FieldDefinition, Privacy
from zhunsheng.store.database.models import Organisation, OrganisationKind
from zhunsheng.store.records.named_bodies import bodies_named
from zhunsheng.store.records.record_store import RecordStore
from zhunsheng.store.records.shared_engine import cursor
from zhunsheng.workflow.actor import Actor
from zhunsheng.workflow.catalogue import judge
from zhunsheng.workflow.importing import kinds
from zhunsheng.workflow.rights import Asked

HIDDEN = "（不显示）"
"""Stands where a value is not shown."""

_PROTECTED = frozenset({Privacy.PERSONAL, Privacy.INFORMANT})


def store_path(organisation: Organisation) -> Path | None:
    """The directory of a bureau's record store; None when it has none yet.

    Raises:
        Rejected: what is written down for it leads out of the directory of stores.
    """
    if not organisation.store:
        return None
    if ".." in PurePath(organisation.store).parts:
        what = f"单位“{organisation}”的记录库写作“{organisation.store}”"
        raise Rejected((kinds.STORE_OUTSIDE.at(Place(field="store"), what),))
    root: Path = settings.STORES_DIRECTORY
    return root / organisation.store


def has_records(organisation: Organisation) -> bool:
    """Whether there is a record store to look into."""
    path = store_path(organisation)
    return path is not None and (path / "manifest.sqlite").is_file()


@contextmanager
def opened(organisation: Organisation, *, create: bool = False) -> Iterator[RecordStore]:
    """The record store of a bureau.

    Args:
        create: make it when it is absent.

    Raises:
        Rejected: there is none, or it is damaged.
    """
    path = store_path(organisation) or settings.STORES_DIRECTORY / organisation.code
    if create and not (path / "manifest.sqlite").is_file():
        _make(path)
    with opened_store(path) as store:
        yield store


def _make(path: Path) -> None:
    """Make an empty store; when somebody else makes it at this moment, theirs is taken."""
    try:
        with opened_store(path, create=True):
            pass
    except Rejected:
        if not (path / "manifest.sqlite").is_file():
            raise


def bureaus_seen(actor: Actor, today: date) -> tuple[Organisation, ...]:
    """The bureaus whose records somebody may see, in the order of the tree."""
    found: QuerySet[Organisation] = Organisation.objects.filter(
        kind=OrganisationKind.BUREAU, is_active=True
    ).select_related("overseer")
    return tuple(
        each for each in found if judge("records.read", actor, Asked(today, organisation=each)).allowed
    )


def sees_personal(actor: Actor, organisation: Organisation, today: date) -> bool:
    """Whether somebody may see personal data in the records of a bureau.

    It is asked for the bureau as a whole: records of all its divisions lie together.
    """
    return judge("records.personal", actor, Asked(today, organisation=organisation)).allowed


def parts_seen(actor: Actor, organisation: Organisation, today: date) -> tuple[Organisation, ...]:
    """The parts of a bureau for whose own records somebody may see personal data: those they head."""
    return tuple(
        each.organisation
        for each in actor.holdings
        if each.organisation.path.startswith(organisation.path)
        and judge("records.personal", actor, Asked(today, None, organisation, each.organisation)).allowed
    )


def bodies_of_parts(store: RecordStore, parts: Sequence[Organisation]) -> frozenset[str]:
    """The codes under which parts of a bureau, and what is below them, stand in its records: found by their names."""
    if not parts:
        return frozenset()
    names = {name for each in parts for name in (each.name, each.short_name) if name}
    with cursor() as connection:
        return bodies_named(connection, store.snapshot(), names)


def is_hidden(field: FieldDefinition, ledger: LedgerDefinition, *, personal: bool) -> bool:
    """Whether the values of a field are not shown. What could lead to an informant is never shown here."""
    strictest = ledger.privacy if field.privacy is Privacy.INTERNAL else field.privacy
    if strictest is Privacy.INFORMANT:
        return True
    return strictest in _PROTECTED and not personal


def hidden_fields(ledger: LedgerDefinition, *, personal: bool) -> frozenset[str]:
    """The fields of a ledger whose values are not shown."""
    return frozenset(each.name for each in ledger.fields if is_hidden(each, ledger, personal=personal))


def signature(actor: Actor) -> str:
    """The name somebody writes under in a record store."""
    if actor.user is None:
        return "未具名"
    return f"{actor.user}（{actor.user.username}）"
