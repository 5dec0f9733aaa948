"""Random lives of a store against a model of a few lines of Python.

The model keeps, for every key, the list of (batch, content); a record as known at S is the content of its last batch
up to S that was not undone up to S.
"""

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from zhunsheng.store.records import batch_files
from zhunsheng.store.records.backup import back_up, restore
from zhunsheng.store.records.compaction import compact
from zhunsheng.store.records.reading import data_files, digest_of, scan_sql
from zhunsheng.store.records.retention import drop_before
from zhunsheng.store.records.verification import verify

if TYPE_CHECKING:
    from tests.store.records.conftest import Desk

Rows = list[tuple[Any, ...]]
Plan = list[tuple[str, Any]]

BODIES = ["a", "b", "c", "d"]
DAYS = [date(2023, 1, 30), date(2023, 2, 1)]

# few keys and few contents: versions pile up, and undos meet the middle of a record's life
bodies = st.lists(
    st.tuples(st.sampled_from(BODIES), st.sampled_from(["A", "B"])),
    min_size=1,
    max_size=3,
    unique_by=lambda row: row[0],
)
visits = st.lists(
    st.tuples(st.sampled_from(BODIES[:2]), st.sampled_from(DAYS), st.integers(0, 3)), min_size=3, max_size=7
)
steps = st.one_of(
    st.tuples(st.just("visit"), visits),
    st.tuples(st.just("visit"), visits),
    st.tuples(st.just("visit"), visits),
    st.tuples(st.just("undo"), st.integers(0, 20)),
    st.tuples(st.just("undo"), st.integers(0, 20)),
    st.tuples(st.just("compact"), st.none()),
    st.tuples(st.just("body"), bodies),
)


def plans(least: int, most: int) -> st.SearchStrategy[Plan]:
    """All bodies first, then so many steps."""
    start: Plan = [("body", [(each, "A") for each in BODIES])]
    return st.lists(steps, min_size=least, max_size=most).map(lambda found: start + found)


# a failing life is short enough to read; shrinking it costs minutes, since every step writes files
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)


def life(*steps: tuple[str, Any]) -> Plan:
    """A plan about two records that are written and undone together."""
    start: Plan = [("body", [(each, "A") for each in BODIES])]
    return start + [
        ("visit", [("a", DAYS[0], content), ("b", DAYS[1], content)]) if step == "put" else (step, content)
        for step, content in steps
    ]


# versions 1, 2, 3; the middle one goes, then the last (undo takes the n-th batch that still stands; 0 is the bodies)
MIDDLE = life(("put", 1), ("put", 2), ("put", 3), ("undo", 2), ("compact", None), ("undo", 2))
# version 1 comes back by an undo and is replaced again: only the states in between see it
BACK = life(("put", 1), ("put", 2), ("undo", 2), ("put", 3), ("compact", None))

# version 1 is seen by the kept state 2 alone
KEPT = life(("put", 1), ("put", 2), ("put", 3))
# a file holds batches that an earlier state does not see
MERGED = [*life(), ("visit", [("a", DAYS[0], 1)]), ("visit", [("b", DAYS[0], 1)]), ("compact", None)]


@dataclass
class Model:
    versions: dict[str, dict[Any, list[tuple[int, Any]]]] = field(
        default_factory=lambda: {"body": {}, "visit": {}}
    )
    undone: dict[int, int] = field(default_factory=dict)
    batches: list[int] = field(default_factory=list)
    last: int = 0

    def known(self, ledger: str, seq: int) -> dict[Any, Any]:
        found = {}
        for key, versions in self.versions[ledger].items():
            seen = [c for batch, c in versions if batch <= seq and self.undone.get(batch, seq + 1) > seq]
            if seen:
                found[key] = seen[-1]
        return found

    def write(self, ledger: str, rows: dict[Any, Any]) -> int:
        """Rows stored."""
        now = self.known(ledger, self.last)
        new = {key: content for key, content in rows.items() if now.get(key, "absent") != content}
        if new:
            self.last += 1
            self.batches.append(self.last)
            for key, content in new.items():
                self.versions[ledger].setdefault(key, []).append((self.last, content))
        return len(new)


def write(desk: "Desk", model: Model, ledger: str, rows: Rows) -> None:
    if ledger == "body":
        result = desk.put("body", *({"code": code, "grade": grade} for code, grade in rows))
        expected: dict[Any, Any] = dict(rows)
    else:
        result = desk.put("visit", *({"body": b, "day": d, "count": n} for b, d, n in rows))
        present = model.known("body", model.last)
        contents: dict[Any, set[int]] = {}
        for body, day, count in rows:
            contents.setdefault((body, day), set()).add(count)
        expected = {
            key: min(counts) for key, counts in contents.items() if len(counts) == 1 and key[0] in present
        }
    assert result.record.stored == model.write(ledger, expected)
    assert result.snapshot.seq == model.last


def check(desk: "Desk", model: Model, seqs: Iterable[int]) -> None:
    """Compared as lists: a record that is there twice must not hide behind its key."""
    for seq in seqs:
        assert desk.read("body", seq, ["code", "grade"]) == sorted(model.known("body", seq).items())
        known = sorted((*key, count) for key, count in model.known("visit", seq).items())
        assert desk.read("visit", seq, ["body", "day", "count"]) == known


def live(desk: "Desk", plan: Plan) -> Model:
    model = Model()
    for step, content in plan:
        if step in {"body", "visit"}:
            write(desk, model, step, content)
        elif step == "compact":
            compact(desk.store, "夜间", grace=timedelta(0))
        else:
            open_batches = [each for each in model.batches if each not in model.undone]
            if open_batches:
                batch = open_batches[content % len(open_batches)]
                desk.store.undo(batch, "科长")
                model.last += 1
                model.undone[batch] = model.last
    return model


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch_files, "ONE_FILE", 3)
    monkeypatch.setattr(batch_files, "PIECE", 1)


@pytest.mark.slow
@pytest.mark.usefixtures("small_pieces")
class TestAgainstTheModel:
    @example(plan=MIDDLE)
    @example(plan=BACK)
    @given(plan=plans(5, 9))
    @settings(max_examples=25, phases=PHASES)
    def test_every_state_reads_as_it_was_then(
        self, plan: Plan, make_desk_in: Callable[[Path], "Desk"]
    ) -> None:
        with tempfile.TemporaryDirectory() as folder:
            desk = make_desk_in(Path(folder))
            model = live(desk, plan)
            check(desk, model, range(model.last + 1))
            assert [each.what for each in verify(desk.store) if each.code != "STORE-028"] == []
            desk.close()

    @example(plan=MIDDLE, at=4, kept=2)
    @example(plan=BACK, at=3, kept=5)
    @example(plan=KEPT, at=4, kept=2)
    @given(plan=plans(5, 9), at=st.integers(0, 100), kept=st.integers(0, 100))
    @settings(max_examples=15, phases=PHASES)
    def test_retention_loses_nothing_that_is_needed(
        self, plan: Plan, at: int, kept: int, make_desk_in: Callable[[Path], "Desk"]
    ) -> None:
        with tempfile.TemporaryDirectory() as folder:
            desk = make_desk_in(Path(folder))
            model = live(desk, plan)
            horizon, saved = at % (model.last + 1), kept % (model.last + 1)
            desk.store.keep(desk.store.snapshot(saved), "评价人", "2023 年度评价")
            moments = {each.seq: each.moment for each in desk.store.batches()}
            if horizon:
                drop_before(desk.store, moments[horizon], "管理员")
                compact(desk.store, "夜间", grace=timedelta(0))
            check(desk, model, {saved, *range(horizon, model.last + 1)})
            assert [each.what for each in verify(desk.store) if each.code != "STORE-028"] == []
            desk.close()

    @given(plan=plans(2, 6))
    @settings(max_examples=8, phases=PHASES)
    def test_a_restored_backup_reads_the_same(
        self, plan: Plan, make_desk_in: Callable[[Path], "Desk"]
    ) -> None:
        with tempfile.TemporaryDirectory() as folder:
            desk = make_desk_in(Path(folder) / "s")
            model = live(desk, plan)
            back_up(desk.store, Path(folder) / "b.tar")
            problems = restore(Path(folder) / "b.tar", Path(folder) / "r", catalogue=desk.ledgers.get)
            assert [each for each in problems if each.code != "STORE-028"] == []
            token = desk.store.snapshot().token
            desk.store.close()
            desk.path = Path(folder) / "r"
            desk.store = desk.reopen()
            assert desk.store.snapshot().token == token
            check(desk, model, range(model.last + 1))
            desk.close()

    @given(
        batches=st.lists(visits, min_size=2, max_size=4),
        order=st.randoms(use_true_random=False),
    )
    @settings(max_examples=10, phases=PHASES)
    def test_the_order_of_batches_about_different_records_does_not_matter(
        self, batches: list[Rows], order: Random, make_desk_in: Callable[[Path], "Desk"]
    ) -> None:
        disjoint = [
            {(body, day + timedelta(days=1000 * number)): count for body, day, count in rows}
            for number, rows in enumerate(batches)
        ]
        shuffled = disjoint[:]
        order.shuffle(shuffled)
        states = []
        with tempfile.TemporaryDirectory() as folder:
            for name, arranged in (("one", disjoint), ("two", shuffled)):
                desk = make_desk_in(Path(folder) / name)
                desk.put("body", *({"code": each} for each in BODIES))
                for rows in arranged:
                    desk.put("visit", *({"body": b, "day": d, "count": n} for (b, d), n in rows.items()))
                states.append(desk.read("visit"))
                desk.close()
        assert states[0] == states[1]

    @example(plan=MERGED)
    @given(plan=plans(5, 9))
    @settings(max_examples=10, phases=PHASES)
    def test_equal_keys_of_a_state_mean_equal_rows(
        self, plan: Plan, make_desk_in: Callable[[Path], "Desk"]
    ) -> None:
        """(sha256, digest) of a file is what the engine caches its results under."""
        seen: dict[tuple[str, str], Any] = {}
        with tempfile.TemporaryDirectory() as folder:
            desk = make_desk_in(Path(folder))
            model = live(desk, plan)
            for seq in range(model.last + 1):
                snapshot = desk.store.snapshot(seq)
                for file in data_files("visit", snapshot):
                    sql = scan_sql("visit", snapshot, ["_batch", "_row"], files=[file])
                    rows = desk.engine.execute(f"SELECT * FROM {sql} ORDER BY ALL").fetchall()
                    assert seen.setdefault((file.sha256, file.digest), rows) == rows
                    assert file.is_clean == (len(rows) == file.rows)
                assert digest_of("visit", snapshot) == digest_of("visit", desk.store.snapshot(seq))
            desk.close()
