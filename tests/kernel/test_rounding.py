"""Half-up rounding, against an independent implementation in the decimal module."""

from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhunsheng.kernel.rounding import exact_decimal, half_up

DECIMALS = st.decimals(min_value=-(10**12), max_value=10**12, places=6, allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("9.97519", "9.98"),
        ("9.975", "9.98"),
        ("0.172", "0.17"),
        ("0.675", "0.68"),
        ("-0.005", "-0.01"),
        ("0", "0.00"),
    ],
)
def test_ties_go_away_from_zero(value: str, expected: str) -> None:
    assert str(half_up(Decimal(value), 2)) == expected


def test_the_execution_score_of_the_huadu_report() -> None:
    """Oracle: the printed score 9.98 (report line 117); binary floats give 9.97 from 9.975."""
    rate = Fraction(Decimal("22918.66")) / Fraction(Decimal("22975.66"))
    assert half_up(rate * 10, 2) == Decimal("9.98")


def test_a_float_is_refused() -> None:
    with pytest.raises(TypeError):
        half_up(9.975, 2)  # type: ignore[arg-type]


@given(DECIMALS, st.integers(min_value=0, max_value=4))
def test_agrees_with_the_decimal_module(value: Decimal, places: int) -> None:
    with localcontext() as context:
        context.prec = 60
        expected = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    assert half_up(value, places) == expected


@given(DECIMALS)
def test_rounding_twice_equals_rounding_once(value: Decimal) -> None:
    once = half_up(value, 2)
    assert half_up(once, 2) == once


@given(st.fractions(max_denominator=10**6))
def test_an_exact_decimal_without_an_ellipsis_is_exact(value: Fraction) -> None:
    shown = exact_decimal(value)
    assert shown.endswith("…") or Fraction(Decimal(shown)) == value
