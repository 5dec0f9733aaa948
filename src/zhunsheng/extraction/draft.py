"""The draft of a case from a report: everything that was understood, each with its place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from zhunsheng.audit.passages import Passage
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.scoring_items import scored_trees
from zhunsheng.extraction.body import body_of, divisions_of, duties_of
from zhunsheng.extraction.indicators import FoundIndicator, indicators_of
from zhunsheng.extraction.money import budget_of, projects_of
from zhunsheng.extraction.places import passage_place, place_text
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Problem, Severity
from zhunsheng.kernel.rounding import plain
from zhunsheng.plans.case import (
    About,
    Actual,
    Case,
    Indicator,
    KeyIndicator,
    PrintedFigure,
    PrintedScore,
    Remedy,
    Shortcoming,
    Source,
    Task,
)
from zhunsheng.plans.choices import ActualStatus, EvidenceStatus, Nature, PointsBasis, Sign, SourceKind
from zhunsheng.rubrics.rubric import Rubric

NOT_READ = Kind(
    "EXTRACT-001", Severity.WARNING, "报告中没有读到这一部分", "对照报告原文手工补填，或检查该部分的写法。"
)
NO_ACTUAL = Kind("EXTRACT-002", Severity.NOTE, "报告没有写完成值", "向业务处室收集完成值和佐证后填写。")
_PROBLEMS = re.compile(r"存在的?(?:主要)?问题")
_MEASURES = re.compile(r"(?:下一步)?(?:改进|工作|整改)?(?:措施|建议|打算)")
_TOTAL = re.compile(r"(?:自评|综合|评价)(?:得分|评分)(?:为|是)?$")
_GRADE = re.compile(r"(?:等级|等次|结果)(?:为|是|评定为)?“?([优良中差])”?")
_STATED_TASKS = re.compile(r"(\d{1,3})[项个](?:部门)?(?:年度)?重点(?:工作)?任务")
_STATED_INDICATORS = re.compile(
    r"绩效指标(?:共计?|合计|总计)?(\d{1,3})[项个]|(\d{1,3})[项个](?:年度)?绩效指标"
)
_SUBJECT = 30


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft case and what is still to be done by hand."""

    case: Case
    problems: tuple[Problem, ...]


def draft_case(reading: Reading, rubric: Rubric, code: str = "") -> Draft:
    """Make the draft.

    Args:
        rubric: the scores printed for its nodes are taken over by name.
        code: the case's code; made from the year when "".
    """
    body, title = body_of(reading)
    year = reading.fiscal_year
    everything = indicators_of(reading)
    tasks = _tasks(everything)
    # a list without tasks beside one with tasks holds the key indicators of the whole department
    found = [each for each in everything if each.task or not tasks]
    key = [each for each in everything if tasks and not each.task]
    indicators = tuple(_indicator(each, f"I{number}", tasks) for number, each in enumerate(found, start=1))
    divisions, counts = divisions_of(reading)
    total, grade = _total(reading)
    case = Case(
        about=About(
            code=code or f"draft-{year or 'year'}",
            title=title,
            fiscal_year=year,
            rubric=rubric.code,
            points_assumption=""
            if all(each.points for each in found)
            else "原文没有载明全部指标分值，须补填",
            stated_tasks=_stated(reading, _STATED_TASKS),
            stated_indicators=_stated(reading, _STATED_INDICATORS),
            printed_total=total,
            printed_grade=grade,
            note="由报告自动摘录的草稿，须逐项核对后使用。",
        ),
        body=body,
        sources=(
            Source("report", title or reading.document.name, body.name, lines="L 为文本行号，页为原件页码"),
        ),
        duties=tuple(duties_of(reading)),
        divisions=divisions,
        division_counts=counts,
        tasks=tuple(tasks.values()),
        key_indicators=tuple(_key(each, f"K{number}") for number, each in enumerate(key, start=1)),
        indicators=indicators,
        actuals=tuple(
            _actual(each, indicator.code) for each, indicator in zip(found, indicators, strict=True)
        ),
        printed_scores=tuple(_printed_scores(reading, rubric, found, indicators)),
        budget=budget_of(reading),
        projects=tuple(projects_of(reading)),
        shortcomings=tuple(_shortcomings(reading)),
        remedies=tuple(_remedies(reading)),
        printed_figures=tuple(_figures(reading)),
    )
    return Draft(case, tuple(_remarks(reading, case)))


def _stated(reading: Reading, pattern: re.Pattern[str]) -> int | None:
    """The number that the report itself gives, None when it gives none."""
    matches = (pattern.search(passage.text) for passage in reading.prose)
    return next((int(match[1] or match[match.lastindex or 1]) for match in matches if match), None)


def _tasks(found: list[FoundIndicator]) -> dict[str, Task]:
    tasks: dict[str, Task] = {}
    for each in found:
        if each.task and each.task not in tasks:
            name = re.sub(r"^[一二三四五六七八九十]+、", "", each.task)
            tasks[each.task] = Task(code=f"T{len(tasks) + 1}", name=name, place=each.task_place)
    return tasks


def _indicator(found: FoundIndicator, code: str, tasks: dict[str, Task]) -> Indicator:
    value, unit = found.target_value
    return Indicator(
        code=code,
        name=found.name,
        task=tasks[found.task].code if found.task in tasks else "",
        group=found.group,
        kind=found.kind,
        nature=found.nature,
        target_text=found.target_text,
        target_sign=found.sign,
        target_value=value,
        target_unit=unit,
        points=found.points or None,
        points_basis=PointsBasis.PRINTED if found.points else PointsBasis.INFERRED,
        place=found.place,
    )


def _key(found: FoundIndicator, code: str) -> KeyIndicator:
    value, unit = found.target_value
    return KeyIndicator(
        code=code,
        name=found.name,
        target_text=found.target_text,
        target_sign=found.sign,
        target_value=value,
        target_unit=unit,
        actual_text=found.actual_text,
        place=found.place,
    )


def _actual(found: FoundIndicator, code: str) -> Actual:
    quantity = found.actual
    judged = found.nature in {Nature.QUALITATIVE, Nature.DEADLINE} or found.sign is Sign.QUALITATIVE
    if quantity is None or judged:
        return Actual(
            indicator=code,
            status=ActualStatus.NOT_COLLECTED,
            printed=found.actual_text,
            source_kind=SourceKind.REPORTED,
            place=found.place,
        )
    return Actual(
        indicator=code,
        status=ActualStatus.REPORTED,
        value=plain(quantity.value),
        unit=quantity.printed_unit,
        printed=found.actual_text,
        source_kind=SourceKind.REPORTED,
        evidence_status=EvidenceStatus.CLAIMED,
        place=found.place,
    )


def _printed_scores(
    reading: Reading, rubric: Rubric, found: list[FoundIndicator], indicators: tuple[Indicator, ...]
) -> Iterator[PrintedScore]:
    for each, indicator in zip(found, indicators, strict=True):
        if each.score is not None:
            yield PrintedScore(item=indicator.code, points=each.points, score=each.score, place=each.place)
    by_name = {node.name: node.code for node in rubric.walk()}
    taken: set[str] = set()
    for tree in scored_trees(reading):
        for item in tree.walk():
            code = by_name.get(item.name.replace("“", "").replace("”", "")) or by_name.get(item.name)
            if code is None or code in taken or item.score is None or item.score.quantity is None:
                continue
            taken.add(code)
            points = item.points.quantity.value if item.points and item.points.quantity else None
            yield PrintedScore(
                item=code,
                points=points,
                score=item.score.quantity.value,
                place=place_text(reading, item.score.span),
            )


def _total(reading: Reading) -> tuple[Decimal | None, str]:
    for passage in reading.prose:
        for numeral in reading.numerals_in(passage):
            before = passage.text[max(0, numeral.start - 12) : numeral.start]
            if numeral.quantity is None or numeral.quantity.unit != "分" or not _TOTAL.search(before):
                continue
            grade = _GRADE.search(passage.text, numeral.end)
            if grade is not None:
                return numeral.quantity.value, grade[1]
    return None, ""


def _under(reading: Reading, pattern: re.Pattern[str]) -> Iterator[Passage]:
    for passage in reading.prose:
        titles = reading.section_titles(passage)
        if titles and pattern.search(titles[0]) and len(titles[0]) <= _SUBJECT and len(passage.section) >= 1:
            own = reading.headings[passage.section[0]].passage
            if passage.number != own:
                yield passage


def _shortcomings(reading: Reading) -> Iterator[Shortcoming]:
    for number, (title, text, place) in enumerate(_items(reading, _PROBLEMS), start=1):
        yield Shortcoming(code=f"Q{number}", title=title, text=text, place=place)


def _remedies(reading: Reading) -> Iterator[Remedy]:
    for number, (title, text, place) in enumerate(_items(reading, _MEASURES), start=1):
        yield Remedy(code=f"C{number}", title=title, text=text, place=place)


def _items(reading: Reading, pattern: re.Pattern[str]) -> Iterator[tuple[str, str, str]]:
    """Title, text and place of the items of a section: sub-headings, else paragraphs."""
    open_title, place = "", ""
    texts: list[str] = []
    for passage in _under(reading, pattern):
        if passage.is_heading:
            if open_title:
                yield open_title, "\n".join(texts), place
            open_title = reading.headings[passage.section[-1]].title
            texts, place = [], passage_place(reading, passage.number)
        elif open_title:
            texts.append(passage.text)
        else:
            yield (
                passage.text[:_SUBJECT].strip("，。：；"),
                passage.text,
                passage_place(reading, passage.number),
            )
    if open_title:
        yield open_title, "\n".join(texts), place


def _figures(reading: Reading) -> Iterator[PrintedFigure]:
    number = 0
    for numeral in reading.numerals:
        if numeral.quantity is None or numeral.is_structural:
            continue
        number += 1
        passage = reading.passage_of(numeral)
        subject = re.split(r"[，。；：\n]", passage.text[: numeral.start])[-1][-_SUBJECT:]
        if not subject and passage.cell is not None:
            view = reading.tables[passage.cell.table]
            subject = f"{view.label(passage.cell.row)} {view.header(passage.cell.column)}"[:_SUBJECT]
        yield PrintedFigure(
            code=f"N{number}",
            role=numeral.role.value,
            subject=subject.strip(),
            value=plain(numeral.quantity.value),
            unit=numeral.quantity.printed_unit,
            comparator=numeral.bound.value,
            printed=numeral.text,
            place=place_text(reading, numeral.span),
        )


def _remarks(reading: Reading, case: Case) -> Iterator[Problem]:
    place = Place(reading.document.name)
    parts = (
        ("部门名称", case.body.name),
        ("年度", case.about.fiscal_year),
        ("指标", case.indicators),
        ("收支", case.budget),
        ("项目", case.projects),
        ("存在的问题", case.shortcomings),
        ("改进措施", case.remedies),
    )
    for name, content in parts:
        if not content:
            yield NOT_READ.at(place, f"没有读到“{name}”")
    for actual in case.actuals:
        if actual.status is ActualStatus.NOT_COLLECTED:
            name = case.indicator_by_code[actual.indicator].name
            yield NO_ACTUAL.at(Place(reading.document.name, field=actual.place), f"指标“{name}”没有完成值")
