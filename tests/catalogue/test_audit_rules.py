"""Every audit rule: a file and a module, examples that speak and stay silent, sources that exist."""

import re

import pytest

from zhunsheng.audit.auditing import audit
from zhunsheng.audit.document import Document
from zhunsheng.audit.registry import rule_modules
from zhunsheng.audit.rule import AuditRule
from zhunsheng.documents.reading.text_reader import read_text
from zhunsheng.store.audit_rule_files import load_audit_rules
from zhunsheng.store.definition_files import definitions_directory

RULES, PROBLEMS = load_audit_rules()


def small(text: str) -> list[Document]:
    """The documents of an example; a line of equals signs separates two."""
    parts = re.split(r"^=+\n", text, flags=re.MULTILINE)
    return [read_text(part.encode(), f"example-{number}.txt") for number, part in enumerate(parts)]


def codes(rule: AuditRule, text: str) -> set[str]:
    return {finding.code for finding in audit(small(text), [rule]).findings}


def test_every_file_is_read() -> None:
    assert PROBLEMS == ()


def test_every_rule_has_its_module_and_every_module_its_rule() -> None:
    assert {rule.code: rule.subject.value for rule in RULES} == {
        code: module.subject for code, module in rule_modules().items()
    }


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_bad_example_is_found(rule: AuditRule) -> None:
    assert codes(rule, rule.example_bad) == {rule.code}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_good_example_is_silent(rule: AuditRule) -> None:
    assert codes(rule, rule.example_good) == set()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_sources_exist_and_words_are_chinese(rule: AuditRule) -> None:
    assert (definitions_directory() / "sources" / f"{rule.source.document}.yaml").exists()
    for words in (rule.label, rule.description, rule.applicability, rule.remedy):
        assert re.search("[\u4e00-\u9fff]", words)
