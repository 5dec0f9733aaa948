"""Money, quantities with intervals, grades, the unknown."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhunsheng.kernel.grade import Grade
from zhunsheng.kernel.interval import Interval
from zhunsheng.kernel.money import Money
from zhunsheng.kernel.unknown import NOT_COLLECTED, Absence, undefined
from zhunsheng.kernel.written import chinese_numeral, normalised, parse_date, parse_quantity


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("1亿元", "100000000", "元"),
        ("1,434,465", "1434465", ""),
        ("约44.68万户", "446800", "户"),
        ("近62.7%", "62.7", "%"),
        ("超20亿元", "2000000000", "元"),
        ("１００％。", "100", "%"),
        ("0次", "0", "次"),
        ("4份/千人", "4", "份/千人"),
        ("二十三项", "23", "项"),
        ("18.8万余户", "188000", "户"),
        ("-0.88%", "-0.88", "%"),
        ("5千万元", "50000000", "元"),
        ("2千亿元", "200000000000", "元"),
        ("1.2万亿元", "1200000000000", "元"),
        ("1亿5000万元", "150000000", "元"),
        ("3万5千元", "35000", "元"),
        ("10多万元", "100000", "元"),
        ("接近90%", "90", "%"),
        ("约为 3.5 万人次", "35000", "人次"),
        ("百分之九十五", "95", "%"),
        ("百分之百", "100", "%"),
        ("两万三千户", "23000", "户"),
        ("0.26‰", "0.26", "‰"),
    ],
)
def test_figures_as_people_write_them(text: str, amount: str, unit: str) -> None:
    quantity = parse_quantity(text)
    assert quantity is not None
    assert (quantity.amount, quantity.unit) == (Decimal(amount), unit)


@pytest.mark.parametrize(
    "text",
    [
        *("", "1 434 465", "若干", "1,43", "十四五规划纲要文件说明", "2023年至2024年"),
        # bounds and ranges are not single figures, and no unit holds their words
        *("15%或以上", "0.26以下", "30分钟以内", "5个工作日内", "80%-90%", "5—8次", "100%（含）"),
        # a bare multiplier is part of a word
        *("万元", "亿元", "千人", "百货"),
        *("1万2亿元", "1亿2亿元", "5万60000千元", "1e5", ".5", "三分之一"),
    ],
)
def test_what_is_not_a_figure_is_not_guessed(text: str) -> None:
    assert parse_quantity(text) is None


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("44.68万户", ["446750", "446800", "446849"], ["446749", "446850"]),
        ("超20亿元", ["2000000001"], ["2000000000", "1999999999"]),
        ("近62.7%", ["62.6"], ["62.7", "62.8", "50"]),
        ("10余家", ["10", "19"], ["9"]),
        ("-0.88%", ["-0.88", "-0.875"], ["-0.885", "-0.8749"]),
    ],
)
def test_a_printed_figure_stands_for_an_interval(text: str, inside: list[str], outside: list[str]) -> None:
    quantity = parse_quantity(text)
    assert quantity is not None
    for amount in inside:
        assert Fraction(Decimal(amount)) in quantity.interval()
    for amount in outside:
        assert Fraction(Decimal(amount)) not in quantity.interval()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("二十三", 23),
        ("一百零八万", 1080000),
        ("两千五百", 2500),
        ("十", 10),
        ("三亿零五", 300000005),
        ("二〇二三", 2023),
        ("一百五", 150),
        ("一百零五", 105),
        ("两万三", 23000),
        ("十五", 15),
        ("二十", 20),
        ("一千零二十", 1020),
        ("三千万", 30000000),
    ],
)
def test_chinese_numerals(text: str, number: int) -> None:
    assert chinese_numeral(text) == number


@pytest.mark.parametrize("text", ["", "万", "亿", "十百", "百百", "十四五"])
def test_what_is_no_chinese_numeral_is_none(text: str) -> None:
    assert chinese_numeral(text) is None


def in_chinese(number: int) -> str:
    """The standard writing of a whole number below 10^8, built digit by digit."""
    digits = "零一二三四五六七八九"
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        gap = "零" if 0 < low < 1000 else ""
        return in_chinese(high) + "万" + (gap + in_chinese(low) if low else "")
    written, pending = "", False
    for power, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        if digit:
            written += ("零" if pending else "") + digits[digit] + word
            pending = False
        elif written:
            pending = True
    return written or "零"


@given(st.integers(min_value=0, max_value=10**8 - 1))
def test_written_chinese_numerals_read_back(number: int) -> None:
    assert chinese_numeral(in_chinese(number)) == number


@given(
    st.decimals(min_value=0, max_value=10**9, places=4, allow_nan=False),
    st.sampled_from(["元", "万元", "亿元"]),
)
def test_money_survives_its_units(amount: Decimal, unit: str) -> None:
    assert Money.of(amount, unit).in_unit(unit) == amount


def test_money_is_shown_in_ten_thousands() -> None:
    assert Money.of("143788.29", "万元").shown() == "143,788.29"
    assert Money.of("1120.692", "万元").shown() == "1,120.69"


def test_a_date_that_does_not_exist_is_not_a_date() -> None:
    assert parse_date("2023年2月30日") is None
    assert str(parse_date("2023年12月10日")) == "2023-12-10"


def test_grades_are_ordered_within_one_scale_only() -> None:
    good, better = Grade.parse("B级"), Grade.parse("A级")
    assert good is not None
    assert better is not None
    assert good < better
    excellent = Grade.parse("优")
    assert excellent is not None
    with pytest.raises(ValueError, match="different scales"):
        _ = better < excellent


def test_the_unknown_says_why() -> None:
    assert str(NOT_COLLECTED) == "未采集"
    assert undefined("分母为 0").absence is Absence.UNDEFINED
    assert str(undefined("分母为 0")) == "无法计算（分母为 0）"


@pytest.mark.parametrize("text", ["[0, 0.6)", "(90, ∞)", "[0.8, 1]", "(-∞, 0]"])
def test_intervals_print_as_they_are_read(text: str) -> None:
    assert str(Interval.parse(text)) == text


@pytest.mark.parametrize("text", ["0-60", "[60, 0]", "[a, b]", "[0 60]", ""])
def test_what_is_not_an_interval_is_refused(text: str) -> None:
    with pytest.raises((ValueError, ArithmeticError)):
        Interval.parse(text)


def test_full_width_forms_are_read_as_half_width() -> None:
    assert normalised("１，４３４．５％。") == "1,434.5%"
