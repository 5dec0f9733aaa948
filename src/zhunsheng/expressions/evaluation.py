"""What an expression is for one record. Three-valued as in SQL: whatever meets a null is null, unless it is decided anyway."""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, Inexact, InvalidOperation
from fractions import Fraction
from typing import Any, TypeAlias

from zhunsheng.expressions.nodes import Call, Column, Literal, Node, Operation, Parameter
from zhunsheng.expressions.types import Kind, Type

Given: TypeAlias = Any
Deadline: TypeAlias = Callable[[date, str], date]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a record's expression may look at besides the record.

    Attributes:
        parameters: values of `:name`.
        due: the last day of a period by a deadline rule; None where no deadlines are asked for.
    """

    parameters: Mapping[str, Given] = field(default_factory=dict)
    due: Deadline | None = None


def evaluate(node: Node, record: Mapping[str, Given], surroundings: Surroundings) -> Given:
    """The value for a record.

    Args:
        node: a checked tree.
        record: values by the name of the column, references followed under their dotted names. Decimals
            are `Decimal` in the unit of the field, lists are sequences, an absent name is null.

    Raises:
        KeyError: a parameter is not given, or a deadline is asked for where there are none.
        ZeroDivisionError: a formula divides by zero; who asks decides what that means.
    """
    match node:
        case Literal():
            return node.value
        case Column():
            return record.get(node.name)
        case Parameter():
            return surroundings.parameters[node.name]
        case Call():
            return _called(node, record, surroundings)
        case Operation():
            return _operated(node, record, surroundings)


def _operated(node: Operation, record: Mapping[str, Given], around: Surroundings) -> Given:
    match node.operator:
        case "and" | "or":
            return _connected(node, record, around)
        case "is_null":
            return evaluate(node.operands[0], record, around) is None
        case "case":
            return _shaped(_first_case(node.operands, record, around), node.type)
    values = [evaluate(each, record, around) for each in node.operands]
    if node.operator == "in":
        return _among(values[0], values[1:])
    if None in values:
        return None
    if node.operator == "not":
        return not values[0]
    if node.operator == "negate":
        return _EXACT.minus(values[0]) if isinstance(values[0], Decimal) else -values[0]
    return _of_two(node.operator, values[0], values[1])


def _connected(node: Operation, record: Mapping[str, Given], around: Surroundings) -> bool | None:
    """AND and OR from left to right, only as far as they are not yet decided: `n > 0 AND 1 / n < 2` never divides by 0."""
    decides = node.operator == "or"
    result: bool | None = not decides
    for each in node.operands:
        value: bool | None = evaluate(each, record, around)
        if value is decides:
            return decides
        if value is None:
            result = None
    return result


def _among(value: Given, choices: Sequence[Given]) -> bool | None:
    """Membership as in SQL: unknown for a null, and unknown when only a null could be the one."""
    if value is None:
        return None
    if any(each is not None and _of_two("=", value, each) for each in choices):
        return True
    return None if None in choices else False


def _first_case(operands: Sequence[Node], record: Mapping[str, Given], around: Surroundings) -> Given:
    for position in range(0, len(operands) - 1, 2):
        if evaluate(operands[position], record, around) is True:
            return evaluate(operands[position + 1], record, around)
    return evaluate(operands[-1], record, around)


# exact for every product that fits into an expression; a rounded one would raise instead of pass
_EXACT = Context(prec=50_000, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[Inexact, InvalidOperation])

_COMPARED: Mapping[str, Callable[[Given, Given], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_PLAIN_SUMS: Mapping[str, Callable[[Given, Given], Given]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}
_DECIMAL_SUMS: Mapping[str, Callable[[Given, Given], Given]] = {
    "+": _EXACT.add,
    "-": _EXACT.subtract,
    "*": _EXACT.multiply,
}


def _of_two(sign: str, left: Given, right: Given) -> Given:
    if sign == "/":
        return Fraction(left) / Fraction(right)
    left, right = _alike(left, right)
    if sign in _COMPARED:
        return _COMPARED[sign](left, right)
    if isinstance(left, Decimal) or isinstance(right, Decimal):
        return _DECIMAL_SUMS[sign](left, right)
    return _PLAIN_SUMS[sign](left, right)


def _alike(left: Given, right: Given) -> tuple[Given, Given]:
    """A day against a moment: the day is its first moment. A number against a fraction: the number as a fraction."""
    if isinstance(left, datetime) is not isinstance(right, datetime):
        return _moment(left), _moment(right)
    if isinstance(left, Fraction) is not isinstance(right, Fraction):
        return Fraction(left), Fraction(right)
    return left, right


def _shaped(value: Given, kind: Type) -> Given:
    """One of several values in the type they have in common: among moments a day is its first moment."""
    return _moment(value) if kind.kind is Kind.TIME and value is not None else value


def _moment(value: Given) -> datetime:
    return value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)  # noqa: DTZ001 - ledgers keep local time


def _day(value: Given) -> date:
    return value.date() if isinstance(value, datetime) else value


def _called(node: Call, record: Mapping[str, Given], around: Surroundings) -> Given:
    name = node.function
    if name == "coalesce":
        for each in node.arguments:
            value = evaluate(each, record, around)
            if value is not None:
                return _shaped(value, node.type)
        return None
    given = [evaluate(each, record, around) for each in node.arguments]
    if None in given:
        return None
    if name in {"least", "greatest"}:
        sign = "<" if name == "least" else ">"
        best = _shaped(given[0], node.type)
        for each in given[1:]:
            best = _shaped(each, node.type) if _of_two(sign, each, best) else best
        return best
    if name == "due":
        if around.due is None:
            raise KeyError("due")
        return around.due(_day(given[0]), given[1])
    return _PLAIN[name](*given)


def _seconds(start: datetime, end: datetime) -> int:
    """Whole seconds, cut towards the past, as the difference of two clocks that show seconds."""
    return int((end.replace(microsecond=0) - start.replace(microsecond=0)).total_seconds())


def _years(start: Given, end: Given) -> int:
    """Anniversaries passed; 29 February has its anniversary on 1 March of a year without one."""
    one, other = _day(start), _day(end)
    return other.year - one.year - ((other.month, other.day) < (one.month, one.day))


_PLAIN: Mapping[str, Callable[..., Given]] = {
    "days": lambda start, end: (_day(end) - _day(start)).days,
    "seconds": _seconds,
    "years": _years,
    "year": lambda when: when.year,
    "month": lambda when: when.month,
    "day": _day,
    "size": len,
    "contains": lambda items, item: item in items,
    "length": len,
    "starts_with": lambda text, beginning: text.startswith(beginning),
}


def as_decimal(value: Given) -> Decimal | Fraction | int:
    """A number of an expression as an exact number."""
    if isinstance(value, bool) or not isinstance(value, Decimal | Fraction | int):
        raise TypeError("not a number")
    return value
