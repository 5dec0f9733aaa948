"""Long work: what is asked for, who works on it until when, how far it is."""

from typing import ClassVar

from django.db import models

from zhunsheng.store.database.accounts import User
from zhunsheng.store.database.organisations import Organisation
from zhunsheng.store.database.years import StoredCase


class JobState(models.TextChoices):
    """Where a job stands."""

    WAITING = "waiting", "排队中"
    RUNNING = "running", "进行中"
    DONE = "done", "已完成"
    FAILED = "failed", "未完成"
    CANCELLED = "cancelled", "已取消"


class Job(models.Model):
    """A piece of long work.

    Attributes:
        kind: which work; `workflow.jobs` knows the kinds.
        parameters: plain data the work is done from.
        lease: until when its worker has it; a job past its lease is taken by another worker.
        worker: who has it.
        attempts: how often it was begun.
        percent, message: progress, for people.
        result: plain data; links to what was made.
        problems: list of problems as data when it failed.
    """

    kind = models.CharField("类别", max_length=40)
    label = models.CharField("名称", max_length=200)
    parameters = models.JSONField(default=dict)
    state = models.CharField("状态", max_length=12, choices=JobState.choices, default=JobState.WAITING)
    case = models.ForeignKey(StoredCase, null=True, blank=True, on_delete=models.CASCADE, related_name="jobs")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="jobs"
    )
    who = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="jobs")
    created = models.DateTimeField()
    started = models.DateTimeField(null=True, blank=True)
    finished = models.DateTimeField(null=True, blank=True)
    worker = models.CharField(max_length=80, blank=True)
    lease = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    percent = models.PositiveSmallIntegerField(default=0)
    message = models.CharField(max_length=300, blank=True)
    cancel_asked = models.BooleanField(default=False)
    result = models.JSONField(default=dict)
    problems = models.JSONField(default=list)

    class Meta:
        """Oldest first."""

        ordering: ClassVar = ["created", "pk"]
        indexes: ClassVar = [models.Index(fields=["state", "created"], name="job_queue")]
        verbose_name = "后台任务"
        verbose_name_plural = "后台任务"

    def __str__(self) -> str:
        return self.label

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in {JobState.DONE, JobState.FAILED, JobState.CANCELLED}


class AskedOnce(models.Model):
    """A request of a program that named itself, so that sending it again does not do the work again.

    Attributes:
        key: chosen by the program.
        sha256: of what was asked; the same key with something else is a mistake.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    job = models.ForeignKey(Job, null=True, on_delete=models.CASCADE, related_name="+")
    created = models.DateTimeField()

    class Meta:
        """Once for each person."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "key"], name="asked_once")]

    def __str__(self) -> str:
        return self.key
