"""Pages: what was really spent and received, line by line, with its source and what proves it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhunsheng.kernel.problem import Problem
from zhunsheng.kernel.rounding import half_up
from zhunsheng.plans.columns import Holds
from zhunsheng.plans.roles import EvaluationState
from zhunsheng.store.database.case_content import SECTION_OF
from zhunsheng.store.database.models import Evidence, StoredCase
from zhunsheng.web.collect.item import NOTHING, Typed, files_of, way_to
from zhunsheng.web.numbers_sent import number_sent
from zhunsheng.web.page import PageRequest, may, page
from zhunsheng.web.plan.fields import FormField
from zhunsheng.workflow.action import Invalid, Stale, perform
from zhunsheng.workflow.collecting.execution import (
    EXECUTED,
    Spending,
    item_code,
    spending_of,
    spendings_of,
)
from zhunsheng.workflow.collecting.recording import RecordExecution
from zhunsheng.workflow.planning.cells import texts_of
from zhunsheng.workflow.planning.places import spot_of

_LOCKED = frozenset({EvaluationState.FROZEN, EvaluationState.RELEASED})


@page("case.read")
def executions(request: PageRequest, case: StoredCase) -> HttpResponse:
    """All budget lines and projects with what was spent of them."""
    found = spendings_of(case)
    tables = [
        (
            SECTION_OF[name],
            [(each, rate_shown(each)) for each in found if each.section == name],
        )
        for name in EXECUTED
    ]
    context = {
        "tables": tables,
        "missing": sum(each.record.executed is None for each in found),
        "refused": refusal(request, case),
        "may_report": any(may(request, "collect.report", owner) for owner in {each.owner for each in found}),
        "trail_of_pages": way_to(case, way_to_all(case)),
    }
    return render(request, "collect/executions.html", context)


@page("case.read", write="collect.report")
def execution(request: PageRequest, case: StoredCase, section: str, code: str) -> HttpResponse:
    """One of them, and reporting what was spent."""
    found = wanted_line(case, item_code(section, code))
    if request.method != "POST":
        return shown_line(request, case, found)
    cells = {name: request.POST[name] for name in EXECUTED[found.section] if name in request.POST}
    action = RecordExecution(case, found.item, cells, number_sent(request.POST.get("seen")))
    try:
        changes = perform(action, request.actor)
    except Invalid as error:
        return shown_line(request, case, found, Typed(value=cells, problems=error.problems, status=422))
    except Stale as error:
        again = wanted_line(case, found.item)
        return shown_line(request, case, again, Typed(value=cells, overtaken=error.what, status=409))
    messages.success(request, _("已保存。") if changes else _("内容没有变化。"))
    return redirect("collect_execution", case.code, found.section, found.code)


def wanted_line(case: StoredCase, item: str) -> Spending:
    """One of the year's budget lines or projects.

    Raises:
        Http404: there is none.
    """
    found = spending_of(case, item)
    if found is None:
        raise Http404
    return found


def shown_line(
    request: PageRequest, case: StoredCase, found: Spending, typed: Typed = NOTHING
) -> HttpResponse:
    """The page of a budget line or project."""
    section = SECTION_OF[found.section]
    texts = texts_of(section, found.record) | dict(typed.value or {})
    context = {
        "line": found,
        "section": section,
        "rate": rate_shown(found),
        "typed": typed,
        "problems": typed.problems,
        "fields": _fields(found, texts, typed.problems),
        "files": files_of(request, case, found.item),
        "withdrawn": Evidence.objects.filter(case=case, item=found.item)
        .exclude(withdrawn=None)
        .select_related("who"),
        "may_report": may(request, "collect.report", found.owner),
        "may_judge": may(request, "collect.judge"),
        "refused": refusal(request, case),
        "trail_of_pages": way_to(case, way_to_all(case), (found.label, "")),
    }
    return render(request, "collect/execution.html", context, status=typed.status)


def rate_shown(found: Spending) -> str:
    """The share that was executed, in percent with two decimals; "" where it is not known."""
    rate: Fraction | None = found.rate
    if rate is None:
        return ""
    shown: Decimal = half_up(rate * 100, 2)
    return f"{shown}%"


def way_to_all(case: StoredCase) -> tuple[str, str]:
    """The list of executed amounts, as a station above other pages."""
    return _("执行数"), reverse("collect_executions", args=[case.code])


def refusal(request: PageRequest, case: StoredCase) -> str:
    """Why nothing can be changed any more, for a year that is locked; "" while it is not."""
    if case.evaluation not in _LOCKED or request.actor.user is None:
        return ""
    return _("自评已锁定，执行数不能再改。发现差错的，请财政部门写明原因解除锁定，改正后重新送审、锁定。")


def _fields(found: Spending, texts: Mapping[str, str], problems: Sequence[Problem]) -> list[FormField]:
    columns = {each.name: each for each in SECTION_OF[found.section].columns}
    return [
        FormField(
            id=f"value-{name}",
            name=name,
            label=_(columns[name].label),
            value=texts.get(name, ""),
            note=_(columns[name].note) if columns[name].note else "",
            rows=3 if columns[name].holds is Holds.LONG else 0,
            inputmode="decimal" if columns[name].holds is Holds.MONEY else "",
            unit=_("万元") if columns[name].holds is Holds.MONEY else "",
            problems=tuple(each for each in problems if spot_of(each.place).column == name),
        )
        for name in EXECUTED[found.section]
    ]
