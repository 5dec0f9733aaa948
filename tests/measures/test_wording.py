"""Conditions in words: fields and values by their labels, nothing lost, nothing that could be read in two ways."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest

from zhunsheng.expressions.nodes import Column, walk
from zhunsheng.expressions.parsing import Scope, parse
from zhunsheng.expressions.types import DATE, INTEGER, TEXT
from zhunsheng.indicators.definition import IndicatorVersion, ParameterDefinition
from zhunsheng.indicators.measure import Aggregate, Measure
from zhunsheng.ledgers.definition import LedgerDefinition, field_type
from zhunsheng.measures.describing import measure_words
from zhunsheng.measures.wording import Wording
from zhunsheng.store.indicator_files import indicator_codes, indicator_of
from zhunsheng.store.ledger_files import ledger_of

_OPEN = {"start": DATE, "end": DATE, "year": INTEGER, "base": TEXT, "least": INTEGER}


def said(ledger_code: str, text: str) -> str:
    ledger = ledger_of(ledger_code)
    assert isinstance(ledger, LedgerDefinition)
    tree = parse(text, Scope(lambda path: field_type(ledger, path, ledger_of), _OPEN)).root
    return Wording(
        ledger, ledger_of, {"base": ParameterDefinition("base", "台数口径", "X", {"X": "在册的"})}
    ).condition(tree)


@pytest.mark.parametrize(
    ("ledger", "text", "words"),
    [
        ("patent", "kind = 'INV'", "“专利类型”为发明"),
        ("patent", "kind <> 'INV' AND granted_on <= :end", "“专利类型”不为发明，且“授权日期”不晚于期末"),
        ("budget_line", "kind IN ('BASIC_PUBLIC', 'PROJECT')", "“支出类别”为公用经费、项目支出之一"),
        ("budget_line", "initial >= 10000000", "“年初预算数” ≥ 10,000,000元"),
        ("budget_line", "new_project", "“是否新增项目”为是"),
        ("budget_line", "NOT new_project", "“是否新增项目”为否"),
        ("budget_line", "year = :year", "“预算年度”为评价年度"),
        ("budget_line", "year = :year - 1", "“预算年度” = 评价年度 － 1"),
        (
            "budget_line",
            "new_project AND (recurring OR initial < 5)",
            "“是否新增项目”为是，且（“是否经常性”为是，或“年初预算数” ＜ 5元）",
        ),
        (
            "budget_line",
            "new_project AND recurring OR initial < 5",
            "（“是否新增项目”为是，且“是否经常性”为是），或“年初预算数” ＜ 5元",
        ),
        ("budget_line", "NOT (new_project OR recurring)", "并非（“是否新增项目”为是，或“是否经常性”为是）"),
        ("budget_line", "(initial + 1) * 2 > 3", "（“年初预算数” ＋ 1） × 2 ＞ 3"),
        ("budget_line", "initial - (initial - 1) > 0", "“年初预算数” － （“年初预算数” － 1） ＞ 0"),
        ("budget_change", "line_id.kind = 'PROJECT'", "“预算明细的支出类别”为项目支出"),
        ("patent", "lapsed_on IS NULL", "“失效日期”为空"),
        ("patent", "lapsed_on IS NOT NULL", "“失效日期”不为空"),
        ("patent", "lapsed_on > :end OR :base = 'X'", "“失效日期”晚于期末，或所选台数口径为“在册的”"),
        ("patent", "days(granted_on, lapsed_on) < 30", "“授权日期”至“失效日期”的天数 ＜ 30"),
        (
            "patent",
            "coalesce(lapsed_on, :end) >= :start",
            "“失效日期”（为空时取期末）不早于期初",
        ),
        ("seal_set", "contains(kinds, 'FINANCE')", "“印章种类”含财务专用章"),
    ],
)
def test_a_condition_is_said_with_labels(ledger: str, text: str, words: str) -> None:
    assert said(ledger, text) == words


def measures() -> list[tuple[str, IndicatorVersion, Measure]]:
    found = []
    for code in indicator_codes():
        definition = indicator_of(code)
        assert definition is not None
        found += [(code, version, each) for version in definition.versions for each in version.measures]
    return found


def columns_of(measure: Measure) -> set[str]:
    parts = [measure.of, measure.where]
    if measure.grouping is not None:
        parts += [measure.grouping.having, *(each.where for _, each in measure.grouping.values)]
    return {
        each.name
        for part in parts
        if part is not None
        for each in walk(part.root)
        if isinstance(each, Column)
    }


@pytest.mark.parametrize(
    ("code", "version", "measure"), measures(), ids=lambda each: getattr(each, "name", None)
)
def test_no_measure_names_a_field_by_its_code(code: str, version: IndicatorVersion, measure: Measure) -> None:
    words = measure_words(measure, ledger_of, version.parameters)
    # constants of texts stand in quotation marks with capitals; a field's code is in small letters
    assert not re.findall(r"[a-z]+_[a-z_]+|\b[a-z]{3,}\b", words), (code, words)
    assert words.count("（") == words.count("）")
    assert words.count("〔") == words.count("〕")
    ledger = ledger_of(measure.ledger)
    assert ledger is not None
    for column in columns_of(measure):
        if column in ledger.by_name:
            assert ledger.by_name[column].label in words, (code, column, words)


def levels(words: str) -> list[str]:
    """What stands between brackets, each level by itself."""
    found: list[str] = []
    while inner := re.search(r"[（〔][^（〔）〕]*[）〕]", words):
        found.append(inner[0])
        words = words.replace(inner[0], "", 1)
    return [*found, words]


@pytest.mark.parametrize(
    ("code", "version", "measure"), measures(), ids=lambda each: getattr(each, "name", None)
)
def test_and_and_or_never_stand_side_by_side(code: str, version: IndicatorVersion, measure: Measure) -> None:
    for level in levels(measure_words(measure, ledger_of, version.parameters)):
        assert not ("，且" in level and "，或" in level), (code, level)


def test_a_quantile_is_said_with_its_share() -> None:
    found = [each for _, _, each in measures() if each.aggregate is Aggregate.QUANTILE]
    assert found
    for measure in found:
        for share, words in ((950, "的 95% 分位数"), (500, "的中位数"), (995, "的 99.5% 分位数")):
            assert words in measure_words(replace(measure, quantile=share), ledger_of)


def test_different_conditions_of_an_indicator_are_said_differently() -> None:
    for (code, version, one), (other_code, other_version, other) in pairwise(measures()):
        if code == other_code and version == other_version and one.where != other.where:
            assert measure_words(one, ledger_of) != measure_words(other, ledger_of), code


def test_a_parameter_of_the_definition_is_named() -> None:
    version = next(
        version for code, version, _ in measures() if code == "project_payout_rate" and version.parameters
    )
    label = next(each.label for each in version.parameters if each.name == "project")
    assert isinstance(version.parameters[0], ParameterDefinition)
    assert any(
        f"所选{label}" in measure_words(each, ledger_of, version.parameters) for each in version.measures
    )
