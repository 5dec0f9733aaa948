"""Conditions of measures in Chinese words, with the labels of fields and of their values instead of their codes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from zhunsheng.expressions.nodes import Call, Column, Literal, Node, Operation, Parameter, Value
from zhunsheng.expressions.types import Kind
from zhunsheng.indicators.definition import ParameterDefinition
from zhunsheng.ledgers.definition import Catalogue, LedgerDefinition
from zhunsheng.ledgers.field import FieldDefinition, FieldType

_PERIOD: Final = {"start": "期初", "end": "期末", "year": "评价年度", "month": "期末月份"}
_COMPARED: Final = {"=": "=", "<>": "≠", "<": "＜", "<=": "≤", ">": "＞", ">=": "≥"}
_OF_DAYS: Final = {"<": "早于", "<=": "不晚于", ">": "晚于", ">=": "不早于"}
_CALCULATED: Final = {"+": "＋", "-": "－", "*": "×", "/": "÷"}
_FUNCTIONS: Final = {
    "days": "{0}至{1}的天数",
    "seconds": "{0}至{1}的秒数",
    "years": "{0}至{1}的周年数",
    "year": "{0}的年份",
    "month": "{0}的月份",
    "day": "{0}当日",
    "due": "自{0}起按时限规则 {1} 的最后一日",
    "size": "{0}的个数",
    "length": "{0}的字数",
}
_OR, _AND, _SUM, _PRODUCT, _TIGHT = range(5)
"""How tightly the parts of what is said hold together; looser parts get parentheses."""


@dataclass(frozen=True, slots=True)
class Wording:
    """Says expressions over the records of a ledger.

    Attributes:
        ledger: whose fields are meant; None when it is not known.
        parameters: what the definition leaves open, by name.
        inner: what the names of measures within a thing mean, when things are counted.
    """

    ledger: LedgerDefinition | None
    catalogue: Catalogue
    parameters: Mapping[str, ParameterDefinition] = field(default_factory=dict)
    inner: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, node: Node) -> str:
        """The words."""
        return self._said(node)[0]

    def closed(self, node: Node) -> str:
        """The words, in parentheses where something that follows could be taken for a part of them."""
        return self._in(node, _TIGHT)

    def condition(self, node: Node) -> str:
        """The words of something that is true or not."""
        return self(_truth(node))

    def _said(self, node: Node) -> tuple[str, int]:
        match node:
            case Literal():
                return _constant(node.value), _TIGHT
            case Column():
                return self.column(node), _TIGHT
            case Parameter():
                left_open = self.parameters.get(node.name)
                return f"所选{left_open.label}" if left_open else _PERIOD.get(node.name, node.name), _TIGHT
            case Call():
                return self._call(node)
            case Operation():
                return self._operation(node)

    def _in(self, node: Node, tightness: int) -> str:
        words, found = self._said(node)
        return words if found >= tightness else f"（{words}）"

    # ---- names

    def fields(self, path: Sequence[str]) -> list[FieldDefinition]:
        """The fields along a path through references, as far as they are known."""
        found: list[FieldDefinition] = []
        ledger = self.ledger
        for name in path:
            one = None if ledger is None else ledger.by_name.get(name)
            if one is None:
                break
            found.append(one)
            ledger = self.catalogue(one.target) if one.target else None
        return found

    def column(self, column: Column) -> str:
        """A field by its label; through references by theirs, too."""
        return self.inner[column.name] if column.name in self.inner else self.named(column.path)

    def named(self, path: Sequence[str]) -> str:
        """The labels along a path, or what it says where they are not known."""
        found = self.fields(path)
        return f"“{'的'.join([*(each.label for each in found), *path[len(found) :]])}”"

    def _value(self, node: Node, beside: Sequence[Node]) -> str:
        """A constant, by the label it has among the values of a field beside it."""
        if isinstance(node, Literal):
            for each in beside:
                found = self.fields(each.path) if isinstance(each, Column) else []
                if isinstance(each, Column) and len(found) == len(each.path):
                    return _labelled(node.value, found[-1])
                left_open = self.parameters.get(each.name) if isinstance(each, Parameter) else None
                if left_open is not None and str(node.value) in left_open.choices:
                    return f"“{left_open.choices[str(node.value)]}”"
        return self._in(node, _SUM)

    # ---- what is said of them

    def _call(self, node: Call) -> tuple[str, int]:
        given = node.arguments
        said = [self._in(each, _TIGHT) for each in given]
        match node.function:
            case "coalesce":
                instead = "，再空时取".join(self._value(each, given) for each in given[1:])
                return f"{said[0]}（为空时取{instead}）", _TIGHT
            case "contains":
                return f"{said[0]}含{self._value(given[1], given[:1])}", _TIGHT
            case "starts_with":
                return f"{said[0]}以{said[1]}开头", _TIGHT
            case "least" | "greatest":
                ends = ("较早", "较晚") if node.type.kind in {Kind.DATE, Kind.TIME} else ("最小", "最大")
                return f"〔{'、'.join(said)}中{ends[node.function == 'greatest']}者〕", _TIGHT
        form = _FUNCTIONS.get(node.function)
        return (f"{node.function}（{'，'.join(said)}）" if form is None else form.format(*said)), _TIGHT

    def _operation(self, node: Operation) -> tuple[str, int]:
        given = node.operands
        match node.operator:
            case "and":
                return "，且".join(self._in(_truth(each), _AND) for each in given), _AND
            case "or":
                # whoever reads from left to right must not take a part of one for a part of the other
                return "，或".join(self._in(_truth(each), _SUM) for each in given), _OR
            case "not":
                return self._not(given[0])
            case "is_null":
                return f"{self._in(given[0], _SUM)}为空", _TIGHT
            case "in":
                choices = "、".join(self._value(each, given[:1]) for each in given[1:])
                return f"{self._in(given[0], _SUM)}为{choices}之一", _TIGHT
            case "negate":
                return f"－{self._in(given[0], _TIGHT)}", _PRODUCT
            case "case":
                return self._case(given)
        if node.operator in _CALCULATED:
            tight = _SUM if node.operator in {"+", "-"} else _PRODUCT
            left, right = self._in(given[0], tight), self._in(given[1], tight + 1)
            return f"{left} {_CALCULATED[node.operator]} {right}", tight
        return self._comparison(node.operator, given)

    def _comparison(self, operator: str, given: Sequence[Node]) -> tuple[str, int]:
        left, right = (self._value(each, given) for each in given)
        if operator in {"=", "<>"} and not _is_number(given):
            return f"{left}{'为' if operator == '=' else '不为'}{right}", _TIGHT
        if operator in _OF_DAYS and any(each.type.kind in {Kind.DATE, Kind.TIME} for each in given):
            return f"{left}{_OF_DAYS[operator]}{right}", _TIGHT
        return f"{left} {_COMPARED[operator]} {right}", _TIGHT

    def _not(self, node: Node) -> tuple[str, int]:
        if isinstance(node, Operation) and node.operator == "is_null":
            return f"{self._in(node.operands[0], _SUM)}不为空", _TIGHT
        if isinstance(node, Operation) and node.operator == "in":
            said = self._operation(node)[0]
            return f"并非{said}", _TIGHT
        if isinstance(node, Column):
            return f"{self.column(node)}为否", _TIGHT
        return f"并非（{self.condition(node)}）", _TIGHT

    def _case(self, given: Sequence[Node]) -> tuple[str, int]:
        parts = [
            f"{self.condition(given[at])}时为{self._value(given[at + 1], ())}"
            for at in range(0, len(given) - 1, 2)
        ]
        return f"（{'；'.join([*parts, f'否则为{self._value(given[-1], ())}'])}）", _TIGHT


def _truth(node: Node) -> Node:
    """A field that is yes or no, said as a condition."""
    if isinstance(node, Column):
        return Operation("=", (node, Literal(value=True, type=node.type)), node.type)
    return node


def _is_number(given: Sequence[Node]) -> bool:
    return any(each.type.kind in {Kind.INTEGER, Kind.DECIMAL} for each in given) and not any(
        isinstance(each, Parameter) and each.name == "year" for each in given
    )


def _labelled(value: Value, beside: FieldDefinition) -> str:
    """A constant as the field beside it would show it: a label, or a number with its unit."""
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return f"{value:,}{'元' if beside.type is FieldType.MONEY else beside.unit}"
    return beside.members.get(str(value), _constant(value))


def _constant(value: Value) -> str:
    if value is None:
        return "空"
    if isinstance(value, bool):
        return "是" if value else "否"
    return f"“{value}”" if isinstance(value, str) else str(value)
