"""A rubric (评分体系): a dated, cited tree of nodes with points and rules."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from zhunsheng.kernel.citation import Citation
from zhunsheng.kernel.interval import Interval
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.rounding import exact_decimal
from zhunsheng.rubrics.curve import Curve, Direction, Flaw, Piece
from zhunsheng.rubrics.judgement import Rule

# first-level groups an indicator may belong to
GROUPS = ("output", "effect", "satisfaction", "cost")
# code of what belongs to no task, where indicators are gathered by task
NO_TASK_CODE = "-"


class RubricObject(StrEnum):
    """What a rubric scores."""

    DEPARTMENT = "department"
    PROJECT = "project"

    @property
    def label(self) -> str:
        """The Chinese word shown to users."""
        return {"department": "部门", "project": "项目"}[self.value]


class OverMode(StrEnum):
    """What happens when an actual is far better than its target (目标偏保守)."""

    IGNORE = "ignore"
    EXPLAIN_ONLY = "explain_only"
    SUGGEST = "suggest"
    DEDUCT = "deduct"


@dataclass(frozen=True, slots=True)
class OverBand:
    """A reduction for a degree of achievement in `range`: a share of the points, or points."""

    range: Interval
    share: Fraction | None = None
    points: Fraction | None = None

    def flaws(self) -> Iterator[Flaw]:
        """Exactly one amount, not negative and no more than everything; nothing for meeting the target."""
        low = self.range.low
        if low is None or low < 1 or (low == 1 and self.range.low_closed):
            yield Flaw("direction", f"超额扣减区间 {self.range} 包含未超过目标的情形")
        if (self.share is None) == (self.points is None):
            yield Flaw("over", f"超额扣减区间 {self.range} 应恰有一种扣减数量（比例或分数）")
        if self.share is not None and not 0 <= self.share <= 1:
            yield Flaw("over", f"超额扣减比例超出 0～100%（区间 {self.range}）")
        if self.points is not None and self.points < 0:
            yield Flaw("over", f"超额扣 {exact_decimal(self.points)} 分，不能为负（区间 {self.range}）")


@dataclass(frozen=True, slots=True)
class OverObservation:
    """A reduction, or none, that a real report shows for a degree of achievement."""

    degree: Fraction
    share: Fraction


@dataclass(frozen=True, slots=True)
class OverAchievement:
    """The rule on exceeding a target.

    The degree is actual ÷ target for indicators that should be high and target ÷ actual for those that
    should be low; an actual of 0 against a low target has no degree and counts as above every limit.

    Attributes:
        explain_from: degree from which an explanation is required; None for never.
        bands: reductions in force (mode `deduct`).
        examples: reductions somebody proposes (mode `suggest`); shown, never applied by themselves.
        explain_at_zero: actual from which a target of 0, which has no degree, needs an explanation.
        observations: what real reports show; bands and examples must agree with them.
    """

    mode: OverMode = OverMode.IGNORE
    explain_from: Fraction | None = None
    bands: tuple[OverBand, ...] = ()
    examples: tuple[OverBand, ...] = ()
    source: Citation = field(default_factory=Citation)
    explain_at_zero: Fraction | None = None
    observations: tuple[OverObservation, ...] = ()

    def flaws(self) -> Iterator[Flaw]:
        """Amounts within bounds, bands above 1, without hole or overlap up to ∞, explanations before them."""
        yield from self._mode()
        for bands in (self.bands, self.examples):
            ordered = sorted(bands, key=lambda band: band.range.low or Fraction(0))
            for band in ordered:
                yield from band.flaws()
            for left, right in pairwise(ordered):
                yield from _neighbours(left.range, right.range)
            if ordered and ordered[-1].range.high is not None:
                yield Flaw("over", f"超额扣减区间到 {ordered[-1].range} 为止，更高的超额没有规定")
            for left_band, right_band in pairwise(ordered):
                if _takes_less(right_band, left_band):
                    words = f"超额更多的区间 {right_band.range} 反而比 {left_band.range} 扣得少"
                    yield Flaw("over", words)
        yield from self._observed()

    def _observed(self) -> Iterator[Flaw]:
        bands = self.bands or self.examples
        for seen in self.observations if bands else ():
            band = next((each for each in bands if seen.degree in each.range), None)
            expected = Fraction(0) if band is None else band.share
            if expected is not None and expected != seen.share:
                words = f"完成比例 {exact_decimal(seen.degree)} 的实例扣 {exact_decimal(seen.share)}"
                yield Flaw("over", f"{words}，按区间应扣 {exact_decimal(expected)}")

    def _mode(self) -> Iterator[Flaw]:
        if self.mode is OverMode.DEDUCT and not self.bands:
            yield Flaw("empty", "超额扣减方式为“直接扣减”，却没有扣减区间")
        if self.bands and self.mode is not OverMode.DEDUCT:
            yield Flaw("unused", "超额扣减方式不是“直接扣减”，扣减区间不起作用")
        if self.mode is OverMode.IGNORE:
            return
        if self.explain_at_zero is not None and self.explain_at_zero <= 0:
            words = f"目标为零时须说明的完成值 {exact_decimal(self.explain_at_zero)} 应大于 0"
            yield Flaw("over", words)
        if self.explain_from is None:
            yield Flaw("over", "没有说明从完成比例多少起视为超额较多（explain_from）")
        elif self.explain_from <= 1:
            yield Flaw("over", f"须说明原因的完成比例 {exact_decimal(self.explain_from)} 未超过目标")
        else:
            for band in self.bands:
                if band.range.low is not None and band.range.low < self.explain_from:
                    yield Flaw(
                        "over",
                        f"超额扣减区间 {band.range} 有一部分低于 explain_from {exact_decimal(self.explain_from)}，不起作用",
                    )


def _takes_less(one: OverBand, other: OverBand) -> bool:
    for mine, its in ((one.share, other.share), (one.points, other.points)):
        if mine is not None and its is not None:
            return mine < its
    return False


def _neighbours(left: Interval, right: Interval) -> Iterator[Flaw]:
    if left.meets(right):
        yield Flaw("overlap", f"超额扣减区间 {left} 与 {right} 重叠")
    elif left.high != right.low or not (left.high_closed or right.low_closed):
        yield Flaw("over", f"超额扣减区间 {left} 与 {right} 之间有空当")


@dataclass(frozen=True, slots=True)
class GradeBand:
    """A grade and the totals that earn it."""

    name: str
    range: Interval


@dataclass(frozen=True, slots=True)
class Ceiling:
    """A limit on the total when the budget execution rate is low."""

    range: Interval
    most: Decimal


class Gathers(StrEnum):
    """Where a node's indicators come from."""

    GROUP = "group"
    TASKS = "tasks"


class Inapplicable(StrEnum):
    """What becomes of the points of an indicator that does not apply this year."""

    SHARE = "share"
    UNSCORED = "unscored"


@dataclass(frozen=True, slots=True)
class Move:
    """A node that takes points of an empty one; `points` None for all of them."""

    node: str
    points: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Gathering:
    """A node the department fills with its own indicators.

    Attributes:
        by: by first-level group of the indicators, or all tasks with theirs.
        groups: groups collected, for GROUP.
        optional: whether the node may stay empty (its points then go to `moves_to`).
        moves_to: nodes that take the points of an empty optional node.
    """

    by: Gathers
    groups: tuple[str, ...] = ()
    optional: bool = False
    moves_to: tuple[Move, ...] = ()


@dataclass(frozen=True, slots=True)
class RubricNode:
    """A node of the tree: children, or a gathering of indicators, or a rule.

    Attributes:
        not_applicable_full: whether a leaf that has no object earns full points.
        evidence: evidence a reviewer expects.
        place: where the node stands in its file.
        rule_place: where its rule stands.
    """

    code: str
    name: str
    points: Decimal
    children: tuple["RubricNode", ...] = ()
    rule: Rule | None = None
    gathering: Gathering | None = None
    not_applicable_full: bool = False
    evidence: tuple[str, ...] = ()
    note: str = ""
    source: Citation = field(default_factory=Citation)
    place: Place = field(default_factory=Place, compare=False)
    rule_place: Place = field(default_factory=Place, compare=False)

    def walk(self) -> Iterator["RubricNode"]:
        """This node and all below, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Rubric:
    """A rubric version; frozen once used.

    Attributes:
        places: decimals of a score; each leaf is rounded half-up to them before anything is added.
        leaf_rules: rule for a department's own indicators, by nature.
        ceilings: limits on the total by budget execution rate.
        inapplicable: what becomes of the points of an indicator that does not apply.
        sha256: hash of the definition file.
        grades_source: where the limits of the grades come from.
        places_of: where each part stands in the file, by its path, such as `leaf_rules.positive`.
    """

    code: str
    label: str
    version: str
    object: RubricObject
    jurisdiction: str
    valid_years: tuple[int, ...]
    total: Decimal
    places: int
    grades: tuple[GradeBand, ...]
    over_achievement: OverAchievement
    leaf_rules: Mapping[str, Rule]
    nodes: tuple[RubricNode, ...]
    source: Citation
    ceilings: tuple[Ceiling, ...] = ()
    verified: str = "no"
    note: str = ""
    inapplicable: Inapplicable = Inapplicable.SHARE
    sha256: str = ""
    grades_source: Citation = field(default_factory=Citation)
    places_of: Mapping[str, Place] = field(default_factory=dict, compare=False)
    label_en: str = ""

    def walk(self) -> Iterator[RubricNode]:
        """All nodes, parents first."""
        for node in self.nodes:
            yield from node.walk()

    def node(self, code: str) -> RubricNode | None:
        """The node with a code."""
        return next((node for node in self.walk() if node.code == code), None)

    def grade_of(self, total: Decimal) -> str:
        """Name of the grade for a total; "" in a hole (a proved rubric has none)."""
        return next((band.name for band in self.grades if total in band.range), "")

    def fact_names(self) -> tuple[str, ...]:
        """Every input its leaves ask for."""
        names = (name for node in self.walk() if node.rule is not None for name in node.rule.names)
        return tuple(dict.fromkeys(names))

    def grade_curve(self) -> Curve:
        """The grades as a curve without shares, for the proof that they cover every total once."""
        pieces = tuple(Piece(band.range, known=False) for band in self.grades)
        return Curve(pieces, Interval(Fraction(0), Fraction(self.total)), Direction.ANY, "总分")

    def ceiling_curve(self) -> Curve:
        """The ceilings as shares of the total, which must not be 0, over the execution rate."""
        pieces = tuple(
            Piece(each.range, Fraction(each.most) / Fraction(self.total)) for each in self.ceilings
        )
        return Curve(pieces, Interval(Fraction(0), None, True, False), Direction.RISING, "预算执行率")
