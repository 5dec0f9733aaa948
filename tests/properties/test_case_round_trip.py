"""A case survives both adapters: the workbook and the directory give back what was written."""

import string
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhunsheng.documents.case_workbook import read_case_workbook, write_case_workbook
from zhunsheng.kernel.money import Money
from zhunsheng.plans.case import Actual, Case, Indicator, Task
from zhunsheng.plans.checks import HAS_VALUE
from zhunsheng.plans.choices import Nature, Sign, Tier
from zhunsheng.plans.columns import Column, Holds
from zhunsheng.plans.sections import SECTIONS, Section
from zhunsheng.store.case_directory import files_of, read_case_directory, write_case_directory

Draw: TypeAlias = Callable[[st.SearchStrategy[Any]], Any]

# The rules below restate what a valid case may hold; they do not use the code under test.
# Words that programs like to take for something else, beside free text.
_TRICKY = st.sampled_from(
    [
        "=1+1",
        "+86 20 1234",
        "-0",
        "@SUM(A1)",
        "#N/A",
        "#DIV/0!",
        "TRUE",
        "是",
        "null",
        "~",
        "001",
        "1E+5",
        "1,434,465",
        "2023-12-10",
        "95.91%",
        "_x000D_",
        "_x005F_x0041_",
        "_x0041_x0042_",
        "x005F_",
        "'引号",
        "a: b # c",
        "- 甲\n- 乙",
        "甲\n\n  乙\n\t丙",
        "{{ indicator.1.1.actual }}",
        "﹪，。；",
        "😀𠮷",
        "<b>&amp;</b>",
        "!!float 1",
        "---\n...",
        "%TAG",
        "行\u2028分隔\u2029\u0085符\u200b",
    ]
)
_LETTERS = st.characters(
    exclude_categories=("Cs", "Cc", "Cn", "Co"), exclude_characters="\ufeff", include_characters="\n\t"
)


def _clean(text: str) -> str:
    return text.replace("\r", "").strip()


_TEXT = st.one_of(_TRICKY, st.text(_LETTERS, max_size=40)).map(_clean)
_LINE = st.one_of(_TRICKY, st.text(_LETTERS, max_size=30)).map(lambda text: _clean(text.split("\n")[0]))
_CODE = st.text(string.ascii_letters + string.digits + ".-_=甲乙指标１", min_size=1, max_size=8).filter(
    lambda code: not code.startswith(".")
)


def _decimals(significant: int = 15) -> st.SearchStrategy[Decimal]:
    digits = st.integers(-(10**significant) + 1, 10**significant - 1)
    return st.builds(lambda number, places: Decimal(number).scaleb(-places), digits, st.integers(0, 6))


_BY_KIND: dict[Holds, st.SearchStrategy[object]] = {
    Holds.TEXT: _TEXT,
    Holds.LONG: _TEXT,
    Holds.CODE: st.one_of(st.just(""), _CODE),
    Holds.INTEGER: st.one_of(st.none(), st.integers(-(10**17), 10**17)),
    Holds.DECIMAL: st.one_of(st.none(), _decimals(), _decimals(20)),
    Holds.MONEY: st.one_of(st.none(), _decimals().map(lambda amount: Money.of(amount, "万元"))),
    Holds.DATE: st.one_of(st.none(), st.dates(date(2000, 1, 1), date(2100, 12, 31))),
    Holds.BOOLEAN: st.booleans(),
    Holds.LINES: st.lists(_LINE.filter(bool), max_size=3).map(tuple),
    Holds.CODES: st.lists(_CODE, max_size=3).map(tuple),
}


def _cell(column: Column, default: object) -> st.SearchStrategy[Any]:
    if column.choices is not None:
        chosen: st.SearchStrategy[object] = st.sampled_from(list(column.choices))
        return chosen if column.required or default != "" else st.one_of(st.just(""), chosen)
    if column.required and column.holds is Holds.CODE:
        return _CODE
    values = _BY_KIND[column.holds]
    return values.filter(lambda value: value not in ("", None)) if column.required else values


def _record(section: Section) -> st.SearchStrategy[Any]:
    defaults = section.record()
    return st.builds(
        section.record, **{each.name: _cell(each, getattr(defaults, each.name)) for each in section.columns}
    )


def _rows(section: Section) -> st.SearchStrategy[tuple[Any, ...]]:
    def key(record: Any) -> tuple[object, ...]:
        return tuple(getattr(record, name) for name in section.key)

    return st.lists(_record(section), max_size=3, unique_by=key).map(tuple)


_TABLES = {each.name: _rows(each) for each in SECTIONS if each.shape == "table"}
_RECORDS = {each.name: _record(each) for each in SECTIONS if each.shape == "record"}
# sections that refer to each other come together; a case with all of them at once is too large to draw
_TOGETHER = [
    ("tasks", "projects", "indicators", "actuals"),
    ("indicators", "key_indicators", "reductions"),
    ("shortcomings", "remedies", "narrative", "sources"),
]


@st.composite
def _rough(draw: Draw) -> Case:
    names = draw(
        st.one_of(
            st.sampled_from(_TOGETHER),
            st.lists(st.sampled_from(sorted(_TABLES)), max_size=4, unique=True).map(tuple),
        )
    )
    chosen = _RECORDS | {name: _TABLES[name] for name in names}
    return Case(**{name: draw(strategy) for name, strategy in chosen.items()})


def _picked(draw: Draw, known: list[str]) -> str:
    return str(draw(st.sampled_from(["", *known])))


@st.composite
def cases(draw: Draw) -> Case:
    """A valid case: references resolve, points add up, actual values fit their status and target."""
    rough: Case = draw(_rough())
    tasks = [each.code for each in rough.tasks]
    projects = [each.code for each in rough.projects]
    indicators = tuple(_indicator(draw, each, tasks, projects) for each in rough.indicators)
    codes = [each.code for each in indicators]
    actuals = tuple(
        _actual(draw, actual, indicator) for actual, indicator in zip(rough.actuals, indicators, strict=False)
    )
    remedies = tuple(
        replace(each, answers=tuple(code for code in (problem.code for problem in rough.shortcomings)))
        for each in rough.remedies
    )
    return replace(
        rough,
        about=replace(rough.about, fiscal_year=draw(st.integers(2000, 2100))),
        tasks=tuple(_with_points(each, indicators) for each in rough.tasks),
        indicators=indicators,
        key_indicators=tuple(replace(each, same_as=_picked(draw, codes)) for each in rough.key_indicators),
        actuals=actuals,
        reductions=tuple(
            replace(each, indicator=code, share=draw(st.decimals(0, 1, places=3)))
            for each, code in zip(rough.reductions, codes, strict=False)
        ),
        remedies=remedies,
        narrative=tuple(sorted(rough.narrative, key=lambda part: part.section)),
    )


def _indicator(draw: Draw, rough: Indicator, tasks: list[str], projects: list[str]) -> Indicator:
    value = {
        Nature.DEADLINE: st.dates(date(2000, 1, 1), date(2100, 12, 31)).map(str),
        Nature.QUALITATIVE: _LINE,
        Nature.YES_NO: st.sampled_from(["是", "否", ""]),
    }.get(rough.nature, _decimals().map(lambda number: f"{number:f}"))
    return replace(
        rough,
        task=_picked(draw, tasks),
        project=_picked(draw, projects),
        target_value=draw(value),
        target_sign=Sign.AT_LEAST if rough.target_sign is Sign.QUALITATIVE else rough.target_sign,
        points=draw(st.one_of(st.none(), _decimals().map(lambda number: abs(number) + 1))),
    )


def _with_points(task: Task, indicators: tuple[Indicator, ...]) -> Task:
    listed = [each.points for each in indicators if each.task == task.code and each.points is not None]
    return replace(task, points=sum(listed, Decimal(0)) if listed else task.points)


def _actual(draw: Draw, rough: Actual, indicator: Indicator) -> Actual:
    known = rough.status in HAS_VALUE
    # a value of the target's own kind, or a tier where no value is needed
    value = indicator.target_value if known and draw(st.booleans()) else ""
    chosen = replace(rough, indicator=indicator.code, value=value)
    if known and (not value or draw(st.booleans())):
        return replace(chosen, tier=Tier.REACHED)
    return replace(chosen, tier=Actual().tier)


_SETTINGS = settings(
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


def _errors(problems: tuple[Any, ...]) -> list[str]:
    return [f"{each.code} {each.place} {each.what}" for each in problems if each.severity.value == "error"]


@pytest.mark.slow
@settings(_SETTINGS, max_examples=60)
@given(case=cases())
def test_a_case_is_the_same_after_being_written_to_a_workbook_and_read(case: Case) -> None:
    read, problems = read_case_workbook(write_case_workbook(case), "年度档案.xlsx")
    assert _errors(problems) == []
    assert read == case
    assert read is not None
    # equal decimals may be written with different decimals, equal files may not
    assert files_of(read) == files_of(case)


@pytest.mark.slow
@settings(_SETTINGS, max_examples=120)
@given(case=cases())
def test_a_case_is_the_same_after_being_written_to_a_directory_and_read(case: Case) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_case_directory(case, Path(folder) / "case")
        read, problems = read_case_directory(Path(folder) / "case")
    assert _errors(problems) == []
    assert read == case
    assert read is not None
    assert files_of(read) == files_of(case)


@pytest.mark.slow
@settings(_SETTINGS, max_examples=10)
@given(case=cases())
def test_writing_a_case_twice_gives_the_same_bytes(case: Case) -> None:
    assert write_case_workbook(case) == write_case_workbook(case)
