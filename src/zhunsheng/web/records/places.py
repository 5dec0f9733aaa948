"""Places between records as parts of an address, and back."""

import base64
import binascii
import json
from datetime import date, datetime
from typing import Any

from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.store.records.browsing import Order, Position
from zhunsheng.store.records.physical import column_of

_LARGEST = 2**31
_LARGEST_VALUE = 2**63
_LONGEST = 2_000


def written(place: Position) -> str:
    """A place as a part of an address."""
    value = place.value
    kind = type(value).__name__
    shown: Any = value.isoformat() if isinstance(value, date) else value
    content = json.dumps([kind, shown, place.batch, place.row], ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def read(text: str, ledger: LedgerDefinition, order: Order) -> Position | None:
    """The place an address names; None when it names none of this ledger and order."""
    if not text or len(text) > _LONGEST:
        return None
    try:
        kind, shown, batch, row = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        value = _value(kind, shown)
    except (ValueError, TypeError, binascii.Error, RecursionError):
        return None
    if not all(type(each) is int and -1 <= each < _LARGEST for each in (batch, row)):
        return None
    if value is not None and (not order.field or kind != _kind_of(ledger, order.field)):
        return None
    return Position(value, batch, row)


def _value(kind: str, shown: Any) -> "int | str | bool | date | datetime | None":  # noqa: ANN401 - plain data
    match kind, shown:
        case "NoneType", None:
            return None
        case "date", str():
            return date.fromisoformat(shown)
        case "datetime", str():
            moment = datetime.fromisoformat(shown)
            if moment.tzinfo is not None:
                raise ValueError(shown)
            return moment
        case "bool", bool():
            return shown
        case "int", int() if abs(shown) < _LARGEST_VALUE and not isinstance(shown, bool):
            return shown
        case "str", str():
            return shown.encode("utf-8").decode("utf-8")
    raise ValueError(kind)


_KINDS = {
    "VARCHAR": "str",
    "BIGINT": "int",
    "INTEGER": "int",
    "BOOLEAN": "bool",
    "DATE": "date",
    "TIMESTAMP": "datetime",
}


def _kind_of(ledger: LedgerDefinition, name: str) -> str:
    return _KINDS.get(column_of(ledger.by_name[name]).type, "")
