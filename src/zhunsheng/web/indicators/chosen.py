"""Whose values, of which year: what an address names, or the nearest thing somebody may see."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from zhunsheng.store.database.models import Job, Organisation, StoredCase
from zhunsheng.web.numbers_sent import year_sent
from zhunsheng.web.page import PageRequest
from zhunsheng.workflow.catalogue import RIGHTS, judge
from zhunsheng.workflow.importing.places import bureaus_seen, has_records, opened
from zhunsheng.workflow.indicators.kept import (
    KeptValues,
    computing_now,
    failed_since,
    kept_values,
    years_kept,
)
from zhunsheng.workflow.planning.visible import visible_cases
from zhunsheng.workflow.rights import Asked

_RIGHT = "records.read"
_FIRST_YEAR, _LAST_YEAR = 1949, 2200


@dataclass(frozen=True, slots=True)
class Chosen:
    """A body and a year.

    Attributes:
        bodies: those whose values somebody may see.
        body: None when there is none.
        years: to choose from, the newest first.
        case: of the body and year, if there is one that may be seen.
        may_open: whether the records behind the values may be seen, and values asked for.
        has_records: whether the body has a record store.
    """

    bodies: tuple[Organisation, ...]
    body: Organisation | None
    years: tuple[int, ...]
    year: int
    case: StoredCase | None
    may_open: bool
    has_records: bool

    @property
    def query(self) -> str:
        """As a part of an address."""
        return "" if self.body is None else f"organisation={self.body.code}&year={self.year}"


class NotAllowed(Exception):  # noqa: N818 - nothing is broken
    """The values of that body are not for the person who asks."""


def chosen(request: PageRequest, today: date) -> Chosen:
    """What the address names.

    Raises:
        NotAllowed: it names a body or a year of it that is not for the person who asks.
    """
    cases = list(visible_cases(request.actor, today))
    opening = bureaus_seen(request.actor, today)
    bodies = _bodies(opening, cases)
    named = request.GET.get("organisation", "")
    body = next((each for each in bodies if each.code == named), None)
    if named and body is None:
        raise NotAllowed
    newest = max(cases, key=lambda each: each.fiscal_year, default=None)
    body = body or (newest.organisation if newest is not None else next(iter(bodies), None))
    if body is None:
        return Chosen((), None, (), today.year, None, may_open=False, has_records=False)
    own = {each.fiscal_year: each for each in cases if each.organisation_id == body.pk}
    may_open = any(each.pk == body.pk for each in opening)
    years = set(own) | (years_kept(body) | {today.year} if may_open else set())
    year = _year(request.GET.get("year", ""))
    if year is not None and year not in years and not may_open:
        raise NotAllowed
    year = year or max(own, default=max(years, default=today.year))
    shown = tuple(sorted(years | {year}, reverse=True))
    return Chosen(bodies, body, shown, year, own.get(year), may_open, has_records(body))


def _bodies(opening: tuple[Organisation, ...], cases: list[StoredCase]) -> tuple[Organisation, ...]:
    found = {each.pk: each for each in opening}
    for each in cases:
        found.setdefault(each.organisation_id, each.organisation)
    return tuple(sorted(found.values(), key=lambda each: each.path))


def _year(text: str) -> int | None:
    year = year_sent(text)
    return year if year is not None and _FIRST_YEAR <= year <= _LAST_YEAR else None


def refused(request: PageRequest, body_code: str = "") -> HttpResponse:
    """The page that says why not."""
    body = Organisation.objects.select_related("overseer").filter(code=body_code).first()
    verdict = judge(_RIGHT, request.actor, Asked(timezone.localdate(), organisation=body))
    context = {"right": RIGHTS[_RIGHT], "reason": verdict.reason}
    return render(request, "errors/403.html", context, status=403)


@dataclass(frozen=True, slots=True)
class Age:
    """How old values are.

    Attributes:
        commits: of the record store since they were computed; None when that cannot be told.
    """

    commits: int | None

    @property
    def is_current(self) -> bool:
        """Whether the records are still the same."""
        return self.commits == 0


def age_of(body: Organisation, kept: KeptValues) -> Age:
    """How old values are, by the state of the records they came from."""
    if not has_records(body):
        return Age(None)
    with opened(body) as store:
        now = store.snapshot()
    known, _, number = kept.snapshot.rpartition("-")
    if not now.token.startswith(f"{known}-") or not (number.isascii() and number.isdecimal()):
        return Age(None)
    return Age(now.seq - int(number))


def values_bar(body: Organisation | None, year: int, code: str, to: str, *, may_open: bool) -> dict[str, Any]:
    """What a page says about the values it shows: how old they are, who is computing, what can be done.

    Args:
        code: of the only indicator the page is about; "" for all.
        to: address of the page, to come back to.
        may_open: whether the person may ask for values.
    """
    if body is None:
        return {"kept": None}
    kept = kept_values(body, year, code)
    job = computing_now(body, year, code)
    return {
        "kept": kept,
        "age": None if kept is None else age_of(body, kept),
        "values_job": job,
        "values_poll": "" if job is None else progress_of(job, to),
        "values_failed": failed_since(body, year, code, kept) if job is None else None,
        "values_code": code,
        "values_to": to,
        "may_open": may_open,
        "has_records": has_records(body),
    }


def progress_of(job: Job, to: str) -> str:
    """The address that says how far a job is and leads back when it is over."""
    return f"{reverse('indicator_progress', args=[job.pk])}?{urlencode({'to': to})}"
