"""Texts of cells: what every cell is freed of, and what is folded in codes and numbers only."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

NUMERIC_MARK: Final = "\x1f"
"""Precedes the text of a number that a spreadsheet kept as a binary float too long for its exact digits."""

ERRORS: Final = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA"}
)

_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_LINE_END: Final = re.compile(r"\r\n?|[\x85\u2028\u2029]")
_FULL_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_EXACT_UP_TO: Final = 10**15
_GUARDED: Final = re.compile(r"^'(?=[=+\-@'])")


def typed_text(value: object) -> str:
    """The text that stands for a value of a spreadsheet, a database or JSON.

    Numbers are written in full, dates and times as in ISO 8601, and a float too large to be exact carries
    `NUMERIC_MARK`, so that its digits are not taken for a code.
    """
    match value:
        case None:
            return ""
        case str():
            return value.replace(NUMERIC_MARK, "")
        case bool():
            return "TRUE" if value else "FALSE"
        case int():
            return str(value)
        case float():
            return _float_text(value)
        case Decimal():
            return f"{value:f}" if value.is_finite() else str(value)
        case datetime():
            return _moment_text(value)
        case date() | time():
            return value.isoformat()
        case _:
            return _duration_text(value) if isinstance(value, timedelta) else str(value)


def _float_text(value: float) -> str:
    if value != value or value in {float("inf"), float("-inf")}:  # noqa: PLR0124 - the one number unlike itself
        return str(value)
    if value.is_integer() and abs(value) < _EXACT_UP_TO:
        return str(int(value))
    text = f"{Decimal(repr(value)):f}"
    return f"{NUMERIC_MARK}{text}" if abs(value) >= _EXACT_UP_TO else text


def _moment_text(value: datetime) -> str:
    return value.isoformat(sep=" ")


def _duration_text(value: timedelta) -> str:
    seconds = int(value.total_seconds())
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def cleaned(text: str) -> str:
    """A text without invisible characters and outer blanks, with plain line ends."""
    found = _LINE_END.sub("\n", text)
    return _GUARDED.sub("", _INVISIBLE.sub("", found).strip())


def folded(text: str) -> str:
    """Full-width letters, digits and signs as their ordinary forms.

    >>> folded("９１４４ａ")
    '9144a'
    """
    return text.translate(_FULL_WIDTH)


def without_blanks(text: str) -> str:
    """A code without blanks inside."""
    return "".join(text.split())


def compatible(text: str) -> str:
    """Compatibility forms resolved, for headings and labels that are compared."""
    return without_blanks(unicodedata.normalize("NFKC", text)).casefold()
