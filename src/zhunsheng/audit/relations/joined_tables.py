"""Tables that continue over pages, seen as one, with the things each column lists."""

import re
from dataclasses import dataclass
from functools import cached_property

from zhunsheng.audit.reading import Reading, once
from zhunsheng.audit.tables import TableView

_NOT_A_THING = re.compile(r"^(?:合计|总计|小计|总分|备注|注：|说明|填表|单位[：:]|—+|-+|/)")


@dataclass(frozen=True)
class JoinedTable:
    """One table, or several that follow each other without words between.

    Attributes:
        views: its pieces in order.
        introduced_by: indices of the prose passages right before it, nearest last.
    """

    views: tuple[TableView, ...]
    introduced_by: tuple[int, ...]

    @cached_property
    def header(self) -> dict[int, str]:
        """The words of the first row of each column."""
        view = self.views[0]
        rows = max(1, min(view.header_rows, 2))
        return {
            column: "".join(
                dict.fromkeys(view.texts.get((row, column), "") for row in range(rows if _flat(view) else 1))
            )
            for column in range(view.table.columns)
        }

    @cached_property
    def rows(self) -> tuple[tuple[TableView, int], ...]:
        """The rows of the body, repeated headers left out."""
        found = []
        for index, view in enumerate(self.views):
            for row in range(view.table.rows):
                texts = {column: view.texts.get((row, column), "") for column in range(view.table.columns)}
                is_header = all(
                    not text or text in self.header.get(column, "") for column, text in texts.items()
                ) and any(texts.values())
                if is_header or (index == 0 and row == 0):
                    continue
                found.append((view, row))
        return tuple(found)

    def things(self, column: int) -> list[tuple[TableView, int]]:
        """The rows in which a column names something of its own."""
        return [
            (view, row)
            for view, row in self.rows
            if (row, column) in view.passages and not _NOT_A_THING.match(view.texts[row, column])
        ]

    def groups(self, column: int) -> list[tuple[str, list[tuple[TableView, int]]]]:
        """The rows under each text of a column: a text, and its row with the rows after it up to the next."""
        found: list[tuple[str, list[tuple[TableView, int]]]] = []
        for view, row in self.rows:
            if (row, column) in view.passages:
                found.append((view.texts[row, column], []))
            if found:
                found[-1][1].append((view, row))
        return found


def _flat(view: TableView) -> bool:
    return any(cell.row == 0 and cell.column_span > 1 for cell in view.table.cells)


@once
def joined_tables(reading: Reading) -> list[JoinedTable]:
    """All tables, those that continue each other joined."""
    found: list[tuple[list[TableView], tuple[int, ...]]] = []
    before: list[int] = []
    seen: set[int] = set()
    prose_since = True
    for passage in reading.passages:
        if passage.cell is None:
            before.append(passage.number)
            prose_since = True
            continue
        if passage.cell.table in seen:
            continue
        seen.add(passage.cell.table)
        view = reading.tables[passage.cell.table]
        joins = (
            found
            and not prose_since
            and found[-1][0][0].table.columns == view.table.columns
            and view.table.nested_in is None
        )
        if joins:
            found[-1][0].append(view)
        else:
            found.append(([view], tuple(before[-3:])))
        prose_since = False
        before = []
    return [JoinedTable(tuple(views), introduced) for views, introduced in found]
