"""What the check of a file came to, as plain data that a page shows."""

from collections.abc import Callable
from pathlib import PurePath
from typing import Any

from zhunsheng.assembly.importing import FATES, Outcome, faulty_row_files, outcome_data
from zhunsheng.store.database.file_store import keep
from zhunsheng.store.intake.checking import Source
from zhunsheng.store.intake.importing import Import
from zhunsheng.store.records.shared_engine import cursor
from zhunsheng.workflow.importing.faults import MOST, keep_faults
from zhunsheng.workflow.importing.wording import for_page

_SAMPLES = 3
_SAMPLE_LENGTH = 40


def checked_data(
    work: Import, outcome: Outcome, original: bytes, told: Callable[[int, str], None]
) -> dict[str, Any]:
    """A checked file: how its columns were understood, what would become of its rows, what is wrong.

    Args:
        original: the bytes of the file.
        told: is told how far it is, in percent, and what is done.
    """
    data = outcome_data(work, outcome)
    data.pop("faults", None)
    data["problems"] = [for_page(each).as_data() for each in work.problems]
    data["sheets"] = [_sheet(each) for each, _ in work.sources]
    data["is_refused"] = work.is_refused
    data["rows"] = {name: outcome.rows.get(name, 0) for name in FATES}
    if outcome.record is not None:
        data["earlier"] = {
            "number": outcome.record.number,
            "batch": outcome.record.batch,
            "who": outcome.record.who,
            "moment": outcome.record.moment.isoformat(),
        }
    if outcome.faults:
        told(82, "整理问题清单")
        data["listed"] = keep_faults(work.faults(MOST)).as_data()
        told(90, "生成标注文件")
        name = PurePath(work.staged.name)
        copied = original if name.suffix.lower() == ".xlsx" else None
        files = faulty_row_files(work, outcome.faults, name.stem, copied)
        data["files"] = {name: keep([content]).sha256 for name, content in files.items()}
    return data


def _sheet(source: Source) -> dict[str, Any]:
    part, mapped = source.part, source.mapped
    fields = {place: name for name, place in mapped.columns.items()}
    samples = _samples(source)
    return {
        "name": part.name,
        "rows": part.rows,
        "columns": [
            {
                "heading": heading,
                "field": fields.get(place, ""),
                "suggestion": mapped.suggestions.get(heading, ""),
                "samples": [row[place] for row in samples if row[place]],
            }
            for place, heading in enumerate(part.headings)
            if heading
        ],
    }


def _samples(source: Source) -> list[list[str]]:
    cells = ", ".join(f"c{place}" for place in range(len(source.part.headings)))
    if not cells:
        return []
    with cursor() as connection:
        rows = connection.execute(
            f"SELECT {cells} FROM {source.part.relation} ORDER BY _row LIMIT {_SAMPLES}"  # noqa: S608 - numbered columns
        ).fetchall()
    return [[str(each or "")[:_SAMPLE_LENGTH] for each in row] for row in rows]
