"""Leafing through records: every one exactly once, in order, both ways, whatever the files look like."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.field import FieldDefinition, FieldType
from zhunsheng.store.records import browsing
from zhunsheng.store.records.browsing import Browser, Order, Position, records_in_force
from zhunsheng.store.records.compaction import compact
from zhunsheng.store.records.criteria import Comparison, Criterion
from zhunsheng.store.records.overview import ledger_states
from zhunsheng.store.records.shared_engine import cursor
from zhunsheng.store.records.versions import key_of_version

if TYPE_CHECKING:
    from tests.store.records.conftest import Desk

SIGHTING = LedgerDefinition(
    code="sighting",
    label="见闻",
    label_en="Sighting",
    description="",
    chapter=1,
    key=("number",),
    fields=(
        FieldDefinition("number", "编号", FieldType.TEXT, required=True),
        FieldDefinition("day", "日期", FieldType.DATE),
        FieldDefinition("cost", "费用", FieldType.MONEY),
        FieldDefinition("goods", "物品", FieldType.LIST),
    ),
    date="day",
    organisation="",
)
ORDERS = [Order(field, descending=way) for field in ("", "day", "cost", "number") for way in (True, False)]


@pytest.fixture
def desk(make_desk: Callable[..., "Desk"], monkeypatch: pytest.MonkeyPatch) -> "Desk":
    """Batches of different months, records without a day, new versions, an undone batch."""
    monkeypatch.setattr(browsing, "_FIRST_REACH", 8)
    made = make_desk(sighting=SIGHTING)
    chance = Random(5)  # noqa: S311 - rows, not secrets
    for batch in range(9):
        rows = []
        for place in range(12):
            day = date(2023, 1 + batch, 1) + timedelta(days=chance.randrange(40))
            rows.append(
                {
                    "number": f"n{batch:02d}{place:02d}",
                    "day": None if place % 5 == 0 else day,
                    "cost": None if place % 4 == 0 else chance.randrange(4) * 100,
                    "goods": ["茶", "米"] if place % 3 == 0 else None,
                }
            )
        made.put("sighting", *rows)
    made.put(
        "sighting", *({"number": f"n03{place:02d}", "day": date(2023, 7, place + 1)} for place in range(6))
    )
    made.store.undo(5, "某人")
    return made


def leafed(browser: Browser, order: Order, size: int, seconds: float = 60.0) -> list[tuple[Any, int, int]]:
    found: list[tuple[Any, int, int]] = []
    after: Position | None = None
    while True:
        page = browser.page(SIGHTING.fields, order, after, size, seconds=seconds)
        assert len(page.records) <= size
        found += [(each.values["number"], each.batch, each.row) for each in page.records]
        after = page.following
        if after is None:
            return found


def expected(desk: "Desk", order: Order) -> list[tuple[Any, int, int]]:
    """What one plain query gives."""
    rows = desk.read(
        "sighting", columns=["number", "_batch", "_row", *([order.field] if order.field else [])]
    )
    rows.sort(key=lambda row: (row[1], row[2]), reverse=order.descending)
    if order.field:
        with_value = sorted(
            (row for row in rows if row[3] is not None), key=lambda row: row[3], reverse=order.descending
        )
        rows = with_value + [row for row in rows if row[3] is None]
    return [(row[0], row[1], row[2]) for row in rows]


@pytest.fixture(params=["as imported", "compacted"])
def browser(desk: "Desk", request: pytest.FixtureRequest) -> Iterator[Browser]:
    if request.param == "compacted":
        compact(desk.store, "某人")
    with cursor() as connection:
        yield Browser(connection, SIGHTING, desk.store.snapshot())


def test_pages_give_every_record_once_in_order_and_the_way_back_is_the_same(
    desk: "Desk", browser: Browser
) -> None:
    for order in ORDERS:
        assert_leafed(desk, browser, order)


def assert_leafed(desk: "Desk", browser: Browser, order: Order) -> None:
    whole = expected(desk, order)
    assert len(whole) == 8 * 12
    assert leafed(browser, order, 7) == whole
    # no time at all: pages end early, and still nothing is lost or seen twice
    assert leafed(browser, order, 7, seconds=0) == whole
    for start in (40, 95):
        last = browser.page(SIGHTING.fields, order, None, start + 1).records[start]
        back = browser.page(SIGHTING.fields, replace(order, backwards=True), last.position, 200)
        assert [each.values["number"] for each in reversed(back.records)] == [
            each[0] for each in whole[:start]
        ]
        back = browser.page(SIGHTING.fields, replace(order, backwards=True), last.position, 5)
        assert [each.values["number"] for each in reversed(back.records)] == [
            each[0] for each in whole[start - 5 : start]
        ]


CONDITIONS: list[tuple[Criterion, Callable[[Any], bool]]] = [
    (
        Criterion("day", Comparison.FROM, date(2023, 5, 10)),
        lambda row: row[1] is not None and row[1] >= date(2023, 5, 10),
    ),
    (
        Criterion("day", Comparison.UNTIL, date(2023, 2, 10)),
        lambda row: row[1] is not None and row[1] <= date(2023, 2, 10),
    ),
    (Criterion("day", Comparison.EQUAL, date(2023, 7, 3)), lambda row: row[1] == date(2023, 7, 3)),
    (Criterion("cost", Comparison.EQUAL, 300), lambda row: row[2] == 300),
    (Criterion("goods", Comparison.CONTAINS, "米"), lambda row: row[3] is not None),
    (Criterion("number", Comparison.CONTAINS, "n02"), lambda row: "n02" in row[0]),
    (Criterion("cost", Comparison.AMONG, (0, 100)), lambda row: row[2] in {0, 100}),
]


def test_conditions_hold_for_what_is_found_and_for_nothing_else(desk: "Desk") -> None:
    for criterion, holds in CONDITIONS:
        with cursor() as connection:
            assert_holds(desk, Browser(connection, SIGHTING, desk.store.snapshot()), criterion, holds)


def assert_holds(desk: "Desk", browser: Browser, criterion: Criterion, holds: Callable[[Any], bool]) -> None:
    browser.criteria = (criterion,)
    wanted = {
        row[0] for row in desk.read("sighting", columns=["number", "day", "cost", "goods"]) if holds(row)
    }
    assert wanted
    for order in ORDERS:
        found = leafed(browser, order, 3, seconds=0)
        assert {each[0] for each in found} == wanted
        assert len(found) == len(wanted) == browser.count()
    streamed = [
        row[0]
        for part in browser.stream(SIGHTING.fields[:1], Order("number", descending=False))
        for row in part
    ]
    assert streamed == sorted(wanted)


def test_only_what_is_listed_in_a_file_is_looked_at(desk: "Desk", browser: Browser, tmp_path: Path) -> None:
    some = expected(desk, Order())[::10]
    listed = tmp_path / "rows.parquet"
    values = ", ".join(f"({batch}, {row})" for _, batch, row in some)
    duckdb.execute(f"COPY (SELECT * FROM (VALUES {values}) v (_batch, _row)) TO '{listed}' (FORMAT parquet)")
    browser.within = listed
    assert leafed(browser, Order(), 4) == some
    assert browser.count() == len(some)


def test_records_in_force_are_counted_as_they_are(desk: "Desk") -> None:
    with cursor() as connection:
        for seq in range(desk.store.manifest.last_seq() + 1):
            snapshot = desk.store.snapshot(seq)
            assert records_in_force(connection, "sighting", snapshot) == len(desk.read("sighting", seq))
        states = ledger_states(connection, desk.store.snapshot())
    assert states["sighting"].records == 96
    assert states["sighting"].commits == 11


def test_every_version_leads_to_the_key_of_its_record(desk: "Desk") -> None:
    with cursor() as connection:
        snapshot = desk.store.snapshot()
        for batch in (4, 5, 10):
            key = key_of_version(connection, snapshot, SIGHTING, batch, 1)
            assert key is not None
            versions = desk.store.history("sighting", [str(key[0])])
            assert any((each.batch, each.row) == (batch, 1) for each in versions)
        assert key_of_version(connection, snapshot, SIGHTING, 4, 99) is None
        assert key_of_version(connection, snapshot, SIGHTING, 11, 1) is None
