"""All rule modules, found by walking the package, so that nothing depends on the order of imports."""

import pkgutil
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib import import_module
from typing import TypeAlias

from zhunsheng.scores.review import rules
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.year import ReviewedYear

Check: TypeAlias = Callable[[ReviewedYear, ReviewRule], Iterator[Finding]]


@lru_cache(maxsize=1)
def checks() -> dict[str, Check]:
    """The check of each rule by its code."""
    found: dict[str, Check] = {}
    for module_info in pkgutil.iter_modules(rules.__path__):
        module = import_module(f"{rules.__name__}.{module_info.name}")
        found[module.CODE] = module.check
    return dict(sorted(found.items()))
