"""Pages: the catalogue of indicators, values asked for, how far a computation is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from zhunsheng.indicators.definition import ResultKind
from zhunsheng.measures.stated import Compared, Verdict
from zhunsheng.store.database.models import Job, Organisation
from zhunsheng.web import language
from zhunsheng.web.indicators.catalogue import Entry, chapters, entries, matching
from zhunsheng.web.indicators.charts import shown
from zhunsheng.web.indicators.chosen import Chosen, NotAllowed, chosen, progress_of, refused, values_bar
from zhunsheng.web.numbers_sent import year_sent
from zhunsheng.web.page import PageRequest, page
from zhunsheng.workflow.catalogue import judge
from zhunsheng.workflow.indicators.asking import ask_for_values
from zhunsheng.workflow.indicators.beside import Beside, Standing, beside_of
from zhunsheng.workflow.indicators.kept import VALUES, KeptFigure, KeptValues
from zhunsheng.workflow.indicators.listing import ROWS
from zhunsheng.workflow.job_acts import may_cancel
from zhunsheng.workflow.rights import Asked

PER_PAGE = 50
_LONGEST = 100
STATES: tuple[tuple[str, str], ...] = (
    ("used", noop("本年度采用的")),
    ("different", noop("填报与计算不一致")),
    ("missed", noop("未达目标")),
    ("without", noop("没有计算值")),
)
VERDICT_TONES: Mapping[Verdict, str] = {
    Verdict.EQUAL: "passed",
    Verdict.TRUNCATED: "warning",
    Verdict.DIFFERENT: "error",
    Verdict.NOT_COMPARABLE: "note",
}
STANDING_TONES: Mapping[Standing, str] = {
    Standing.REACHED: "done",
    Standing.MISSED: "warning",
    Standing.UNCLEAR: "note",
    Standing.NO_VALUE: "not_collected",
}


@dataclass(frozen=True, slots=True)
class Line:
    """An indicator of the catalogue beside what the year says of it.

    Attributes:
        beside: None when the year does not use it.
        kept: the computed value; None when none was computed.
    """

    entry: Entry
    beside: Beside | None
    kept: KeptFigure | None

    @property
    def value(self) -> str:
        """The computed value as people read it."""
        return "" if self.kept is None else shown(self.kept)

    @property
    def compared(self) -> Compared | None:
        """Stated against computed."""
        if self.beside is None or self.kept is None:
            return None
        return self.beside.compared(self.kept.figure)

    @property
    def verdict_tone(self) -> str:
        """The shape of the verdict."""
        found = self.compared
        return "" if found is None else VERDICT_TONES[found.verdict]

    @property
    def standing(self) -> Standing | None:
        """The computed value against the target, or the adopted one while nothing was computed."""
        if self.beside is None:
            return None
        if self.kept is not None and self.kept.is_computed:
            return self.beside.reached_by(self.kept.figure)
        return self.beside.standing

    @property
    def standing_tone(self) -> str:
        """The shape of it."""
        found = self.standing
        return "" if found is None else STANDING_TONES[found]

    def is_in(self, state: str) -> bool:
        """Whether it is among those of a state."""
        match state:
            case "used":
                return self.beside is not None
            case "different":
                found = self.compared
                return found is not None and found.verdict is Verdict.DIFFERENT
            case "missed":
                return self.standing is Standing.MISSED
            case "without":
                return self.kept is None or not self.kept.is_computed
            case _:
                return True


@page("library.read")
def indicators(request: PageRequest) -> HttpResponse:
    """The catalogue: every indicator with its value for a body and year, beside target and stated value."""
    try:
        found = chosen(request, timezone.localdate())
    except NotAllowed:
        return refused(request, request.GET.get("organisation", ""))
    given = _given(request)
    bar = values_bar(found.body, found.year, "", _address("indicators", found.query), may_open=found.may_open)
    besides = () if found.case is None else beside_of(found.case)
    divisions = sorted({each.division for each in besides if each.division})
    lines = list(_lines(given, besides, bar["kept"]))
    listed = Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "chosen": found,
        "given": given,
        "page": listed,
        "is_searched": any(given.values()),
        "query": urlencode({**_fields(found), **{key: value for key, value in given.items() if value}}),
        "count": len(entries()),
        "chapters": [("", _("不限")), *((str(key), _(label)) for key, label in chapters().items())],
        "kinds": [("", _("不限")), *((each.value, language.shown(each)) for each in ResultKind)],
        "divisions": [("", _("不限")), *((each, each) for each in divisions)] if divisions else (),
        "states": [("", _("不限")), *((code, _(label)) for code, label in STATES)],
        "bodies": [(each.code, str(each)) for each in found.bodies],
        "years": [(str(each), _("%(year)s年度") % {"year": each}) for each in found.years],
        "year": str(found.year),
        **bar,
    }
    if request.htmx and request.htmx.target == "found":
        return render(request, "indicators/found.html", context)
    return render(request, "indicators/list.html", context)


def _given(request: PageRequest) -> dict[str, str]:
    names = ("q", "chapter", "kind", "division", "state")
    return {name: request.GET.get(name, "").strip()[:_LONGEST] for name in names}


def _fields(found: Chosen) -> dict[str, str]:
    return {} if found.body is None else {"organisation": found.body.code, "year": str(found.year)}


def _address(name: str, query: str, *parts: str) -> str:
    address = reverse(name, args=parts)
    return f"{address}?{query}" if query else address


def _lines(given: Mapping[str, str], besides: Sequence[Beside], kept: KeptValues | None) -> Iterable[Line]:
    """What is looked for, indicators that the year uses first."""
    by_code: dict[str, list[Beside]] = {}
    for each in besides:
        by_code.setdefault(each.indicator.definition, []).append(each)
    made = []
    for entry in matching(given["q"], given["chapter"], given["kind"]):
        figure = None if kept is None else kept.figure(entry.definition)
        made += [Line(entry, each, figure) for each in by_code.get(entry.code, (None,))]
    made.sort(key=lambda each: each.beside is None)
    return (
        each
        for each in made
        if each.is_in(given["state"])
        and (not given["division"] or (each.beside is not None and each.beside.division == given["division"]))
    )


def entry_named(code: str) -> Entry:
    """An indicator by its code.

    Raises:
        Http404: there is none.
    """
    found = entries().get(code)
    if found is None:
        raise Http404
    return found


def way(*more: tuple[str, str]) -> list[dict[str, str]]:
    """The pages above a page of indicators, itself last."""
    return [
        {"label": _("指标"), "url": reverse("indicators")},
        *({"label": label, "url": url} for label, url in more),
    ]


def way_back(text: str) -> str:
    """An address of these pages to go back to; the catalogue when it is none."""
    usual = reverse("indicators")
    is_ours = text.startswith(usual) and url_has_allowed_host_and_scheme(text, allowed_hosts=None)
    return text if is_ours else usual


@page("records.read", write="records.read")
def compute(request: PageRequest, organisation: Organisation) -> HttpResponse:
    """Ask for values of a body for a year, of all indicators or of one."""
    back = way_back(request.POST.get("to", ""))
    if request.method != "POST":
        return redirect("indicators")
    year, code = request.POST.get("year", ""), request.POST.get("indicator", "")[:_LONGEST]
    number = year_sent(year) or 0
    ask_for_values(organisation, number, request.actor, code)
    messages.success(request, _("已开始计算，完成后本页自动更新。"))
    return redirect(back)


@page("self.use")
def progress(request: PageRequest, number: int) -> HttpResponse:
    """The piece that says how far a computation is; it leads back when it is over."""
    job = (
        Job.objects.filter(pk=number, kind__in=(VALUES, ROWS))
        .select_related("organisation__overseer")
        .first()
    )
    if job is None or job.organisation is None:
        raise Http404
    asked = Asked(timezone.localdate(), organisation=job.organisation, some_part=True)
    if not judge("records.read", request.actor, asked).allowed:
        raise Http404
    to = way_back(request.GET.get("to", ""))
    answer = render(request, "components/progress.html", progress_context(request, job, to))
    if job.is_over:
        answer.headers["HX-Redirect"] = to
    return answer


def progress_context(request: PageRequest, job: Job, to: str) -> dict[str, Any]:
    """What the piece about a job shows."""
    return {
        "job": job,
        "poll": progress_of(job, to),
        "cancel": reverse("job_cancel", args=[job.pk]) if may_cancel(request.actor, job) else "",
    }
