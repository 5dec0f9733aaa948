"""What must hold in the rows of a year: in those being edited, and in all of them before they are sent on."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, Final

from zhunsheng.kernel.located import MISSING, Located
from zhunsheng.kernel.problem import Problem, Problems, Severity
from zhunsheng.plans.case import Case, Indicator
from zhunsheng.plans.checks import POINTS_DO_NOT_ADD_UP, CaseRows, check_case
from zhunsheng.plans.columns import empty_value
from zhunsheng.plans.sections import SECTIONS, Section
from zhunsheng.scores import kinds as score_kinds
from zhunsheng.scores.evaluation import Evaluation
from zhunsheng.scores.scoring import evaluate
from zhunsheng.store.database.case_content import record_of
from zhunsheng.store.database.case_rows import ROW_MODELS
from zhunsheng.store.database.models import StoredCase
from zhunsheng.store.definition_files import load_facts, load_rubric
from zhunsheng.workflow.planning.kinds import (
    ADJUSTED_WITHOUT_BASIS,
    NO_INDICATORS,
    POINTS_MISSING,
    TARGET_MISSING,
)
from zhunsheng.workflow.planning.places import SECTION_OF, key_text, located_row, place_of

_INDICATORS = SECTION_OF["indicators"]
_WEIGHTS = frozenset(
    each.code
    for each in (
        score_kinds.POINTS_MISMATCH,
        score_kinds.SHARED_CODE,
        score_kinds.NOT_GATHERED,
        score_kinds.POINTS_TOO_FINE,
    )
)
"""What an evaluation says about the plan itself; the rest is about results, which are not there yet."""


SUMS: Final = frozenset({"about", "body", "tasks", "indicators"})
"""What the sums of points are taken from."""
JUDGED: Final = frozenset(each.name for each in SECTIONS) - {
    "printed_figures",
    "printed_scores",
    "narrative",
    "divisions",
    "division_counts",
    "duties",
    "sources",
}
"""What the rules about targets look at."""


def part_of_case(stored: StoredCase, wanted: frozenset[str]) -> Case:
    """The case with some of its sections, the others empty, for pages that need no more."""
    content: dict[str, Any] = {}
    for name in wanted:
        section = SECTION_OF[name]
        rows = ROW_MODELS[name]._default_manager.filter(case=stored)
        records = tuple(record_of(section, each) for each in rows)
        content[name] = records[0] if section.shape == "record" else records
    return Case(**content)


def located_rows(case: Case, wanted: Iterable[str] | None = None) -> CaseRows:
    """The records of a case with their places, for the checks."""
    names = {section.name for section in SECTIONS} if wanted is None else set(wanted)
    rows: CaseRows = {}
    for section in SECTIONS:
        content = getattr(case, section.name) if section.name in names else ()
        records = (content,) if section.shape == "record" and section.name in names else content
        rows[section.name] = [(each, located_row(section, key_text(section, each))) for each in records]
    return rows


def edited_faults(
    stored: StoredCase,
    section: Section,
    others: Iterable[Any],
    edited: Iterable[tuple[Any, Located]],
) -> Iterator[Problem]:
    """Errors in rows that are being edited, in their relation to the rest.

    Points that do not add up are no error here: they cannot add up before the last row is there.

    Args:
        others: the records of the section that stay as they are.
        edited: the edited ones with their places.
    """
    touched = list(edited)
    rows: CaseRows = {each.name: [] for each in SECTIONS}
    for name in {each.refers for each in section.columns if each.refers} - {section.name}:
        referred = SECTION_OF[name]
        model = ROW_MODELS[name]
        rows[name] = [
            (record_of(referred, each), Located({}, place_of(referred)))
            for each in model._default_manager.filter(case=stored)
        ]
    rows[section.name] = [
        *((each, located_row(section, key_text(section, each))) for each in others),
        *touched,
    ]
    places = {located.place for _, located in touched}
    for _, located in touched:
        assert isinstance(located.value, dict)  # noqa: S101 - made by located_row
        places |= {each.place for each in located.value.values()}
    for problem in check_case(rows):
        about_others = problem.place not in places or problem.code == POINTS_DO_NOT_ADD_UP.code
        if problem.severity is Severity.ERROR and not about_others:
            yield problem


def evaluated(case: Case) -> Evaluation | None:
    """The case by its own rubric, for what it says about the plan; None when there is no such rubric."""
    rubric, _ = load_rubric(case.about.rubric)
    facts, _ = load_facts()
    whole = all(each.group and each.kind and each.nature for each in case.indicators)
    return None if rubric is None or not whole else evaluate(case, rubric, facts)


def plan_problems(case: Case, approved: Case | None = None) -> tuple[Problem, ...]:
    """Everything that keeps a plan from being sent on, and what is doubtful; errors first.

    Args:
        approved: the targets as they were approved before, when they are being adjusted.
    """
    problems = Problems()
    rows = located_rows(case)
    for section in SECTIONS:
        for record, _ in rows[section.name]:
            _required(section, record, problems)
    problems.extend(check_case(rows))
    _targets(case, problems)
    if approved is not None:
        _adjusted(case, approved, problems)
    evaluation = None if problems.has_errors else evaluated(case)
    if evaluation is not None:
        problems.extend(each for each in evaluation.problems if each.code in _WEIGHTS)
    rank = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}
    return tuple(sorted(problems.found, key=lambda each: rank[each.severity]))


def _required(section: Section, record: Any, problems: Problems) -> None:  # noqa: ANN401
    for column in section.columns:
        if column.required and getattr(record, column.name) == empty_value(column.holds):
            place = place_of(section, key_text(section, record), column.name)
            problems.add(MISSING.at(place, f"“{section.label}”的“{column.label}”不能为空"))


def _targets(case: Case, problems: Problems) -> None:
    if not case.indicators:
        problems.add(NO_INDICATORS.at(place_of(_INDICATORS), "档案中没有指标"))
    for each in case.indicators:
        if not each.target_value and not each.target_text:
            place = place_of(_INDICATORS, each.code, "target_value")
            problems.add(TARGET_MISSING.at(place, f"指标“{each.name}”没有目标值"))
        if each.points is None:
            place = place_of(_INDICATORS, each.code, "points")
            problems.add(POINTS_MISSING.at(place, f"指标“{each.name}”没有分值"))


def target_shown(indicator: Indicator) -> str:
    """A target as people read it."""
    if not indicator.target_value:
        return indicator.target_text
    sign = indicator.target_sign
    symbol = sign.label if sign and sign.value != "qualitative" else ""
    return f"{symbol}{indicator.target_value}{indicator.target_unit}"


def _adjusted(case: Case, approved: Case, problems: Problems) -> None:
    for each in case.indicators:
        before = approved.indicator_by_code.get(each.code)
        if before is None or target_shown(before) == target_shown(each) or each.adjustment:
            continue
        what = f"指标“{each.name}”的目标由“{target_shown(before)}”改为“{target_shown(each)}”，没有写调整依据"
        problems.add(ADJUSTED_WITHOUT_BASIS.at(place_of(_INDICATORS, each.code, "adjustment"), what))


def total_points(indicators: Iterable[Indicator]) -> Decimal:
    """The sum of the points that are given."""
    return sum((each.points for each in indicators if each.points is not None), Decimal(0))
