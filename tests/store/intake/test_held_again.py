"""Held rows when their file, or a cumulative one, comes again; and what an undo does with them."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from tests.store.intake.test_importing import CODES_OF, LEDGERS, ONE, TWO, Desk, _shops

from zhunsheng.store.intake.releasing import Refused, Released, release_held
from zhunsheng.store.records.entries import HoldReason, HoldState
from zhunsheng.store.records.waiting import discard_held

PERCENT = f"S3,{CODES_OF[2]},丙,2020-01-03,78%"
HUGE = f"S4,{CODES_OF[3]},丁,2020-01-04,900000000"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.store.close()


def release(
    desk: Desk, *numbers: int, confirmed: bool = False, corrections: Mapping[str, str] | None = None
) -> tuple[Released, Refused]:
    request = desk.request("shop")
    checker = replace(request.checker_of(LEDGERS["shop"]), confirmed=confirmed)
    rows = [each for each in desk.store.manifest.held("shop") if each.number in numbers]
    assert len(rows) == len(numbers)
    with desk.store.connect() as connection:
        return release_held(
            desk.store,
            connection,
            checker,
            request.checker_of,
            rows,
            corrections or {},
            "李四",
            desk.directory / "scratch",
        )


def open_rows(desk: Desk) -> list[int]:
    return [each.number for each in desk.store.manifest.held("shop")]


def test_confirmed_and_corrected_rows_are_not_held_again(desk: Desk) -> None:
    desk.bring("shop", _shops(ONE, PERCENT, HUGE))
    assert release(desk, 1, corrections={"capital": "78"})[0].rows == {"shop": 1}
    assert release(desk, 2, confirmed=True)[0].rows == {"shop": 1}
    before = desk.rows("shop")
    # the same rows and one more: a cumulative file
    text = _shops(ONE, PERCENT, HUGE, TWO)
    with desk.open("shop", text) as work:
        work.check()
        outlook = work.outlook()
    record = desk.bring("shop", text)
    assert (record.stored, record.unchanged, record.quarantined, record.rejected) == (1, 3, 0, 0)
    # ONE and the confirmed one are 100 and 900,000,000 yuan; 78% is no amount
    assert record.amounts is not None
    assert record.amounts.unchanged == 10000 + 90000000000
    assert (outlook.rows["unchanged"], outlook.rows["quarantined"]) == (3, 0)
    assert open_rows(desk) == []
    assert [row for row in desk.rows("shop") if row[0] != "S2"] == before


def test_a_doubtful_row_that_is_in_force_is_unchanged(desk: Desk) -> None:
    desk.bring("shop", _shops(HUGE))
    release(desk, 1, confirmed=True)
    # nobody has looked at this very row: another shop name, then the one in force from another file
    assert desk.bring("shop", _shops(HUGE.replace("丁", "丁二"))).quarantined == 1
    discard_held(desk.store, [2], "李四", "录错")
    text = "名称,商户编号,信用代码,开业日期,资本\n" + f"丁,S4,{CODES_OF[3]},2020-01-04,90000万元\n"
    record = desk.bring("shop", text)
    assert (record.unchanged, record.quarantined, record.rejected) == (1, 0, 0)


def test_what_was_given_up_is_not_brought_up_again(desk: Desk) -> None:
    desk.bring("shop", _shops(ONE, HUGE))
    discard_held(desk.store, [1], "李四", "重复登记")
    record = desk.bring("shop", _shops(ONE, HUGE, TWO))
    assert (record.stored, record.unchanged, record.rejected, record.quarantined) == (1, 1, 1, 0)
    assert open_rows(desk) == []
    visits = "检查编号,商户,检查日期,罚款\nV1,S9,2023-01-01,10\n"
    desk.bring("visit", visits)
    (waiting,) = desk.store.manifest.held("visit")
    discard_held(desk.store, [waiting.number], "李四", "录错")
    record = desk.bring("visit", visits + "V2,S9,2023-01-02,20\n")
    assert (record.waiting, record.rejected) == (1, 1)
    assert record.amounts is not None
    assert (record.amounts.waiting, record.amounts.rejected) == (2000, 1000)
    (left,) = desk.store.manifest.held("visit")
    assert left.payload["visit_id"] == "V2"


def test_an_undone_release_holds_the_row_again(desk: Desk) -> None:
    desk.bring("shop", _shops(HUGE))
    released, _ = release(desk, 1, confirmed=True)
    desk.store.undo(released.batches[0], "王五", "误确认")
    assert desk.bring("shop", _shops(HUGE)).quarantined == 1
    assert open_rows(desk) == [2]


def test_an_undo_gives_up_what_is_still_held_and_the_file_can_come_again(desk: Desk) -> None:
    record = desk.bring("shop", _shops(ONE, PERCENT, HUGE))
    release(desk, 2, confirmed=True)
    assert record.batch is not None
    undone = desk.store.undo(record.batch, "王五", "导错了")
    assert undone.given_up == 1
    rows = {each.number: each for each in desk.store.manifest.held("shop", state=None)}
    assert (rows[1].state, rows[1].resolved_by) == (HoldState.DISCARDED, f"undo {undone.seq}")
    assert rows[2].state is HoldState.RELEASED
    assert desk.store.manifest.trail()[-1].detail["given_up"] == 1
    again = desk.bring("shop", _shops(ONE, PERCENT, HUGE))
    assert (again.stored, again.quarantined, again.unchanged) == (1, 1, 1)
    assert open_rows(desk) == [3]


def test_an_undo_names_the_import_whose_held_rows_it_gave_up(desk: Desk) -> None:
    first = desk.bring("shop", _shops(ONE, PERCENT))
    second = desk.bring("shop", _shops(TWO, PERCENT))
    assert (second.quarantined, open_rows(desk)) == (1, [1])
    assert first.batch is not None
    assert desk.store.undo(first.batch, "王五").later_unchanged == (second.number,)


def test_rows_with_one_code_cannot_both_be_released(desk: Desk) -> None:
    desk.bring("shop", _shops(ONE, f"S9,{CODES_OF[0]},丙,2020-01-03,1"))
    released, refused = release(desk, 1, 2, confirmed=True)
    assert released.rows == {}
    assert {each.faults[0].problem.code for each in refused.rows.values()} == {"LEDG-151"}
    assert release(desk, 1, confirmed=True)[0].rows == {"shop": 1}
    _, refused = release(desk, 2, confirmed=True)
    assert [each.problem.code for each in refused.rows[2].faults] == ["LEDG-152"]
    assert open_rows(desk) == [2]


def test_two_contents_of_one_record_that_waited_are_for_a_person(desk: Desk) -> None:
    head = "检查编号,商户,检查日期,罚款\n"
    desk.bring("visit", head + "V1,S1,2023-01-01,10\n")
    desk.bring("visit", head + "V1,S1,2023-01-01,20\n", name="b.csv")
    desk.bring("shop", _shops(ONE), name="c.csv")
    assert desk.rows("visit") == []
    held = desk.store.manifest.held("visit")
    assert [(each.reason, each.payload["fine"]) for each in held] == [
        (HoldReason.QUARANTINE, 1000),
        (HoldReason.QUARANTINE, 2000),
    ]
