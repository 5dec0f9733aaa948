"""What is said while a target is being set: quality of the target, sums of points, what was reached before."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem, Severity
from zhunsheng.plans.case import Case, Indicator
from zhunsheng.plans.checks import check_case
from zhunsheng.scores.points import effective_points, gathered_indicators
from zhunsheng.scores.review.review import review
from zhunsheng.scores.review.rule import Finding
from zhunsheng.store.definition_files import load_rubric
from zhunsheng.store.indicator_files import indicator_codes
from zhunsheng.store.review_rule_files import load_review_rules
from zhunsheng.workflow.planning.checking import evaluated, located_rows, total_points
from zhunsheng.workflow.planning.history import PastYear
from zhunsheng.workflow.planning.kinds import UNKNOWN_DEFINITION
from zhunsheng.workflow.planning.places import SECTION_OF, place_of

ABOUT_TARGETS = frozenset(
    {
        "Q01",
        "Q02",
        "Q03",
        "Q04",
        "Q05",
        "Q06",
        "Q07",
        "Q10",
        "Q11",
        "Q12",
        "R02",
        "R03",
        "R06",
        "R10",
        "R17",
        "R18",
        "R31",
    }
)
"""The rules that judge a target by itself; the others judge what came of it."""


@dataclass(frozen=True, slots=True)
class PointSum:
    """Points that have to add up.

    Attributes:
        label: the task, or the part of the rubric.
        given: sum of the points of its indicators.
        wanted: what they have to add up to; None when nothing is said.
        open_ones: how many of its indicators have no points yet.
    """

    label: str
    given: Decimal
    wanted: Decimal | None
    open_ones: int = 0

    @property
    def fits(self) -> bool:
        """Whether they add up."""
        return self.wanted is None or (self.given == self.wanted and not self.open_ones)

    @property
    def missing(self) -> Decimal | None:
        """What is still to be given; None when nothing is."""
        return None if self.wanted is None or self.wanted <= self.given else self.wanted - self.given

    @property
    def surplus(self) -> Decimal | None:
        """What was given too much; None when nothing was."""
        return None if self.wanted is None or self.given <= self.wanted else self.given - self.wanted


@dataclass(frozen=True, slots=True)
class Advice:
    """What is said about an indicator while it is being edited.

    Attributes:
        problems: doubtful or wrong in the row itself.
        findings: of the rules a reviewer follows.
        sums: of its task and its part of the rubric.
        complete: whether the rules could be asked at all.
    """

    problems: tuple[Problem, ...]
    findings: tuple[Finding, ...]
    sums: tuple[PointSum, ...]
    complete: bool


def with_indicator(case: Case, code: str | None, indicator: Indicator) -> Case:
    """The case with an indicator in the place of the one with a code, or added."""
    kept = [indicator if each.code == code else each for each in case.indicators]
    if code is None or all(each is not indicator for each in kept):
        kept.append(indicator)
    changed = replace(case, indicators=tuple(kept))
    if code not in {None, indicator.code}:
        moved = tuple(
            replace(each, indicator=indicator.code) if each.indicator == code else each
            for each in case.actuals
        )
        changed = replace(changed, actuals=moved)
    return changed


def advice_on(case: Case, indicator: Indicator, past: Sequence[PastYear] = ()) -> Advice:
    """What there is to say about an indicator of a case.

    Args:
        past: the years before; the newest actual value counts as last year's where none is written.
    """
    reached = next((each.actual for each in past if each.actual), "")
    if not indicator.previous_actual and reached:
        case = with_indicator(case, indicator.code, replace(indicator, previous_actual=reached))
    problems = [
        each
        for each in check_case(located_rows(case, {"tasks", "projects", "indicators"}))
        if each.place.file == place_of(SECTION_OF["indicators"], indicator.code).file
    ]
    if indicator.definition and indicator.definition not in indicator_codes():
        place = place_of(SECTION_OF["indicators"], indicator.code, "definition")
        what = f"指标库中没有“{indicator.definition}”"
        problems.append(UNKNOWN_DEFINITION.at(place, what, value=indicator.definition))
    findings = target_findings(case)
    mine = () if findings is None else tuple(each for each in findings if indicator.code in each.items)
    sums = tuple(each for each in point_sums(case, indicator))
    return Advice(tuple(problems), mine, sums, complete=findings is not None)


def target_findings(case: Case) -> tuple[Finding, ...] | None:
    """What the rules about targets find in a plan; None while they cannot be asked."""
    evaluation = evaluated(case)
    if evaluation is None:
        return None
    rules = [each for each in load_review_rules()[0] if each.code in ABOUT_TARGETS]
    return review(case, evaluation, rules).findings


def point_sums(case: Case, only: Indicator | None = None) -> tuple[PointSum, ...]:
    """The sums of points by task and by part of the rubric, and the whole.

    Args:
        only: the task and parts this indicator belongs to; otherwise all parts, and the tasks that have points.
    """
    sums = [
        _sum(
            _("任务 %s") % task.code,
            [each for each in case.indicators if each.task == task.code],
            task.points,
        )
        for task in case.tasks
        if (task.points is not None if only is None else task.code == only.task)
    ]
    rubric, _problems = load_rubric(case.about.rubric)
    if rubric is not None and all(each.group for each in case.indicators):
        at_stake = effective_points(case, rubric)
        for node in rubric.walk():
            if node.gathering is None:
                continue
            members = gathered_indicators(case, node.gathering)
            if only is None or any(each.code == only.code for each in members):
                sums.append(_sum(f"{node.code} {node.name}", members, at_stake[node.code]))
    sums.append(_sum(_("全部指标"), case.indicators, None))
    return tuple(sums)


def _sum(label: str, members: Sequence[Indicator], wanted: Decimal | None) -> PointSum:
    missing = sum(1 for each in members if each.points is None)
    return PointSum(label, total_points(members), wanted, missing)


def finding_problem(finding: Finding) -> Problem:
    """A finding as a problem, for lists that show both."""
    section = SECTION_OF["indicators"]
    place = place_of(section, finding.items[0]) if finding.items else Place()
    severity = Severity.WARNING if finding.severity is Severity.ERROR else finding.severity
    return Problem(finding.rule, severity, place, finding.what, "", finding.remedy)
