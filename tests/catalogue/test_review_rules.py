"""Every shipped review rule: readable, named after its file, and with a check when a case is enough."""

import pytest

from zhunsheng.scores.review.registry import checks
from zhunsheng.scores.review.rule import Applies, ReviewRule, RuleGroup
from zhunsheng.store.definition_files import definitions_directory
from zhunsheng.store.review_rule_files import load_review_rules

RULES, PROBLEMS = load_review_rules()
FILES = sorted(path.stem for path in (definitions_directory() / "review_rules").glob("*.yaml"))


def test_every_rule_is_read_without_problems() -> None:
    assert [f"{each.place} {each.what}" for each in PROBLEMS] == []


def test_every_file_is_named_after_its_code() -> None:
    assert [rule.code for rule in RULES] == FILES


def test_the_target_quality_rules_are_all_shipped() -> None:
    quality = [rule.code for rule in RULES if rule.group is RuleGroup.TARGET_QUALITY]
    assert quality == [f"Q{number:02}" for number in range(1, 19)]


def test_every_rule_that_a_case_is_enough_for_has_a_check() -> None:
    wanted = {rule.code for rule in RULES if rule.applies is Applies.CASE}
    assert wanted - set(checks()) == set()


def test_every_check_has_a_definition_that_lets_it_run() -> None:
    wanted = {rule.code for rule in RULES if rule.applies is Applies.CASE}
    assert set(checks()) - wanted == set()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_that_needs_more_than_a_case_says_why(rule: ReviewRule) -> None:
    assert bool(rule.reason) == (rule.applies is Applies.DOCUMENT)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_cites_a_described_document_or_none(rule: ReviewRule) -> None:
    described = {path.stem for path in (definitions_directory() / "sources").glob("*.yaml")}
    assert rule.source.clause
    assert rule.source.document in described | {""}
