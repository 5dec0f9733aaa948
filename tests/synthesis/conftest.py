"""A small generated city in tables of a database, shared by the tests."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import duckdb
import pytest

from zhunsheng.store.calendar_files import load_calendar
from zhunsheng.store.ledger_files import ledger_codes, ledger_of
from zhunsheng.synthesis.generating import Generation, Order, generate
from zhunsheng.synthesis.profile import load_profile
from zhunsheng.synthesis.sinks import TableSink


@dataclass(frozen=True)
class Made:
    """A city in memory."""

    connection: duckdb.DuckDBPyConnection
    generation: Generation
    year: int

    def rows(self, sql: str, **names: object) -> list[tuple[Any, ...]]:
        """The rows of a query; words in braces are put in, `{year}` is the year of the profile."""
        return self.connection.execute(sql.format(year=self.year, **names)).fetchall()

    def value(self, sql: str, **names: object) -> Any:
        """The one value of a query."""
        return self.rows(sql, **names)[0][0]

    def columns(self, ledger: str) -> list[str]:
        """The columns of a ledger's table."""
        return [each[0] for each in self.rows('DESCRIBE "{ledger}"', ledger=ledger)]


Maker = Callable[..., Made]


@pytest.fixture(scope="session")
def make_city() -> Maker:
    """Generates a city into memory; the same city is made once."""
    known: dict[tuple[str, str, int], Made] = {}

    def make(profile: str, scale: str = "0.01", seed: int = 1) -> Made:
        wanted = (profile, scale, seed)
        if wanted not in known:
            known[wanted] = generated(profile, scale, seed)
        return known[wanted]

    return make


def generated(profile: str, scale: str, seed: int) -> Made:
    """A city made anew."""
    found, problems = load_profile(profile)
    assert found is not None, problems
    connection = duckdb.connect(config={"threads": 2})
    generation = generate(
        Order(found, Fraction(scale), seed),
        TableSink(connection),
        calendar=load_calendar()[0],
        catalogue=ledger_of,
        codes=ledger_codes(),
    )
    return Made(connection, generation, found.year)


@pytest.fixture(scope="session", params=["guangzhou-2021", "huadu-2023"])
def city(request: pytest.FixtureRequest, make_city: Maker) -> Made:
    """Each of the two profiles at one hundredth."""
    return make_city(request.param)
