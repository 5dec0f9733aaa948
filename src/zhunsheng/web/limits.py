"""What may be sent: no more than is said below, refused before anything of it is read; no character 0 in addresses."""

from collections.abc import Callable
from typing import Final
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from zhunsheng.web.api.failures import failure
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
    text = str(request.META.get("CONTENT_LENGTH") or "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else 0


def _refused(request: HttpRequest, words: str) -> HttpResponse:
    if request.path.startswith("/api/v1/"):
        return failure(413, words)
    # without the request: who asks is not known yet, and nothing of it is read to find out
    return HttpResponse(render_to_string("errors/413.html", {"words": words}), status=413)


class NoNulls:
    """Takes the character 0 out of what a page is asked for: no keyboard types it, PostgreSQL does not take it.

    An address with it leads nowhere. The fields of forms are left to their pages, which say what is wrong with them, the
    interface for programs to its own rules.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer."""
        if not request.path.startswith("/api/v1/"):
            if "\0" in request.path_info:
                raise Http404
            asked = [(name, each) for name, texts in request.GET.lists() for each in texts]
            if any("\0" in name + text for name, text in asked):
                clean = [(name.replace("\0", ""), text.replace("\0", "")) for name, text in asked]
                request.GET = QueryDict(urlencode(clean, errors="replace"))
        return self._next(request)
