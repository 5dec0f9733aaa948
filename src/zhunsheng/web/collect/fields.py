"""The form of a value, made from the columns of its section."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from zhunsheng.kernel.problem import Problem
from zhunsheng.plans.case import Actual, Indicator
from zhunsheng.plans.choices import ActualStatus, Nature, SourceKind
from zhunsheng.plans.columns import Column, Holds
from zhunsheng.rubrics.facts import FactDefinition, FactKind
from zhunsheng.store.database.case_content import SECTION_OF
from zhunsheng.web.plan.fields import Choices, FormField
from zhunsheng.workflow.collecting.items import Item
from zhunsheng.workflow.collecting.reporting import COLUMNS
from zhunsheng.workflow.planning.cells import texts_of
from zhunsheng.workflow.planning.places import spot_of

_SURVEY = frozenset({"sample_size", "survey"})
_LARGE = frozenset({"why_used", "evidence", "note"})


def value_texts(item: Item) -> dict[str, str]:
    """What stands in the fields before anything is typed."""
    section = SECTION_OF[item.section]
    record = item.record
    if record is not None:
        return texts_of(section, record)
    beginning = {"status": ActualStatus.REPORTED.value}
    return beginning | ({"source_kind": SourceKind.REPORTED.value} if section.record is Actual else {})


def value_fields(
    item: Item,
    about: Indicator | FactDefinition,
    texts: Mapping[str, str],
    problems: Sequence[Problem] = (),
) -> list[FormField]:
    """The fields of a value.

    Args:
        about: what is measured; it says which fields make sense.
        texts: what stands in them.
        problems: shown at the field they are about.
    """
    section = SECTION_OF[item.section]
    columns = {each.name: each for each in section.columns}
    return [
        _field(columns[name], about, texts, problems)
        for name in COLUMNS[section.name]
        if _makes_sense(name, about, texts)
    ]


def _makes_sense(name: str, about: Indicator | FactDefinition, texts: Mapping[str, str]) -> bool:
    """Fields nobody needs here are left out, unless something stands in them."""
    if texts.get(name) or not isinstance(about, Indicator):
        return True
    if name in _SURVEY:
        return about.nature is Nature.SATISFACTION
    return name != "tier" or about.nature is Nature.QUALITATIVE


def _field(
    column: Column,
    about: Indicator | FactDefinition,
    texts: Mapping[str, str],
    problems: Sequence[Problem],
) -> FormField:
    name, value = column.name, texts.get(column.name, "")
    choices = _choices(column, about, value)
    return FormField(
        id=f"value-{name}",
        name=name,
        label=_(column.label),
        value=value,
        note=_note(column, about),
        required=column.required,
        rows=3 if name in _LARGE or column.holds is Holds.LONG else 0,
        inputmode="decimal" if column.holds is Holds.INTEGER else "",
        unit=about.unit if isinstance(about, FactDefinition) and name == "value" else "",
        choices=choices,
        problems=tuple(each for each in problems if spot_of(each.place).column == name),
    )


def _note(column: Column, about: Indicator | FactDefinition) -> str:
    if column.name == "value" and isinstance(about, Indicator):
        unit = about.target_unit
        return _("数字、日期或等级；目标值的单位是“%s”") % unit if unit else _(column.note)
    if column.name == "value" and isinstance(about, FactDefinition):
        return about.description
    if column.name == "evidence":
        return _("文字说明；文件在“佐证材料”一栏上传")
    return _(column.note) if column.note else ""


def _choices(column: Column, about: Indicator | FactDefinition, value: str) -> Choices:
    if column.name == "value" and isinstance(about, FactDefinition) and about.kind is FactKind.YES_NO:
        known = (("", _("（没有值）")), ("true", _("是")), ("false", _("否")))
        return known if value in dict(known) else (*known, (value, value))
    if column.choices is None:
        return ()
    found = tuple((str(each.value), _(str(getattr(each, "label", each)))) for each in column.choices)
    if column.name == "source_kind" and value != SourceKind.COMPUTED.value:
        found = tuple(each for each in found if each[0] != SourceKind.COMPUTED.value)
    first = () if column.required or value else (("", _("（不填）")),)
    return (
        (("", _("（不填）")), *found) if not column.required and column.name == "tier" else (*first, *found)
    )
