"""Tables of values with separators (.csv, .tsv): one table, or several parted by empty lines."""

import csv
import io
import re
from collections.abc import Iterator
from typing import Final

from zhunsheng.audit.document import Document
from zhunsheng.documents.reading.composing import Composer
from zhunsheng.documents.reading.decoding import decode
from zhunsheng.documents.reading.kinds import CUT_OFF, DAMAGED, NO_TEXT, UNPAIRED
from zhunsheng.documents.reading.sheet_cells import MOST_CELLS, Sheet, SheetCell, compose
from zhunsheng.kernel.hashing import sha256_of
from zhunsheng.kernel.place import Place

_SEPARATORS: Final = ",\t;|，"
_SAMPLE: Final = 20_000
_QUOTED: Final = re.compile(r'"[^"]*"')
_LONGEST_FIELD: Final = 1_000_000
_MOST_LINES: Final = 30


def read_csv(data: bytes, name: str) -> Document:
    """Read a file of separated values; what cannot be read is a problem of the document."""
    whole = Place(name)
    decoded = decode(data, name)
    problems = list(decoded.problems)
    sheet = Sheet()
    unread = 0
    composer = Composer()
    limit = csv.field_size_limit(_LONGEST_FIELD)
    try:
        for cell in _cells(decoded.text.replace("\0", "")):
            if len(sheet.cells) < MOST_CELLS:
                sheet.cells.append(cell)
            else:
                unread += 1
    except csv.Error:
        problems.append(
            DAMAGED.at(whole, f"“{name}”的第 {sheet.cells[-1].row + 2 if sheet.cells else 1} 行无法拆分")
        )
    finally:
        csv.field_size_limit(limit)
    compose(composer, sheet)
    torn = next((cell for cell in sheet.cells if cell.text.count("\n") > _MOST_LINES), None)
    if torn is not None:
        what = f"第 {torn.row + 1} 行有一格含 {torn.text.count(chr(10)) + 1} 行文字"
        problems.append(UNPAIRED.at(whole, what))
    if unread:
        problems.append(CUT_OFF.at(whole, f"读取了 {MOST_CELLS:,} 个单元格，还有 {unread:,} 个没有读取"))
    if not composer.blocks and not decoded.failed:
        problems.append(NO_TEXT.at(whole, f"“{name}”中没有可读的文字"))
    return Document(
        name,
        "csv",
        sha256_of(data),
        composer.text,
        tuple(composer.blocks),
        tuple(composer.tables),
        problems=tuple(problems),
        properties={"encoding": decoded.encoding} if decoded.encoding else {},
    )


def separator_of(text: str) -> str:
    r"""The separator that most lines have equally often.

    >>> separator_of("项目;金额\n甲;1,5\n乙;2,5")
    ';'
    """
    lines = [line for line in _QUOTED.sub("", text[:_SAMPLE]).splitlines()[:200] if line.strip()]
    best, most = ",", 0
    for separator in _SEPARATORS:
        counts = [line.count(separator) for line in lines]
        usual = max(set(counts), key=lambda each: (counts.count(each) if each else 0, each), default=0)
        score = counts.count(usual) * (2 if separator in lines[:1][0] else 1) if usual and lines else 0
        if score > most:
            best, most = separator, score
    return best


def _cells(text: str) -> Iterator[SheetCell]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text), skipinitialspace=False)
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            shown = value.replace("\r\n", "\n").replace("\t", " ").rstrip()
            if shown.strip():
                yield SheetCell(number, column, shown)
