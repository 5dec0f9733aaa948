"""What review rules look at: a case with its evaluation, and the questions several rules share."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from zhunsheng.kernel.money import Money
from zhunsheng.kernel.rounding import half_up
from zhunsheng.plans.case import Actual, Case, Indicator, Project
from zhunsheng.plans.checks import HAS_VALUE, read_value
from zhunsheng.plans.choices import Nature
from zhunsheng.scores.evaluation import Evaluation, ScoredNode

ZERO = Decimal(0)
_NOISE = re.compile(r"(同比|年度|业务|我市|我区|全市|全区|控制|情况|[\s（）()“”\"、，,])")


@dataclass(frozen=True)
class ReviewedYear:
    """A case and its evaluation, with shared lookups."""

    case: Case
    evaluation: Evaluation

    @cached_property
    def node_of(self) -> dict[str, ScoredNode]:
        """Scored node by code."""
        return {node.code: node for node in self.evaluation.nodes}

    def score(self, code: str) -> Decimal:
        """Current score of an item; 0 when it has none."""
        node = self.node_of.get(code)
        return ZERO if node is None or node.score is None else node.score

    def points(self, code: str) -> Decimal:
        """Points of an item; 0 when unknown."""
        node = self.node_of.get(code)
        return ZERO if node is None else node.points

    def share(self, code: str, share: Fraction) -> Decimal:
        """A share of an item's points, at most its score."""
        return min(self.score(code), half_up(Fraction(self.points(code)) * share, 2))

    def has_actual(self, code: str) -> bool:
        """Whether the indicator has an actual value."""
        actual = self.case.actual_of.get(code)
        return actual is not None and actual.status in HAS_VALUE

    def indicators(self) -> Iterator[tuple[Indicator, Actual | None]]:
        """Indicators with their actuals."""
        for indicator in self.case.indicators:
            yield indicator, self.case.actual_of.get(indicator.code)

    @cached_property
    def project_of(self) -> dict[str, Project]:
        """Project by code."""
        return {project.code: project for project in self.case.projects}

    def linked(self, project: str) -> list[Indicator]:
        """Indicators of a project."""
        return [each for each in self.case.indicators if each.project == project]

    def degree(self, indicator: Indicator) -> Fraction | None:
        """How many times the target was reached (inverse for low-is-good); None without a ratio.

        An actual of 0 against a positive low-is-good target has no ratio.
        """
        node = self.node_of.get(indicator.code)
        if node is None or node.degree is None:
            return None
        if indicator.nature is Nature.INVERSE:
            return 1 / node.degree if node.degree else None
        return node.degree


def execution(project: Project) -> Fraction | None:
    """Executed ÷ adjusted budget; None when either is missing or the budget is 0."""
    if project.executed is None or project.adjusted is None or project.adjusted == Money(ZERO):
        return None
    return Fraction(project.executed.yuan) / Fraction(project.adjusted.yuan)


def bare_name(name: str) -> str:
    """An indicator's name without words that do not change what it measures."""
    return _NOISE.sub("", name)


def number_of(text: str) -> Decimal | None:
    """A decimal from a canonical value text; None for dates, grades and words."""
    value = read_value(text)
    return value if isinstance(value, Decimal) else None
