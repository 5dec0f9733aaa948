"""Long work: asked for in a request, done by a worker, followed on a page.

A worker has a job for the length of a lease, which it renews while it lives. A job whose lease has run out is taken by
another worker and begun anew, so every kind of work is safe to begin again: it changes what people see by one action
at its end, and asks there whether it was already done.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from zhunsheng.assembly.rejections import Rejected, WrongRequest
from zhunsheng.assembly.surroundings import Surroundings
from zhunsheng.kernel.problem import Problem
from zhunsheng.store.database.models import Job, JobState, Organisation, StoredCase, User
from zhunsheng.store.records.faults import StoreFault
from zhunsheng.workflow.action import Invalid, Refused, Stale
from zhunsheng.workflow.actor import PUBLIC, Actor, actor_of
from zhunsheng.workflow.mishaps import noted

LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 3
CANCELLED = "已取消，没有写入任何内容"
_PAUSE = timedelta(seconds=1)
"""A step that tells nothing new is written at most so often."""

KINDS: dict[str, str] = {
    "plan.workbook": "zhunsheng.workflow.planning.jobs:write_workbook",
    "plan.check": "zhunsheng.workflow.planning.jobs:check_workbook",
    "records.check": "zhunsheng.workflow.importing.jobs:check_file",
    "records.import": "zhunsheng.workflow.importing.jobs:import_file",
    "records.undo": "zhunsheng.workflow.importing.jobs:undo_batch",
    "records.settle": "zhunsheng.workflow.importing.holding_jobs:settle_held",
    "records.discard": "zhunsheng.workflow.importing.holding_jobs:discard_held_rows",
    "records.export": "zhunsheng.workflow.importing.jobs:export_records",
    "indicators.compute": "zhunsheng.workflow.evaluating.jobs:compute_indicator",
    "indicators.values": "zhunsheng.workflow.indicators.jobs:compute_values",
    "indicators.rows": "zhunsheng.workflow.indicators.jobs:list_rows",
    "evaluation.compute": "zhunsheng.workflow.evaluating.jobs:compute_case",
    "audit.document": "zhunsheng.workflow.auditing.jobs:audit_document",
    "report.write": "zhunsheng.workflow.reporting.jobs:write_report",
    "release.make": "zhunsheng.workflow.releasing.jobs:make_release",
    "trail.export": "zhunsheng.workflow.trail_export:export_job",
}
"""The function that does the work of each kind; it takes a `Work` and gives the result as plain data.

A result with `file` (hash of a stored file) and `name` is offered for download on the page of the job.
"""


class Cancelled(Exception):  # noqa: N818 - nothing is broken
    """The person who asked for the work has cancelled it."""


class AlreadyAsked(Stale):
    """The person has asked for the very same work already; `job` waits or is being done."""

    def __init__(self, job: Job) -> None:
        super().__init__("同样的任务已经在办理，不用再次发起")
        self.job = job


class LeaseLost(Exception):  # noqa: N818 - nothing is broken
    """Another worker has the job now."""


class GivenBack(LeaseLost):
    """The worker is to end; the job waits for another one."""


@dataclass(slots=True)
class Work:
    """A job being done.

    Attributes:
        job: as it was when it was taken.
        now: the clock.
        must_end: whether the worker is to end, so that the job is given back.
    """

    job: Job
    now: Callable[[], datetime] = timezone.now
    must_end: Callable[[], bool] = lambda: False
    _told: tuple[int, str] = field(default=(-1, ""), init=False)
    _when: datetime | None = field(default=None, init=False)

    @property
    def parameters(self) -> dict[str, Any]:
        """What the work is done from."""
        return dict(self.job.parameters)

    @property
    def actor(self) -> Actor:
        """Who asked for it, with what they hold now."""
        user = self.job.who
        return PUBLIC if user is None else actor_of(user, timezone.localdate(self.now()))

    def progress(self, percent: int, message: str = "") -> None:
        """Tell how far it is and renew the lease; cheap enough to be called at every step.

        Raises:
            Cancelled: it is no longer wanted.
            LeaseLost: another worker has taken it, or this one is to end.
        """
        if self.must_end():
            raise GivenBack
        now, told = self.now(), (min(max(percent, 0), 100), message[:300])
        if told == self._told and self._when is not None and now - self._when < _PAUSE:
            return
        self._told, self._when = told, now
        mine = held(self.job)
        if not mine.update(percent=told[0], message=told[1], lease=now + LEASE):
            raise LeaseLost
        if mine.filter(cancel_asked=True).exists():
            raise Cancelled


def held(job: Job) -> QuerySet[Job]:
    """The job as long as it is held by the worker that took it."""
    return Job.objects.filter(pk=job.pk, state=JobState.RUNNING, worker=job.worker, attempts=job.attempts)


def enqueue(
    kind: str,
    label: str,
    parameters: dict[str, Any],
    actor: Actor,
    *,
    case: StoredCase | None = None,
    organisation: Organisation | None = None,
) -> Job:
    """Ask for long work; inside an action it is asked for only if the action comes to its end.

    Args:
        kind: one of `KINDS`.
        label: for people, in Chinese.
        parameters: plain data.

    Raises:
        LookupError: there is no such kind.
    """
    if kind not in KINDS:
        raise LookupError(kind)
    return Job.objects.create(
        kind=kind,
        label=label[:200],
        parameters=parameters,
        who=actor.user,
        case=case,
        organisation=organisation or (case.organisation if case is not None else None),
        created=timezone.now(),
    )


def enqueue_once(
    kind: str,
    label: str,
    parameters: dict[str, Any],
    actor: Actor,
    *,
    case: StoredCase | None = None,
    organisation: Organisation | None = None,
) -> Job:
    """Ask for long work as `enqueue` does, unless the same person has asked for the very same and it is not over.

    A button pressed twice, or a form that is sent again, must not start the same work beside itself.

    Raises:
        AlreadyAsked: it waits or is being done.
        LookupError: there is no such kind.
    """
    with transaction.atomic():
        if actor.user is not None:
            # whoever sends the same form at the same moment waits here until the first one's job can be seen
            User.objects.select_for_update(no_key=True).get(pk=actor.user.pk)
            body = organisation or (case.organisation if case is not None else None)
            waiting = Job.objects.filter(
                kind=kind,
                who=actor.user,
                case=case,
                organisation=body,
                state__in=(JobState.WAITING, JobState.RUNNING),
                cancel_asked=False,
            )
            # compared here: one database compares documents by their text, the other by what is in them
            same = next((each for each in waiting.order_by("pk") if each.parameters == parameters), None)
            if same is not None:
                raise AlreadyAsked(same)
        return enqueue(kind, label, parameters, actor, case=case, organisation=organisation)


def _free(now: datetime) -> Q:
    return Q(state=JobState.WAITING) | Q(state=JobState.RUNNING, lease__lt=now)


def take(worker: str, now: datetime) -> Job | None:
    """The next job for a worker, oldest first: a waiting one or one whose worker has fallen silent.

    A job that is over already, because it was cancelled or interrupted too often, comes back as such.
    """
    # looked at without a lock first: an idle worker must not keep the writers of a small database waiting
    if not Job.objects.filter(_free(now)).exists():
        return None
    with transaction.atomic():
        found = (
            Job.objects.select_for_update(
                skip_locked=connection.features.has_select_for_update_skip_locked, of=("self",)
            )
            .filter(_free(now))
            .order_by("created", "pk")
            .first()
        )
        if found is None:
            return None
        if found.cancel_asked:
            found.state, found.finished, found.lease = JobState.CANCELLED, now, None
            found.message = CANCELLED
        elif found.attempts >= MOST_ATTEMPTS:
            found.state, found.finished, found.lease = JobState.FAILED, now, None
            found.message = f"处理程序中断了 {found.attempts} 次，没有完成；请重试，仍不行时联系管理员"
        else:
            found.state, found.worker, found.lease = JobState.RUNNING, worker, now + LEASE
            found.attempts += 1
            found.started = found.started or now
        found.save()
        return found


def renew(job: Job, now: datetime) -> bool:
    """Renew the lease; False when the job is another's or over."""
    return bool(held(job).update(lease=now + LEASE))


def give_back(job: Job, message: str = "处理程序重启，稍后重新开始") -> bool:
    """Let the job wait for another worker; the attempt does not count. False when it is no longer held."""
    return bool(
        held(job).update(
            state=JobState.WAITING,
            worker="",
            lease=None,
            percent=0,
            message=message,
            attempts=max(job.attempts - 1, 0),
        )
    )


def ask_to_cancel(job: Job, now: datetime) -> bool:
    """Cancel a waiting job, ask a running one to stop. Only inside an action.

    Returns:
        False when it is over.
    """
    over_at_once = Job.objects.filter(pk=job.pk, state=JobState.WAITING).update(
        state=JobState.CANCELLED, cancel_asked=True, finished=now, message=CANCELLED
    )
    if over_at_once:
        return True
    return bool(Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(cancel_asked=True))


_NOT_WRITTEN = "内容有错，没有写入"


def do(job: Job, must_end: Callable[[], bool] = lambda: False) -> Job:
    """Do a job that was taken and keep what came of it."""
    if job.is_over:
        return job
    work = Work(job, must_end=must_end)
    try:
        work.progress(0, "开始")
        result = _function_of(job.kind)(work)
    except LeaseLost:
        if must_end():
            give_back(job)
    except OperationalError as error:
        # the database refused for a moment: a lock, a deadlock, a restart; the work is safe to begin again
        if job.attempts < MOST_ATTEMPTS and give_back(job, "数据库忙，稍后重新开始"):
            # counted, so that what never works comes to an end
            Job.objects.filter(pk=job.pk, state=JobState.WAITING).update(attempts=job.attempts)
        else:
            _finish(job, _outcome_of(error, job))
    except Exception as error:  # noqa: BLE001 - whatever it is, the job is over and somebody is told
        _finish(job, _outcome_of(error, job))
    else:
        _finish(job, {"state": JobState.DONE, "result": result, "percent": 100})
    job.refresh_from_db()
    return job


def _function_of(kind: str) -> Callable[[Work], dict[str, Any]]:
    module, name = KINDS[kind].split(":")
    found: Callable[[Work], dict[str, Any]] = getattr(import_module(module), name)
    return found


def _outcome_of(error: Exception, job: Job) -> dict[str, Any]:
    """The state of a job whose work ended with an exception, and what people are told."""
    if isinstance(error, Cancelled):
        return {"state": JobState.CANCELLED, "message": CANCELLED}
    if isinstance(error, Refused):
        return _failed(error.reason)
    if isinstance(error, Stale):
        return _failed(error.what)
    if isinstance(error, StoreFault):
        return _failed(error.problem.what, (error.problem,))
    if isinstance(error, Invalid | Rejected):
        return _failed(_NOT_WRITTEN, error.problems)
    if isinstance(error, WrongRequest):
        return _failed(str(error))
    if isinstance(error, Surroundings):
        return _failed(f"环境问题：{error}")
    reference = noted(error, f"后台任务 {job.pk}（{job.kind}）第 {job.attempts} 次")
    return _failed(f"程序内部出错，没有完成。请把编号 {reference} 告诉管理员")


def _failed(message: str, problems: Sequence[Problem] = ()) -> dict[str, Any]:
    return {
        "state": JobState.FAILED,
        "message": message[:300],
        "problems": [each.as_data() for each in problems],
    }


def _finish(job: Job, outcome: dict[str, Any]) -> None:
    """Keep the outcome, unless the job is another worker's by now."""
    held(job).update(**{"finished": timezone.now(), "lease": None, "message": "", **outcome})


def do_all(worker: str = "here", now: Callable[[], datetime] = timezone.now) -> list[Job]:
    """Do everything that waits; for tests and commands."""
    done = []
    while (job := take(worker, now())) is not None:
        done.append(do(job))
    return done
