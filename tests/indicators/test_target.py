"""Targets as people write them, and back."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhunsheng.indicators.target import Comparison, Target, parse_target
from zhunsheng.kernel.grade import Grade
from zhunsheng.kernel.quantity import Quantity

# The left column is quoted from the two reports; the right one was read by hand.
WRITTEN = [
    ("不少于286项", "≥286项"),
    ("15%或以上", "≥15%"),
    ("0.26以下", "≤0.26"),
    ("0.26 以下", "≤0.26"),
    ("80%或以上", "≥80%"),
    ("30%或以下", "≤30%"),
    ("达到每年4份/千人", "≥4份/千人"),
    ("达到每年4份/千人(当年我市常驻人口÷1000×4)", "≥4份/千人"),
    ("于2023年12月10日前", "≤2023年12月10日"),
    ("于2023年12月10日前完成升级改造", "≤2023年12月10日"),
    ("A级", "＝A级"),
    ("1亿元", "＝1亿元"),
    ("0次", "＝0次"),
    ("100%。", "＝100%"),
    ("１００％", "＝100%"),
    ("不低于140万件", "≥140万件"),
    ("不少于 150 台", "≥150台"),
    ("≥150台", "≥150台"),
    ("不超过30天", "≤30天"),
    ("小于5%", "＜5%"),
    ("超过20亿元", "＞20亿元"),
]


@pytest.mark.parametrize(("text", "expected"), WRITTEN)
def test_targets_as_people_write_them(text: str, expected: str) -> None:
    assert str(parse_target(text)) == expected


@pytest.mark.parametrize("text", ["建成干净整洁市场环境", "于2023年13月40日前", "", "明显提升"])
def test_what_cannot_be_measured_is_no_target(text: str) -> None:
    assert parse_target(text) is None


NUMBERS = st.decimals(min_value=0, max_value=10**9, places=3, allow_nan=False, allow_infinity=False)
QUANTITIES = st.builds(
    Quantity,
    NUMBERS.map(lambda number: number.normalize() + Decimal(0)).map(lambda number: Decimal(f"{number:f}")),
    st.sampled_from(["", "%", "项", "件", "户", "份/千人", "元"]),
    st.sampled_from([1, 10_000, 100_000_000]),
)
DATES = st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 12, 31))
GRADES = st.sampled_from([Grade("A", "letters"), Grade("优", "evaluation"), Grade("合格", "conduct")])
SIGNS = st.sampled_from([each for each in Comparison if each is not Comparison.QUALITATIVE])


@given(SIGNS, st.one_of(QUANTITIES, DATES, GRADES))
def test_a_printed_target_reads_back_as_itself(sign: Comparison, value: Quantity | date | Grade) -> None:
    target = Target(sign, value)
    assert parse_target(str(target)) == target
