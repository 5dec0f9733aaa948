"""SQL from checked trees: exact, with nothing of a user's text in it but quoted constants."""

from datetime import UTC, date, datetime
from decimal import Decimal

import duckdb
import pytest
import sqlglot
from sqlglot import expressions as sql

from zhunsheng.expressions.functions import FUNCTIONS
from zhunsheng.expressions.nodes import Column, Value
from zhunsheng.expressions.parsing import Scope, parse
from zhunsheng.expressions.sql import DUCKDB, SPARK, Dialect, Renderer
from zhunsheng.expressions.types import DATE, INTEGER, TEXT, TIME, Kind, Type

TYPES = {
    "n": INTEGER,
    "money": Type(Kind.DECIMAL, places=2),
    "name": TEXT,
    "at": TIME,
    "items": Type(Kind.LIST),
}
PARAMETERS = {"n": INTEGER, "money": Type(Kind.DECIMAL, places=2), "name": TEXT, "on": DATE, "at": TIME}
SCOPE = Scope(lambda path: TYPES.get(path[0]), PARAMETERS)


class _Names:
    def column(self, column: Column) -> str:
        return f"r.{column.name}"

    def due(self, start: str, rule: str) -> str:
        return f"due({start}, {rule})"


def render(text: str, dialect: Dialect = DUCKDB, **parameters: Value) -> str:
    return Renderer(dialect, _Names(), parameters).render(parse(text, SCOPE).root)


def test_decimals_are_brought_to_the_same_places() -> None:
    assert render("money > 0.5") == "(r.money > 50)"
    assert render("money > n") == "(r.money > (r.n * CAST(100 AS BIGINT)))"
    assert render("money IN (1, 2.5)") == "(r.money IN (100, 250))"
    assert render("money = :money", money=Decimal("12.30")) == "(r.money = 1230)"
    assert render("n < 0.5") == "((r.n * CAST(10 AS BIGINT)) < 5)"


def test_a_moment_gives_its_day_to_a_deadline() -> None:
    assert render("due(at, 'CMP-1')") == "due(CAST(r.at AS DATE), CMP-1)"


NASTY = ["' OR 1=1 --", "\\' OR 1=1 --", "\\", "''", "a\\''b", "{0}", "-- x", "/* x", "%s", "?", "$1"]


@pytest.mark.parametrize("dialect", [DUCKDB, SPARK], ids=lambda each: each.name)
@pytest.mark.parametrize("text", NASTY)
def test_a_text_stays_a_text(dialect: Dialect, text: str) -> None:
    """Read back by a parser of the engine's dialect: one comparison of a column with just this text."""
    quoted = text.replace("'", "''")
    for shown in (render(f"name = '{quoted}'", dialect), render("name = :name", dialect, name=text)):
        tree = sqlglot.parse_one(shown, read=dialect.name).unnest()
        assert isinstance(tree, sql.EQ)
        assert isinstance(tree.expression, sql.Literal)
        assert tree.expression.this == text


@pytest.mark.parametrize("text", NASTY)
def test_the_engine_gets_the_same_text(text: str) -> None:
    shown = Renderer(DUCKDB, _Names(), {"name": text}).render(parse(":name", SCOPE).root)
    assert duckdb.connect().execute(f"SELECT {shown}").fetchall() == [(text,)]


def test_a_negative_parameter_does_not_begin_a_remark() -> None:
    shown = render("n - -:n", n=-5)
    assert "--" not in shown
    assert duckdb.connect().execute(f"SELECT {shown} FROM (SELECT 1 AS n) r").fetchall() == [(-4,)]


def test_small_constants_are_no_small_numbers() -> None:
    """100,000 times 100,000 does not fit into the 32 bits an engine takes for each of them."""
    connection = duckdb.connect()
    for text in ("100000 * 100000", "CASE WHEN TRUE THEN 100000 END * 100000", "year(:on) * 10000000"):
        shown = render(text, on=date(2021, 1, 1))
        assert connection.execute(f"SELECT {shown}").fetchone() is not None


def test_what_can_not_be_rendered_is_an_error() -> None:
    with pytest.raises(ValueError, match="quotients"):
        render("n / 2 > 1")
    with pytest.raises(ValueError, match="quotients"):
        render("coalesce(n / 2, 1) > 1")
    with pytest.raises(ValueError, match="decimal places"):
        render("money = :money", money=Decimal("0.001"))
    with pytest.raises(ValueError, match="decimal places"):
        render("n = :n", n=Decimal("0.5"))
    with pytest.raises(TypeError):
        render("n = :n", n="1")
    with pytest.raises(ValueError, match="zone"):
        render("at < :at", at=datetime(2021, 1, 1, tzinfo=UTC))
    with pytest.raises(KeyError):
        render("n = :n")


def test_every_function_is_known_to_every_engine() -> None:
    for dialect in (DUCKDB, SPARK):
        assert set(dialect.functions) == set(FUNCTIONS) - {"due"}
