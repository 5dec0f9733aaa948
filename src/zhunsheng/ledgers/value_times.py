"""Dates and moments in cells: the forms offices write, at local time (+08:00)."""

import re
from datetime import date, datetime, timedelta, timezone
from typing import Final

from zhunsheng.ledgers.value_texts import folded

EARLIEST: Final = date(1900, 1, 1)
LATEST: Final = date(2100, 12, 31)
FOR_EVER: Final = date(9999, 12, 31)
"""What systems write for "without end"."""

_LOCAL: Final = timezone(timedelta(hours=8))
_DATE: Final = r"(?P<year>\d{4})(?:(?P<sign>[-/.])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})|年(?P<month2>\d{1,2})月(?P<day2>\d{1,2})[日号]?|(?P<month3>\d{2})(?P<day3>\d{2}))"
_CLOCK: Final = r"(?P<hour>\d{1,2})(?:[:：](?P<minute>\d{1,2})(?:[:：](?P<second>\d{1,2})(?:\.(?P<part>\d{1,6})\d*)?)?|[时点](?:(?P<minute2>\d{1,2})分?(?:(?P<second2>\d{1,2})秒)?)?)"
_MOMENT: Final = re.compile(
    rf"^{_DATE}(?:(?:\s+|[Tt])?{_CLOCK}\s*(?P<zone>Z|z|[-+]\d{{2}}:?\d{{2}})?)?$", re.ASCII
)
_SERIAL: Final = re.compile(r"^\d{1,6}(?:\.\d+)?$", re.ASCII)


def is_serial(text: str) -> bool:
    """Whether a text may be a spreadsheet's count of days instead of a date."""
    return _SERIAL.match(folded(text)) is not None


def read_moment(text: str) -> tuple[datetime, bool] | None:
    """The moment of a cleaned text at local time, and whether a clock time was written; None if it is none.

    >>> read_moment("2021年3月5日")
    (datetime.datetime(2021, 3, 5, 0, 0), False)
    """
    match = _MOMENT.match(folded(text))
    if match is None:
        return None
    hour = match["hour"]
    part = int((match["part"] or "").ljust(6, "0") or 0)
    try:
        found = datetime(  # noqa: DTZ001 - ledgers keep local time
            int(match["year"]),
            _number(match, "month"),
            _number(match, "day"),
            int(hour or 0),
            _number(match, "minute"),
            _number(match, "second"),
            part,
        )
        zone = match["zone"]
        if zone:
            found = found.replace(tzinfo=_zone(zone)).astimezone(_LOCAL).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None
    return found, hour is not None


def is_odd(day: date) -> bool:
    """Whether a date is outside any business of ours."""
    return not (EARLIEST <= day <= LATEST or day == FOR_EVER)


def _number(match: re.Match[str], name: str) -> int:
    """One of the groups of a name that differ in how the date is written."""
    groups = match.groupdict()
    return int(next((groups[f"{name}{each}"] for each in ("", "2", "3") if groups.get(f"{name}{each}")), 0))


def _zone(text: str) -> timezone:
    if text in {"Z", "z"}:
        return timezone(timedelta())
    hours, minutes = int(text[1:3]), int(text[-2:])
    return timezone(timedelta(minutes=(hours * 60 + minutes) * (-1 if text[0] == "-" else 1)))
