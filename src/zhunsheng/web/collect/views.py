"""Pages: what is owed in a year, by whom, until when, and what is late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from zhunsheng.assembly.rejections import Rejected
from zhunsheng.kernel.problem import Problem
from zhunsheng.store.database.models import StoredCase
from zhunsheng.web.collect.item import way_to
from zhunsheng.web.page import PageRequest, may, page
from zhunsheng.workflow.action import Invalid, perform
from zhunsheng.workflow.collecting.assigning import Remind
from zhunsheng.workflow.collecting.items import Item, is_mine, items_of
from zhunsheng.workflow.evaluating.running import computing_job

SHOWN = (
    ("all", noop("全部")),
    ("mine", noop("我负责的")),
    ("missing", noop("没有完成值的")),
    ("late", noop("逾期的")),
)
"""What the list may be narrowed down to."""


@dataclass(frozen=True, slots=True)
class Line:
    """An item as the list shows it."""

    item: Item
    late: int
    mine: bool


def lines_of(request: PageRequest, case: StoredCase, today: date) -> list[Line]:
    """Every item with what it means to the person who looks."""
    return [Line(each, each.days_late(today), is_mine(each, request.actor)) for each in items_of(case)]


def _chosen(lines: Sequence[Line], shown: str, words: str) -> list[Line]:
    wanted = words.strip().lower()
    return [
        line for line in lines if _belongs(line, shown) and (not wanted or wanted in _searched(line.item))
    ]


def _belongs(line: Line, shown: str) -> bool:
    match shown:
        case "mine":
            return line.mine
        case "missing":
            return line.item.missing
        case "late":
            return line.late > 0
        case _:
            return True


def _searched(item: Item) -> str:
    return f"{item.code}\n{item.label}\n{item.owner}".lower()


@page("case.read")
def collect(request: PageRequest, case: StoredCase) -> HttpResponse:
    """The list of everything that is owed."""
    return _list(request, case)


@page("case.read", write="collect.assign")
def remind(request: PageRequest, case: StoredCase) -> HttpResponse:
    """Ask for the chosen values, or for everything late."""
    if request.method != "POST":
        return redirect("collect", case.code)
    chosen = tuple(request.POST.getlist("items")) if request.POST.get("which") != "late" else ()
    if request.POST.get("which") != "late" and not chosen:
        messages.warning(request, _("没有选择项目；勾选要催报的项目后再催。"))
        return redirect("collect", case.code)
    try:
        changes = perform(Remind(case, chosen, request.POST.get("text", "")), request.actor)
    except Invalid as error:
        return _list(request, case, error.problems)
    messages.success(request, _("已催报 %d 项，责任人在“我的工作”中看到。") % len(changes))
    return redirect("collect", case.code)


def _list(request: PageRequest, case: StoredCase, problems: Sequence[Problem] = ()) -> HttpResponse:
    today = timezone.localdate()
    try:
        lines = lines_of(request, case, today)
    except Rejected as error:
        lines, problems = [], (*problems, *error.problems)
    shown, words = request.GET.get("show", "all"), request.GET.get("q", "")
    context = {
        "lines": _chosen(lines, shown, words),
        "counts": {
            "all": len(lines),
            "mine": sum(line.mine for line in lines),
            "missing": sum(line.item.missing for line in lines),
            "late": sum(line.late > 0 for line in lines),
        },
        "shown": shown if shown in dict(SHOWN) else "all",
        "choices": [(code, _(label)) for code, label in SHOWN],
        "words": words,
        "may_assign": may(request, "collect.assign"),
        "may_compute": may(request, "evaluation.compute"),
        "job": computing_job(case),
        "problems": problems,
        "text": request.POST.get("text", ""),
        "ticked": request.POST.getlist("items"),
        "trail_of_pages": way_to(case),
    }
    return render(request, "collect/list.html", context, status=422 if problems else 200)
