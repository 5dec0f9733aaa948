"""Profiles are complete, and every figure says whether it is printed or assumed."""

from pathlib import Path

import pytest

from zhunsheng.kernel.citation import Evidence
from zhunsheng.store.yaml_files import parse_yaml
from zhunsheng.synthesis import generating
from zhunsheng.synthesis.profile import load_profile, profile_codes, read_profile

SOURCE = Path(generating.__file__).parent


@pytest.mark.parametrize("code", profile_codes())
def test_a_profile_is_sound(code: str) -> None:
    profile, problems = load_profile(code)
    assert problems == ()
    assert profile is not None
    assert profile.code == code
    for each in profile.figures.values():
        if each.source.evidence is Evidence.PROPOSAL:
            assert each.note, each.name
        else:
            assert each.source.clause, each.name


def test_both_profiles_have_the_same_figures() -> None:
    """What one report prints and the other does not is an assumption of the other, except last year's growth."""
    sets = []
    for code in profile_codes():
        profile, _ = load_profile(code)
        assert profile is not None
        sets.append(set(profile.figures))
    assert set.symmetric_difference(*sets) <= {"registration.new_growth", "finance.project_paid"}


def test_the_tree_of_bodies_is_the_one_of_the_reports() -> None:
    # the district: one bureau, 24 sections, 16 offices, 4 affiliated bodies, one of which owns a budget
    district, _ = load_profile("huadu-2023")
    assert district is not None
    kinds = [each.kind for each in district.units]
    assert [kinds.count(each) for each in ("BUREAU", "SECTION", "SUO", "AFFILIATE")] == [1, 24, 16, 4]
    assert sum(each.is_budget_unit for each in district.units) == 2
    # the city: 34 sections besides the two of the party, 23 affiliated bodies, 11 districts
    city, _ = load_profile("guangzhou-2021")
    assert city is not None
    kinds = [each.kind for each in city.units]
    assert [kinds.count(each) for each in ("SECTION", "AFFILIATE", "SUBBUREAU")] == [36, 23, 11]
    assert len({each.code for each in city.units}) == len(city.units)


def test_an_unknown_profile_is_told() -> None:
    profile, problems = load_profile("没有的")
    assert profile is None
    assert [each.code for each in problems] == ["CITY-001"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("code: x", "DATA-002"),
        ("code: x\nstrange: 1", "DATA-001"),
        ("code: x\nfigures: {food: {samples: {value: many}}}", "DATA-003"),
        ("code: x\norganisation: {case: none, area: '1'}", "CITY-002"),
    ],
)
def test_faults_of_a_file_are_told_with_their_place(text: str, code: str) -> None:
    node, _ = parse_yaml(text, "x.yaml")
    assert node is not None
    profile, problems = read_profile(node)
    assert profile is None
    assert code in {each.code for each in problems}


def test_no_generator_knows_a_printed_figure_that_the_profile_holds() -> None:
    """Counts come from the profiles; code that repeated one would not follow a change of it."""
    for figure in (
        "1434465",
        "1_434_465",
        "45187",
        "190850",
        "190_850",
        "33875",
        "248506",
        "5906",
        "6829",
        "7898",
    ):
        for path in SOURCE.glob("*.py"):
            assert figure not in path.read_text(encoding="utf-8"), (path.name, figure)
