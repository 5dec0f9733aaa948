"""Generated reference pages are up to date; codes are unique; documents name what exists."""

import re
from pathlib import Path

import pytest

from zhunsheng.cli.main import program
from zhunsheng.cli.reference import problem_kinds, reference_documents
from zhunsheng.plans.sections import SECTIONS

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", reference_documents())
def test_a_generated_page_is_up_to_date(name: str) -> None:
    written = (DOCS / name).read_text(encoding="utf-8")
    assert written == reference_documents()[name], "run: zhunsheng docs write"


def test_problem_codes_are_well_formed_and_every_kind_says_what_to_do() -> None:
    kinds = problem_kinds()
    assert len(kinds) > 60
    for code, (kind, module) in kinds.items():
        # findings of an audit carry the codes of its rules: A301, C001
        assert re.fullmatch(r"[A-Z]+-\d{3}|[A-Z]\d{3}", code), module
        assert kind.title, code
        assert kind.remedy.endswith("。"), code


def test_no_remedy_sends_anybody_to_a_file_of_the_developers() -> None:
    told = {code: f"{kind.title} {kind.remedy}" for code, (kind, _module) in problem_kinds().items()}
    sent = {
        code for code, words in told.items() if re.search(r"docs/|\.md\b|\.py\b|\bmake [a-z]|src/", words)
    }
    assert sent == set()


def test_the_readme_names_every_command() -> None:
    readme = (DOCS.parent / "README.zh-CN.md").read_text(encoding="utf-8")
    for name in program.commands_at if hasattr(program, "commands_at") else ():
        if name != "docs":
            assert f"zhunsheng {name}" in readme, name


def test_every_identifier_of_the_case_is_in_the_glossary() -> None:
    glossary = (DOCS / "glossary.md").read_text(encoding="utf-8")
    for section in SECTIONS:
        assert f"`{section.name}`" in glossary, section.name


def test_every_dependency_has_its_line() -> None:
    listed = (DOCS / "dependencies.md").read_text(encoding="utf-8").lower()
    wanted = (DOCS.parent / "requirements.in").read_text(encoding="utf-8").splitlines()
    for line in wanted:
        name = re.split(r"[\[<>=~]", line.strip().lower())[0]
        if name and not name.startswith("#"):
            assert name in listed, name
