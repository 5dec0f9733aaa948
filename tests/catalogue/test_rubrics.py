"""Every shipped rubric: proved, sourced, complete."""

from fractions import Fraction

import pytest

from zhunsheng.kernel.citation import Evidence
from zhunsheng.rubrics.proof import prove
from zhunsheng.rubrics.rubric import Rubric
from zhunsheng.rubrics.rules.judged import Checklist, Deadline, PerCase
from zhunsheng.store.definition_files import definitions_directory, load_facts, load_rubric, rubric_codes


def rubric_named(code: str) -> Rubric:
    rubric, problems = load_rubric(code)
    assert rubric is not None, [f"{each.place} {each.what}" for each in problems]
    return rubric


def test_the_packs_that_were_asked_for_are_shipped() -> None:
    wanted = {"guangdong-dept-2023", "guangzhou-dept-2021", "mof-project-2020", "mof-project-2021"}
    assert wanted < set(rubric_codes())


@pytest.mark.parametrize("code", rubric_codes())
def test_a_shipped_rubric_is_proved(code: str) -> None:
    proof = prove(rubric_named(code), load_facts()[0])
    assert proof.flaws == ()
    assert proof.checked > 10


@pytest.mark.parametrize("code", rubric_codes())
def test_every_rule_names_its_source_or_says_that_it_is_unknown(code: str) -> None:
    sources = {path.stem for path in (definitions_directory() / "sources").glob("*.yaml")}
    rubric = rubric_named(code)
    rules = [*rubric.leaf_rules.values(), *(node.rule for node in rubric.walk() if node.rule is not None)]
    for rule in rules:
        source = rule.source
        assert source.clause, f"{code}: {rule.label} has no clause"
        if source.document:
            assert source.document in sources, f"{code}: {source.document} is not described"
        else:
            assert source.evidence in {Evidence.PROPOSAL, Evidence.UNKNOWN, Evidence.INFERRED}


def test_over_achievement_and_ceilings_that_contradict_each_other_are_both_expressed() -> None:
    manual, national = rubric_named("provincial-manual-ceilings"), rubric_named("mof-project-2020")
    assert manual.over_achievement.mode.value == "deduct"
    assert national.over_achievement.mode.value == "explain_only"
    assert [str(each.most) for each in manual.ceilings] == ["59", "69", "79", "89", "100"]
    assert national.ceilings == ()


def test_unknown_parameters_are_reported_not_guessed() -> None:
    proof = prove(rubric_named("guangdong-dept-2023"), load_facts()[0])
    unknown = {f"{each.place.field}：{each.what}" for each in proof.unknowns}
    assert "B5.6 合同备案时效性：每例扣分" in unknown
    assert "B7.1 公用经费控制率：区间 (0, ∞)% 的得分" in unknown


# Points and rules of the public handbook's rubric files, typed in leaf by leaf: points, kind of rule.
GUANGDONG = """
A1 20 own; A2 20 own; A3 10 budget_execution
B1.1 3 bands; B2.1 2 bands; B2.2 2 checklist; B3.1 2 checklist; B3.2 2 checklist
B4.1 5 checklist; B4.2 3 checklist; B4.3 7 checklist
B5.1 0.5 bands; B5.2 1.5 per_case; B5.3 1 boolean; B5.4 2 per_case; B5.5 3 per_case; B5.6 1 per_case; B5.7 1 bands
B6.1 2 per_case; B6.2 1 per_case; B6.3 1 boolean; B6.4 2 checklist; B6.5 2 checklist; B6.6 2 bands
B7.1 2 bands; B7.2 2 condition
"""
OTHERS = {
    "guangzhou-dept-2021": "T 50 own; M 50 manual",
    "mof-project-2020": "E 10 budget_execution; O 50 own; F 30 own; S 10 own",
    "mof-project-2021": "C 20 own; O 40 own; F 20 own; S 10 own; E 10 budget_execution",
    "guangxi-project-2021": "E 10 budget_execution; O 50 own; F 30 own; S 10 own",
    "provincial-manual-ceilings": "E 10 budget_execution; O 50 own; F 30 own; S 10 own",
}


@pytest.mark.parametrize(("code", "typed"), [("guangdong-dept-2023", GUANGDONG), *OTHERS.items()])
def test_every_leaf_has_the_points_and_the_kind_of_rule_of_the_handbook(code: str, typed: str) -> None:
    wanted = {
        tuple(leaf.split()) for line in typed.strip().splitlines() for leaf in line.split(";") if leaf.strip()
    }
    found = {
        (node.code, f"{node.points:f}", "own" if node.rule is None else node.rule.type)
        for node in rubric_named(code).walk()
        if not node.children
    }
    assert found == wanted


@pytest.mark.parametrize("code", rubric_codes())
def test_grades_are_90_80_60_and_say_where_they_come_from(code: str) -> None:
    rubric = rubric_named(code)
    assert [(band.name, str(band.range)) for band in rubric.grades] == [
        ("优", "[90, 100]"),
        ("良", "[80, 90)"),
        ("中", "[60, 80)"),
        ("差", "[0, 60)"),
    ]
    assert rubric.grades_source.clause


def test_full_points_for_what_has_no_object_are_given_where_the_handbook_marks_them() -> None:
    rubric = rubric_named("guangdong-dept-2023")
    marked = {"B1.1", "B5.1", "B5.2", "B5.5", "B5.6", "B5.7", "B6.2"}
    assert {node.code for node in rubric.walk() if node.not_applicable_full} == marked
    items = {
        item.fact
        for node in rubric.walk()
        if isinstance(node.rule, Checklist)
        for item in node.rule.items
        if item.not_applicable_full
    }
    assert items == {
        "monitoring_warnings_cleared",
        "key_evaluation_rectified",
        "units_self_evaluation_done",
        "asset_inspections_clean",
    }


def test_what_nobody_has_published_stays_unknown() -> None:
    rubric = rubric_named("guangdong-dept-2023")
    split = {"B3.1"}  # one of two points was given for one of two conditions
    for node in rubric.walk():
        if isinstance(node.rule, Checklist):
            known = [item.share is not None for item in node.rule.items]
            assert all(known) is (node.code in split), node.code
        if isinstance(node.rule, PerCase):
            assert node.rule.deduct is None, node.code
    filing = rubric.node("B5.6")
    assert filing is not None
    assert isinstance(filing.rule, PerCase)
    assert filing.rule.candidates == (None, Fraction(1, 4))


def test_late_projects_are_judged_by_tiers_and_the_pass_mark_of_2021_stays_open() -> None:
    late = rubric_named("mof-project-2020").leaf_rules["deadline"]
    assert isinstance(late, Deadline)
    assert late.late == "tiers"
    open_ones = [each.what for each in prove(rubric_named("mof-project-2021"), load_facts()[0]).unknowns]
    assert "及格线（有候选值 60%，未采用）" in open_ones


def test_the_examples_of_guangzhou_agree_with_what_its_report_shows() -> None:
    over = rubric_named("guangzhou-dept-2021").over_achievement
    seen = {(str(each.degree * 10000), str(each.share)) for each in over.observations}
    assert seen == {("11488", "0"), ("12925", "0"), ("20333", "1/10"), ("384615", "3/20")}
    assert not list(over.flaws())
