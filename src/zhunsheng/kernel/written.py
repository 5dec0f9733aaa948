"""Reading what people write: 约44.68万户, 1,434,465, １００％, 近62.7%, 超20亿元, 1亿5000万元, 二十三项.

One grammar for figures in cells, targets and texts. Everything read is normalised first: full-width
digits and punctuation and look-alike letters. What is not plainly one figure is not guessed: a bound
(15%以上), a range (5—8次) and digits torn by spaces (1 434 465) are no quantities.
"""

import re
import unicodedata
from datetime import date
from decimal import Decimal
from itertools import pairwise

from zhunsheng.kernel.quantity import MULTIPLIERS, Hedge, Quantity

_NUMBER = r"[-+]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
_HEDGE = r"大约|约为|约|接近|将近|近|超过|超|逾|突破"
_MULTIPLIER = "|".join(sorted((word for word in MULTIPLIERS if word), key=len, reverse=True))
# a unit holds no brackets (they hold remarks) and no comparison
_UNIT = r"(?![^\s]*(?:以上|以下|以内|之内|左右|内$))[^0-9\s,.。;；()\[\]<>=≥≤~\-]{0,12}?"
_QUANTITY = re.compile(
    rf"^(?P<before>{_HEDGE})?\s*(?P<number>{_NUMBER})\s*(?P<inner>余|多)?\s*"
    rf"(?P<multiplier>{_MULTIPLIER})?\s*(?P<outer>余|多)?\s*(?P<unit>{_UNIT})\s*(?P<after>左右)?$"
)
# 1亿5000万元, 3万5千元: each part smaller than one of the part before
_COMPOUND = re.compile(
    rf"^(?P<before>{_HEDGE})?(?P<parts>(?:[0-9]+(?:\.[0-9]+)?(?:{_MULTIPLIER})){{2,}})(?P<inner>余|多)?(?P<unit>{_UNIT})(?P<after>左右)?$"
)
_PART = re.compile(rf"([0-9]+(?:\.[0-9]+)?)({_MULTIPLIER})")
_PERCENT = re.compile(r"^(?P<before>约|近|超过|超|逾)?百分之(?P<number>[零〇一二三四五六七八九十百两]+)$")
_CHINESE_QUANTITY = re.compile(
    r"^(?P<before>约|近|超过?|逾)?(?P<number>[零〇一二三四五六七八九十百千万亿两]+)"
    rf"(?P<unit>(?!分之){_UNIT})$"
)
_DATE = re.compile(r"^([0-9]{4})\s*[-年./]\s*([0-9]{1,2})\s*[-月./]\s*([0-9]{1,2})\s*日?$")
_HEDGES = {
    "约": Hedge.ABOUT,
    "大约": Hedge.ABOUT,
    "约为": Hedge.ABOUT,
    "左右": Hedge.ABOUT,
    "近": Hedge.NEARLY,
    "接近": Hedge.NEARLY,
    "将近": Hedge.NEARLY,
    "超": Hedge.OVER,
    "超过": Hedge.OVER,
    "逾": Hedge.OVER,
    "突破": Hedge.OVER,
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
    for written, meant in (("﹪", "%"), ("−", "-"), ("–", "-"), ("—", "-")):
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
    >>> str(parse_quantity("1亿5000万元"))
    '15000万元'
    """
    folded = normalised(text)
    match = _QUANTITY.match(folded)
    if match is None:
        return _parse_compound(folded) or _parse_chinese(folded)
    hedge_word = match["before"] or match["inner"] or match["outer"] or match["after"] or ""
    return Quantity(
        Decimal(match["number"].replace(",", "")),
        match["unit"],
        MULTIPLIERS[match["multiplier"] or ""],
        _HEDGES.get(hedge_word, Hedge.NONE),
    )


def _parse_compound(folded: str) -> Quantity | None:
    """1亿5000万元 as 15000万元, in the smallest multiplier written, whose precision it has."""
    match = _COMPOUND.match(folded)
    if match is None:
        return None
    parts = [(Decimal(number), MULTIPLIERS[word]) for number, word in _PART.findall(match["parts"])]
    for (_, above), (number, below) in pairwise(parts):
        if number * below >= above:
            return None
    smallest = parts[-1][1]
    value = sum((number * (multiplier // smallest) for number, multiplier in parts), Decimal(0))
    hedge_word = match["before"] or match["inner"] or match["after"] or ""
    return Quantity(value, match["unit"], smallest, _HEDGES.get(hedge_word, Hedge.NONE))


def _parse_chinese(folded: str) -> Quantity | None:
    percent = _PERCENT.match(folded)
    match = percent or _CHINESE_QUANTITY.match(folded)
    # 千人, 百货: a bare multiplier belongs to a word
    if match is None or (percent is None and match["number"] in {"百", "千", "万", "亿"}):
        return None
    number = chinese_numeral(match["number"])
    if number is None:
        return None
    unit = "%" if percent is not None else match["unit"]
    return Quantity(Decimal(number), unit, 1, _HEDGES.get(match["before"] or "", Hedge.NONE))


def chinese_numeral(text: str) -> int | None:
    """A whole number in Chinese numerals; None when it is not one.

    >>> chinese_numeral("二十三")
    23
    >>> chinese_numeral("一百零八万")
    1080000
    >>> chinese_numeral("一百五")
    150
    """
    if not text:
        return None
    if all(char in _DIGITS for char in text) and len(text) > 1:
        return int("".join(str(_DIGITS[char]) for char in text))
    total = section = digit = 0
    last = 0  # the multiplier before the digit at hand, 0 after 零
    for char in text:
        if char in _DIGITS:
            if digit:  # 十四五 is a name, not a number
                return None
            digit = _DIGITS[char]
            last = last if digit else 0
        elif char in _SMALL:
            if section and section % (_SMALL[char] * 10):  # 十百, 百百: not in falling order
                return None
            section += (digit or 1) * _SMALL[char]
            digit, last = 0, _SMALL[char]
        elif char in _LARGE:
            if not (total + section + digit):  # 万 alone is no number
                return None
            total = (
                (total + section + digit) * _LARGE[char]
                if char == "亿"
                else total + (section + digit) * _LARGE[char]
            )
            section = digit = 0
            last = _LARGE[char]
        else:
            return None
    # 一百五 is 150 and 两万三 is 23000; only 一百零五 is 105
    return total + section + digit * (last // 10 if last > 10 else 1)


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
