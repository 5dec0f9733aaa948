"""What may be sent: no more than is said below, refused before anything of it is read; no character 0."""

from collections.abc import Callable
from typing import Final
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from zhunsheng.web.api.failures import failure
from zhunsheng.web.numbers_sent import number_sent
from zhunsheng.web.sizes import megabytes

ABOUT_FILES: Final = 1_000_000
"""What a form may hold beside its files, in bytes."""


class LargestRequest:
    """Refuses what is too large to be taken in.

    Files may be as large as the setting says, all of a form together; forms and texts without files as large as the
    framework would take them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, or refuse."""
        size = _said(request)
        has_files = request.headers.get("Content-Type", "").lower().startswith("multipart/")
        most = settings.LARGEST_UPLOAD + ABOUT_FILES if has_files else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if size <= most:
            return self._next(request)
        shown = settings.LARGEST_UPLOAD if has_files else most
        words = {"size": megabytes(size), "most": megabytes(shown)}
        refused = _refused(request, _("一次发送了 %(size)s MB，超过上限 %(most)s MB，没有接收") % words)
        # the rest of what is being sent is not waited for
        refused.headers["Connection"] = "close"
        return refused


def _said(request: HttpRequest) -> int:
    """What the sender says of the size in bytes; 0 when nothing sensible is said, as then nothing is read."""
    return number_sent(str(request.META.get("CONTENT_LENGTH") or ""), digits=19) or 0


def _refused(request: HttpRequest, words: str) -> HttpResponse:
    if _is_interface(request):
        return failure(413, words)
    # without the request: who asks is not known yet, and nothing of it is read to find out
    return HttpResponse(render_to_string("errors/413.html", {"words": words}), status=413)


class NoNulls:
    """Takes the character 0 out of what a page is sent: no keyboard types it, PostgreSQL does not take it.

    An address with it leads nowhere. In parameters it is left out; in forms it becomes the sign of a character that
    cannot be read, so that the page can say so. The interface for programs has its own rules.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer."""
        if not _is_interface(request):
            if "\0" in request.path_info:
                raise Http404
            if _has_nulls(request.GET):
                request.GET = QueryDict(_cleaned(request.GET, ""))
        return self._next(request)

    def process_view(self, request: HttpRequest, *_: object) -> None:
        """Only now, when it is known that the form came from a page of ours, is it read."""
        if request.method == "POST" and not _is_interface(request) and _has_nulls(request.POST):
            request.POST = QueryDict(_cleaned(request.POST, "\ufffd"))


def _is_interface(request: HttpRequest) -> bool:
    return request.path.startswith("/api/v1/")


def _has_nulls(given: QueryDict) -> bool:
    return any("\0" in text for name, texts in given.lists() for text in (name, *texts))


def _cleaned(given: QueryDict, instead: str) -> str:
    sent = [(name, each) for name, texts in given.lists() for each in texts]
    clean = [(name.replace("\0", instead), text.replace("\0", instead)) for name, text in sent]
    return urlencode(clean, errors="replace")
