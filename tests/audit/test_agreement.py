"""Agreement of printed and computed figures, with verdicts worked out by hand."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhunsheng.audit.agreement import Agreement, agree, as_printed, exactly, range_of, total
from zhunsheng.kernel.quantity import Hedge, Quantity


def figure(text: str, unit: str = "", multiplier: int = 1, hedge: Hedge = Hedge.NONE) -> Quantity:
    return Quantity(Decimal(text), unit, multiplier, hedge)


def rate(part: str, whole: str) -> Fraction:
    return Fraction(Decimal(part)) / Fraction(Decimal(whole)) * 100


@pytest.mark.parametrize(
    ("printed", "part", "whole", "verdict"),
    [
        ("59.85", "70.02", "117.00", Agreement.ROUNDING),
        ("3.04", "4.86", "160.00", Agreement.ROUNDING),
        ("99.75", "22918.66", "22975.66", Agreement.ROUNDING),
        ("100", "17", "17", Agreement.EXACT),
        ("95.45", "9746.50", "10210.34", Agreement.TRUNCATION),  # 95.457
        ("71.73", "2106.66", "2940.05", Agreement.WRONG),  # 71.65
        ("63.1", "18.9", "30", Agreement.LAST_DIGIT),  # 63.0 exactly, inputs taken as exact
        ("62.7", "18.9", "30", Agreement.WRONG),
    ],
)
def test_rates(printed: str, part: str, whole: str, verdict: Agreement) -> None:
    assert agree(figure(printed, "%"), exactly(rate(part, whole))) is verdict


def test_rounded_parts_widen_the_sum() -> None:
    parts = total(range_of(figure(each, "元", 10_000)) for each in ("2106.66", "326.72", "60.99", "445.69"))
    assert agree(figure("2940.05", "元", 10_000), parts) is Agreement.ROUNDING
    assert agree(figure("2940.15", "元", 10_000), parts) is Agreement.WRONG


def test_amounts_are_compared_across_multipliers() -> None:
    assert agree(figure("1", "元", 10**8), range_of(figure("10000", "元", 10_000))) is Agreement.EXACT
    assert agree(figure("143.4", "户", 10_000), exactly(1_434_465)) is Agreement.ROUNDING


def test_counts_are_exact() -> None:
    assert agree(figure("201", "项"), exactly(201), counted=True) is Agreement.EXACT
    assert agree(figure("202", "项"), exactly(201), counted=True) is Agreement.WRONG


@pytest.mark.parametrize(
    ("hedge", "text", "true", "holds"),
    [
        (Hedge.OVER, "5.8", Fraction("5.86"), True),
        (Hedge.MORE, "1400", Fraction(1460), True),
        (Hedge.MORE, "1400", Fraction(1380), False),
        (Hedge.NEARLY, "62.7", Fraction("62.65"), True),
        (Hedge.NEARLY, "62.7", Fraction(63), False),
        (Hedge.ABOUT, "40", Fraction("40.8"), True),
        (Hedge.ABOUT, "40", Fraction(44), False),
    ],
)
def test_hedges_widen_by_one_place_only(hedge: Hedge, text: str, true: Fraction, holds: bool) -> None:
    assert agree(figure(text, hedge=hedge), exactly(true)).holds is holds


@given(st.decimals(min_value=-(10**7), max_value=10**7, places=4), st.integers(0, 4))
def test_a_figure_agrees_with_what_it_was_rounded_from(value: Decimal, places: int) -> None:
    printed = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    assert agree(figure(str(printed)), exactly(Fraction(value))).holds


@given(st.decimals(min_value=-(10**6), max_value=10**6, places=3), st.integers(2, 50))
def test_a_figure_two_places_off_disagrees(value: Decimal, off: int) -> None:
    printed = value.quantize(Decimal("0.01")) + Decimal(off) / 100
    assert agree(figure(str(printed)), exactly(Fraction(value))) in {Agreement.WRONG, Agreement.LAST_DIGIT}
    assert agree(figure(str(printed + Decimal("0.02"))), exactly(Fraction(value))) is Agreement.WRONG


def test_results_are_written_like_the_printed_figure() -> None:
    assert as_printed(Fraction("22918.665") * 10_000, figure("1.00", "元", 10_000)) == "22918.67万元"
    assert as_printed(Fraction("-1.958"), figure("-1.96", "%")) == "-1.96%"
    assert as_printed(Fraction(63), figure("62.7", "%")) == "63.0%"


def test_division_by_what_may_be_zero_is_refused() -> None:
    with pytest.raises(ZeroDivisionError):
        exactly(1) / range_of(figure("0.0"))


def test_equal_values_of_different_precision_stand_for_different_ranges() -> None:
    """10 may be 9.5, 10.0 only 9.95, in whatever order they are asked for."""
    for text, low in (("10.0", "9.95"), ("10", "9.5"), ("10.00", "9.995"), ("10.0", "9.95")):
        assert range_of(figure(text, "元", 10_000)).low == Fraction(low) * 10_000
