"""A standalone cluster with two workers answers exactly what the engine in process answers."""

import json
import random
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from small_world import LEDGERS, World, as_number, definition, new_world

from zhunsheng.cli.main import program
from zhunsheng.measures.period import Window
from zhunsheng.measures.request import Request, request_for
from zhunsheng.store.engines.duckdb_engine import DuckDBEngine
from zhunsheng.store.engines.spark_engine import SparkEngine, session

pytestmark = [
    pytest.mark.cluster,
    pytest.mark.slow,
    # the library leaves its sockets to the garbage collector
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


def _never(_day: date, rule: str) -> date:
    raise AssertionError(rule)


@pytest.fixture(scope="module")
def spark(master: str) -> Iterator[Any]:
    made = session(master)
    yield made
    made.stop()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Records with corrections, so that closings are read as well."""
    dice = random.Random(11)  # noqa: S311 - test data
    path: Path = tmp_path_factory.mktemp("world") / "store"
    made = new_world(path)
    made.write(
        "shop",
        [
            {
                "shop_id": f"S{each}",
                "kind": dice.choice(["BIG", "SMALL"]),
                "stalls": dice.choice([None, 2, 5]),
                "org_code": "B0",
            }
            for each in range(6)
        ],
    )

    def visit(number: int) -> dict[str, Any]:
        return {
            "visit_id": f"V{number}",
            "shop_id": f"S{dice.randrange(6)}" if dice.random() < 0.9 else None,
            "visited_on": date(2020, 6, 1) + timedelta(days=dice.randrange(700)),
            "amount": None if dice.random() < 0.2 else Decimal(dice.randrange(-500, 5000)) / 100,
            "minutes": None if dice.random() < 0.2 else dice.randrange(-5, 50),
            "passed": dice.random() < 0.6,
            "org_code": f"B{dice.randrange(3)}",
        }

    made.write("visit", [visit(each) for each in range(120)])
    made.write("visit", [visit(each) for each in range(20, 40)])
    return made


def _requests() -> list[Request]:
    version = definition().versions[0]
    return [
        request_for(each, window, {})
        for window in (Window(2021), Window(2021, 3))
        for each in version.measures
    ]


def test_the_cluster_gives_the_same_answers(world: World, spark: Any) -> None:
    here = DuckDBEngine(world.store.snapshot(), LEDGERS.get, _never)
    there = SparkEngine(world.store.snapshot(), LEDGERS.get, _never, spark)
    groups = {
        "": None,
        "B0": frozenset({here.key_of("org", "B0")}),
        "B1+B2": frozenset({here.key_of("org", "B1"), here.key_of("org", "B2")}),
    }
    requests = _requests()
    for request, one, other in zip(
        requests, here.answers(requests, groups), there.answers(requests, groups), strict=True
    ):
        for name in groups:
            mine, theirs = as_number(one[name], request.measure), as_number(other[name], request.measure)
            assert mine == theirs, (request.measure.name, str(request.window), name)
            assert one[name].unknown == other[name].unknown, request.measure.name
    assert (
        len(spark.sparkContext._jsc.sc().getExecutorMemoryStatus().keys().toSeq().toString().split(",")) >= 3
    )


def test_the_cluster_breaks_down_alike(world: World, spark: Any) -> None:
    here = DuckDBEngine(world.store.snapshot(), LEDGERS.get, _never)
    there = SparkEngine(world.store.snapshot(), LEDGERS.get, _never, spark)
    requests = _requests()[:10]
    for request, one, other in zip(
        requests, here.grouped(requests, "shop_id.kind"), there.grouped(requests, "shop_id.kind"), strict=True
    ):
        assert {name: as_number(each, request.measure) for name, each in one.items()} == {
            name: as_number(each, request.measure) for name, each in other.items()
        }


def test_a_generated_city_gives_the_same_json(
    master: str, spark: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Every indicator of the package, through the program, by either engine."""
    assert spark is not None, "the session of this process is the one the program uses"
    store = tmp_path_factory.mktemp("city") / "store"
    runner = CliRunner()
    made = runner.invoke(
        program, ["city", "generate", "--profile", "huadu-2023", "--scale", "0.01", "--store", str(store)]
    )
    assert made.exit_code == 0, made.output
    asked = ["indicator", "compute", "--store", str(store), "--year", "2023", "--json", "--fresh"]
    here = runner.invoke(program, asked)
    there = runner.invoke(program, [*asked, "--engine", "spark", "--master", master])
    assert here.exit_code == there.exit_code == 0, there.output
    assert here.stdout == there.stdout
    assert len(json.loads(here.stdout)["figures"]) > 150
