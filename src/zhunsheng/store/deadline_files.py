"""The register of deadlines of the package, one file for each rule."""

from functools import lru_cache

from zhunsheng.kernel.problem import Problem
from zhunsheng.ledgers.deadline_reading import read_deadline_rule
from zhunsheng.ledgers.deadline_rules import DeadlineRegister
from zhunsheng.store.definition_files import load_each


@lru_cache(maxsize=1)
def load_deadlines() -> tuple[DeadlineRegister, tuple[Problem, ...]]:
    """All rules, and what is wrong with their files; a rule with an error is left out."""
    rules, problems = load_each("deadlines", read_deadline_rule)
    return DeadlineRegister({each.code: each for each in rules}), problems
