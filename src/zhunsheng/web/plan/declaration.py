"""Page: the department's target declaration form, for print."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from zhunsheng.plans.case import Indicator
from zhunsheng.plans.choices import BudgetSide, IndicatorKind
from zhunsheng.reports.cells import merged_column
from zhunsheng.store.database.case_content import case_of
from zhunsheng.store.database.models import StoredCase
from zhunsheng.web.page import PageRequest, page
from zhunsheng.web.plan.ways import way_to
from zhunsheng.workflow.planning.checking import target_shown, total_points


@dataclass(frozen=True, slots=True)
class DeclaredIndicator:
    """A line of the form; spans are 0 where a cell above covers it."""

    indicator: Indicator
    group_span: int
    kind_span: int
    target: str


def declared(indicators: Sequence[Indicator]) -> list[DeclaredIndicator]:
    """The indicators by their groups, equal neighbours merged."""
    order = {group: place for place, group in enumerate(dict.fromkeys(each.group for each in indicators))}
    ordered = sorted(indicators, key=lambda each: (order[each.group], list(IndicatorKind).index(each.kind)))
    groups = merged_column([each.group.value for each in ordered])
    kinds: list[int] = []
    for _group, members in groupby(ordered, key=lambda each: each.group):
        kinds += merged_column([each.kind.value for each in members])
    return [
        DeclaredIndicator(each, groups[place], kinds[place], target_shown(each))
        for place, each in enumerate(ordered)
    ]


@page("case.read")
def declaration(request: PageRequest, case: StoredCase) -> HttpResponse:
    """部门整体支出绩效目标申报表."""
    content = case_of(case)
    context = {
        "content": content,
        "expenditure": [each for each in content.budget if each.side is BudgetSide.EXPENDITURE],
        "lines": declared([each for each in content.indicators if each.group and each.kind]),
        "total": total_points(content.indicators),
        "trail_of_pages": way_to(case, (_("目标申报表"), "")),
    }
    return render(request, "plan/declaration.html", context)
