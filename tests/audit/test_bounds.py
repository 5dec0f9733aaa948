"""More cells than are audited: the first ones are read, and a problem says so."""

from zhunsheng.audit.bounds import MOST_CELLS, within_bounds
from zhunsheng.audit.document import Cell, Document, Span, Table


def large(cells: int, columns: int = 10) -> Document:
    made = tuple(Cell(number // columns, number % columns, Span(0, 1)) for number in range(cells))
    table = Table(0, Span(0, 1), (cells - 1) // columns + 1, columns, made)
    return Document("large.xlsx", "xlsx", "", "1", (), (table,))


def test_a_document_within_bounds_is_left_as_it_is() -> None:
    document = large(MOST_CELLS)
    assert within_bounds(document) is document


def test_a_larger_one_is_cut_at_a_row_and_says_so() -> None:
    cut = within_bounds(large(MOST_CELLS + 25))
    assert len(cut.tables[0].cells) == MOST_CELLS
    assert cut.tables[0].rows == MOST_CELLS // 10
    (problem,) = cut.problems
    assert problem.code == "AUDIT-010"
    assert str(MOST_CELLS + 25) in problem.what
