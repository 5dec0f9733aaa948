"""Spans of a table resolved to rows: every column of every row is covered exactly once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhunsheng.reports.grid import TableShapeError, lay_out
from zhunsheng.reports.tree import Cell, Table, Text, plain_text

Rows = tuple[tuple[Cell, ...], ...]


def box(text: str, rows: int = 1, columns: int = 1) -> Cell:
    return Cell((Text(text),), rows=rows, columns=columns)


def table(columns: int, *body: tuple[Cell, ...], head: Rows = ()) -> Table:
    return Table("某表", (1,) * columns, head, body)


def seen(made: Table) -> list[list[tuple[str, int, bool]]]:
    """Text, column and whether it begins there, of every placed cell."""
    return [[(plain_text(each.cell.runs), each.column, each.begins) for each in row] for row in lay_out(made)]


def test_cells_without_spans_come_one_after_the_other() -> None:
    assert seen(table(2, (box("甲"), box("乙")), (box("丙"), box("丁")))) == [
        [("甲", 0, True), ("乙", 1, True)],
        [("丙", 0, True), ("丁", 1, True)],
    ]


def test_a_wide_cell_moves_the_next_one_on() -> None:
    assert seen(table(3, (box("合计", columns=2), box("9")))) == [[("合计", 0, True), ("9", 2, True)]]


def test_a_tall_cell_is_continued_below_and_the_rows_below_leave_it_out() -> None:
    made = table(2, (box("类", rows=3), box("一")), (box("二"),), (box("三"),), (box("尾"), box("四")))
    assert seen(made) == [
        [("类", 0, True), ("一", 1, True)],
        [("类", 0, False), ("二", 1, True)],
        [("类", 0, False), ("三", 1, True)],
        [("尾", 0, True), ("四", 1, True)],
    ]


def test_a_tall_cell_in_the_middle_parts_the_row() -> None:
    made = table(3, (box("左"), box("中", rows=2), box("右")), (box("左二"), box("右二")))
    assert seen(made)[1] == [("左二", 0, True), ("中", 1, False), ("右二", 2, True)]


def test_a_block_of_two_by_two_is_continued_over_both_columns() -> None:
    made = table(3, (box("块", rows=2, columns=2), box("一")), (box("二"),))
    assert seen(made)[1] == [("块", 0, False), ("二", 2, True)]


def test_a_row_wholly_covered_from_above_has_no_cells_of_its_own() -> None:
    assert seen(table(1, (box("甲", rows=2),), ())) == [[("甲", 0, True)], [("甲", 0, False)]]


def test_header_rows_come_first_and_their_spans_stay_in_them() -> None:
    head = ((box("项目", rows=2), box("金额", columns=2)), (box("年初"), box("年末")))
    placed = seen(table(3, (box("甲"), box("1"), box("2")), head=head))
    assert placed[1] == [("项目", 0, False), ("年初", 1, True), ("年末", 2, True)]
    assert placed[2] == [("甲", 0, True), ("1", 1, True), ("2", 2, True)]


def test_a_table_without_rows_has_no_rows() -> None:
    assert lay_out(table(4)) == []


@pytest.mark.parametrize(
    ("made", "number", "fault"),
    [
        (table(2, (box("甲"),)), 1, "too few"),
        (table(2, ()), 1, "too few"),
        (table(2, (box("甲"), box("乙"), box("丙"))), 1, "too many"),
        (table(2, (box("甲", columns=3),)), 1, "too many"),
        (table(2, (box("甲", rows=2), box("乙")), (box("丙"), box("丁"))), 2, "too many"),
        (table(2, (box("甲"), box("乙")), (box("丙"),)), 2, "too few"),
        (table(2, (box("丙"), box("丁")), head=((box("只有一格"),),)), 1, "too few"),
        # a wide cell reaching into a column that a tall one above still holds
        (table(3, (box("甲"), box("乙"), box("丙", rows=2)), (box("丁", columns=3),)), 2, "too wide"),
    ],
)
def test_a_row_that_does_not_fill_the_columns_is_refused_by_number(
    made: Table, number: int, fault: str
) -> None:
    with pytest.raises(TableShapeError, match=rf"row {number} of '某表' has {fault}"):
        lay_out(made)


@st.composite
def tilings(draw: st.DrawFn) -> tuple[Table, list[list[int]]]:
    """A table made by cutting a grid into rectangles, and which rectangle covers each place."""
    height, width = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    covered = [[-1] * width for _ in range(height)]
    rows: list[tuple[Cell, ...]] = []
    count = 0
    for top in range(height):
        row: list[Cell] = []
        for left in range(width):
            if covered[top][left] >= 0:
                continue
            free = next((c for c in range(left, width) if covered[top][c] >= 0), width) - left
            columns, tall = draw(st.integers(1, free)), draw(st.integers(1, height - top))
            for y in range(top, top + tall):
                for x in range(left, left + columns):
                    covered[y][x] = count
            row.append(box(str(count), tall, columns))
            count += 1
        rows.append(tuple(row))
    return table(width, *rows), covered


@given(tilings())
def test_any_tiling_of_a_grid_is_laid_out_as_it_was_cut(made: tuple[Table, list[list[int]]]) -> None:
    drawn, covered = made
    for row, expected in zip(lay_out(drawn), covered, strict=True):
        places = [-1] * len(expected)
        for each in row:
            for column in range(each.column, each.column + each.cell.columns):
                assert places[column] == -1
                places[column] = int(plain_text(each.cell.runs))
        assert places == expected


@given(tilings(), st.data())
def test_leaving_out_a_cell_is_never_accepted(
    made: tuple[Table, list[list[int]]], data: st.DataObject
) -> None:
    drawn, _ = made
    row = data.draw(st.sampled_from([index for index, cells in enumerate(drawn.body) if cells]))
    without = data.draw(st.integers(0, len(drawn.body[row]) - 1))
    body = list(drawn.body)
    body[row] = body[row][:without] + body[row][without + 1 :]
    with pytest.raises(TableShapeError):
        lay_out(table(len(drawn.widths), *body))
