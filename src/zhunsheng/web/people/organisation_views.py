"""Pages about the tree of organisations."""

from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zhunsheng.kernel.problem import Problem
from zhunsheng.plans.roles import Role
from zhunsheng.store.database.models import Organisation, OrganisationKind
from zhunsheng.web.language import shown
from zhunsheng.web.page import PageRequest, may, page
from zhunsheng.web.people.problems import by_field
from zhunsheng.web.people.ways import way_to_organisation
from zhunsheng.workflow.action import Invalid, perform
from zhunsheng.workflow.people.organisations import PARTS, AddPart, RenameOrganisation, SetInUse
from zhunsheng.workflow.people.reach import visible_organisations


@dataclass(frozen=True, slots=True)
class _Line:
    organisation: Organisation
    depth: int
    people: int

    @property
    def indent(self) -> str:
        """Blank before the name."""
        return "　" * self.depth


@page("people.read")
def organisations(request: PageRequest) -> HttpResponse:
    """The tree."""
    today = timezone.localdate()
    valid = Q(grants__until__isnull=True) | Q(grants__until__gte=today)
    found = list(
        visible_organisations(request.actor).annotate(
            people=Count("grants__user", filter=valid & Q(grants__user__is_active=True), distinct=True)
        )
    )
    least = min((len(each.codes) for each in found), default=0)
    lines = [_Line(each, len(each.codes) - least, each.people) for each in found]
    context = {
        "lines": lines,
        "manages": Role.ADMINISTRATOR in request.actor.roles,
        "trail_of_pages": way_to_organisation(),
    }
    return render(request, "people/organisations.html", context)


def _shown(
    request: PageRequest,
    which: Organisation,
    problems: tuple[Problem, ...] = (),
    typed: dict[str, str] | None = None,
    *,
    adding: bool = False,
) -> HttpResponse:
    context = {
        "trail_of_pages": way_to_organisation(which),
        "which": which,
        "children": which.children.order_by("path"),
        "kinds": [(each.value, shown(OrganisationKind(each))) for each in PARTS],
        "typed": typed or {},
        "adding": adding,
        "problems": problems,
        "of_field": by_field(problems),
        "manages": may(request, "people.manage"),
    }
    return render(request, "people/organisation.html", context, status=422 if problems else 200)


def _seen(request: PageRequest, which: Organisation) -> Organisation:
    if not visible_organisations(request.actor).filter(pk=which.pk).exists():
        raise Http404
    return which


def _typed(request: PageRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in ("name", "short_name", "kind")}


@page("people.read", write="people.manage")
def one(request: PageRequest, organisation: Organisation) -> HttpResponse:
    """One organisation; sending renames it."""
    which = _seen(request, organisation)
    if request.method != "POST":
        return _shown(request, which)
    typed = _typed(request)
    try:
        perform(RenameOrganisation(which, typed["name"], typed["short_name"]), request.actor)
    except Invalid as error:
        return _shown(request, which, error.problems, typed)
    messages.success(request, _("名称已修改。"))
    return redirect("organisation", organisation=which.code)


@page("people.read", write="people.manage")
def add(request: PageRequest, organisation: Organisation) -> HttpResponse:
    """Add a part."""
    which = _seen(request, organisation)
    if request.method != "POST":
        return redirect("organisation", organisation=which.code)
    typed = _typed(request)
    try:
        perform(AddPart(which, typed["name"], typed["kind"], typed["short_name"]), request.actor)
    except Invalid as error:
        return _shown(request, which, error.problems, typed, adding=True)
    messages.success(request, _("下设单位已新增。"))
    return redirect("organisation", organisation=which.code)


@page("people.read", write="people.manage")
def active(request: PageRequest, organisation: Organisation) -> HttpResponse:
    """Take out of use or back into use."""
    which = _seen(request, organisation)
    if request.method != "POST":
        return render(request, "components/confirm_page.html", _question(which))
    wanted = request.POST.get("active") == "1"
    perform(SetInUse(which, wanted), request.actor)
    messages.success(request, _("单位已启用。") if wanted else _("单位已停用。"))
    return redirect("organisation", organisation=which.code)


def _question(which: Organisation) -> dict[str, object]:
    """The question whether to take an organisation out of use or back into use."""
    words = _("停用“%(name)s”？") if which.is_active else _("启用“%(name)s”？")
    said = (
        _("停用后不能再授权和分派；已有的内容保留，可以重新启用")
        if which.is_active
        else _("启用后可以授权和分派")
    )
    return {
        "question": words % {"name": which.name},
        "consequences": (said,),
        "action": reverse("organisation_active", args=[which.code]),
        "button": _("停用") if which.is_active else _("启用"),
        "danger": which.is_active,
        "back": reverse("organisation", args=[which.code]),
        "values": [("active", "0" if which.is_active else "1")],
        "trail_of_pages": way_to_organisation(which, _("停用") if which.is_active else _("启用")),
    }
