"""One pass for many requests, cubes, and an engine that stays warm, against a reckoning record by record."""

import random
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_world import LEDGERS, World, as_number, definition, new_world, reckoned

from zhunsheng.indicators.measure import Aggregate, Measure
from zhunsheng.measures.period import Window
from zhunsheng.measures.request import Request, request_for
from zhunsheng.measures.rollup import ALL, Reading
from zhunsheng.measures.sharing import shared_pass
from zhunsheng.measures.states import Different, cell_of, read_off
from zhunsheng.store.engines import building, duckdb_engine
from zhunsheng.store.engines.duckdb_engine import DuckDBEngine
from zhunsheng.store.engines.merging import merges
from zhunsheng.store.engines.sql_engine import stands_alone

_BODIES = 3


def _never(_day: date, rule: str) -> date:
    raise AssertionError(rule)


def _measures() -> dict[str, Measure]:
    return {each.name: each for each in definition().versions[0].measures}


def _rows(dice: random.Random, count: int, first: int = 0) -> list[dict[str, Any]]:
    return [
        {
            "visit_id": f"V{first + each}",
            "shop_id": f"S{dice.randrange(4)}" if dice.random() < 0.9 else None,
            "visited_on": date(2020, 11, 1) + timedelta(days=dice.randrange(500)),
            "amount": None if dice.random() < 0.2 else Decimal(dice.randrange(-500, 5000)) / 100,
            "minutes": None if dice.random() < 0.2 else dice.randrange(-5, 50),
            "passed": dice.random() < 0.6,
            "org_code": f"B{dice.randrange(_BODIES)}",
        }
        for each in range(count)
    ]


def _shops(dice: random.Random) -> list[dict[str, Any]]:
    return [
        {
            "shop_id": f"S{each}",
            "kind": dice.choice(["BIG", "SMALL"]),
            "stalls": dice.choice([None, 1, 2]),
            "org_code": "B0",
        }
        for each in range(4)
    ]


def _world(path: Path, seed: int, visits: int) -> tuple[World, random.Random]:
    dice = random.Random(seed)  # noqa: S311 - test data
    world = new_world(path / "store", _BODIES)
    world.write("shop", _shops(dice))
    if visits:
        world.write("visit", _rows(dice, visits))
    return world, dice


def _groups(engine: DuckDBEngine) -> dict[str, frozenset[int] | None]:
    found: dict[str, frozenset[int] | None] = {"": None}
    return found | {f"B{each}": frozenset({engine.key_of("org", f"B{each}")}) for each in range(_BODIES)}


def _agree(
    world: World, engine: DuckDBEngine, requests: list[Request], answers: list[dict[str, Any]]
) -> None:
    groups = _groups(engine)
    for request, found in zip(requests, answers, strict=True):
        for name in groups:
            bodies = frozenset({name}) if name else None
            assert as_number(found[name], request.measure) == reckoned(world, request, bodies), (
                request.measure.name,
                str(request.window),
                name,
            )


@pytest.mark.slow
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 10**9),
    visits=st.integers(0, 60),
    names=st.sets(st.sampled_from(sorted(_measures())), min_size=1),
    windows=st.sets(
        st.sampled_from([Window(2021), Window(2020), Window(2021, 3), Window(2022)]), min_size=1, max_size=3
    ),
    large=st.sampled_from([1, 10**9]),
)
def test_a_shared_pass_equals_a_reckoning(
    tmp_path_factory: pytest.TempPathFactory,
    seed: int,
    visits: int,
    names: set[str],
    windows: set[Window],
    large: int,
) -> None:
    world, _ = _world(tmp_path_factory.mktemp("world"), seed, visits)
    engine = DuckDBEngine(world.store.snapshot(), LEDGERS.get, _never)
    measures = _measures()
    requests = [
        request_for(measures[name], window, {}) for name in sorted(names) for window in sorted(windows)
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(duckdb_engine, "_LARGE", large)
        answers = engine.direct(requests, range(len(requests)), _groups(engine))
    _agree(world, engine, requests, answers)
    engine.close()


def _sums(windows: list[Window]) -> list[Request]:
    names = ("money", "money_of_big", "visits", "passed", "mean")
    return [request_for(_measures()[name], window, {}) for name in names for window in windows]


def test_many_sums_over_few_conditions_are_grouped(tmp_path: Path) -> None:
    world, _ = _world(tmp_path, 5, 80)
    engine = DuckDBEngine(world.store.snapshot(), LEDGERS.get, _never)
    requests = _sums([Window(2020), Window(2021)])
    assert not any(stands_alone(each.measure) for each in requests)
    query = engine.query(requests[0])
    made = shared_pass(query, dict(enumerate(requests)), "", engine.bits(), engine.provide)
    assert made.wanted is not None
    found = made.answers(engine.rows(made.text))
    for place, request in enumerate(requests):
        assert as_number(found[place], request.measure) == reckoned(world, request, None)
    # what all of them ask for is a condition of the pass, and a single request needs no groups
    alone = shared_pass(engine.query(requests[0]), {0: requests[3]}, "", engine.bits(), engine.provide)
    assert alone.wanted is None
    assert "FILTER" not in alone.text
    engine.close()


@pytest.mark.parametrize("visits", [0, 1, 120])
def test_cubes_are_the_answers_of_bodies_and_months(tmp_path: Path, visits: int) -> None:
    world, _ = _world(tmp_path, 11, visits)
    engine = DuckDBEngine(world.store.snapshot(), LEDGERS.get, _never)
    measures = _measures()
    names = ("visits", "passed", "money", "money_of_big", "mean", "least", "greatest", "shops", "big_shops")
    requests = [request_for(measures[name], Window(2021), {}) for name in names]
    surrogates = {engine.key_of("org", f"B{each}"): f"B{each}" for each in range(_BODIES)}
    months = [Window(year, month) for year in (2020, 2021, 2022) for month in range(1, 13)]
    for request, cube in zip(requests, engine.cubes(requests), strict=True):
        cells = dict(
            zip(
                zip(cube.bodies.tolist(), cube.months.tolist(), strict=True),
                cube.values.tolist(),
                strict=True,
            )
        )
        assert len(cells) == cube.values.size
        for body, code in [*surrogates.items(), (ALL, "")]:
            for window in months:
                asked = request_for(request.measure, window, {})
                expected = reckoned(world, asked, frozenset({code}) if code else None)
                _same(
                    cells.get((body, window.year * 100 + window.month)),
                    expected,
                    request.measure,
                    cube,
                    body,
                    window,
                )
    unmergeable = request_for(measures["median"], Window(2021), {})
    with pytest.raises(ValueError, match="merge"):
        engine.cubes([unmergeable])
    engine.close()


def _same(found: Any, expected: Any, measure: Measure, cube: Any, body: int, window: Window) -> None:
    if found is None:
        assert not expected
        return
    number = cube.numbers[(cube.bodies == body) & (cube.months == window.year * 100 + window.month)].item()
    if measure.aggregate in {Aggregate.COUNT, Aggregate.DISTINCT}:
        assert found == expected
    elif measure.aggregate is Aggregate.MEAN:
        assert (expected is None and not number) or found == expected * number
    elif number:
        assert Decimal(found).scaleb(-measure.places) == expected
    else:
        assert not expected


@pytest.mark.parametrize("narrow", [0, 1 << 16])
def test_states_hold_the_very_references(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, narrow: int
) -> None:
    monkeypatch.setattr(building, "_NARROW", narrow)
    world, dice = _world(tmp_path, 31, 0)
    more = [{"shop_id": f"S{each}", "kind": "BIG", "org_code": "B0"} for each in range(4, 21)]
    world.write("shop", more)
    rows = _rows(dice, 200)
    for each in rows:
        each["shop_id"] = f"S{dice.randrange(21)}" if each["shop_id"] else None
    world.write("visit", rows)
    engine = DuckDBEngine(world.store.snapshot(), LEDGERS.get, _never)
    request = request_for(_measures()["shops"], Window(2021), {})
    (state,) = engine._builder.states([request])
    assert isinstance(state, Different)
    expected: dict[int, set[int]] = {}
    for each in rows:
        if each["shop_id"]:
            cell = cell_of(engine.key_of("org", each["org_code"]), int(f"{each['visited_on']:%Y%m}"))
            expected.setdefault(cell, set()).add(engine.key_of("shop", each["shop_id"]))
    assert {cell: set(bitmap) for cell, bitmap in state.bitmaps.items()} == expected
    engine.close()


def test_reading_equals_reading_off_each_by_itself(tmp_path: Path) -> None:
    world, _ = _world(tmp_path, 23, 150)
    engine = DuckDBEngine(world.store.snapshot(), LEDGERS.get, _never)
    requests = [request_for(each, Window(2021), {}) for each in _measures().values()]
    requests = [each for each in requests if merges(each)]
    states = engine._builder.states(requests)
    bodies = [engine.key_of("org", f"B{each}") for each in range(_BODIES)]
    groups = [
        None,
        frozenset(bodies),
        frozenset(bodies[:2]),
        frozenset(bodies[2:]),
        frozenset({999}),
        frozenset(),
    ]
    windows = [Window(2020), Window(2021), Window(2022), *Window(2021).months, Window(2019, 5)]
    for request, state in zip(requests, states, strict=True):
        measure = request.measure
        reading = Reading(state, measure.aggregate)
        for group in groups:
            for window in windows:
                got = reading.answer(measure.span, window, group)
                assert got == read_off(state, measure.aggregate, measure.span, window, group), (
                    measure.name,
                    str(window),
                    group,
                )
    engine.close()


@pytest.mark.slow
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**9), steps=st.lists(st.sampled_from("avsc"), min_size=2, max_size=6))
def test_an_engine_that_stays_warm_without_a_cache_is_never_out_of_date(
    tmp_path_factory: pytest.TempPathFactory, seed: int, steps: list[str]
) -> None:
    world, dice = _world(tmp_path_factory.mktemp("world"), seed, 20)
    engine = DuckDBEngine(world.store.snapshot(), LEDGERS.get, _never)
    windows = [Window(2021), Window(2020), *Window(2021).months[:3]]
    requests = [request_for(each, window, {}) for each in _measures().values() for window in windows]
    for number, step in enumerate(steps):
        match step:
            case "a" | "v":
                world.write("visit", _rows(dice, 10, first=100 * (number + 1)))
            case "s":
                world.write("shop", _shops(dice))
            case _:
                world.write("visit", _rows(dice, 5))
        engine.advance(world.store.snapshot())
        _agree(world, engine, requests, engine.answers(requests, _groups(engine)))
    engine.close()
