"""The review rules of the package, one file each."""

from functools import lru_cache

from zhunsheng.kernel.problem import Problem
from zhunsheng.scores.review.rule import ReviewRule, read_review_rule
from zhunsheng.store.definition_files import load_each


@lru_cache(maxsize=1)
def load_review_rules() -> tuple[tuple[ReviewRule, ...], tuple[Problem, ...]]:
    """All review rules in the order of their codes, and what is wrong with their files."""
    return load_each("review_rules", read_review_rule)
