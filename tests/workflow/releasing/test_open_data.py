"""The open data say the same as the locked evaluation, in every form, and are described."""

import csv
import io
import json
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from zhunsheng.assembly.cases import LoadedCase, load_shipped_case
from zhunsheng.assembly.evaluating import evaluate_case
from zhunsheng.plans.case import Case
from zhunsheng.scores.evaluation import evaluation_data
from zhunsheng.workflow.releasing.content import LICENCES, Inconsistent, ReleaseFacts, public_content
from zhunsheng.workflow.releasing.open_data import (
    BUDGET,
    INDICATORS,
    TABLES,
    csv_of,
    csvw_of,
    open_data_files,
)
from zhunsheng.workflow.releasing.public_columns import public_case

FACTS = ReleaseFacts(
    {"code": "b", "name": "某局", "short_name": "", "area": ""}, 1, date(2024, 4, 1), 3, "ab", LICENCES[0]
)


def whole() -> Case:
    loaded: LoadedCase = load_shipped_case("huadu-2023")
    return loaded.case


@pytest.fixture(scope="module")
def content() -> dict[str, Any]:
    case = public_case(whole())
    return public_content(case, evaluate_case(case), evaluation_data(evaluate_case(whole())), FACTS)


def rows_of(table: Any, content: dict[str, Any]) -> list[dict[str, str]]:
    text = csv_of(table, content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_scores_in_the_csv_are_those_of_the_locked_evaluation(content: dict[str, Any]) -> None:
    locked = {node.code: node for node in evaluate_case(whole()).nodes}
    rows = rows_of(INDICATORS, content)
    assert len(rows) == 10
    for row in rows:
        node = locked[row["指标编码"]]
        assert node.score == Decimal(row["得分"])
        assert node.points == Decimal(row["分值"])


def test_the_amounts_in_the_csv_are_those_of_the_budget(content: dict[str, Any]) -> None:
    by_code = {row["编码"]: row for row in rows_of(BUDGET, content)}
    for line in whole().budget:
        row = by_code[line.code]
        for column, heading in (
            ("initial", "年初预算数"),
            ("executed", "执行数"),
            ("previous", "上年决算数"),
        ):
            amount = getattr(line, column)
            assert (amount is None) == (row[heading] == "")
            assert amount is None or Decimal(row[heading]) * 10_000 == amount.yuan
    # 22918.66 of 22975.66, as the printed report has it (L117)
    assert by_code["expenditure"]["执行率（%）"] == "99.75"


def test_every_row_names_unit_source_formula_day_and_licence(content: dict[str, Any]) -> None:
    for row in rows_of(INDICATORS, content):
        assert row["数据来源"]
        assert row["公开日期"] == "2024-04-01"
        assert row["许可"].startswith("https://")
    elevators = next(row for row in rows_of(INDICATORS, content) if row["指标编码"] == "O2")
    assert (elevators["完成值"], elevators["完成值单位"], elevators["目标值"]) == ("287", "台", "150")
    assert all(row["金额单位"] == "万元" and row["计算公式"] for row in rows_of(BUDGET, content))


def test_the_files_begin_with_a_mark_and_hold_the_same_in_json_and_workbook(content: dict[str, Any]) -> None:
    files = open_data_files(content)
    assert files["indicators.csv"].startswith(b"\xef\xbb\xbf")
    data = json.loads(files["indicators.json"])
    assert [each["score"] for each in data["rows"]] == [row["得分"] for row in rows_of(INDICATORS, content)]
    book = openpyxl.load_workbook(io.BytesIO(files["indicators.xlsx"]))
    sheet = book["绩效指标"]
    head = [cell.value for cell in sheet[1]]
    place = head.index("得分")
    written = [Decimal(str(row[place])) for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert written == [Decimal(each["score"]) for each in data["rows"]]
    assert open_data_files(content) == files


@pytest.mark.parametrize("table", TABLES, ids=[each.name for each in TABLES])
def test_the_description_names_the_columns_of_the_file(table: Any, content: dict[str, Any]) -> None:
    described = json.loads(csvw_of(table, content))
    head = csv_of(table, content).decode("utf-8-sig").splitlines()[0]
    assert [each["titles"] for each in described["tableSchema"]["columns"]] == next(csv.reader([head]))
    assert described["url"] == f"{table.name}.csv"
    assert described["dc:license"] == {"@id": LICENCES[0].url}


def test_a_text_that_looks_like_a_formula_is_no_formula(content: dict[str, Any]) -> None:
    first = {**content["indicators"][0], "name": "=HYPERLINK(1)", "source": "-1"}
    changed = {**content, "indicators": [first]}
    row = rows_of(INDICATORS, changed)[0]
    assert row["指标名称"] == "'=HYPERLINK(1)"
    assert row["数据来源"] == "-1"
    book = openpyxl.load_workbook(io.BytesIO(open_data_files(changed)["indicators.xlsx"]))
    assert all(cell.data_type != "f" for line in book["绩效指标"] for cell in line)


def test_scores_that_differ_from_the_locked_ones_are_never_published() -> None:
    case = public_case(whole())
    locked = json.loads(json.dumps(evaluation_data(evaluate_case(whole()))))
    node = next(each for each in locked["nodes"] if each["code"] == "O2")
    node["score"] = "2.99"
    with pytest.raises(Inconsistent) as refused:
        public_content(case, evaluate_case(case), locked, FACTS)
    assert refused.value.items == ("O2",)
