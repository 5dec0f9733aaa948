"""Sources and management facts: complete, named after their files, used."""

from zhunsheng.kernel.citation import Evidence
from zhunsheng.kernel.located import Fields
from zhunsheng.kernel.problem import Problems
from zhunsheng.store.definition_files import definitions_directory, load_facts, load_rubric, rubric_codes
from zhunsheng.store.yaml_files import read_yaml


def test_every_source_is_described() -> None:
    paths = sorted((definitions_directory() / "sources").glob("*.yaml"))
    assert paths
    for path in paths:
        node, found = read_yaml(path, path.name)
        assert node is not None
        problems = Problems()
        fields = Fields(node, problems, "资料")
        assert fields.text("code", required=True) == path.stem
        for name in ("label", "label_en", "note"):
            fields.text(name, required=True)
        for name in ("short", "issuer", "number", "date"):
            fields.text(name)
        fields.choice("evidence", [each.value for each in Evidence], required=True)
        fields.finish()
        assert not found
        assert not problems.found, problems.found


def test_every_fact_is_sound_and_asked_for_by_some_rubric() -> None:
    facts, problems = load_facts()
    assert problems == ()
    asked: set[str] = set()
    for code in rubric_codes():
        rubric, _ = load_rubric(code)
        assert rubric is not None
        asked |= set(rubric.fact_names())
    assert set(facts) <= asked, f"no rubric asks for {sorted(set(facts) - asked)}"


def test_units_follow_the_kind_of_fact() -> None:
    units = {"yes_no": {""}, "money": {"万元"}, "rate": {"%"}}
    for fact in load_facts()[0].values():
        allowed = units.get(fact.kind.value)
        assert allowed is None or fact.unit in allowed, fact.code
        assert fact.kind.value != "count" or fact.unit, fact.code
