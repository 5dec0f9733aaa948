"""Reading what people write: 约44.68万户, 1,434,465, １００％, 近62.7%, 超20亿元, 二十三项.

One grammar for figures in cells, targets and texts. Everything read is normalised first: full-width
digits and punctuation, look-alike letters and spaces inside numbers.
"""

import re
import unicodedata
from datetime import date
from decimal import Decimal

from zhunsheng.kernel.quantity import Hedge, Quantity

_MULTIPLIERS = {"": 1, "千": 1_000, "万": 10_000, "百万": 1_000_000, "亿": 100_000_000, "万亿": 10**12}
_NUMBER = r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_QUANTITY = re.compile(
    rf"^(?P<before>约|大约|近|超过?|逾)?\s*(?P<number>{_NUMBER})\s*(?P<inner>余|多)?\s*"
    r"(?P<multiplier>万亿|百万|千|万|亿)?\s*(?P<outer>余|多)?\s*(?P<unit>[^\d\s,.。;；]{0,12}?)\s*(?P<after>左右)?$"
)
_CHINESE_QUANTITY = re.compile(
    r"^(?P<before>约|近|超过?|逾)?(?P<number>[零〇一二三四五六七八九十百千万亿两]+)(?P<unit>[^\d零〇一二三四五六七八九十百千万亿两]{0,8})$"
)
_DATE = re.compile(r"^(\d{4})\s*[-年./]\s*(\d{1,2})\s*[-月./]\s*(\d{1,2})\s*日?$")
_HEDGES = {
    "约": Hedge.ABOUT,
    "大约": Hedge.ABOUT,
    "左右": Hedge.ABOUT,
    "近": Hedge.NEARLY,
    "超": Hedge.OVER,
    "超过": Hedge.OVER,
    "逾": Hedge.OVER,
    "余": Hedge.MORE,
    "多": Hedge.MORE,
}
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10_000, "亿": 100_000_000}


def normalised(text: str) -> str:
    """NFKC, unified signs, outer spaces and a closing full stop removed.

    >>> normalised("１００％。")
    '100%'
    """
    folded = unicodedata.normalize("NFKC", text).strip()
    for written, meant in (("﹪", "%"), ("−", "-"), ("–", "-"), ("—", "-"), ("、", "、")):
        folded = folded.replace(written, meant)
    return folded.rstrip("。;.").strip()


def parse_decimal(text: str) -> Decimal | None:
    """A bare number with optional thousands separators; None when it is anything else.

    >>> parse_decimal("1,434,465")
    Decimal('1434465')
    """
    folded = normalised(text)
    return Decimal(folded.replace(",", "")) if re.fullmatch(_NUMBER, folded) else None


def parse_quantity(text: str) -> Quantity | None:
    """A figure with optional hedge, multiplier and unit; None when the text is anything else.

    >>> str(parse_quantity("约44.68万户"))
    '约44.68万户'
    >>> parse_quantity("1亿元").amount
    Decimal('100000000')
    """
    folded = normalised(text)
    match = _QUANTITY.match(folded)
    if match is None:
        return _parse_chinese(folded)
    unit = match["unit"]
    hedge_word = match["before"] or match["inner"] or match["outer"] or match["after"] or ""
    return Quantity(
        Decimal(match["number"].replace(",", "")),
        unit,
        _MULTIPLIERS[match["multiplier"] or ""],
        _HEDGES.get(hedge_word, Hedge.NONE),
    )


def _parse_chinese(folded: str) -> Quantity | None:
    match = _CHINESE_QUANTITY.match(folded)
    if match is None:
        return None
    number = chinese_numeral(match["number"])
    if number is None:
        return None
    return Quantity(Decimal(number), match["unit"], 1, _HEDGES.get(match["before"] or "", Hedge.NONE))


def chinese_numeral(text: str) -> int | None:
    """A whole number in Chinese numerals; None when it is not one.

    >>> chinese_numeral("二十三")
    23
    >>> chinese_numeral("一百零八万")
    1080000
    """
    if not text:
        return None
    if all(char in _DIGITS for char in text) and len(text) > 1:
        return int("".join(str(_DIGITS[char]) for char in text))
    total = section = digit = 0
    for char in text:
        if char in _DIGITS:
            if digit:  # 十四五 is a name, not a number
                return None
            digit = _DIGITS[char]
        elif char in _SMALL:
            section += (digit or 1) * _SMALL[char]
            digit = 0
        elif char in _LARGE:
            total = (
                (total + section + digit) * _LARGE[char]
                if char == "亿"
                else total + (section + digit) * _LARGE[char]
            )
            section = digit = 0
        else:
            return None
    return total + section + digit


def parse_date(text: str) -> date | None:
    """A calendar date: 2023年12月10日, 2023-12-10, 2023/12/10; None when it does not exist.

    >>> parse_date("2023年12月10日")
    datetime.date(2023, 12, 10)
    """
    match = _DATE.match(normalised(text))
    if match is None:
        return None
    try:
        return date(*(int(part) for part in match.groups()))
    except ValueError:
        return None
