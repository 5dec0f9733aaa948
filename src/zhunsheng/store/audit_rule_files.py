"""The audit rules of the package, one file each."""

from functools import lru_cache

from zhunsheng.audit.rule import AuditRule, read_audit_rule
from zhunsheng.kernel.problem import Problem
from zhunsheng.store.definition_files import load_each


@lru_cache(maxsize=1)
def load_audit_rules() -> tuple[tuple[AuditRule, ...], tuple[Problem, ...]]:
    """All audit rules in the order of their codes, and what is wrong with their files."""
    return load_each("audit_rules", read_audit_rule)
