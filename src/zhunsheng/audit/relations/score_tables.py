"""Scored items of tables: rows with points and scores, grouped by the labels at their left."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise

from zhunsheng.audit.marks import mark_of
from zhunsheng.audit.quantities.numeral import Numeral
from zhunsheng.audit.quantities.units import Dimension
from zhunsheng.audit.reading import Reading, once
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
# columns left of the points that say something about an item and do not name it
_NOT_A_LABEL = re.compile(
    r"值|完成|目标|标准|说明|依据|实际|预算|执行|率|序号|公式|方法|来源|备注|内容及|口径|资金$"
)
_INNERMOST = 99
_CLOSES = -1


@dataclass(frozen=True, slots=True)
class ScoreColumns:
    """Which columns of a stretch of rows hold what.

    Attributes:
        first, last: rows of the stretch, `last` excluded.
        points, score: the columns of the finest items.
        upper: columns of points (and scores) of upper levels: (label column, points, score or None).
        labels: columns left of the points that name the items, outermost first.
        name: the column of the items' own names.
    """

    header_row: int
    first: int
    last: int
    points: int
    score: int
    upper: tuple[tuple[int, int, int | None], ...]
    labels: tuple[int, ...]
    name: int


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
        found.append((row, _columns(row, points, score, own)))
    stretches = []
    for index, (_, each) in enumerate(found):
        last = found[index + 1][0] if index + 1 < len(found) else view.table.rows
        stretches.append(replace(each, last=last))
    return stretches


def _columns(row: int, points: list[int], scores: list[int], texts: dict[int, str]) -> ScoreColumns:
    upper: list[tuple[int, int, int | None]] = []
    for column, following in pairwise(points):
        score = next((each for each in scores if column < each < following), None)
        if column > 0:
            upper.append((column - 1, column, score))
    finest = points[-1]
    score = next((each for each in scores if each > finest), scores[-1])
    taken = {column for _, *pair in upper for column in pair if column is not None}
    labels = tuple(
        column
        for column in range(finest)
        if column not in taken and column in texts and not _NOT_A_LABEL.search(texts[column])
    ) or (0,)
    return ScoreColumns(row, row + 1, row + 1, finest, score, tuple(upper), labels, labels[-1])


def _figure(reading: Reading, view: TableView, row: int, column: int | None) -> Numeral | None:
    if column is None:
        return None
    text = view.texts.get((row, column), "")
    numeral = reading.numeral_in_cell(view.table.index, row, column)
    if numeral is None or len(text) > numeral.end - numeral.start + 3:
        return None
    return numeral


@once
def trees_in_tables(reading: Reading) -> list[ScoredItem]:
    """The scored items of every table as trees; a total row heads the rows before it."""
    trees: list[ScoredItem] = []
    for view in reading.tables:
        items: list[ScoredItem] = []
        for columns in score_columns(view):
            items.extend(_Rows(reading, view, columns).items())
        trees.extend(_under_totals(items))
    return trees


@dataclass
class _Rows:
    """The rows of a stretch as items, grouped where upper levels carry points of their own.

    Attributes:
        groups: the open group of each label column, outer columns first.
    """

    reading: Reading
    view: TableView
    columns: ScoreColumns
    groups: dict[int, ScoredItem] = field(default_factory=dict)
    open_row: ScoredItem | None = None

    def items(self) -> Iterator[ScoredItem]:
        """The outermost items; what stands under them hangs in their `children`."""
        for row in range(self.columns.first, self.columns.last):
            points = _figure(self.reading, self.view, row, self.columns.points)
            score = _figure(self.reading, self.view, row, self.columns.score)
            texts = {self.view.texts.get((row, column), "") for column in range(self.view.table.columns)}
            if any(_TOTAL.match(text.replace(" ", "")) for text in texts):
                if points is not None or score is not None:
                    yield _item(self.view, row, "总分", points, score, 0, is_total=True)
                continue
            yield from self._groups_in(row)
            if points is not None:
                yield from self._placed(row, points, score)

    def _groups_in(self, row: int) -> Iterator[ScoredItem]:
        """The groups that open in this row: points in a column of their own, or 产出指标（50分）."""
        upper = {label: (points, score) for label, points, score in self.columns.upper}
        for column in self.columns.labels:
            if (row, column) not in self.view.passages:
                continue
            self.groups = {each: group for each, group in self.groups.items() if each < column}
            score: Numeral | None = None
            if column in upper:
                points = _figure(self.reading, self.view, row, upper[column][0])
                score = _figure(self.reading, self.view, row, upper[column][1])
            elif column != self.columns.name:
                points = self._points_in_label(row, column)
            else:
                points = None
            if points is None:
                continue
            group = _item(self.view, row, self.view.texts[row, column], points, score, column)
            holder = self.groups[max(self.groups)] if self.groups else None
            self.groups[column] = group
            if holder is not None:
                holder.children.append(group)
            else:
                yield group

    def _points_in_label(self, row: int, column: int) -> Numeral | None:
        numeral = self.reading.numeral_in_cell(self.view.table.index, row, column)
        if numeral is None or numeral.dimension is not Dimension.SCORE:
            return None
        return numeral if self.view.texts[row, column][: numeral.start].endswith("（") else None

    def _placed(self, row: int, points: Numeral, score: Numeral | None) -> Iterator[ScoredItem]:
        """The item of this row: under its group, under the row that opened one, or outermost."""
        own = [column for column in self.columns.labels if (row, column) in self.view.passages]
        name = self.view.texts.get((row, self.columns.name), "") or (
            self.view.texts.get((row, own[-1]), "") if own else ""
        )
        item = _item(self.view, row, name, points, score, _INNERMOST)
        if self.groups:
            self.groups[max(self.groups)].children.append(item)
            return
        if any(_SUBTOTAL.search(self.view.texts[row, column]) for column in own):
            item.level = _CLOSES
            yield item
            return
        mark = mark_of(name)
        if len(self.columns.labels) == 1 and mark is not None:
            item.level = mark.rank
        else:
            item.level = self.columns.labels.index(own[0]) if own else len(self.columns.labels)
        if self.open_row is not None and self.open_row.level < item.level:
            self.open_row.children.append(item)
            return
        yield item
        opens = mark is not None if len(self.columns.labels) == 1 else len(own) == 1
        self.open_row = item if opens and own else None


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
        if item.level == _CLOSES:
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
    for head in kept:
        if head.is_total and head.points is not None:
            head.children = _folded(head.children, head.points.amount)
    heads = [each for each in kept if each.is_total]
    if len(heads) == 1 and not heads[0].children:
        rest = [each for each in kept if each is not heads[0]]
        heads[0].children = _folded(rest, heads[0].points.amount) if heads[0].points else rest
        return heads
    return kept


def _folded(items: list[ScoredItem], whole: Fraction) -> list[ScoredItem]:
    """Rows under the row that heads them, where all rows stand in one column.

    A row heads those after it when their points add up to its own; this is believed only when the whole
    adds up so and not otherwise.
    """
    if any(item.points is None for item in items) or _points_of(items) == whole:
        return items
    folded: list[ScoredItem] = []
    taken: dict[int, list[ScoredItem]] = {}
    index = 0
    while index < len(items):
        item = items[index]
        below = [] if item.children else _summing_up(items, index)
        folded.append(item)
        if below:
            taken[len(folded) - 1] = below
        index += 1 + len(below)
    if _points_of(folded) != whole:
        return items
    for place, below in taken.items():
        folded[place].children = below
    return folded


def _points_of(items: list[ScoredItem]) -> Fraction:
    return sum((item.points.amount for item in items if item.points is not None), Fraction(0))


def _summing_up(items: list[ScoredItem], index: int) -> list[ScoredItem]:
    """The rows right after a row whose points add up to its own; at least two."""
    head = items[index].points
    total = Fraction(0)
    for end in range(index + 1, len(items)):
        points = items[end].points
        total += points.amount if points is not None else 0
        if head is not None and total == head.amount and end > index + 1:
            return items[index + 1 : end + 1]
        if head is None or total > head.amount:
            break
    return []
