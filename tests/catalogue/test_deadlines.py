"""The register of deadlines: complete, named after its files, with sources that exist."""

from zhunsheng.expressions.nodes import Call, Expression, Literal, walk
from zhunsheng.kernel.citation import Evidence
from zhunsheng.ledgers.deadline_rules import RuleVersion
from zhunsheng.store.deadline_files import load_deadlines
from zhunsheng.store.definition_files import definitions_directory
from zhunsheng.store.ledger_files import ledger_codes, load_ledger

REGISTER, PROBLEMS = load_deadlines()
# how many rules each business has; they are numbered from 1 without gaps
HOW_MANY = {
    "REG": 7,
    "PUB": 2,
    "ANR": 2,
    "LST": 3,
    "PEN": 4,
    "RPR": 1,
    "INS": 1,
    "CMP": 4,
    "RPT": 2,
    "CAS": 7,
    "REC": 3,
    "FOO": 9,
    "EQP": 5,
    "PRD": 4,
    "MED": 4,
    "FIN": 6,
    "IPR": 1,
}
CLASSES = {"ENT", "IND", "COOP", "FOREIGN_OFFICE"}


def _versions() -> list[tuple[str, RuleVersion]]:
    return [(code, version) for code, rule in REGISTER.rules.items() for version in rule.versions]


def test_every_file_is_read() -> None:
    assert PROBLEMS == ()
    files = sorted(path.stem for path in (definitions_directory() / "deadlines").glob("*.yaml"))
    assert files == sorted(REGISTER.rules)


def test_the_register_is_complete() -> None:
    expected = {f"{name}-{each}" for name, count in HOW_MANY.items() for each in range(1, count + 1)}
    assert set(REGISTER.rules) == expected


def test_sources_exist_and_unknown_lengths_say_so() -> None:
    sources = {path.stem for path in (definitions_directory() / "sources").glob("*.yaml")}
    for code, version in _versions():
        assert version.source.document in sources, code
        for notice in version.notices:
            assert notice.source.document in sources, code
        unknown = any(each.length is None and each.fixed is None for each in version.periods)
        assert unknown is (version.source.evidence is Evidence.UNKNOWN), code
        assert not unknown or version.note, code


def test_classes_of_entities_exist() -> None:
    for code, version in _versions():
        named = {
            *version.holds.entity_classes,
            *(c for each in version.notices for c in each.holds.entity_classes),
        }
        assert named <= CLASSES, code


def test_versions_of_a_rule_follow_one_another() -> None:
    """Between two versions for the same people no day is left out."""
    for code, rule in REGISTER.rules.items():
        for version in rule.versions:
            if version.last is None:
                continue
            following = [
                each
                for each in rule.versions
                if each.holds == version.holds
                and each.first
                and each.first.toordinal() == version.last.toordinal() + 1
            ]
            assert len(following) == 1, code


def _rules_in(expression: Expression | None) -> set[str]:
    if expression is None:
        return set()
    found = [each for each in walk(expression.root) if isinstance(each, Call) and each.function == "due"]
    return {str(rule.value) for each in found for rule in each.arguments[1:] if isinstance(rule, Literal)}


def test_ledgers_name_rules_that_exist() -> None:
    for code in ledger_codes():
        ledger, _ = load_ledger(code)
        if ledger is None:
            continue
        named = {each.rule for each in ledger.deadlines}
        for field in ledger.fields:
            named |= _rules_in(field.computed)
        for check in ledger.checks:
            named |= _rules_in(check.holds)
        for name in named:
            rule, _, period = name.partition(".")
            assert rule in REGISTER.rules, f"{code}: {name}"
            assert any(each.period(period) for each in REGISTER.rules[rule].versions), f"{code}: {name}"
