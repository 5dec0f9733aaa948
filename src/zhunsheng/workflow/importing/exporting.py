"""Records as a file for people: what is on the page, all of it, without the fields that are not shown."""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.utils import timezone

from zhunsheng.assembly.rejections import Rejected
from zhunsheng.kernel.place import Place
from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.field import FieldDefinition
from zhunsheng.ledgers.values import cell_text
from zhunsheng.store.database.file_store import keep
from zhunsheng.store.database.models import Organisation
from zhunsheng.store.intake.exporting import heading
from zhunsheng.store.intake.rejections import guarded
from zhunsheng.store.intake.typed_rows import from_physical
from zhunsheng.store.records.browsing import Browser
from zhunsheng.store.records.record_store import RecordStore
from zhunsheng.workflow.importing import kinds
from zhunsheng.workflow.importing.places import hidden_fields, sees_personal
from zhunsheng.workflow.importing.searching import read_search
from zhunsheng.workflow.jobs import Work

FORMS = ("csv", "xlsx")
MOST_IN_WORKBOOK = 200_000
_LARGEST = 20_000_000_000


def exported_file(
    work: Work, body: Organisation, ledger: LedgerDefinition, store: RecordStore
) -> dict[str, Any]:
    """The records somebody looks for as a file; personal data only if that person may see them now.

    Raises:
        Rejected: there are too many for the form, or a condition cannot be read.
    """
    parameters = work.parameters
    personal = sees_personal(work.actor, body, timezone.localdate(work.now()))
    hidden = hidden_fields(ledger, personal=personal)
    fields = [each for each in ledger.fields if each.name not in hidden]
    search = read_search(ledger, parameters["given"], hidden)
    if search.problems:
        raise Rejected(search.problems)
    # records listed at a moment are written as they were known then
    known = str(parameters.get("snapshot") or "")
    snapshot = store.snapshot_of(known) if known else store.snapshot()
    within = parameters.get("within")
    with store.connect() as connection:
        criteria, _ = search.criteria(connection, snapshot)
        path = None if not within else store.layout.root / "states" / "rows" / Path(within).name
        browser = Browser(connection, ledger, snapshot, criteria, path)
        total = browser.count()
        work.progress(5, f"共 {total:,} 条")
        rows = _told(browser.stream(fields, search.order), total, work)
        if parameters["form"] == "xlsx":
            if total > MOST_IN_WORKBOOK:
                raise Rejected((kinds.TOO_MANY_ROWS.at(Place(), f"有 {total:,} 条"),))
            kept = keep([_workbook(ledger, fields, rows)])
        else:
            kept = keep(_separated(fields, rows), _LARGEST)
    day = timezone.localtime(work.now())
    return {
        "organisation": body.code,
        "ledger": ledger.code,
        "file": kept.sha256,
        "name": f"{ledger.label}-{day:%Y%m%d-%H%M}.{parameters['form']}",
        "rows": total,
        "left_out": [each.label for each in ledger.fields if each.name in hidden],
        "snapshot": snapshot.token,
    }


def _told(parts: Iterator[list[tuple[Any, ...]]], total: int, work: Work) -> Iterator[tuple[Any, ...]]:
    done = 0
    for part in parts:
        yield from part
        done += len(part)
        work.progress(5 + 90 * done // max(total, 1), f"已写出 {done:,} / {total:,} 条")


def _separated(fields: Sequence[FieldDefinition], rows: Iterator[tuple[Any, ...]]) -> Iterator[bytes]:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow([heading(each) for each in fields])
    yield b"\xef\xbb\xbf"
    for row in rows:
        writer.writerow([guarded(_text(each, value)) for each, value in zip(fields, row, strict=True)])
        if stream.tell() > 1_000_000:
            yield stream.getvalue().encode()
            stream.seek(0)
            stream.truncate()
    yield stream.getvalue().encode()


def _text(definition: FieldDefinition, value: Any) -> str:  # noqa: ANN401 - of any field
    return cell_text(definition, from_physical(definition, value))


def _workbook(
    ledger: LedgerDefinition, fields: Sequence[FieldDefinition], rows: Iterator[tuple[Any, ...]]
) -> bytes:
    from zhunsheng.documents.ledger_export import write_records  # noqa: PLC0415 - loads slowly

    values = [
        tuple(from_physical(each, value) for each, value in zip(fields, row, strict=True)) for row in rows
    ]
    return write_records(ledger.label, fields, [heading(each) for each in fields], values)
