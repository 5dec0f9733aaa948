"""Numbers as a spreadsheet cell shows them: 0.9928 with the format 0.00% is read as 99.28%.

Exact decimal arithmetic throughout; a spreadsheet keeps 15 significant digits, and so does this.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import Final

from openpyxl.styles.numbers import BUILTIN_FORMATS

GENERAL: Final = "General"
_DAY: Final = "yyyy/m/d"
_YEAR_MONTH: Final = 'yyyy"年"m"月"'
_MONTH_DAY: Final = 'm"月"d"日"'
_CLOCK: Final = '上午/下午h"时"mm"分"'
# built-in formats as Chinese spreadsheet programs show them
_CHINESE: Final = {
    5: '"¥"#,##0;"¥"\\-#,##0',
    6: '"¥"#,##0;"¥"\\-#,##0',
    7: '"¥"#,##0.00;"¥"\\-#,##0.00',
    8: '"¥"#,##0.00;"¥"\\-#,##0.00',
    14: _DAY,
    22: f"{_DAY} h:mm",
    27: _YEAR_MONTH,
    28: _MONTH_DAY,
    29: _MONTH_DAY,
    30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"',
    33: 'h"时"mm"分"ss"秒"',
    34: _CLOCK,
    35: f'{_CLOCK}ss"秒"',
    36: _YEAR_MONTH,
    37: "#,##0;-#,##0",
    38: "#,##0;-#,##0",
    39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00",
    50: _YEAR_MONTH,
    51: _MONTH_DAY,
    52: _YEAR_MONTH,
    53: _MONTH_DAY,
    54: _MONTH_DAY,
    55: _CLOCK,
    56: f'{_CLOCK}ss"秒"',
    57: _YEAR_MONTH,
    58: _MONTH_DAY,
}
_KEPT: Final = Context(prec=15, rounding=ROUND_HALF_UP)
_WIDE: Final = Context(prec=60, rounding=ROUND_HALF_UP)
_WIDTH: Final = 11
_LONGEST_CODE: Final = 500
_TOKEN: Final = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|[_*].|\[\$(?P<symbol>[^\]-]*)[^\]]*\]|\[(?P<elapsed>h+|m+|s+)\]'
    r"|\[(?P<test>[<>=]+)(?P<bound>-?[\d.]+)\]|\[[^\]]*\]|(?P<general>General)"
    r"|(?P<noon>AM/PM|A/P|上午/下午)|(?P<power>E[+-])|(?P<date>y+|m+|d+|h+|s+|a{3,4}|e+)"
    r"|(?P<digit>[0#?])|(?P<point>\.)|(?P<comma>,)|(?P<percent>%)|(?P<over>/)|(?P<text>@)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_WEEKDAYS: Final = "一二三四五六日"
_MOST_DAYS: Final = 2_958_465


@dataclass(frozen=True, slots=True)
class _Section:
    """One part of a format: its tokens as (kind, text), its condition."""

    tokens: tuple[tuple[str, str], ...]
    test: str = ""
    bound: Decimal = Decimal(0)

    def has(self, kind: str) -> bool:
        """Whether a token of this kind occurs."""
        return any(each == kind for each, _ in self.tokens)


def builtin_format(number: int) -> str:
    """The format code of a built-in format number; unknown numbers are shown plainly."""
    return _CHINESE.get(number) or BUILTIN_FORMATS.get(number) or GENERAL


def shown(value: Decimal, code: str, *, from_1904: bool = False) -> str:
    """A number as its cell shows it; a format that is not understood shows it plainly.

    Args:
        value: the number.
        code: the format, as the file writes it.
        from_1904: whether days are counted from 1904.

    >>> shown(Decimal("0.9928"), "0.00%"), shown(Decimal("1234567.5"), "#,##0.00")
    ('99.28%', '1,234,567.50')
    """
    value = _KEPT.plus(value)
    if not value.is_finite() or code == GENERAL or len(code) > _LONGEST_CODE:
        return plain(value)
    sections = _sections(code)
    section, bare = _chosen(sections, value)
    if section is None or section.has("general") or section.has("text"):
        return _with_literals(section, value) if section else plain(value)
    if section.has("date") or section.has("elapsed"):
        return _date(section, value, from_1904=from_1904)
    if not section.has("digit"):
        words = "".join(text for kind, text in section.tokens if kind in {"literal", "percent"})
        return words.strip()
    if section.has("over") and _is_fraction(section):
        return plain(value)
    sign = "-" if value < 0 and not bare else ""
    number = abs(value)
    return (sign + (_power(section, number) if section.has("power") else _fixed(section, number))).strip()


def plain(value: Decimal) -> str:
    """A number without a format: as wide as a cell shows it, but never in powers of ten.

    >>> plain(Decimal("0.30000000000000004")), plain(Decimal("22918.410"))
    ('0.3', '22918.41')
    """
    value = _KEPT.plus(value)
    if not value.is_finite():
        return str(value)
    if value and value.adjusted() < -4:
        places = 5 - value.adjusted()
    else:
        places = max(0, _WIDTH - 1 - max(1, value.adjusted() + 1))
    text = f"{_rounded(value, min(places, 40)):f}" if value.adjusted() < 40 else str(value)
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), context=_WIDE)


@lru_cache(maxsize=512)
def _sections(code: str) -> tuple[_Section, ...]:
    found: list[_Section] = []
    tokens: list[tuple[str, str]] = []
    test, bound = "", Decimal(0)

    def close() -> None:
        nonlocal tokens, test, bound
        found.append(_Section(tuple(tokens), test, bound))
        tokens, test, bound = [], "", Decimal(0)

    for match in _TOKEN.finditer(code):
        kind, text = match.lastgroup or "", match[0]
        if kind == "other" and text == ";":
            close()
        elif kind in {"test", "bound"}:
            test, bound = match["test"], _bound(match["bound"])
        elif kind in {"quoted", "escaped", "symbol"}:
            tokens.append(("literal", match[kind]))
        elif kind == "elapsed":
            tokens.append((kind, match[kind].lower()))
        elif kind == "other":
            tokens.append(("literal", text))
        elif kind == "date":
            tokens.append((kind, text.lower()))
        elif kind:
            tokens.append((kind, text))
    close()
    return tuple(found)


def _bound(text: str) -> Decimal:
    return Decimal(text) if re.fullmatch(r"-?\d+(?:\.\d*)?", text) else Decimal(0)


def _chosen(sections: tuple[_Section, ...], value: Decimal) -> tuple[_Section | None, bool]:
    """The section for a value, and whether the section itself writes the sign."""
    if any(section.test for section in sections):
        for section in sections[:3]:
            if not section.test or _holds(section, value):
                return section, bool(section.test) and value < 0 and section.test.startswith("<")
        return None, False
    if value < 0 and len(sections) > 1:
        return sections[1], True
    if value == 0 and len(sections) > 2:
        return sections[2], True
    return sections[0], False


def _holds(section: _Section, value: Decimal) -> bool:
    return {
        "<": value < section.bound,
        "<=": value <= section.bound,
        ">": value > section.bound,
        ">=": value >= section.bound,
        "=": value == section.bound,
        "<>": value != section.bound,
    }.get(section.test, False)


def _with_literals(section: _Section, value: Decimal) -> str:
    return "".join(
        plain(value) if kind in {"general", "text"} else text
        for kind, text in section.tokens
        if kind in {"general", "text", "literal"}
    )


def _is_fraction(section: _Section) -> bool:
    kinds = [kind for kind, _ in section.tokens]
    at = kinds.index("over")
    return "digit" in kinds[:at]


def _fixed(section: _Section, number: Decimal) -> str:
    """A number without power of ten, filled into the places of its format."""
    kinds = [kind for kind, _ in section.tokens]
    point = kinds.index("point") if "point" in kinds else len(kinds)
    whole = [index for index, kind in enumerate(kinds[:point]) if kind == "digit"]
    part = [index for index, kind in enumerate(kinds) if index > point and kind == "digit"]
    last_whole = whole[-1] if whole else -1
    commas = [index for index, kind in enumerate(kinds) if kind == "comma"]
    scaling = [each for each in commas if (last_whole < each < point) or (part and each > part[-1])]
    grouped = any(whole and whole[0] < each < last_whole for each in commas)
    number = number.scaleb(2 * kinds.count("percent") - 3 * len(scaling), context=_WIDE)
    digits = f"{_rounded(number, len(part)):f}"
    head, _, tail = digits.partition(".")
    head = head.lstrip("0")
    filled: dict[int, str] = {}
    for index in reversed(whole):
        filled[index] = head[-1:] or ("0" if section.tokens[index][1] == "0" else "")
        head = head[:-1]
    if whole:
        filled[whole[0]] = head + filled[whole[0]]
    if grouped:
        _group(filled, whole)
    significant = max((place for place, digit in enumerate(tail) if digit != "0"), default=-1)
    for place, index in enumerate(part):
        kept = place <= significant or any(section.tokens[later][1] == "0" for later in part[place:])
        filled[index] = tail[place] if kept else ""
    pieces = []
    for index, (kind, text) in enumerate(section.tokens):
        if kind == "digit":
            pieces.append(filled[index])
        elif kind in {"literal", "percent", "point", "over"}:
            pieces.append(text)
    return "".join(pieces)


def _group(filled: dict[int, str], whole: list[int]) -> None:
    """Put a comma after every third digit, counted from the right."""
    count = 0
    for index in reversed(whole):
        text = ""
        for digit in reversed(filled[index]):
            if count and count % 3 == 0:
                text = "," + text
            text = digit + text
            count += 1
        filled[index] = text


def _power(section: _Section, number: Decimal) -> str:
    """A number with a power of ten."""
    kinds = [kind for kind, _ in section.tokens]
    at = kinds.index("power")
    point = kinds.index("point") if "point" in kinds[:at] else at
    places = kinds[point:at].count("digit")
    power = number.adjusted() if number else 0
    mantissa = _rounded(number.scaleb(-power, context=_WIDE), places)
    if mantissa >= 10:
        power += 1
        mantissa = _rounded(number.scaleb(-power, context=_WIDE), places)
    width = kinds[at:].count("digit")
    sign = "-" if power < 0 else "+" if section.tokens[at][1].endswith("+") else ""
    return f"{mantissa:f}E{sign}{str(abs(power)).zfill(width)}"


def _date(section: _Section, value: Decimal, *, from_1904: bool) -> str:
    if value < 0 or value > _MOST_DAYS:
        return plain(value)
    days = value + 1462 if from_1904 else value
    # the system counts a 29 February 1900 that never was
    start = datetime(1899, 12, 31) if days < 60 else datetime(1899, 12, 30)  # noqa: DTZ001 - clock of the cell
    seconds = int(_rounded((days % 1) * 86_400, 0))
    moment = start + timedelta(days=int(days), seconds=seconds)
    half = section.has("noon")
    tokens = [each for each in section.tokens if each[0] in {"date", "elapsed"}]
    position = 0
    pieces = []
    for kind, text in section.tokens:
        if kind in {"date", "elapsed"}:
            before = tokens[position - 1][1] if position else ""
            after = tokens[position + 1][1] if position + 1 < len(tokens) else ""
            position += 1
            if kind == "elapsed":
                total = int(days) * 86_400 + seconds
                size = {"h": 3600, "m": 60, "s": 1}[text[0]]
                pieces.append(str(total // size).zfill(len(text)))
            else:
                minutes = text[0] == "m" and (before[:1] == "h" or after[:1] == "s")
                pieces.append(_date_part("n" * len(text) if minutes else text, moment, half=half))
        elif kind == "noon":
            words = text.split("/")
            pieces.append(words[0] if moment.hour < 12 else words[1])
        elif kind in {"literal", "over", "point", "comma"}:
            pieces.append(text)
    return "".join(pieces).strip()


def _date_part(text: str, moment: datetime, *, half: bool) -> str:
    """One part of a date; `n` stands for minutes."""
    wide = len(text) > 1
    hour = (moment.hour % 12 or 12) if half else moment.hour
    match text[0]:
        case "y" | "e":
            return f"{moment.year:04d}" if len(text) > 2 or text[0] == "e" else f"{moment.year % 100:02d}"
        case "m" if len(text) > 2:
            return moment.strftime("%b" if len(text) == 3 else "%B")
        case "d" if len(text) > 2:
            return moment.strftime("%a" if len(text) == 3 else "%A")
        case "a":
            return ("星期" if len(text) > 3 else "") + _WEEKDAYS[moment.weekday()]
        case letter:
            number = {
                "m": moment.month,
                "d": moment.day,
                "h": hour,
                "n": moment.minute,
                "s": moment.second,
            }[letter]
            return f"{number:02d}" if wide else str(number)
