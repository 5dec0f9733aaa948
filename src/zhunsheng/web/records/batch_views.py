"""Pages: one batch with its undo."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.store.database.models import Job, Organisation
from zhunsheng.store.records.entries import Commit, ImportRecord
from zhunsheng.store.records.record_store import RecordStore
from zhunsheng.web.language import shown
from zhunsheng.web.page import PageRequest, may, page
from zhunsheng.web.records.access import ledger_named, way
from zhunsheng.workflow.action import Invalid, perform
from zhunsheng.workflow.importing.actions import UNDO, UndoBatch, undo_of
from zhunsheng.workflow.importing.places import has_records, opened
from zhunsheng.workflow.job_acts import may_cancel

_COUNTS = (
    "rows_read",
    "stored",
    "new_versions",
    "unchanged",
    "duplicates",
    "rejected",
    "quarantined",
    "waiting",
)


@page("records.read")
def batch(request: PageRequest, organisation: Organisation, ledger: str, number: int) -> HttpResponse:
    """A batch: who brought it in, what came of its rows, whether it still counts."""
    definition = ledger_named(ledger)
    if not has_records(organisation):
        raise Http404
    with opened(organisation) as store:
        commit, record, undone_by = _batch(store, definition, number)
    jobs = Job.objects.filter(kind=UNDO, organisation=organisation, parameters__batch=number)
    job = jobs.select_related("who").order_by("pk").last()
    context: dict[str, Any] = {
        "body": organisation,
        "ledger": definition,
        "commit": commit,
        "record": record,
        "counts": [] if record is None else _counts(record),
        "undone_by": undone_by,
        "job": job if job is not None and (not job.is_over or job.state == "failed") else None,
        "poll": reverse("batch", args=[organisation.code, definition.code, number]),
        "done": job.result if job is not None and job.state == "done" else None,
        "cancel": reverse("job_cancel", args=[job.pk]) if job and may_cancel(request.actor, job) else "",
        "may_undo": commit.kind == "batch" and commit.undone_at is None and may(request, "records.undo"),
        "trail_of_pages": way(organisation, definition, (_("第 %(number)s 批") % {"number": number}, "")),
    }
    return render(request, "records/batch.html", context)


def _batch(
    store: RecordStore, ledger: LedgerDefinition, number: int
) -> tuple[Commit, ImportRecord | None, Commit | None]:
    commits = {each.seq: each for each in store.batches(ledger.code)}
    commit = commits.get(number)
    if commit is None:
        raise Http404
    record = next((each for each in store.manifest.imports(ledger.code) if each.batch == number), None)
    return commit, record, commits.get(commit.undone_at or 0)


def _counts(record: ImportRecord) -> list[tuple[str, int]]:
    words = (
        _("读取"),
        _("入库"),
        _("其中新版本"),
        _("与在库相同"),
        _("文件内重复"),
        _("退回"),
        _("待核"),
        _("等待引用"),
    )
    return [(word, getattr(record, name)) for word, name in zip(words, _COUNTS, strict=True)]


@page("records.read", write="records.undo")
def undo(request: PageRequest, organisation: Organisation, ledger: str, number: int) -> HttpResponse:
    """The question whether a batch is to be undone, and the answer."""
    definition = ledger_named(ledger)
    if not has_records(organisation):
        raise Http404
    address = reverse("batch", args=[organisation.code, definition.code, number])
    problems: tuple[Any, ...] = ()
    why = request.POST.get("reason", "")
    if request.method == "POST":
        try:
            perform(UndoBatch(organisation, definition.code, number, why), request.actor)
        except Invalid as error:
            problems = error.problems
        else:
            return redirect(address)
    with opened(organisation) as store:
        commit, _record, _undone = _batch(store, definition, number)
    if undo_of(organisation, number) is not None or commit.undone_at is not None:
        return redirect(address)
    context = {
        "heading": _("撤销第 %(number)s 批") % {"number": number},
        "question": _("撤销“%(ledger)s”的第 %(number)s 批？")
        % {"ledger": shown(definition), "number": number},
        "consequences": [
            _("这一批的 %(rows)s 条记录不再计入任何数字；以前的状态仍可复算。")
            % {"rows": f"{commit.rows:,}"},
            _("它替换的旧版本重新生效。"),
            _("随这一批待核或等待引用的行一并弃用。"),
        ],
        "action": reverse("batch_undo", args=[organisation.code, definition.code, number]),
        "button": _("撤销这一批"),
        "danger": True,
        "back": address,
        "reason_label": _("撤销的原因"),
        "reason": why,
        "problems": problems,
        "values": (),
        "trail_of_pages": way(
            organisation, definition, (_("第 %(number)s 批") % {"number": number}, address), (_("撤销"), "")
        ),
    }
    return render(request, "components/confirm_page.html", context, status=422 if problems else 200)
