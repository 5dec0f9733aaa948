"""Pages: the ledgers of a bureau, one ledger with its batches, its template."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from zhunsheng.ledgers.chapters import CHAPTERS
from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.store.database.models import Job, Organisation
from zhunsheng.store.records.entries import Commit, ImportRecord
from zhunsheng.store.records.overview import LedgerState, ledger_states
from zhunsheng.store.records.record_store import RecordStore
from zhunsheng.store.records.shared_engine import cursor
from zhunsheng.web.page import PageRequest, may, page
from zhunsheng.web.records.access import all_ledgers, hidden, ledger_named, way
from zhunsheng.workflow.importing.actions import CHECK, EXPORT, IMPORT, UNDO
from zhunsheng.workflow.importing.places import bureaus_seen, has_records, opened

_SHOWN_BATCHES = 50
_SHOWN_JOBS = 5


@dataclass(frozen=True, slots=True)
class Chapter:
    """A business with its ledgers and what there is in each."""

    label: str
    lines: tuple[tuple[LedgerDefinition, LedgerState | None], ...]


@page("self.use")
def ledgers(request: PageRequest) -> HttpResponse:
    """The bureaus whose records one may see; straight to the only one."""
    found = bureaus_seen(request.actor, timezone.localdate())
    if len(found) == 1:
        return redirect("bureau_ledgers", organisation=found[0].code)
    return render(request, "records/bureaus.html", {"bureaus": found})


@page("records.read")
def bureau(request: PageRequest, organisation: Organisation) -> HttpResponse:
    """The ledgers of a bureau, by business, with what is in them."""
    states: dict[str, LedgerState] = {}
    if has_records(organisation):
        with opened(organisation) as store, cursor() as connection:
            states = ledger_states(connection, store.snapshot())
    words = request.GET.get("q", "").strip()[:100]
    filled = request.GET.get("filled", "")
    chosen = [
        each
        for each in all_ledgers()
        if (not words or words.lower() in f"{each.label}{each.code}{each.description}".lower())
        and (filled != "1" or (each.code in states and states[each.code].records))
    ]
    chapters = [
        Chapter(CHAPTERS.get(number, str(number)), lines)
        for number in sorted({each.chapter for each in chosen})
        if (lines := tuple((each, states.get(each.code)) for each in chosen if each.chapter == number))
    ]
    context = {
        "body": organisation,
        "chapters": chapters,
        "count": len(chosen),
        "total": sum(each.records for each in states.values()),
        "held": sum(each.held for each in states.values()),
        "has_store": bool(states),
        "words": words,
        "filled": filled,
        "may_import": may(request, "records.import"),
        "trail_of_pages": way(organisation),
    }
    return render(request, "records/bureau.html", context)


@dataclass(frozen=True, slots=True)
class BatchLine:
    """A commit with the import it belongs to."""

    commit: Commit
    record: ImportRecord | None


@page("records.read")
def ledger(request: PageRequest, organisation: Organisation, ledger: str) -> HttpResponse:
    """A ledger: how much is in it, its batches, its fields."""
    definition = ledger_named(ledger)
    state, lines, more = None, [], 0
    if has_records(organisation):
        with opened(organisation) as store, cursor() as connection:
            state = ledger_states(connection, store.snapshot()).get(definition.code)
            lines = batch_lines(store, definition.code)
    more = max(len(lines) - _SHOWN_BATCHES, 0) if request.GET.get("all") != "1" else 0
    jobs = Job.objects.filter(
        organisation=organisation,
        kind__in=(CHECK, IMPORT, UNDO, EXPORT),
        parameters__ledger=definition.code,
        who=request.actor.user,
    ).order_by("-created", "-pk")[:_SHOWN_JOBS]
    context = {
        "body": organisation,
        "ledger": definition,
        "state": state,
        "lines": lines[: len(lines) - more],
        "more": more,
        "jobs": list(jobs),
        "hidden": hidden(request, organisation, definition),
        "key": [definition.by_name[each] for each in definition.key],
        "may_import": may(request, "records.import"),
        "trail_of_pages": way(organisation, definition),
    }
    return render(request, "records/ledger.html", context)


def batch_lines(store: RecordStore, ledger: str) -> list[BatchLine]:
    """The commits of a ledger with their imports, the newest first; imports that stored nothing among them."""
    imports = store.manifest.imports(ledger)
    by_batch = {each.batch: each for each in imports if each.batch is not None}
    return [BatchLine(each, by_batch.get(each.seq)) for each in reversed(store.batches(ledger))]


@page("library.read")
def template(request: PageRequest, organisation: Organisation, ledger: str) -> HttpResponse:  # noqa: ARG001 - in the address
    """The workbook to fill in."""
    from urllib.parse import quote  # noqa: PLC0415

    from zhunsheng.documents.ledger_template import write_ledger_template  # noqa: PLC0415 - loads slowly
    from zhunsheng.store.code_list_files import code_list_of  # noqa: PLC0415

    definition = ledger_named(ledger)
    lists = {
        each.code_list: dict(found.codes)
        for each in definition.fields
        if each.code_list and (found := code_list_of(each.code_list)) is not None
    }
    labels = {each.target: ledger_named(each.target).label for each in definition.references}
    answer = HttpResponse(
        write_ledger_template(definition, lists, labels),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    name = quote(_("%(ledger)s-模板.xlsx") % {"ledger": definition.label}, safe="")
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return answer
