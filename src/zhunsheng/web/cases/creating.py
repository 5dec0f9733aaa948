"""Page: a new year."""

from dataclasses import replace
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem
from zhunsheng.plans.roles import Role
from zhunsheng.store.database.case_rows import ROW_MODELS, field_of
from zhunsheng.store.database.models import Organisation, OrganisationKind, StoredCase
from zhunsheng.web.numbers_sent import year_sent
from zhunsheng.web.page import PageRequest, page
from zhunsheng.web.plan.fields import FormField
from zhunsheng.workflow.action import Invalid, perform
from zhunsheng.workflow.planning.creating import CreateCase, department_rubrics
from zhunsheng.workflow.planning.kinds import BAD_DATE

_DATES = (
    ("target_due", noop("目标报送截止")),
    ("actual_due", noop("完成值填报截止")),
    ("report_due", noop("自评报送截止")),
)
_WHAT_IS_COPIED = noop(
    "沿用任务、指标、机构、职责、收支和项目的名称；目标值、金额和完成情况不沿用，上年完成值列在旁边"
)
_KINDS = (OrganisationKind.BUREAU, OrganisationKind.UNIT)


@page("self.use")
def choose(request: PageRequest) -> HttpResponse:
    """For which body a year is opened."""
    bodies = [
        each
        for each in Organisation.objects.filter(kind__in=_KINDS, is_active=True)
        if request.actor.holds(Role.FINANCE, each)
    ]
    if len(bodies) == 1:
        return redirect("case-new", bodies[0].code)
    context = {"bodies": bodies, "trail_of_pages": _way()}
    return render(request, "cases/choose.html", context)


def _way() -> list[dict[str, str]]:
    return [{"label": _("年度档案"), "url": reverse("cases")}, {"label": _("新建"), "url": ""}]


@page("case.create", write="case.create")
def create(request: PageRequest, organisation: Organisation) -> HttpResponse:
    """The form of a new year."""
    earlier = StoredCase.objects.filter(organisation=organisation).order_by("-fiscal_year")
    if request.method != "POST":
        last = earlier.first()
        year = timezone.localdate().year if last is None else last.fiscal_year + 1
        values = {
            "fiscal_year": str(year),
            "new_code": f"{organisation.code}-{year}",
            "title": f"{year}年度{organisation.name}部门整体支出绩效自评报告",
            "rubric": _rubric(last),
            "copied": "" if last is None else last.code,
        }
        return _form(request, organisation, values, ())
    values = {name: request.POST.get(name, "").strip() for name in _names()}
    problems: list[Problem] = []
    dates = {name: _date(values[name], label, problems) for name, label in _DATES}
    action = CreateCase(
        body=organisation,
        new_code=values["new_code"],
        fiscal_year=year_sent(values["fiscal_year"]),
        title=values["title"],
        rubric=values["rubric"],
        copied=earlier.filter(code=values["copied"]).first() if values["copied"] else None,
        **dates,
    )
    if problems:
        return _form(request, organisation, values, problems, status=422)
    try:
        perform(action, request.actor)
    except Invalid as error:
        return _form(request, organisation, values, error.problems, status=422)
    messages.success(request, _("已新建年度档案，可以编制目标了。"))
    return redirect("plan", values["new_code"])


def _rubric(last: StoredCase | None) -> str:
    """The rubric of the year before, else the first there is."""
    row = None if last is None else ROW_MODELS["about"]._default_manager.filter(case=last).first()
    known = [code for code, _label in department_rubrics()]
    used = "" if row is None else str(getattr(row, field_of("rubric")))
    return used if used in known else known[0]


def _names() -> tuple[str, ...]:
    return ("fiscal_year", "new_code", "title", "rubric", "copied", *(name for name, _label in _DATES))


def _date(text: str, label: str, problems: list[Problem]) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        place = Place(file="新建年度档案", field=label)
        problems.append(
            BAD_DATE.at(place, _("“%(label)s”写成“%(text)s”") % {"label": label, "text": text[:40]})
        )
        return None


def _form(
    request: PageRequest,
    organisation: Organisation,
    values: dict[str, str],
    problems: "list[Problem] | tuple[Problem, ...]",
    *,
    status: int = 200,
) -> HttpResponse:
    earlier = StoredCase.objects.filter(organisation=organisation).order_by("-fiscal_year")
    copied = (("", _("不沿用，从空白开始")), *((each.code, str(each)) for each in earlier))

    def faults(label: str) -> tuple[Problem, ...]:
        return tuple(each for each in problems if each.place.field == label)

    made = [
        FormField(
            "fiscal_year", "fiscal_year", noop("年度"), "", _("四位年份"), required=True, inputmode="numeric"
        ),
        FormField(
            "new_code", "new_code", noop("档案编码"), "", _("出现在网址中，建立后不能修改"), required=True
        ),
        FormField("title", "title", noop("报告标题"), "", required=True),
        FormField("rubric", "rubric", noop("评分体系"), "", required=True, choices=department_rubrics()),
        FormField("copied", "copied", noop("沿用结构"), "", _(_WHAT_IS_COPIED), choices=copied),
        *(FormField(name, name, label, "", type="date") for name, label in _DATES),
    ]
    fields = [
        replace(each, label=_(each.label), value=values.get(each.name, ""), problems=faults(each.label))
        for each in made
    ]
    context = {"body": organisation, "fields": fields, "problems": problems, "trail_of_pages": _way()}
    return render(request, "cases/create.html", context, status=status)
