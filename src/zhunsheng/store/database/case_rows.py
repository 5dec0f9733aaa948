"""One table for each section of a case, made from the columns that `plans.case` declares."""

from collections.abc import Callable
from typing import Any

from django.db import models

from zhunsheng.plans.columns import Column, Holds
from zhunsheng.plans.sections import SECTIONS, Section
from zhunsheng.store.database.fields import ExactDecimalField, MoneyField, TextsField
from zhunsheng.store.database.years import StoredCase


def _text(_: Column) -> "models.Field[Any, Any]":
    return models.TextField(blank=True, default="")


_FIELDS: dict[Holds, Callable[[Column], "models.Field[Any, Any]"]] = {
    Holds.TEXT: _text,
    Holds.LONG: _text,
    Holds.CODE: lambda _: models.CharField(max_length=200, blank=True, default=""),
    Holds.INTEGER: lambda _: models.BigIntegerField(null=True, blank=True),
    Holds.DECIMAL: lambda _: ExactDecimalField(null=True, blank=True),
    Holds.MONEY: lambda _: MoneyField(null=True, blank=True),
    Holds.DATE: lambda _: models.DateField(null=True, blank=True),
    Holds.BOOLEAN: lambda _: models.BooleanField(default=False),
    Holds.CHOICE: lambda _: models.CharField(max_length=30, blank=True, default=""),
    Holds.LINES: lambda _: TextsField(default=list, blank=True),
    Holds.CODES: lambda _: TextsField(default=list, blank=True),
}


class CaseRow(models.Model):
    """A row of a section.

    Attributes:
        position: order within the section.
        revision: grows with every change of the row, so that of two who change it at once one is told.
    """

    case = models.ForeignKey(StoredCase, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0)
    changed = models.DateTimeField(null=True, blank=True)
    changed_by = models.ForeignKey(
        "database.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        """Not a table of its own."""

        abstract = True


_PREFIX = "f_"


def field_of(column: str) -> str:
    """Name of the model's field for a column of a case."""
    return f"{_PREFIX}{column}"


def _model_of(section: Section) -> type[CaseRow]:
    name = "Row" + "".join(part.capitalize() for part in section.name.split("_"))
    meta = type(
        "Meta",
        (),
        {
            "ordering": ["position", "pk"],
            "verbose_name": section.label,
            "verbose_name_plural": section.label,
            "indexes": [models.Index(fields=["case", "position"], name=f"{section.name[:20]}_order")],
        },
    )
    content: dict[str, Any] = {
        "__module__": __name__,
        "__doc__": f"{section.label}: rows of the section {section.name}.",
        "__str__": lambda row: " ".join(str(getattr(row, field_of(each))) for each in section.key),
        "Meta": meta,
    }
    for column in section.columns:
        content[field_of(column.name)] = _FIELDS[column.holds](column)
        content[field_of(column.name)].verbose_name = column.label
        if column.name in section.key:
            content[field_of(column.name)].db_index = column.holds is Holds.CODE
    return type(name, (CaseRow,), content)


ROW_MODELS: dict[str, type[CaseRow]] = {section.name: _model_of(section) for section in SECTIONS}
"""The table of each section."""

globals().update({each.__name__: each for each in ROW_MODELS.values()})
