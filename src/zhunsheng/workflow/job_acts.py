"""Which jobs somebody may see, whose file may be fetched, and cancelling one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from zhunsheng.plans.roles import Role
from zhunsheng.store.database.models import Job, Organisation
from zhunsheng.store.ledger_files import ledger_of
from zhunsheng.workflow.action import Action, Change, Refused, Setting, Stale, perform
from zhunsheng.workflow.actor import Actor
from zhunsheng.workflow.catalogue import judge
from zhunsheng.workflow.importing.places import hidden_fields, sees_personal
from zhunsheng.workflow.jobs import AlreadyAsked, ask_to_cancel
from zhunsheng.workflow.rights import Asked
from zhunsheng.workflow.trail_reading import bodies_seen

OVERSEEING = frozenset({Role.FINANCE, Role.ADMINISTRATOR})
"""Roles that see all jobs of their body."""


def job_asked(action: Action, actor: Actor) -> int:
    """Ask for work by an action whose last change names the job; the job's number.

    It is the number of the earlier job when the same person has asked for the very same and it is not over.

    Raises:
        Refused, Stale, Invalid: as `perform`.
    """
    try:
        changes = perform(action, actor)
    except AlreadyAsked as earlier:
        return earlier.job.pk
    return int(changes[-1].after["job"])


def own_jobs(actor: Actor) -> QuerySet[Job]:
    """The jobs somebody asked for."""
    return Job.objects.filter(who=actor.user) if actor.user is not None else Job.objects.none()


def jobs_seen_by(actor: Actor) -> QuerySet[Job]:
    """The jobs somebody may see: their own, and those of the body whose finance or administrator they are."""
    if actor.user is None:
        return Job.objects.none()
    seen = Q(who=actor.user)
    for each in actor.holdings:
        if each.role in OVERSEEING:
            seen |= Q(organisation__path__startswith=each.organisation.path)
    return Job.objects.filter(seen)


def may_fetch(actor: Actor, job: Job, today: date) -> bool:
    """Whether somebody may still fetch the file of a job they asked for: rights may have ended since."""
    if job.case is not None and not judge("case.read", actor, Asked(today, job.case)).allowed:
        return False
    if job.kind == "records.export":
        return _sees_records(actor, job, today)
    if job.kind == "trail.export":
        seen = {each.code for each in bodies_seen(actor, today)}
        return set(_result(job).get("bodies", ())) <= seen
    return True


def _sees_records(actor: Actor, job: Job, today: date) -> bool:
    """Whether somebody may see the records of an export and every field that was not left out of it."""
    body, ledger = job.organisation, ledger_of(str(job.parameters.get("ledger", "")))
    if body is None or ledger is None:
        return False
    if not judge("records.read", actor, Asked(today, organisation=body)).allowed:
        return False
    hidden = hidden_fields(ledger, personal=sees_personal(actor, body, today))
    labels = {each.label for each in ledger.fields if each.name in hidden}
    return labels <= set(_result(job).get("left_out", ()))


def _result(job: Job) -> dict[str, Any]:
    return job.result if isinstance(job.result, dict) else {}


def may_cancel(actor: Actor, job: Job) -> bool:
    """Whether somebody may cancel a job: whoever asked for it, and the administrator of its body."""
    if actor.user is not None and job.who_id == actor.user.pk:
        return True
    return job.organisation is not None and actor.holds(Role.ADMINISTRATOR, job.organisation)


@dataclass(frozen=True)
class CancelJob(Action):
    """Cancels a job that waits, or asks one that is being done to stop."""

    code = "job.cancel"
    label = "取消后台任务"
    right = "jobs.cancel"

    job: Job

    def organisation(self) -> Organisation | None:
        """The body it concerns."""
        return self.job.organisation

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Cancel."""
        if not may_cancel(setting.actor, self.job):
            raise Refused("只能取消自己发起的后台任务；其他任务请单位管理员取消")
        if not ask_to_cancel(self.job, setting.moment):
            raise Stale("这个任务已经结束，不用再取消；请刷新页面")
        yield Change(
            f"jobs/{self.job.pk}", {"state": self.job.state}, {"cancel_asked": True, "name": self.job.label}
        )
