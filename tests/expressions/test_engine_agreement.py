"""An expression means the same in Python and in the engine: random expressions over random records, computed by both."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import duckdb
from hypothesis import given
from hypothesis import strategies as st

from zhunsheng.expressions.evaluation import Surroundings, evaluate
from zhunsheng.expressions.nodes import Column, Expression, Value
from zhunsheng.expressions.parsing import Scope, parse
from zhunsheng.expressions.sql import DUCKDB, Renderer
from zhunsheng.expressions.types import BOOLEAN, DATE, INTEGER, TEXT, TIME, Kind, Type

MEMBERS = ("A", "B", "C")
MONEY, WEIGHT = Type(Kind.DECIMAL, places=2), Type(Kind.DECIMAL, places=3)
ENUM, LIST = Type(Kind.ENUM, members=MEMBERS), Type(Kind.LIST, members=MEMBERS)
REFERENCE = Type(Kind.REFERENCE, target="area")
COLUMNS: Mapping[str, Type] = {
    "flag": BOOLEAN,
    "other_flag": BOOLEAN,
    "number": INTEGER,
    "other_number": INTEGER,
    "money": MONEY,
    "weight": WEIGHT,
    "name": TEXT,
    "other_name": TEXT,
    "grade": ENUM,
    "area": REFERENCE,
    "day_one": DATE,
    "day_two": DATE,
    "moment_one": TIME,
    "moment_two": TIME,
    "items": LIST,
    "ref.grade": ENUM,
}
PARAMETERS: Mapping[str, Type] = {"count": INTEGER, "sum": MONEY, "word": TEXT, "on": DATE, "at": TIME}
SCOPE = Scope(lambda path: COLUMNS.get(".".join(path)), PARAMETERS)
PHYSICAL = {
    Kind.BOOLEAN: "BOOLEAN",
    Kind.INTEGER: "BIGINT",
    Kind.DECIMAL: "BIGINT",
    Kind.DATE: "DATE",
    Kind.TIME: "TIMESTAMP",
    Kind.LIST: "VARCHAR[]",
}


class _Names:
    """Columns by their quoted names; a deadline is the day a fortnight later."""

    def column(self, column: Column) -> str:
        return f'"{column.name}"'

    def due(self, start: str, rule: str) -> str:
        return f"CAST({start} + INTERVAL {len(rule)} DAY AS DATE)"


def _due(start: date, rule: str) -> date:
    return start + timedelta(days=len(rule))


# values: few and close together, so that equal ones, leap days and borders of months occur often
DAYS = st.sampled_from(
    [date(2020, 2, 29), date(2021, 2, 28), date(2021, 3, 1), date(2024, 2, 29), date(2019, 12, 31)]
) | st.dates(date(1960, 1, 1), date(2030, 12, 31))
CLOCKS = st.sampled_from([0, 1, 499_999, 500_000, 999_999, 86_399_999_999]) | st.integers(0, 86_399_999_999)
MOMENTS = st.builds(
    lambda day, micros: datetime(day.year, day.month, day.day) + timedelta(microseconds=micros),  # noqa: DTZ001
    DAYS,
    CLOCKS,
)
WORDS = st.sampled_from(["", "A", "B", "Ab", "a", "准绳", "准", "it's", '"', "\\", "𠮷", "%", "-- x", "{0}"])
WHOLE = st.integers(-3, 3) | st.integers(-1000, 1000)


def _numbers(places: int) -> st.SearchStrategy[Decimal]:
    return st.integers(-300, 300).map(lambda each: Decimal(each).scaleb(-places))


VALUES: Mapping[Type, st.SearchStrategy[object]] = {
    BOOLEAN: st.booleans(),
    INTEGER: WHOLE,
    MONEY: _numbers(2),
    WEIGHT: _numbers(3),
    TEXT: WORDS,
    ENUM: st.sampled_from(MEMBERS),
    REFERENCE: WORDS,
    DATE: DAYS,
    TIME: MOMENTS,
    LIST: st.lists(st.sampled_from(MEMBERS), max_size=3),
}


def _values_of(names: Mapping[str, Type]) -> st.SearchStrategy[dict[str, object]]:
    return st.fixed_dictionaries({name: st.none() | VALUES[kind] for name, kind in names.items()})


RECORDS = st.lists(_values_of(COLUMNS), min_size=1, max_size=4)


def _quoted(word: str) -> str:
    return "'" + word.replace("'", "''") + "'"


COMPARED = ("=", "<>", "!=", "<", "<=", ">", ">=")
DAY_NAMES, MOMENT_NAMES = ("day_one", "day_two", ":on"), ("moment_one", "moment_two", ":at")


@dataclass(frozen=True)
class _Writer:
    """Writes expressions that are well-typed by the way they are made."""

    draw: Callable[..., Any]

    def one(self, choices: Sequence[str]) -> str:
        return str(self.draw(st.sampled_from(choices)))

    def pick(self, *ways: Callable[[], str]) -> str:
        way: int = self.draw(st.integers(0, len(ways) - 1))
        return ways[way]()

    def call(self, name: str, *arguments: str) -> str:
        return f"{name}({', '.join(arguments)})"

    def choice(self, depth: int, value: Callable[[], str]) -> str:
        branches = [
            f"WHEN {self.condition(depth)} THEN {value()}" for _ in range(self.draw(st.integers(1, 2)))
        ]
        otherwise = self.pick(lambda: "", lambda: "ELSE NULL", lambda: f"ELSE {value()}")
        return f"(CASE {' '.join(branches)} {otherwise} END)"

    def constant(self) -> str:
        places = self.draw(st.integers(0, 3))
        number = Decimal(self.draw(st.integers(0, 1000))).scaleb(-places)
        return str(number) if places else str(int(number))

    def number_leaf(self) -> str:
        return self.pick(
            lambda: self.one(["number", "other_number", "money", "weight", ":count", ":sum"]), self.constant
        )

    def word_leaf(self) -> str:
        return self.pick(
            lambda: self.one(["name", "other_name", "area", ":word"]), lambda: _quoted(self.draw(WORDS))
        )

    def day_leaf(self) -> str:
        return self.pick(lambda: self.one(DAY_NAMES), lambda: f"DATE '{self.draw(DAYS)}'")

    def time_leaf(self) -> str:
        return self.pick(self.day_leaf, lambda: self.one(MOMENT_NAMES))

    def time(self, depth: int) -> str:
        leaf = self.time_leaf
        if depth <= 0:
            return leaf()
        return self.pick(
            leaf,
            lambda: self.call("day", self.time(depth - 1)),
            lambda: self.call("due", self.time(depth - 1), self.one(["'X-1'", "'RULE-22'"])),
            lambda: self.call("coalesce", self.time(depth - 1), leaf()),
            lambda: self.call("least", leaf(), self.time(depth - 1)),
            lambda: self.call("greatest", leaf(), leaf(), leaf()),
            lambda: self.choice(depth - 1, leaf),
        )

    def number(self, depth: int) -> str:
        leaf = self.number_leaf
        if depth <= 0:
            return leaf()
        deeper = depth - 1
        return self.pick(
            leaf,
            lambda: f"({leaf()} * {leaf()})",
            lambda: f"({self.number(deeper)} + {self.number(deeper)})",
            lambda: f"({self.number(deeper)} - {self.number(deeper)})",
            lambda: f"{leaf()} - {leaf()} * {leaf()}",
            lambda: f"(- {self.number(deeper)})",
            lambda: self.call("days", self.time(deeper), self.time(deeper)),
            lambda: f"{leaf()} * seconds({self.one(MOMENT_NAMES)}, {self.one(MOMENT_NAMES)})",
            lambda: self.call("years", self.time(deeper), self.time(deeper)),
            lambda: self.call("year", self.time(deeper)),
            lambda: self.call("month", self.time(deeper)),
            lambda: self.call("size", "items"),
            lambda: self.call("length", self.one(["name", ":word", "'准绳𠮷'"])),
            lambda: self.call("coalesce", self.number(deeper), self.number(deeper)),
            lambda: self.call("least", self.number(deeper), self.number(deeper)),
            lambda: self.call("greatest", self.number(deeper), leaf(), leaf()),
            lambda: self.choice(deeper, leaf),
        )

    def word(self, depth: int) -> str:
        leaf = self.word_leaf
        if depth <= 0:
            return leaf()
        return self.pick(
            leaf,
            lambda: self.call("coalesce", leaf(), "grade", leaf()),
            lambda: self.choice(depth - 1, leaf),
        )

    def among(self, value: str, ways: Callable[[], str]) -> str:
        listed = ", ".join(ways() for _ in range(self.draw(st.integers(1, 3))))
        return f"{value} {self.one(['IN', 'NOT IN'])} ({listed})"

    def test(self, depth: int) -> str:
        """A comparison."""
        deeper = depth - 1
        return self.pick(
            lambda: f"{self.number(depth)} {self.one(COMPARED)} {self.number(depth)}",
            lambda: f"{self.time(depth)} {self.one(COMPARED)} {self.time(depth)}",
            lambda: f"{self.one(['name', ':word'])} {self.one(COMPARED)} {_quoted(self.draw(WORDS))}",
            lambda: f"{self.word(depth)} {self.one(COMPARED[:3])} {self.word(depth)}",
            lambda: f"{self.one(['grade', 'ref.grade'])} {self.one(COMPARED[:3])} '{self.one(MEMBERS)}'",
            lambda: f"({self.condition(deeper)}) {self.one(COMPARED[:3])} ({self.condition(deeper)})",
            lambda: (
                f"{self.number(depth)} {self.one(['', 'NOT'])} BETWEEN {self.number(0)} AND {self.number(0)}"
            ),
            lambda: f"{self.time(depth)} BETWEEN {self.time(0)} AND {self.time(0)}",
            lambda: self.among(self.number(depth), lambda: self.one([":count", ":sum", "0", "1.5", "-2"])),
            lambda: self.among(self.word(depth), lambda: self.one([":word", "'A'", "''", "'准绳'"])),
            lambda: self.among("grade", lambda: self.one([":word", "'A'", "'B'"])),
            lambda: self.among(self.time(depth), lambda: self.one([":on", ":at", "DATE '2021-03-01'"])),
            lambda: f"{self.one([*COLUMNS])} IS {self.one(['NULL', 'NOT NULL'])}",
            lambda: f"{self.number(depth)} IS NULL",
            lambda: f"({self.condition(deeper)}) IS NULL",
            lambda: self.call("contains", "items", self.one(["'A'", "'C'", "grade", "name", ":word"])),
            lambda: self.call(
                "starts_with", self.one(["name", "grade", "area", ":word"]), self.one(["name", "'准'", "''"])
            ),
        )

    def condition(self, depth: int) -> str:
        deeper = depth - 1
        if depth <= 0:
            return self.one(["flag", "other_flag", "TRUE", "FALSE"])
        return self.pick(
            lambda: self.test(deeper),
            lambda: self.test(deeper),
            lambda: f"NOT {self.condition(deeper)}",
            lambda: f"{self.condition(deeper)} AND {self.condition(deeper)}",
            lambda: f"({self.condition(deeper)} OR {self.condition(deeper)})",
            lambda: self.choice(deeper, lambda: self.condition(deeper)),
            lambda: self.call("coalesce", self.condition(deeper), self.condition(deeper)),
        )


@st.composite
def expressions(draw: Callable[..., Any]) -> str:
    writer = _Writer(draw)
    depth = draw(st.integers(1, 4))
    return writer.pick(
        lambda: writer.condition(depth),
        lambda: writer.condition(depth),
        lambda: writer.number(depth),
        lambda: writer.time(depth),
        lambda: writer.word(depth),
    )


def _stored(value: object, kind: Type) -> object:
    """A value in its physical form: decimals as whole numbers of the smallest unit."""
    if value is None or kind.kind is not Kind.DECIMAL:
        return value
    if not isinstance(value, int | Decimal | Fraction):
        raise TypeError(value)
    scaled = Fraction(value) * 10**kind.places
    assert scaled.denominator == 1, "the value has more places than its type"
    return scaled.numerator


CONNECTION = duckdb.connect()


def _by_the_engine(
    expression: Expression, records: Sequence[Mapping[str, object]], parameters: Mapping[str, Value]
) -> list[object]:
    shown = Renderer(DUCKDB, _Names(), parameters).render(expression.root)
    columns = ", ".join(
        f'CAST(? AS {PHYSICAL.get(kind.kind, "VARCHAR")}) AS "{name}"' for name, kind in COLUMNS.items()
    )
    rows = " UNION ALL ".join(f"SELECT {place} AS place, {columns}" for place in range(len(records)))
    given = [_stored(record[name], kind) for record in records for name, kind in COLUMNS.items()]
    found = CONNECTION.execute(f"SELECT {shown} FROM ({rows}) ORDER BY place", given).fetchall()
    return [each for (each,) in found]


def _agree(text: str, records: Sequence[Mapping[str, object]], parameters: Mapping[str, Value]) -> None:
    expression = parse(text, SCOPE)
    around = Surroundings(parameters, _due)
    ours = [_stored(evaluate(expression.root, each, around), expression.type) for each in records]
    theirs = _by_the_engine(expression, records, parameters)
    assert [(type(each), each) for each in ours] == [(type(each), each) for each in theirs], text


@given(text=expressions(), records=RECORDS, parameters=_values_of(PARAMETERS))
def test_python_and_the_engine_agree(
    text: str, records: Sequence[Mapping[str, object]], parameters: Mapping[str, Value]
) -> None:
    _agree(text, records, parameters)
