"""Every shipped rubric: proved, sourced, complete."""

import pytest

from zhunsheng.kernel.citation import Evidence
from zhunsheng.rubrics.proof import prove
from zhunsheng.rubrics.rubric import Rubric
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
