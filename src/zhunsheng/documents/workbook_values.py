"""Cell values as the values a case reader takes: numbers as they are shown, text as it was typed."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from zhunsheng.kernel.located import Scalar
from zhunsheng.plans.columns import Column, Holds

_ESCAPED: Final = re.compile(r"_x005F_(?=x[0-9A-Fa-f]{4}_)|_x(00[01][0-9A-Fa-f])_")
_NOT_DIGITS: Final = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_MOST_PLACES: Final = 15
_NUMBERS: Final = {Holds.INTEGER, Holds.DECIMAL, Holds.MONEY}


def scalar_of(value: object, number_format: str, column: Column) -> Scalar:
    """A cell's value for a column.

    Numbers keep the 15 significant digits a spreadsheet shows and the decimals of their format
    (5.7 formatted 0.00 is 5.70). A number in percent format is its percent figure in a column
    headed （%）, its plain value in other number columns, and text such as 95% elsewhere.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float | Decimal):
        return _number(value, number_format, column)
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return _ESCAPED.sub(_unescape, str(value))


def is_percent(value: object, number_format: str, column: Column) -> bool:
    """Whether a number was typed as 95% into a column that wants 95."""
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and column.holds in _NUMBERS
        and "%" in column.label
        and "%" in _digits_of(number_format)
    )


def _unescape(match: re.Match[str]) -> str:
    return "_" if match[1] is None else chr(int(match[1], 16))


def _number(value: float | Decimal, number_format: str, column: Column) -> Scalar:
    number = Decimal(f"{value:.15g}") if isinstance(value, float) else Decimal(value)
    if not number.is_finite():
        return str(value)
    if number.is_zero():
        number = abs(number)
    shown = _digits_of(number_format)
    places = min(shown.partition(".")[2].count("0"), _MOST_PLACES) if "E" not in shown.upper() else 0
    percent = "%" in shown and (column.holds not in _NUMBERS or "%" in column.label)
    if percent:
        number = number.scaleb(2)
    # without an exponent: 1E+3 is 1000
    text = f"{number:f}"
    missing = places - len(text.partition(".")[2])
    if missing > 0:
        text = f"{text if '.' in text else text + '.'}{'0' * missing}"
    return f"{text}%" if percent and column.holds not in _NUMBERS else Decimal(text)


def _digits_of(number_format: str) -> str:
    """The part of a number format that positive numbers use, without literal text."""
    return _NOT_DIGITS.sub("", number_format).split(";", maxsplit=1)[0]
