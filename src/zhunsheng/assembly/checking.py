"""What is wrong with a case that shows only when it meets its rubric and its report."""

from zhunsheng.assembly.cases import LoadedCase
from zhunsheng.assembly.evaluating import evaluate_loaded, load_sound_rubric
from zhunsheng.assembly.placing import placed
from zhunsheng.assembly.rejections import Rejected
from zhunsheng.kernel.problem import Problem, Severity
from zhunsheng.reports.completeness import UNKNOWN_ITEM
from zhunsheng.reports.narrative import UNKNOWN_REFERENCE
from zhunsheng.reports.self_evaluation import write_self_evaluation


def problems_in_use(loaded: LoadedCase) -> tuple[Problem, ...]:
    """Errors of points, codes and references, besides those that were found while reading."""
    try:
        evaluation, _ = evaluate_loaded(loaded)
        if loaded.case.about.project_rubric:
            load_sound_rubric(loaded.case.about.project_rubric)
    except Rejected as rejected:
        return rejected.problems
    wrong = {UNKNOWN_REFERENCE.code, UNKNOWN_ITEM.code}
    errors = [each for each in evaluation.problems if each.severity is Severity.ERROR]
    written = [each for each in write_self_evaluation(loaded.case, evaluation).problems if each.code in wrong]
    return (*errors, *placed(written, loaded.rows, evaluation))
