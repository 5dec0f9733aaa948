"""Targets: sign, value, unit; read from what people write and printed back.

A target's value is a quantity (不少于286项), a date (于2023年12月10日前), a grade (A级) or the words of
a qualitative goal. A bare figure is read as 等于 and a bare amount of money stays 等于 as well; whether
a bare value means "at least" is a decision of the plan, not of the reader.
"""

import re
from calendar import monthrange
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
        return value.printed(plain(value.value))
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
_AT_LEAST = r"不(?:得|应)?(?:少|低|小)于|至少|最少|达到?(?:每年)?|大于或?等于"
_AT_MOST = r"不(?:得|应)?(?:超过|多于|高于|大于)|至多|最多|最高|控制在|小于或?等于"
_BEFORE = (
    (re.compile(_AT_LEAST), Comparison.AT_LEAST),
    (re.compile(_AT_MOST), Comparison.AT_MOST),
    (re.compile(r"超过?|逾|大于|高于|多于"), Comparison.MORE_THAN),
    (re.compile(r"小于|低于|少于|不足|不到"), Comparison.LESS_THAN),
    (re.compile(r"等于|为"), Comparison.EQUAL),
)
_AFTER = (
    (re.compile(r"[或及]?以上$"), Comparison.AT_LEAST),
    # 内 alone bounds a span of time: 5个工作日内
    (re.compile(r"(?:[或及]?以下|[以之]内|(?<=[日天时钟秒周月年])内)$"), Comparison.AT_MOST),
)
_UPWARD = {Comparison.AT_LEAST, Comparison.MORE_THAN}
_DOWNWARD = {Comparison.AT_MOST, Comparison.LESS_THAN}
_STRICT = {Comparison.AT_LEAST: Comparison.MORE_THAN, Comparison.AT_MOST: Comparison.LESS_THAN}
# words that say how often or how firmly, not how much
_LEADING = re.compile(r"^(?:力争|确保|保持在?|实现|全年|年内|每年|年均)+(?=.)")
_DONE = r"(?:(?:完成|建成|办结|竣工|投入|上线|提交|报送|印发|发放|支付|验收).*)?"
_BY = rf"(?:之前|以前|前){_DONE}$"
_DEADLINE = re.compile(rf"^[于在]?([0-9]{{4}}[-年./][0-9]{{1,2}}[-月./][0-9]{{1,2}}日?){_BY}")
_MONTH_END = re.compile(rf"^[于在]?([0-9]{{4}})年(?:([0-9]{{1,2}})月|年)?[底末]{_BY}")
_EXPLANATION = re.compile(r"[(\[]([^()\[\]]*)[)\]]$")
_INCLUDED, _EXCLUDED = re.compile(r"\(含(?:本数)?\)"), re.compile(r"\(不含(?:本数)?\)")


def parse_target(text: str) -> Target | None:
    """Read a target as people write it; None when the text is not a measurable target.

    >>> str(parse_target("不少于286项"))
    '≥286项'
    >>> str(parse_target("0.26以下"))
    '≤0.26'
    >>> str(parse_target("于2023年12月10日前"))
    '≤2023年12月10日'
    >>> str(parse_target("2023年底前"))
    '≤2023年12月31日'
    """
    folded = re.sub(r"(?<![0-9])\s+|\s+(?![0-9])", "", normalised(text))
    strict = _EXCLUDED.search(folded) is not None
    folded = _INCLUDED.sub("", _EXCLUDED.sub("", folded))
    remark = _EXPLANATION.search(folded)
    if remark is not None:
        folded = folded[: remark.start()]
    day = _deadline(folded)
    if day is not None:
        return Target(Comparison.AT_MOST, day)
    signed = _split_sign(folded)
    if signed is None:
        return None
    comparison, rest = signed
    if remark is not None and comparison is Comparison.EQUAL:
        comparison = _sign_of(remark[1]) or comparison
    value = Grade.parse(rest) or parse_date(rest) or parse_quantity(rest)
    if value is None:
        return None
    return Target(_STRICT.get(comparison, comparison) if strict else comparison, value)


def _deadline(folded: str) -> date | None:
    match = _DEADLINE.match(folded)
    if match is not None:
        return parse_date(match[1])
    match = _MONTH_END.match(folded)
    if match is None:
        return None
    year, month = int(match[1]), int(match[2] or 12)
    if not (1 <= month <= 12 and year):
        return None
    return date(year, month, monthrange(year, month)[1])


def _sign_of(words: str) -> Comparison | None:
    """The comparison that some words are, such as 不少于."""
    return next((comparison for pattern, comparison in _BEFORE if pattern.fullmatch(words)), None)


def _split_sign(folded: str) -> tuple[Comparison, str] | None:
    """The comparison and what is left; None when the words before and after contradict each other."""
    before, rest = _sign_before(_LEADING.sub("", folded))
    after = None
    for pattern, comparison in _AFTER:
        match = pattern.search(rest)
        if match is not None:
            after, rest = comparison, rest[: match.start()]
            break
    found = {before, after}
    if found & _UPWARD and found & _DOWNWARD:
        return None
    # 为90%以上: the words after it are what 为 leaves open
    return (after or before if before is Comparison.EQUAL else before or after) or Comparison.EQUAL, rest


def _sign_before(text: str) -> tuple[Comparison | None, str]:
    for symbol, comparison in _SYMBOLS.items():
        if text.startswith(symbol):
            return comparison, text[len(symbol) :]
    for pattern, comparison in _BEFORE:
        match = pattern.match(text)
        if match is not None:
            return comparison, _LEADING.sub("", text[match.end() :])
    return None, text
