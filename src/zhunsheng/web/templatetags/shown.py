"""How values are shown on pages."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from zhunsheng.kernel.money import Money
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.rounding import plain, score_text
from zhunsheng.kernel.written import parse_quantity
from zhunsheng.plans.roles import Role
from zhunsheng.store.database.models import Job
from zhunsheng.web.language import job_name as name_of_job
from zhunsheng.web.language import shown

register = template.Library()
_FIELD_OF_FORM = re.compile(r"[a-z][a-z0-9_-]*")


@register.filter
def money(value: Money | None) -> str:
    """An amount in 万元 with thousands separators; a dash when there is none."""
    return "—" if value is None else value.shown()


@register.filter
def decimal(value: Decimal | None) -> str:
    """A decimal as it is written; a dash when there is none."""
    return "—" if value is None else plain(value)


@register.filter
def score(value: Decimal | str | None) -> str:
    """A score with two decimals; 待评 while there is none."""
    return _("待评") if value in {None, ""} else score_text(Decimal(str(value)))


@register.filter
def day(value: date | None) -> str:
    """A day, never broken over two lines; nothing when there is none."""
    return _time(value, "%Y-%m-%d")


@register.filter
def minute(value: datetime | None) -> str:
    """A moment to the minute, in the site's time zone."""
    return _time(value, "%Y-%m-%d %H:%M")


@register.filter
def second(value: datetime | None) -> str:
    """A moment to the second."""
    return _time(value, "%Y-%m-%d %H:%M:%S")


def _time(value: date | None, form: str) -> str:
    if not isinstance(value, date):
        return ""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return format_html(
        '<time class="nowrap" datetime="{}">{}</time>', value.isoformat(), value.strftime(form)
    )


@register.filter
def label(value: object) -> str:
    """The name of a choice, a column, a ledger, in the language of the reader; or the name itself, translated."""
    return shown(value)


@register.filter
def says_where(place: Place | Mapping[str, object] | None) -> bool:
    """Whether a place says something to a person, more than the name a form has for its field."""
    if not place:
        return False
    names = ("file", "sheet", "cell", "line", "field")
    known = place if isinstance(place, Mapping) else {name: getattr(place, name, None) for name in names}
    where = str(known.get("field") or "")
    in_file = any(known.get(name) for name in names[:-1])
    return in_file or bool(where and _FIELD_OF_FORM.fullmatch(where) is None)


@register.filter
def role_label(value: str) -> str:
    """The name of a role by its code."""
    return shown(Role(value)) if value else ""


@register.filter
def job_name(job: Job) -> str:
    """The name of a job."""
    return name_of_job(job)


@register.filter
def of(mapping: object, key: object) -> object:
    """The value under a key, or nothing."""
    return mapping.get(key, "") if isinstance(mapping, dict) else ""


@register.filter
def figure(text: str | None) -> str:
    """A figure with its unit, as it came; an amount of money gets thousands separators and keeps its decimals.

    >>> figure("1952.31万元"), figure("1291宗"), figure(None)
    ('1,952.31万元', '1291宗', '')
    """
    found = parse_quantity(text or "")
    written = "" if found is None else found.printed(plain(found.value))
    if found is None or found.as_money() is None or written != text:
        return text or ""
    return found.printed(f"{found.value:,f}")


@register.filter
def grouped(value: int | None) -> str:
    """A whole number with thousands separators; a dash when there is none."""
    return "—" if value is None else f"{int(value):,}"
