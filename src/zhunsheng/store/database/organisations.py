"""Bodies that take part: bureaus and their divisions, finance bureaus, third parties."""

from typing import ClassVar

from django.db import models


class OrganisationKind(models.TextChoices):
    """What a body is in the year."""

    BUREAU = "bureau", "部门"
    DIVISION = "division", "处室"
    STATION = "station", "市场监管所"
    UNIT = "unit", "所属单位"
    FINANCE_BUREAU = "finance_bureau", "财政部门"
    THIRD_PARTY = "third_party", "第三方机构"
    REGION = "region", "地区"


class Organisation(models.Model):
    """A body.

    Attributes:
        code: short and unique; appears in addresses.
        path: codes from the root down to itself, each followed by "/": "gz/huadu-amr/d01/".
        overseer: the finance bureau that approves and reviews its year.
        area: code of the area for which records are counted.
        store: directory of its record store, relative to the directory of stores; "" when it has none.
    """

    code = models.SlugField("编码", max_length=60, unique=True)
    name = models.CharField("名称", max_length=120)
    short_name = models.CharField("简称", max_length=40, blank=True)
    kind = models.CharField("类别", max_length=20, choices=OrganisationKind.choices)
    parent = models.ForeignKey(
        "self", verbose_name="上级", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    overseer = models.ForeignKey(
        "self",
        verbose_name="财政部门",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="overseen",
    )
    path = models.CharField("路径", max_length=600, db_index=True, editable=False)
    area = models.CharField("行政区划", max_length=40, blank=True)
    store = models.CharField("记录库", max_length=200, blank=True)
    is_active = models.BooleanField("在用", default=True)

    class Meta:
        """Order and names."""

        ordering: ClassVar = ["path"]
        verbose_name = "单位"
        verbose_name_plural = "单位"

    def __str__(self) -> str:
        return self.short_name or self.name

    def save(self, *args: object, **kwargs: object) -> None:
        """Save with the path that follows from the parent."""
        above = self.parent.path if self.parent is not None else ""
        self.path = f"{above}{self.code}/"
        super().save(*args, **kwargs)  # type: ignore[arg-type] # passed through

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes from the root down to itself."""
        return tuple(self.path.rstrip("/").split("/"))
