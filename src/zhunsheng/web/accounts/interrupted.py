"""The page of a form that was sent after its session had ended."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhunsheng.web.kept_forms import KEY
from zhunsheng.web.page import PageRequest, page


class _SentOn(HttpResponse):
    """The browser sends the same form once more, to the address it was meant for."""

    status_code = 307


@page("self.use", write="self.use")
def interrupted(request: PageRequest) -> HttpResponseBase:
    """What was kept, and the button that sends it on."""
    found: dict[str, Any] | None = request.session.get(KEY)
    if found is None:
        return redirect("home")
    if request.method == "POST":
        del request.session[KEY]
        if request.POST.get("do-with-interrupted") == "drop":
            return redirect(found["from"])
        return _SentOn(headers={"Location": found["to"]})
    context = {
        "page_before": found["from"],
        "values": found["values"],
        "shown": [value for name, value in found["values"] if value.strip() and not _is_mark(name)],
        "files": found["files"],
        "trail_of_pages": [{"label": _("没有提交的内容"), "url": ""}],
    }
    return render(request, "accounts/interrupted.html", context)


def _is_mark(name: str) -> bool:
    """Whether a field holds what nobody typed."""
    return name in {"seen", "revision", "row", "finding", "back", "to", "do", "which"}
