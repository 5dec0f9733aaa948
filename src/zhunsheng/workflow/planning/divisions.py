"""Whose part of the year a row is: tasks and their indicators belong to the division that answers for the task."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from zhunsheng.plans.sections import Section
from zhunsheng.store.database.case_rows import ROW_MODELS, field_of
from zhunsheng.store.database.models import Organisation, StoredCase
from zhunsheng.workflow.action import Refused
from zhunsheng.workflow.actor import Actor
from zhunsheng.workflow.catalogue import judge
from zhunsheng.workflow.rights import Asked


@dataclass(frozen=True, slots=True)
class Parts:
    """The divisions of a body, and the task each answers for, read once for many rows.

    Attributes:
        by_name: parts of the body by their name.
        tasks: by code of the task the name of its division.
    """

    case: StoredCase
    by_name: Mapping[str, Organisation]
    tasks: Mapping[str, str]

    def named(self, name: str) -> Organisation | None:
        """The part with a name; None when there is none, and the body itself answers."""
        return self.by_name.get(name)

    def of_task(self, code: str) -> Organisation | None:
        """The division that answers for a task."""
        return self.by_name.get(self.tasks.get(code, ""))

    def of(self, section: Section, record: Any) -> Organisation | None:  # noqa: ANN401 - one of the record classes
        """The division a row belongs to; None for the whole body."""
        if section.name == "tasks":
            return self.named(record.division)
        if section.name == "indicators":
            return self.of_task(record.task)
        return None


def parts_of(case: StoredCase) -> Parts:
    """The divisions of a year as they are now."""
    body = case.organisation
    below = Organisation.objects.filter(path__startswith=body.path, is_active=True).exclude(pk=body.pk)
    # of two with one name the one nearer to the body answers
    by_name = {each.name: each for each in sorted(below, key=lambda each: len(each.codes), reverse=True)}
    tasks = (
        ROW_MODELS["tasks"]
        ._default_manager.filter(case=case)
        .values_list(field_of("code"), field_of("division"))
    )
    return Parts(case, by_name, dict(tasks))


def require(actor: Actor, parts: Parts, section: Section, record: Any) -> None:  # noqa: ANN401
    """Ask the right to edit a row.

    Raises:
        Refused: the row belongs to somebody else.
    """
    division = parts.of(section, record)
    verdict = judge("plan.edit", actor, Asked(timezone.localdate(), parts.case, None, division))
    if not verdict.allowed:
        whose = f"“{division}”" if division is not None else "全局"
        raise Refused(f"“{section.label}”的这一行由{whose}负责：{verdict.reason}")


def may_edit(actor: Actor, parts: Parts, section: Section, record: Any) -> bool:  # noqa: ANN401
    """Whether somebody may edit a row now."""
    asked = Asked(timezone.localdate(), parts.case, None, parts.of(section, record))
    return judge("plan.edit", actor, asked).allowed
