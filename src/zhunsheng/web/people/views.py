"""Pages about people: the list, one person, what they hold where."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem
from zhunsheng.plans.roles import Role
from zhunsheng.store.database.models import Grant, Organisation, User
from zhunsheng.web.language import shown
from zhunsheng.web.page import PageRequest, page
from zhunsheng.web.people.problems import by_field
from zhunsheng.web.people.ways import way, way_to_person
from zhunsheng.workflow.action import Invalid, perform
from zhunsheng.workflow.people import wording
from zhunsheng.workflow.people.grants import GiveRole, TakeRole
from zhunsheng.workflow.people.persons import (
    CreatePerson,
    RenamePerson,
    SetActive,
    SetOneTimePassword,
    one_time_password,
)
from zhunsheng.workflow.people.reach import (
    administered,
    below,
    beyond,
    visible_organisations,
    visible_people,
    watched,
)

_AT_ONCE = 50


def _seen(request: PageRequest, number: int) -> User:
    found: User = get_object_or_404(visible_people(request.actor), pk=number)
    return found


def _places(request: PageRequest) -> list[tuple[str, str]]:
    found = Organisation.objects.filter(below(administered(request.actor)), is_active=True)
    return [("", _("请选择")), *((each.code, _indented(each)) for each in found)]


def _indented(organisation: Organisation) -> str:
    return "　" * (len(organisation.codes) - 1) + organisation.name


def _until(request: PageRequest) -> date | None:
    typed = request.POST.get("until", "").strip()
    try:
        found = parse_date(typed) if typed else None
    except ValueError:
        found = None
    if typed and found is None:
        place = Place(field="until")
        raise Invalid((wording.UNTIL.at(place, _("不是日期"), remedy=_("日期写作 2024-12-31。")),))
    return found


def _place(request: PageRequest) -> Organisation:
    code = request.POST.get("organisation", "")
    found = Organisation.objects.filter(below(administered(request.actor)), code=code[:60]).first()
    if found is None:
        raise Invalid((wording.PLACE.at(Place(field="organisation"), _("没有选择单位，或单位不归您管理")),))
    return found


@page("people.read")
def people(request: PageRequest) -> HttpResponse:
    """The people somebody looks after, to be searched by name."""
    wanted, where = request.GET.get("q", "").strip()[:60], request.GET.get("at", "")[:60]
    held = Grant.objects.filter(below(watched(request.actor), "organisation__path")).select_related(
        "organisation"
    )
    found = visible_people(request.actor).prefetch_related(
        Prefetch("grants", held.order_by("organisation__path", "role"), to_attr="held")
    )
    if wanted:
        found = found.filter(Q(username__icontains=wanted) | Q(name__icontains=wanted))
    chosen = visible_organisations(request.actor).filter(code=where).first() if where else None
    if chosen is not None:
        found = found.filter(
            pk__in=Grant.objects.filter(below([chosen], "organisation__path")).values("user")
        )
    shown = Paginator(found.order_by("-is_active", "username"), _AT_ONCE).get_page(request.GET.get("page"))
    places = [
        ("", _("全部单位")),
        *((each.code, _indented(each)) for each in visible_organisations(request.actor)),
    ]
    context = {
        "shown": shown,
        "wanted": wanted,
        "where": where,
        "places": places,
        "today": timezone.localdate(),
        "manages": bool(administered(request.actor)),
    }
    return render(request, "people/people.html", context)


def _form(request: PageRequest, problems: tuple[Problem, ...], typed: dict[str, str]) -> dict[str, Any]:
    return {
        "trail_of_pages": way({"label": _("新建用户"), "url": ""}),
        "roles": [("", _("请选择")), *((each.value, shown(each)) for each in Role)],
        "places": _places(request),
        "typed": typed,
        "problems": problems,
        "of_field": by_field(problems),
    }


def _typed(request: PageRequest) -> dict[str, str]:
    return {
        name: request.POST.get(name, "") for name in ("username", "name", "role", "organisation", "until")
    }


@page("people.administer", write="people.administer")
@sensitive_variables("password")
def new(request: PageRequest) -> HttpResponse:
    """Make an account; its one-time password is shown this once."""
    if request.method != "POST":
        return render(request, "people/new.html", _form(request, (), {}))
    typed, password = _typed(request), one_time_password()
    try:
        at, until = _place(request), _until(request)
        perform(
            CreatePerson(typed["username"], typed["name"], password, typed["role"], at, until), request.actor
        )
    except Invalid as error:
        return render(request, "people/new.html", _form(request, error.problems, typed), status=422)
    made = User.objects.get(username=typed["username"])
    return _told(request, made, password, _("用户已建立"))


def _shown(
    request: PageRequest,
    person: User,
    problems: tuple[Problem, ...] = (),
    typed: dict[str, str] | None = None,
    *,
    renaming: bool = False,
) -> HttpResponse:
    today = timezone.localdate()
    held = person.grants.select_related("organisation").order_by("organisation__path", "role")
    places = administered(request.actor)
    within = [(each, any(each.organisation.path.startswith(at.path) for at in places)) for each in held]
    context = {
        **_form(request, problems, typed or {}),
        "trail_of_pages": way_to_person(person),
        "person": person,
        "grants": within,
        "today": today,
        "manages": bool(places),
        "beyond": beyond(request.actor, person, today) if places else "",
        "renaming": renaming,
    }
    return render(request, "people/person.html", context, status=422 if problems else 200)


@page("people.read", write="people.administer")
def person(request: PageRequest, person: int) -> HttpResponse:
    """One person; sending corrects the name."""
    found = _seen(request, person)
    if request.method != "POST":
        return _shown(request, found)
    typed = {"name": request.POST.get("name", "")}
    try:
        perform(RenamePerson(found, typed["name"]), request.actor)
    except Invalid as error:
        return _shown(request, found, error.problems, typed, renaming=True)
    messages.success(request, _("姓名已修改。"))
    return redirect("person", person=found.pk)


@page("people.read", write="people.administer")
def active(request: PageRequest, person: int) -> HttpResponse:
    """Close an account or open it again."""
    found = _seen(request, person)
    if request.method != "POST":
        return _confirm(request, found, reverse("person_active", args=[found.pk]), *_active_words(found))
    wanted = request.POST.get("active") == "1"
    perform(SetActive(found, wanted, request.POST.get("reason", "")[:500]), request.actor)
    messages.success(request, _("账号已启用。") if wanted else _("账号已停用，现有的登录和令牌同时失效。"))
    return redirect("person", person=found.pk)


def _active_words(person: User) -> tuple[str, tuple[str, ...], str, list[tuple[str, str]]]:
    said: tuple[str, ...]
    if person.is_active:
        said = (_("本人马上退出，令牌同时失效"), _("已办理的内容和操作记录保留"), _("可以随时重新启用"))
        return _("停用“%(name)s”的账号？") % {"name": person.name}, said, _("停用账号"), [("active", "0")]
    said = (_("原有的授权在有效期内继续有效"),)
    return _("启用“%(name)s”的账号？") % {"name": person.name}, said, _("启用账号"), [("active", "1")]


def _confirm(
    request: PageRequest,
    person: User,
    action: str,
    question: str,
    said: tuple[str, ...],
    button: str,
    values: list[tuple[str, str]],
) -> HttpResponse:
    context = {
        "question": question,
        "consequences": said,
        "action": action,
        "button": button,
        "danger": True,
        "back": reverse("person", args=[person.pk]),
        "values": values,
        "trail_of_pages": way_to_person(person, button),
    }
    return render(request, "components/confirm_page.html", context)


@page("people.read", write="people.administer")
@sensitive_variables("given")
def password(request: PageRequest, person: int) -> HttpResponse:
    """Give a one-time password and show it, this once."""
    found = _seen(request, person)
    if request.method != "POST":
        said = (_("本人在各处的登录和接口令牌马上失效"), _("显示一次性密码，本人下次登录时必须修改"))
        question = _("重置“%(name)s”的密码？") % {"name": found.name}
        return _confirm(
            request, found, reverse("person_password", args=[found.pk]), question, said, _("重置密码"), []
        )
    given = one_time_password()
    perform(SetOneTimePassword(found, given), request.actor)
    return _told(request, found, given, _("密码已重置"))


@sensitive_variables("password")
def _told(request: PageRequest, person: User, password: str, heading: str) -> HttpResponse:
    """The one-time password, shown this once."""
    context = {
        "person": person,
        "password": password,
        "heading": heading,
        "trail_of_pages": way_to_person(person, _("一次性密码")),
    }
    return render(request, "people/password.html", context)


@page("people.read", write="people.administer")
def give(request: PageRequest, person: int) -> HttpResponse:
    """Give a role."""
    found = _seen(request, person)
    if request.method != "POST":
        return redirect("person", person=found.pk)
    typed = _typed(request)
    try:
        perform(GiveRole(found, typed["role"], _place(request), _until(request)), request.actor)
    except Invalid as error:
        return _shown(request, found, error.problems, typed)
    messages.success(request, _("已授权。"))
    return redirect("person", person=found.pk)


@page("people.read", write="people.administer")
def take(request: PageRequest, person: int, grant: int) -> HttpResponse:
    """End a role."""
    found = _seen(request, person)
    held = get_object_or_404(Grant.objects.select_related("organisation"), pk=grant, user=found)
    if request.method != "POST":
        named = {"name": found.name, "where": held.organisation.name, "role": shown(Role(held.role))}
        question = _("收回“%(name)s”在“%(where)s”的“%(role)s”角色？") % named
        said = (_("马上生效；已办理的内容和操作记录保留"),)
        action = reverse("person_role_take", args=[found.pk, held.pk])
        return _confirm(request, found, action, question, said, _("收回角色"), [])
    perform(TakeRole(held), request.actor)
    messages.success(request, _("授权已收回，立即生效。"))
    return redirect("person", person=found.pk)
