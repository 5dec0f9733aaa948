"""A case that came from no file is evaluated, checked and reviewed as one from files."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from zhunsheng.assembly.cases import LoadedCase, load_shipped_case
from zhunsheng.assembly.checking import problems_in_use
from zhunsheng.assembly.evaluating import (
    evaluate_case,
    evaluate_loaded,
    load_sound_rubric,
    provenance,
    review_of,
)
from zhunsheng.assembly.rejections import Rejected
from zhunsheng.cli.main import run
from zhunsheng.scores.evaluation import InputFile, evaluation_data
from zhunsheng.scores.review.review import review_data

CODE = "huadu-2023"
# as the report itself prints it
PRINTED_TOTAL = Decimal("94.98")


def test_the_same_evaluation_as_the_command_gives(capsys: pytest.CaptureFixture[str]) -> None:
    loaded = load_shipped_case(CODE)
    evaluation = evaluate_case(loaded.case, loaded.inputs)
    assert evaluation.total == PRINTED_TOTAL
    with pytest.raises(SystemExit):
        run(["evaluate", CODE, "--json"])
    said = json.loads(capsys.readouterr().out)
    found = json.loads(json.dumps(evaluation_data(evaluation), ensure_ascii=False))
    assert (said["total"], said["nodes"], said["inputs"]) == (found["total"], found["nodes"], found["inputs"])
    assert said["review"] == json.loads(json.dumps(review_data(review_of(loaded.case, evaluation))))


def test_everything_it_was_made_from_is_named_with_its_hash() -> None:
    case = load_shipped_case(CODE).case
    given = InputFile("数据库", "0" * 64)
    evaluation = evaluate_case(case, [given])
    rubric = load_sound_rubric(case.about.rubric)
    assert evaluation.inputs[:2] == (given, InputFile(f"{rubric.code}.yaml", rubric.sha256))
    assert [each.name for each in evaluation.inputs[2:]] == ["definitions"]
    assert ("文件 数据库", f"SHA-256 {'0' * 64}") in provenance(evaluation)


def test_another_rubric_may_be_used() -> None:
    case = load_shipped_case(CODE).case
    assert case.about.rubric != "guangzhou-dept-2021"
    assert evaluate_case(case, rubric_code="guangzhou-dept-2021").rubric == "guangzhou-dept-2021"


def test_without_a_rubric_there_is_no_evaluation() -> None:
    case = load_shipped_case(CODE).case
    with pytest.raises(Rejected) as rejected:
        evaluate_case(replace(case, about=replace(case.about, rubric="nothing")))
    assert rejected.value.problems


def test_problems_name_the_place_in_the_file_when_there_is_one() -> None:
    loaded = load_shipped_case(CODE)
    with_places, _ = evaluate_loaded(loaded)
    without = evaluate_case(loaded.case)
    assert len(with_places.problems) == len(loaded.problems) + len(without.problems)
    assert any(each.place.file for each in with_places.problems)
    assert not any(each.place.file for each in without.problems)


def test_a_sound_case_has_no_problems_in_use() -> None:
    assert problems_in_use(load_shipped_case("education-demo-2023")) == ()


def test_problems_that_show_only_in_use() -> None:
    loaded = load_shipped_case("education-demo-2023")
    case = loaded.case
    absent = replace(case, about=replace(case.about, project_rubric="nothing"))
    assert problems_in_use(LoadedCase(absent))
    text = replace(case.narrative[0], text="见 {{ indicator.NOPE.actual }}。")
    referring = replace(case, narrative=(text, *case.narrative[1:]))
    assert {each.code for each in problems_in_use(LoadedCase(referring))} == {"REPORT-001"}
