"""Personal settings."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from zhunsheng.kernel.problem import Problem
from zhunsheng.store.database.models import User
from zhunsheng.web.page import PageRequest, page
from zhunsheng.web.people.problems import by_field
from zhunsheng.workflow.action import Invalid, perform
from zhunsheng.workflow.people.own_settings import ChangeSettings
from zhunsheng.workflow.people.tokens import LONGEST_DAYS, MakeToken, RevokeToken, new_token

_DAYS = "90"


def _person(request: PageRequest) -> User:
    assert request.actor.user is not None  # noqa: S101 - the right asks for a person
    return request.actor.user


def _shown(
    request: PageRequest,
    problems: tuple[Problem, ...] = (),
    token: str = "",
    typed: dict[str, str] | None = None,
) -> HttpResponse:
    person = _person(request)
    grants = person.grants.select_related("organisation").order_by("organisation__path", "role")
    context = {
        "person": person,
        "grants": grants,
        "today": timezone.localdate(),
        "now": timezone.now(),
        "tokens": person.tokens.order_by("revoked", "-created"),
        "token": token,
        "typed": typed or {"scope": "read", "days": _DAYS},
        "scopes": [("read", _("只读")), ("write", _("读写"))],
        "languages": [("zh-hans", "简体中文"), ("en", "English")],
        "longest_days": LONGEST_DAYS,
        "problems": problems,
        "of_field": by_field(problems),
    }
    return render(request, "accounts/settings.html", context, status=422 if problems else 200)


@page("self.use", write="self.write")
def settings(request: PageRequest) -> HttpResponse:
    """Personal settings: large type, language, password, second factor, sessions, tokens."""
    if request.method != "POST":
        return _shown(request)
    language = request.POST.get("language", "")
    try:
        perform(ChangeSettings(_person(request), "large_type" in request.POST, language), request.actor)
    except Invalid as error:
        return _shown(request, error.problems)
    with translation.override(language):
        messages.success(request, _("个人设置已保存。"))
    return redirect("settings")


@page("self.use", write="self.write")
@sensitive_variables("token")
def make_token(request: PageRequest) -> HttpResponse:
    """Make a token and show it, this once."""
    if request.method != "POST":
        return redirect("settings")
    typed = {name: request.POST.get(name, "") for name in ("name", "scope", "days")}
    token = new_token()
    try:
        perform(MakeToken(_person(request), token, **typed), request.actor)
    except Invalid as error:
        return _shown(request, error.problems, typed=typed)
    return _shown(request, token=token)


@page("self.use", write="self.write")
def revoke_token(request: PageRequest, token: int) -> HttpResponse:
    """End a token."""
    if request.method == "POST":
        perform(RevokeToken(_person(request), token), request.actor)
        messages.success(request, _("令牌已吊销，使用它的程序不能再访问。"))
    return redirect("settings")
