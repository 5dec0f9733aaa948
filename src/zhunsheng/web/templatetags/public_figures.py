"""How the figures of a release are shown; there they are exact decimals in texts."""

from decimal import Decimal

from django import template

register = template.Library()


@register.filter
def amount(value: str | None) -> str:
    """An amount with thousands separators and at least two decimals; no digit is lost. A dash when there is none.

    >>> amount("22918.4"), amount("1120.692"), amount(None)
    ('22,918.40', '1,120.692', '—')
    """
    if value is None:
        return "—"
    number = Decimal(value)
    places = max(2, -int(number.as_tuple().exponent))
    return f"{number:,.{places}f}"
