"""The work with held rows: storing one that was corrected, giving one up."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from zhunsheng.assembly.held_rows import release_rows
from zhunsheng.assembly.rejections import Rejected
from zhunsheng.assembly.stores import telling_faults
from zhunsheng.kernel.place import Place
from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.store.intake.releasing import texts_of
from zhunsheng.store.records.entries import HeldRow, HoldState
from zhunsheng.store.records.record_store import RecordStore
from zhunsheng.store.records.waiting import discard_held
from zhunsheng.workflow.action import Stale, perform
from zhunsheng.workflow.importing import kinds
from zhunsheng.workflow.importing.holding import KeepSettled, held_row_of
from zhunsheng.workflow.importing.jobs import asked_for
from zhunsheng.workflow.importing.places import opened, signature
from zhunsheng.workflow.jobs import Work

STORED, WAITING, DISCARDED = "stored", "waiting", "discarded"


def settle_held(work: Work) -> dict[str, Any]:
    """Store or give up a held row.

    A worker that is killed after the store was written leaves the row settled there; whoever begins anew finds it so
    and only writes it down.

    Parameters of the job: `ledger`, `number`, `deed` ("release" with `corrections` and `confirmed`, or "discard" with
    `reason`).
    """
    body, ledger = asked_for(work, "records.import")
    given = work.parameters
    number, why = int(given["number"]), str(given.get("reason", ""))
    is_repeated = work.job.attempts > 1
    work.progress(10, f"处理第 {number} 号行")
    with opened(body) as store, telling_faults():
        row = held_row_of(store, ledger, number)
        if row is None or (row.state is not HoldState.OPEN and not is_repeated):
            raise Stale(f"第 {number} 号行已经处理")
        before = texts_of(ledger, row)
        batches: tuple[int, ...] = ()
        if row.state is not HoldState.OPEN:
            outcome = DISCARDED if row.state is HoldState.DISCARDED else STORED
        elif given["deed"] == "discard":
            discard_held(store, [number], signature(work.actor), why)
            outcome = DISCARDED
        else:
            outcome, batches = _released(work, store, ledger, row)
    corrections: Mapping[str, str] = given.get("corrections") or {}
    perform(
        KeepSettled(
            body,
            ledger,
            number,
            {name: before[name] for name in corrections},
            corrections,
            outcome,
            batches,
            why,
            is_repeated,
        ),
        work.actor,
    )
    return {
        "organisation": body.code,
        "ledger": ledger.code,
        "number": number,
        "outcome": outcome,
        "batch": batches[0] if batches else None,
    }


def discard_held_rows(work: Work) -> dict[str, Any]:
    """Give several held rows up, all of them or none; interrupted, it goes on as `settle_held` does.

    Parameters of the job: `ledger`, `numbers`, `reason`.
    """
    body, ledger = asked_for(work, "records.import")
    numbers, why = [int(each) for each in work.parameters["numbers"]], str(work.parameters["reason"])
    is_repeated = work.job.attempts > 1
    work.progress(10, f"处理 {len(numbers)} 行")
    with opened(body) as store, telling_faults():
        rows = {number: held_row_of(store, ledger, number) for number in numbers}
        states = {number: None if row is None else row.state for number, row in rows.items()}
        settled = [str(number) for number, state in states.items() if state is not HoldState.OPEN]
        is_done = is_repeated and set(states.values()) == {HoldState.DISCARDED}
        if settled and not is_done:
            raise Stale(f"第 {'、'.join(settled)} 号行已经处理；一行也没有弃用")
        if not is_done:
            discard_held(store, numbers, signature(work.actor), why)
    with transaction.atomic():
        for number in numbers:
            perform(KeepSettled(body, ledger, number, {}, {}, DISCARDED, (), why, is_repeated), work.actor)
    return {"organisation": body.code, "ledger": ledger.code, "numbers": numbers, "outcome": DISCARDED}


def _released(
    work: Work, store: RecordStore, ledger: LedgerDefinition, row: HeldRow
) -> tuple[str, tuple[int, ...]]:
    given = work.parameters
    handled = release_rows(
        store, [row], signature(work.actor), given["corrections"], confirmed=bool(given["confirmed"])
    )
    wrong = handled.refused.get(row.number)
    if wrong is not None:
        place = Place(f"第 {row.number} 号行")
        raise Rejected(tuple(kinds.STILL_HELD.at(place, each) for each in wrong))
    outcome = STORED if ledger.code in handled.released.rows else WAITING
    return outcome, tuple(handled.released.batches)
