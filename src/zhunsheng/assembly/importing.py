"""One import: planned and looked at first, then stored, all of it or nothing; the faulty rows as files."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final

from zhunsheng.assembly.deadlines import last_day
from zhunsheng.assembly.stores import today
from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.field import Level
from zhunsheng.store.code_list_files import binding_code_lists
from zhunsheng.store.intake.importing import Import, Request
from zhunsheng.store.intake.rejections import faulty_rows, rejection_file
from zhunsheng.store.intake.releasing import Released
from zhunsheng.store.intake.row_faults import RowFault
from zhunsheng.store.records.entries import ImportRecord

MOST_FAULTS: Final = 1_000
"""Faults that are listed with an outcome; the others are only counted."""

FATES: Final = {
    "read": "读取",
    "stored": "入库",
    "unchanged": "与在库相同",
    "duplicate": "文件内重复",
    "rejected": "退回",
    "quarantined": "待核",
    "waiting": "等待引用",
}
"""What becomes of rows, with the Chinese words."""

_MOST_MARKED: Final = 20_000
_STRICTEST_FIRST: Final = (Level.REJECT, Level.QUARANTINE, Level.WARN)


class Status(StrEnum):
    """How far an import has come."""

    PLANNED = "planned"
    """Checked; it can be stored."""
    REFUSED = "refused"
    """It cannot be stored as a whole."""
    ALREADY = "already"
    """The same content was imported before in the same way."""
    IMPORTED = "imported"
    """Stored."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What would come or came of one source.

    Attributes:
        status: how far it has come.
        rows: by what becomes of them, names as in `FATES`.
        new_versions: of the stored rows, those that are new versions of records.
        faults: of rows, the strictest first, perhaps only the first of them.
        has_findings: whether a person should look at it.
        record: of the import, once it is stored; of the earlier one when there was one.
        waiting: how many rows wait for records, by the ledger they wait for.
        released: what waited for the rows that are now stored.
    """

    status: Status
    rows: Mapping[str, int] = field(default_factory=dict)
    new_versions: int = 0
    faults: tuple[RowFault, ...] = ()
    has_findings: bool = False
    record: ImportRecord | None = None
    waiting: Mapping[str, int] = field(default_factory=dict)
    released: Released | None = None


def import_request(
    ledger: LedgerDefinition,
    who: str,
    *,
    org: str = "",
    said: Mapping[str, str] | None = None,
    constants: Mapping[str, str] | None = None,
    note: str = "",
) -> Request:
    """What a person asks for, with the day, the code lists and the deadlines of the package.

    Args:
        who: the person or system the import is done for.
        org: the body responsible for rows that name none.
        said: headings and the fields they are.
        constants: the values of fields that the source has no column for, by name or label.
    """
    return Request(
        ledger, who, today(), org, said or {}, binding_code_lists(), last_day, note, constants or {}
    )


def plan(
    work: Import,
    *,
    strict: bool = False,
    again: bool = False,
    outlook: bool = True,
    most_faults: int | None = MOST_FAULTS,
) -> Outcome:
    """Check every row and tell what storing would do; the store is only read.

    Args:
        strict: refuse the whole source when a row would be turned away.
        again: check a source that was imported before.
        outlook: whether to tell what would become of the rows.
        most_faults: list at most so many; None for all.
    """
    if work.is_refused:
        return Outcome(Status.REFUSED, has_findings=True)
    if work.earlier is not None and not again:
        return Outcome(Status.ALREADY, _rows_of(work.earlier), record=work.earlier)
    tally = work.check()
    faults = tuple(work.faults(most_faults))
    has_findings = bool(tally.faults) or bool(work.problems)
    if strict and tally.rejected:
        rows = {"read": tally.read, "rejected": tally.rejected, "quarantined": len(tally.held)}
        return Outcome(Status.REFUSED, rows, faults=faults, has_findings=has_findings)
    if not outlook:
        return Outcome(Status.PLANNED, faults=faults, has_findings=has_findings)
    seen = work.outlook()
    has_findings |= seen.rows.get("waiting", 0) > 0
    return Outcome(Status.PLANNED, dict(seen.rows), seen.new_versions, faults, has_findings)


def store_planned(work: Import, planned: Outcome, *, on_wait: Callable[[str], None] | None = None) -> Outcome:
    """Store what was planned.

    Args:
        on_wait: is told who else is writing.

    Raises:
        StoreFault: another writer did not end in time, or the disk refused; nothing was stored.
        ValueError: it is not planned.
    """
    if planned.status is not Status.PLANNED:
        raise ValueError(planned.status)
    result, released = work.apply(on_wait=on_wait)
    record = result.record
    return replace(
        planned,
        status=Status.IMPORTED,
        rows=_rows_of(record),
        new_versions=record.new_versions,
        has_findings=planned.has_findings or record.waiting > 0,
        record=record,
        waiting=dict(result.waiting),
        released=released,
    )


def faulty_row_files(
    work: Import, faults: Sequence[RowFault], stem: str, original: bytes | None = None
) -> dict[str, bytes]:
    """The rows turned away or held, by file name: as separated values, and as a marked workbook.

    Args:
        faults: those already listed.
        stem: what the names begin with.
        original: the workbook that was imported, to be marked itself; None for another kind of source.
    """
    if not work.tally.rejected and not work.tally.held:
        return {}
    files = {}
    content = rejection_file(work.connection, [source for source, _ in work.sources])
    if content:
        files[f"{stem}-退回.csv"] = content
    files[f"{stem}-标注.xlsx"] = _marked(work, faults, original)
    return files


def _marked(work: Import, faults: Sequence[RowFault], original: bytes | None) -> bytes:
    from zhunsheng.documents import ledger_marking as marking  # noqa: PLC0415 - loads slowly

    sources = [source for source, _ in work.sources]
    if len(faults) < sum(work.tally.faults.values()):
        faults = list(work.faults(_MOST_MARKED * 4))
    marks = [
        marking.Mark(
            sources[each.part].part.name,
            each.line,
            column,
            each.level.value,
            f"{each.level.label}：{each.problem.what}。{each.problem.remedy}",
        )
        for each in faults
        for column in (each.columns or (None,))
    ]
    if original is not None and len(original) <= marking.LARGEST_COPIED:
        try:
            return marking.mark_workbook(original, marks)
        except Exception:  # noqa: BLE001, S110 - a workbook the library cannot write back; the rows are shown instead
            pass
    levels = (Level.REJECT, Level.QUARANTINE)
    tables = [
        (each.part.name, each.part.headings, faulty_rows(work.connection, each, levels, _MOST_MARKED))
        for each in sources
    ]
    return marking.rows_workbook(tables, marks)


def outcome_data(work: Import, outcome: Outcome, written: Sequence[str] = ()) -> dict[str, Any]:
    """An outcome in the documented JSON shape.

    Args:
        written: the files with the faulty rows.
    """
    record, released, tally = outcome.record, outcome.released, work.tally
    data: dict[str, Any] = {
        "file": work.staged.name,
        "sha256": work.staged.sha256,
        "status": outcome.status.value,
        "import": record.number if record else None,
        "batch": record.batch if record else None,
    }
    if outcome.status is Status.ALREADY:
        return data
    return data | {
        "mapping": work.mapping,
        "rows": {name: outcome.rows.get(name, 0) for name in FATES},
        "new_versions": outcome.new_versions,
        "waiting_for": dict(outcome.waiting),
        "amounts": _amounts(record),
        "canonicalised": dict(sorted(tally.changes.items())),
        "fault_counts": [
            {"level": level, "code": code, "count": count}
            for (level, code), count in sorted(
                tally.faults.items(), key=lambda each: (_rank(each[0][0]), each[0][1])
            )
        ],
        "faults": [fault_data(each) for each in outcome.faults[:MOST_FAULTS]],
        "problems": [each.as_data() for each in work.problems],
        "released": dict(sorted(released.rows.items())) if released else {},
        "written": list(written),
    }


def fault_data(each: RowFault) -> dict[str, Any]:
    """A fault of a row in the documented JSON shape."""
    return {
        "level": each.level.value,
        "row": each.line,
        "headings": list(each.headings),
        **each.problem.as_data(),
    }


def _rank(level: str) -> int:
    return [each.value for each in _STRICTEST_FIRST].index(level)


def _rows_of(record: ImportRecord) -> dict[str, int]:
    return {
        "read": record.rows_read,
        "stored": record.stored,
        "unchanged": record.unchanged,
        "duplicate": record.duplicates,
        "rejected": record.rejected,
        "quarantined": record.quarantined,
        "waiting": record.waiting,
    }


def _amounts(record: ImportRecord | None) -> dict[str, Any] | None:
    if record is None or record.amounts is None:
        return None
    amounts = record.amounts
    names = ("read", "stored", "unchanged", "duplicates", "rejected", "quarantined", "waiting")
    return {"field": amounts.field} | {name: _fen_text(getattr(amounts, name)) for name in names}


def _fen_text(amount: int) -> str:
    """A sum in fen as yuan with two places.

    >>> _fen_text(-1205)
    '-12.05'
    """
    sign = "-" if amount < 0 else ""
    return f"{sign}{abs(amount) // 100}.{abs(amount) % 100:02d}"
