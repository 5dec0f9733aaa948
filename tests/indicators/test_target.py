"""Targets as people write them, and back."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhunsheng.indicators.target import Comparison, Target, parse_target
from zhunsheng.kernel.grade import Grade
from zhunsheng.kernel.quantity import MULTIPLIERS, Hedge, Quantity

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
    ("超20亿元", "＞20亿元"),
    ("达80%以上", "≥80%"),
    ("不得低于90%", "≥90%"),
    ("最少5次", "≥5次"),
    ("最多2次", "≤2次"),
    ("每年不少于2次", "≥2次"),
    ("保持在95%及以上", "≥95%"),
    ("实现100%", "＝100%"),
    ("控制在5%以内", "≤5%"),
    ("5个工作日内", "≤5个工作日"),
    ("30分钟以内", "≤30分钟"),
    ("100%（含）以上", "≥100%"),
    ("90%（不含）以上", "＞90%"),
    ("286 项（不少于）", "≥286项"),
    ("100%（按期）", "＝100%"),
    ("不低于百分之九十", "≥90%"),
    ("１亿５０００万元", "＝15000万元"),
    ("A级及以上", "≥A级"),
    ("良好以上", "≥良好"),
    ("不到3起", "＜3起"),
    ("≥ 90 %", "≥90%"),
    ("2023年12月底前", "≤2023年12月31日"),
    ("2024年2月底前完成", "≤2024年2月29日"),
    ("2023年年底前", "≤2023年12月31日"),
    ("2023年底前建成投用", "≤2023年12月31日"),
    ("为90%以上", "≥90%"),
    ("≥90%以上", "≥90%"),
    ("20余家", "＝20余家"),
    ("0.26‰以下", "≤0.26‰"),
]


@pytest.mark.parametrize(("text", "expected"), WRITTEN)
def test_targets_as_people_write_them(text: str, expected: str) -> None:
    assert str(parse_target(text)) == expected


NO_TARGETS = [
    "建成干净整洁市场环境",
    "于2023年13月40日前",
    "",
    "明显提升",
    "2023年13月底前",
    "12月31日前",
    "90 100",  # two numbers, not 90100
    "80%-90%",
    "5—8次",
    "不低于90%以下",  # contradicts itself
    "下降5%",  # a fall of 5 % is not a value of -5 %
    "1,2345",
    "1.5:1",
    "按时完成",
]


@pytest.mark.parametrize("text", NO_TARGETS)
def test_what_cannot_be_measured_is_no_target(text: str) -> None:
    assert parse_target(text) is None


NUMBERS = st.decimals(min_value=0, max_value=10**9, places=3, allow_nan=False, allow_infinity=False)
QUANTITIES = st.builds(
    Quantity,
    NUMBERS.map(lambda number: number.normalize() + Decimal(0)).map(lambda number: Decimal(f"{number:f}")),
    st.sampled_from(["", "%", "项", "件", "户", "份/千人", "元"]),
    st.sampled_from(sorted(MULTIPLIERS.values())),
    st.sampled_from(Hedge),
)
DATES = st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 12, 31))
GRADES = st.sampled_from([Grade("A", "letters"), Grade("优", "evaluation"), Grade("合格", "conduct")])
SIGNS = st.sampled_from([each for each in Comparison if each is not Comparison.QUALITATIVE])


@given(SIGNS, st.one_of(QUANTITIES, DATES, GRADES))
def test_a_printed_target_reads_back_as_itself(sign: Comparison, value: Quantity | date | Grade) -> None:
    target = Target(sign, value)
    assert parse_target(str(target)) == target


LOWER = ["不少于", "不低于", "不得低于", "至少", "≥", ">=", "≥ ", "每年不少于", "达到"]
UPPER = ["不超过", "不高于", "不得超过", "至多", "≤", "<=", "控制在"]
PLAIN = QUANTITIES.filter(lambda quantity: quantity.hedge is Hedge.NONE)


def full_width(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


@given(PLAIN, st.sampled_from(LOWER), st.sampled_from(UPPER), st.sampled_from(["以上", "及以上", "或以上"]))
def test_words_before_and_after_say_the_same(quantity: Quantity, low: str, high: str, above: str) -> None:
    written = str(quantity)
    at_least, at_most = Target(Comparison.AT_LEAST, quantity), Target(Comparison.AT_MOST, quantity)
    assert parse_target(f"{low}{written}") == at_least
    assert parse_target(f"{written}{above}") == at_least
    assert parse_target(f"{low}{written}{above}。") == at_least
    assert parse_target(f"{high}{written}") == at_most
    assert parse_target(f"{high}{written}以内") == at_most
    assert parse_target(full_width(f"{low}{written}")) == at_least
    assert parse_target(f"{high}{written}{above}") is None


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    target = parse_target(text)
    assert target is None or str(target)
