"""Targets and what was reached, stated with one item: in its sentence, in a remark, in a table row."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from zhunsheng.audit.quantities.numeral import Bound, Numeral, Role
from zhunsheng.audit.quantities.units import Dimension
from zhunsheng.audit.reading import Reading, once
from zhunsheng.audit.relations.score_tables import trees_in_tables
from zhunsheng.audit.relations.scoring_items import ScoredItem, items_in_text, numerals_of
from zhunsheng.audit.tables import TableView
from zhunsheng.kernel.quantity import Hedge

_LOWER = frozenset({Bound.AT_LEAST, Bound.ABOVE})
_UPPER = frozenset({Bound.AT_MOST, Bound.BELOW})
_TARGET_WORD = re.compile(
    r"(?:预期值|目标值|指标值|计划值|预期完成值|预期实现值|年度目标|绩效目标|预期目标)(?:设置|设定)?(?:为|是|：|达到|“)*$"
)
_ACTUAL_WORD = re.compile(
    r"(?:实际(?:完成|达到|实现)?(?:投资|数|值|率|数量|情况)?|完成值|实际值|实现值)(?:为|是|：|达到|达|“)*$"
)
_TARGET_HEADER = re.compile(
    r"(?:年度|年初|预期|计划|绩效|设定)?(?:指标值|目标值|预期值|计划值|标准值|目标数|完成目标)$|^(?:年度|绩效)?目标$"
)
_ACTUAL_HEADER = re.compile(
    r"^(?:全年|年度|自评|指标)?(?:实际)?(?:完成|实现|达成)(?:值|数|情况|数量|指标值|程度)?$|^实际(?:值|数|完成.*)?$"
)
_INVERSE = re.compile(
    r"成本|投诉|时间|时限|时长|期限|事故|违法|违规|误差|发生|超|费用|耗|死亡|伤亡|复发|逾期|差错|偏差|下降|降低|减少|控制|缩短|不合格|流失|返|单价"
)


@dataclass(frozen=True)
class TargetPair:
    """A target and the figure reached.

    Attributes:
        lower: the target must be reached at least; False when it is an upper limit; None when not said.
        item: the scored item they belong to, if any.
        words: the sentence, for reasons.
        name: what it is about.
    """

    target: Numeral
    actual: Numeral
    lower: bool | None
    item: ScoredItem | None
    words: str
    name: str

    @property
    def missed(self) -> bool:
        """Whether the figure reached certainly falls short of the target (or exceeds the limit)."""
        if self.lower is None or self.hedged:
            return False
        if self.lower:
            return self.actual.amount < self.target.amount
        return self.actual.amount > self.target.amount

    @property
    def hedged(self) -> bool:
        """Whether either figure is only rough."""
        return any(
            each.quantity is not None and each.quantity.hedge is not Hedge.NONE
            for each in (self.target, self.actual)
        )


def inverse(name: str) -> bool:
    """Whether less is better for what the name says."""
    return _INVERSE.search(name) is not None


@once
def target_pairs(reading: Reading) -> tuple[TargetPair, ...]:
    """All targets with the figures reached."""
    return tuple(_target_pairs(reading))


def _target_pairs(reading: Reading) -> Iterator[TargetPair]:
    taken: set[int] = set()
    for item in items_in_text(reading):
        pair = _of_item(reading, item)
        if pair is not None:
            taken.add(pair.target.number)
            yield pair
    for pair in _in_sentences(reading):
        if pair.target.number not in taken:
            yield pair
    yield from _in_tables(reading)


def _same_kind(one: Numeral, other: Numeral) -> bool:
    return (
        one.quantity is not None
        and other.quantity is not None
        and one.quantity.unit == other.quantity.unit
        and one.dimension is not Dimension.SCORE
    )


def _of_item(reading: Reading, item: ScoredItem) -> TargetPair | None:
    """The target stands before the points, the figure reached between points and score."""
    if item.points is None or item.score is None:
        return None
    text = reading.passages[item.passage].text
    numerals = [each for each in numerals_of(reading, item) if each.quantity is not None]
    targets = [
        each
        for each in numerals
        if each.start < item.points.start and (each.bound is not Bound.NONE or _whole_rate(each, text))
    ]
    pairs = []
    for target in targets:
        actual = [
            each
            for each in numerals
            if item.points.end <= each.start < item.score.start
            and each.bound is Bound.NONE
            and each.role is not Role.FACTOR
            and _same_kind(target, each)
        ]
        if len({each.amount for each in actual}) == 1:
            lower = target.bound in _LOWER or target.bound is Bound.NONE
            pairs.append(TargetPair(target, actual[0], lower, item, text[item.start : item.end], item.name))
    return pairs[0] if len(pairs) == 1 else None


def _whole_rate(numeral: Numeral, text: str) -> bool:
    """A target of 100 % needs no 不低于."""
    return (
        numeral.dimension is Dimension.PERCENT
        and numeral.amount == 100
        and re.search(r"率[^，。；]{0,6}$", text[max(0, numeral.start - 10) : numeral.start]) is not None
    )


def _in_sentences(reading: Reading) -> Iterator[TargetPair]:
    """预期值为30%或以下，……，实际完成值为0.78%."""
    for passage in reading.prose:
        if "实际" not in passage.text and "完成" not in passage.text:
            continue
        open_target: Numeral | None = None
        for numeral in reading.numerals_in(passage):
            if numeral.quantity is None:
                continue
            before = passage.text[max(0, numeral.start - 16) : numeral.start]
            if numeral.bound is not Bound.NONE:
                before = re.sub(r"(?:不少于|不低于|不超过|不高于|≥|≤|至少|低于|高于)$", "", before)
            if _TARGET_WORD.search(before):
                open_target = numeral
            elif open_target is not None and _ACTUAL_WORD.search(before) and _same_kind(open_target, numeral):
                bound = open_target.bound
                lower = True if bound in _LOWER else False if bound in _UPPER else None
                words = passage.text[passage.sentence_at(open_target.start)[0] : numeral.end]
                yield TargetPair(open_target, numeral, lower, None, passage.text, words[:40])
                open_target = None


def _in_tables(reading: Reading) -> Iterator[TargetPair]:
    items = {item.row: item for tree in trees_in_tables(reading) for item in tree.walk() if item.row}
    for view in reading.tables:
        header_row, target, actual = _columns(view)
        if target is None or actual is None:
            continue
        for row in range(header_row + 1, view.table.rows):
            pair = _in_row(reading, view, row, target, actual, items.get((view.table.index, row)))
            if pair is not None:
                yield pair


def _columns(view: TableView) -> tuple[int, int | None, int | None]:
    for row in range(view.table.rows):
        own = {
            column: view.texts[row, column].replace("\n", "")
            for column in range(view.table.columns)
            if (row, column) in view.passages
        }
        target = next((column for column, text in own.items() if _TARGET_HEADER.search(text)), None)
        actual = next((column for column, text in own.items() if _ACTUAL_HEADER.search(text)), None)
        if target is not None and actual is not None:
            return row, target, actual
    return 0, None, None


def _in_row(
    reading: Reading,
    view: TableView,
    row: int,
    target_column: int,
    actual_column: int,
    item: ScoredItem | None,
) -> TargetPair | None:
    target = reading.numeral_in_cell(view.table.index, row, target_column)
    actual = reading.numeral_in_cell(view.table.index, row, actual_column)
    if target is None or actual is None or target.quantity is None or actual.quantity is None:
        return None
    if target.in_range or actual.in_range or actual.bound is not Bound.NONE:
        return None
    if target.quantity.unit != actual.quantity.unit:
        return None
    labels = " ".join(view.texts.get((row, column), "") for column in range(target_column))
    name = next(
        (
            text
            for column in range(target_column - 1, -1, -1)
            if (text := view.texts.get((row, column), "")) and not text.isdigit()
        ),
        "",
    )
    lower: bool | None = None
    if target.bound in _LOWER:
        lower = True
    elif target.bound in _UPPER:
        lower = False
    elif target.dimension is Dimension.PERCENT and target.amount == 100 and not inverse(labels):
        lower = True
    words = " ".join(view.texts.get((row, column), "") for column in range(view.table.columns))
    return TargetPair(target, actual, lower, item, words, name)
