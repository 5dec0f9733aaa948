"""Only what is listed becomes public, and the scores stay what they were."""

from dataclasses import fields, replace

import pytest

from zhunsheng.assembly.cases import load_shipped_case
from zhunsheng.assembly.evaluating import evaluate_case
from zhunsheng.plans.columns import Holds, empty_value
from zhunsheng.plans.sections import SECTIONS
from zhunsheng.workflow.releasing.public_columns import PUBLIC_COLUMNS, personal_values, public_case

CASES = ("huadu-2023", "guangzhou-2021", "education-demo-2023")


def test_every_listed_column_exists() -> None:
    known = {section.name: {each.name for each in section.columns} for section in SECTIONS}
    for section, columns in PUBLIC_COLUMNS.items():
        assert set(columns) <= known[section]


@pytest.mark.parametrize(
    "name", ["filled_by", "phone", "given_by", "accepted_by", "evidence", "place", "note"]
)
def test_people_evidence_and_places_are_never_listed(name: str) -> None:
    assert all(name not in columns for columns in PUBLIC_COLUMNS.values())


@pytest.mark.parametrize("code", CASES)
def test_what_is_not_listed_is_empty_and_what_is_listed_is_as_it_was(code: str) -> None:
    whole = load_shipped_case(code).case
    public = public_case(whole)
    for section in SECTIONS:
        before, after = getattr(whole, section.name), getattr(public, section.name)
        if section.name not in PUBLIC_COLUMNS:
            assert after == ()
            continue
        rows = [(before, after)] if section.shape == "record" else list(zip(before, after, strict=True))
        for old, new in rows:
            for column in section.columns:
                value = getattr(new, column.name)
                if column.name in PUBLIC_COLUMNS[section.name]:
                    assert value == getattr(old, column.name)
                elif not (column.required and column.holds is Holds.CHOICE):
                    assert value == empty_value(column.holds)


@pytest.mark.parametrize("code", CASES)
def test_the_public_year_has_the_scores_of_the_whole_year(code: str) -> None:
    whole = load_shipped_case(code).case
    one, other = evaluate_case(whole), evaluate_case(public_case(whole))
    assert [(each.code, each.score, each.points) for each in one.nodes] == [
        (each.code, each.score, each.points) for each in other.nodes
    ]
    assert (one.total, one.grade) == (other.total, other.grade)


def test_personal_values_are_found_where_a_case_keeps_them() -> None:
    whole = load_shipped_case("huadu-2023").case
    assert whole.manual_scores
    scored = replace(whole.manual_scores[0], given_by="钱评分")
    case = replace(
        whole,
        about=replace(whole.about, filled_by="冯填表", phone="020-86880000"),
        manual_scores=(scored, *whole.manual_scores[1:]),
    )
    assert {"冯填表", "020-86880000", "钱评分"} <= set(personal_values(case))


def test_every_section_of_a_case_was_thought_of() -> None:
    # a section that is private as a whole is named here, so that a new one makes somebody decide
    private = {"sources", "division_counts", "printed_scores", "contradictions"}
    assert {each.name for each in SECTIONS} == set(PUBLIC_COLUMNS) | private
    assert {each.name for each in fields(load_shipped_case("huadu-2023").case)} == {
        each.name for each in SECTIONS
    }
