"""What keeps an evaluation from being submitted."""

from collections.abc import Iterator

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem, Severity
from zhunsheng.kernel.rounding import score_text
from zhunsheng.plans.case import Case
from zhunsheng.rubrics.judgement import Basis
from zhunsheng.scores.evaluation import Evaluation
from zhunsheng.workflow.evaluating import kinds


def hindrances(case: Case, evaluation: Evaluation) -> tuple[Problem, ...]:
    """Indicators without value and status, deductions without reason, items without score, and plain errors."""
    return (*_values(case), *_scores(evaluation), *_reasons(evaluation), *_errors(evaluation))


def _values(case: Case) -> Iterator[Problem]:
    for each in case.indicators:
        if each.code not in case.actual_of:
            place = Place(field=f"指标 {each.code}")
            yield kinds.NO_VALUE.at(place, f"指标“{each.name}”没有完成值，也没有说明状态")


def _scores(evaluation: Evaluation) -> Iterator[Problem]:
    for node in evaluation.leaves():
        if node.score is None and node.basis is not Basis.NOT_DUE:
            place = Place(field=f"{node.code} {node.name}")
            yield kinds.NOT_SCORED.at(place, f"“{node.name}”还没有得分：{node.reason or node.basis.label}")


def _reasons(evaluation: Evaluation) -> Iterator[Problem]:
    for node in evaluation.deducted():
        if not node.deviation:
            place = Place(field=f"{node.code} {node.name}")
            what = f"“{node.name}”扣 {score_text(node.lost)} 分，没有写扣分原因"
            yield kinds.NO_REASON.at(place, what)


def _errors(evaluation: Evaluation) -> Iterator[Problem]:
    return (each for each in evaluation.problems if each.severity is Severity.ERROR)
