"""Between which values a formula can lie, while none of its inputs is negative."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

# least and greatest value; None where there is no limit
Range: TypeAlias = tuple[Fraction | None, Fraction | None]

_ZERO, _ONE = Fraction(0), Fraction(1)
_ANYTHING: Range = (None, None)


@dataclass(frozen=True, slots=True)
class Limits:
    """What is known about the inputs beside that they are not negative.

    Attributes:
        most: inputs with a greatest value.
        whole_of: inputs that are part of another input, and of which.
    """

    most: Mapping[str, Fraction]
    whole_of: Mapping[str, str]

    def range_of(self, node: ast.expr) -> Range:
        """The range of an expression; it may be wider than what really occurs, never narrower."""
        if isinstance(node, ast.Name):
            return _ZERO, self.most.get(node.id)
        if isinstance(node, ast.Constant):
            value = Fraction(Decimal(str(node.value)))
            return value, value
        if isinstance(node, ast.UnaryOp):
            return _negated(self.range_of(node.operand))
        assert isinstance(node, ast.BinOp)  # noqa: S101 - checked when parsed
        if isinstance(node.op, ast.Div):
            return self._quotient(node.left, node.right)
        left, right = self.range_of(node.left), self.range_of(node.right)
        if isinstance(node.op, ast.Add):
            return _sum(left, right)
        if isinstance(node.op, ast.Sub):
            return _sum(left, _negated(right))
        return _product(left, right)

    def _quotient(self, above: ast.expr, below: ast.expr) -> Range:
        """What is above is divided term by term, so that (a − b) ÷ b is seen to be a ÷ b − 1."""
        if ast.dump(above) == ast.dump(below):
            return _ONE, _ONE
        if isinstance(above, ast.UnaryOp):
            return _negated(self._quotient(above.operand, below))
        if isinstance(above, ast.BinOp) and isinstance(above.op, ast.Add | ast.Sub):
            left, right = self._quotient(above.left, below), self._quotient(above.right, below)
            return _sum(left, right if isinstance(above.op, ast.Add) else _negated(right))
        if isinstance(above, ast.BinOp) and isinstance(above.op, ast.Mult):
            for one, other in ((above.left, above.right), (above.right, above.left)):
                if ast.dump(one) == ast.dump(below):
                    return self.range_of(other)
        if isinstance(above, ast.Name) and isinstance(below, ast.Name):
            return _ZERO, _ONE if self.whole_of.get(above.id) == below.id else None
        return _product(self.range_of(above), _inverse(self.range_of(below)))


def _negated(values: Range) -> Range:
    low, high = values
    return None if high is None else -high, None if low is None else -low


def _sum(one: Range, other: Range) -> Range:
    ends = [None if a is None or b is None else a + b for a, b in zip(one, other, strict=True)]
    return ends[0], ends[1]


def _inverse(values: Range) -> Range:
    """The range of 1 ÷ x; a zero of x itself has a rule of its own."""
    low, high = values
    if low is not None and low >= 0:
        return _ZERO if high is None else 1 / high if high else None, 1 / low if low else None
    if high is not None and high <= 0:
        return _negated(_inverse(_negated(values)))
    return _ANYTHING


def _product(one: Range, other: Range) -> Range:
    if one[0] is not None and one[0] >= 0:
        if other[0] is not None and other[0] >= 0:
            endless = None in {one[1], other[1]}
            high = None if endless else (one[1] or _ZERO) * (other[1] or _ZERO)
            return one[0] * other[0], _ZERO if _ZERO in {one[1], other[1]} else high
        if other[1] is not None and other[1] <= 0:
            return _negated(_product(one, _negated(other)))
        if one[1] is not None:
            # a factor with two ends scales both
            low = None if other[0] is None else one[1] * other[0]
            return low, None if other[1] is None else one[1] * other[1]
        return _ANYTHING
    if one[1] is not None and one[1] <= 0:
        return _negated(_product(_negated(one), other))
    return _product(other, one) if other[0] is not None and other[0] >= 0 else _ANYTHING
