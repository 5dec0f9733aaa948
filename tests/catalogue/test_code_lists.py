"""The shipped code lists: readable, named after their files, and what the fields that use them say."""

import re

from zhunsheng.ledgers.code_list import BAD_CODE_LIST, read_code_list
from zhunsheng.store.code_list_files import binding_code_lists, code_list_of, load_code_lists
from zhunsheng.store.definition_files import definitions_directory, source_titles
from zhunsheng.store.ledger_files import ledger_codes, ledger_of
from zhunsheng.store.yaml_files import parse_yaml

LISTS, PROBLEMS = load_code_lists()
_COMPLETE = """\
code: colour
label: 颜色
label_en: Colour
description: 试用的代码表。
complete: true
source: {document: market-ledgers, clause: "0", evidence: proposal}
codes: {R: 红, G: 绿}
"""


def test_every_list_is_read_without_problems_and_named_after_its_file() -> None:
    assert [f"{each.place} {each.what}" for each in PROBLEMS] == []
    files = sorted(path.stem for path in (definitions_directory() / "code_lists").glob("*.yaml"))
    assert [each.code for each in LISTS] == files
    assert set(files) >= {
        "check_result_code",
        "entity_type",
        "equipment_category",
        "food_category",
        "gb4754",
        "issue_code",
    }


def test_labels_are_chinese_and_sources_exist() -> None:
    for each in LISTS:
        assert each.source.document in source_titles(), each.code
        for code, label in each.codes.items():
            assert re.search(r"[\u4e00-\u9fff]", label), f"{each.code} {code}"


def test_a_list_has_as_many_codes_as_its_standard() -> None:
    counts = {each.code: len(each.codes) for each in LISTS}
    # 14 results of a check, 8 kinds of registered equipment, 34 classes of sampled food, sections A to T
    assert counts["check_result_code"] == 14
    assert counts["equipment_category"] == 8
    assert counts["food_category"] == 34
    assert counts["gb4754"] == 20
    sections = code_list_of("gb4754")
    assert sections is not None
    assert list(sections.codes) == list("ABCDEFGHIJKLMNOPQRST")
    results = code_list_of("check_result_code")
    assert results is not None
    assert list(results.codes) == [f"{number:02}" for number in range(1, 15)]


def test_lists_that_are_not_fully_known_do_not_bind() -> None:
    binding = binding_code_lists()
    assert "issue_code" not in binding
    assert "entity_type" not in binding
    assert binding["equipment_category"]["3000"] == "电梯"


def test_every_list_named_by_a_field_exists_and_says_the_same_as_the_field() -> None:
    for code in ledger_codes():
        ledger = ledger_of(code)
        assert ledger is not None
        for field in ledger.fields:
            if not field.code_list:
                continue
            found = code_list_of(field.code_list)
            assert found is not None, f"{code}.{field.name}"
            longest = max(len(each) for each in found.codes)
            assert not field.length or longest <= field.length, f"{code}.{field.name}"
            if field.members:
                assert dict(field.members) == dict(found.codes), f"{code}.{field.name}"


def test_a_list_must_say_whether_it_is_complete() -> None:
    node, _ = parse_yaml(_COMPLETE.replace("complete: true\n", ""), "colour.yaml")
    assert node is not None
    found, problems = read_code_list(node)
    assert found is None
    assert [each.code for each in problems] == [BAD_CODE_LIST.code]


def test_two_codes_of_one_meaning_are_refused() -> None:
    node, _ = parse_yaml(_COMPLETE.replace("绿", "红"), "colour.yaml")
    assert node is not None
    found, problems = read_code_list(node)
    assert found is None
    assert "红" in problems[0].what


def test_a_list_without_codes_is_refused() -> None:
    node, _ = parse_yaml(_COMPLETE.replace("codes: {R: 红, G: 绿}\n", ""), "colour.yaml")
    assert node is not None
    assert read_code_list(node)[0] is None


def test_codes_keep_their_leading_zeros_and_order() -> None:
    node, _ = parse_yaml(_COMPLETE.replace("{R: 红, G: 绿}", '{"02": 绿, "01": 红}'), "colour.yaml")
    assert node is not None
    found, problems = read_code_list(node)
    assert problems == ()
    assert found is not None
    assert list(found.codes.items()) == [("02", "绿"), ("01", "红")]
