"""Problems of an action beside the fields they are about."""

from collections.abc import Iterable

from zhunsheng.kernel.problem import Problem


def by_field(problems: Iterable[Problem]) -> dict[str, list[Problem]]:
    """Problems by the name of their field."""
    found: dict[str, list[Problem]] = {}
    for each in problems:
        found.setdefault(each.place.field or "", []).append(each)
    return found
