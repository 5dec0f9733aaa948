"""Reading a document: passages, headings, tables and numerals, ready for the rules."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, wraps
from typing import TypeVar, cast

from zhunsheng.audit.bounds import within_bounds
from zhunsheng.audit.document import BlockKind, Document
from zhunsheng.audit.outline import Heading, outline
from zhunsheng.audit.passages import Passage, build_passages
from zhunsheng.audit.quantities.numeral import Numeral, Role
from zhunsheng.audit.quantities.roles import role_in_cell, role_in_text
from zhunsheng.audit.quantities.scanning import Scanned, scan
from zhunsheng.audit.quantities.units import Dimension, dimension_of
from zhunsheng.audit.tables import TableView, continuing, view_table

_TITLE_WORDS = 60
_TITLE_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})年(?:度)?")


@dataclass(frozen=True)
class Reading:
    """A document as understood.

    Attributes:
        index: position among the documents audited together.
        passages: paragraphs and table cells in reading order.
        headings: numbered and styled headings.
        tables: one view per table of the document.
        numerals: every numeral in reading order; `numerals[n].number == n`.
    """

    index: int
    document: Document
    passages: tuple[Passage, ...]
    headings: tuple[Heading, ...]
    tables: tuple[TableView, ...]
    numerals: tuple[Numeral, ...]

    @cached_property
    def prose(self) -> tuple[Passage, ...]:
        """The passages that are running text."""
        return tuple(each for each in self.passages if each.cell is None)

    @cached_property
    def _by_passage(self) -> dict[int, tuple[Numeral, ...]]:
        found: dict[int, list[Numeral]] = {}
        for numeral in self.numerals:
            found.setdefault(numeral.passage, []).append(numeral)
        return {number: tuple(each) for number, each in found.items()}

    @cached_property
    def worked_out(self) -> dict[str, object]:
        """What relations worked out for this reading, by the name of the function (see `once`)."""
        return {}

    def numerals_in(self, passage: Passage | int) -> tuple[Numeral, ...]:
        """The numerals of a passage in order."""
        return self._by_passage.get(passage if isinstance(passage, int) else passage.number, ())

    def numeral_in_cell(self, table: int, row: int, column: int) -> Numeral | None:
        """The only quantity of a cell, or None when the cell holds none or several."""
        numbers = self.tables[table].numerals.get((row, column), ())
        found = [self.numerals[number] for number in numbers if self.numerals[number].quantity is not None]
        return found[0] if len(found) == 1 else None

    def passage_of(self, numeral: Numeral) -> Passage:
        """The passage a numeral stands in."""
        return self.passages[numeral.passage]

    def section_titles(self, passage: Passage) -> tuple[str, ...]:
        """The titles of the headings a passage stands under, outermost first."""
        return tuple(self.headings[index].title for index in passage.section)

    @cached_property
    def fiscal_year(self) -> int | None:
        """The year the document speaks of, from its first passages, else the year named most often."""
        for passage in self.prose[:6]:
            match = _TITLE_YEAR.search(passage.text)
            if match:
                return int(match[1])
        counted: dict[int, int] = {}
        for numeral in self.numerals:
            if numeral.year is not None:
                counted[numeral.year] = counted.get(numeral.year, 0) + 1
        return max(counted, key=lambda year: (counted[year], year)) if counted else None


_Result = TypeVar("_Result")


def once(function: Callable[[Reading], _Result]) -> Callable[[Reading], _Result]:
    """A function of a reading that is worked out once for each reading and shared by all rules."""
    name = f"{function.__module__}.{function.__qualname__}"

    @wraps(function)
    def remembered(reading: Reading) -> _Result:
        known = reading.worked_out
        if name not in known:
            known[name] = function(reading)
        return cast("_Result", known[name])

    return remembered


def read(document: Document, index: int = 0) -> Reading:
    """Understand a document."""
    document = within_bounds(document)
    headings, passages = outline(build_passages(document))
    tables = _table_views(document, passages)
    numerals: list[Numeral] = []
    in_cells: dict[int, dict[tuple[int, int], list[int]]] = {}
    for passage in passages:
        for one in scan(passage.text, passage.mark.length if passage.mark else 0):
            numeral = _numeral(document, passage, one, tables, len(numerals))
            numerals.append(numeral)
            if passage.cell is not None:
                address = (passage.cell.row, passage.cell.column)
                in_cells.setdefault(passage.cell.table, {}).setdefault(address, []).append(numeral.number)
    views = tuple(
        replace(
            view,
            numerals={key: tuple(each) for key, each in in_cells.get(view.table.index, {}).items()},
        )
        for view in tables
    )
    return Reading(index, document, passages, headings, views, tuple(numerals))


def read_all(documents: Sequence[Document]) -> tuple[Reading, ...]:
    """Understand several documents that are audited together."""
    return tuple(read(document, index) for index, document in enumerate(documents))


def _table_views(document: Document, passages: Sequence[Passage]) -> tuple[TableView, ...]:
    cells: dict[int, dict[tuple[int, int], Passage]] = {}
    above: dict[int, list[str]] = {}
    recent: list[str] = []
    for passage in passages:
        if passage.cell is None:
            recent = [*recent, passage.text][-3:]
            continue
        number = passage.cell.table
        if number not in cells:
            above[number] = recent
            recent = []
        cells.setdefault(number, {})[passage.cell.row, passage.cell.column] = passage
    views: list[TableView] = []
    for table in document.tables:
        words = above.get(table.index, [])
        view = view_table(
            table, cells.get(table.index, {}), " ".join(text for text in words if len(text) <= _TITLE_WORDS)
        )
        if views and not words:
            view = continuing(view, views[-1])
        views.append(view)
    return tuple(views)


def _numeral(
    document: Document, passage: Passage, one: Scanned, tables: Sequence[TableView], number: int
) -> Numeral:
    quantity = one.quantity
    inherited = False
    if passage.cell is None:
        role = role_in_text(passage.text, one)
    else:
        view = tables[passage.cell.table]
        in_header = passage.cell.row < view.header_rows
        alone = one.start == 0 and one.end >= len(passage.text)
        role = (
            role_in_cell(one, view.header(passage.cell.column), alone)
            if alone or len(passage.text) <= one.end - one.start + 8
            else role_in_text(passage.text, one)
        )
        if in_header and one.quantity is not None and not one.quantity.unit:
            role = Role.NUMBERING
        if (
            quantity is not None
            and not quantity.unit
            and quantity.multiplier == 1
            and alone
            and not in_header
        ):
            unit = view.unit_of(passage.cell.row, passage.cell.column)
            if unit is not None and role not in {Role.NUMBERING, Role.CODE, Role.SCORE, Role.FULL_SCORE}:
                quantity = replace(quantity, unit=unit.name, multiplier=unit.multiplier)
                inherited = True
            elif role in {Role.SCORE, Role.FULL_SCORE}:
                quantity, inherited = replace(quantity, unit="分"), True
        if quantity is not None and role is Role.LEVEL and dimension_of(quantity.unit) is Dimension.PERCENT:
            role = Role.RATE
    span = passage.span(one.start, one.end)
    return Numeral(
        number,
        passage.number,
        one.start,
        one.end,
        one.digits_end,
        span,
        passage.text[one.start : one.end],
        None if role in {Role.NUMBERING, Role.CODE} else quantity,
        role,
        one.bound,
        one.day,
        one.year,
        inherited,
        one.in_range,
        document.is_recognised(span),
    )


def is_statement(passage: Passage) -> bool:
    """Whether a passage is part of what the report says (not a caption or a foot note)."""
    return passage.kind not in {BlockKind.CAPTION, BlockKind.FOOTNOTE}
