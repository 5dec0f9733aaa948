"""Pages for what went wrong: nobody is shown a traceback, everybody is told what to do."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string

from zhunsheng.assembly.rejections import Rejected
from zhunsheng.store.records.faults import StoreFault
from zhunsheng.web.kept_forms import is_from_own_page, keep
from zhunsheng.workflow.action import Invalid, Refused, Stale


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - as Django calls it
    """The request cannot be understood."""
    return render(request, "errors/400.html", status=400)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """There is no such page."""
    return render(request, "errors/404.html", status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """No right."""
    return render(request, "errors/403.html", status=403)


def failed(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - as Django calls it
    """Something is broken; the page must not need what may be broken."""
    return HttpResponse(render_to_string("errors/500.html"), status=500)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """The form was sent from an old page or another site; from a page of our own it is kept."""
    kept = request.user.is_authenticated and is_from_own_page(request) and keep(request)
    return render(request, "errors/expired_form.html", {"kept": kept}, status=403)


class RefusalsMiddleware:
    """Turns refusals of actions, and of what lies in files, that a view did not show itself into pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on."""
        return self._next(request)

    @staticmethod
    def process_exception(request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer a refusal."""
        if isinstance(error, Refused):
            return render(request, "errors/403.html", {"reason": error.reason}, status=403)
        if isinstance(error, Stale):
            return render(request, "errors/409.html", {"reason": error.what}, status=409)
        if isinstance(error, Invalid):
            return render(request, "errors/422.html", {"problems": error.problems}, status=422)
        if isinstance(error, Rejected | StoreFault):
            problems = error.problems if isinstance(error, Rejected) else (error.problem,)
            return render(request, "errors/422.html", {"problems": problems, "unusable": True}, status=422)
        return None
