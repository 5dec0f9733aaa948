"""Partial states on disk: one blob for a measure over a file of records. The cache may be deleted at any time."""

import json
import sqlite3
import struct
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

import numpy as np
from pyroaring import BitMap

from zhunsheng.measures.states import Additive, Different, State

_FORMAT = 1
_NAME = f"states-{_FORMAT}.sqlite"
_ADDITIVE, _DIFFERENT = b"A", b"D"
_WAIT_SECONDS = 10
_AT_ONCE = 500


class StateCache:
    """States by measure and file.

    A state is named by the hash of what its measure counts and by the hash of the visible rows of its file, so a
    stale one is never found; it is only never asked for again.
    """

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(directory / _NAME, timeout=_WAIT_SECONDS, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=WAL")
        # a cache that loses its last lines in a crash is only a little slower
        self._connection.execute("PRAGMA synchronous=OFF")
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS state (measure TEXT, rows TEXT, content BLOB, PRIMARY KEY (measure, rows))"
            " WITHOUT ROWID"
        )
        self._connection.execute("CREATE TABLE IF NOT EXISTS result (name TEXT PRIMARY KEY, content TEXT)")

    @classmethod
    def beside(cls, directory: Path) -> "StateCache | None":
        """The cache of a store; made anew when it is damaged, None where nothing may be written."""
        try:
            return cls(directory)
        except (sqlite3.OperationalError, OSError):
            return None
        except sqlite3.DatabaseError:
            for each in directory.glob(f"{_NAME}*"):
                each.unlink(missing_ok=True)
            return cls(directory)

    def states(self, measure: str, rows: Iterable[str]) -> dict[str, State]:
        """The states there are of a measure over the named rows."""
        wanted = list(rows)
        found: dict[str, State] = {}
        for start in range(0, len(wanted), _AT_ONCE):
            part = wanted[start : start + _AT_ONCE]
            marks = ",".join("?" * len(part))
            for name, content in self._connection.execute(
                f"SELECT rows, content FROM state WHERE measure = ? AND rows IN ({marks})", (measure, *part)
            ):
                # a state that cannot be read is one that is not there
                with suppress(ValueError, struct.error):
                    found[name] = unpacked(content)
        return found

    def names(self, measure: str, rows: Iterable[str]) -> set[str]:
        """For which of the named rows there is a state of a measure."""
        found = self._connection.execute("SELECT rows FROM state WHERE measure = ?", (measure,))
        return {name for (name,) in found} & set(rows)

    def keep(self, states: Mapping[tuple[str, str], State]) -> None:
        """Keep states by measure and rows."""
        lines = [(measure, rows, packed(state)) for (measure, rows), state in states.items()]
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany("INSERT OR REPLACE INTO state VALUES (?, ?, ?)", lines)
        self._connection.execute("COMMIT")

    def result(self, name: str) -> object | None:
        """A kept result by the hash of everything it came from, or None."""
        line = self._connection.execute("SELECT content FROM result WHERE name = ?", (name,)).fetchone()
        return None if line is None else json.loads(line[0])

    def keep_result(self, name: str, content: object) -> None:
        """Keep a result."""
        self._connection.execute(
            "INSERT OR REPLACE INTO result VALUES (?, ?)", (name, json.dumps(content, ensure_ascii=False))
        )

    def forget(self) -> None:
        """Delete everything."""
        self._connection.execute("DELETE FROM state")
        self._connection.execute("DELETE FROM result")
        self._connection.execute("VACUUM")

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def packed(state: State) -> bytes:
    """A state as bytes."""
    if isinstance(state, Additive):
        arrays = (state.cells, state.values, state.numbers, state.everything)
        return _ADDITIVE + struct.pack("<Q", state.cells.size) + b"".join(each.tobytes() for each in arrays)
    parts = [_DIFFERENT, struct.pack("<Q", len(state.bitmaps))]
    for cell, bitmap in state.bitmaps.items():
        content = bitmap.serialize()
        parts += [struct.pack("<qQ", cell, len(content)), content]
    return b"".join(parts)


def unpacked(content: bytes) -> State:
    """A state from its bytes.

    Raises:
        ValueError: they are not those of a state.
    """
    kind, (count,) = content[:1], struct.unpack_from("<Q", content, 1)
    if kind == _ADDITIVE:
        arrays = np.frombuffer(content, dtype=np.int64, offset=9)
        if arrays.size != 4 * count:
            raise ValueError("a state is cut short")
        return Additive(*(arrays[each * count : (each + 1) * count] for each in range(4)))
    if kind != _DIFFERENT:
        raise ValueError("not a state")
    bitmaps, position = {}, 9
    for _ in range(count):
        cell, length = struct.unpack_from("<qQ", content, position)
        position += 16
        bitmaps[cell] = BitMap.deserialize(content[position : position + length])
        position += length
    return Different(bitmaps)
