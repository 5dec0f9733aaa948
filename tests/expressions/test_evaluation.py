"""What an expression is for a record: the truth tables of SQL, exact figures, calendar facts."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import duckdb
import pytest

from zhunsheng.expressions.evaluation import Surroundings, evaluate
from zhunsheng.expressions.parsing import Scope, parse
from zhunsheng.expressions.types import BOOLEAN, DATE, INTEGER, TEXT, TIME, Kind, Type

TYPES = {
    "a": BOOLEAN,
    "b": BOOLEAN,
    "n": INTEGER,
    "m": INTEGER,
    "money": Type(Kind.DECIMAL, places=2),
    "name": TEXT,
    "items": Type(Kind.LIST),
    **dict.fromkeys(("one", "two"), DATE),
    **dict.fromkeys(("start", "stop"), TIME),
}
SCOPE = Scope(
    lambda path: TYPES.get(path[0]) if len(path) == 1 else None, {"p": INTEGER, "q": INTEGER, "on": DATE}
)
TRUTH = (True, False, None)


def value(text: str, parameters: Mapping[str, object] | None = None, **record: object) -> object:
    return evaluate(parse(text, SCOPE).root, record, Surroundings(parameters or {}))


@pytest.mark.parametrize(
    "text",
    [
        "a AND b",
        "a OR b",
        "NOT a",
        "a = b",
        "a <> b",
        "a IS NULL",
        "a IS NOT NULL",
        "NOT (a AND NOT b) OR b",
        "coalesce(a, b)",
        "CASE WHEN a THEN b END",
        "CASE WHEN a THEN TRUE WHEN b THEN FALSE ELSE NULL END",
        "a IN (TRUE)",
        "a NOT IN (FALSE)",
    ],
)
def test_truth_tables_are_those_of_sql(text: str) -> None:
    """The text is SQL as it stands: the engine reads it itself, not our rendering of it."""
    connection = duckdb.connect()
    for a in TRUTH:
        for b in TRUTH:
            query = f"SELECT {text} FROM (SELECT CAST(? AS BOOLEAN) AS a, CAST(? AS BOOLEAN) AS b)"
            assert [(value(text, a=a, b=b),)] == connection.execute(query, [a, b]).fetchall(), (a, b)


@pytest.mark.parametrize("text", ["n IN (1, 2)", "n NOT IN (1, 2)", "n IN (:p, :q)", "n NOT IN (:p, :q)"])
def test_membership_with_nulls_is_that_of_sql(text: str) -> None:
    connection = duckdb.connect()
    for n in (None, 1, 2, 3):
        for p in (None, 1):
            for q in (None, 2):
                query = f"SELECT {text.replace(':', '$')} FROM (SELECT CAST($n AS BIGINT) AS n)"
                given = {"n": n, "p": p, "q": q} if ":" in text else {"n": n}
                assert [(value(text, {"p": p, "q": q}, n=n),)] == connection.execute(query, given).fetchall()


@pytest.mark.parametrize("sign", ["=", "<>", "<", "<=", ">", ">=", "+", "-", "*", "/"])
def test_whatever_meets_a_null_is_null(sign: str) -> None:
    assert value(f"n {sign} m", n=None, m=1) is None
    assert value(f"n {sign} m", n=1) is None


@pytest.mark.parametrize(
    "text",
    [
        "days(one, two)",
        "years(one, two)",
        "least(n, m)",
        "greatest(n, m)",
        "length(name)",
        "-m",
        "size(items)",
    ],
)
def test_functions_of_nulls_are_null(text: str) -> None:
    assert value(text, n=1, one=date(2021, 1, 1)) is None


def test_conditions_stop_where_they_are_decided() -> None:
    assert value("n > 0 AND m / n > 1", n=0, m=5) is False
    assert value("n = 0 OR m / n > 1", n=0, m=5) is True
    with pytest.raises(ZeroDivisionError):
        value("m / n > 1", n=0, m=5)
    assert value("CASE WHEN n = 0 THEN 0 ELSE m / n END", n=0, m=5) == 0
    assert value("coalesce(n, m / 0)", n=7, m=1) == 7


def test_figures_are_exact() -> None:
    assert value("money * 1.1", money=Decimal("0.10")) == Decimal("0.11")
    assert value("n / m", n=1, m=3) == Fraction(1, 3)
    assert value("n / m * m", n=1, m=3) == 1
    assert value("n / m = 0.5", n=1, m=2) is True
    assert value("n / m < money", n=1, m=3, money=Decimal("0.34")) is True
    assert value("least(n / m, money)", n=1, m=3, money=Decimal("0.34")) == Fraction(1, 3)
    assert value("n / m IN (0.25, 0.5)", n=1, m=2) is True
    # 28 digits, at which decimals are rounded by habit, are not enough for this
    long = Decimal("999999999999999999.99")
    assert value("money * money", money=long) == Decimal("999999999999999999980000000000000000.0001")
    assert value("money * money - money * money", money=long) == 0
    assert value("-money * money", money=long) == Decimal("-999999999999999999980000000000000000.0001")


@pytest.mark.parametrize(
    ("one", "two", "years"),
    [
        # 29 February has its anniversary on 1 March of a year that has none
        ("2020-02-29", "2021-02-28", 0),
        ("2020-02-29", "2021-03-01", 1),
        ("2020-02-29", "2024-02-28", 3),
        ("2020-02-29", "2024-02-29", 4),
        ("2021-05-01", "2021-05-01", 0),
        ("2021-05-02", "2022-05-01", 0),
    ],
)
def test_anniversaries(one: str, two: str, years: int) -> None:
    assert value("years(one, two)", one=date.fromisoformat(one), two=date.fromisoformat(two)) == years


def test_days_and_moments() -> None:
    start, end = datetime(2021, 12, 31, 23, 59, 59, 999_999), datetime(2022, 1, 1, 0, 0, 1)  # noqa: DTZ001
    assert (
        value("seconds(start, stop)", start=start, stop=end) == 2
    )  # two ticks of a clock that shows seconds
    assert value("days(start, stop)", start=start, stop=end) == 1
    assert value("day(start)", start=start) == date(2021, 12, 31)
    assert value("year(stop) * 100 + month(stop)", stop=end) == 202201
    # a day is its first moment
    new_year = date(2022, 1, 1)
    assert value("one > start AND one < stop", one=new_year, start=start, stop=end) is True
    assert value("start >= one", one=new_year, start=datetime(2022, 1, 1)) is True  # noqa: DTZ001
    assert value("greatest(one, start)", one=new_year, start=start) == datetime(2022, 1, 1)  # noqa: DTZ001
    assert value("coalesce(start, one)", one=new_year) == datetime(2022, 1, 1)  # noqa: DTZ001
    assert value("start IN (:on)", {"on": new_year}, start=datetime(2022, 1, 1)) is True  # noqa: DTZ001


def test_texts_and_lists() -> None:
    assert value("length(name)", name="准绳𠮷") == 3
    assert value("starts_with(name, '准')", name="准绳") is True
    assert value("size(items)", items=[]) == 0
    assert value("contains(items, 'a')", items=["a", "b"]) is True
    assert value("contains(items, name)", items=[], name=None) is None


def test_deadlines_come_from_the_surroundings() -> None:
    asked: list[tuple[date, str]] = []

    def due(start: date, rule: str) -> date:
        asked.append((start, rule))
        return date(2021, 2, 1)

    root = parse("one <= due(start, 'CMP-1')", SCOPE).root
    record = {"one": date(2021, 2, 1), "start": datetime(2021, 1, 20, 9, 30)}  # noqa: DTZ001
    assert evaluate(root, record, Surroundings(due=due)) is True
    assert asked == [(date(2021, 1, 20), "CMP-1")]
    assert evaluate(root, {"one": date(2021, 2, 1)}, Surroundings()) is None
    with pytest.raises(KeyError):
        evaluate(root, record, Surroundings())


def test_a_parameter_that_is_not_given_is_an_error() -> None:
    with pytest.raises(KeyError):
        value("n = :p", n=1)
