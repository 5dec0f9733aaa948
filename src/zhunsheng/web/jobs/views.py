"""Pages: 后台任务."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zhunsheng.store.database.models import Job, JobState
from zhunsheng.web.downloads import file_answer
from zhunsheng.web.jobs.results import result_of
from zhunsheng.web.page import PageRequest, page
from zhunsheng.workflow.action import Refused, perform
from zhunsheng.workflow.job_acts import (
    OVERSEEING,
    CancelJob,
    jobs_seen_by,
    may_cancel,
    may_fetch,
    own_jobs,
)

_PER_PAGE = 25
_STATES = frozenset(JobState.values)


@page("jobs.read")
def jobs(request: PageRequest) -> HttpResponse:
    """The jobs one asked for; for finance and administrators also those of their body."""
    oversees = bool(request.actor.roles & OVERSEEING)
    scope = "all" if oversees and request.GET.get("scope") == "all" else "mine"
    state = request.GET.get("state", "")
    found = jobs_seen_by(request.actor) if scope == "all" else own_jobs(request.actor)
    if state in _STATES:
        found = found.filter(state=state)
    found = found.select_related("case__organisation", "organisation", "who").order_by("-created", "-pk")
    shown = Paginator(found, _PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": [(each, result_of(each, request.actor.user)) for each in shown],
        "page": shown,
        "scope": scope,
        "oversees": oversees,
        "state": state,
        "states": [(value, _(str(label))) for value, label in JobState.choices],
        "query": urlencode({"scope": scope, **({"state": state} if state in _STATES else {})}),
    }
    return render(request, "jobs/list.html", context)


def _job(request: PageRequest, number: int) -> Job:
    """A job one may see; for others it does not exist."""
    found = jobs_seen_by(request.actor).select_related("case__organisation", "organisation", "who")
    seen = get_object_or_404(found.distinct(), pk=number)
    if request.actor.user is None or seen.who_id != request.actor.user.pk:
        # rows of people may be named in it, which whoever looks after jobs need not see
        seen.problems = []
    return seen


def _cancel_address(request: PageRequest, found: Job) -> str:
    return reverse("job_cancel", args=[found.pk]) if may_cancel(request.actor, found) else ""


@page("jobs.read")
def job(request: PageRequest, number: int) -> HttpResponse:
    """How far a job is, and what came of it."""
    found = _job(request, number)
    context = {
        "job": found,
        "result": result_of(found, request.actor.user),
        "poll": reverse("job_progress", args=[found.pk]),
        "cancel": _cancel_address(request, found),
        "trail_of_pages": [{"label": _("后台任务"), "url": reverse("jobs")}, {"label": found.label}],
    }
    return render(request, "jobs/job.html", context)


@page("jobs.read")
def progress(request: PageRequest, number: int) -> HttpResponse:
    """The piece that says how far a job is, for the page to ask again and again."""
    found = _job(request, number)
    context = {
        "job": found,
        "poll": reverse("job_progress", args=[found.pk]),
        "cancel": _cancel_address(request, found),
    }
    response = render(request, "components/progress.html", context)
    if found.is_over:
        # the whole page tells what came of it
        response.headers["HX-Redirect"] = reverse("job", args=[found.pk])
    return response


@page("jobs.read", write="jobs.cancel")
def cancel(request: PageRequest, number: int) -> HttpResponse:
    """Cancel a job."""
    found = _job(request, number)
    if request.method == "POST":
        perform(CancelJob(found), request.actor)
        found.refresh_from_db()
        said = _("已取消") if found.is_over else _("已要求取消，处理程序会在下一步停下")
        messages.success(request, said)
    return redirect("job", number=number)


@page("jobs.read")
def file(request: PageRequest, number: int) -> FileResponse:
    """The file a job made, for whoever asked for it: it holds what that person may see."""
    found = get_object_or_404(
        own_jobs(request.actor).select_related("case__organisation__overseer", "organisation__overseer"),
        pk=number,
    )
    digest = found.result.get("file") if isinstance(found.result, dict) else None
    if not digest:
        raise Http404
    if not may_fetch(request.actor, found, timezone.localdate()):
        raise Refused(_("生成这个文件时的授权已经到期或收回，不能再下载"))
    return file_answer(digest, str(found.result.get("name") or "file"))
