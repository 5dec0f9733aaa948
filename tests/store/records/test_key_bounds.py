"""A record is found by its whole key, whatever the files look like, and files that cannot hold it are not read."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from tests.store.records.test_browsing import SIGHTING

from zhunsheng.store.records.browsing import Browser, Order
from zhunsheng.store.records.compaction import compact
from zhunsheng.store.records.criteria import Comparison, Criterion
from zhunsheng.store.records.key_bounds import is_key
from zhunsheng.store.records.shared_engine import cursor

if TYPE_CHECKING:
    from tests.store.records.conftest import Desk


def _filled(make_desk: Callable[..., "Desk"]) -> "Desk":
    made = make_desk(sighting=SIGHTING)
    for month in range(1, 6):
        made.put(
            "sighting",
            *({"number": f"n{month}{day:02d}", "day": date(2023, month, day)} for day in range(1, 9)),
        )
    made.store.undo(5, "某人")
    return made


def test_whole_keys_in_force_are_known_and_nothing_else_is(make_desk: Callable[..., "Desk"]) -> None:
    desk = _filled(make_desk)
    for _ in range(2):
        with cursor() as connection:
            snapshot = desk.store.snapshot()

            def known(text: str) -> bool:
                return is_key(connection, snapshot, SIGHTING, text)  # noqa: B023 - called at once

            assert [text for text in ("n101", "n408", "n304") if known(text)] == ["n101", "n408", "n304"]
            # a part of a key, one too long, one that lies between, one of the batch that was undone, nothing
            assert not any(known(text) for text in ("n10", "n1011", "n409", "n501", "", "é"))
        compact(desk.store, "某人")


def test_only_files_that_may_hold_the_key_are_read(make_desk: Callable[..., "Desk"]) -> None:
    desk = _filled(make_desk)
    with cursor() as connection:
        browser = Browser(
            connection, SIGHTING, desk.store.snapshot(), (Criterion("number", Comparison.EQUAL, "n304"),)
        )
        page = browser.page(SIGHTING.fields, Order("day"), None, 10)
        assert [each.values["number"] for each in page.records] == ["n304"]
        assert page.following is None
        assert len(browser.files) == 1
