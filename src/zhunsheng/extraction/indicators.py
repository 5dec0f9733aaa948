"""Indicators with targets, actuals and printed scores: from sentences and from tables."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from zhunsheng.audit.passages import Passage
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.scoring_items import ScoredItem, scored_trees, words_of
from zhunsheng.audit.tables import TableView
from zhunsheng.extraction.places import place_text
from zhunsheng.indicators.target import Comparison, Target, parse_target
from zhunsheng.kernel.grade import Grade
from zhunsheng.kernel.quantity import Quantity
from zhunsheng.kernel.rounding import plain
from zhunsheng.kernel.written import parse_quantity
from zhunsheng.plans.choices import IndicatorGroup, IndicatorKind, Nature, Sign

_GOAL = re.compile(r"(?:年[度初])?(?:预期)?(?:指标值|目标值|绩效目标)(?:是|为)?[：，]?(?P<goal>.+?)，?分值")
# the words 指标值是 may stand before a page break
_TORN_GOAL = re.compile(r"(?P<goal>[^，。；]+)，分值[^，]+，指标值完成情况")
_RESULT = re.compile(
    r"(?:指标值)?(?:实际)?完成(?:情况|值)?(?:为|：)?(?P<result>.+?)(?:，(?:已按|自评|按|因|未)|。|$)"
)
_COMPARED = re.compile(
    r"(?:不少于|不低于|不超过|不高于|不大于|不多于|至少|大于|小于|≥|≤|>|<|达到(?=\d)|控制在|于(?=\d{4}年)|为(?=[一二三四五六七八九十\d]))"
)
_BARE = re.compile(r"(?<![\d.])\d[\d,.]*[^\d，。；]{0,8}$")
_SIGNS = {
    Comparison.AT_LEAST: Sign.AT_LEAST,
    Comparison.MORE_THAN: Sign.MORE_THAN,
    Comparison.EQUAL: Sign.EQUAL,
    Comparison.AT_MOST: Sign.AT_MOST,
    Comparison.LESS_THAN: Sign.LESS_THAN,
    Comparison.QUALITATIVE: Sign.QUALITATIVE,
}
_KIND_WORDS = (
    ("满意", IndicatorGroup.SATISFACTION, IndicatorKind.SATISFACTION),
    ("时效", IndicatorGroup.OUTPUT, IndicatorKind.TIMELINESS),
    ("质量", IndicatorGroup.OUTPUT, IndicatorKind.QUALITY),
    ("数量", IndicatorGroup.OUTPUT, IndicatorKind.QUANTITY),
    ("成本", IndicatorGroup.COST, IndicatorKind.ECONOMIC_COST),
    ("经济效益", IndicatorGroup.EFFECT, IndicatorKind.ECONOMIC),
    ("生态", IndicatorGroup.EFFECT, IndicatorKind.ECOLOGICAL),
    ("可持续", IndicatorGroup.EFFECT, IndicatorKind.SUSTAINABLE),
    ("社会效益", IndicatorGroup.EFFECT, IndicatorKind.SOCIAL),
    ("效益", IndicatorGroup.EFFECT, IndicatorKind.SOCIAL),
)
_NAME_HEADER = re.compile(r"三级指标|指标名称|关键指标|绩效指标|考核指标|^指标$")
_TARGET_HEADER = re.compile(r"目标值|指标值|预期|年度目标|计划值")
_ACTUAL_HEADER = re.compile(r"完成值|实际值|实际完成|完成情况|全年实现")
_POINTS_HEADER = re.compile(r"分值|权重")
_SCORE_HEADER = re.compile(r"得分|自评分")


@dataclass(frozen=True, slots=True)
class FoundIndicator:
    """An indicator as read.

    Attributes:
        target_text, actual_text: the report's own words.
        target: parsed, or None when it is words.
        actual: value and unit, or None when no figure was found.
        task, task_place: words of the task it stands under, and where they stand; or "".
    """

    name: str
    group: IndicatorGroup
    kind: IndicatorKind
    target_text: str
    target: Target | None
    actual_text: str
    actual: Quantity | None
    points: Decimal | None
    score: Decimal | None
    task: str
    place: str
    task_place: str = ""

    @property
    def nature(self) -> Nature:
        """The kind of judgement its target asks for."""
        if self.group is IndicatorGroup.SATISFACTION:
            return Nature.SATISFACTION
        if self.target is None:
            return Nature.QUALITATIVE
        if isinstance(self.target.value, date):
            return Nature.DEADLINE
        if self.target.comparison in {Comparison.AT_MOST, Comparison.LESS_THAN}:
            return Nature.INVERSE
        return Nature.EXACT if self.target.comparison is Comparison.EQUAL else Nature.POSITIVE

    @property
    def sign(self) -> Sign:
        """The target's sign."""
        return _SIGNS[self.target.comparison] if self.target is not None else Sign.QUALITATIVE

    @property
    def target_value(self) -> tuple[str, str]:
        """The target's canonical value and unit."""
        value = self.target.value if self.target is not None else self.target_text
        if isinstance(value, Quantity):
            return plain(value.value), value.printed_unit
        if isinstance(value, date):
            return value.isoformat(), ""
        return (value.name if isinstance(value, Grade) else str(value)), ""


def indicators_of(reading: Reading) -> list[FoundIndicator]:
    """All indicators, those of sentences first; one that both name is taken once, with what either adds.

    The same name under a task and in a list without tasks is two indicators: one of the task, one of the
    whole department.
    """
    found: dict[tuple[str, str], FoundIndicator] = {}
    for one in _in_sentences(reading):
        key = (_plain_name(one.name), "")
        found[key] = _joined(found[key], one) if key in found else one
    said = set(found)
    for one in _in_tables(reading):
        key = (_plain_name(one.name), one.task)
        # what a sentence says of an indicator belongs to whichever row names it first
        if (key[0], "") in said:
            said.remove((key[0], ""))
            found[key] = _joined(found.pop((key[0], "")), one)
        else:
            found[key] = _joined(found[key], one) if key in found else one
    return list(found.values())


def _plain_name(name: str) -> str:
    return re.sub(r"[\s（）“”]", "", name)


def _joined(known: FoundIndicator, other: FoundIndicator) -> FoundIndicator:
    """The first with what only the second has."""
    with_actual = known if known.actual is not None or other.actual is None else other
    return replace(
        known,
        actual_text=with_actual.actual_text or other.actual_text,
        actual=with_actual.actual,
        points=known.points if known.points is not None else other.points,
        score=known.score if known.score is not None else other.score,
        task=known.task or other.task,
        task_place=known.task_place or other.task_place,
    )


def _in_sentences(reading: Reading) -> Iterator[FoundIndicator]:
    for tree in scored_trees(reading):
        for item in tree.walk():
            if item.children or item.points is None:
                continue
            words = words_of(reading, item)
            goal = _GOAL.search(words) or _TORN_GOAL.match(words)
            if goal is not None:
                yield _from_words(reading, item, words, goal["goal"])


def _from_words(reading: Reading, item: ScoredItem, words: str, goal: str) -> FoundIndicator:
    name, target_text = _named_target(goal)
    after = words[words.find("分值") :]
    result = _RESULT.search(after)
    actual_text = result["result"].strip("：， ") if result else ""
    group, kind = _kind(words[: words.find(goal)])
    target = parse_target(target_text)
    points = item.points.quantity.value if item.points and item.points.quantity else None
    score = item.score.quantity.value if item.score and item.score.quantity else None
    passage: Passage = reading.passages[item.passage]
    return FoundIndicator(
        name,
        group,
        kind,
        target_text,
        target,
        actual_text,
        _actual(actual_text, target),
        points,
        score,
        "",
        place_text(reading, passage.span(item.start, item.start + 1)),
    )


def _named_target(goal: str) -> tuple[str, str]:
    """Name and target of "行政案件立案数不少于600宗"."""
    cut = re.sub(r"（[^（）]*）$", "", goal)
    name, colon, state = cut.partition("：")
    if colon and not re.search(r"\d", state):
        return name, state
    compared = list(_COMPARED.finditer(cut))
    place = compared[-1].start() if compared else None
    if place is None and (bare := _BARE.search(cut)) is not None:
        place = bare.start()
    if not place:
        return cut, cut
    target = cut[place:]
    return cut[:place].strip("：，"), target.removeprefix("为") if compared else target


def _actual(text: str, target: Target | None) -> Quantity | None:
    """The figure of a result that is of the target's unit."""
    wanted = target.value.unit if target is not None and isinstance(target.value, Quantity) else None
    for match in reversed(list(re.finditer(r"[-+]?[\d,]+(?:\.\d+)?[万亿]?[^\d，。；、（）]{0,6}", text))):
        for end in range(match.end(), match.start(), -1):
            quantity = parse_quantity(text[match.start() : end])
            if quantity is not None and (wanted is None or quantity.unit == wanted):
                return quantity
    return None


def _kind(words: str) -> tuple[IndicatorGroup, IndicatorKind]:
    for word, group, kind in _KIND_WORDS:
        if word in words:
            return group, kind
    return IndicatorGroup.OUTPUT, IndicatorKind.QUANTITY


def _in_tables(reading: Reading) -> Iterator[FoundIndicator]:
    columns: tuple[int, int] | None = None
    for view in reading.tables:
        name = _column(view, _NAME_HEADER)
        target = _column(view, _TARGET_HEADER)
        if name is not None and target is not None and name != target:
            columns = (name, target)
        elif columns is None or view.table.columns <= max(columns) or view.header_rows > 1:
            continue
        elif _FIRST_CELL.search(view.texts.get((0, 0), "")) is None:
            columns = None
            continue
        yield from _rows(reading, view, *columns)


_FIRST_CELL = re.compile(r"^[一二三四五六七八九十]+、")


def _column(view: TableView, pattern: re.Pattern[str]) -> int | None:
    for column in range(view.table.columns):
        if any(pattern.search(word) for word in view.headers[column]):
            return column
    return None


def _other_column(view: TableView, pattern: re.Pattern[str], target: int) -> int | None:
    """As `_column`, but not the target's column: 预期完成值 is a target."""
    column = _column(view, pattern)
    return None if column == target else column


def _rows(reading: Reading, view: TableView, name: int, target: int) -> Iterator[FoundIndicator]:
    actual, points, score = (
        _other_column(view, each, target) for each in (_ACTUAL_HEADER, _POINTS_HEADER, _SCORE_HEADER)
    )
    task = task_place = ""
    begin = view.header_rows if _column(view, _NAME_HEADER) == name else 0
    for row in range(begin, view.table.rows):
        words = view.texts.get((row, name), "")
        target_text = view.texts.get((row, target), "").strip("。 ")
        if name > 0 and len(view.texts.get((row, 0), "")) > 6:
            task = view.texts[row, 0].split("主要预算项目")[0].strip("。\n ")
            task_place = place_text(reading, reading.passages[view.passages[row, 0]].span(0, 1))
        if not words or not target_text or (row, name) not in view.passages:
            continue
        goal = re.search(r"(?:预期值|目标值)为?(?P<goal>.+)$", target_text)
        parsed = parse_target(goal["goal"].strip("。") if goal else target_text)
        group, kind = _kind(" ".join(view.texts.get((row, column), "") for column in range(name)) + words)
        actual_text = view.texts.get((row, actual), "") if actual is not None else ""
        yield FoundIndicator(
            words,
            group,
            kind,
            target_text,
            parsed,
            actual_text,
            _actual(actual_text, parsed) if actual_text else None,
            _figure(reading, view, row, points),
            _figure(reading, view, row, score),
            task,
            place_text(reading, reading.passages[view.passages[row, name]].span(0, 1)),
            task_place,
        )


def _figure(reading: Reading, view: TableView, row: int, column: int | None) -> Decimal | None:
    if column is None:
        return None
    numeral = reading.numeral_in_cell(view.table.index, row, column)
    return numeral.quantity.value if numeral is not None and numeral.quantity is not None else None
