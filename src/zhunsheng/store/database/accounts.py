"""People, what they hold where, and the tokens of their programs."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models

from zhunsheng.plans.roles import Role
from zhunsheng.store.database.organisations import Organisation


class User(AbstractUser):
    """A person who signs in.

    Attributes:
        name: as it appears in the trail.
        large_type: whether pages are shown in large type (长者模式).
        language: of the interface.
        is_demo: an account of the demonstration; refused in production.
    """

    first_name = None  # type: ignore[assignment] # a Chinese name is one field
    last_name = None  # type: ignore[assignment]
    name = models.CharField("姓名", max_length=60)
    large_type = models.BooleanField("长者模式（大字）", default=False)
    language = models.CharField(
        "界面语言", max_length=10, choices=[("zh-hans", "简体中文"), ("en", "English")], default="zh-hans"
    )
    must_change_password = models.BooleanField("下次登录须改密码", default=False)
    is_demo = models.BooleanField("演示账号", default=False, editable=False)

    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        """Names."""

        verbose_name = "用户"
        verbose_name_plural = "用户"

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        """The name."""
        return str(self)

    def get_short_name(self) -> str:
        """The name."""
        return str(self)


class Grant(models.Model):
    """A role a person holds at an organisation and everything below it."""

    user = models.ForeignKey(User, verbose_name="用户", on_delete=models.CASCADE, related_name="grants")
    role = models.CharField("角色", max_length=20, choices=[(each.value, each.label) for each in Role])
    organisation = models.ForeignKey(
        Organisation, verbose_name="单位", on_delete=models.PROTECT, related_name="grants"
    )
    until = models.DateField("有效期至", null=True, blank=True)

    class Meta:
        """A role is held once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "role", "organisation"], name="grant_once")
        ]
        verbose_name = "授权"
        verbose_name_plural = "授权"

    def __str__(self) -> str:
        return f"{self.user} {Role(self.role).label} {self.organisation}"


class ApiToken(models.Model):
    """A token for a program that acts for a person.

    Attributes:
        digest: SHA-256 of the token, which itself is shown once and never kept.
        scope: "read" or "write".
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField("用途", max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    scope = models.CharField(
        "范围", max_length=10, choices=[("read", "只读"), ("write", "读写")], default="read"
    )
    created = models.DateTimeField("建立时间")
    expires = models.DateTimeField("有效期至")
    last_used = models.DateTimeField("最近使用", null=True, blank=True)
    revoked = models.DateTimeField("吊销时间", null=True, blank=True)

    class Meta:
        """Names."""

        verbose_name = "接口令牌"
        verbose_name_plural = "接口令牌"

    def __str__(self) -> str:
        return self.name
