"""Partial states equal a full recompute and a reckoning record by record, whatever came in whatever order."""

import random
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_world import LEDGERS, World, as_number, definition, new_world, reckoned

from zhunsheng.measures.computing import Bodies
from zhunsheng.measures.period import Window
from zhunsheng.measures.request import Request, request_for
from zhunsheng.store.engines.duckdb_engine import DuckDBEngine
from zhunsheng.store.engines.state_cache import StateCache, packed, unpacked
from zhunsheng.store.records.compaction import compact

_BODIES = 3


def _never(_day: date, rule: str) -> date:
    raise AssertionError(rule)


def _shop(dice: random.Random, number: int) -> dict[str, Any]:
    return {
        "shop_id": f"S{number}",
        "kind": dice.choice(["BIG", "SMALL"]),
        "stalls": dice.choice([None, 1, 2, 3]),
        "org_code": f"B{dice.randrange(_BODIES)}",
    }


def _visit(dice: random.Random, number: int, shops: int) -> dict[str, Any]:
    return {
        "visit_id": f"V{number}",
        "shop_id": f"S{dice.randrange(shops)}" if dice.random() < 0.9 else None,
        "visited_on": date(2020, 11, 1) + timedelta(days=dice.randrange(500)),
        "amount": None if dice.random() < 0.2 else Decimal(dice.randrange(-500, 5000)) / 100,
        "minutes": None if dice.random() < 0.2 else dice.randrange(-5, 50),
        "passed": dice.random() < 0.6,
        "org_code": f"B{dice.randrange(_BODIES)}",
    }


def _requests() -> list[Request]:
    version = definition().versions[0]
    windows = [Window(2021), Window(2021, 2), Window(2020), Window(2022)]
    return [request_for(each, window, {}) for window in windows for each in version.measures]


def _groups(engine: DuckDBEngine) -> tuple[Bodies, dict[str, frozenset[str] | None]]:
    codes = {"": None, "B0": frozenset({"B0"}), "B1+B2": frozenset({"B1", "B2"})}
    surrogates: dict[str, frozenset[int] | None] = {
        name: None if group is None else frozenset(engine.key_of("org", each) for each in group)
        for name, group in codes.items()
    }
    return surrogates, codes


def _check(world: World, kept: DuckDBEngine, cache: StateCache) -> None:
    """The engine that has seen every state, one with only the cache, and a fresh one agree with the reckoning."""
    kept.advance(world.store.snapshot())
    from_disk = DuckDBEngine(world.store.snapshot(), LEDGERS.get, _never, cache=cache)
    fresh = DuckDBEngine(world.store.snapshot(), LEDGERS.get, _never)
    requests = _requests()
    surrogates, codes = _groups(kept)
    expected = [{name: reckoned(world, each, group) for name, group in codes.items()} for each in requests]
    for engine in (kept, from_disk, fresh):
        answers = engine.answers(requests, surrogates)
        for request, found, wanted in zip(requests, answers, expected, strict=True):
            got = {name: as_number(answer, request.measure) for name, answer in found.items()}
            assert got == wanted, (request.measure.name, str(request.window))
    single = fresh.answers(requests[:1], {"": None})
    assert as_number(single[0][""], requests[0].measure) == expected[0][""]
    from_disk.close()
    fresh.close()


@pytest.mark.slow
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 10**9),
    steps=st.lists(st.sampled_from(["add", "correct", "undo", "compact", "shops"]), min_size=2, max_size=6),
)
def test_states_equal_a_reckoning_after_any_history(
    tmp_path_factory: pytest.TempPathFactory, seed: int, steps: list[str]
) -> None:
    dice = random.Random(seed)  # noqa: S311 - test data
    path: Path = tmp_path_factory.mktemp("world") / "store"
    world = new_world(path, _BODIES)
    shops, visits = 4, 0
    world.write("shop", [_shop(dice, each) for each in range(shops)])
    cache = StateCache(path / "states")
    kept = DuckDBEngine(world.store.snapshot(), LEDGERS.get, _never, cache=cache)
    undoable: list[tuple[int, dict[str, dict[str, Any]]]] = []
    for step in ("add", *steps):
        before = dict(world.records.get("visit", {}))
        match step:
            case "add":
                more = dice.randrange(1, 25)
                result = world.write(
                    "visit", [_visit(dice, each, shops) for each in range(visits, visits + more)]
                )
                visits += more
                undoable.append((result.record.batch or 0, before))
            case "correct":
                chosen = dice.sample(range(visits), dice.randrange(1, min(6, visits) + 1))
                # a number that was undone comes back as a new record, which is as good
                result = world.write("visit", [_visit(dice, each, shops) for each in chosen])
                undoable.append((result.record.batch or 0, before))
            case "undo":
                batch, then = undoable.pop()
                world.store.undo(batch, "测试")
                world.records["visit"] = then
                if not undoable:
                    undoable.append((0, then))
            case "compact":
                compact(world.store, "测试")
            case "shops":
                world.write("shop", [_shop(dice, each) for each in range(shops)])
        if undoable and undoable[-1][0] == 0:
            break
        _check(world, kept, cache)
    kept.close()
    cache.close()
    world.store.close()


def test_order_of_batches_does_not_matter(tmp_path: Path) -> None:
    dice = random.Random(7)  # noqa: S311 - test data
    shops = [_shop(dice, each) for each in range(4)]
    batches = [[_visit(dice, 10 * part + each, 4) for each in range(10)] for part in range(4)]
    seen = []
    for name, order in (("one", [0, 1, 2, 3]), ("other", [3, 1, 0, 2])):
        world = new_world(tmp_path / name, _BODIES)
        world.write("shop", shops)
        for part in order:
            world.write("visit", batches[part])
        engine = DuckDBEngine(world.store.snapshot(), LEDGERS.get, _never)
        groups, _ = _groups(engine)
        requests = _requests()
        answers = engine.answers(requests, groups)
        seen.append(
            [
                {group: as_number(each, request.measure) for group, each in answer.items()}
                for request, answer in zip(requests, answers, strict=True)
            ]
        )
        engine.close()
    assert seen[0] == seen[1]
    assert any(each[""] for each in seen[0])


def test_states_survive_being_written(tmp_path: Path) -> None:
    dice = random.Random(3)  # noqa: S311 - test data
    world = new_world(tmp_path / "store", _BODIES)
    world.write("shop", [_shop(dice, each) for each in range(4)])
    world.write("visit", [_visit(dice, each, 4) for each in range(40)])
    engine = DuckDBEngine(world.store.snapshot(), LEDGERS.get, _never)
    groups, _ = _groups(engine)
    engine.answers(_requests(), groups)
    states = [state for _, state in engine._builder._whole.values()]
    assert len(states) > 10
    for state in states:
        again = unpacked(packed(state))
        assert packed(again) == packed(state)
    with pytest.raises(ValueError, match="state"):
        unpacked(b"Xabcdefghi")
    engine.close()
