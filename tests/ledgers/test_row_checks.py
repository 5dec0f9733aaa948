"""Whole records: required fields, checks, computed fields, the checks every ledger has."""

from datetime import date
from decimal import Decimal

import pytest

from zhunsheng.expressions.evaluation import Surroundings
from zhunsheng.kernel.located import Located
from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.field import Level
from zhunsheng.ledgers.reading import read_ledger
from zhunsheng.ledgers.row_checks import RowChecker
from zhunsheng.store.ledger_files import ledger_of
from zhunsheng.store.yaml_files import parse_yaml

TODAY = date(2024, 1, 10)
CASES = """
code: sample_case
label: 案件
label_en: Case
description: 样例。
chapter: 6
source: {document: market-ledgers, clause: "6", evidence: proposal}
key: [case_id]
date: filed_on
fields:
  case_id: {label: 案件编号, type: text, required: true, length: 20}
  filed_on: {label: 立案日期, type: date, required: true}
  decided_on: {label: 决定日期, type: date}
  fine: {label: 罚款, type: money, least: 0}
  gain: {label: 没收, type: money}
  officers: {label: 办案人员, type: list, to: staff}
  total: {label: 罚没合计, type: money, computed: "coalesce(fine, 0) + coalesce(gain, 0)"}
  half: {label: 人均, type: integer, computed: "size(officers) * 2"}
  due_on: {label: 期限, type: date, computed: "due(filed_on, 'CAS-1')"}
checks:
  - {name: order, level: E, holds: decided_on >= filed_on, message: 决定早于立案, remedy: 核对日期。}
  - {name: two, level: E, holds: size(officers) >= 2, message: 执法人员不足两人, remedy: 补填。}
  - {name: large, level: Q, holds: fine <= 1000000, message: 罚款数额过大, remedy: 核对单位。}
  - {name: late, level: W, holds: "decided_on <= due(filed_on, 'CAS-1')", message: 逾期, remedy: 说明原因。}
"""
GOOD = {
    "case_id": "C1",
    "filed_on": "2023-07-05",
    "decided_on": "2023-08-01",
    "fine": "2,000",
    "officers": "S1、S2",
    "org_code": "440114",
}


def _ledger(text: str = CASES) -> LedgerDefinition:
    node, problems = parse_yaml(text, "sample_case.yaml")
    assert isinstance(node, Located), problems
    ledger, found = read_ledger(node)
    assert ledger is not None, found
    return ledger


def _levels(faults: object) -> list[tuple[str, str]]:
    assert isinstance(faults, tuple)
    return [(each.level.value, each.problem.code) for each in faults]


def test_a_clean_record_with_computed_fields() -> None:
    checked = RowChecker(_ledger(), TODAY).check(GOOD)
    assert checked.faults == ()
    assert checked.level is None
    assert checked.record["total"] == Decimal("2000.00")
    assert checked.record["half"] == 4
    assert checked.record["due_on"] is None  # no deadlines at hand
    assert [(each.field, each.before, each.after) for each in checked.changes] == [
        ("fine", "2,000", "2000.00")
    ]


def test_everything_is_found_at_once() -> None:
    row = {
        **GOOD,
        "case_id": " ",
        "decided_on": "2023-07-01",
        "officers": "S1",
        "fine": "78%",
        "org_code": "",
    }
    checked = RowChecker(_ledger(), TODAY).check(row)
    assert _levels(checked.faults) == [
        ("E", "LEDG-101"),
        ("Q", "LEDG-105"),
        ("E", "LEDG-101"),
        ("E", "sample_case.order"),
        ("E", "sample_case.two"),
    ]
    assert checked.level is Level.REJECT


def test_a_check_is_silent_about_cells_that_are_faulty_anyway() -> None:
    checked = RowChecker(_ledger(), TODAY).check({**GOOD, "decided_on": "昨天"})
    assert _levels(checked.faults) == [("E", "LEDG-108")]


def test_unknown_is_no_fault() -> None:
    checked = RowChecker(_ledger(), TODAY).check({**GOOD, "decided_on": "", "officers": "", "fine": ""})
    assert checked.faults == ()


def test_two_officers_means_two_persons() -> None:
    checked = RowChecker(_ledger(), TODAY).check({**GOOD, "officers": "S1、S1"})
    assert _levels(checked.faults) == [("E", "sample_case.two")]


def test_quarantine_and_confirmation() -> None:
    row = {**GOOD, "fine": "2000000"}
    assert RowChecker(_ledger(), TODAY).check(row).level is Level.QUARANTINE
    assert RowChecker(_ledger(), TODAY, confirmed=True).check(row).level is Level.WARN


def test_business_date_is_not_after_the_import() -> None:
    row = {**GOOD, "filed_on": "2024-01-11", "decided_on": ""}
    assert _levels(RowChecker(_ledger(), TODAY).check(row).faults) == [("E", "LEDG-120")]
    assert RowChecker(_ledger(), date(2024, 1, 11)).check(row).faults == ()


def test_reviewer_is_another_person() -> None:
    row = {**GOOD, "reviewed_by": "S1"}
    assert _levels(RowChecker(_ledger(), TODAY, entered_by="S1").check(row).faults) == [("E", "LEDG-125")]
    assert RowChecker(_ledger(), TODAY, entered_by="S2").check(row).faults == ()


def test_deadlines() -> None:
    """A day later than the last one is late; a rule that cannot be told is said, not guessed."""

    def due(event: date, rule: str) -> date:
        assert rule == "CAS-1"
        if event.year > 2023:
            raise LookupError("没有 2024 年的工作日历")
        return date(2023, 7, 31)

    checker = RowChecker(_ledger(), TODAY, surroundings=Surroundings(due=due))
    checked = checker.check(GOOD)
    assert checked.record["due_on"] == date(2023, 7, 31)
    assert _levels(checked.faults) == [("W", "sample_case.late")]
    unknown = checker.check({**GOOD, "filed_on": "2024-01-02", "decided_on": "2024-01-03"})
    assert _levels(unknown.faults) == [("W", "LEDG-126"), ("W", "LEDG-126")]
    assert "没有 2024 年的工作日历" in unknown.faults[0].problem.what


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"uscc": "92440114MA9X0002XU"}, "market_entity.class_fits_uscc"),
        ({"uscc": "91440300MA5EC9TD3X"}, "LEDG-114"),
        ({"established_on": "2031-01-01", "status_on": "2031-01-02"}, "LEDG-120"),
        ({"status_on": "2018-01-01"}, "market_entity.status_after_establishment"),
    ],
)
def test_bad_input_of_the_register(change: dict[str, str], code: str) -> None:
    """The cases of chapter 1.7 that a single record shows."""
    ledger = ledger_of("market_entity")
    assert ledger is not None
    row = {
        "entity_id": "E1",
        "uscc": "91440101MA9X00011C",
        "name": "甲公司",
        "entity_class": "企业",
        "is_branch": "否",
        "entity_type_code": "1100",
        "domicile_area": "440114",
        "address": "某路 1 号",
        "established_on": "2019-03-05",
        "reg_org": "440114",
        "reg_status": "存续",
        "status_on": "2020-01-01",
    }
    checker = RowChecker(ledger, TODAY)
    assert checker.check(row).level in {None, Level.WARN}
    found = checker.check({**row, **change})
    assert found.level is Level.REJECT
    assert code in {each.problem.code for each in found.faults if each.level is Level.REJECT}


def test_a_report_for_a_year_that_is_not_over() -> None:
    ledger = ledger_of("annual_report")
    assert ledger is not None
    row = {
        "report_id": "R1",
        "entity_id": "E1",
        "report_year": "2023",
        "version": "1",
        "submitted_at": "2023-05-01 10:00:00",
        "channel": "网上",
        "published": "是",
        "org_code": "440114",
    }
    faults = RowChecker(ledger, TODAY).check(row).faults
    assert ("E", "annual_report.year_before_submission") in _levels(faults)


def test_only_the_business_date_is_doubtful_long_ago() -> None:
    """A place founded in 1856 may have been; a case filed in 1856 was not. After 2100 nothing has happened yet."""
    places = CASES.replace("decided_on:", "founded_on: {label: 设立日期, type: date}\n  decided_on:")
    checker = RowChecker(_ledger(places), TODAY)
    checked = checker.check({**GOOD, "founded_on": "1856-01-01"})
    assert _levels(checked.faults) == [("W", "LEDG-109")]
    assert checked.record["founded_on"] == date(1856, 1, 1)
    assert "早于 1900 年" in checked.faults[0].problem.what
    assert _levels(checker.check({**GOOD, "founded_on": "2856-01-01"}).faults) == [("Q", "LEDG-109")]
    old = checker.check({**GOOD, "filed_on": "1856-01-01"})
    assert ("Q", "LEDG-109") in _levels(old.faults)
    assert old.record["filed_on"] is None


def test_checks_look_at_a_value_with_a_warning() -> None:
    checked = RowChecker(_ledger(), TODAY).check({**GOOD, "decided_on": "1856-01-01"})
    assert _levels(checked.faults) == [("W", "LEDG-109"), ("E", "sample_case.order")]
