"""Page: the plan of a year, tasks with their indicators."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from zhunsheng.plans.roles import TargetState
from zhunsheng.store.database.case_rows import ROW_MODELS
from zhunsheng.store.database.models import Remark, StoredCase
from zhunsheng.web.page import PageRequest, may, page
from zhunsheng.web.plan.listing import ListedRow, listed_rows
from zhunsheng.workflow.planning.advice import point_sums
from zhunsheng.workflow.planning.cells import EDITABLE
from zhunsheng.workflow.planning.checking import SUMS, part_of_case, target_shown, total_points
from zhunsheng.workflow.planning.places import SECTION_OF
from zhunsheng.workflow.planning.progress import target_steps
from zhunsheng.workflow.planning.transitions import PASSING


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """An indicator on the page of the plan."""

    listed: ListedRow
    target: str
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class TaskBlock:
    """A task with its indicators; `listed` is None for the indicators of no task."""

    listed: ListedRow | None
    lines: tuple[IndicatorLine, ...]
    points: Decimal
    remarks: tuple[Remark, ...] = ()


@page("case.read")
def plan(request: PageRequest, case: StoredCase) -> HttpResponse:
    """The plan: what is to be done, and how it will be measured."""
    content = part_of_case(case, SUMS)
    remarks = tuple(
        Remark.objects.filter(case=case, stage="targets", settled=None).select_related("who", "answered_by")
    )
    others = [
        (SECTION_OF[name], ROW_MODELS[name]._default_manager.filter(case=case).count())
        for name in EDITABLE
        if name not in {"tasks", "indicators"}
    ]
    context = {
        "blocks": _blocks(request, case, remarks),
        "about": content.about,
        "sums": point_sums(content),
        "others": others,
        "remarks": remarks,
        "steps": target_steps(case),
        "may_edit": may(request, "plan.edit"),
        "may_replace": may(request, "plan.replace"),
        "may_answer": may(request, "remark.answer"),
        "moves": moves(request, case),
        "trail_of_pages": [{"label": str(case), "url": f"/cases/{case.code}/"}, {"label": _("目标编制")}],
    }
    return render(request, "plan/plan.html", context)


def moves(request: PageRequest, case: StoredCase) -> list[tuple[str, str, bool]]:
    """What the person may do with the targets now: name of the address, label, whether it is the usual step."""
    found = []
    if may(request, "plan.submit"):
        found.append(("plan-submit", _("送审"), True))
    if case.targets in PASSING and may(request, "plan.return"):
        found.append(("plan-pass", _(PASSING[case.targets].label), True))
        found.append(("plan-return", _("退回"), False))
    if case.targets is TargetState.APPROVED and may(request, "plan.adjust"):
        found.append(("plan-adjust", _("发起调整"), False))
    return found


def _blocks(request: PageRequest, case: StoredCase, remarks: Sequence[Remark]) -> list[TaskBlock]:
    indicators = listed_rows(request, case, SECTION_OF["indicators"])
    tasks = listed_rows(request, case, SECTION_OF["tasks"])

    def about(section: str, key: str) -> tuple[Remark, ...]:
        return tuple(each for each in remarks if each.section == section and each.key == key)

    def lines(task: str | None) -> tuple[IndicatorLine, ...]:
        known = {each.key for each in tasks}
        return tuple(
            IndicatorLine(each, target_shown(each.record), about("indicators", each.key))
            for each in indicators
            if (each.record.task == task if task is not None else each.record.task not in known)
        )

    blocks = []
    for each in tasks:
        own = lines(each.key)
        points = total_points(line.listed.record for line in own)
        blocks.append(TaskBlock(each, own, points, about("tasks", each.key)))
    left = lines(None)
    if left:
        blocks.append(TaskBlock(None, left, total_points(line.listed.record for line in left)))
    return blocks
