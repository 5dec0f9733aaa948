"""Opening a record store, and the time of the ledgers."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from zhunsheng.assembly.rejections import Rejected
from zhunsheng.assembly.surroundings import Surroundings
from zhunsheng.kernel.system_errors import reason_of
from zhunsheng.store.ledger_files import ledger_of
from zhunsheng.store.records.faults import StoreFault
from zhunsheng.store.records.opened_store import Snapshot
from zhunsheng.store.records.record_store import RecordStore

CHINA = timezone(timedelta(hours=8))
"""The time of the ledgers."""


def today() -> date:
    """The day here."""
    return datetime.now(CHINA).date()


@contextmanager
def opened_store(path: Path, *, create: bool = False) -> Iterator[RecordStore]:
    """A record store; made when it is absent and may be made.

    Raises:
        Rejected: there is no store, or it is damaged.
    """
    try:
        absent = not path.exists() or (path.is_dir() and not any(path.iterdir()))
        store = RecordStore.create(path) if create and absent else RecordStore.open(path)
    except StoreFault as fault:
        raise Rejected((fault.problem,)) from fault
    try:
        yield store
    finally:
        store.close()


@contextmanager
def telling_faults() -> Iterator[None]:
    """Turn faults of the store and of files that happen inside into refusals that can be shown.

    Raises:
        Rejected: the store cannot do what was asked.
        Surroundings: a file cannot be read or written.
    """
    try:
        yield
    except StoreFault as fault:
        raise Rejected((fault.problem,)) from fault
    except OSError as error:
        named = f"“{error.filename}”" if error.filename else "文件"
        raise Surroundings(f"{named}：{reason_of(error)}") from error


def snapshot_at(store: RecordStore, known_at: str) -> Snapshot:
    """The state of a store that was asked for.

    Args:
        known_at: a day, whose end counts; a snapshot token; or "" for now.

    Raises:
        StoreFault: there is no such state.
    """
    if not known_at:
        return store.snapshot()
    try:
        day = date.fromisoformat(known_at)
    except ValueError:
        return store.snapshot_of(known_at)
    # the end of that day, as people mean "as known on"
    return store.snapshot(store.seq_at(datetime(day.year, day.month, day.day, 23, 59, 59, 999_999, CHINA)))


def ledger_label(code: str) -> str:
    """The Chinese name of a ledger."""
    found = ledger_of(code)
    return code if found is None else found.label
