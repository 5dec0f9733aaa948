"""docs/rights.md says what the catalogue of rights says, and the catalogue agrees with itself."""

import re
from pathlib import Path

import pytest

from zhunsheng.cli.rights_reference import marks_of, rights_markdown
from zhunsheng.plans.roles import Role
from zhunsheng.workflow.catalogue import RIGHTS


def rows() -> list[list[str]]:
    """The cells of every line that names a right."""
    lines = [each for each in rights_markdown().split("\n") if "| `" in each]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_every_right_has_one_line() -> None:
    assert sorted(row[1].strip("`") for row in rows()) == sorted(RIGHTS)


@pytest.mark.parametrize("right", [each for each in RIGHTS.values() if each.who], ids=lambda each: each.code)
def test_a_refusal_names_those_who_have_the_right(right: object) -> None:
    """`roles` is what a refused person reads, `who` is what decides."""
    named, deciding = set(right.roles), set(marks_of(right))  # type: ignore[attr-defined,arg-type]
    assert named == deciding


def test_lines_read_as_the_design_wants() -> None:
    """A few lines written from the roles of the design, not from the program."""
    by_code = {row[1].strip("`"): row for row in rows()}
    names = [each.label for each in Role]

    def roles(code: str) -> dict[str, str]:
        return {name: mark for name, mark in zip(names, by_code[code][2:10], strict=True) if mark}

    assert roles("plan.approve") == {"财政部门": "上"}
    assert by_code["plan.approve"][10:] == ["待财政批复", "", "是"]
    assert roles("collect.judge") == {"财务": "本", "财政部门": "上", "第三方": "托"}
    assert roles("plan.edit") == {"填报人": "处", "处室负责人": "处", "财务": "本"}
    assert roles("release.make") == {"局领导": "本"}
    assert by_code["release.make"][11] == "已锁定、已公开"
    assert by_code["public.read"][2:] == ["任何人，不必登录", ""]


def test_marks_are_explained() -> None:
    page = rights_markdown()
    explained = set(re.findall(r"^\* (.)：", page, flags=re.MULTILINE))
    used = {mark for row in rows() if len(row) > 5 for mark in row[2:10] if mark}
    assert used <= explained


def test_the_page_is_linked() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    assert "docs/rights.md" in readme
