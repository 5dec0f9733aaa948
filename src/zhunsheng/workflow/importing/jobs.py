"""The long work with records: checking a file, importing it, undoing a batch, writing records into a file."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from zhunsheng.assembly.importing import Outcome, Status, import_request, plan, store_planned
from zhunsheng.assembly.rejections import Rejected, WrongRequest
from zhunsheng.assembly.staging import stage_content
from zhunsheng.assembly.stores import telling_faults
from zhunsheng.kernel.problem import Severity
from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.store.database.file_store import path_of
from zhunsheng.store.database.models import Organisation
from zhunsheng.store.intake.importing import Import
from zhunsheng.store.ledger_files import ledger_of
from zhunsheng.store.records.entries import Commit
from zhunsheng.store.records.record_store import RecordStore
from zhunsheng.workflow.action import Refused, perform
from zhunsheng.workflow.catalogue import judge
from zhunsheng.workflow.importing.actions import KeepImport, KeepUndo
from zhunsheng.workflow.importing.checked import checked_data
from zhunsheng.workflow.importing.exporting import exported_file
from zhunsheng.workflow.importing.places import opened, signature
from zhunsheng.workflow.importing.wording import for_page
from zhunsheng.workflow.jobs import Work
from zhunsheng.workflow.rights import Asked

_READ, _CHECKED = 10, 75
"""How far the work is, in percent, when the file is read and when its rows are checked."""


def check_file(work: Work) -> dict[str, Any]:
    """Hold a file against its ledger and keep what was found; the store is only read.

    Parameters of the job: those of `CheckFile`.
    """
    body, ledger = asked_for(work, "records.import")
    content = path_of(work.parameters["file"]).read_bytes()
    with opened(body, create=True) as store, telling_faults(), _begun(work, store, ledger, content) as found:
        planned = plan(found, again=bool(work.parameters["again"]))
        work.progress(80, "核对完毕")
        data = checked_data(found, planned, content, work.progress)
    return {**data, "organisation": body.code, "ledger": ledger.code}


def import_file(work: Work) -> dict[str, Any]:
    """Import a file that was checked: all of its sound rows or nothing.

    A worker that is killed after the rows were stored leaves an import in the store; whoever begins anew finds it and
    only writes it down. Nothing is told after the rows are stored, so that it cannot be cancelled any more.
    """
    body, ledger = asked_for(work, "records.import")
    content = path_of(work.parameters["file"]).read_bytes()
    is_repeated = work.job.attempts > 1
    with opened(body, create=True) as store, telling_faults(), _begun(work, store, ledger, content) as found:
        again = bool(work.parameters["again"])
        if is_repeated and found.earlier is not None and found.earlier.moment >= work.job.created:
            again = False
        planned = plan(found, again=again, outlook=False, most_faults=1)
        if planned.status is Status.REFUSED:
            raise Rejected(
                tuple(for_page(each) for each in found.problems if each.severity is Severity.ERROR)
            )
        outcome = planned
        if planned.status is Status.PLANNED:
            work.progress(_CHECKED, "入库")
            outcome = store_planned(found, planned, on_wait=_waiting(work))
        data = _import_data(body, ledger, found, outcome)
    record = outcome.record
    if record is not None and (outcome.status is Status.IMPORTED or is_repeated):
        perform(KeepImport(body, record, work.parameters["file"], is_repeated), work.actor)
    return data


def undo_batch(work: Work) -> dict[str, Any]:
    """Undo a batch.

    Parameters of the job: `ledger`, `batch`, `reason`.
    """
    body, ledger = asked_for(work, "records.undo")
    batch, reason = int(work.parameters["batch"]), str(work.parameters["reason"])
    work.progress(10, f"撤销第 {batch} 批")
    is_repeated = work.job.attempts > 1
    data: dict[str, Any] = {"organisation": body.code, "ledger": ledger.code, "batch": batch}
    undone = None
    with opened(body) as store, telling_faults():
        done = _undo_of(store, batch)
        if not (is_repeated and done is not None and done.moment >= work.job.created):
            undone = store.undo(batch, signature(work.actor), reason)
            data |= {
                "hidden": undone.hidden,
                "given_up": undone.given_up,
                "later_unchanged": list(undone.later_unchanged),
                "dangling": [
                    {"ledger": code, "field": name, "records": count}
                    for (code, name), count in sorted(undone.dangling.items())
                ],
            }
    perform(KeepUndo(body, ledger.code, undone, batch, reason, is_repeated), work.actor)
    return data


def export_records(work: Work) -> dict[str, Any]:
    """Write the records that were looked for into a file.

    Parameters of the job: `ledger`, `form`, `given` (what is looked for), perhaps `within` and `snapshot`.
    """
    body, ledger = asked_for(work, "records.read")
    with opened(body) as store, telling_faults():
        return exported_file(work, body, ledger, store)


def asked_for(work: Work, right: str) -> tuple[Organisation, LedgerDefinition]:
    """What the work is about; the right is asked again, as it may be gone by now.

    Raises:
        Refused: it is.
    """
    body = Organisation.objects.select_related("overseer").get(pk=work.job.organisation_id or 0)
    verdict = judge(right, work.actor, Asked(timezone.localdate(work.now()), organisation=body))
    if not verdict.allowed:
        raise Refused(verdict.reason)
    ledger = ledger_of(work.parameters["ledger"])
    if ledger is None:
        raise WrongRequest(f"没有台账“{work.parameters['ledger']}”。")
    return body, ledger


def _begun(work: Work, store: RecordStore, ledger: LedgerDefinition, content: bytes) -> Import:
    """An import with the file read and its columns understood."""
    given = work.parameters
    work.progress(1, "读取文件")
    staged = stage_content(content, given["name"], ledger, store)
    request = import_request(
        ledger, signature(work.actor), org=given["org"], said=given["said"], constants=given["constants"]
    )

    def report(what: str, done: int, total: int) -> None:
        share = (_CHECKED - _READ) * done // total if total else 0
        counted = f"{what} {done:,} / {total:,}" if total else what
        work.progress(_READ + share, counted)

    return Import(store, request, staged, report)


def _waiting(work: Work) -> Callable[[str], None]:
    return lambda owner: work.progress(_CHECKED, f"等待另一个写入者：{owner}")


def _import_data(
    body: Organisation, ledger: LedgerDefinition, found: Import, outcome: Outcome
) -> dict[str, Any]:
    record, released = outcome.record, outcome.released
    return {
        "organisation": body.code,
        "ledger": ledger.code,
        "status": outcome.status.value,
        "import": record.number if record else None,
        "batch": record.batch if record else None,
        "rows": dict(outcome.rows),
        "new_versions": outcome.new_versions,
        "waiting_for": dict(outcome.waiting),
        "released": dict(sorted(released.rows.items())) if released else {},
        "sha256": found.staged.sha256,
    }


def _undo_of(store: RecordStore, batch: int) -> Commit | None:
    """The commit that undid a batch."""
    return next((each for each in store.batches() if each.undoes == batch), None)
