"""A stored year as it stands now, evaluated for its report."""

from dataclasses import dataclass

from zhunsheng.assembly.evaluating import evaluate_case
from zhunsheng.plans.case import Case
from zhunsheng.scores.evaluation import Evaluation
from zhunsheng.store.database.case_content import case_of
from zhunsheng.store.database.models import StoredCase


@dataclass(frozen=True, slots=True)
class EvaluatedYear:
    """The content of a year with its evaluation by its own rubric."""

    case: Case
    evaluation: Evaluation


def evaluated_year(stored: StoredCase) -> EvaluatedYear:
    """Evaluate the rows as they are.

    Raises:
        Rejected: the rubric of the year cannot be used.
    """
    case = case_of(stored)
    return EvaluatedYear(case, evaluate_case(case))
