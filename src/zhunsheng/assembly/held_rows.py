"""Rows that wait for a person or for the records they refer to: listed, released, given up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from zhunsheng.assembly.importing import import_request
from zhunsheng.assembly.rejections import WrongRequest
from zhunsheng.ledgers.row_checks import CheckedRow
from zhunsheng.store.intake.importing import staging_area
from zhunsheng.store.intake.releasing import Released, release_held, release_waiting, texts_of
from zhunsheng.store.records.entries import HeldRow, HoldReason
from zhunsheng.store.records.record_store import RecordStore


@dataclass(frozen=True, slots=True)
class Handled:
    """What came of held rows.

    Attributes:
        refused: for each row that is still faulty, by its number, what is wrong and what to do.
    """

    released: Released
    refused: Mapping[int, Sequence[str]]


def held_rows(store: RecordStore, numbers: Sequence[int]) -> list[HeldRow]:
    """The rows of these numbers, each once.

    Raises:
        WrongRequest: some are not there or no longer held.
    """
    known = {each.number: each for each in store.manifest.held()} if numbers else {}
    missing = [each for each in numbers if each not in known]
    if missing:
        raise WrongRequest(f"没有未处理的行 {'、'.join(str(each) for each in missing)}。")
    return [known[each] for each in dict.fromkeys(numbers)]


def release_rows(
    store: RecordStore,
    rows: Sequence[HeldRow],
    who: str,
    corrections: Mapping[str, str] | None = None,
    *,
    confirmed: bool = False,
) -> Handled:
    """Store rows that a person has looked at, and what waited for them.

    Args:
        rows: of one ledger.
        corrections: texts by the name of the field, for all of these rows.
        confirmed: whether the person says that what is doubtful is right.

    Raises:
        WrongRequest: the rows are of several ledgers, or there are none.
        StoreFault: another writer did not end in time; nothing was stored.
    """
    if len({each.ledger for each in rows}) != 1:
        raise WrongRequest("一次只处理同一台账的行。")
    ledger = store.definition(rows[0].ledger)
    request = import_request(ledger, who)
    checker = replace(request.checker_of(ledger), confirmed=confirmed)
    with store.connect() as connection, staging_area(store).scratch() as scratch:
        released, found = release_held(
            store, connection, checker, request.checker_of, rows, corrections or {}, who, scratch
        )
    refused = {
        number: [f"{each.problem.what}。{each.problem.remedy}" for each in checked.faults]
        for number, checked in found.rows.items()
    }
    return Handled(released, refused)


def checked_again(
    store: RecordStore,
    row: HeldRow,
    who: str,
    corrections: Mapping[str, str] | None = None,
    *,
    confirmed: bool = False,
) -> CheckedRow:
    """A held row by itself, as it would be read now with corrections; what it may contradict is seen when it is stored."""
    ledger = store.definition(row.ledger)
    checker = replace(import_request(ledger, who).checker_of(ledger), confirmed=confirmed)
    return checker.check(texts_of(ledger, row) | dict(corrections or {}))


def release_all_waiting(store: RecordStore, who: str) -> Handled:
    """Store every row that waited for records which are now there.

    Raises:
        StoreFault: another writer did not end in time; nothing was stored.
    """
    request = import_request(store.definition("org"), who)
    with store.connect() as connection, staging_area(store).scratch() as scratch:
        return Handled(release_waiting(store, connection, request.checker_of, who, scratch), {})


def key_words(store: RecordStore, row: HeldRow) -> str:
    """Which record a held row is about: the fields of its key with their values."""
    ledger = store.definition(row.ledger)
    texts = texts_of(ledger, row)
    return "，".join(f"{ledger.by_name[name].label} {texts[name]}" for name in ledger.key if texts.get(name))


def reason_words(row: HeldRow) -> str:
    """Why a row is held."""
    if row.reason is HoldReason.WAITING:
        return f"等待台账 {row.waits_for_ledger} 的“{row.waits_for_key}”"
    return "；".join(str(each.get("what", "")) for each in row.problems if isinstance(each, dict))


def held_data(store: RecordStore, row: HeldRow) -> dict[str, object]:
    """A held row in the documented JSON shape."""
    return {
        "number": row.number,
        "ledger": row.ledger,
        "import": row.import_number,
        "row": row.row,
        "reason": row.reason.value,
        "waits_for": {"ledger": row.waits_for_ledger, "key": row.waits_for_key}
        if row.reason is HoldReason.WAITING
        else None,
        "values": texts_of(store.definition(row.ledger), row),
        "problems": list(row.problems),
    }
