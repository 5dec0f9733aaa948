"""Pages: the year as an Excel workbook, both ways."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRefresh

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem
from zhunsheng.plans.sections import SECTIONS
from zhunsheng.store.database.file_store import TooLarge, keep
from zhunsheng.store.database.models import Job, JobState, StoredCase, StoredFile
from zhunsheng.web.downloads import file_answer
from zhunsheng.web.language import job_name
from zhunsheng.web.page import PageRequest, may, page
from zhunsheng.web.plan.ways import way_to
from zhunsheng.workflow.action import Invalid, perform
from zhunsheng.workflow.planning.asking import ask_for_workbook, ask_to_check
from zhunsheng.workflow.planning.kinds import FILE_TOO_LARGE, NO_FILE
from zhunsheng.workflow.planning.replacing import ReplaceCase

LARGEST = 20_000_000
_LABELS = {section.name: section.label for section in SECTIONS}


@page("case.read", write="plan.replace")
def workbook(request: PageRequest, case: StoredCase) -> HttpResponse:
    """Where the workbook is fetched and brought back."""
    if request.method != "POST":
        return _page(request, case)
    upload = request.FILES.get("file")
    if upload is None or isinstance(upload, list):
        return _page(request, case, (NO_FILE.at(Place(_("工作簿")), _("没有选择文件")),), status=422)
    try:
        kept = keep(upload.chunks(), LARGEST)
    except TooLarge:
        what = _("文件大于 %s MB") % (LARGEST // 1_000_000)
        return _page(request, case, (FILE_TOO_LARGE.at(Place(str(upload.name)), what),), status=422)
    name = str(upload.name)[:200]
    job = ask_to_check(case, kept, name, request.actor)
    return redirect("plan-workbook-job", case.code, job.pk)


def _page(
    request: PageRequest, case: StoredCase, problems: Sequence[Problem] = (), *, status: int = 200
) -> HttpResponse:
    context = {
        "problems": problems,
        "may_replace": may(request, "plan.replace"),
        "megabytes": LARGEST // 1_000_000,
        "trail_of_pages": way_to(case, (_("Excel 工作簿"), "")),
    }
    return render(request, "plan/workbook.html", context, status=status)


@page("case.read", write="case.read")
def fetch(request: PageRequest, case: StoredCase) -> HttpResponse:
    """Ask for the workbook."""
    if request.method != "POST":
        return redirect("plan-workbook", case.code)
    job = ask_for_workbook(case, request.actor)
    return redirect("plan-workbook-job", case.code, job.pk)


def _job(request: PageRequest, case: StoredCase, identity: int) -> Job:
    """A job of the person who asks.

    Raises:
        Http404: there is none.
    """
    kinds = ("plan.workbook", "plan.check")
    found = Job.objects.filter(pk=identity, case=case, kind__in=kinds, who=request.actor.user).first()
    if found is None:
        raise Http404
    return found


@page("case.read")
def progress(request: PageRequest, case: StoredCase, job: int) -> HttpResponse:
    """How far the work is, and what came of it."""
    found = _job(request, case, job)
    here = reverse("plan-workbook-job", args=[case.code, found.pk])
    if request.htmx and not found.is_over:
        return render(request, "components/progress.html", {"job": found, "poll": here})
    if request.htmx:
        return HttpResponseClientRefresh()
    rows = [
        {**each, "section_label": _LABELS.get(each["section"], each["section"])}
        for each in found.result.get("differences", ())
    ]
    context = {
        "job": found,
        "poll": here,
        "done": found.state == JobState.DONE,
        "rows": rows,
        "result": found.result,
        "stale": found.result.get("revision") != case.revision,
        "may_replace": may(request, "plan.replace"),
        "trail_of_pages": way_to(
            case, (_("Excel 工作簿"), reverse("plan-workbook", args=[case.code])), (job_name(found), "")
        ),
    }
    return render(request, "plan/workbook_job.html", context)


@page("case.read")
def file(request: PageRequest, case: StoredCase, job: int) -> FileResponse:
    """The workbook that was written."""
    found = _job(request, case, job)
    if found.kind != "plan.workbook" or found.state != JobState.DONE:
        raise Http404
    return file_answer(found.result["file"], found.result["name"])


@page("case.read", write="plan.replace")
def apply(request: PageRequest, case: StoredCase, job: int) -> HttpResponse:
    """Put the checked workbook in the place of the content."""
    found = _job(request, case, job)
    if request.method != "POST":
        return redirect("plan-workbook-job", case.code, found.pk)
    checked = StoredFile.objects.filter(sha256=found.result.get("checked", "")).first()
    if found.kind != "plan.check" or found.state != JobState.DONE or checked is None:
        raise Http404
    try:
        changes = perform(ReplaceCase(case, checked, int(found.result["revision"])), request.actor)
    except Invalid as error:
        return _page(request, case, error.problems, status=422)
    messages.success(request, _("已按工作簿更新 %s 行。") % len(changes))
    return redirect("plan", case.code)
