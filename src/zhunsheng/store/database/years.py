"""A bureau's year in the database: its states, frozen versions, who owes what, and remarks."""

from typing import ClassVar

from django.db import models

from zhunsheng.plans.roles import EvaluationState, TargetState
from zhunsheng.store.database.accounts import User
from zhunsheng.store.database.fields import DocumentField
from zhunsheng.store.database.organisations import Organisation


def _choices(kind: type[TargetState] | type[EvaluationState]) -> list[tuple[str, str]]:
    return [(each.value, each.label) for each in kind]


class StoredCase(models.Model):
    """A body's year.

    Attributes:
        revision: grows with every change of any row; what was computed names the revision it was computed from.
        snapshot: token of the record store's state that computed values came from; "" before.
    """

    code = models.SlugField("档案编码", max_length=60, unique=True)
    organisation = models.ForeignKey(
        Organisation, verbose_name="单位", on_delete=models.PROTECT, related_name="cases"
    )
    fiscal_year = models.PositiveSmallIntegerField("年度")
    title = models.CharField("标题", max_length=200)
    target_state = models.CharField(
        "目标状态", max_length=12, choices=_choices(TargetState), default=TargetState.DRAFT.value
    )
    evaluation_state = models.CharField(
        "自评状态", max_length=12, choices=_choices(EvaluationState), default=EvaluationState.CLOSED.value
    )
    revision = models.PositiveIntegerField("修订号", default=0)
    snapshot = models.CharField("记录库快照", max_length=200, blank=True)
    target_due = models.DateField("目标报送截止", null=True, blank=True)
    actual_due = models.DateField("完成值填报截止", null=True, blank=True)
    report_due = models.DateField("自评报送截止", null=True, blank=True)
    submitted_by = models.ForeignKey(
        User, verbose_name="送审人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    scored_by = models.ForeignKey(
        User, verbose_name="自评送审人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created = models.DateTimeField("建立时间")

    class Meta:
        """A body has one case a year."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "fiscal_year"], name="case_once_a_year")
        ]
        ordering: ClassVar = ["-fiscal_year", "organisation__path"]
        verbose_name = "年度档案"
        verbose_name_plural = "年度档案"

    def __str__(self) -> str:
        return f"{self.organisation} {self.fiscal_year}年度"

    @property
    def targets(self) -> TargetState:
        """State of the targets."""
        return TargetState(self.target_state)

    @property
    def evaluation(self) -> EvaluationState:
        """State of the self-evaluation."""
        return EvaluationState(self.evaluation_state)


class Engagement(models.Model):
    """A third party that is asked to review a year."""

    case = models.ForeignKey(StoredCase, on_delete=models.CASCADE, related_name="engagements")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="engagements")
    until = models.DateField("截止", null=True, blank=True)

    class Meta:
        """Once for each year."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "organisation"], name="engaged_once")
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.case}"


class CaseVersion(models.Model):
    """The whole content of a case as it stood at a moment; never changed.

    Attributes:
        content: the files of the case's directory form, by name.
        sha256: of the content.
        why: which act made it: "submitted", "approved", "adjusted", "frozen", "released".
    """

    case = models.ForeignKey(StoredCase, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("版本")
    why = models.CharField("缘由", max_length=20)
    moment = models.DateTimeField("时间")
    who = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.TextField("说明", blank=True)
    content = DocumentField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        """Numbered within the case."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "number"], name="version_number")]
        ordering: ClassVar = ["case", "number"]

    def __str__(self) -> str:
        return f"{self.case} 第 {self.number} 版"


class Assignment(models.Model):
    """Who owes the actual value of an indicator or a management fact, and until when."""

    case = models.ForeignKey(StoredCase, on_delete=models.CASCADE, related_name="assignments")
    item = models.CharField("指标或事实编码", max_length=60)
    organisation = models.ForeignKey(
        Organisation, verbose_name="责任处室", on_delete=models.PROTECT, related_name="+"
    )
    person = models.ForeignKey(
        User,
        verbose_name="责任人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="assignments",
    )
    due = models.DateField("期限", null=True, blank=True)
    reminded = models.DateTimeField("最近催报", null=True, blank=True)
    reminder = models.TextField("催报说明", blank=True)

    class Meta:
        """One owner an item."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "item"], name="item_owned_once")]

    def __str__(self) -> str:
        return f"{self.case} {self.item}"


class Remark(models.Model):
    """What a reviewer says about a place in the case, with its answer.

    Attributes:
        stage: "targets", "evidence", "evaluation" or "report".
        section, key, column: the place; empty for the whole.
    """

    case = models.ForeignKey(StoredCase, on_delete=models.CASCADE, related_name="remarks")
    stage = models.CharField("环节", max_length=12)
    section = models.CharField("部分", max_length=40, blank=True)
    key = models.CharField("行", max_length=80, blank=True)
    column = models.CharField("字段", max_length=40, blank=True)
    text = models.TextField("意见")
    who = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    moment = models.DateTimeField("时间")
    answer = models.TextField("答复", blank=True)
    answered_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    settled = models.DateTimeField("了结时间", null=True, blank=True)

    class Meta:
        """Newest last."""

        ordering: ClassVar = ["moment", "pk"]

    def __str__(self) -> str:
        return self.text[:40]
