"""A stated value beside the computed one, at the precision it is printed with."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from zhunsheng.indicators.definition import ResultKind
from zhunsheng.kernel.quantity import Hedge, Quantity
from zhunsheng.kernel.rounding import half_up
from zhunsheng.kernel.written import parse_date, parse_quantity
from zhunsheng.measures.figure import Figure, FigureStatus


class Verdict(StrEnum):
    """How a stated value stands to the computed one."""

    EQUAL = "equal"
    TRUNCATED = "truncated"
    DIFFERENT = "different"
    NOT_COMPARABLE = "not_comparable"

    @property
    def label(self) -> str:
        """The Chinese word shown to users."""
        return {
            "equal": "一致",
            "truncated": "截尾",
            "different": "不一致",
            "not_comparable": "无法比较",
        }[self.value]


@dataclass(frozen=True, slots=True)
class Compared:
    """A stated value and how it stands.

    Attributes:
        computed: the computed value printed as the stated one is.
        why: why they cannot be compared, in Chinese; "" otherwise.
    """

    stated: str
    computed: str
    verdict: Verdict
    why: str = ""

    def as_data(self) -> dict[str, object]:
        """As plain data."""
        return {
            "stated": self.stated,
            "computed": self.computed,
            "verdict": self.verdict.value,
            "why": self.why or None,
        }


def held_against(stated: str, found: Figure) -> Compared:
    """Hold a stated value against a figure.

    A value cut off instead of rounded counts as truncated; a value with 超, 余, 近 or 约 is compared by the range it
    stands for.
    """
    if found.status is not FigureStatus.COMPUTED:
        return Compared(stated, "", Verdict.NOT_COMPARABLE, found.why or found.status.label)
    if found.indicator.kind is ResultKind.NUMBER:
        return _numbers(stated, found)
    shown = found.printed
    if found.indicator.kind is ResultKind.DATE:
        return _dates(stated, found)
    equal = stated.strip() in {shown, str(found.value)}
    return Compared(stated, shown, Verdict.EQUAL if equal else Verdict.DIFFERENT)


_BEFORE = re.compile(r"[之以]?前$")


def _dates(stated: str, found: Figure) -> Compared:
    """A day, or a day before which it was: "2023-12-10前" agrees with every day up to it."""
    text = stated.strip()
    day = parse_date(_BEFORE.sub("", text))
    if day is None or not isinstance(found.value, date):
        return Compared(stated, found.printed, Verdict.NOT_COMPARABLE, "写的不是日期")
    agrees = found.value <= day if _BEFORE.search(text) else found.value == day
    return Compared(stated, found.printed, Verdict.EQUAL if agrees else Verdict.DIFFERENT)


def _numbers(stated: str, found: Figure) -> Compared:
    quantity = parse_quantity(stated)
    if quantity is None or not isinstance(found.value, Fraction):
        return Compared(stated, found.printed, Verdict.NOT_COMPARABLE, "写的不是数")
    computed, why = _in_unit_of(quantity, found)
    if computed is None:
        return Compared(stated, found.printed, Verdict.NOT_COMPARABLE, why)
    # in the printed multiple: 44.68 of 44.68万户
    scaled = computed / quantity.multiplier
    rounded = half_up(scaled, quantity.places)
    shown = quantity.printed(f"{rounded:f}")
    if quantity.hedge is not Hedge.NONE:
        inside = computed in quantity.interval()
        return Compared(stated, shown, Verdict.EQUAL if inside else Verdict.DIFFERENT)
    if rounded == quantity.value:
        return Compared(stated, shown, Verdict.EQUAL)
    if _cut(scaled, quantity.places) == quantity.value:
        return Compared(stated, shown, Verdict.TRUNCATED)
    return Compared(stated, shown, Verdict.DIFFERENT)


def _in_unit_of(quantity: Quantity, found: Figure) -> tuple[Fraction | None, str]:
    """The computed value in the bare unit of the stated one."""
    value = found.value
    if not isinstance(value, Fraction):
        return None, "没有计算值"
    stated, mine = parse_quantity(f"1{quantity.unit}"), parse_quantity(f"1{found.indicator.unit}")
    if not quantity.unit or mine is None or stated is None:
        # a bare number is taken to be in the indicator's own unit, with its multiple
        return value, ""
    if mine.unit != stated.unit:
        return None, f"单位不同：写的是“{quantity.unit}”，指标的单位是“{found.indicator.unit}”"
    return value * mine.multiplier, ""


def _cut(value: Fraction, places: int) -> Decimal:
    """Towards zero at so many places."""
    whole = abs(value) * 10**places // 1
    return Decimal(-whole if value < 0 else whole).scaleb(-places)
