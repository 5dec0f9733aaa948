"""The result of an evaluation: every score with its trace. Plain frozen data."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Literal

from zhunsheng import __version__
from zhunsheng.kernel.problem import Problem
from zhunsheng.kernel.rounding import plain
from zhunsheng.rubrics.judgement import Basis

Status = Literal["scored", "not_applicable", "manual", "no_actual", "unscored", "summed"]

_STATUS: dict[Basis, Status] = {
    Basis.COMPUTED: "scored",
    Basis.KNOWN_CASE: "scored",
    Basis.CANDIDATES_AGREE: "scored",
    Basis.NOT_APPLICABLE: "not_applicable",
    Basis.EXCLUDED: "not_applicable",
    Basis.NOT_DUE: "unscored",
    Basis.MANUAL: "manual",
    Basis.CLAIMED: "no_actual",
    Basis.NO_ACTUAL: "no_actual",
    Basis.RULE_UNKNOWN: "unscored",
    Basis.INPUT_MISSING: "unscored",
    Basis.SUMMED: "summed",
}


@dataclass(frozen=True, slots=True)
class TraceInput:
    """One input of a calculation: as printed, with unit and source."""

    name: str
    label: str
    value: str
    unit: str
    source: str


@dataclass(frozen=True, slots=True)
class Trace:
    """How a score came about.

    Attributes:
        rule: Chinese name of the rule type.
        clause: citation of the rule.
        steps: the arithmetic, one line each.
        rounding: how the result was rounded, with the unrounded value.
        result: the score as text; "" when there is none.
    """

    rule: str
    clause: str
    inputs: tuple[TraceInput, ...] = ()
    steps: tuple[str, ...] = ()
    rounding: str = ""
    result: str = ""


@dataclass(frozen=True, slots=True)
class Printed:
    """What the real report printed, and why it differs from the computed score ("" when equal)."""

    points: Decimal | None
    score: Decimal | None
    place: str
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class ScoredNode:
    """A node, task or indicator with its score.

    Attributes:
        kind: "node" of the rubric, "task" or "indicator" of the case.
        level: 1 for the top nodes.
        score: rounded score; None when it cannot be given yet.
        supported: the part of the score that rests on an actual value and a known rule.
        unscored: points below this node that have no score yet.
        degree: degree of achievement, for indicators with a ratio.
        reason: why points are lost, in the rule's words; the unit's own reason is `deviation`.
    """

    code: str
    name: str
    kind: Literal["node", "task", "indicator"]
    level: int
    parent: str
    points: Decimal
    score: Decimal | None
    basis: Basis
    supported: Decimal
    unscored: Decimal
    trace: Trace
    printed: Printed | None = None
    reason: str = ""
    deviation: str = ""
    remedy: str = ""
    target: str = ""
    actual: str = ""
    evidence: str = ""
    degree: Fraction | None = None
    leaf: bool = True

    @property
    def status(self) -> Status:
        """State of the score in the documented JSON shape."""
        return _STATUS[self.basis]

    @property
    def lost(self) -> Decimal:
        """Points lost; 0 while there is no score."""
        return Decimal(0) if self.score is None else self.points - self.score


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file the evaluation came from."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Evaluation:
    """A scored year.

    Attributes:
        total: sum of the top nodes after any ceiling; unscored points count as 0.
        full: full points of the rubric.
        unscored: points that have no score yet; the grade is pending while this is above 0.
        supported: the part of the total that rests on actual values and known rules.
        grade: name of the grade, or "" while pending.
        assumptions: what was assumed, in words.
        ceiling: the calculation of a limit on the total, or "".
    """

    case: str
    title: str
    body: str
    year: int
    rubric: str
    rubric_label: str
    rubric_version: str
    total: Decimal
    full: Decimal
    unscored: Decimal
    supported: Decimal
    grade: str
    printed_total: Decimal | None
    printed_grade: str
    nodes: tuple[ScoredNode, ...]
    problems: tuple[Problem, ...]
    assumptions: tuple[str, ...] = ()
    ceiling: str = ""
    inputs: tuple[InputFile, ...] = ()

    def node(self, code: str) -> ScoredNode | None:
        """The node, task or indicator with a code."""
        return next((node for node in self.nodes if node.code == code), None)

    @cached_property
    def _children_of(self) -> dict[str, tuple[ScoredNode, ...]]:
        by_parent: dict[str, list[ScoredNode]] = {}
        for node in self.nodes:
            by_parent.setdefault(node.parent, []).append(node)
        return {parent: tuple(nodes) for parent, nodes in by_parent.items()}

    def children(self, code: str) -> tuple[ScoredNode, ...]:
        """The direct children of a node; "" for the top nodes."""
        return self._children_of.get(code, ())

    def leaves(self) -> Iterator[ScoredNode]:
        """The nodes that carry scores of their own."""
        return (node for node in self.nodes if node.leaf)

    def deducted(self) -> Iterator[ScoredNode]:
        """The leaves that lost points."""
        return (node for node in self.leaves() if node.lost > 0)


def evaluation_data(evaluation: Evaluation) -> dict[str, object]:
    """The evaluation in the documented JSON shape; decimals are strings, order is fixed."""
    return {
        "case": evaluation.case,
        "title": evaluation.title,
        "body": evaluation.body,
        "year": evaluation.year,
        "program": __version__,
        "rubric": {
            "code": evaluation.rubric,
            "label": evaluation.rubric_label,
            "version": evaluation.rubric_version,
        },
        "inputs": [{"name": each.name, "sha256": each.sha256} for each in evaluation.inputs],
        "total": plain(evaluation.total),
        "full": plain(evaluation.full),
        "unscored": plain(evaluation.unscored),
        "supported": plain(evaluation.supported),
        "grade": evaluation.grade or None,
        "printed_total": None if evaluation.printed_total is None else plain(evaluation.printed_total),
        "printed_grade": evaluation.printed_grade or None,
        "ceiling": evaluation.ceiling or None,
        "assumptions": list(evaluation.assumptions),
        "nodes": [_node_data(node) for node in evaluation.nodes],
        "problems": [problem.as_data() for problem in evaluation.problems],
    }


def _node_data(node: ScoredNode) -> dict[str, object]:
    printed = node.printed
    return {
        "code": node.code,
        "name": node.name,
        "kind": node.kind,
        "level": node.level,
        "parent": node.parent or None,
        "points": plain(node.points),
        "score": None if node.score is None else plain(node.score),
        "status": node.status,
        "basis": node.basis.value,
        "supported": plain(node.supported),
        "target": node.target or None,
        "actual": node.actual or None,
        "evidence": node.evidence or None,
        "printed": None
        if printed is None
        else {
            "points": None if printed.points is None else plain(printed.points),
            "score": None if printed.score is None else plain(printed.score),
            "place": printed.place,
            "explanation": printed.explanation or None,
        },
        "reason": node.reason or None,
        "deviation": node.deviation or None,
        "remedy": node.remedy or None,
        "trace": {
            "rule": node.trace.rule,
            "clause": node.trace.clause,
            "inputs": {
                each.name: {
                    "label": each.label,
                    "value": each.value,
                    "unit": each.unit,
                    "source": each.source,
                }
                for each in node.trace.inputs
            },
            "steps": list(node.trace.steps),
            "rounding": node.trace.rounding,
            "result": node.trace.result,
        },
    }
