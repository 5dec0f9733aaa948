"""How values are shown on pages."""

from decimal import Decimal

from django import template
from django.utils.translation import gettext as _

from zhunsheng.kernel.money import Money
from zhunsheng.kernel.rounding import plain, score_text
from zhunsheng.plans.roles import Role
from zhunsheng.store.database.models import Job
from zhunsheng.web.language import job_name as name_of_job
from zhunsheng.web.language import shown

register = template.Library()


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
def label(value: object) -> str:
    """The name of a choice, a column, a ledger, in the language of the reader; or the name itself, translated."""
    return shown(value)


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
def grouped(value: int | None) -> str:
    """A whole number with thousands separators; a dash when there is none."""
    return "—" if value is None else f"{int(value):,}"
