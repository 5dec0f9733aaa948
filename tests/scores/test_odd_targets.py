"""Targets and values out of the ordinary: zero, enormous, in other units, as dates, exceeded by far.

Expected figures are worked out by hand beside each case.
"""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odd_years import actual, codes, only, row, scored, small, told

from zhunsheng.scores.evaluation import evaluation_data

# ---- targets of zero and numbers out of the ordinary


@pytest.mark.parametrize(
    ("nature", "sign", "value", "expected"),
    [
        ("positive", ">=", "0", "10.00"),
        ("positive", ">=", "5", "10.00"),
        ("positive", ">=", "-1", "0.00"),
        ("inverse", "<=", "0", "10.00"),
        ("inverse", "<=", "0.01", "0.00"),
        ("inverse", "<=", "-3", "10.00"),
        ("exact", "=", "0", "10.00"),
        ("exact", "=", "1", "0.00"),
        ("satisfaction", ">=", "0", "10.00"),
    ],
)
def test_a_target_of_zero_is_met_or_missed(nature: str, sign: str, value: str, expected: str) -> None:
    indicator = row(nature=nature, target_sign=sign, target_value="0")
    found = scored(indicators=[indicator], actuals=[actual(value)])
    assert str(only(found).score) == expected
    assert only(found).trace.steps


@pytest.mark.parametrize("which", ["target", "actual"])
def test_a_number_of_thousands_of_digits_is_neither_computed_with_nor_printed(which: str) -> None:
    long = "9" * 5000
    found = scored(
        indicators=[row(target_value=long if which == "target" else "100")],
        actuals=[actual(long if which == "actual" else "100")],
    )
    assert only(found).score is None
    assert "SCORE-037" in codes(found)
    assert len(str(evaluation_data(found))) < 20_000


def test_a_very_large_and_a_very_small_number_are_exact() -> None:
    """10 × 1 ÷ 10^29 is 0 after rounding; 10^29 of 10^29 is everything."""
    huge = "1" + "0" * 29
    found = scored(indicators=[row(target_value=huge)], actuals=[actual("1")])
    assert str(only(found).score) == "0.00"
    assert str(only(scored(indicators=[row(target_value=huge)], actuals=[actual(huge)])).score) == "10.00"


def test_a_score_is_never_above_points_finer_than_a_score() -> None:
    """0.005 of a point is rounded to 0.01, which is more than there is: the score is 0."""
    found = scored(indicators=[row(points="0.005"), row("b", points="9.995")], actuals=[actual("100")])
    assert only(found).score == 0
    assert "SCORE-029" in codes(found)


# ---- units, percent and fractions


def test_a_share_without_a_unit_against_a_percentage_is_doubted_aloud() -> None:
    indicator = row(target_value="95", target_unit="%")
    found = scored(indicators=[indicator], actuals=[actual("0.96", unit="")])
    assert str(only(found).score) == "0.10"  # 10 × 0.96 ÷ 95 = 0.101
    assert "如果是 96%，应写 96" in told(found, "SCORE-032")


def test_a_small_percentage_with_its_sign_is_not_doubted() -> None:
    indicator = row(nature="inverse", target_sign="<=", target_value="30", target_unit="%")
    found = scored(indicators=[indicator], actuals=[actual("0.78", unit="%")])
    assert str(only(found).score) == "10.00"
    assert "SCORE-032" not in codes(found)


SATISFACTION_BANDS = (
    'type: satisfaction_bands, bands: [{range: "[0.9, 1]", share: 1}, {range: "[0, 0.9)", share: 0.6}]'
)


@pytest.mark.parametrize(
    ("unit", "value", "expected"),
    [("%", "92", "10.00"), ("%", "85", "6.00"), ("", "92", "10.00"), ("分", "92", None), ("%", "120", None)],
)
def test_bands_of_percentages_ask_for_a_percentage(unit: str, value: str, expected: str | None) -> None:
    indicator = row(nature="satisfaction", target_value="90", target_unit=unit)
    found = scored(
        small(satisfaction=SATISFACTION_BANDS), indicators=[indicator], actuals=[actual(value, unit=unit)]
    )
    score = only(found).score
    assert (None if score is None else str(score)) == expected
    assert (unit == "分") is ("SCORE-014" in codes(found))
    if expected is None:
        assert only(found).reason


# ---- dates


@pytest.mark.parametrize(
    "written", ["2023年12月9日", "2023/12/09", "2023.12.9", "２０２３-12-9", "2023-12-10前"]
)
def test_dates_are_read_in_the_forms_people_write(written: str) -> None:
    indicator = row(
        nature="deadline", target_sign="<=", target_value="2023-12-10", target_unit="", kind="timeliness"
    )
    found = scored(indicators=[indicator], actuals=[actual(written, unit="")])
    assert str(only(found).score) == "10.00"


# ---- exceeding the target: a second implementation of each mode


def over_by_hand(mode: str, target: Fraction, reached: Fraction, exempt: bool) -> Fraction:
    """Points of 10 for a rising indicator: pro rata, then what the mode takes from 130 % on."""
    points = 10 if reached >= target else 10 * reached / target
    if mode == "deduct" and not exempt and target > 0 and reached * 10 >= target * 13:
        points -= 2
    return Fraction(points)


@pytest.mark.parametrize(
    ("mode", "over"),
    [
        ("ignore", "mode: ignore"),
        ("explain_only", "mode: explain_only, explain_from: 1.3"),
        ("suggest", "mode: suggest, explain_from: 1.3"),
        ("deduct", 'mode: deduct, explain_from: 1.3, bands: [{range: "[1.3, ∞)", deduct_points: 2}]'),
    ],
)
@given(
    target=st.integers(min_value=1, max_value=400),
    reached=st.integers(min_value=0, max_value=1000),
    safe=st.booleans(),
)
def test_exceeding_the_target(mode: str, over: str, target: int, reached: int, safe: bool) -> None:
    indicator = row(target_value=str(target), exempt="安全指标" if safe else "")
    found = scored(small(over), indicators=[indicator], actuals=[actual(str(reached))])
    exact = over_by_hand(mode, Fraction(target), Fraction(reached), safe)
    assert only(found).score == Decimal(int(exact * 100 + Fraction(1, 2))) / 100
    far = reached * 10 >= target * 13
    assert ("SCORE-008" in codes(found)) is (far and mode != "ignore" and not safe)


def test_a_target_of_zero_far_exceeded_needs_words_where_a_limit_is_set() -> None:
    rubric = small("mode: explain_only, explain_from: 1.3, explain_at_zero: 30")
    zero = row(target_value="0")
    assert "完成值 30 达到 30 以上" in told(
        scored(rubric, indicators=[zero], actuals=[actual("30")]), "SCORE-008"
    )
    assert "SCORE-008" not in codes(scored(rubric, indicators=[zero], actuals=[actual("29")]))
