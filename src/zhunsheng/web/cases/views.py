"""Pages: the years somebody may see, and one year at a glance."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from zhunsheng.kernel.money import Money
from zhunsheng.kernel.rounding import half_up, plain
from zhunsheng.plans.case import BudgetLine
from zhunsheng.plans.checks import HAS_VALUE
from zhunsheng.plans.choices import BudgetCategory, BudgetSide
from zhunsheng.plans.roles import EvaluationState, Role, TargetState
from zhunsheng.store.database.case_content import SECTION_OF, record_of
from zhunsheng.store.database.case_rows import ROW_MODELS, field_of
from zhunsheng.store.database.models import CaseVersion, Remark, StoredCase, StoredEvaluation
from zhunsheng.web.naming import beside, kept_under, row_names
from zhunsheng.web.numbers_sent import number_sent
from zhunsheng.web.page import PageRequest, page
from zhunsheng.web.plan.views import moves
from zhunsheng.workflow.planning.progress import evaluation_steps, target_steps
from zhunsheng.workflow.planning.versions import WHY
from zhunsheng.workflow.planning.visible import visible_cases

_STAGES = {
    "targets": noop("目标"),
    "evidence": noop("佐证"),
    "evaluation": noop("自评"),
    "report": noop("报告"),
}


@dataclass(frozen=True, slots=True)
class Tile:
    """A leading figure with the page it comes from."""

    label: str
    value: str
    unit: str
    note: str
    url: str


@page("self.use")
def cases(request: PageRequest) -> HttpResponse:
    """The years."""
    wanted = request.GET.get("q", "").strip()[:60]
    state = request.GET.get("state", "")
    found = visible_cases(request.actor, timezone.localdate())
    if wanted:
        number = number_sent(wanted, digits=5)
        year = Q() if number is None else Q(fiscal_year=number)
        named = (
            Q(title__icontains=wanted) | Q(organisation__name__icontains=wanted) | Q(code__icontains=wanted)
        )
        found = found.filter(named | year if year else named)
    if state in {each.value for each in TargetState}:
        found = found.filter(target_state=state)
    pages = Paginator(found.order_by("-fiscal_year", "organisation__path"), 30)
    context = {
        "page": pages.get_page(request.GET.get("page")),
        "wanted": wanted,
        "state": state,
        "states": [("", _("全部")), *((each.value, _(each.label)) for each in TargetState)],
        "query": f"state={state}" if state else "",
        "may_create": Role.FINANCE in request.actor.roles,
    }
    return render(request, "cases/cases.html", context)


@page("case.read")
def case(request: PageRequest, case: StoredCase) -> HttpResponse:
    """A year: where it stands, who is next, its figures."""
    remarks = Remark.objects.filter(case=case, settled=None).select_related("who", "case")
    versions = CaseVersion.objects.filter(case=case).select_related("who").defer("content")
    context = {
        "target_steps": target_steps(case),
        "evaluation_steps": evaluation_steps(case),
        "tiles": _tiles(case),
        "remarks": [
            (_(_STAGES.get(each.stage, each.stage)), place, each) for each, place in _placed(remarks)
        ],
        "versions": [(each, _(WHY.get(each.why, each.why))) for each in reversed(versions)],
        "moves": moves(request, case),
        "trail_of_pages": [{"label": _("年度档案"), "url": reverse("cases")}, {"label": str(case)}],
    }
    return render(request, "cases/case.html", context)


def _placed(remarks: Iterable[Remark]) -> list[tuple[Remark, str]]:
    """Remarks with the name of the row or item they are about."""
    found = list(remarks)
    places = {each.pk: (each.case.code, *kept_under(each.section, each.key)) for each in found if each.key}
    names = row_names(set(places.values()))
    return [
        (each, beside(names.get(places[each.pk], ""), each.key) if each.pk in places else "")
        for each in found
    ]


def _tiles(case: StoredCase) -> list[Tile]:
    plan, collect = reverse("plan", args=[case.code]), reverse("collect", args=[case.code])
    evaluation = reverse("evaluation", args=[case.code])
    budget = reverse("plan-section", args=[case.code, "budget"])
    number = ROW_MODELS["indicators"]._default_manager.filter(case=case).count()
    with_value = sum(1 for each in _statuses(case) if each in HAS_VALUE)
    tasks = ROW_MODELS["tasks"]._default_manager.filter(case=case).count()
    line = _expenditure(case)
    # one by another rubric is kept too once somebody has compared
    own = (
        ROW_MODELS["about"]
        ._default_manager.filter(case=case)
        .values_list(field_of("rubric"), flat=True)
        .first()
    )
    kept = StoredEvaluation.objects.filter(case=case, rubric=own or "")
    scored = kept.defer("content").order_by("revision", "pk").last()
    tiles = [
        Tile(_("绩效指标"), str(number), _("个"), _("%s 个重点任务") % tasks, plan),
        Tile(_("已有完成值"), f"{with_value} / {number}", _("个"), _done(case), collect),
        Tile(_("全年预算"), _amount(line.adjusted if line else None), _("万元"), _("支出合计"), budget),
        Tile(
            _("预算执行率"),
            _rate(line),
            "",
            _("执行 %s 万元") % _amount(line.executed if line else None),
            budget,
        ),
    ]
    if scored is None:
        waiting = _("自评未开始") if case.evaluation is EvaluationState.CLOSED else _("尚未计算")
        return [*tiles, Tile(_("自评得分"), "—", "", waiting, evaluation)]
    old = _("按修订 %s 计算，之后又有修改") % scored.revision if scored.revision != case.revision else ""
    note = "；".join(each for each in (scored.grade, old) if each)
    return [*tiles, Tile(_("自评得分"), scored.total, _("分"), note, evaluation)]


def _statuses(case: StoredCase) -> list[str]:
    rows = ROW_MODELS["actuals"]._default_manager.filter(case=case)
    return [str(each) for each in rows.values_list(field_of("status"), flat=True)]


def _done(case: StoredCase) -> str:
    return _("截止 %s") % f"{case.actual_due:%Y-%m-%d}" if case.actual_due else ""


def _expenditure(case: StoredCase) -> BudgetLine | None:
    wanted = {
        field_of("side"): BudgetSide.EXPENDITURE.value,
        field_of("category"): BudgetCategory.TOTAL.value,
    }
    row = ROW_MODELS["budget"]._default_manager.filter(case=case, **wanted).first()
    found: BudgetLine | None = None if row is None else record_of(SECTION_OF["budget"], row)
    return found


def _amount(amount: Money | None) -> str:
    return "—" if amount is None else amount.shown()


def _rate(line: BudgetLine | None) -> str:
    if line is None or line.executed is None or line.adjusted is None or line.adjusted.yuan == Decimal(0):
        return "—"
    return f"{plain(half_up(Fraction(line.executed.yuan) * 100 / Fraction(line.adjusted.yuan), 2))}%"
