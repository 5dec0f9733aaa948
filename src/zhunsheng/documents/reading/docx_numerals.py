"""Numbers as Word prints them in lists: 一 十一 二十, 甲 乙, ① ⑵, A AA, iv."""

from collections.abc import Callable, Mapping
from typing import Final

_DIGITS: Final = "〇一二三四五六七八九"
_LEGAL_SIMPLIFIED: Final = ("零壹贰叁肆伍陆柒捌玖", ("", "拾", "佰", "仟"), "万")
_LEGAL_TRADITIONAL: Final = ("零壹貳參肆伍陸柒捌玖", ("", "拾", "佰", "仟"), "萬")
_COUNTING: Final = ("零一二三四五六七八九", ("", "十", "百", "千"), "万")
_STEMS: Final = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES: Final = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN: Final = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)
_LARGEST_ROMAN: Final = 32_767
_LARGEST_LETTERS: Final = 780
_LARGEST_CHINESE: Final = 99_999


def list_number(style: str, number: int) -> str:
    """A list number in a numbering style of the format; decimal where the style is not known.

    >>> [list_number("chineseCounting", each) for each in (1, 10, 21, 100)]
    ['一', '十', '二十一', '一○○']
    >>> list_number("decimalEnclosedCircleChinese", 3)
    '③'
    """
    if style in {"none", "bullet"}:
        return ""
    write = _STYLES.get(style)
    written = write(number) if write is not None and number >= 0 else ""
    return written or str(number)


def _counted(
    number: int, signs: tuple[str, tuple[str, ...], str], *, short_ten: bool = True, zeros: bool = True
) -> str:
    """A number in words: 二百零五.

    Args:
        short_ten: whether 10 to 19 are written 十, 十一 instead of 一十, 一十一.
        zeros: whether skipped places are written 零.
    """
    digits, places, myriad = signs
    if not 0 < number <= _LARGEST_CHINESE:
        return ""
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        between = digits[0] if zeros and 0 < low < 1000 else ""
        rest = _counted(low, signs, short_ten=False, zeros=zeros) if low else ""
        return f"{_counted(high, signs)}{myriad}{between}{rest}"
    text = ""
    gap = False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit == 0:
            gap = bool(text)
            continue
        text += (digits[0] if gap and zeros else "") + digits[digit] + places[place]
        gap = False
    ten = digits[1] + places[1]
    return text[1:] if short_ten and text.startswith(ten) else text


def _digit_by_digit(number: int, zero: str) -> str:
    return "".join(_DIGITS[int(each)] for each in str(number)).replace("〇", zero)


def _chinese(number: int, zero: str = "○") -> str:
    """Counting up to 99, digit by digit beyond."""
    return _counted(number, _COUNTING) if number < 100 else _digit_by_digit(number, zero)


def _japanese(number: int) -> str:
    """As counted in Japanese: 百 and 千 without 一 before them, no zeros."""
    text = _counted(number, _COUNTING, zeros=False)
    return text.replace("一百", "百").replace("一千", "千").replace("一十", "十")


def _letters(number: int) -> str:
    if not 0 < number <= _LARGEST_LETTERS:
        return ""
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _roman(number: int) -> str:
    if not 0 < number <= _LARGEST_ROMAN:
        return ""
    text = ""
    for value, sign in _ROMAN:
        count, number = divmod(number, value)
        text += sign * count
    return text


def _from(first: str, count: int) -> Callable[[int], str]:
    """Characters that follow each other in Unicode, for 1 to `count`."""
    return lambda number: chr(ord(first) + number - 1) if 1 <= number <= count else ""


def _one_of(characters: str) -> Callable[[int], str]:
    return lambda number: characters[number - 1] if 1 <= number <= len(characters) else ""


def _cycle_of_sixty(number: int) -> str:
    return _STEMS[(number - 1) % 10] + _BRANCHES[(number - 1) % 12] if 1 <= number <= 60 else ""


def _ordinal(number: int) -> str:
    ending = "th" if number // 10 % 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


_FULL_WIDTH: Final = {ord("0") + digit: chr(ord("０") + digit) for digit in range(10)}

_STYLES: Final[Mapping[str, Callable[[int], str]]] = {
    "decimal": str,
    "decimalHalfWidth": str,
    "decimalZero": lambda number: f"{number:02d}",
    "decimalFullWidth": lambda number: str(number).translate(_FULL_WIDTH),
    "decimalFullWidth2": lambda number: str(number).translate(_FULL_WIDTH),
    "numberInDash": lambda number: f"- {number} -",
    "upperRoman": lambda number: _roman(number).upper(),
    "lowerRoman": _roman,
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerLetter": _letters,
    "ordinal": _ordinal,
    "chineseCounting": _chinese,
    "chineseCountingThousand": lambda number: _counted(number, _COUNTING),
    "taiwaneseCounting": _chinese,
    "taiwaneseCountingThousand": lambda number: _counted(number, _COUNTING),
    "taiwaneseDigital": lambda number: _digit_by_digit(number, "○"),
    "ideographDigital": lambda number: _digit_by_digit(number, "〇"),
    "japaneseDigitalTenThousand": lambda number: _digit_by_digit(number, "〇"),
    "japaneseCounting": _japanese,
    "chineseLegalSimplified": lambda number: _counted(number, _LEGAL_SIMPLIFIED, short_ten=False),
    "ideographLegalTraditional": lambda number: _counted(number, _LEGAL_TRADITIONAL, short_ten=False),
    "ideographTraditional": _one_of(_STEMS),
    "ideographZodiac": _one_of(_BRANCHES),
    "ideographZodiacTraditional": _cycle_of_sixty,
    "decimalEnclosedCircle": _from("①", 20),
    "decimalEnclosedCircleChinese": _from("①", 20),
    "decimalEnclosedFullstop": _from("⒈", 20),
    "decimalEnclosedParen": _from("⑴", 20),
    "ideographEnclosedCircle": _from("㈠", 10),
}
