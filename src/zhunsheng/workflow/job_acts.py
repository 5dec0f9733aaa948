"""Which jobs somebody may see, and cancelling one."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from zhunsheng.plans.roles import Role
from zhunsheng.store.database.models import Job, Organisation
from zhunsheng.workflow.action import Action, Change, Refused, Setting, Stale
from zhunsheng.workflow.actor import Actor
from zhunsheng.workflow.jobs import ask_to_cancel

OVERSEEING = frozenset({Role.FINANCE, Role.ADMINISTRATOR})
"""Roles that see all jobs of their body."""


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
