"""Asking for values to be computed, and how far that is."""

from zhunsheng.store.database.models import Job, JobState, StoredCase
from zhunsheng.workflow.action import Refused
from zhunsheng.workflow.actor import Actor
from zhunsheng.workflow.jobs import enqueue

KIND = "evaluation.compute"


def computing_job(case: StoredCase) -> Job | None:
    """The last computation of a year that was asked for; None when there was none."""
    return Job.objects.filter(kind=KIND, case=case).order_by("created", "pk").last()


def ask_to_compute(case: StoredCase, actor: Actor) -> Job:
    """Ask for the values of a year to be computed; the computation that waits or runs already is enough.

    Raises:
        Refused: the body has no record store.
    """
    waiting = Job.objects.filter(kind=KIND, case=case, state__in=(JobState.WAITING, JobState.RUNNING)).last()
    if waiting is not None:
        return waiting
    if not case.organisation.store:
        raise Refused(f"{case.organisation}没有记录库；先导入台账，再由台账计算完成值")
    return enqueue(KIND, f"由台账计算完成值：{case}", {}, actor, case=case)
