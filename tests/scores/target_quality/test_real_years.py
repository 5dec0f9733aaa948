"""The target-quality rules on both real years."""

from functools import lru_cache

import pytest
from target_quality import RULES

from zhunsheng.assembly.cases import load_case
from zhunsheng.assembly.evaluating import evaluate_loaded
from zhunsheng.plans.choices import Tier
from zhunsheng.scores.review.registry import checks
from zhunsheng.scores.review.rule import Finding
from zhunsheng.scores.review.year import ReviewedYear


@lru_cache(maxsize=2)
def real_year(code: str) -> ReviewedYear:
    loaded = load_case(code)
    return ReviewedYear(loaded.case, evaluate_loaded(loaded)[0])


def in_year(rule: str, code: str) -> list[Finding]:
    return list(checks()[rule](real_year(code), RULES[rule]))


def firsts(rule: str, code: str) -> list[str]:
    return [finding.items[0] for finding in in_year(rule, code)]


@pytest.mark.parametrize("pair", [("K5", "6.2"), ("K7", "8.4"), ("K9", "9.2")])
def test_guangzhou_key_indicators_under_other_names_are_found(pair: tuple[str, str]) -> None:
    assert pair in [finding.items for finding in in_year("Q03", "guangzhou-2021")]


def test_guangzhou_states_five_batches_and_measures_four() -> None:
    (finding,) = in_year("Q04", "guangzhou-2021")
    assert finding.items == ("6.3",)
    assert "5 批次" in finding.what
    assert "4 份" in finding.what


@pytest.mark.parametrize(
    ("rule", "code", "items"),
    [
        ("Q05", "guangzhou-2021", ["1.2", "8.4"]),
        ("Q05", "huadu-2023", ["O2", "O4", "O5"]),
        ("Q06", "guangzhou-2021", []),
        ("Q06", "huadu-2023", ["O6"]),
        ("Q07", "guangzhou-2021", []),
        ("Q07", "huadu-2023", ["O1", "O3"]),
        ("Q08", "huadu-2023", ["O7", "F1", "O1"]),
        ("Q09", "huadu-2023", ["O2", "F3"]),
        ("Q10", "huadu-2023", []),
        ("Q12", "guangzhou-2021", []),
        ("Q12", "huadu-2023", []),
        ("Q13", "guangzhou-2021", []),
        ("Q14", "huadu-2023", []),
        ("Q15", "guangzhou-2021", ["1.1"]),
        ("Q16", "huadu-2023", []),
    ],
)
def test_the_real_years_have_these_findings(rule: str, code: str, items: list[str]) -> None:
    assert firsts(rule, code) == items


def test_guangzhou_has_mostly_completion_rates() -> None:
    assert len(in_year("Q10", "guangzhou-2021")) == 1


def test_guangzhou_counts_differ_twice() -> None:
    assert [finding.what for finding in in_year("Q16", "guangzhou-2021")] == [
        "绩效指标：称 41 项，列出 40 项",
        "任务“工业品药品等抽检”的指标：称 5 项，列出 4 项",
    ]


@pytest.mark.parametrize(
    ("code", "one", "other"),
    [
        ("guangzhou-2021", "126.21%", "126.71%"),
        ("guangzhou-2021", "49.5 件", "49.6 件"),
        ("huadu-2023", "1291 宗", "1270 宗"),
    ],
)
def test_facts_with_two_values_in_the_real_reports_are_each_found_once(
    code: str, one: str, other: str
) -> None:
    assert sum(one in finding.what and other in finding.what for finding in in_year("Q17", code)) == 1


def test_printed_scores_without_a_value_are_at_risk_and_statements_are_not() -> None:
    findings = in_year("Q18", "guangzhou-2021")
    bare = {finding.items[0] for finding in findings if finding.points_at_risk}
    assert {"1.1", "8.2"} <= bare
    assert "8.1" not in bare
    assert all(not finding.points_at_risk for finding in in_year("Q18", "huadu-2023"))


def test_a_tier_without_vague_words_is_accepted_in_the_real_year() -> None:
    assert real_year("huadu-2023").case.actual_of["F1"].tier is Tier.REACHED
    assert in_year("Q11", "huadu-2023") == []
