"""Targets: sign, value, unit; read from what people write and printed back.

A target's value is a quantity (不少于286项), a date (于2023年12月10日前), a grade (A级) or the words of
a qualitative goal. A bare figure is read as 等于 and a bare amount of money stays 等于 as well; whether
a bare value means "at least" is a decision of the plan, not of the reader.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import TypeAlias

from zhunsheng.kernel.grade import Grade
from zhunsheng.kernel.quantity import Quantity
from zhunsheng.kernel.rounding import plain
from zhunsheng.kernel.written import normalised, parse_date, parse_quantity


class Comparison(Enum):
    """How the actual is held against the target."""

    AT_LEAST = ">="
    MORE_THAN = ">"
    EQUAL = "="
    AT_MOST = "<="
    LESS_THAN = "<"
    QUALITATIVE = "qualitative"

    @property
    def symbol(self) -> str:
        """The printed sign; empty for a qualitative target."""
        return {">=": "≥", ">": "＞", "=": "＝", "<=": "≤", "<": "＜"}.get(self.value, "")


TargetValue: TypeAlias = Quantity | date | Grade | str


@dataclass(frozen=True, slots=True)
class Target:
    """What an indicator is to reach.

    Attributes:
        comparison: the sign.
        value: quantity, date, grade, or words when qualitative.
    """

    comparison: Comparison
    value: TargetValue

    def __str__(self) -> str:
        return f"{self.comparison.symbol}{_printed(self.value)}"


def _printed(value: TargetValue) -> str:
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, Quantity):
        return f"{value.hedge.value}{plain(value.value)}{value.printed_unit}"
    return str(value)


_SYMBOLS = {
    "≥": Comparison.AT_LEAST,
    ">=": Comparison.AT_LEAST,
    "≧": Comparison.AT_LEAST,
    "≤": Comparison.AT_MOST,
    "<=": Comparison.AT_MOST,
    "≦": Comparison.AT_MOST,
    ">": Comparison.MORE_THAN,
    "<": Comparison.LESS_THAN,
    "=": Comparison.EQUAL,
}
_BEFORE = (
    (r"(?:不少于|不低于|不小于|至少|达到(?:每年)?|大于等于|大于或等于)", Comparison.AT_LEAST),
    (r"(?:不超过|不多于|不高于|不大于|至多|控制在|小于等于|小于或等于)", Comparison.AT_MOST),
    (r"(?:超过|大于|高于|多于)", Comparison.MORE_THAN),
    (r"(?:小于|低于|少于)", Comparison.LESS_THAN),
    (r"(?:等于|为)", Comparison.EQUAL),
)
_AFTER = (
    (r"(?:或以上|及以上|以上)", Comparison.AT_LEAST),
    (r"(?:或以下|及以下|以下|以内|之内)", Comparison.AT_MOST),
)
_DEADLINE = re.compile(r"^(?:于|在)?(\d{4}[-年./]\d{1,2}[-月./]\d{1,2}日?)(?:之?前|以前)(?:完成.*)?$")
_EXPLANATION = re.compile(r"[(（][^()（）]*[)）]$")


def parse_target(text: str) -> Target | None:
    """Read a target as people write it; None when the text is not a measurable target.

    >>> str(parse_target("不少于286项"))
    '≥286项'
    >>> str(parse_target("0.26以下"))
    '≤0.26'
    >>> str(parse_target("于2023年12月10日前"))
    '≤2023年12月10日'
    """
    folded = _EXPLANATION.sub("", normalised(text)).strip()
    folded = re.sub(r"\s+", "", folded)
    deadline = _DEADLINE.match(folded)
    if deadline is not None:
        day = parse_date(deadline[1])
        return None if day is None else Target(Comparison.AT_MOST, day)
    comparison, rest = _split_sign(folded)
    grade = Grade.parse(rest)
    if grade is not None:
        return Target(comparison, grade)
    day = parse_date(rest)
    if day is not None:
        return Target(comparison, day)
    quantity = parse_quantity(rest)
    return None if quantity is None else Target(comparison, quantity)


def _split_sign(folded: str) -> tuple[Comparison, str]:
    for symbol, comparison in _SYMBOLS.items():
        if folded.startswith(symbol):
            return comparison, folded[len(symbol) :]
    for pattern, comparison in _BEFORE:
        match = re.match(pattern, folded)
        if match is not None:
            return comparison, folded[match.end() :]
    for pattern, comparison in _AFTER:
        match = re.search(pattern + "$", folded)
        if match is not None:
            return comparison, folded[: match.start()]
    return Comparison.EQUAL, folded
