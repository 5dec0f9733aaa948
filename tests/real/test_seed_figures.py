"""Every figure of the two source reports is in the shipped cases, with its line.

The reports themselves are kept outside the project; where they are absent this says so.
"""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from zhunsheng.assembly.cases import load_case

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
PAIRS = [("gz2021.json", "guangzhou-2021"), ("huadu2023.json", "huadu-2023")]

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(
        not SEEDS.is_dir(), reason="the source reports are not beside the project: figures not compared"
    ),
]


def seed(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((SEEDS / name).read_text(encoding="utf-8"), parse_float=Decimal)
    return data


@pytest.mark.parametrize(("name", "code"), PAIRS)
def test_every_figure_is_carried_over_with_its_line(name: str, code: str) -> None:
    kept = {each.code: each for each in load_case(code).case.printed_figures}
    for fact in seed(name)["facts"]:
        if fact["value"] is None:
            continue
        row = kept[fact["id"]]
        assert row.place == f"L{fact['line']}", fact["id"]
        if "raw" in fact:
            assert row.printed == fact["raw"], fact["id"]
        if fact.get("unit"):
            assert row.unit == fact["unit"], fact["id"]


@pytest.mark.parametrize(("name", "code"), PAIRS)
def test_no_sentence_is_carried_over(name: str, code: str) -> None:
    sentences = {fact["sentence"] for fact in seed(name)["facts"] if len(fact["sentence"]) > 40}
    case = load_case(code).case
    texts = [each.text for each in case.narrative] + [each.text for each in case.duties]
    texts += [text for task in case.tasks for text in (*task.goals, *task.results)]
    for text in texts:
        assert not any(sentence in text for sentence in sentences), text[:40]


def test_targets_of_the_guangzhou_plan_agree() -> None:
    case = load_case("guangzhou-2021").case
    for task in seed("gz2021.json")["report"]["tasks"]:
        for each in task["indicators"]:
            indicator = case.indicator_by_code[each["no"]]
            assert indicator.name == each["name"]
            assert indicator.target_sign == each["target"]["comparator"]
            if each["no"] != "8.1":  # 1亿元 is kept as 10,000万元 beside the actual in 万元
                assert indicator.target_value == str(each["target"]["value"])
            wanted = {"none": "not_collected", "explicit": "reported"}.get(
                each["actual"]["status"], each["actual"]["status"]
            )
            assert case.actual_of[each["no"]].status == wanted


def test_printed_scores_of_the_huadu_report_agree() -> None:
    case = load_case("huadu-2023").case
    for number, part in enumerate(seed("huadu2023.json")["report"]["score"]["管理效率"]["sections"], 1):
        assert case.printed_score_of[f"B{number}"].score == part["self_score"]
        for item, each in enumerate(part["items"], 1):
            row = case.printed_score_of[f"B{number}.{item}"]
            assert (row.points, row.score) == (each["full"], each["self_score"]), each["name"]
