"""Columns for exact values: money as whole fen, decimals as text, lists as JSON.

SQLite keeps decimals as binary floats, so no decimal ever reaches a numeric column.
"""

import json
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from zhunsheng.kernel.money import Money
from zhunsheng.kernel.rounding import plain

_FEN = 100
_LARGEST_FEN = 2**63 - 1


def fen_of(money: Money) -> int:
    """An amount as whole fen.

    Raises:
        ValidationError: it is finer than a fen or beyond what the database holds.
    """
    fen = money.yuan * _FEN
    if fen != fen.to_integral_value() or abs(fen) > _LARGEST_FEN:
        raise ValidationError("金额须精确到分", code="fen")
    return int(fen)


class MoneyField(models.BigIntegerField):  # type: ignore[type-arg] # not generic at run time
    """An amount of money, kept as whole fen."""

    def from_db_value(self, value: int | None, _expression: object, _connection: object) -> Money | None:
        """From fen."""
        return None if value is None else Money(Decimal(value) / _FEN)

    def to_python(self, value: object) -> Money | None:
        """From what a fixture or form holds: fen or an amount."""
        if value is None or isinstance(value, Money):
            return value
        return Money(Decimal(str(value)) / _FEN)

    def get_prep_value(self, value: object) -> int | None:
        """To fen."""
        return fen_of(value) if isinstance(value, Money) else super().get_prep_value(value)


class ExactDecimalField(models.TextField):  # type: ignore[type-arg] # not generic at run time
    """A decimal of any precision, kept as its plain text."""

    def from_db_value(self, value: str | None, _expression: object, _connection: object) -> Decimal | None:
        """From text."""
        return None if value is None else Decimal(value)

    def to_python(self, value: object) -> Decimal | None:
        """From text or a decimal."""
        return value if value is None or isinstance(value, Decimal) else Decimal(str(value))

    def get_prep_value(self, value: object) -> str | None:
        """To text without an exponent."""
        return plain(value) if isinstance(value, Decimal) else super().get_prep_value(value)


class TextsField(models.JSONField):
    """Several texts in order, kept as a JSON list."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> tuple[str, ...]:  # noqa: ANN401 - as the base class
        """From JSON."""
        found: list[str] = super().from_db_value(value, expression, connection) or []
        return tuple(found)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: ANN401 - as the base class
        """To JSON."""
        return super().get_db_prep_value(
            list(value) if isinstance(value, tuple) else value, connection, prepared
        )


class DocumentField(models.JSONField):  # not generic at run time
    """A JSON document that comes back with its keys in the order they were written in, whatever the database.

    PostgreSQL's usual kind of JSON sorts keys in its own way, so that a page would list things in another order there.
    """

    def db_type(self, connection: Any) -> str | None:  # noqa: ANN401 - as the base class
        """Kept as written."""
        return "json" if connection.vendor == "postgresql" else super().db_type(connection)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:  # noqa: ANN401 - as the base class
        """From JSON; the driver of PostgreSQL has read this kind already."""
        return super().from_db_value(value, expression, connection) if isinstance(value, str) else value

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: ANN401 - as the base class
        """To text: the usual way leads through the kind that sorts keys."""
        if value is None or hasattr(value, "as_sql"):
            return super().get_db_prep_value(value, connection, prepared)
        return json.dumps(value, cls=self.encoder)
