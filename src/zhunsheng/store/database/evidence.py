"""Evidence: files that prove a value, kept by the hash of their content."""

from typing import ClassVar

from django.db import models

from zhunsheng.plans.choices import EvidenceStatus
from zhunsheng.store.database.accounts import User
from zhunsheng.store.database.years import StoredCase


class StoredFile(models.Model):
    """A file in the directory of files, once for each content.

    Attributes:
        sha256: of the content; names the file on disk.
        media_type: as recognised from the content, never as claimed.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.BigIntegerField("大小")
    media_type = models.CharField(max_length=100)
    created = models.DateTimeField()

    def __str__(self) -> str:
        return self.sha256[:12]


class Evidence(models.Model):
    """A file that is given as proof of an item.

    Attributes:
        item: code of the indicator or management fact; "budget/<code>" or "projects/<code>" for an executed amount.
        status: judged by finance or a reviewer.
        withdrawn: since when it no longer counts; the file is kept.
    """

    case = models.ForeignKey(StoredCase, on_delete=models.PROTECT, related_name="evidence")
    item = models.CharField("指标、事实或收支项目编码", max_length=220)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField("文件名", max_length=200)
    note = models.TextField("说明", blank=True)
    who = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    moment = models.DateTimeField("上传时间")
    status = models.CharField(
        "佐证状态",
        max_length=20,
        choices=[(each.value, each.label) for each in EvidenceStatus],
        default=EvidenceStatus.NONE.value,
    )
    judged_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    judgement = models.TextField("审核意见", blank=True)
    withdrawn = models.DateTimeField("撤回时间", null=True, blank=True)

    class Meta:
        """In order of arrival."""

        ordering: ClassVar = ["moment", "pk"]
        verbose_name = "佐证材料"
        verbose_name_plural = "佐证材料"

    def __str__(self) -> str:
        return self.name
