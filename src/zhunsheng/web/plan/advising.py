"""What is said about a target: while it is typed, after it is saved, and from the library of indicators."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from zhunsheng.kernel.problem import Problems
from zhunsheng.plans.case import Indicator
from zhunsheng.plans.sections import Section
from zhunsheng.store.database.case_content import record_of, row_with_key
from zhunsheng.store.database.models import StoredCase
from zhunsheng.store.indicator_files import indicator_codes, indicator_of
from zhunsheng.web.numbers_sent import number_sent
from zhunsheng.web.page import PageRequest, may, page
from zhunsheng.web.plan.fields import references, typed
from zhunsheng.web.plan.ways import way_to
from zhunsheng.workflow.action import Change
from zhunsheng.workflow.planning.advice import advice_on, with_indicator
from zhunsheng.workflow.planning.cells import RowInput, read_input
from zhunsheng.workflow.planning.checking import JUDGED, part_of_case
from zhunsheng.workflow.planning.editing import row_of
from zhunsheng.workflow.planning.history import history_of
from zhunsheng.workflow.planning.places import SECTION_OF

_INDICATORS = SECTION_OF["indicators"]
_MOST_WORDS = 4


def advised(case: StoredCase, section: Section, changes: Sequence[Change]) -> Iterator[str]:
    """What the rules say about an indicator that was just saved."""
    if section.name != "indicators" or not changes:
        return
    after = changes[0].after
    key = changes[0].subject.removeprefix("indicators/")
    code = after.get("code", key) if isinstance(after, dict) else key
    row = row_with_key(case, section, {"code": code})
    if row is None:
        return
    found = advice_on(part_of_case(case, JUDGED), record_of(section, row))
    words = [each.what for each in found.problems] + [each.what for each in found.findings]
    yield from words[:_MOST_WORDS]


@page("plan.edit", write="plan.edit")
def advice(request: PageRequest, case: StoredCase) -> HttpResponse:
    """What there is to say about an indicator as it is being typed; a piece of a page."""
    identity = number_sent(request.POST.get("row"))
    row = None if identity is None else row_of(case, _INDICATORS, identity)
    before = None if row is None else record_of(_INDICATORS, row)
    problems = Problems()
    given = RowInput(typed(request.POST, _INDICATORS))
    record: Indicator = read_input(_INDICATORS, before, given, "", problems)
    context = said_about(request, case, record, before)
    return render(request, "plan/advice.html", {**context, "reading": problems.found})


def said_about(
    request: PageRequest, case: StoredCase, record: Indicator, before: Indicator | None
) -> dict[str, object]:
    """What there is to say about an indicator: the years before, the rules, the sums of points."""
    past = history_of(case, record, request.actor)
    context: dict[str, object] = {"past": past}
    if record.code and record.name:
        year = with_indicator(part_of_case(case, JUDGED), None if before is None else before.code, record)
        context["advice"] = advice_on(year, record, past)
    return context


@page("case.read")
def library(request: PageRequest, case: StoredCase) -> HttpResponse:
    """The library of indicators, searched by words."""
    wanted = request.GET.get("q", "").strip()[:100]
    found = []
    for code in indicator_codes():
        each = indicator_of(code)
        if each is not None and all(word in _searched(code) for word in wanted.lower().split()):
            found.append(each)
    pages = Paginator(found, 20)
    context = {
        "wanted": wanted,
        "page": pages.get_page(request.GET.get("page")),
        "query": urlencode({"q": wanted, "task": request.GET.get("task", "")}),
        "task": request.GET.get("task", ""),
        "tasks": references(case, "tasks"),
        "may_pick": may(request, "plan.edit"),
        "trail_of_pages": way_to(case, (_("指标库"), "")),
    }
    return render(request, "plan/library.html", context)


def _searched(code: str) -> str:
    each = indicator_of(code)
    return "" if each is None else f"{code} {each.label} {each.description} {each.unit}".lower()
