"""Whole numbers that add up, at any size."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhunsheng.synthesis.amounts import (
    base_for,
    chosen,
    coded_by_share,
    half_up,
    printed_ratio,
    scaled,
    split,
    summing_to,
)

WEIGHTS = st.lists(st.floats(0.001, 1000), min_size=1, max_size=40)


def test_counts_are_scaled_half_up() -> None:
    assert scaled(287, Fraction(1, 2)) == 144
    assert scaled(45187, Fraction(1, 100)) == 452
    assert half_up(Fraction(-1, 2)) == -1


@given(st.integers(0, 10**13), WEIGHTS)
def test_a_split_adds_up_and_follows_the_weights(total: int, weights: list[float]) -> None:
    parts = split(total, weights)
    assert int(parts.sum()) == total
    shares = np.array(weights) / sum(weights)
    assert np.all(np.abs(parts - shares * total) <= 1 + total * 1e-9)


@given(st.integers(0, 10**13), WEIGHTS, st.integers(0, 50))
def test_values_sum_exactly_and_keep_the_least(total: int, shape: list[float], least: int) -> None:
    wanted = total + least * len(shape)
    values = summing_to(wanted, np.array(shape), least)
    assert int(values.sum()) == wanted
    assert int(values.min()) >= least


def test_too_little_for_the_least_is_refused() -> None:
    with pytest.raises(ValueError, match="too small"):
        summing_to(9, np.ones(10), 1)


def test_the_base_of_a_printed_ratio_gives_it() -> None:
    # 1,434,465 reports at 97.65 %: every base from 1,468,911 to 1,469,061 prints so
    base = base_for(1_434_465, Decimal("97.65"), 2)
    assert 1_468_911 <= base <= 1_469_061
    assert printed_ratio(65, 69, 2) == Decimal("94.20")


@given(st.integers(0, 500), st.integers(0, 600))
def test_exactly_so_many_are_chosen(size: int, count: int) -> None:
    random = np.random.default_rng(1)
    assert int(chosen(random, size, count).sum()) == min(size, count)


def test_shares_are_met_to_the_row() -> None:
    codes = coded_by_share(np.random.default_rng(1), 1000, [0.5, 0.3, 0.2])
    assert np.bincount(codes).tolist() == [500, 300, 200]
