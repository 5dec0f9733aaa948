"""All rule modules, found by walking the package, so that nothing depends on the order of imports.

A module declares `CODE` and either `check(reading, rule)` for one document at a time or
`check_together(readings, rule)` for all documents given together.
"""

import pkgutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import TypeAlias

from zhunsheng.audit import rules
from zhunsheng.audit.finding import Check
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.rule import AuditRule

CheckOne: TypeAlias = Callable[[Reading, AuditRule], Iterator[Check]]
CheckTogether: TypeAlias = Callable[[Sequence[Reading], AuditRule], Iterator[Check]]


@dataclass(frozen=True, slots=True)
class RuleModule:
    """The code of a rule."""

    code: str
    subject: str
    check: CheckOne | None
    check_together: CheckTogether | None


@lru_cache(maxsize=1)
def rule_modules() -> dict[str, RuleModule]:
    """Every rule module by its code."""
    found: dict[str, RuleModule] = {}
    for folder in pkgutil.iter_modules(rules.__path__):
        package = import_module(f"{rules.__name__}.{folder.name}")
        for information in pkgutil.iter_modules(package.__path__):
            module = import_module(f"{package.__name__}.{information.name}")
            if hasattr(module, "CODE"):
                found[module.CODE] = RuleModule(
                    module.CODE,
                    folder.name,
                    getattr(module, "check", None),
                    getattr(module, "check_together", None),
                )
    return dict(sorted(found.items()))
