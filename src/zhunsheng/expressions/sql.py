"""Rendering a checked tree as SQL of an engine. Only checked trees are rendered; no text of a user reaches the engine.

Decimals are stored as whole numbers of their smallest unit, so both sides of a comparison or sum are brought to
the same number of places. Quotients belong to formulas, which are computed exactly outside the engine.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from zhunsheng.expressions.nodes import Call, Column, Literal, Node, Operation, Parameter, Value
from zhunsheng.expressions.types import Kind, Type


class Names(Protocol):
    """How columns and deadlines are reached in a query."""

    def column(self, column: Column) -> str:
        """The SQL of a column in its physical form: decimals as whole numbers of their smallest unit.

        Of a reference, the key of the record pointed to as text, or its number in the dictionary of keys if the
        caller has put numbers in place of the constants in the tree. Texts and numbers never meet.
        """

    def due(self, start: str, rule: str) -> str:
        """The SQL of the last day by a deadline rule, from the SQL of the first day."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """What differs between engines.

    Attributes:
        functions: a template for each function of the language, `{0}` the first argument; it stands by itself,
            in parentheses where it would mix with what is around it.
        date: template of a date constant.
        time: template of a moment constant.
        quoted: what a text constant has in place of a character.
        types: how the engine names the physical type of a kind.
    """

    name: str
    functions: Mapping[str, str]
    date: str = "DATE '{0}'"
    time: str = "TIMESTAMP '{0}'"
    quoted: Mapping[str, str] = field(default_factory=lambda: {"'": "''"})
    types: Mapping[Kind, str] = field(default_factory=dict)

    def null(self, kind: Kind) -> str:
        """A null; where its kind is known it is given, as functions choose by it."""
        name = self.types.get(kind)
        return "NULL" if name is None else f"CAST(NULL AS {name})"


# whole numbers are of 64 bits throughout: an engine that takes 32 for small ones would overflow, or turn over
_WHOLE = "CAST({0} AS BIGINT)"
_SHARED = {
    "year": _WHOLE.format("year({0})"),
    "month": _WHOLE.format("month({0})"),
    "day": "CAST({0} AS DATE)",
    "years": _WHOLE.format(
        "year({1}) - year({0})"
        " - CASE WHEN month({1}) * 100 + day({1}) < month({0}) * 100 + day({0}) THEN 1 ELSE 0 END"
    ),
    "length": _WHOLE.format("length({0})"),
    "coalesce": "coalesce({all})",
    # least and greatest of the engines pass over nulls; the language does not
    "least": "(CASE WHEN {none_null} THEN least({all}) END)",
    "greatest": "(CASE WHEN {none_null} THEN greatest({all}) END)",
}

_TYPES = {
    Kind.BOOLEAN: "BOOLEAN",
    Kind.INTEGER: "BIGINT",
    Kind.DECIMAL: "BIGINT",
    Kind.DATE: "DATE",
}

DUCKDB = Dialect(
    "duckdb",
    {
        **_SHARED,
        "days": _WHOLE.format("CAST({1} AS DATE) - CAST({0} AS DATE)"),
        "seconds": "((epoch_us(date_trunc('second', {1})) - epoch_us(date_trunc('second', {0}))) // 1000000)",
        "size": "len({0})",
        # an empty list does not contain a null; by the language that is unknown
        "contains": "(CASE WHEN {1} IS NOT NULL THEN list_contains({0}, {1}) END)",
        "starts_with": "starts_with({0}, {1})",
    },
    types={**_TYPES, Kind.TIME: "TIMESTAMP", **dict.fromkeys((Kind.TEXT, Kind.ENUM), "VARCHAR")},
)

SPARK = Dialect(
    "spark",
    {
        **_SHARED,
        "days": _WHOLE.format("datediff(CAST({1} AS DATE), CAST({0} AS DATE))"),
        "seconds": "timestampdiff(SECOND, date_trunc('SECOND', {0}), date_trunc('SECOND', {1}))",
        # size() of a null is -1 there
        "size": _WHOLE.format("array_size({0})"),
        "contains": "array_contains({0}, {1})",
        "starts_with": "startswith({0}, {1})",
    },
    time="TIMESTAMP_NTZ '{0}'",
    # a doubled quote joins two texts there, and a backslash begins an escape
    quoted={"\\": "\\\\", "'": "\\'"},
    types={**_TYPES, Kind.TIME: "TIMESTAMP_NTZ", **dict.fromkeys((Kind.TEXT, Kind.ENUM), "STRING")},
)


@dataclass(frozen=True, slots=True)
class Renderer:
    """Renders trees for one engine and one query."""

    dialect: Dialect
    names: Names
    parameters: Mapping[str, Value] = field(default_factory=dict)

    def render(self, node: Node) -> str:
        """The SQL of a tree.

        Raises:
            ValueError: the tree divides (a quotient is never computed by an engine), or a parameter has
                more decimal places than its type.
            KeyError: a parameter is not given.
        """
        match node:
            case Literal():
                return self._constant(node.value, node.type)
            case Parameter():
                return self._constant(self.parameters[node.name], node.type)
            case Column():
                return self.names.column(node)
            case Call():
                return self._call(node)
            case Operation():
                return self._operation(node)

    def _operation(self, node: Operation) -> str:
        operator = node.operator
        if operator == "case":
            return self._case(node)
        if operator == "in":
            widest = max(each.type.places for each in node.operands)
            value, *choices = (self._compared(each, widest) for each in node.operands)
            return f"({value} IN ({', '.join(choices)}))"
        if operator in {"and", "or"}:
            return f"({f' {operator.upper()} '.join(map(self.render, node.operands))})"
        if operator == "not":
            return f"(NOT {self.render(node.operands[0])})"
        if operator == "is_null":
            return f"({self.render(node.operands[0])} IS NULL)"
        if operator == "negate":
            return f"(-{self.render(node.operands[0])})"
        left, right = node.operands
        if operator == "/" or -1 in {left.type.places, right.type.places}:
            raise ValueError("quotients are not computed by an engine")
        if operator == "*":
            return f"({self.render(left)} * {self.render(right)})"
        places = max(left.type.places, right.type.places)
        if operator in {"+", "-"}:
            return f"({self._scaled(left, places)} {operator} {self._scaled(right, places)})"
        return f"({self._compared(left, places)} {operator} {self._compared(right, places)})"

    def _case(self, node: Operation) -> str:
        places = node.type.places
        branches = [
            f"WHEN {self.render(node.operands[each])} THEN {self._scaled(node.operands[each + 1], places)}"
            for each in range(0, len(node.operands) - 1, 2)
        ]
        return f"(CASE {' '.join(branches)} ELSE {self._scaled(node.operands[-1], places)} END)"

    def _scaled(self, node: Node, places: int) -> str:
        """A number at so many places; anything else as it is."""
        if not node.type.is_number:
            return self.render(node)
        if isinstance(node, Literal | Parameter):
            return _WHOLE.format(self._whole(node, places))
        missing = places - node.type.places
        return f"({self.render(node)} * {_WHOLE.format(10**missing)})" if missing else self.render(node)

    def _compared(self, node: Node, places: int) -> str:
        """A side of a comparison; constants are bare, so that an engine can hold them against a column."""
        if node.type.is_number and isinstance(node, Literal | Parameter):
            return self._whole(node, places)
        return self._scaled(node, places)

    def _whole(self, node: Literal | Parameter, places: int) -> str:
        """A constant number in whole units of its last place."""
        value = node.value if isinstance(node, Literal) else self.parameters[node.name]
        if value is None:
            return "NULL"
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise TypeError(f"not a number: {value!r}")
        scaled = Fraction(value) * 10**places
        if scaled.denominator != 1:
            raise ValueError(f"{value} has more decimal places than its type keeps")
        return str(scaled.numerator)

    def _call(self, node: Call) -> str:
        if node.function == "due":
            start, rule = node.arguments
            if not isinstance(rule, Literal):
                raise TypeError("the rule of a deadline is a constant")
            shown = self.render(start)
            day = self.dialect.functions["day"].format(shown) if start.type.kind is Kind.TIME else shown
            return self.names.due(day, str(rule.value))
        given = [self._scaled(each, max(node.type.places, each.type.places)) for each in node.arguments]
        template = self.dialect.functions[node.function]
        return template.format(
            *given,
            all=", ".join(given),
            none_null=" AND ".join(f"{each} IS NOT NULL" for each in given),
        )

    def _constant(self, value: Value, kind: Type) -> str:
        if value is None:
            return self.dialect.null(kind.kind)
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        if isinstance(value, int | Decimal):
            return _WHOLE.format(self._whole(Literal(value, kind), kind.places))
        if isinstance(value, datetime):
            if value.tzinfo is not None:
                raise ValueError("moments are local and have no zone")
            return self.dialect.time.format(value.isoformat(sep=" "))
        if isinstance(value, date):
            return self.dialect.date.format(value.isoformat())
        return "'" + "".join(self.dialect.quoted.get(each, each) for each in value) + "'"
