"""The audit rules of the package, one file each."""

from functools import lru_cache

from zhunsheng.audit.rule import AuditRule, read_audit_rule
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem
from zhunsheng.store.definition_files import NAME_DIFFERS, definitions_directory
from zhunsheng.store.yaml_files import read_yaml


@lru_cache(maxsize=1)
def load_audit_rules() -> tuple[tuple[AuditRule, ...], tuple[Problem, ...]]:
    """All audit rules in the order of their codes, and what is wrong with their files."""
    rules: list[AuditRule] = []
    problems: list[Problem] = []
    for path in sorted((definitions_directory() / "audit_rules").glob("*.yaml")):
        node, found = read_yaml(path, f"audit_rules/{path.name}")
        problems.extend(found)
        if node is None:
            continue
        rule, found = read_audit_rule(node)
        problems.extend(found)
        if rule is not None:
            rules.append(rule)
            if rule.code != path.stem:
                problems.append(NAME_DIFFERS.at(Place(path.name), f"文件名与编码“{rule.code}”不同"))
    return tuple(rules), tuple(problems)
