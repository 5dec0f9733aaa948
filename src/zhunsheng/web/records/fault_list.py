"""The faults of a checked file as the page shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page

from zhunsheng.ledgers.field import Level
from zhunsheng.workflow.importing.faults import LEVELS, KeptFaults


@dataclass(frozen=True, slots=True)
class FaultLine:
    """A fault: where, what stands there, what is wrong, what to do."""

    level: Level
    where: str
    headings: str
    value: str
    what: str
    why: str
    remedy: str


@dataclass(frozen=True, slots=True)
class FaultList:
    """A page of faults.

    Attributes:
        levels: with how many there are of each in all.
        listed: how many are listed, of the chosen level.
        total: how many there are, those that are only counted among them.
    """

    lines: tuple[FaultLine, ...]
    page: Page[int]
    level: Level | None
    levels: tuple[tuple[Level, int], ...]
    listed: int
    total: int

    @property
    def query(self) -> str:
        """The part of the address that keeps the choice."""
        return f"level={self.level.value}" if self.level else ""


def shown_faults(
    found: Sequence[dict[str, Any]],
    page: Page[int],
    level: Level | None,
    kept: KeptFaults,
    total: int,
    counts: Sequence[dict[str, Any]],
) -> FaultList:
    """Faults for the page.

    Args:
        counts: how many there are by level and code.
    """
    by_level = {each: sum(one["count"] for one in counts if one["level"] == each.value) for each in LEVELS}
    levels = tuple((each, count) for each, count in by_level.items() if count)
    return FaultList(tuple(map(_line, found)), page, level, levels, kept.number(level), total)


def _line(data: dict[str, Any]) -> FaultLine:
    place = data.get("place") or {}
    where = place.get("cell") or ""
    if place.get("sheet"):
        where = f"{place['sheet']} {where or data['row']}"
    return FaultLine(
        Level(data["level"]),
        where or str(data["row"]),
        "、".join(data["headings"]),
        data.get("value") or "",
        data["what"],
        data["why"],
        data["remedy"],
    )
