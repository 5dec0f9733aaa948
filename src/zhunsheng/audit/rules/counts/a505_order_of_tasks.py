"""A505: tasks set in a table come back in the analysis in the same order and with the same names."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zhunsheng.audit.document import Span
from zhunsheng.audit.finding import Check, FoundPlace, Outcome
from zhunsheng.audit.outline import Heading
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.joined_tables import JoinedTable, joined_tables
from zhunsheng.audit.rule import AuditRule, place_at

CODE = "A505"

_LABEL = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）|\d{1,2}[.、])?(?P<name>[^。\n]+)"
)
_QUOTED = re.compile(r"^“(?P<name>.{4,80}?)”(?=指标|任务|项目|工作|完成)")
_SHORTEST = 6
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class _Task:
    """A task of the table: its place in order and its name."""

    number: int
    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class _Mention:
    heading: Heading
    name: str
    task: _Task


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Match the headings of one list with the groups of every table of tasks."""
    for table in joined_tables(reading):
        tasks = _tasks(reading, table)
        if len(tasks) < rule.numbers["least"]:
            continue
        for siblings in _lists(reading):
            mentions = _matched(siblings, tasks)
            if len(mentions) >= rule.numbers["least"] and len(mentions) * 5 >= len(tasks) * 4:
                yield _judged(reading, rule, mentions)


def _tasks(reading: Reading, table: JoinedTable) -> list[_Task]:
    found: list[_Task] = []
    for label, rows in table.groups(0):
        match = _LABEL.match(label)
        name = _bare(match["name"]) if match else ""
        if len(name) >= _SHORTEST and rows:
            view, row = rows[0]
            passage = reading.passages[view.passages[row, 0]]
            span = passage.span(0, min(len(passage.text), _SHOWN))
            found.append(_Task(len(found) + 1, name, span))
    return found


def _lists(reading: Reading) -> list[list[Heading]]:
    """Headings under one heading with one numbering style."""
    found: dict[tuple[int | None, object], list[Heading]] = {}
    for heading in reading.headings:
        if heading.mark is not None:
            found.setdefault((heading.parent, heading.mark.style), []).append(heading)
    return list(found.values())


def _matched(headings: Sequence[Heading], tasks: Sequence[_Task]) -> list[_Mention]:
    found: list[_Mention] = []
    for heading in headings:
        quoted = _QUOTED.match(heading.title)
        name = _bare(quoted["name"] if quoted else re.split(r"。|指标完成情况", heading.title)[0])
        if len(name) < _SHORTEST:
            continue
        fitting = [task for task in tasks if task.name.startswith(name) or name.startswith(task.name)]
        if len(fitting) == 1:
            found.append(_Mention(heading, name, fitting[0]))
    return found


def _bare(text: str) -> str:
    return re.sub(r"[^\u4e00-\u9fff]", "", text)


def _judged(reading: Reading, rule: AuditRule, mentions: Sequence[_Mention]) -> Check:
    order = [each.task.number for each in mentions]
    short = [each for each in mentions if each.name != each.task.name]
    if order == sorted(order) and not short:
        return Check(rule.code, Outcome.PASSED, ())
    said = []
    places = []
    if order != sorted(order):
        said.append(f"表中各项的次序在文中成了 {'、'.join(map(str, order))}")
        moved = next(
            each for each, number in zip(mentions, sorted(order), strict=True) if each.task.number != number
        )
        places.append(_place(reading, moved))
    if short:
        said.append(f"{len(short)} 项的名称与表中不同（如“{short[0].name[:20]}”）")
        if not places:
            places.append(_place(reading, short[0]))
    places.append(place_at(reading, mentions[0].task.span, "表中的任务"))
    return rule.failed(rule.finding("同一组任务前后写法不同：" + "；".join(said), places, confidence="0.8"))


def _place(reading: Reading, mention: _Mention) -> FoundPlace:
    passage = reading.passages[mention.heading.passage]
    return place_at(reading, passage.span(0, min(len(passage.text), _SHOWN)), "文中的任务")
