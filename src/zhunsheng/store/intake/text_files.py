"""Files of separated values and of JSON lines: no row is lost, whatever the quotes and the number of cells."""

import codecs
import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, Final

import duckdb

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem
from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.store.intake import kinds
from zhunsheng.store.intake.encoding import TextFile, look_at
from zhunsheng.store.intake.headings import LOOKED_AT, header_row
from zhunsheng.store.intake.staging import (
    LONGEST_CELL,
    Line,
    Part,
    Staged,
    StagingArea,
    first_lines,
    staged_texts,
    too_wide,
)
from zhunsheng.store.records.physical import literal

_SEPARATORS: Final = (",", "\t", ";", "，", "|")
_QUOTED: Final = re.compile(r'"[^"]*"')
_MOST_LINES_IN_A_CELL: Final = 50
_SAMPLE: Final = 64_000
_LONGEST_LINE: Final = 4_000_000


def stage_csv(path: Path, ledger: LedgerDefinition, area: StagingArea) -> Staged:
    """Stage a file of separated values.

    Raises:
        OSError: it cannot be read or staged.
    """
    file = look_at(path)
    whole = Place(path.name)
    sample = _sample(path, file)
    # signs inside the cells may outnumber those between them: the header of the ledger decides
    for separator in separators_of(sample):
        looked, _ = first_lines(_csv_lines(path, file, separator), LOOKED_AT)
        header = header_row(ledger, [[str(each) for each in cells] for _, _, cells in looked])
        if header is not None:
            break
    else:
        return Staged(path.name, file.sha256, (), (kinds.NO_HEADER.at(whole, f"“{path.name}”没有表头"),))
    line, _, cells = looked[header]
    headings = tuple(str(each).strip() for each in cells)
    while headings and not headings[-1]:
        headings = headings[:-1]
    wide = too_wide(path.name, len(headings))
    if wide is not None:
        return Staged(path.name, file.sha256, (), (wide,))
    problems = list(_encoding_problems(path.name, file))
    key = f"{file.sha256[:32]}-{line}-{len(headings)}"
    target = area.path(key)
    if not target.exists():
        rows = _direct(path, file, separator, len(headings), header, line, area, target)
        if rows is None:
            lines = _csv_lines(path, file, separator)
            for _ in range(header + 1):
                next(lines)
            area.write(key, headings, lines)
    part = Part(target, "", headings, line, row_count(target))
    if part.rows != file.lines - line:
        problems += _torn(path.name, part)
    return Staged(path.name, file.sha256, (part,), tuple(problems))


def stage_json_lines(path: Path, area: StagingArea) -> Staged:
    """Stage a file with one JSON object in each line; their names are the headings.

    Raises:
        OSError: it cannot be read or staged.
    """
    file = look_at(path)
    names: dict[str, int] = {}
    for _, _, found in _json_lines(path, file):
        for name in found:
            names.setdefault(name, len(names))
    wide = too_wide(path.name, len(names))
    if wide is not None:
        return Staged(path.name, file.sha256, (), (wide,))
    if not names:
        return Staged(
            path.name, file.sha256, (), (kinds.NO_HEADER.at(Place(path.name), "没有一行是 JSON 对象"),)
        )
    key = f"{file.sha256[:32]}-json-{len(names)}"
    if not area.path(key).exists():
        area.write(key, tuple(names), _json_cells(path, file, tuple(names)))
    part = Part(area.path(key), "", tuple(names), 0, row_count(area.path(key)))
    return Staged(path.name, file.sha256, (part,), _encoding_problems(path.name, file))


def separators_of(sample: str) -> tuple[str, ...]:
    r"""The separators, the one that most lines have equally often first.

    >>> separators_of("编号;金额\n甲;1,5\n乙;2,5")[:2]
    (';', ',')
    """
    lines = [line for line in _QUOTED.sub("", sample).splitlines()[:100] if line.strip()]
    scores = {}
    for separator in _SEPARATORS:
        counts = [line.count(separator) for line in lines]
        usual = max(set(counts), key=lambda each: (counts.count(each) if each else 0, each), default=0)
        # a sign inside the cells is rarely in as many lines as the one between them
        scores[separator] = counts.count(usual) ** 2 * usual if usual else 0
    return tuple(sorted(_SEPARATORS, key=lambda each: -scores[each]))


def row_count(path: Path) -> int:
    """Rows of a staged part."""
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT count(*) FROM read_parquet({literal(str(path))})").fetchone()
    return int(found[0]) if found else 0


def _sample(path: Path, file: TextFile) -> str:
    with path.open("rb") as stream:
        stream.seek(file.skip)
        return codecs.getincrementaldecoder(file.encoding)("replace").decode(stream.read(_SAMPLE))


def _encoding_problems(name: str, file: TextFile) -> tuple[Problem, ...]:
    if file.is_exact:
        return ()
    return (kinds.ENCODING.at(Place(name), f"“{name}”按 {file.encoding} 读取，有的字节不能识别"),)


def _csv_lines(path: Path, file: TextFile, separator: str) -> Iterator[Line]:
    """Every record with the line it begins in; the way that never fails."""
    limit = csv.field_size_limit(2**31 - 1)
    try:
        with path.open("rb") as raw:
            rows = csv.reader(_text_lines(raw, file), delimiter=separator)
            begin = 1
            for row in rows:
                if row:
                    yield begin, None, row
                begin = rows.line_num + 1
    finally:
        csv.field_size_limit(limit)


def _text_lines(raw: BinaryIO, file: TextFile) -> Iterator[str]:
    """Lines with their ends as they are, without NUL."""
    raw.seek(file.skip)
    # only real line ends part lines, not the other characters that Python counts among them
    with io.TextIOWrapper(raw, encoding=file.encoding, errors="replace", newline="") as stream:
        for line in stream:
            yield line.replace("\0", "") if file.has_nul else line


def _direct(
    path: Path,
    file: TextFile,
    separator: str,
    width: int,
    header: int,
    header_line: int,
    area: StagingArea,
    target: Path,
) -> int | None:
    """Stage by the engine's own reader; None when the file is not regular enough to be sure of every row."""
    if file.encoding != "utf-8" or not file.is_exact or file.has_nul or separator not in ",;\t|":
        return None
    if header_line != header + 1:
        return None
    columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(width))
    source = (
        f"read_csv({literal(str(path))}, header = false, skip = {header_line}, delim = '{separator}', quote = '\"',"
        f" escape = '\"', auto_detect = false, strict_mode = true, null_padding = false, columns = {{{columns}}},"
        f" max_line_size = {_LONGEST_LINE})"
    )
    select = (
        "SELECT CAST(NULL AS BIGINT) AS _line,"
        f" CAST(NULL AS VARCHAR) AS _broken, {staged_texts([f'c{place}' for place in range(width)])} FROM {source}"
    )
    try:
        rows = area.copy(select, target)
    except duckdb.Error:
        return None
    # a quoted line end, an empty line: the rows are not the lines, so lines must be counted one by one
    if rows != file.lines - header_line:
        target.unlink(missing_ok=True)
        return None
    return rows


def _torn(name: str, part: Part) -> list[Problem]:
    """A cell with very many lines is most often a quote without its pair."""
    width = len(part.headings)
    cells = ", ".join(
        f"coalesce(length(c{place}) - length(replace(c{place}, chr(10), '')), 0)" for place in range(width)
    )
    with duckdb.connect() as connection:
        found = connection.execute(
            f"SELECT _line, greatest({cells}) FROM {part.relation}"
            f" WHERE greatest({cells}) > {_MOST_LINES_IN_A_CELL} ORDER BY _row LIMIT 5"
        ).fetchall()
    return [
        kinds.OPEN_QUOTE.at(Place(name, line=int(line)), f"第 {line} 行起有一格含 {int(count) + 1} 行文字")
        for line, count in found
    ]


def _json_lines(path: Path, file: TextFile) -> Iterator[tuple[int, str | None, dict[str, Any]]]:
    with path.open("rb") as raw:
        for number, line in enumerate(_text_lines(raw, file), start=1):
            if not line.strip():
                continue
            try:
                found = json.loads(line, parse_float=Decimal, parse_constant=str)
            except (ValueError, RecursionError):
                yield number, f"不是有效的 JSON：{line.strip()[:60]}", {}
                continue
            if isinstance(found, dict):
                yield number, None, found
            else:
                yield number, f"应为 JSON 对象：{line.strip()[:60]}", {}


def _json_cells(path: Path, file: TextFile, names: Sequence[str]) -> Iterator[Line]:
    for number, broken, found in _json_lines(path, file):
        yield number, broken, [json_text(found.get(name)) for name in names]


def json_text(value: Any) -> object:  # noqa: ANN401 - any JSON value
    """A JSON value as the value of a cell: arrays and objects as JSON, everything else as it is."""
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)[:LONGEST_CELL]
    return value
