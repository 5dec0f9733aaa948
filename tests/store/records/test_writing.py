"""What becomes of each row of a batch. Expected values follow from the rows by hand."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from zhunsheng.expressions.parsing import Scope, parse
from zhunsheng.expressions.types import Type
from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.field import FieldDefinition, FieldType
from zhunsheng.store.records import batch_files
from zhunsheng.store.records.entries import HeldInput, HoldReason
from zhunsheng.store.records.faults import Misuse
from zhunsheng.store.records.reading import data_files, scan_sql
from zhunsheng.store.records.waiting import discard_held, waiting_ready
from zhunsheng.store.records.writing import BatchInfo, next_id, write_batch, write_keyed

if TYPE_CHECKING:
    from tests.store.records.conftest import Desk

DAY = date(2023, 5, 1)


def visit(body: str | None = "x", day: date | None = DAY, **more: object) -> dict[str, object]:
    return {"body": body, "day": day, "count": 1, "cost": 100, **more}


def test_records_carry_dense_surrogates_and_references_within_a_batch_are_resolved(desk: "Desk") -> None:
    rows = desk.engine.execute(
        "SELECT _id, code, parent FROM " + _scan(desk, "body", ["_id", "code", "parent"]) + " ORDER BY code"
    ).fetchall()
    assert sorted(row[0] for row in rows) == [1, 2, 3]
    ids = {code: number for number, code, _ in rows}
    assert [row[2] for row in rows] == [None, None, ids["x"]]
    assert next_id(desk.store, "body") == 4


def _scan(desk: "Desk", ledger: str, columns: list[str]) -> str:
    return scan_sql(ledger, desk.store.snapshot(), columns)


def test_the_same_rows_twice_change_nothing(desk: "Desk") -> None:
    rows = [visit(), visit("y", goods=["a", "b"])]
    first = desk.put("visit", *rows)
    again = desk.put("visit", *rows)
    assert (first.record.batch, first.record.stored) == (2, 2)
    assert (again.record.batch, again.record.stored, again.record.unchanged) == (None, 0, 2)
    assert again.snapshot.token == first.snapshot.token


def test_new_content_is_a_new_version_and_the_old_one_is_still_known(desk: "Desk") -> None:
    desk.put("visit", visit(count=1), visit("y"))
    result = desk.put("visit", visit(count=2), visit("y"))
    assert (result.record.stored, result.record.new_versions, result.record.unchanged) == (1, 1, 1)
    columns = ["body", "count"]
    assert desk.read("visit", 2, columns) == [("x", 1), ("y", 1)]
    assert desk.read("visit", 3, columns) == [("x", 2), ("y", 1)]


def test_identical_rows_of_a_batch_are_one_record_and_contradictions_are_both_turned_away(
    desk: "Desk",
) -> None:
    result = desk.put(
        "visit", visit(), visit(), visit("y", count=1), visit("y", count=2), visit("y", count=1)
    )
    record = result.record
    assert (record.rows_read, record.stored, record.duplicates, record.rejected) == (5, 1, 1, 3)
    assert [each.source_rows for each in result.conflicts] == [(3, 4, 5)]
    assert result.conflicts[0].key == ("y", "2023-05-01")
    assert desk.read("visit", columns=["body"]) == [("x",)]


def test_a_row_without_its_key_is_turned_away(desk: "Desk") -> None:
    result = desk.put("visit", visit(day=None), visit())
    assert (result.record.stored, result.record.rejected) == (1, 1)
    assert result.conflicts[0].key == ("x", None)


def test_rows_whose_record_is_missing_wait_until_it_arrives(desk: "Desk") -> None:
    result = desk.put("visit", visit(), visit("new", cost=250, weight=1500, goods=["甲", "乙"]))
    assert result.record.stored == 1
    assert result.waiting == {"body": 1}
    held = desk.store.manifest.held("visit")
    assert [(each.reason, each.waits_for_key, each.row) for each in held] == [(HoldReason.WAITING, "new", 2)]
    assert waiting_ready(desk.store, desk.engine) == ()
    desk.put("body", {"code": "new", "grade": "A"})
    # whoever imports the record stores what waited for it: tests/store/intake
    assert waiting_ready(desk.store, desk.engine) == held


def test_a_file_that_waits_and_comes_twice_waits_once(desk: "Desk") -> None:
    desk.put("visit", visit("new"))
    again = desk.put("visit", visit("new"))
    assert again.record.waiting == 1
    assert len(desk.store.manifest.held("visit")) == 1


def test_a_chain_within_the_ledger_waits_as_a_whole(desk: "Desk") -> None:
    # c points to b, b to a missing one: both wait; d points to c as well
    result = desk.put(
        "body",
        {"code": "b", "parent": "missing"},
        {"code": "c", "parent": "b"},
        {"code": "d", "parent": "c"},
        {"code": "e"},
    )
    assert (result.record.stored, result.waiting) == (1, {"body": 3})
    assert next_id(desk.store, "body") == 5


def test_a_record_may_point_to_itself(desk: "Desk") -> None:
    assert desk.put("body", {"code": "self", "parent": "self"}).record.stored == 1
    assert ("self", None, "self") in desk.read("body")


def test_rows_and_amounts_balance(desk: "Desk") -> None:
    desk.put("visit", visit("x", cost=1000), visit("y", cost=1))
    info = BatchInfo(
        "填报人",
        source="五月.xlsx",
        source_sha256="ab",
        rejected=2,
        rejected_amount=70,
        quarantined=[HeldInput(9, {"body": "x"}, ("费用过大",))],
        quarantined_amount=9,
    )
    result = desk.put(
        "visit",
        visit("x", cost=1000),
        visit("y", cost=2),
        visit("q", cost=40),
        visit("z"),
        visit("z"),
        info=info,
    )
    record = result.record
    assert record.rows_read == 8
    parts = (
        record.stored,
        record.unchanged,
        record.duplicates,
        record.rejected,
        record.quarantined,
        record.waiting,
    )
    assert parts == (2, 1, 1, 2, 1, 1)
    amounts = record.amounts
    assert amounts is not None
    assert (amounts.field, amounts.read) == ("cost", 1000 + 2 + 40 + 100 + 100 + 70 + 9)
    assert (amounts.stored, amounts.unchanged, amounts.duplicates) == (102, 1000, 100)
    assert (amounts.rejected, amounts.quarantined, amounts.waiting) == (70, 9, 40)
    assert desk.store.manifest.imports(sha256="ab") == (record,)
    assert desk.store.manifest.held("visit", reason=HoldReason.QUARANTINE)[0].problems == ("费用过大",)


def test_held_rows_can_be_given_up_with_a_reason(desk: "Desk") -> None:
    desk.put("visit", visit("q"))
    discard_held(desk.store, [1], "复核人", "重复登记")
    assert desk.store.manifest.held("visit") == ()
    assert desk.store.manifest.trail()[-1].detail == {"rows": [1], "reason": "重复登记"}


def test_stamped_fields_keep_what_was_true_when_the_row_arrived(desk: "Desk") -> None:
    desk.put("visit", visit())
    desk.put("body", {"code": "x", "grade": "B"})
    desk.put("visit", visit(day=date(2023, 6, 1)))
    assert desk.read("visit", columns=["day", "grade"]) == [(DAY, "A"), (date(2023, 6, 1), "B")]
    # the attribute has changed, the row has not
    assert desk.put("visit", visit()).record.unchanged == 1


def test_computed_fields_are_filled_in(make_desk: Callable[..., "Desk"]) -> None:
    fields = [
        FieldDefinition("code", "编码", FieldType.TEXT, required=True),
        FieldDefinition("a", "甲", FieldType.MONEY),
        FieldDefinition("b", "乙", FieldType.MONEY),
        FieldDefinition("sum", "合计", FieldType.MONEY, is_computed=True),
        FieldDefinition("big", "大额", FieldType.BOOLEAN, is_computed=True),
    ]
    kinds: dict[tuple[str, ...], Type] = {(each.name,): each.value_type for each in fields}
    scope = Scope(kinds.get, known=[each.name for each in fields])
    fields[3] = replace(fields[3], computed=parse("a + b", scope))
    fields[4] = replace(fields[4], computed=parse("sum > 10", scope))
    ledger = LedgerDefinition("bill", "账", "Bill", "", 1, ("code",), tuple(fields), organisation="")
    desk = make_desk(bill=ledger)
    desk.put("bill", {"code": "1", "a": 600, "b": 401}, {"code": "2", "a": 1000, "b": 0})
    assert desk.read("bill", columns=["code", "sum", "big"]) == [("1", 1001, True), ("2", 1000, False)]


def test_a_reference_to_a_record_whose_batch_was_undone_waits(desk: "Desk") -> None:
    desk.put("body", {"code": "late"})
    desk.store.undo(2, "科长")
    assert desk.put("visit", visit("late")).waiting == {"body": 1}
    # the same key comes back with the number it had
    desk.put("body", {"code": "late"})
    assert next_id(desk.store, "body") == 5
    assert desk.put("visit", visit("late")).record.stored == 1


def test_files_are_sorted_and_versions_numbered_in_that_order(desk: "Desk") -> None:
    desk.put(
        "visit", visit("z", date(2023, 3, 1)), visit("y", date(2023, 1, 1)), visit("x", date(2023, 1, 1))
    )
    rows = desk.engine.execute(
        f"SELECT day, body, _row, _source_row FROM {_scan(desk, 'visit', ['day', 'body', '_row', '_source_row'])}"
    ).fetchall()
    assert rows == [
        (date(2023, 1, 1), 1, 1, 3),
        (date(2023, 1, 1), 2, 2, 2),
        (date(2023, 3, 1), 3, 3, 1),
    ]


def test_unknown_columns_and_repeated_row_numbers_are_a_mistake_of_the_caller(desk: "Desk") -> None:
    with pytest.raises(Misuse):
        desk.put("visit", visit(_source_row=1), visit("y", _source_row=1))
    desk.engine.execute("CREATE TEMP TABLE odd AS SELECT 1 AS _source_row, 2 AS nonsense")
    with pytest.raises(Misuse, match="nonsense"):
        write_batch(desk.store, desk.engine, "odd", desk.ledgers["visit"], BatchInfo("x"))
    assert desk.store.snapshot().seq == 1
    assert not [each for each in desk.store.layout.staging.iterdir() if each.is_file()]


class TestKeyed:
    def test_a_generator_hands_in_surrogates(self, desk: "Desk") -> None:
        desk.engine.execute(
            "CREATE TEMP TABLE b AS SELECT CAST(3 + i AS INTEGER) AS _id, 'g' || i AS code, 'A' AS grade FROM range(1, 4) t(i)"
        )
        write_keyed(desk.store, desk.engine, "b", desk.ledgers["body"], BatchInfo("生成", synthetic=True))
        desk.engine.execute(
            "CREATE TEMP TABLE v AS SELECT CAST(3 + i AS INTEGER) AS body, DATE '2023-01-01' + CAST(4 - i AS INTEGER) AS day, "
            "CAST(i AS BIGINT) AS count FROM range(1, 4) t(i)"
        )
        result = write_keyed(
            desk.store, desk.engine, "v", desk.ledgers["visit"], BatchInfo("生成", synthetic=True)
        )
        assert result.record.stored == 3
        assert desk.store.batches()[-1].synthetic
        assert [row[0] for row in desk.read("visit", columns=["body"])] == ["g1", "g2", "g3"]
        assert [row[-1] for row in desk.read("visit")] == ["A", "A", "A"]
        # a later import of the same record finds it
        assert desk.put("visit", {"body": "g1", "day": date(2023, 1, 4), "count": 1}).record.unchanged == 1

    @pytest.mark.parametrize(
        ("rows", "message"),
        [
            ("SELECT 9 AS body, DATE '2023-01-01' AS day", "surrogates 9 to 9"),
            ("SELECT 0 AS body, DATE '2023-01-01' AS day", "surrogates 0 to 0"),
        ],
    )
    def test_surrogates_that_point_nowhere_are_refused(self, desk: "Desk", rows: str, message: str) -> None:
        desk.engine.execute(f"CREATE TEMP TABLE v AS {rows}")
        with pytest.raises(Misuse, match=message):
            write_keyed(desk.store, desk.engine, "v", desk.ledgers["visit"], BatchInfo("生成"))

    def test_gaps_are_refused(self, desk: "Desk") -> None:
        desk.engine.execute("CREATE TEMP TABLE b AS SELECT 5 AS _id, 'g' AS code")
        with pytest.raises(Misuse, match="expected"):
            write_keyed(desk.store, desk.engine, "b", desk.ledgers["body"], BatchInfo("生成"))


def test_a_large_batch_is_cut_at_month_ends(desk: "Desk", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch_files, "ONE_FILE", 4)
    monkeypatch.setattr(batch_files, "PIECE", 2)
    days = [date(2023, 1, 5), date(2023, 1, 6), date(2023, 2, 1), date(2023, 3, 1), date(2023, 4, 1)]
    desk.put("visit", *(visit(day=each) for each in days))
    files = data_files("visit", desk.store.snapshot())
    bounds = [(each.rows, each.first_day, each.last_day) for each in files]
    assert bounds == [
        (2, days[0], days[1]),
        (2, days[2], days[3]),
        (1, days[4], days[4]),
    ]
    assert [row[0] for row in desk.read("visit", columns=["_row"])] == [1, 2, 3, 4, 5]
