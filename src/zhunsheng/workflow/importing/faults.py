"""The faults of a checked file, kept so that any page of them is read without reading the others."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from zhunsheng.assembly.importing import fault_data
from zhunsheng.ledgers.field import Level
from zhunsheng.store.database.file_store import keep, path_of
from zhunsheng.store.intake.row_faults import RowFault

MOST = 100_000
"""Faults that are listed; more are only counted."""

_STRIDE = 200
_LARGEST = 1_000_000_000
LEVELS = (Level.REJECT, Level.QUARANTINE, Level.WARN)
"""In the order in which faults are kept."""


@dataclass(frozen=True, slots=True)
class KeptFaults:
    """Where the faults of a file are.

    Attributes:
        file: hash of a file with a fault in each line, the strictest first; "" without any.
        marks: where in the file every two hundredth line begins.
        counts: how many there are in it, by level.
    """

    file: str = ""
    marks: tuple[int, ...] = ()
    counts: tuple[int, int, int] = (0, 0, 0)

    def as_data(self) -> dict[str, Any]:
        """As plain data."""
        return {"file": self.file, "marks": list(self.marks), "counts": list(self.counts)}

    @classmethod
    def of(cls, data: dict[str, Any]) -> "KeptFaults":
        """From plain data."""
        first, second, third = data["counts"]
        return cls(data["file"], tuple(data["marks"]), (first, second, third))

    def number(self, level: Level | None) -> int:
        """How many there are of a level, or of all."""
        return sum(self.counts) if level is None else self.counts[LEVELS.index(level)]

    def read(self, level: Level | None, skipped: int, most: int) -> list[dict[str, Any]]:
        """Some of them.

        Args:
            level: only these.
            skipped: leave out so many at the beginning.
            most: at most so many.
        """
        if not self.file:
            return []
        begin = skipped + (0 if level is None else sum(self.counts[: LEVELS.index(level)]))
        wanted = max(min(most, self.number(level) - skipped), 0)
        found: list[dict[str, Any]] = []
        with path_of(self.file).open("rb") as stream:
            stream.seek(self.marks[begin // _STRIDE] if wanted else 0)
            for place, line in enumerate(stream, begin // _STRIDE * _STRIDE):
                if len(found) >= wanted:
                    break
                if place >= begin:
                    found.append(json.loads(line))
        return found


def keep_faults(faults: Iterable[RowFault]) -> KeptFaults:
    """Keep faults, the strictest first."""
    marks: list[int] = []
    counts = dict.fromkeys(LEVELS, 0)

    def lines() -> Iterator[bytes]:
        position = 0
        for place, each in enumerate(faults):
            counts[each.level] += 1
            line = json.dumps(_data(each), ensure_ascii=False).encode("utf-8", "replace") + b"\n"
            if place % _STRIDE == 0:
                marks.append(position)
            position += len(line)
            yield line

    file = keep(lines(), _LARGEST)
    found = tuple(counts[each] for each in LEVELS)
    if not any(found):
        return KeptFaults()
    return KeptFaults(file.sha256, tuple(marks), (found[0], found[1], found[2]))


def _data(fault: RowFault) -> dict[str, Any]:
    return {**fault_data(fault), "fields": _fields_of(fault.problem.place.field)}


def _fields_of(words: str | None) -> Sequence[str]:
    return words.split("、") if words else ()
