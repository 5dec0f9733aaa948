"""The code lists of the package, one file each."""

from collections.abc import Mapping
from functools import lru_cache

from zhunsheng.kernel.problem import Problem
from zhunsheng.ledgers.code_list import CodeList, read_code_list
from zhunsheng.store.definition_files import load_each


@lru_cache(maxsize=1)
def load_code_lists() -> tuple[tuple[CodeList, ...], tuple[Problem, ...]]:
    """All code lists in the order of their codes, and what is wrong with their files."""
    return load_each("code_lists", read_code_list)


def code_list_of(code: str) -> CodeList | None:
    """A code list by its code, or None when there is none or its file has an error."""
    return next((each for each in load_code_lists()[0] if each.code == code), None)


def binding_code_lists() -> dict[str, Mapping[str, str]]:
    """The codes and labels of the complete lists, by the code of the list: a value must be one of them."""
    return {each.code: each.codes for each in load_code_lists()[0] if each.complete}
