"""What was computed for a case: figures from records, evaluations, reports, releases."""

from typing import ClassVar

from django.db import models

from zhunsheng.store.database.accounts import User
from zhunsheng.store.database.evidence import StoredFile
from zhunsheng.store.database.fields import DocumentField
from zhunsheng.store.database.years import CaseVersion, StoredCase


class ComputedFigures(models.Model):
    """The figures of a case from the records of a snapshot.

    Attributes:
        lineage: by item: value, stated value, verdict, indicator, formula, measures, number of records.
    """

    case = models.ForeignKey(StoredCase, on_delete=models.CASCADE, related_name="computed")
    snapshot = models.CharField(max_length=200)
    synthetic = models.BooleanField(default=False)
    moment = models.DateTimeField()
    who = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    lineage = DocumentField()

    class Meta:
        """Newest last."""

        ordering: ClassVar = ["moment", "pk"]

    def __str__(self) -> str:
        return f"{self.case} {self.snapshot}"


class StoredEvaluation(models.Model):
    """The evaluation of a case at one revision by one rubric, as its documented JSON.

    Attributes:
        content: `scores.evaluation.evaluation_data` with the review beside it.
        version: the frozen content it belongs to; None while the case is open.
    """

    case = models.ForeignKey(StoredCase, on_delete=models.CASCADE, related_name="evaluations")
    revision = models.PositiveIntegerField()
    rubric = models.CharField(max_length=100)
    moment = models.DateTimeField()
    total = models.CharField(max_length=20)
    grade = models.CharField(max_length=20, blank=True)
    content = DocumentField()
    version = models.ForeignKey(
        CaseVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        """One for each revision and rubric."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "revision", "rubric"], name="evaluated_once")
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.total}"


class ReportVersion(models.Model):
    """A generated report with all its files.

    Attributes:
        files: by file name the hash of the stored file.
        checks: findings of the audit of the report itself: list of problems as data.
        draft: whether something is missing.
        audited: the report itself as an audited document, where its findings are shown and accepted.
        job: the work that made it; a job that is begun again makes no second version.
    """

    case = models.ForeignKey(StoredCase, on_delete=models.PROTECT, related_name="reports")
    number = models.PositiveIntegerField("版本")
    revision = models.PositiveIntegerField()
    moment = models.DateTimeField("时间")
    who = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    total = models.CharField(max_length=20, blank=True)
    draft = models.BooleanField(default=True)
    files = models.JSONField(default=dict)
    checks = models.JSONField(default=list)
    audited = models.ForeignKey(
        "database.AuditedDocument", null=True, blank=True, on_delete=models.PROTECT, related_name="reports"
    )
    job = models.OneToOneField(
        "database.Job", null=True, blank=True, on_delete=models.SET_NULL, related_name="report"
    )

    class Meta:
        """Numbered within the case."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "number"], name="report_number")]
        ordering: ClassVar = ["case", "number"]

    def __str__(self) -> str:
        return f"{self.case} 报告第 {self.number} 版"


class Release(models.Model):
    """What the public sees of a year: a copy of chosen facts, made once; never read from the case again.

    Attributes:
        content: overview, indicators, data notes, corrections; nothing personal.
        files: by file name the hash of the stored file that may be downloaded.
        version: the frozen content it was made from.
        job: the work that made it; a job that is begun again makes no second release.
        withdrawn: since when it is no longer shown.
    """

    case = models.ForeignKey(StoredCase, on_delete=models.PROTECT, related_name="releases")
    number = models.PositiveIntegerField("公开版次")
    moment = models.DateTimeField("公开时间")
    who = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    content = DocumentField()
    files = models.JSONField(default=dict)
    correction = models.TextField("更正说明", blank=True)
    version = models.ForeignKey(
        CaseVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="releases"
    )
    job = models.OneToOneField(
        "database.Job", null=True, blank=True, on_delete=models.SET_NULL, related_name="release"
    )
    withdrawn = models.DateTimeField("撤下时间", null=True, blank=True)
    why_withdrawn = models.TextField("撤下原因", blank=True)

    class Meta:
        """Numbered within the case."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "number"], name="release_number")]
        ordering: ClassVar = ["case", "number"]

    def __str__(self) -> str:
        return f"{self.case} 公开第 {self.number} 版"


class AuditedDocument(models.Model):
    """A document that was audited.

    Attributes:
        content: the documented JSON of the audit; empty while the job runs.
        page: the marked page as a stored file.
        case: the year it is held against, if any.
    """

    organisation = models.ForeignKey(
        "database.Organisation", on_delete=models.PROTECT, related_name="audited"
    )
    case = models.ForeignKey(
        StoredCase, null=True, blank=True, on_delete=models.PROTECT, related_name="audited"
    )
    name = models.CharField("文件名", max_length=200)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    who = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    moment = models.DateTimeField("上传时间")
    content = DocumentField(default=dict)
    page = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    failed = models.TextField("未能读取的原因", blank=True)

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-moment", "-pk"]

    def __str__(self) -> str:
        return self.name


class Acceptance(models.Model):
    """A finding that a person accepts, with the reason."""

    document = models.ForeignKey(AuditedDocument, on_delete=models.CASCADE, related_name="acceptances")
    finding = models.CharField("问题", max_length=120)
    reason = models.TextField("理由")
    who = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    moment = models.DateTimeField()

    class Meta:
        """Once for each finding."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "finding"], name="accepted_once")
        ]

    def __str__(self) -> str:
        return self.finding
