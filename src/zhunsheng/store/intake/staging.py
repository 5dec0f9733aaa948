"""A source as texts in a file of our own: every row, in its order, with its line; kept until it is imported.

The staged file is named by the hash of what it was made from, so an import that was killed finds it again.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import duckdb

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem
from zhunsheng.ledgers.value_texts import typed_text
from zhunsheng.store.intake import kinds
from zhunsheng.store.intake.typed_rows import plain_writer, read_csv
from zhunsheng.store.records.physical import literal

MOST_COLUMNS: Final = 500
MOST_ROWS: Final = 50_000_000
LONGEST_CELL: Final = 1_000_000
MOST_TRIMMED: Final = 60
"""Columns of which it is kept whether a cell had outer blanks."""

Report = Callable[[str, int, int], None]
"""Is told what is being done, how much of it is done, and how much there is (0 when that is not known)."""


class Table(Protocol):
    """One table of a source, read once from its beginning.

    Attributes:
        name: of the worksheet, "" where there are no sheets.
        first_line: line or row number of its first row.
        rows: its rows; values of a spreadsheet or texts.
    """

    @property
    def name(self) -> str:
        """Of the worksheet."""

    @property
    def first_line(self) -> int:
        """Row number of the first row."""

    @property
    def rows(self) -> Iterable[Sequence[object]]:
        """Rows, as often as they are asked for."""


@dataclass(frozen=True, slots=True)
class Part:
    """A staged table.

    Attributes:
        path: Parquet file in the order of the source with `_line` (NULL where the rows follow the headings line by
            line), `_broken` (what is wrong with the row as such, or NULL), `_trimmed` (bits of columns whose cell
            had outer blanks) and `c0`, `c1` ... as texts.
        name: of the worksheet, or "".
        header_line: line or row number of the headings, 0 where there is no such line.
        rows: rows that are not empty.
    """

    path: Path
    name: str
    headings: tuple[str, ...]
    header_line: int
    rows: int

    @property
    def relation(self) -> str:
        """The SQL of its rows, `_row` (1..n) and `_line` among the columns.

        Numbers come from the places of the rows in the file: to count them would keep the engine on one core.
        """
        cells = "".join(f", c{place}" for place in range(len(self.headings)))
        return (
            f"(SELECT file_row_number + 1 AS _row, coalesce(_line, file_row_number + 1 + {self.header_line}) AS _line,"
            f" _broken, _trimmed{cells} FROM read_parquet({literal(str(self.path))}, file_row_number = true))"
        )


@dataclass(frozen=True, slots=True)
class Staged:
    """A staged source.

    Attributes:
        name: how the source is called in messages.
        sha256: of the file, or of everything a query gave.
        parts: the tables that are to be imported.
        problems: what was noticed about the file as a whole.
    """

    name: str
    sha256: str
    parts: tuple[Part, ...]
    problems: tuple[Problem, ...] = ()


Line = tuple[int, str | None, Sequence[object]]
"""Line number, what is wrong with the line as such or None, and its cells."""


class StagingArea:
    """A directory with staged sources."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def path(self, key: str) -> Path:
        """Where a part with this key is or will be."""
        return self.directory / f"{key}.parquet"

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """A directory of one's own that is gone afterwards."""
        self.directory.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix="work-", dir=self.directory))
        try:
            yield made
        finally:
            shutil.rmtree(made, ignore_errors=True)

    def drop(self, staged: Staged) -> None:
        """Delete what was staged for a source; it is imported."""
        for part in staged.parts:
            part.path.unlink(missing_ok=True)

    def write(self, key: str, headings: Sequence[str], lines: Iterable[Line]) -> tuple[Path, int]:
        """Stage rows by way of a plain file; give where they are and how many."""
        target = self.path(key)
        width = len(headings)
        self.directory.mkdir(parents=True, exist_ok=True)
        # the process number keeps two imports of one file apart
        plain = target.with_suffix(f".{os.getpid()}.csv")
        try:
            rows = 0
            with plain.open("w", encoding="utf-8", errors="replace", newline="") as stream:
                writer = plain_writer(stream)
                for line, broken, cells in lines:
                    texts = _fitted(cells, width)
                    if broken is None and not "".join(texts).strip():
                        continue
                    rows += 1
                    writer.writerow((line, broken or _extra(texts[width:]), *texts[:width]))
            columns = {"_line": "BIGINT", "_broken": "VARCHAR"} | {
                f"c{place}": "VARCHAR" for place in range(width)
            }
            self._convert(plain, target, columns)
        finally:
            plain.unlink(missing_ok=True)
        return target, rows

    def _convert(self, plain: Path, target: Path, columns: dict[str, str]) -> None:
        names = [name for name in columns if name[0] == "c"]
        own = "_line, nullif(_broken, '') AS _broken"
        self.copy(f"SELECT {own}, {staged_texts(names)} FROM {read_csv(plain, columns)}", target)

    def copy(self, select: str, target: Path) -> int:
        """Stage the result of a query; it appears whole or not at all. Gives the number of rows."""
        self.directory.mkdir(parents=True, exist_ok=True)
        begun = target.with_suffix(f".{os.getpid()}.part")
        try:
            with duckdb.connect() as connection:
                connection.execute("SET threads = 2; SET memory_limit = '1GB'")
                connection.execute("SET enable_progress_bar = false")
                connection.execute(f"SET temp_directory = {literal(f'{begun}.spill')}")
                found = connection.execute(
                    f"COPY ({select}) TO {literal(str(begun))} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"
                ).fetchone()
            begun.replace(target)
        finally:
            begun.unlink(missing_ok=True)
            shutil.rmtree(f"{begun}.spill", ignore_errors=True)
        return int(found[0]) if found else 0


def staged_texts(columns: Sequence[str]) -> str:
    """The SQL of the texts of a staged part: without outer blanks, NULL when empty, and which had outer blanks."""
    bits = " + ".join(
        f"CASE WHEN {name} <> trim({name}) THEN {1 << place} ELSE 0 END"
        for place, name in enumerate(columns[:MOST_TRIMMED])
    )
    texts = "".join(f", nullif(trim({name}), '') AS c{place}" for place, name in enumerate(columns))
    return f"CAST(coalesce({bits or '0'}, 0) AS BIGINT) AS _trimmed{texts}"


def _extra(beyond: Sequence[str]) -> str:
    """What is wrong with a row that has cells beyond the headings; "" when they are empty."""
    extra = [each for each in beyond if each.strip()]
    return f"多出 {len(extra)} 个单元格：{'、'.join(extra)[:60]}" if extra else ""


def _fitted(cells: Sequence[object], width: int) -> list[str]:
    texts = [each if isinstance(each, str) else typed_text(each) for each in cells]
    if max(map(len, texts), default=0) > LONGEST_CELL:
        texts = [each if len(each) <= LONGEST_CELL else f"{each[:LONGEST_CELL]}…" for each in texts]
    missing = width - len(texts)
    return texts + [""] * missing if missing > 0 else texts


def first_lines(lines: Iterable[Line], most: int) -> tuple[list[Line], Iterator[Line]]:
    """The first lines, to look at, and all lines, to read."""
    source = iter(lines)
    looked: list[Line] = []
    for line in source:
        looked.append(line)
        if len(looked) >= most:
            break

    def everything() -> Iterator[Line]:
        yield from looked
        yield from source

    return looked, everything()


def too_wide(name: str, width: int) -> Problem | None:
    """The problem of a table with more columns than any ledger."""
    if width <= MOST_COLUMNS:
        return None
    return kinds.TOO_LARGE.at(Place(name), f"有 {width:,} 列，上限 {MOST_COLUMNS} 列")
