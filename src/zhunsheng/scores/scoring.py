"""Scoring a case by a rubric: the tree, the sums, the grade."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem, Problems
from zhunsheng.kernel.rounding import exact_decimal, plain, score_text
from zhunsheng.kernel.unknown import Absence, Unknown
from zhunsheng.plans.case import Case, Indicator
from zhunsheng.plans.choices import EvidenceStatus, PointsBasis
from zhunsheng.rubrics.facts import FactDefinition
from zhunsheng.rubrics.judgement import Basis, Given, Judgement, Question
from zhunsheng.rubrics.rubric import (
    NO_TASK_CODE,
    Gathering,
    Gathers,
    OverMode,
    Rubric,
    RubricNode,
    RubricObject,
)
from zhunsheng.rubrics.rules.achievement import percent
from zhunsheng.rubrics.rules.ratios import BudgetExecution
from zhunsheng.scores import kinds
from zhunsheng.scores.evaluation import Evaluation, ScoredNode, Trace
from zhunsheng.scores.indicator_scoring import score_indicator, shown_actual, shown_target
from zhunsheng.scores.inputs import case_inputs
from zhunsheng.scores.leaf import LeafScore, Stake, settled, with_manual
from zhunsheng.scores.points import (
    IndicatorPoints,
    effective_points,
    gathered_indicators,
    indicator_points,
    ungathered_indicators,
)
from zhunsheng.scores.printed import explain_printed

NO_TASK = "未归入任务"
_WHY_NOT_MANUAL = {
    Basis.SUMMED: "的得分是下级得分之和",
    Basis.EXCLUDED: "不参与评分",
    Basis.NOT_DUE: "尚未到期",
    Basis.NOT_APPLICABLE: "不适用",
}


def evaluate(
    case: Case,
    rubric: Rubric,
    facts: Mapping[str, FactDefinition],
    *,
    inputs: Mapping[str, Given] | None = None,
    scored: RubricObject = RubricObject.DEPARTMENT,
) -> Evaluation:
    """Score a case.

    Args:
        case: the year.
        rubric: a proved rubric; if it is not the case's own, indicator points are rescaled to it.
        facts: definitions of management facts.
        inputs: inputs to use instead of the case's own (for a project).
        scored: what is scored, the department of the case or one of its projects.
    """
    scoring = _Scoring(case, rubric, facts, rescale=rubric.code != case.about.rubric, scored=scored)
    if inputs is not None:
        scoring.given.update(inputs)
    return scoring.run()


@dataclass
class _Scoring:
    case: Case
    rubric: Rubric
    facts: Mapping[str, FactDefinition]
    rescale: bool
    scored: RubricObject = RubricObject.DEPARTMENT
    given: dict[str, Given] = field(default_factory=dict)
    problems: Problems = field(default_factory=Problems)
    assumptions: list[str] = field(default_factory=list)
    nodes: list[ScoredNode] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.given, found = case_inputs(self.case, self.facts)
        self.problems.extend(found)

    def run(self) -> Evaluation:
        """Score everything and put the evaluation together."""
        self._notes()
        points = effective_points(self.case, self.rubric)
        tops = [self._node(node, "", 1, points) for node in self.rubric.nodes]
        ordered = tuple(self.nodes)
        total = sum((node.score for node in tops if node.score is not None), Decimal(0))
        unscored = sum((node.unscored for node in tops), Decimal(0))
        total, ceiling = self._ceiling(total)
        grade = "" if unscored else self.rubric.grade_of(total)
        explained = explain_printed(ordered, total, self.case)
        self.problems.extend(explained.problems)
        self._final_problems(total, grade, explained.nodes)
        about = self.case.about
        return Evaluation(
            case=about.code,
            title=about.title,
            body=self.case.body.name,
            year=self.case.year,
            rubric=self.rubric.code,
            rubric_label=self.rubric.label,
            rubric_version=self.rubric.version,
            total=total,
            full=self.rubric.total,
            unscored=unscored,
            supported=min(total, sum((node.supported for node in tops), Decimal(0))),
            grade=grade,
            printed_total=about.printed_total,
            printed_grade=about.printed_grade,
            nodes=explained.nodes,
            problems=self.problems.as_tuple(),
            assumptions=tuple(self.assumptions),
            ceiling=ceiling,
        )

    def _notes(self) -> None:
        if self.case.year not in self.rubric.valid_years:
            years = "、".join(str(year) for year in self.rubric.valid_years)
            self.problems.add(
                kinds.YEAR_NOT_COVERED.at(
                    Place(field="评分体系"),
                    f"{self.rubric.code} 适用于 {years} 年度，本档案为 {self.case.year} 年度",
                )
            )
        if self.rubric.object is not self.scored:
            words = f"{self.rubric.code} 用于{self.rubric.object.label}，本次被评的是{self.scored.label}"
            self.problems.add(kinds.OTHER_OBJECT.at(Place(field="评分体系"), words))
        self._codes()
        for indicator in ungathered_indicators(self.case, self.rubric):
            words = f"{indicator.name}（{indicator.group.label}）不属于任何评分节点，没有评分"
            self.problems.add(kinds.NOT_GATHERED.at(Place(field=f"指标 {indicator.code}"), words))
        inferred = any(each.points_basis is PointsBasis.INFERRED for each in self.case.indicators)
        if inferred and self.case.about.points_assumption:
            self.assumptions.append(f"分值假设：{self.case.about.points_assumption}")

    def _codes(self) -> None:
        """A score, a deviation and a trace are found by code, so no code may mean two things."""
        nodes = {node.code: node.name for node in self.rubric.walk()}
        own = [("指标", each.code, each.name) for each in self.case.indicators]
        own += [("任务", each.code, each.short_name or each.name) for each in self.case.tasks]
        for what, code, name in own:
            if code in nodes:
                words = f"{what}“{name}”与评分体系节点“{nodes[code]}”的编码都是 {code}"
                self.problems.add(kinds.SHARED_CODE.at(Place(field=f"{what} {code}"), words, value=code))

    def _node(self, node: RubricNode, parent: str, level: int, points: Mapping[str, Decimal]) -> ScoredNode:
        at_stake = points[node.code]
        at = len(self.nodes)
        if node.children:
            children = [self._node(child, node.code, level + 1, points) for child in node.children]
            return self._keep(_summed(node.code, node.name, "node", level, parent, at_stake, children), at)
        if node.gathering is not None:
            return self._keep(self._gathered(node, node.gathering, parent, level, at_stake), at)
        leaf = self._leaf(node, at_stake)
        self.problems.extend(leaf.problems)
        return self._keep(self._placed(leaf, node.code, node.name, "node", level, parent, at_stake), at)

    def _keep(self, scored: ScoredNode, at: int) -> ScoredNode:
        """Keep a node at its place in reading order: before what was scored below it."""
        self.nodes.insert(at, scored)
        return scored

    def _leaf(self, node: RubricNode, at_stake: Decimal) -> LeafScore:
        rule = node.rule
        assert rule is not None  # noqa: S101 - a node has children, a gathering or a rule
        stake = Stake(at_stake, self.rubric.places)
        judgement = rule.judge(Question(self.given, Fraction(at_stake)))
        problems = tuple(self._contradictions(node, rule.names))
        if judgement.share is None and node.not_applicable_full and not problems:
            judgement = self._perhaps_not_applicable(judgement, rule.names)
        if judgement.share is None:
            return with_manual(self.case, node.code, judgement, rule, self.given, stake, problems)
        if isinstance(rule, BudgetExecution) and self.given[rule.budget].value == 0:
            words = f"{node.name}：全年预算数为 0，按评分体系得 {percent(rule.zero_budget)}"
            problems = (*problems, kinds.ZERO_BUDGET.at(Place(field=node.code), words))
        return settled(judgement, rule, self.given, stake, problems)

    def _perhaps_not_applicable(self, judgement: Judgement, names: Sequence[str]) -> Judgement:
        """Full points where there was nothing to do this year."""
        if not self._not_applicable(names):
            return judgement
        step = "本年度没有该事项，不适用，得满分"
        return Judgement(Fraction(1), Basis.NOT_APPLICABLE, (step,), found="不适用")

    def _contradictions(self, node: RubricNode, names: Sequence[str]) -> Iterator[Problem]:
        """Facts of one leaf of which one says "nothing of the kind" and another counts some."""
        absent = [name for name in names if self._not_applicable([name])]
        counted = [
            name
            for name in names
            if name in self.given and isinstance(value := self.given[name].value, Fraction) and value != 0
        ]
        if node.not_applicable_full and absent and counted:
            words = (
                f"{node.name}：“{self.given[absent[0]].label}”填“不适用”，"
                f"“{self.given[counted[0]].label}”却为 {self.given[counted[0]].shown}"
            )
            yield kinds.NOT_APPLICABLE_CONTRADICTED.at(Place(field=f"{node.code} {node.name}"), words)

    def _not_applicable(self, names: Sequence[str]) -> bool:
        values = [self.given[name].value for name in names if name in self.given]
        return any(isinstance(value, Unknown) and value.absence is Absence.NOT_APPLICABLE for value in values)

    def _placed(
        self,
        leaf: LeafScore,
        code: str,
        name: str,
        kind: Literal["node", "indicator"],
        level: int,
        parent: str,
        points: Decimal,
    ) -> ScoredNode:
        deviation = self.case.deviation_of.get(code)
        return ScoredNode(
            code=code,
            name=name,
            kind=kind,
            level=level,
            parent=parent,
            points=points,
            score=leaf.score,
            basis=leaf.basis,
            supported=leaf.supported,
            unscored=points if leaf.score is None else Decimal(0),
            trace=leaf.trace,
            reason=leaf.reason,
            deviation=deviation.reason if deviation else "",
            remedy=deviation.remedy if deviation else "",
            degree=leaf.degree,
            actual=leaf.found,
        )

    def _gathered(
        self, node: RubricNode, gathering: Gathering, parent: str, level: int, at_stake: Decimal
    ) -> ScoredNode:
        chosen = gathered_indicators(self.case, gathering)
        if not chosen:
            return self._empty(node, gathering, parent, level, at_stake)
        points = indicator_points(self.case, self.rubric, node, chosen, at_stake, rescale=self.rescale)
        self.problems.extend(points.problems)
        self.assumptions.extend(points.assumptions)
        if gathering.by is Gathers.TASKS:
            children = self._tasks(node.code, level + 1, chosen, points)
        else:
            children = [self._indicator(each, node.code, level + 1, points) for each in chosen]
        return _summed(node.code, node.name, "node", level, parent, at_stake, children)

    def _empty(
        self, node: RubricNode, gathering: Gathering, parent: str, level: int, at_stake: Decimal
    ) -> ScoredNode:
        scored = _summed(node.code, node.name, "node", level, parent, at_stake, [])
        if at_stake == 0:
            moved = "、".join(
                move.node if move.points is None else f"{move.node}（{plain(move.points)} 分）"
                for move in gathering.moves_to
            )
            step = f"本次没有设置{node.name}，分值转入 {moved}"
            return replace(
                scored, basis=Basis.NOT_APPLICABLE, trace=Trace("自设指标", str(node.source), (), (step,))
            )
        self.problems.add(kinds.NO_INDICATORS.at(Place(field=node.code), f"{node.name}没有指标"))
        trace = Trace("自设指标", str(node.source), (), ("没有设置指标，无法评分",))
        return replace(
            scored, score=None, basis=Basis.INPUT_MISSING, unscored=at_stake, trace=trace, leaf=True
        )

    def _tasks(
        self, parent: str, level: int, chosen: Sequence[Indicator], points: IndicatorPoints
    ) -> list[ScoredNode]:
        by_task: dict[str, list[Indicator]] = {}
        for indicator in chosen:
            by_task.setdefault(indicator.task, []).append(indicator)
        order = [task.code for task in self.case.tasks if task.code in by_task]
        order += [code for code in by_task if code not in order]
        tasks = []
        for code in order:
            task = self.case.task_by_code.get(code)
            name = NO_TASK if task is None else task.short_name or task.name
            shown = code or NO_TASK_CODE
            at = len(self.nodes)
            children = [self._indicator(each, shown, level + 1, points) for each in by_task[code]]
            at_stake = sum((points.of[each.code] for each in by_task[code]), Decimal(0))
            tasks.append(self._keep(_summed(shown, name, "task", level, parent, at_stake, children), at))
        return tasks

    def _indicator(
        self, indicator: Indicator, parent: str, level: int, points: IndicatorPoints
    ) -> ScoredNode:
        at_stake = points.of[indicator.code]
        excluded = indicator.code in points.excluded
        leaf = score_indicator(self.case, self.rubric, indicator, at_stake, excluded=excluded)
        self.problems.extend(leaf.problems)
        actual = self.case.actual_of.get(indicator.code)
        evidence = EvidenceStatus.NONE if actual is None else actual.evidence_status
        scored = self._placed(leaf, indicator.code, indicator.name, "indicator", level, parent, at_stake)
        return self._keep(
            replace(
                scored,
                target=shown_target(indicator),
                actual=shown_actual(actual),
                evidence=evidence.label,
            ),
            len(self.nodes),
        )

    def _ceiling(self, total: Decimal) -> tuple[Decimal, str]:
        if not self.rubric.ceilings:
            return total, ""
        executed, budget = self.given["budget_executed"].value, self.given["budget_adjusted"].value
        if (
            not isinstance(executed, Fraction)
            or not isinstance(budget, Fraction)
            or budget <= 0
            or executed < 0
        ):
            words = "预算执行率无法计算，未适用总分上限"
            self.problems.add(kinds.CEILING_UNKNOWN.at(Place(field="总分上限"), words))
            return total, words
        rate = executed / budget
        for each in self.rubric.ceilings:
            if rate in each.range:
                words = f"预算执行率 {exact_decimal(rate * 100, 2)}% 落在 {each.range}，总分最高 {plain(each.most)}"
                return min(total, each.most), words
        return total, ""

    def _not_used(self, nodes: Sequence[ScoredNode]) -> None:
        """Scores and reductions a person gave that had no effect on the item they name."""
        for node in nodes:
            place = Place(field=node.code)
            if node.code in self.case.manual_score_of and node.basis not in {Basis.MANUAL, Basis.CLAIMED}:
                words = f"{node.name}{_WHY_NOT_MANUAL.get(node.basis, '按规则计算')}，人工评分未采用"
                self.problems.add(kinds.MANUAL_UNUSED.at(place, words))
            reducing = self.rubric.over_achievement.mode is OverMode.SUGGEST and node.basis is Basis.COMPUTED
            if node.kind == "indicator" and node.code in self.case.reduction_of and not reducing:
                self.problems.add(kinds.REDUCTION_UNUSED.at(place, f"{node.name}的扣减未采用"))

    def _final_problems(self, total: Decimal, grade: str, nodes: Sequence[ScoredNode]) -> None:
        if total > self.rubric.total:
            words = f"总分 {score_text(total)}，满分 {plain(self.rubric.total)}"
            self.problems.add(kinds.ABOVE_FULL.at(Place(field="总分"), words, value=score_text(total)))
        for node in nodes:
            if node.leaf and node.lost > 0 and not node.deviation:
                self.problems.add(
                    kinds.NO_REASON.at(
                        Place(field=node.code),
                        f"{node.name}得 {score_text(node.score or Decimal(0))} 分，少 {score_text(node.lost)} 分，未写扣分原因",
                    )
                )
        self._not_used(nodes)
        known = {node.code for node in nodes}
        about = self.case.about
        if self.rescale:
            return
        for name in ("manual_scores", "printed_scores", "deviations"):
            for row in getattr(self.case, name):
                if row.item not in known and row.item not in self.case.indicator_by_code:
                    self.problems.add(
                        kinds.UNKNOWN_ITEM.at(
                            Place(field=name), f"没有编码为“{row.item}”的评分项", value=row.item
                        )
                    )
        if about.printed_total is not None and about.printed_total != total:
            words = f"原文总分 {score_text(about.printed_total)}，计算 {score_text(total)}"
            self.problems.add(kinds.TOTAL_DIFFERS.at(Place(field="总分"), words))
        if about.printed_grade and grade and about.printed_grade != grade:
            words = f"原文等级“{about.printed_grade}”，计算“{grade}”"
            self.problems.add(kinds.TOTAL_DIFFERS.at(Place(field="等级"), words))


def _summed(
    code: str,
    name: str,
    kind: Literal["node", "task"],
    level: int,
    parent: str,
    points: Decimal,
    children: Sequence[ScoredNode],
) -> ScoredNode:
    scores = [child.score for child in children if child.score is not None]
    score = sum(scores, Decimal(0))
    unscored = sum((child.unscored for child in children), Decimal(0))
    steps: tuple[str, ...] = (
        (f"{' + '.join(score_text(each) for each in scores)} = {score_text(score)}",) if scores else ()
    )
    if unscored:
        steps += (f"另有 {plain(unscored)} 分尚未评分",)
    return ScoredNode(
        code=code,
        name=name,
        kind=kind,
        level=level,
        parent=parent,
        points=points,
        score=score if scores or not children else None,
        basis=Basis.SUMMED if scores or not children else Basis.RULE_UNKNOWN,
        supported=sum((child.supported for child in children), Decimal(0)),
        unscored=unscored,
        trace=Trace("下级得分之和", "", (), steps, "各下级得分已四舍五入，直接相加", score_text(score)),
        leaf=False,
    )
