"""Printed scores beside computed ones, every difference explained."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem
from zhunsheng.kernel.rounding import plain, score_text
from zhunsheng.plans.case import Case, PrintedScore
from zhunsheng.scores import kinds
from zhunsheng.scores.evaluation import Printed, ScoredNode


@dataclass(frozen=True, slots=True)
class Explained:
    """Nodes with their printed scores, and a problem for each difference."""

    nodes: tuple[ScoredNode, ...]
    problems: tuple[Problem, ...]


def explain_printed(nodes: Sequence[ScoredNode], total: Decimal, case: Case) -> Explained:
    """Attach what the report printed to each node and explain where it differs.

    Args:
        nodes: scored nodes, parents before children.
        total: the computed total.
        case: the year with its printed scores.
    """
    problems: list[Problem] = []
    result = []
    below: dict[str, list[ScoredNode]] = {}
    for node in nodes:
        below.setdefault(node.parent, []).append(node)
    for node in nodes:
        row = case.printed_score_of.get(node.code)
        if row is None:
            result.append(node)
            continue
        explanation = _explanation(node, row, below.get(node.code, ()), total, case)
        result.append(replace(node, printed=Printed(row.points, row.score, row.place, explanation)))
        if explanation:
            place = Place(field=f"{node.code} {node.name}" + (f" {row.place}" if row.place else ""))
            problems.append(kinds.PRINTED_DIFFERS.at(place, explanation, value=row.score))
    return Explained(tuple(result), tuple(problems))


def _explanation(
    node: ScoredNode, row: PrintedScore, children: Sequence[ScoredNode], total: Decimal, case: Case
) -> str:
    if row.score is None:
        return ""
    if row.points is not None and row.points != node.points:
        return f"原文分值 {plain(row.points)}，采用的分值 {score_text(node.points)}"
    if node.score is None or row.score == node.score:
        return ""
    words = f"原文得分 {score_text(row.score)}，计算得 {score_text(node.score)}"
    if row.score > node.points:
        return f"{words}：原文得分超过分值 {score_text(node.points)}，得分最高为 {score_text(node.points)}"
    if children:
        return words + _subtotal(node, children, total, case)
    return f"{words}：{node.trace.steps[-1] if node.trace.steps else node.trace.rule}"


def _subtotal(node: ScoredNode, children: Sequence[ScoredNode], total: Decimal, case: Case) -> str:
    printed = [case.printed_score_of.get(child.code) for child in children]
    scores = [row.score for row in printed if row is not None and row.score is not None]
    if len(scores) == len(children):
        listed = f"：其下 {len(children)} 项原文得分之和为 {score_text(sum(scores, Decimal(0)))}"
    else:
        listed = f"：其下 {len(children)} 项计算得分之和为 {score_text(node.score or Decimal(0))}"
    if case.about.printed_total == total:
        listed += f"；原文总分 {score_text(total)} 也只有按 {score_text(node.score or Decimal(0))} 计才成立"
    return listed
