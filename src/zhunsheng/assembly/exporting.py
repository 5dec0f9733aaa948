"""Records of a ledger as a file that can be imported again."""

import csv
import io
from dataclasses import dataclass
from typing import Final

from zhunsheng.assembly.rejections import WrongRequest
from zhunsheng.assembly.stores import snapshot_at
from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.values import cell_text
from zhunsheng.store.intake.exporting import exported_fields, heading, records
from zhunsheng.store.intake.rejections import guarded
from zhunsheng.store.records.record_store import RecordStore

_MOST_SHEET_ROWS: Final = 1_048_575


@dataclass(frozen=True, slots=True)
class Exported:
    """A file with records.

    Attributes:
        rows: how many records are in it.
        left_out: labels of the fields that are not, because they hold personal data.
    """

    content: bytes
    rows: int
    left_out: tuple[str, ...]


def exported_records(
    store: RecordStore,
    ledger: LedgerDefinition,
    kind: str,
    *,
    personal: bool = False,
    known_at: str = "",
) -> Exported:
    """The records of a ledger as a file.

    Args:
        kind: "xlsx" or "csv".
        personal: with the fields that hold personal data.
        known_at: a day, a snapshot token, or "" for now.

    Raises:
        WrongRequest: there are more records than a worksheet has rows, or the kind is unknown.
        StoreFault: there is no such state.
    """
    if kind not in {"xlsx", "csv"}:
        raise WrongRequest("导出文件应以 .xlsx 或 .csv 结尾。")
    fields = exported_fields(ledger, everything=False, personal=personal)
    with store.connect() as connection:
        rows = list(records(connection, ledger, snapshot_at(store, known_at), fields))
    left_out = tuple(each.label for each in ledger.entered if each not in fields)
    headings = [heading(each) for each in fields]
    if kind == "xlsx":
        if len(rows) > _MOST_SHEET_ROWS:
            raise WrongRequest(f"有 {len(rows):,} 条，超过一个工作表的行数；请导出为 .csv。")
        from zhunsheng.documents.ledger_export import write_records  # noqa: PLC0415 - loads slowly

        return Exported(write_records(ledger.label, fields, headings, rows), len(rows), left_out)
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(headings)
    for row in rows:
        writer.writerow([guarded(cell_text(each, value)) for each, value in zip(fields, row, strict=True)])
    return Exported(stream.getvalue().encode("utf-8-sig"), len(rows), left_out)
