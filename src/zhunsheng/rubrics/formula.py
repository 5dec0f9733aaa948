"""Formulas over named inputs: + − × ÷ and parentheses, in exact fractions.

A formula is parsed once; its names and its divisors are known before it is ever computed, so that the
proof can ask for a rule wherever a divisor may be zero.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from zhunsheng.kernel.rounding import exact_decimal

_OPERATORS = {ast.Add: "+", ast.Sub: "−", ast.Mult: "×", ast.Div: "÷"}


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

    @property
    def _tree(self) -> ast.expr:
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
        elif not isinstance(node, ast.Name) and not (
            isinstance(node, ast.Constant)
            and isinstance(node.value, int | float)
            and not isinstance(node.value, bool)
        ):
            raise FormulaError(f"not allowed in a formula: {ast.unparse(node)!r}")

    @property
    def names(self) -> tuple[str, ...]:
        """The inputs, in order of appearance."""
        found = (node.id for node in ast.walk(self._tree) if isinstance(node, ast.Name))
        return tuple(dict.fromkeys(sorted(found, key=self.text.find)))

    @property
    def divisors(self) -> tuple[str, ...]:
        """Every expression something is divided by, as text, constants other than zero left out."""
        found = []
        for node in ast.walk(self._tree):
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
                constant = isinstance(node.right, ast.Constant) and node.right.value != 0
                if not constant:
                    found.append(ast.unparse(node.right))
        return tuple(found)

    def divisor_values(self, values: Mapping[str, Fraction]) -> Iterator[tuple[str, Fraction]]:
        """Each divisor with its value, for those whose inputs are all given."""
        for divisor in self.divisors:
            inner = Formula(divisor)
            if all(name in values for name in inner.names):
                yield divisor, inner.value(values)

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
        left, right = self._value(node.left, values), self._value(node.right, values)
        match node.op:
            case ast.Add():
                return left + right
            case ast.Sub():
                return left - right
            case ast.Mult():
                return left * right
            case _:
                return left / right

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
