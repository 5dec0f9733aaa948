"""Pages: 文件核对."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Problem, Severity
from zhunsheng.store.database.file_store import TooLarge, content_of, keep
from zhunsheng.store.database.models import AuditedDocument, Job, Organisation, StoredCase
from zhunsheng.web.audit.findings import Filter, ShownFinding, figures_of, shown_findings
from zhunsheng.web.downloads import file_answer
from zhunsheng.web.page import PageRequest, may, page
from zhunsheng.web.sizes import largest_upload
from zhunsheng.workflow.action import Invalid, perform
from zhunsheng.workflow.auditing.actions import AcceptFinding, AuditAgain, UndoAcceptance, UploadDocument
from zhunsheng.workflow.auditing.bodies import own_bodies, readable_bodies
from zhunsheng.workflow.auditing.results import EXPORTS, documented
from zhunsheng.workflow.catalogue import judge
from zhunsheng.workflow.rights import Asked

NO_FILE = Kind("AUDIT-104", Severity.ERROR, "须选择要核对的文件", "选择一个或多个文件后再上传。")
TOO_MANY = Kind("AUDIT-105", Severity.ERROR, "一次最多上传 20 个文件", "分几次上传。")
FILE_TOO_LARGE = Kind("AUDIT-106", Severity.ERROR, "文件不超过站点规定的大小", "压缩图片或拆分文件后再上传。")
UNKNOWN_BODY = Kind("AUDIT-107", Severity.ERROR, "只能为自己的单位上传", "从列出的单位中选择。")
UNKNOWN_CASE = Kind("AUDIT-108", Severity.ERROR, "只能与看得到的年度档案核对", "从列出的年度中选择。")
_MOST_FILES = 20
_PER_PAGE, _FINDINGS_PER_PAGE = 25, 100


@page("self.use", write="audit.use")
def audits(request: PageRequest) -> HttpResponse:
    """The documents one may see, and the form to upload more."""
    if request.method == "POST":
        return _upload(request)
    return _list(request)


def _list(request: PageRequest, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    today = timezone.localdate()
    visible = (
        AuditedDocument.objects.filter(organisation__in=readable_bodies(request.actor, today))
        .select_related("organisation", "case__organisation", "who")
        .defer("content")
    )
    wanted = request.GET.get("q", "").strip()[:100]
    if wanted:
        visible = visible.filter(name__icontains=wanted)
    shown = Paginator(visible, _PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "documents": shown,
        "page": shown,
        "wanted": wanted,
        "query": _without_page(request),
        "bodies": _uploading_bodies(request, today),
        "cases": _visible_cases(request, today),
        "problems": problems,
        "megabytes": largest_upload(),
    }
    return render(request, "audit/list.html", context, status=422 if problems else 200)


def _without_page(request: PageRequest) -> str:
    """The rest of the query string, for the links to other pages."""
    given = request.GET.copy()
    given.pop("page", None)
    return given.urlencode()


def _uploading_bodies(request: PageRequest, today: date) -> list[Organisation]:
    return [
        each
        for each in own_bodies(request.actor)
        if judge("audit.accept", request.actor, Asked(today, organisation=each)).allowed
    ]


def _visible_cases(request: PageRequest, today: date) -> list[StoredCase]:
    return [
        each
        for each in StoredCase.objects.select_related("organisation__overseer")
        if judge("case.read", request.actor, Asked(today, each)).allowed
    ]


def _upload(request: PageRequest) -> HttpResponse:
    today = timezone.localdate()
    files = request.FILES.getlist("files")
    bodies = {each.code: each for each in _uploading_bodies(request, today)}
    body = bodies.get(request.POST.get("body", "")) or next(iter(bodies.values()), None)
    against = None
    problems: list[Problem] = []
    if request.POST.get("body") and request.POST["body"] not in bodies:
        problems.append(UNKNOWN_BODY.at(Place(field="body"), _("不能为这个单位上传文件")))
    if body is None and not problems:
        problems.append(UNKNOWN_BODY.at(Place(field="body"), _("您没有可以上传文件的单位")))
    if code := request.POST.get("case", ""):
        against = next((each for each in _visible_cases(request, today) if each.code == code), None)
        if against is None:
            problems.append(UNKNOWN_CASE.at(Place(field="case"), _("没有这个年度档案，或您看不到它")))
    if not files:
        problems.append(NO_FILE.at(Place(field="files"), _("没有选择文件")))
    elif len(files) > _MOST_FILES:
        what = _("选择了 %(count)s 个文件") % {"count": len(files)}
        problems.append(TOO_MANY.at(Place(field="files"), what))
    if problems or body is None:
        return _list(request, tuple(problems))
    return _keep_all(request, body, against, files)


def _keep_all(
    request: PageRequest, body: Organisation, against: StoredCase | None, files: "Sequence[UploadedFile[Any]]"
) -> HttpResponse:
    made: list[int] = []
    problems: list[Problem] = []
    for each in files:
        name = each.name or ""
        try:
            kept = keep(each.chunks())
        except TooLarge:
            what = _("“%(name)s”超过 %(most)s MB，没有上传") % {"name": name, "most": largest_upload()}
            problems.append(FILE_TOO_LARGE.at(Place(name, field="files"), what))
            continue
        changes = perform(UploadDocument(body, name, kept, against), request.actor)
        made.append(changes[0].after["document"])
    if problems:
        return _list(request, tuple(problems))
    if len(made) == 1:
        return redirect("audit", organisation=body.code, number=made[0])
    return redirect("audits")


def _document(organisation: Organisation, number: int) -> AuditedDocument:
    found = AuditedDocument.objects.select_related("file", "page", "who", "case__organisation")
    return get_object_or_404(found, pk=number, organisation=organisation)


def _job(document: AuditedDocument) -> Job | None:
    """The newest audit of a document that was asked for."""
    return (
        Job.objects.filter(kind="audit.document", parameters__document=document.pk)
        .order_by("created", "pk")
        .last()
    )


@page("audit.read")
def document(request: PageRequest, organisation: Organisation, number: int) -> HttpResponse:
    """The findings beside the original."""
    return _show(request, _document(organisation, number))


def _show(
    request: PageRequest, found: AuditedDocument, problems: tuple[Problem, ...] = (), **typed: str
) -> HttpResponse:
    findings = shown_findings(found)
    chosen = Filter.of(request.GET)
    passing = [each for each in findings if chosen.passes(each)]
    shown = Paginator(passing, _FINDINGS_PER_PAGE).get_page(request.GET.get("page"))
    exports = found.content.get(EXPORTS, {})
    accepted = sorted(each.data["key"] for each in findings if each.acceptance is not None)
    context: dict[str, Any] = {
        "document": found,
        "about": found.content.get("document") or {},
        "job": _job(found),
        "findings": shown,
        "page": shown,
        "query": _without_page(request),
        "chosen": chosen,
        "severities": list(Severity),
        "figures": figures_of(found, findings),
        "original": _original(found),
        "exports": sorted(exports.get("files", {})),
        "exports_old": bool(exports) and exports.get("without", []) != sorted(set(accepted)),
        "may_accept": may(request, "audit.accept"),
        "problems": problems,
        "trail_of_pages": [{"label": _("文件核对"), "url": reverse("audits")}, {"label": found.name}],
        "typed": typed,
    }
    return render(request, "audit/document.html", context, status=422 if problems else 200)


def _original(found: AuditedDocument) -> str:
    """The marked original: made by `documents.marking`, which escapes every character of the document."""
    if found.page is None:
        return ""
    return mark_safe(content_of(found.page).decode())  # noqa: S308 - escaped when it was made


@page("audit.read")
def progress(request: PageRequest, organisation: Organisation, number: int) -> HttpResponse:
    """How far the audit is, for the page to ask again and again."""
    found = _document(organisation, number)
    job = _job(found)
    response = render(request, "audit/progress.html", {"document": found, "job": job})
    if job is None or job.is_over:
        response.headers["HX-Redirect"] = reverse("audit", args=[organisation.code, number])
    return response


@page("audit.read", write="audit.accept")
def accept(request: PageRequest, organisation: Organisation, number: int) -> HttpResponse:
    """Accept a finding."""
    found = _document(organisation, number)
    if request.method != "POST":
        return _back(found)
    key, why = request.POST.get("finding", ""), request.POST.get("reason", "")
    try:
        perform(AcceptFinding(found, key, why), request.actor)
    except Invalid as error:
        return _show(request, found, error.problems, finding=key, reason=why)
    return _back(found, key)


@page("audit.read", write="audit.accept")
def undo(request: PageRequest, organisation: Organisation, number: int) -> HttpResponse:
    """Take an acceptance back."""
    found = _document(organisation, number)
    key = request.POST.get("finding", "")
    if request.method == "POST":
        perform(UndoAcceptance(found, key), request.actor)
    return _back(found, key)


@page("audit.read", write="audit.accept")
def again(request: PageRequest, organisation: Organisation, number: int) -> HttpResponse:
    """Audit once more."""
    found = _document(organisation, number)
    if request.method == "POST":
        perform(AuditAgain(found), request.actor)
    return _back(found)


def _back(found: AuditedDocument, key: str = "") -> HttpResponse:
    address = reverse("audit", args=[found.organisation.code, found.pk])
    place: ShownFinding | None = next(
        (each for each in shown_findings(found) if each.data["key"] == key), None
    )
    return redirect(address if place is None else f"{address}#f{place.number}")


@page("audit.read")
def original(request: PageRequest, organisation: Organisation, number: int) -> FileResponse:  # noqa: ARG001
    """The file as it was uploaded."""
    found = _document(organisation, number)
    return file_answer(found.file.sha256, found.name)


@page("audit.read")
def as_json(request: PageRequest, organisation: Organisation, number: int) -> JsonResponse:  # noqa: ARG001
    """The audit in its documented JSON, as the command line gives it."""
    found = _document(organisation, number)
    return JsonResponse(documented(found), json_dumps_params={"ensure_ascii": False, "indent": 1})


@page("audit.read")
def export(request: PageRequest, organisation: Organisation, number: int, name: str) -> FileResponse:  # noqa: ARG001
    """A file made from the audit: commented Word, annotated PDF, list of findings, page."""
    found = _document(organisation, number)
    digest = found.content.get(EXPORTS, {}).get("files", {}).get(name)
    if digest is None:
        raise Http404
    return file_answer(digest, name)
