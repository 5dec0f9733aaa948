"""What is refused before a workbook of records is parsed: as for a case, with the size of a year's records."""

from typing import Final

from zhunsheng.documents.workbook_guard import EXTERNAL_LINK, MACRO, TOO_LARGE, Limits, guard
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem, Severity

LARGEST_FILE: Final = 300_000_000
LIMITS: Final = Limits(
    # a million rows of thirty columns are about half of it
    whole=1_500_000_000,
    sheet=1_200_000_000,
    part=100_000_000,
    # sheets of a million equal rows shrink to a hundredth; nothing that people fill in shrinks much further
    ratio=400,
    ratio_from=10_000_000,
    looked_at=4_000_000,
)


def guard_ledger(data: bytes, name: str) -> tuple[Problem, ...]:
    """What forbids reading the bytes as a workbook of records, errors only where nothing can be read.

    Macros and links forbid nothing: only values are read.
    """
    if len(data) > LARGEST_FILE:
        what = f"文件有 {len(data) / 1e6:,.0f} MB，上限 {LARGEST_FILE / 1e6:,.0f} MB"
        return (TOO_LARGE.at(Place(name), what),)
    found = guard(data, name, LIMITS)
    return tuple(each for each in found if each.code not in {MACRO.code, EXTERNAL_LINK.code})


def is_refused(problems: tuple[Problem, ...]) -> bool:
    """Whether any problem forbids reading."""
    return any(each.severity is Severity.ERROR for each in problems)
