"""What hangs on the key of a row: rows that refer to it, numbers in texts, who owes it, remarks about it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from zhunsheng.kernel.problem import Problem
from zhunsheng.plans.columns import Column, Holds
from zhunsheng.plans.sections import SECTIONS, Section
from zhunsheng.store.database.case_rows import ROW_MODELS, CaseRow, field_of
from zhunsheng.store.database.models import Assignment, Evidence, Remark, StoredCase
from zhunsheng.workflow.action import Change, Setting
from zhunsheng.workflow.planning.kinds import HAS_EVIDENCE, STILL_REFERRED
from zhunsheng.workflow.planning.places import place_of, subject_of

_ITEMS = (
    ("manual_scores", "item"),
    ("printed_scores", "item"),
    ("deviations", "item"),
    ("shortcomings", "covers"),
)
"""Columns that hold codes of indicators, tasks or nodes of the rubric, which never share a code."""
_PREFIXES = {
    "indicators": ("indicator", "score", "points", "lost", "rate"),
    "tasks": ("score", "points", "lost", "rate"),
    "budget": ("budget",),
    "projects": ("project",),
    "management": ("fact",),
    "printed_figures": ("figure",),
}
"""How numbers of the rows of a section are named in free text."""
_OWNED = frozenset({"actuals", "reductions", "manual_scores", "printed_scores", "deviations"})
"""Sections whose rows say something about an indicator and mean nothing without it."""
_TEXTS = frozenset({Holds.TEXT, Holds.LONG, Holds.LINES})
_WITH_NUMBERS = frozenset(
    {
        "about",
        "tasks",
        "manual_scores",
        "reductions",
        "deviations",
        "budget",
        "projects",
        "shortcomings",
        "remedies",
        "narrative",
    }
)


@dataclass(frozen=True, slots=True)
class Referring:
    """A row that names the key of another one."""

    section: Section
    column: Column
    row: CaseRow

    @property
    def key(self) -> str:
        """The key of the row."""
        return str(self.row)

    @property
    def is_owned(self) -> bool:
        """Whether it goes when the other goes."""
        return self.section.name in _OWNED


def referring(case: StoredCase, section: Section, key: str) -> Iterator[Referring]:
    """Every row that names a key of a section."""
    for other, column in _columns(section):
        manager = ROW_MODELS[other.name]._default_manager.filter(case=case)
        if column.holds is Holds.CODE:
            rows = list(manager.filter(**{field_of(column.name): key}))
        else:
            rows = [each for each in manager if key in getattr(each, field_of(column.name))]
        yield from (Referring(other, column, each) for each in rows)


def _columns(section: Section) -> Iterator[tuple[Section, Column]]:
    items = _ITEMS if section.name in {"indicators", "tasks"} else ()
    for other in SECTIONS:
        for column in other.columns:
            if column.refers == section.name or (other.name, column.name) in items:
                yield other, column


def _reference(section: Section, key: str) -> "re.Pattern[str] | None":
    prefixes = _PREFIXES.get(section.name)
    if prefixes is None:
        return None
    named = "|".join(prefixes)
    return re.compile(rf"(\{{\{{\s*(?:{named})\.){re.escape(key)}((?:\.[a-z_]+)?\s*\}}\}})")


def _texts_with(case: StoredCase, pattern: "re.Pattern[str]") -> Iterator[Referring]:
    for other in SECTIONS:
        if other.name not in _WITH_NUMBERS:
            continue
        columns = [each for each in other.columns if each.holds in _TEXTS]
        for row in ROW_MODELS[other.name]._default_manager.filter(case=case):
            for column in columns:
                value = getattr(row, field_of(column.name))
                if any(pattern.search(text) for text in ((value,) if isinstance(value, str) else value)):
                    yield Referring(other, column, row)


def rename(setting: Setting, section: Section, old: str, new: str) -> Iterator[Change]:
    """Let everything that named a key name the new one."""
    case = setting.year
    for each in list(referring(case, section, old)):
        yield _renamed(setting, each, lambda text: new if text == old else text)
    pattern = _reference(section, old)
    if pattern is not None:
        for each in list(_texts_with(case, pattern)):
            yield _renamed(setting, each, lambda text: pattern.sub(rf"\g<1>{_literal(new)}\g<2>", text))
    if section.name in {"indicators", "management"}:
        for model in (Assignment, Evidence):
            model._default_manager.filter(case=case, item=old).update(item=new)
    if section.name in {"budget", "projects"}:
        Evidence.objects.filter(case=case, item=f"{section.name}/{old}").update(item=f"{section.name}/{new}")
    Remark.objects.filter(case=case, section=section.name, key=old).update(key=new)


def _literal(text: str) -> str:
    return text.replace("\\", r"\\")


def _renamed(setting: Setting, each: Referring, change: Any) -> Change:  # noqa: ANN401 - from text to text
    name = field_of(each.column.name)
    before = getattr(each.row, name)
    after = change(before) if isinstance(before, str) else tuple(change(text) for text in before)
    subject = subject_of(each.section, each.key)
    setattr(each.row, name, list(after) if isinstance(after, tuple) else after)
    _touch(setting, each.row)
    shown = (before, after) if isinstance(before, str) else (list(before), list(after))
    return Change(subject, {each.column.name: shown[0]}, {each.column.name: shown[1]})


def _touch(setting: Setting, row: CaseRow) -> None:
    row.revision += 1
    row.changed, row.changed_by = setting.moment, setting.actor.user
    row.save()


def hindrances(case: StoredCase, section: Section, key: str) -> Iterator[Problem]:
    """What keeps a row from being removed."""
    for each in referring(case, section, key):
        if not each.is_owned:
            place = place_of(each.section, each.key, each.column.name)
            what = f"“{each.section.label}”的“{each.key}”在“{each.column.label}”中引用了“{key}”"
            yield STILL_REFERRED.at(place, what, value=key)
    pattern = _reference(section, key)
    if pattern is not None:
        for each in _texts_with(case, pattern):
            if each.is_owned and _owner(each) == key:
                continue
            place = place_of(each.section, each.key, each.column.name)
            what = f"“{each.section.label}”的“{each.column.label}”中引用了“{key}”的数据"
            yield STILL_REFERRED.at(place, what, value=key)
    filed = {"indicators": key, "management": key, "budget": f"budget/{key}", "projects": f"projects/{key}"}
    if section.name in filed:
        kept = Evidence.objects.filter(case=case, item=filed[section.name], withdrawn=None).count()
        if kept:
            yield HAS_EVIDENCE.at(place_of(section, key), f"“{key}”有 {kept} 件佐证材料", value=key)


def _owner(each: Referring) -> str:
    return str(getattr(each.row, field_of(each.section.key[0])))


def owned(case: StoredCase, section: Section, key: str) -> list[Referring]:
    """The rows that are removed with a row."""
    return [each for each in referring(case, section, key) if each.is_owned]


def remove_with(setting: Setting, section: Section, key: str, shown: Any) -> Iterator[Change]:  # noqa: ANN401
    """Remove what is owned by a row, and who owes it."""
    for each in owned(setting.year, section, key):
        yield Change(subject_of(each.section, each.key), shown(each.section, each.row), None)
        each.row.delete()
    if section.name in {"indicators", "management"}:
        Assignment.objects.filter(case=setting.year, item=key).delete()
