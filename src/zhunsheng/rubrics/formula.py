"""Formulas over named inputs: + − × ÷ and parentheses, in exact fractions.

A formula is parsed once; its names and its divisors are known before it is ever computed, so that the
proof can ask for a rule wherever a divisor may be zero.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType
from typing import Any, TypeAlias

from zhunsheng.kernel.rounding import exact_decimal
from zhunsheng.rubrics.formula_range import Limits, Range

# powers of the kinds of things a value is made of: {"money": 1, "count": -1}; {} is a pure ratio
Dimension: TypeAlias = dict[str, int]
PERCENT = "rate"
# a formula is a line in a definition; a longer one is a slip or an attack on the parser
MOST_CHARACTERS = 500

_OPERATORS = {ast.Add: "+", ast.Sub: "−", ast.Mult: "×", ast.Div: "÷"}


_NOTHING: MappingProxyType[str, Any] = MappingProxyType({})


class FormulaError(ValueError):
    """The text is not a formula of the allowed kind."""


@dataclass(frozen=True)
class Formula:
    """A parsed formula.

    Attributes:
        text: as written in the definition.
    """

    text: str

    def __post_init__(self) -> None:
        self._check(self._tree)

    @cached_property
    def _tree(self) -> ast.expr:
        if len(self.text) > MOST_CHARACTERS:
            raise FormulaError(f"formula of more than {MOST_CHARACTERS} characters")
        try:
            return ast.parse(self.text, mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise FormulaError(f"cannot read formula {self.text!r}") from error

    def _check(self, node: ast.expr) -> None:
        if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
            self._check(node.left)
            self._check(node.right)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            self._check(node.operand)
        elif not isinstance(node, ast.Name) and not self._is_exact_number(node):
            raise FormulaError(f"not allowed in a formula: {ast.unparse(node)!r}")

    def _is_exact_number(self, node: ast.expr) -> bool:
        """Whether a node is a number that reads back as it was written; 1e999 and 25 digits do not."""
        if not isinstance(node, ast.Constant) or type(node.value) not in {int, float}:
            return False
        written = (ast.get_source_segment(self.text, node) or "").replace("_", "")
        return isinstance(node.value, int) or Decimal(written) == Decimal(repr(node.value))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The inputs, in order of appearance."""
        found = (node.id for node in ast.walk(self._tree) if isinstance(node, ast.Name))
        return tuple(dict.fromkeys(sorted(found, key=self.text.find)))

    @cached_property
    def canonical(self) -> str:
        """The formula in one spelling, whatever its spaces and needless parentheses."""
        return ast.unparse(self._tree)

    @cached_property
    def divisors(self) -> tuple[str, ...]:
        """Every expression something is divided by, as text, constants other than zero left out.

        A divisor inside another divisor comes first, because the outer one has no value where the inner
        one is zero.
        """
        found = []
        for node in ast.walk(self._tree):
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
                constant = isinstance(node.right, ast.Constant) and node.right.value != 0
                if not constant:
                    found.append(ast.unparse(node.right))
        return tuple(dict.fromkeys(reversed(found)))

    @cached_property
    def _divisor_formulas(self) -> tuple[tuple[str, "Formula"], ...]:
        return tuple((divisor, Formula(divisor)) for divisor in self.divisors)

    def divisor_values(self, values: Mapping[str, Fraction]) -> Iterator[tuple[str, Fraction]]:
        """Each divisor with its value, for those that have one: inputs given, nothing zero below."""
        for divisor, inner in self._divisor_formulas:
            if all(name in values for name in inner.names):
                try:
                    yield divisor, inner.value(values)
                except ZeroDivisionError:
                    continue  # the divisor inside it was yielded before, with its zero

    def determined(self, values: Mapping[str, Fraction]) -> Fraction | None:
        """The value as far as `values` alone determine it: 0 ÷ x is 0 whatever x; None otherwise."""
        return self._determined(self._tree, values)

    def _determined(self, node: ast.expr, values: Mapping[str, Fraction]) -> Fraction | None:
        if isinstance(node, ast.Name):
            return values.get(node.id)
        if not isinstance(node, ast.BinOp):
            inner = node.operand if isinstance(node, ast.UnaryOp) else None
            known = None if inner is None else self._determined(inner, values)
            return self._value(node, {}) if inner is None else (None if known is None else -known)
        left, right = self._determined(node.left, values), self._determined(node.right, values)
        if isinstance(node.op, ast.Mult | ast.Div) and left == 0:
            return None if isinstance(node.op, ast.Div) and right == 0 else Fraction(0)
        if isinstance(node.op, ast.Mult) and right == 0:
            return Fraction(0)
        if left is None or right is None or (isinstance(node.op, ast.Div) and right == 0):
            return None
        return _computed(node.op, left, right)

    def growth(self, name: str) -> int | None:
        """+1 rising, −1 falling, 0 independent as `name` grows, all inputs being positive; None unclear."""
        return self._growth(self._tree, name)

    def _growth(self, node: ast.expr, name: str) -> int | None:
        if isinstance(node, ast.Name):
            return 1 if node.id == name else 0
        if isinstance(node, ast.Constant):
            return 0
        if isinstance(node, ast.UnaryOp):
            inner = self._growth(node.operand, name)
            return None if inner is None else -inner
        assert isinstance(node, ast.BinOp)  # noqa: S101 - checked when parsed
        left, right = self._growth(node.left, name), self._growth(node.right, name)
        if left is None or right is None:
            return None
        # a factor below 0 turns a product round, a divisor on both sides of 0 makes the value jump
        turned = (left and _may_be_negative(node.right)) or (right and _may_be_negative(node.left))
        jumps = isinstance(node.op, ast.Div) and right and _may_be_negative(node.right)
        if isinstance(node.op, ast.Mult | ast.Div) and (turned or jumps):
            return None
        if isinstance(node.op, ast.Sub | ast.Div):
            right = -right
        return left or right if not (left and right) or left == right else None

    def bounds(
        self, most: Mapping[str, Fraction] = _NOTHING, whole_of: Mapping[str, str] = _NOTHING
    ) -> Range:
        """The least and greatest value that are possible while no input is negative.

        Args:
            most: inputs with a greatest value.
            whole_of: inputs that are part of another input, and of which.
        """
        return Limits(most, whole_of).range_of(self._tree)

    def dimension(self, of: Mapping[str, str]) -> Dimension:
        """What the value is made of, from what its inputs are; see `Dimension`.

        Raises:
            FormulaError: things of different kinds are added or subtracted.
        """
        return self._dimension(self._tree, of)

    def _dimension(self, node: ast.expr, of: Mapping[str, str]) -> Dimension:
        if isinstance(node, ast.Name):
            kind = of.get(node.id, "")
            return {kind: 1} if kind else {}
        if isinstance(node, ast.Constant):
            return {}
        if isinstance(node, ast.UnaryOp):
            return self._dimension(node.operand, of)
        assert isinstance(node, ast.BinOp)  # noqa: S101 - checked when parsed
        left, right = self._dimension(node.left, of), self._dimension(node.right, of)
        if isinstance(node.op, ast.Add | ast.Sub):
            if left != right:
                raise FormulaError(ast.unparse(node))
            return left
        if isinstance(node.op, ast.Div) and left == {PERCENT: 1} and _is_hundred(node.right):
            return {}
        sign = -1 if isinstance(node.op, ast.Div) else 1
        powers = {kind: left.get(kind, 0) + sign * right.get(kind, 0) for kind in {*left, *right}}
        return {kind: power for kind, power in powers.items() if power}

    def value(self, values: Mapping[str, Fraction]) -> Fraction:
        """The exact value.

        Raises:
            ZeroDivisionError: a divisor is zero; ask `divisor_values` first.
            KeyError: an input is missing.
        """
        return self._value(self._tree, values)

    def _value(self, node: ast.expr, values: Mapping[str, Fraction]) -> Fraction:
        if isinstance(node, ast.Name):
            return values[node.id]
        if isinstance(node, ast.Constant):
            return Fraction(Decimal(str(node.value)))
        if isinstance(node, ast.UnaryOp):
            return -self._value(node.operand, values)
        assert isinstance(node, ast.BinOp)  # noqa: S101 - checked when parsed
        return _computed(node.op, self._value(node.left, values), self._value(node.right, values))

    def shown(self, values: Mapping[str, str]) -> str:
        """The formula with names replaced by `values` (labels or numbers), in Chinese signs."""
        return self._shown(self._tree, values, 0)

    def _shown(self, node: ast.expr, values: Mapping[str, str], outer: int) -> str:
        if isinstance(node, ast.Name):
            return values.get(node.id, node.id)
        if isinstance(node, ast.Constant):
            return exact_decimal(Fraction(Decimal(str(node.value))))
        if isinstance(node, ast.UnaryOp):
            return f"−{self._shown(node.operand, values, 3)}"
        assert isinstance(node, ast.BinOp)  # noqa: S101 - checked when parsed
        strength = 1 if isinstance(node.op, ast.Add | ast.Sub) else 2
        sign = _OPERATORS[type(node.op)]
        left = self._shown(node.left, values, strength)
        right = self._shown(node.right, values, strength + 1)
        text = f"{left} {sign} {right}"
        return f"（{text}）" if strength < outer else text


def _computed(operator: ast.operator, left: Fraction, right: Fraction) -> Fraction:
    match operator:
        case ast.Add():
            return left + right
        case ast.Sub():
            return left - right
        case ast.Mult():
            return left * right
        case _:
            return left / right


def _may_be_negative(node: ast.expr) -> bool:
    least, _ = Limits(_NOTHING, _NOTHING).range_of(node)
    return least is None or least < 0


def _is_hundred(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == 100
