"""Scored items of tables: rows with points and scores, grouped by the labels at their left."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from zhunsheng.audit.quantities.numeral import Numeral
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.scoring_items import ScoredItem
from zhunsheng.audit.tables import TableView

_POINTS_HEADER = re.compile(
    r"^(?:指标|三级指标|二级指标|一级指标|标准|设置|对应)?(?:分值|满分|满分值|权重|权重分|标准分|分数)(?:分值)?(?:（[^（）]{1,6}）)?$"
)
_SCORE_HEADER = re.compile(
    r"^(?:自评|评价|实际|最终|复核|单位自评|部门自评|考核|指标|预算单位)?(?:得分|评分|自评分|自评分值|实得分|自评)(?:值)?(?:（[^（）]{1,6}）)?$"
)
_RATE_HEADER = re.compile(r"得分率")
_TOTAL = re.compile(
    r"^(?:总分|总计|合计|总得分|总分合计|总计分|得分合计|自评总分|综合得分|总分值)(?:[（：].*)?$"
)
_SUBTOTAL = re.compile(r"小计")
_LEVEL = re.compile(r"([一二三四])级(?:指标|目录)")


@dataclass(frozen=True, slots=True)
class ScoreColumns:
    """Which columns of a stretch of rows hold what.

    Attributes:
        first, last: rows of the stretch, `last` excluded.
        points, score: the columns of the finest items.
        upper: columns of points (and scores) of upper levels: (label column, points, score or None).
        labels: columns left of the points that name the items.
    """

    header_row: int
    first: int
    last: int
    points: int
    score: int
    upper: tuple[tuple[int, int, int | None], ...]
    labels: tuple[int, ...]


def score_columns(view: TableView) -> list[ScoreColumns]:
    """The stretches of a table under a header that names points and scores."""
    found: list[tuple[int, ScoreColumns]] = []
    for row in range(view.table.rows):
        texts = {column: view.texts.get((row, column), "") for column in range(view.table.columns)}
        own = {column: text for column, text in texts.items() if (row, column) in view.passages}
        score = [column for column, text in own.items() if _SCORE_HEADER.match(text)]
        points = [column for column, text in own.items() if _POINTS_HEADER.match(text)]
        if not score or not points:
            continue
        found.append((row, _columns(row, points, score)))
    stretches = []
    for index, (row, each) in enumerate(found):
        last = found[index + 1][0] if index + 1 < len(found) else view.table.rows
        stretches.append(ScoreColumns(row, row + 1, last, each.points, each.score, each.upper, each.labels))
    return stretches


def _columns(row: int, points: list[int], scores: list[int]) -> ScoreColumns:
    upper: list[tuple[int, int, int | None]] = []
    for column in points[:-1]:
        score = next((each for each in scores if column < each < points[points.index(column) + 1]), None)
        if column > 0:
            upper.append((column - 1, column, score))
    finest = points[-1]
    score = next((each for each in scores if each > finest), scores[-1])
    taken = {column for _, *pair in upper for column in pair if column is not None}
    labels = tuple(column for column in range(finest) if column not in taken)
    return ScoreColumns(row, row + 1, row + 1, finest, score, tuple(upper), labels)


def _figure(reading: Reading, view: TableView, row: int, column: int | None) -> Numeral | None:
    if column is None:
        return None
    text = view.texts.get((row, column), "")
    numeral = reading.numeral_in_cell(view.table.index, row, column)
    if numeral is None or len(text) > numeral.end - numeral.start + 3:
        return None
    return numeral


def trees_in_tables(reading: Reading) -> list[ScoredItem]:
    """The scored items of every table as trees; a total row heads the rows before it."""
    trees: list[ScoredItem] = []
    for view in reading.tables:
        items: list[ScoredItem] = []
        for columns in score_columns(view):
            items.extend(_rows(reading, view, columns))
        trees.extend(_under_totals(items))
    return trees


def _rows(reading: Reading, view: TableView, columns: ScoreColumns) -> Iterator[ScoredItem]:
    """The items of a stretch, grouped where upper levels carry figures of their own."""
    groups: dict[int, ScoredItem] = {}
    open_row: ScoredItem | None = None
    for row in range(columns.first, columns.last):
        own = [
            column for column in columns.labels if (row, column) in view.passages and view.texts[row, column]
        ]
        label = " ".join(view.texts[row, column] for column in own)
        points = _figure(reading, view, row, columns.points)
        score = _figure(reading, view, row, columns.score)
        whole_row = {
            text for column in range(view.table.columns) if (text := view.texts.get((row, column), ""))
        }
        if any(_TOTAL.match(text) for text in whole_row):
            if points is not None or score is not None:
                yield _item(view, row, "总分", points, score, 0, is_total=True)
            continue
        for depth, (label_column, points_column, score_column) in enumerate(columns.upper):
            upper_points = _figure(reading, view, row, points_column)
            if upper_points is not None and (row, points_column) in view.passages:
                upper_score = _figure(reading, view, row, score_column)
                name = view.texts.get((row, label_column), "")
                group = _item(view, row, name, upper_points, upper_score, depth + 1)
                groups[depth] = group
                for deeper in range(depth + 1, len(columns.upper)):
                    groups.pop(deeper, None)
                holder = groups.get(depth - 1)
                if holder is not None:
                    holder.children.append(group)
                else:
                    yield group
        if points is None:
            continue
        item = _item(view, row, view.texts.get((row, own[-1]), "") if own else "", points, score, 9)
        holder = groups.get(len(columns.upper) - 1) if columns.upper else None
        if holder is not None:
            holder.children.append(item)
            continue
        depth = _label_depth(columns, own)
        if _SUBTOTAL.search(label):
            item.level = -1
            yield item
            continue
        item.level = depth
        if open_row is not None and _opens(view, columns, open_row, row, depth):
            open_row.children.append(item)
            continue
        yield item
        open_row = item if len(own) == 1 and depth < len(columns.labels) - 1 else None


def _label_depth(columns: ScoreColumns, own: list[int]) -> int:
    return columns.labels.index(own[0]) if own else len(columns.labels)


def _opens(view: TableView, columns: ScoreColumns, group: ScoredItem, row: int, depth: int) -> bool:
    """Whether a row stands under a group row: the group filled a label column further left."""
    return group.level < depth


def _item(
    view: TableView,
    row: int,
    name: str,
    points: Numeral | None,
    score: Numeral | None,
    level: int,
    *,
    is_total: bool = False,
) -> ScoredItem:
    passage = points.passage if points is not None else score.passage if score is not None else 0
    return ScoredItem(
        re.sub(r"\s+", "", name),
        points,
        score,
        passage,
        0,
        0,
        level,
        is_total=is_total,
        row=(view.table.index, row),
    )


def _under_totals(items: list[ScoredItem]) -> list[ScoredItem]:
    """Rows under the total row that closes them (or heads them); subtotals take the rows before them."""
    kept: list[ScoredItem] = []
    for item in items:
        if item.level == -1:
            item.level = 1
            taken: list[ScoredItem] = []
            while kept and not kept[-1].is_total and kept[-1].children == [] and kept[-1].level >= 1:
                taken.insert(0, kept.pop())
            item.children = taken
            kept.append(item)
        elif item.is_total:
            if kept and not any(each.is_total for each in kept):
                item.children = kept
                kept = [item]
            else:
                kept.append(item)
        elif kept and kept[-1].is_total and not kept[-1].children:
            kept[-1].children = []
            kept.append(item)
        else:
            kept.append(item)
    heads = [each for each in kept if each.is_total]
    if len(heads) == 1 and not heads[0].children:
        heads[0].children = [each for each in kept if each is not heads[0]]
        return heads
    return kept
