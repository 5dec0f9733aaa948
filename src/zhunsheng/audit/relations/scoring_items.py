"""Scored items of a report's running text: points, score, and which item stands under which.

An item is what a sentence gives points to: "资产配置，分值2分，……，自评得分2分". A header states points and
score at once and is followed by its items (一是……；二是……), by further passages or by further sections.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from zhunsheng.audit.marks import MarkStyle
from zhunsheng.audit.passages import Passage
from zhunsheng.audit.quantities.numeral import Numeral, Role
from zhunsheng.audit.quantities.units import Dimension
from zhunsheng.audit.reading import Reading, once

_DEDUCTED = re.compile(r"(?:扣|扣减|扣除|扣分|扣去|减|加|加分)(?:了|为|：|约|共)?$")
_CONDITION = re.compile(
    r"(?:每[^，。；]{0,20}|否则|的[，]?得|不得分|可得|则得|计|酌情[^，。；]*|最多[^，。；]*)$"
)
_SCORED = re.compile(
    r"(?:自评得分|自评分数?|得分|评分|实得|实际得分|最终得分|自评|复核得分|评价得分|得到?|自评为|评定为|打分)"
    r"(?:分别)?(?:为|是|：|达|达到|共计?|合计)?$"
)
_POINTS = re.compile(
    r"[，、（(：]?(?:指标|设置|标准|对应|权重|总|基础|基本|该项|本项|指标总)?(?:分值|满分|总分值?|权重分?|标准分|赋分|应得分?)"
    r"(?:设置|合计|共计?)?(?:为|是|：|共|共计)?$"
)
_TOTAL_POINTS = re.compile(r"(?:总分值?|满分|总计分值|总分值?合计)(?:合计)?(?:为|是|：|共|共计)?$")
_TOTAL_SCORE = re.compile(
    r"(?:总得分|总评分?|总分|综合得分|综合评分|最终得分|(?:整体|项目|部门|单位|资金|政策)[^，。；：]{0,24}(?:自评|评价|绩效)[^，。；：]{0,8}"
    r"(?:得分|评分|分数))(?:为|是|：|达)?$"
)
_MARKS = re.compile(
    r"(?:(?<=[，。；：、\n）”])|^)(?:(?P<spoken>[一二三四五六七八九十]{1,3})是(?!否)[，]?"
    r"|（(?P<bracket>\d{1,2}|[一二三四五六七八九十]{1,3})）|(?P<circled>[①-⑳])|(?P<arabic>\d{1,2})[、.](?!\d))"
)
_POINTING = re.compile(
    r"(?:该|本|此)(?:项|类|部分|[一二三四]级)?(?:指标|任务|项目|工作)?|(?:共|共计|设置|下设)"
)


class Statement(StrEnum):
    """What a figure says about an item."""

    POINTS = "points"
    SCORE = "score"
    DEDUCTION = "deduction"


@dataclass(eq=False)
class ScoredItem:
    """An item with points, a score or both.

    Attributes:
        name: the words that name it.
        points, score: the figures; None when not printed.
        again: further statements of the same score.
        passage: index of the passage its points stand in.
        start, end: its characters in that passage's text, children of the same passage included.
        level: nesting level, larger is deeper.
        section: headings it stands under.
        is_total: it states the total of the whole evaluation.
        row: (table, row) for an item read from a table.
        listed: it is a member of a numbered list.
    """

    name: str
    points: Numeral | None
    score: Numeral | None
    passage: int
    start: int
    end: int
    level: int
    section: tuple[int, ...] = ()
    again: list[Numeral] = field(default_factory=list)
    children: list["ScoredItem"] = field(default_factory=list)
    is_total: bool = False
    row: tuple[int, int] | None = None
    listed: bool = False

    def walk(self) -> Iterator["ScoredItem"]:
        """The item and all that stands under it."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def is_bonus(self) -> bool:
        """Whether it may give more than its points."""
        return "加分" in self.name or "附加" in self.name

    @property
    def lost(self) -> bool:
        """Whether the score is below the points."""
        return self.points is not None and self.score is not None and self.score.amount < self.points.amount


def statement_of(passage: Passage, numeral: Numeral) -> Statement | None:
    """What a figure of a sentence says: points of an item, a score, a deduction, or none of these."""
    if numeral.quantity is None or numeral.in_range:
        return None
    before = re.split(r"[。；\n]", passage.text[max(0, numeral.start - 24) : numeral.start])[-1]
    if numeral.dimension is not Dimension.SCORE and not (
        numeral.dimension is Dimension.NONE and numeral.role in {Role.SCORE, Role.FULL_SCORE}
    ):
        return None
    near = before
    if _DEDUCTED.search(near):
        return Statement.DEDUCTION
    if _POINTS.search(near):
        return Statement.POINTS
    after = passage.text[numeral.end : numeral.end + 1]
    if near.endswith("（") and (after in {"）", "，", "、"}):
        return Statement.POINTS
    found = _SCORED.search(near)
    if found is None or _CONDITION.search(near[: found.start() + 1]):
        return None
    if found[0].startswith("得") and not found[0].startswith("得分") and _CONDITION.search(near):
        return None
    return Statement.SCORE


@dataclass
class _Flow:
    """Where the reading of running text stands."""

    base: int = 0
    section: tuple[int, ...] = ()
    styles: list[str] = field(default_factory=list)
    marked: str = ""
    torn: bool = False
    spoken: dict[int, int] = field(default_factory=dict)


def items_in_text(reading: Reading) -> list[ScoredItem]:
    """All scored items of the running text in reading order, not yet nested."""
    items: list[ScoredItem] = []
    flow = _Flow()
    for passage in reading.prose:
        items.extend(_of_passage(reading, passage, flow))
    return items


def _of_passage(reading: Reading, passage: Passage, flow: _Flow) -> list[ScoredItem]:
    text = passage.text
    continues = flow.torn and passage.mark is None and passage.section == flow.section
    if not continues:
        opens = passage.mark is not None and passage.mark.style is not MarkStyle.SPOKEN
        flow.base = (len(passage.section) + (0 if opens or passage.is_heading else 1)) * 100
        flow.section, flow.styles, flow.marked = passage.section, [], ""
    numerals = [
        (numeral, said)
        for numeral in reading.numerals_in(passage)
        if (said := statement_of(passage, numeral)) is not None and said is not Statement.DEDUCTION
    ]
    marks = [each for each in _MARKS.finditer(text) if each.start() > 0 or each["spoken"]]
    items: list[ScoredItem] = []
    current: ScoredItem | None = None
    done = 0  # everything before was taken by earlier items
    for numeral, said in numerals:
        if said is Statement.POINTS:
            current = _opened(passage, numeral, marks, done, items[-1] if items else None, flow)
            items.append(current)
        elif current is not None and current.score is None and not _new_total(text, numeral, current):
            current.score = numeral
        elif (
            current is not None
            and current.score is not None
            and not _TOTAL_SCORE.search(text[: numeral.start])
        ):
            current.again.append(numeral)
        elif (total := _TOTAL_SCORE.search(text[max(0, numeral.start - 60) : numeral.start])) is not None:
            current = ScoredItem(
                total[0], None, numeral, passage.number, done, len(text), flow.base, passage.section
            )
            current.is_total = True
            items.append(current)
        done = numeral.end
    for index, item in enumerate(items):
        item.end = items[index + 1].start if index + 1 < len(items) else len(text)
    pending = marks[-1] if marks and marks[-1].start() >= done else None
    flow.torn = text[-1] not in "。；！？：" or (pending is not None and text[-1] == "：")
    if flow.torn and pending is not None:
        flow.marked = _style(pending)
        if flow.marked not in flow.styles:
            flow.styles.append(flow.marked)
    return items


def _new_total(text: str, numeral: Numeral, current: ScoredItem) -> bool:
    """Whether a score is the total of the evaluation although an ordinary item is still open."""
    return not current.is_total and bool(
        re.search(r"(?:总得分|总分|综合得分)(?:为|是|：)?$", text[max(0, numeral.start - 10) : numeral.start])
    )


def _style(mark: re.Match[str]) -> str:
    return mark.lastgroup or ""


def _opened(
    passage: Passage,
    numeral: Numeral,
    marks: list[re.Match[str]],
    done: int,
    before: ScoredItem | None,
    flow: _Flow,
) -> ScoredItem:
    """The item whose points are stated by `numeral`."""
    text = passage.text
    found = [mark for mark in marks if done <= mark.start() and mark.end() <= numeral.start]
    total = _TOTAL_POINTS.search(text[max(0, numeral.start - 12) : numeral.start]) is not None
    if found or (flow.marked and not before):
        for mark in found:
            if _style(mark) not in flow.styles:
                flow.styles.append(_style(mark))
        style = _style(found[-1]) if found else flow.marked
        start = found[-1].start() if found else 0
        level = flow.base + 10 * (flow.styles.index(style) + 1)
        flow.styles = flow.styles[: flow.styles.index(style) + 1]
        flow.marked = ""
        inside = found[-1].end() if found else 0
        listed = True
    else:
        gap = text[done : numeral.start]
        if before is None:
            start, level, listed = 0, flow.base, passage.mark is not None
        else:
            begins_under = re.match(r"[）。，]*(?:其中)?[：]|[^。；]{0,12}其中|[）。，]*其中", gap)
            step = re.search(r"[。；，：]", gap)
            start = done + (step.end() if step else 0)
            level = before.level + 5 if begins_under else before.level
            listed = False
        inside = start + (passage.mark.length if start == 0 and passage.mark else 0)
    lead = _POINTS.sub("", text[inside : numeral.start])
    return ScoredItem(
        _name(lead),
        numeral,
        None,
        passage.number,
        start,
        len(text),
        level,
        passage.section,
        is_total=total and not found,
        listed=listed,
    )


def _name(lead: str) -> str:
    """The naming words of the text before the points."""
    parts = [part for part in re.split(r"[。；：\n](?![^“”]*”)", lead) if part.strip("，、（） ")]
    if not parts:
        return lead.strip("，、（） ")
    # "该二级指标设置分值10分" speaks of what the sentence before named
    name = parts[0] if len(parts) > 1 and _POINTING.match(parts[-1]) else parts[-1]
    pieces = [piece for piece in re.split(r"，(?![^“”]*”)", name) if piece]
    return (pieces[0] if pieces else name).strip("，、（） ")


def nested(items: list[ScoredItem]) -> list[ScoredItem]:
    """The items as trees: each is put under the item it belongs to; totals head what follows them."""
    roots: list[ScoredItem] = []
    stack: list[ScoredItem] = []
    total: ScoredItem | None = None
    for item in items:
        if item.is_total:
            stack = []
            if total is not None and _restates(total, item):
                continue
            total = item
            roots.append(item)
            continue
        known = _known(total, item)
        if known is not None:
            known.level, known.section = item.level, item.section
            known.again.extend(each for each in (item.score,) if each is not None)
            stack = [known]
            continue
        while stack and not _holds(stack[-1], item):
            stack.pop()
        if stack:
            stack[-1].children.append(item)
        elif total is not None and item.section[:1] == total.section[:1]:
            total.children.append(item)
        else:
            roots.append(item)
        stack.append(item)
    return roots


def _known(total: ScoredItem | None, item: ScoredItem) -> ScoredItem | None:
    """The part of the total that a later section opens with again; it may have no parts of its own yet."""
    if total is None or item.points is None or not item.name or item.section == total.section:
        return None
    return next(
        (
            each
            for each in total.children
            if each.name == item.name
            and not each.children
            and each.points is not None
            and each.points.amount == item.points.amount
        ),
        None,
    )


def _restates(total: ScoredItem, other: ScoredItem) -> bool:
    """Whether a second statement of the total says the same."""
    same_score = (
        total.score is not None and other.score is not None and total.score.amount == other.score.amount
    )
    return same_score or other.score is None


def _holds(upper: ScoredItem, item: ScoredItem) -> bool:
    return upper.level < item.level and item.section[: len(upper.section)] == upper.section


@once
def scored_trees(reading: Reading) -> list[ScoredItem]:
    """The scored items of the running text as trees."""
    return nested(items_in_text(reading))


def named(item: ScoredItem) -> str:
    """The name of an item in quotation marks, for a message."""
    name = item.name.replace("“", "").replace("”", "")
    return f"“{name[:30]}…”" if len(name) > 30 else f"“{name}”"


def parts_of(item: ScoredItem, pick: Callable[[ScoredItem], Numeral | None]) -> list[ScoredItem]:
    """What stands right under an item with a figure of its own: a group without one gives way to its parts."""
    found: list[ScoredItem] = []
    for child in item.children:
        if pick(child) is None and child.children:
            found.extend(parts_of(child, pick))
        else:
            found.append(child)
    return found


def words_of(reading: Reading, item: ScoredItem) -> str:
    """The text of an item up to the next item; "" for an item of a table."""
    return reading.passages[item.passage].text[item.start : item.end] if item.row is None else ""


def numerals_of(reading: Reading, item: ScoredItem) -> list[Numeral]:
    """The numerals of an item's text."""
    if item.row is not None:
        return []
    return [each for each in reading.numerals_in(item.passage) if item.start <= each.start < item.end]
