"""The rows that collecting and evaluating write: as somebody has seen them, and anew."""

from typing import Any

from zhunsheng.plans.sections import Section
from zhunsheng.store.database.case_content import fields_of
from zhunsheng.store.database.case_rows import ROW_MODELS, CaseRow
from zhunsheng.workflow.action import Setting, Stale

_WHAT_TO_DO = "请对照现在的内容，再决定是否保存您填的内容"


def overtaken(row: CaseRow | None, seen: int | None, what: str) -> str:
    """Who has changed a row since somebody saw it, in Chinese; "" when nobody has.

    Args:
        row: as it is; None when there is none.
        seen: its revision when they saw it; None when there was none.
        what: stands in it.
    """
    if (None if row is None else row.revision) == seen:
        return ""
    who = row.changed_by if row is not None else None
    return f"{what}已被{who or '别人'}修改"


def require_as_seen(row: CaseRow | None, seen: int | None, what: str) -> None:
    """See to it that nobody has changed a row since somebody saw it.

    Raises:
        Stale: somebody has.
    """
    require_none_overtaken([overtaken(row, seen, what)])


def require_none_overtaken(said: list[str]) -> None:
    """The same for several rows: what `overtaken` said of each.

    Raises:
        Stale: somebody has changed some.
    """
    if found := [each for each in said if each]:
        raise Stale("；".join([*found, _WHAT_TO_DO]))


def write_row(setting: Setting, section: Section, row: CaseRow | None, record: Any) -> None:  # noqa: ANN401
    """Put a record into its row, or into a new one at the end of the section."""
    model = ROW_MODELS[section.name]
    if row is None:
        last = model._default_manager.filter(case=setting.year).order_by("position").last()
        row = model(case=setting.year, position=0 if last is None else last.position + 1)
    else:
        row.revision += 1
    for name, value in fields_of(section, record).items():
        setattr(row, name, value)
    row.changed, row.changed_by = setting.moment, setting.actor.user
    row.save()
