"""Files become fewer; what they say stays."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.field import FieldDefinition, FieldType
from zhunsheng.store.records.compaction import compact, purge
from zhunsheng.store.records.faults import Misuse, StoreFault
from zhunsheng.store.records.locking import reading
from zhunsheng.store.records.reading import data_files, scan_sql
from zhunsheng.store.records.record_store import RecordStore
from zhunsheng.store.records.retention import drop_before
from zhunsheng.store.records.verification import verify
from zhunsheng.store.records.writing import next_id

if TYPE_CHECKING:
    from tests.store.records.conftest import Desk

ZERO = timedelta(0)


def fill(desk: "Desk") -> None:
    for day in range(1, 6):
        desk.put(
            "visit",
            {"body": "x", "day": date(2023, 1, day), "count": day},
            {"body": "y", "day": date(2023, 2, day)},
        )
    desk.put("visit", {"body": "x", "day": date(2023, 1, 1), "count": 9})
    desk.put("visit", {"body": "x", "day": date(2023, 1, 2), "count": 9})


def states(desk: "Desk") -> list[Any]:
    return [desk.read("visit", seq) for seq in range(desk.store.snapshot().seq + 1)]


def test_small_files_become_one_and_every_state_stays(desk: "Desk") -> None:
    fill(desk)
    before = states(desk)
    done = compact(desk.store, "夜间", grace=ZERO)
    assert states(desk) == before
    assert len(data_files("visit", desk.store.snapshot())) < 7
    assert len(desk.store.manifest.closings("visit")) == 1
    assert done.deleted > 0
    assert verify(desk.store) == ()
    assert compact(desk.store, "夜间", grace=ZERO).deleted == 0


def test_a_reader_with_an_old_list_still_finds_its_files(desk: "Desk") -> None:
    fill(desk)
    query = f"SELECT count(*) FROM {scan_sql('visit', desk.store.snapshot(), ['_row'])}"
    compact(desk.store, "夜间", grace=timedelta(days=1))
    assert desk.engine.execute(query).fetchall() == [(10,)]
    with reading(desk.store.layout.readers):
        assert purge(desk.store, "夜间", grace=ZERO) == 0
    assert desk.engine.execute(query).fetchall() == [(10,)]
    assert purge(desk.store, "夜间", grace=ZERO) > 0


def test_a_correction_changes_the_digest_of_the_file_it_hits_and_of_no_other(desk: "Desk") -> None:
    desk.put("visit", {"body": "x", "day": date(2023, 1, 1)})
    desk.put("visit", {"body": "x", "day": date(2023, 2, 1)})
    before = {each.sha256: each.digest for each in data_files("visit", desk.store.snapshot())}
    desk.put("visit", {"body": "x", "day": date(2023, 1, 1), "count": 3})
    files = data_files("visit", desk.store.snapshot())
    assert [each.digest == before.get(each.sha256, "") for each in files] == [False, True, True]
    # an older snapshot has the older digest
    older = data_files("visit", desk.store.snapshot(3))
    assert {each.sha256: each.digest for each in older} == before


def test_dropped_states_are_refused_and_kept_ones_read(desk: "Desk") -> None:
    fill(desk)
    desk.store.keep(desk.store.snapshot(3), "评价人", "2023 年度评价")
    kept = desk.read("visit", 3)
    now = desk.read("visit")
    moment = desk.store.batches()[-1].moment
    result = drop_before(desk.store, moment, "管理员")
    # version 1 of 2 January is seen by the kept state; the one of 1 January too
    assert result.dropped["visit"] == 0
    with pytest.raises(StoreFault, match="早于保留的第 8 次提交"):
        desk.store.snapshot(5)
    assert desk.read("visit", 3) == kept
    assert desk.read("visit") == now


def test_replaced_versions_go_and_undoing_past_the_line_is_refused(desk: "Desk") -> None:
    fill(desk)
    now = desk.read("visit")
    result = drop_before(desk.store, desk.store.batches()[-1].moment, "管理员")
    assert result.dropped["visit"] == 2
    assert desk.read("visit") == now
    assert verify(desk.store) == ()
    assert desk.store.manifest.closings("visit") == ()
    assert len(desk.store.history("visit", ("x", date(2023, 1, 1)))) == 1
    with pytest.raises(StoreFault, match="早于保留期"):
        desk.store.undo(7, "科长")


def test_a_column_added_later_reads_as_empty_in_older_files(desk: "Desk") -> None:
    from dataclasses import replace  # noqa: PLC0415

    desk.put("visit", {"body": "x", "day": date(2023, 1, 1), "weight": 1500})
    old = desk.ledgers["visit"]
    fields = [replace(each, places=4) if each.name == "weight" else each for each in old.fields]
    note = FieldDefinition("note", "备注", FieldType.TEXT)
    desk.ledgers["visit"] = replace(old, fields=(*fields, note))
    desk.put("visit", {"body": "x", "day": date(2023, 1, 2), "weight": 15000, "note": "新"})
    # more decimal places: the same quantity in smaller units
    assert desk.read("visit", columns=["weight", "note"]) == [(15000, "新"), (15000, None)]
    compact(desk.store, "夜间", grace=ZERO)
    assert desk.read("visit", columns=["weight", "note"]) == [(15000, "新"), (15000, None)]
    desk.ledgers["visit"] = old
    with pytest.raises(StoreFault, match="weight"):
        desk.read("visit", columns=["weight"])
    with pytest.raises(Misuse):
        scan_sql("visit", desk.store.snapshot(), ["nonsense"])


def test_an_empty_ledger_reads_as_no_rows(desk: "Desk") -> None:
    assert desk.read("visit") == []
    assert data_files("visit", desk.store.snapshot()) == ()


def test_a_ledger_that_is_pointed_to_later_gets_surrogates(make_desk: Callable[..., "Desk"]) -> None:
    desk = make_desk()
    place = LedgerDefinition(
        "place",
        "地点",
        "Place",
        "",
        0,
        ("code",),
        (
            FieldDefinition("code", "编码", FieldType.TEXT, required=True),
            FieldDefinition("size", "面积", FieldType.INTEGER),
        ),
        organisation="",
    )
    stay = LedgerDefinition(
        "stay",
        "停留",
        "Stay",
        "",
        0,
        ("number",),
        (
            FieldDefinition("number", "编号", FieldType.TEXT, required=True),
            FieldDefinition("place", "地点", FieldType.REFERENCE, target="place"),
        ),
        organisation="",
    )
    desk.ledgers["place"] = place
    desk.put("place", {"code": "p", "size": 1}, {"code": "q", "size": 1})
    desk.put("place", {"code": "q", "size": 2})
    before = [desk.read("place", seq) for seq in range(3)]
    desk.ledgers["stay"] = stay
    desk.store.close()
    desk.store = RecordStore.open(
        desk.path, clock=desk.clock, catalogue=desk.ledgers.get, referred=["body", "place"]
    )
    result = desk.put("stay", {"number": "1", "place": "q"}, {"number": "2", "place": "r"})
    assert (result.record.stored, result.waiting) == (1, {"place": 1})
    assert desk.read("stay") == [("1", "q")]
    assert [desk.read("place", seq) for seq in range(3)] == before
    assert verify(desk.store) == ()
    assert desk.put("place", {"code": "q", "size": 2}, {"code": "r"}).record.unchanged == 1
    assert next_id(desk.store, "place") == 4
