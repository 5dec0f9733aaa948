"""Questions about indicators and projects that several reviewer's rules ask."""

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from zhunsheng.kernel.rounding import half_up
from zhunsheng.plans.case import Actual, Case, Indicator, Project
from zhunsheng.plans.checks import HAS_VALUE
from zhunsheng.plans.choices import EvidenceStatus, IndicatorGroup, IndicatorKind, Nature
from zhunsheng.scores.indicator_scoring import indicator_inputs, shown_actual, shown_target
from zhunsheng.scores.review.year import ReviewedYear, bare_name, execution

ZERO = Decimal(0)

_YEAR = re.compile(r"\d{4}(?:年度|年)")
_AREA = re.compile(r"[^省市区县]+[省市区县]")
_REMARK = re.compile(r"[(（][^()（）]*[)）]")


def titled(indicator: Indicator) -> str:
    """Code and name of an indicator, as findings quote it."""
    return f"指标 {indicator.code}“{indicator.name}”"


def target_of(indicator: Indicator) -> str:
    """The target as people read it."""
    return shown_target(indicator).strip() or indicator.target_text or "未填写"


def actual_of(year: ReviewedYear, indicator: Indicator) -> str:
    """The actual as people read it."""
    return shown_actual(year.case.actual_of.get(indicator.code))


def valued(year: ReviewedYear, indicator: Indicator) -> Actual | None:
    """The actual of an indicator, when it carries a value."""
    actual = year.case.actual_of.get(indicator.code)
    return actual if actual is not None and actual.status in HAS_VALUE else None


def numbers(year: ReviewedYear, indicator: Indicator) -> tuple[Fraction, Fraction] | None:
    """Target and actual in the target's unit, when both are plain numbers."""
    actual = valued(year, indicator)
    if actual is None:
        return None
    given = indicator_inputs(indicator, actual)
    target, found = given["target"].value, given["actual"].value
    return (target, found) if isinstance(target, Fraction) and isinstance(found, Fraction) else None


def reached(year: ReviewedYear, indicator: Indicator) -> Fraction | None:
    """Actual ÷ target where more is better and the target is above 0; None otherwise."""
    found = numbers(year, indicator)
    rising = {Nature.POSITIVE, Nature.SATISFACTION, Nature.EXACT}
    if found is None or found[0] <= 0 or indicator.nature not in rising:
        return None
    return found[1] / found[0]


def is_full(year: ReviewedYear, code: str) -> bool:
    """Whether an item has points and all of them."""
    return year.score(code) == year.points(code) > 0


def above(year: ReviewedYear, code: str, share: Fraction) -> Decimal:
    """What an item's score is above a share of its points; 0 when it is not above."""
    return max(ZERO, year.score(code) - half_up(Fraction(year.points(code)) * share, 2))


def is_satisfaction(indicator: Indicator) -> bool:
    """Whether an indicator measures satisfaction."""
    return (
        indicator.nature is Nature.SATISFACTION
        or indicator.kind is IndicatorKind.SATISFACTION
        or indicator.group is IndicatorGroup.SATISFACTION
    )


def is_cost(indicator: Indicator) -> bool:
    """Whether an indicator measures cost."""
    return indicator.group is IndicatorGroup.COST or indicator.kind.value.endswith("cost")


def evidence_status(year: ReviewedYear, indicator: Indicator) -> EvidenceStatus:
    """State of the evidence of an indicator's actual."""
    actual = year.case.actual_of.get(indicator.code)
    return EvidenceStatus.NONE if actual is None else actual.evidence_status


def formula_of(year: ReviewedYear, indicator: Indicator) -> str:
    """The formula of an indicator, or of the key indicator that is the same."""
    named = (key.formula for key in year.case.key_indicators if key.same_as == indicator.code)
    return indicator.formula or next((formula for formula in named if formula), "")


def duplicates(year: ReviewedYear) -> Iterator[tuple[Indicator, Indicator]]:
    """Indicators of the same name and unit: each later one with the first of its kind."""
    first: dict[tuple[str, str], Indicator] = {}
    for indicator in year.case.indicators:
        earlier = first.setdefault((bare_name(indicator.name), indicator.target_unit), indicator)
        if earlier is not indicator:
            yield earlier, indicator


def spent(project: Project) -> Fraction | None:
    """Share of a project's budget that was paid out; 0 when all of it was taken away unspent."""
    if budget_gone(project) and project.executed is not None and project.executed.yuan == 0:
        return Fraction(0)
    return execution(project)


def budget_gone(project: Project) -> bool:
    """Whether a project had money at first and has none after adjustment."""
    initial, adjusted = project.initial, project.adjusted
    return initial is not None and adjusted is not None and initial.yuan > 0 and adjusted.yuan == 0


def has_indicators(year: ReviewedYear, project: Project) -> bool:
    """Whether a project has indicators of its own, or a task with indicators names it as its money."""
    if year.linked(project.code):
        return True
    tasks = {each.task for each in year.case.indicators}
    paid = [task.budget_items for task in year.case.tasks if task.code in tasks]
    return any(_pays(project, items, year.case) for items in paid)


def _pays(project: Project, budget_items: str, case: Case) -> bool:
    name = _subject(project.name, case)
    parts = (_subject(part, case) for part in _named(budget_items))
    # a short item such as 专项工作经费 would fit any project
    return any(part and part in name and len(part) * 2 > len(name) for part in parts)


def _subject(name: str, case: Case) -> str:
    """What a project is about: its name without the body, its area, the year and remarks."""
    for word in (case.body.name, case.body.short_name, *_AREA.findall(case.body.area)):
        name = name.replace(word, "") if word else name
    return bare_name(_YEAR.sub("", _REMARK.sub("", name))).removesuffix("项目")


def _named(budget_items: str) -> Iterator[str]:
    for part in budget_items.replace("“", "”").split("”"):
        yield from part.split("、")
