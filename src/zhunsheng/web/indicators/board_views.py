"""Pages: the board of a year."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zhunsheng.kernel.rounding import plain
from zhunsheng.measures.stated import Verdict
from zhunsheng.plans.choices import BudgetCategory
from zhunsheng.store.database.models import StoredCase
from zhunsheng.store.engines.rows import Part
from zhunsheng.web.indicators.board import (
    counted,
    division_chart,
    elapsed,
    main_charts,
    main_of,
    spending_chart,
    spendings,
    standing_chart,
)
from zhunsheng.web.indicators.catalogue import entries
from zhunsheng.web.indicators.chosen import Chosen, values_bar
from zhunsheng.web.indicators.one import Rows
from zhunsheng.web.indicators.views import Line, way
from zhunsheng.web.page import PageRequest, may, page
from zhunsheng.workflow.importing.places import has_records
from zhunsheng.workflow.indicators.beside import Standing, beside_of
from zhunsheng.workflow.planning.visible import visible_cases


@page("self.use")
def boards(request: PageRequest) -> HttpResponse:
    """The board of the newest year one may see; what to do when there is none."""
    newest = (
        visible_cases(request.actor, timezone.localdate())
        .order_by("-fiscal_year", "organisation__path")
        .first()
    )
    if newest is not None:
        return redirect("indicator_board", case=newest.code)
    return render(request, "indicators/no_board.html", {"trail_of_pages": way((_("看板"), ""))})


@page("case.read")
def board(request: PageRequest, case: StoredCase) -> HttpResponse:
    """A year in pictures, each number with the way to where it comes from."""
    today = timezone.localdate()
    body, year = case.organisation, case.fiscal_year
    may_open = may(request, "records.read")
    here = reverse("indicator_board", args=[case.code])
    chosen = Chosen((body,), body, (year,), year, case, may_open, has_records(body))
    bar = values_bar(body, year, "", here, may_open=may_open)
    kept = bar["kept"]
    besides = beside_of(case)
    main, choices = main_of(besides, kept, request.GET.getlist("main"))
    lines = [
        Line(entry, each, None if kept is None else kept.figure(entry.definition))
        for each in besides
        if (entry := entries().get(each.indicator.definition)) is not None
    ]
    passed, spent = elapsed(year, today), spendings(case)
    whole = next((each for each in spent if each.line.category is BudgetCategory.TOTAL), None)
    charts: list[Any] = [
        spending_chart(case, spent, passed),
        standing_chart(case, besides),
        division_chart(besides, chosen.query),
    ]
    known = "" if kept is None else kept.snapshot
    links = {
        code: [
            Rows(code, chosen, known).url(month=month, part=Part.NUMERATOR.value) for month in range(1, 13)
        ]
        for code in main
    }
    context: dict[str, Any] = {
        "chosen": chosen,
        "charts": [each for each in charts if each is not None],
        "main": [] if kept is None else main_charts(besides, kept, main, links),
        "choices": choices,
        "passed": plain(passed),
        "executed": "" if whole is None or whole.rate is None else plain(whole.rate),
        "count": len(besides),
        "standing": counted(besides),
        "reached": counted(besides)[Standing.REACHED],
        "items": [(each, next((one for one in lines if one.beside is each), None)) for each in besides],
        "different": sum(
            1 for each in lines if (found := each.compared) is not None and found.verdict is Verdict.DIFFERENT
        ),
        "compared": sum(1 for each in lines if each.compared is not None),
        "boards": [
            (each.code, str(each))
            for each in visible_cases(request.actor, today).order_by("-fiscal_year", "organisation__path")[
                :60
            ]
        ],
        "today": today,
        "trail_of_pages": way((_("看板"), "")),
        **bar,
    }
    return render(request, "indicators/board.html", context)
