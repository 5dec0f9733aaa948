"""The fields of a form, made from the columns of a section."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from zhunsheng.kernel.problem import Problem
from zhunsheng.plans.columns import Column, Holds
from zhunsheng.plans.sections import Section
from zhunsheng.store.database.case_rows import ROW_MODELS, field_of
from zhunsheng.store.database.models import Organisation, StoredCase
from zhunsheng.store.definition_files import load_facts, load_rubric, rubric_codes
from zhunsheng.store.indicator_files import indicator_codes, indicator_of
from zhunsheng.web.language import shown
from zhunsheng.workflow.planning.cells import open_columns
from zhunsheng.workflow.planning.places import SECTION_OF, spot_of

Choices = tuple[tuple[str, str], ...]

_NUMBERS = frozenset({Holds.INTEGER, Holds.DECIMAL, Holds.MONEY})
_GROUPS: Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "indicators": (
        (noop("指标"), ("code", "name", "task", "project", "definition", "group", "kind", "nature")),
        (
            noop("目标"),
            (
                "target_sign",
                "target_value",
                "target_unit",
                "target_text",
                "previous_actual",
                "initial_target",
                "adjustment",
            ),
        ),
        (noop("分值"), ("points", "points_basis", "exempt")),
        (noop("计算和佐证"), ("formula", "data_source", "evidence_required")),
    ),
    "tasks": ((noop("任务"), ("code", "name", "short_name", "division", "points", "goals", "budget_items")),),
    "about": ((noop("年度"), ("title", "rubric", "project_rubric", "overall_goal")),),
}
"""Fields that belong together, with their heading; the rest follows."""
_REST, _FROM_SOURCE = noop("其他"), noop("原文资料（从已有报告整理时填写）")


@dataclass(frozen=True, slots=True)
class FormField:
    """A field as the template needs it.

    Attributes:
        rows: lines of a text field of several lines; 0 for one line.
        choices: what may be chosen, nothing first where it may be empty; empty for free text.
        options: what is proposed while typing.
        problems: what is wrong with it.
    """

    id: str
    name: str
    label: str
    value: str
    note: str = ""
    required: bool = False
    rows: int = 0
    type: str = "text"
    inputmode: str = ""
    unit: str = ""
    choices: Choices = ()
    options: Choices = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """Fields under one heading; `folded` when they are rarely needed."""

    label: str
    fields: tuple[FormField, ...]
    folded: bool = False


def field_groups(
    case: StoredCase,
    section: Section,
    texts: Mapping[str, str],
    problems: Sequence[Problem] = (),
    notes: Mapping[str, str] | None = None,
) -> tuple[FieldGroup, ...]:
    """The form of a row.

    Args:
        texts: what stands in the fields.
        problems: shown at the fields they are about.
        notes: more to say at a field.
    """
    made = {
        each.name: _field(case, section, each, texts, problems, (notes or {}).get(each.name, ""))
        for each in open_columns(section)
    }
    groups, left = [], dict(made)
    for label, names in _GROUPS.get(section.name, ()):
        groups.append(FieldGroup(_(label), tuple(left.pop(name) for name in names)))
    source = tuple(left.pop(name) for name in list(left) if _is_from_source(name))
    if left:
        groups.append(FieldGroup(_(_REST) if groups else "", tuple(left.values())))
    if source:
        wrong = any(each.problems for each in source)
        groups.append(FieldGroup(_(_FROM_SOURCE), source, folded=not wrong))
    return tuple(groups)


def _is_from_source(name: str) -> bool:
    return name.startswith(("printed", "stated_")) or name in {"place", "actual_text", "order"}


def _field(
    case: StoredCase,
    section: Section,
    column: Column,
    texts: Mapping[str, str],
    problems: Sequence[Problem],
    more: str,
) -> FormField:
    value = texts.get(column.name, "")
    choices = _choices(case, section, column, value)
    notes = [more] if more else []
    notes += [column.note] if column.note else []
    notes += [_("例：%s") % column.example] if column.example and not choices else []
    notes += [_("每行一条")] if column.holds is Holds.LINES else []
    notes += [_("多个编码用顿号分开")] if column.holds is Holds.CODES else []
    return FormField(
        id=f"field-{column.name}",
        name=column.name,
        label=_(column.label),
        value=value,
        note="；".join(notes),
        required=column.required,
        rows={Holds.LONG: 3, Holds.LINES: 4}.get(column.holds, 0),
        type="date" if column.holds is Holds.DATE else "text",
        inputmode="decimal" if column.holds in _NUMBERS else "",
        unit=_("万元") if column.holds is Holds.MONEY else "",
        choices=choices,
        options=() if choices else options_of(section, column),
        problems=tuple(each for each in problems if spot_of(each.place).column == column.name),
    )


def _choices(case: StoredCase, section: Section, column: Column, value: str) -> Choices:
    empty = (("", _("（不填）")),)
    if column.holds is Holds.BOOLEAN:
        return (("否", _("否")), ("是", _("是")))
    if column.choices is not None:
        found = tuple((str(each.value), _(str(getattr(each, "label", each)))) for each in column.choices)
        return (("", _("请选择")), *found) if column.required else (*empty, *found)
    if section.name == "about" and column.name in {"rubric", "project_rubric"}:
        return _with_own(empty + _rubrics(), value)
    if column.holds is Holds.CODE and column.refers:
        return _with_own(empty + references(case, column.refers), value)
    if section.name == "tasks" and column.name == "division":
        return _with_own(empty + tuple((name, name) for name in division_names(case)), value)
    return ()


def _with_own(choices: Choices, value: str) -> Choices:
    """Choices with the value that is there, even where it is none of them."""
    known = {choice for choice, _label in choices}
    return choices if value in known else (*choices, (value, value))


def _rubrics() -> Choices:
    found = []
    for code in rubric_codes():
        rubric, _problems = load_rubric(code)
        if rubric is not None:
            found.append((code, shown(rubric)))
    return tuple(found)


def references(case: StoredCase, name: str) -> Choices:
    """The rows of a section as choices: code, and code with name."""
    section = SECTION_OF[name]
    named = next((each for each in ("short_name", "name", "title", "subject") if _has(section, each)), "")
    found = []
    for row in ROW_MODELS[name]._default_manager.filter(case=case):
        key = str(getattr(row, field_of(section.key[0])))
        words = str(getattr(row, field_of(named))) if named else ""
        if not words and _has(section, "name"):
            words = str(getattr(row, field_of("name")))
        found.append((key, f"{key} {words[:40]}".strip()))
    return tuple(found)


def _has(section: Section, name: str) -> bool:
    return any(each.name == name for each in section.columns)


def division_names(case: StoredCase) -> tuple[str, ...]:
    """Names of the parts of the body that can answer for a task."""
    body = case.organisation
    parts = Organisation.objects.filter(path__startswith=body.path, is_active=True).exclude(pk=body.pk)
    return tuple(parts.values_list("name", flat=True))


def options_of(section: Section, column: Column) -> Choices:
    """What is proposed for a field of free text."""
    if section.name == "indicators" and column.name == "definition":
        return definition_options()
    if section.name == "management" and column.name == "fact":
        facts, _problems = load_facts()
        return tuple((code, shown(each)) for code, each in facts.items())
    return ()


def definition_options() -> Choices:
    """The indicators of the library: code, name with unit."""
    found = []
    for code in indicator_codes():
        each = indicator_of(code)
        if each is not None:
            found.append((code, f"{shown(each)}（{each.unit}）" if each.unit else shown(each)))
    return tuple(found)


def typed(post: Mapping[str, str], section: Section, names: Iterable[str] | None = None) -> dict[str, str]:
    """What was typed into the fields of a section."""
    wanted = {each.name for each in open_columns(section)} if names is None else set(names)
    return {name: post[name] for name in wanted if name in post}
