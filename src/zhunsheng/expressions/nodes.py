"""The tree of a checked expression. Every node knows its type; rendering and evaluating need nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

from zhunsheng.expressions.types import Type

Value: TypeAlias = "bool | int | Decimal | str | date | datetime | None"


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant."""

    value: Value
    type: Type


@dataclass(frozen=True, slots=True)
class Column:
    """A field of the record, or, through references, of the records it points to (`entity_id.entity_class`).

    A path of more than one name reads the referred record as it stands now (by the same snapshot).
    """

    path: tuple[str, ...]
    type: Type

    @property
    def name(self) -> str:
        """The path as written."""
        return ".".join(self.path)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value handed in with the evaluation, such as `:start`."""

    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Operation:
    """`and or not = <> < <= > >= is_null in + - * / negate case` over operands.

    `case` holds condition, value, condition, value, ..., otherwise. `in` holds the value, then the choices.
    """

    operator: str
    operands: tuple["Node", ...]
    type: Type


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the language; which there are stands in `functions`."""

    function: str
    arguments: tuple["Node", ...]
    type: Type


Node: TypeAlias = Literal | Column | Parameter | Operation | Call


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked expression.

    Attributes:
        text: as written in the definition.
        root: its tree.
    """

    text: str
    root: Node
    columns: tuple[Column, ...] = field(default=())

    @property
    def type(self) -> Type:
        """The type of its value."""
        return self.root.type


def walk(node: Node) -> Iterator[Node]:
    """The node and everything in it."""
    yield node
    children: tuple[Node, ...] = ()
    if isinstance(node, Operation):
        children = node.operands
    elif isinstance(node, Call):
        children = node.arguments
    for child in children:
        yield from walk(child)
