"""Pages: the files that prove a value are attached, looked at, withdrawn and judged."""

from collections.abc import Iterable
from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhunsheng.store.database.file_store import path_of
from zhunsheng.store.database.models import Evidence, StoredCase
from zhunsheng.web.collect.execution import shown_line, wanted_line
from zhunsheng.web.collect.item import Typed, shown, wanted, way_to
from zhunsheng.web.page import PageRequest, may, page
from zhunsheng.web.security import SHOWN_PDF, UPLOADED
from zhunsheng.workflow.action import Invalid, Refused, Stale, perform
from zhunsheng.workflow.collecting.evidence import (
    AttachEvidence,
    JudgeEvidence,
    Upload,
    WithdrawEvidence,
    kept_files,
)
from zhunsheng.workflow.collecting.execution import Spending, item_code, spending_of
from zhunsheng.workflow.collecting.items import Item, item_of

LOOKED_AT = {
    "application/pdf": SHOWN_PDF,
    "image/png": UPLOADED,
    "image/jpeg": UPLOADED,
    "image/gif": UPLOADED,
}
"""What may be looked at in the browser, with its policy; everything else is only saved."""


def _found(case: StoredCase, number: int) -> Evidence:
    found = Evidence.objects.filter(case=case, pk=number).select_related("file", "who", "case").first()
    if found is None:
        raise Http404
    return found


@page("case.read")
def file(request: PageRequest, case: StoredCase, number: int) -> HttpResponseBase:
    """The file: to look at with `?show=1` where that is possible, otherwise to save."""
    found = _found(case, number)
    path = path_of(found.file.sha256)
    if not path.is_file():
        raise Http404
    looked_at = request.GET.get("show") == "1" and found.file.media_type in LOOKED_AT
    kind = found.file.media_type if looked_at else "application/octet-stream"
    answer = FileResponse(
        path.open("rb"), as_attachment=not looked_at, filename=found.name, content_type=kind
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = LOOKED_AT[kind] if looked_at else UPLOADED
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@page("case.read", write="collect.report")
def attach(request: PageRequest, case: StoredCase, code: str) -> HttpResponse:
    """Attach files to the value of an item."""
    return _attached(request, case, code, wanted(case, code))


@page("case.read", write="collect.report")
def attach_to_execution(request: PageRequest, case: StoredCase, section: str, code: str) -> HttpResponse:
    """Attach files to an executed amount."""
    item = item_code(section, code)
    return _attached(request, case, item, wanted_line(case, item))


def _attached(request: PageRequest, case: StoredCase, code: str, proved: Item | Spending) -> HttpResponse:
    back = _page_of(case, code)
    if request.method != "POST":
        return redirect(back)
    if not may(request, "collect.report", proved.owner):
        # nothing of somebody who may not attach is kept on disk
        raise Refused(_("“%s”的佐证由责任处室上传") % proved.label)
    try:
        kept = kept_files(_uploads(request.FILES.getlist("files")))
        changes = perform(AttachEvidence(case, code, kept, request.POST.get("note", "")), request.actor)
    except Invalid as error:
        return _shown(request, case, code, Typed(problems=error.problems, status=422))
    added = sum(each.subject.startswith("evidence/") for each in changes)
    if added:
        messages.success(request, _("已上传 %d 个文件。") % added)
    else:
        messages.info(request, _("这些文件已经上传过，没有重复保存。"))
    return redirect(back)


def _page_of(case: StoredCase, item: str) -> str:
    """Address of the page on which a piece of evidence is shown."""
    found = spending_of(case, item)
    if found is None:
        return reverse("collect_item", args=[case.code, item])
    return reverse("collect_execution", args=[case.code, found.section, found.code])


def _label_of(case: StoredCase, item: str) -> str:
    """What a piece of evidence proves."""
    found = spending_of(case, item) or item_of(case, item)
    return item if found is None else found.label


def _shown(request: PageRequest, case: StoredCase, item: str, typed: Typed) -> HttpResponse:
    found = spending_of(case, item)
    if found is None:
        return shown(request, case, wanted(case, item), typed)
    return shown_line(request, case, found, typed)


def _uploads(files: "Iterable[UploadedFile[Any]]") -> list[Upload]:
    return [Upload(each.name or "", each.size or 0, cast("BinaryIO", each.file)) for each in files]


@page("case.read", write="collect.report")
def withdraw(request: PageRequest, case: StoredCase, number: int) -> HttpResponse:
    """Ask, and withdraw."""
    found = _found(case, number)
    back = _page_of(case, found.item)
    if request.method == "POST":
        try:
            perform(WithdrawEvidence(found, request.POST.get("reason", "")), request.actor)
        except Stale as error:
            messages.warning(request, error.what)
        else:
            messages.success(request, _("已撤回“%s”。") % found.name)
        return redirect(back)
    context = {
        "heading": _("撤回佐证"),
        "question": _("撤回“%s”吗？") % found.name,
        "consequences": [_("撤回后不再作为佐证；文件和记录仍然保留。"), _("佐证状态随余下的文件重新确定。")],
        "action": request.path,
        "button": _("撤回"),
        "danger": True,
        "back": back,
        "trail_of_pages": way_to(case, (_label_of(case, found.item), back), (_("撤回佐证"), "")),
    }
    return render(request, "components/confirm_page.html", context)


@page("case.read", write="collect.judge")
def judge(request: PageRequest, case: StoredCase, number: int) -> HttpResponse:
    """Accept or return a file."""
    found = _found(case, number)
    back = _page_of(case, found.item)
    if request.method != "POST":
        return redirect(back)
    accepted = request.POST.get("verdict") == "accept"
    seen = request.POST.get("seen", "")
    try:
        perform(JudgeEvidence(found, accepted, request.POST.get("reason", ""), seen), request.actor)
    except Invalid as error:
        return _shown(request, case, found.item, Typed(problems=error.problems, status=422))
    except Stale as error:
        return _shown(request, case, found.item, Typed(overtaken=error.what, status=409))
    messages.success(request, _("已认可“%s”。") % found.name if accepted else _("已退回“%s”。") % found.name)
    return redirect(back)
