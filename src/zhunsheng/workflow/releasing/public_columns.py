"""What of a year may be public: a list of columns, section by section. What is not listed here never leaves.

A public year is the frozen year with every other column emptied, and everything the public sees is made from it: the
figures, the report, the open data. So a field that somebody adds to a case is private until it is written down here.
"""

from dataclasses import replace
from typing import Any, Final

from zhunsheng.plans.case import Case
from zhunsheng.plans.columns import Column, empty_value
from zhunsheng.plans.sections import SECTIONS, Section

PUBLIC_COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "about": (
        "code",
        "title",
        "fiscal_year",
        "rubric",
        "project_rubric",
        "invented",
        "filled_on",
        "overall_goal",
        "overall_result",
        "unmet_reason",
        "points_assumption",
    ),
    "body": ("name", "short_name", "kind", "area"),
    "duties": ("number", "text"),
    "divisions": ("name", "kind"),
    "tasks": ("code", "name", "short_name", "division", "goals", "results", "points", "order"),
    "key_indicators": (
        "code",
        "name",
        "formula",
        "target_text",
        "target_sign",
        "target_value",
        "target_unit",
        "same_as",
        "actual_text",
    ),
    "indicators": (
        "code",
        "name",
        "task",
        "project",
        "definition",
        "group",
        "kind",
        "nature",
        "target_text",
        "target_sign",
        "target_value",
        "target_unit",
        "initial_target",
        "adjustment",
        "points",
        "points_basis",
        "formula",
        "data_source",
        "previous_actual",
        "exempt",
    ),
    "actuals": (
        "indicator",
        "status",
        "value",
        "unit",
        "tier",
        "source_kind",
        "evidence_status",
        "sample_size",
        "survey",
    ),
    "manual_scores": ("item", "score", "reason"),
    "reductions": ("indicator", "share", "reason"),
    "deviations": ("item", "reason", "remedy"),
    "budget": (
        "code",
        "name",
        "side",
        "category",
        "fund_source",
        "initial",
        "adjusted",
        "executed",
        "previous",
        "explanation",
    ),
    "projects": (
        "code",
        "name",
        "unit",
        "key",
        "nature",
        "new",
        "initial",
        "adjusted",
        "executed",
        "purpose",
        "goal",
        "result",
        "explanation",
    ),
    "management": ("fact", "value", "status"),
    "shortcomings": ("code", "title", "text", "covers"),
    "remedies": ("code", "title", "text", "answers"),
    # only those are printed to which the text of the report refers
    "printed_figures": ("code", "subject", "metric", "value", "unit", "printed"),
    "narrative": ("section", "text"),
}
"""The public columns of each section; a section that is not named is private as a whole."""

_PERSONAL: Final[dict[str, tuple[str, ...]]] = {
    "about": ("filled_by", "phone"),
    "manual_scores": ("given_by",),
    "reductions": ("accepted_by",),
}
"""Columns that name a person or how to reach one."""


def public_case(case: Case) -> Case:
    """The year with nothing in it but what may be public."""
    content: dict[str, Any] = {}
    for section in SECTIONS:
        found = getattr(case, section.name)
        public = PUBLIC_COLUMNS.get(section.name)
        if section.shape == "record":
            content[section.name] = _public_record(section, found, public or ())
        else:
            content[section.name] = (
                () if public is None else tuple(_public_record(section, each, public) for each in found)
            )
    return Case(**content)


def _public_record(section: Section, record: Any, public: tuple[str, ...]) -> Any:  # noqa: ANN401 - any section's record
    hidden = {each.name: _empty(each) for each in section.columns if each.name not in public}
    return replace(record, **hidden)


def _empty(column: Column) -> object:
    return next(iter(column.choices)) if column.required and column.choices else empty_value(column.holds)


def personal_values(case: Case) -> tuple[str, ...]:
    """The names and telephone numbers in the fields of a year that hold them, each once."""
    found: list[str] = []
    for section in SECTIONS:
        rows = getattr(case, section.name)
        for record in (rows,) if section.shape == "record" else rows:
            found += [str(getattr(record, name)).strip() for name in _PERSONAL.get(section.name, ())]
    return tuple(dict.fromkeys(each for each in found if each))
