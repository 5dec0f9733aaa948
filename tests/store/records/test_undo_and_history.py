"""Undoing batches in any order, and looking back at one record."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from zhunsheng.store.records.faults import StoreFault

if TYPE_CHECKING:
    from tests.store.records.conftest import Desk

DAY = date(2023, 5, 1)


def row(count: int) -> dict[str, Any]:
    return {"body": "x", "day": DAY, "count": count}


def counts(desk: "Desk", seq: int | None = None) -> list[int]:
    return [found[0] for found in desk.read("visit", seq, ["count"])]


@pytest.fixture
def three(desk: "Desk") -> "Desk":
    """Batches 2, 3 and 4 hold versions 1, 2 and 3 of one record."""
    for number in (1, 2, 3):
        desk.put("visit", row(number))
    return desk


def test_a_batch_in_the_middle_goes_without_bringing_the_first_back(three: "Desk") -> None:
    three.store.undo(3, "科长")
    assert counts(three) == [3]
    three.store.undo(4, "科长")
    assert counts(three) == [1]
    three.store.undo(2, "科长")
    assert counts(three) == []
    # every earlier state is still what it was
    assert [counts(three, seq) for seq in range(1, 8)] == [[], [1], [2], [3], [3], [1], []]


def test_the_last_batch_goes_first(three: "Desk") -> None:
    three.store.undo(4, "科长")
    assert counts(three) == [2]
    three.store.undo(3, "科长")
    assert counts(three) == [1]


def test_after_an_undo_the_same_rows_can_come_again(three: "Desk") -> None:
    three.store.undo(4, "科长", "来源有误")
    result = three.put("visit", row(3))
    assert (result.record.stored, result.record.new_versions) == (1, 1)
    assert counts(three) == [3]
    commits = three.store.batches("visit")
    assert [(each.kind.value, each.undoes, each.undone_at) for each in commits] == [
        ("batch", None, None),
        ("batch", None, None),
        ("batch", None, 5),
        ("undo", 4, None),
        ("batch", None, None),
    ]
    assert commits[3].note == "来源有误"


@pytest.mark.parametrize(
    ("batch", "message"), [(99, "没有第 99 批"), (5, "是一次撤销"), (4, "已由第 5 次提交撤销")]
)
def test_what_cannot_be_undone_says_why(three: "Desk", batch: int, message: str) -> None:
    three.store.undo(4, "科长")
    with pytest.raises(StoreFault, match=message):
        three.store.undo(batch, "科长")


def test_an_undo_says_what_it_leaves_hanging(desk: "Desk") -> None:
    desk.put("body", {"code": "new"})
    desk.put("visit", {"body": "new", "day": DAY}, {"body": "x", "day": DAY})
    undone = desk.store.undo(2, "科长")
    assert undone.hidden == 1
    assert undone.dangling == {("visit", "body"): 1}


def test_an_undo_names_imports_that_relied_on_the_batch(desk: "Desk") -> None:
    desk.put("visit", row(1))
    later = desk.put("visit", row(1), {"body": "y", "day": DAY})
    assert desk.store.undo(2, "科长").later_unchanged == (later.record.number,)


def test_history_shows_every_version_with_its_time_and_source(three: "Desk") -> None:
    three.store.undo(4, "科长")
    versions = three.store.history("visit", ("x", DAY))
    assert [(each.batch, each.values["count"], each.since, each.until) for each in versions] == [
        (2, 1, 2, 3),
        (3, 2, 3, None),
        (4, 3, 4, 5),
    ]
    assert [each.is_current for each in versions] == [False, True, False]
    assert versions[0].values["body"] == "x"
    assert versions[0].source_row == 1
    assert versions[0].commit.who == "填报人"


def test_history_gives_values_in_their_units(desk: "Desk") -> None:
    desk.put("visit", {"body": "x", "day": DAY, "cost": 12345, "weight": 1500, "goods": ["甲"]})
    values = desk.store.history("visit", ("x", DAY))[0].values
    assert (values["cost"], values["weight"], values["goods"]) == (
        Decimal("123.45"),
        Decimal("1.500"),
        ("甲",),
    )
    assert desk.store.history("visit", ("nobody", DAY)) == ()
    assert [each.values["grade"] for each in desk.store.history("body", "x")] == ["A"]


def test_states_are_found_by_moment_and_by_token(three: "Desk") -> None:
    commits = three.store.batches()
    assert three.store.seq_at(commits[2].moment) == 3
    assert three.store.seq_at(commits[0].moment.replace(year=2000)) == 0
    assert counts(three, three.store.snapshot_of(three.store.snapshot(3).token).seq) == [2]
    with pytest.raises(StoreFault, match="不是本记录库的"):
        three.store.snapshot_of("0123-3")
    with pytest.raises(StoreFault, match="没有第 9 次提交"):
        three.store.snapshot(9)


def test_a_clock_that_goes_back_does_not_turn_history_round(three: "Desk") -> None:
    three.clock.now = three.clock.now.replace(year=2020)
    three.put("visit", row(4))
    moments = [each.moment for each in three.store.batches()]
    assert moments == sorted(moments)
    assert three.store.seq_at(moments[-1]) == 5
