"""Pages and what they ask: every view says which right it needs, and nothing is shown before it is asked."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django_htmx.middleware import HtmxDetails

from zhunsheng.store.database.models import Organisation, StoredCase, User
from zhunsheng.web.kept_forms import keep
from zhunsheng.workflow.actor import PUBLIC, Actor, actor_of
from zhunsheng.workflow.catalogue import RIGHTS
from zhunsheng.workflow.rights import Asked, Right, Verdict

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
LIBRARIES = ("allauth.", "django.views.static")
"""Views of these ask for themselves; which of them there are is listed in `urls` one by one."""


class PageRequest(HttpRequest):
    """A request with who asks and, when the address names one, the year or the body."""

    actor: Actor
    case: StoredCase | None
    organisation: Organisation | None
    htmx: HtmxDetails


View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def page(read: str, *, write: str = "") -> Callable[[View], View]:
    """Declare the rights of a view.

    Args:
        read: code of the right to look at it.
        write: code of the right to send something; "" when nothing may be sent. The action that is carried out
            asks again, for the very part that is touched.
    """

    def declare(view: View) -> View:
        view.read_right = read  # type: ignore[attr-defined] # functions carry it
        view.write_right = write  # type: ignore[attr-defined]
        return view

    return declare


def rights_of(view: Callable[..., Any]) -> tuple[str, str] | None:
    """The declared rights of a view, or None."""
    view = getattr(view, "view_class", view)
    read = getattr(view, "read_right", None)
    return None if read is None else (read, getattr(view, "write_right", ""))


def may(request: PageRequest, code: str, division: Organisation | None = None) -> bool:
    """Whether the person who asks has a right, for buttons and menus."""
    asked = Asked(
        timezone.localdate(), request.case, request.organisation, division, some_part=division is None
    )
    return RIGHTS[code].judge(request.actor, asked).allowed


class RightsMiddleware:
    """Finds out who asks and for what, and asks the right before the view is called."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._next = get_response

    def __call__(self, request: PageRequest) -> HttpResponseBase:
        """Answer as the person who asks."""
        user = request.user
        request.case = request.organisation = None
        if isinstance(user, User):
            address = str(request.META.get("REMOTE_ADDR", ""))
            request.actor = actor_of(user, timezone.localdate(), "web", address)
            if user.language != translation.get_language():
                translation.activate(user.language)
        else:
            request.actor = PUBLIC
        return self._next(request)

    def process_view(
        self, request: PageRequest, view: Callable[..., Any], _args: object, kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Resolve what the address names and ask the right."""
        declared = rights_of(view)
        if declared is None:
            if getattr(view, "__module__", "").startswith(LIBRARIES) or getattr(view, "asks_itself", False):
                return None
            raise TypeError(f"view {view.__module__}.{view.__qualname__} declares no right")
        read, write = declared
        user = request.actor.user
        if user is not None and user.must_change_password and not RIGHTS[read].public:
            from django.shortcuts import redirect  # noqa: PLC0415 - only here

            return redirect("account_change_password")
        if user is None and not RIGHTS[read].public:
            # before anything is looked up: what exists is not told to strangers
            right = RIGHTS[read]
            return self._refusal(request, right, right.judge(request.actor, Asked(timezone.localdate())))
        self._resolve(request, kwargs)
        code = read if request.method in SAFE else write
        if not code:
            return render(request, "errors/405.html", status=405)
        right = RIGHTS[code]
        verdict = right.judge(
            request.actor, Asked(timezone.localdate(), request.case, request.organisation, some_part=True)
        )
        return None if verdict.allowed else self._refusal(request, right, verdict)

    @staticmethod
    def _resolve(request: PageRequest, kwargs: dict[str, Any]) -> None:
        if "case" in kwargs:
            found = (
                StoredCase.objects.select_related("organisation__overseer")
                .filter(code=kwargs["case"])
                .first()
            )
            if found is None:
                raise Http404
            request.case = kwargs["case"] = found
            request.organisation = found.organisation
        if "organisation" in kwargs:
            body = Organisation.objects.select_related("overseer").filter(code=kwargs["organisation"]).first()
            if body is None:
                raise Http404
            request.organisation = kwargs["organisation"] = body

    @staticmethod
    def _refusal(request: PageRequest, right: Right, verdict: Verdict) -> HttpResponseBase:
        if request.actor.user is None:
            kept = request.method == "POST" and keep(request)
            return redirect_to_login(reverse("interrupted") if kept else request.get_full_path())
        context = {"right": right, "reason": verdict.reason}
        return render(request, "errors/403.html", context, status=403)
