"""Long work: how far it is, and cancelling it."""

from datetime import datetime
from typing import Any, Literal

from django.http import Http404
from ninja import Router, Schema

from zhunsheng.store.database.models import Job, User
from zhunsheng.web.api.operations import Number, operation
from zhunsheng.web.api.paging import Cursor, Limit, page_by_number
from zhunsheng.web.api.tokens import ApiRequest
from zhunsheng.workflow.action import perform
from zhunsheng.workflow.job_acts import CancelJob, jobs_seen_by

ROUTER = Router(tags=["jobs"])


class JobShape(Schema):
    """A piece of long work."""

    number: int
    kind: str
    label: str
    state: Literal["waiting", "running", "done", "failed", "cancelled"]
    percent: int
    message: str
    case: str | None
    organisation: str | None
    who: str | None
    created: datetime
    started: datetime | None
    finished: datetime | None
    cancel_asked: bool
    result: dict[str, Any]
    problems: list[dict[str, Any]]


class JobsShape(Schema):
    """A page of jobs, newest first."""

    items: list[JobShape]
    next: str | None


def job_data(job: Job, asker: User) -> dict[str, object]:
    """A job as it is answered; what came of it is for whoever asked for it, since rows of people may be in it."""
    mine = job.who_id == asker.pk
    result = job.result if isinstance(job.result, dict) else {"value": job.result}
    return {
        "number": job.pk,
        "kind": job.kind,
        "label": job.label,
        "state": job.state,
        "percent": job.percent,
        "message": job.message,
        "case": None if job.case is None else job.case.code,
        "organisation": None if job.organisation is None else job.organisation.code,
        "who": None if job.who is None else job.who.username,
        "created": job.created,
        "started": job.started,
        "finished": job.finished,
        "cancel_asked": job.cancel_asked,
        "result": result if mine else {},
        "problems": job.problems if mine else [],
    }


def _asker(request: ApiRequest) -> User:
    assert request.actor.user is not None  # noqa: S101 - the right asks for a person
    return request.actor.user


def _seen(request: ApiRequest, number: int) -> Job:
    found = (
        jobs_seen_by(request.actor)
        .select_related("case", "organisation", "who")
        .filter(pk=number)
        .distinct()
        .first()
    )
    if found is None:
        raise Http404(f"没有编号为 {number} 的后台任务，或您不能查看")
    return found


@operation(ROUTER, "GET", "/jobs", "jobs.read", JobsShape, summary="可以查看的后台任务")
def jobs(request: ApiRequest, limit: Limit = 50, cursor: Cursor = "") -> dict[str, object]:
    """The jobs somebody may see, newest first."""
    found = jobs_seen_by(request.actor).select_related("case", "organisation", "who").distinct()
    shown, following = page_by_number(found, "pk", limit, cursor, newest_first=True)
    return {"items": [job_data(each, _asker(request)) for each in shown], "next": following}


@operation(ROUTER, "GET", "/jobs/{number}", "jobs.read", JobShape, summary="一个后台任务")
def job(request: ApiRequest, number: Number) -> dict[str, object]:
    """One job."""
    return job_data(_seen(request, number), _asker(request))


@operation(ROUTER, "POST", "/jobs/{number}/cancel", "jobs.cancel", JobShape, summary="取消后台任务")
def cancel_job(request: ApiRequest, number: Number) -> dict[str, object]:
    """Cancel a job, or ask one that is being done to stop."""
    perform(CancelJob(_seen(request, number)), request.actor)
    return job_data(_seen(request, number), _asker(request))
