"""Executed amounts of many lines in one go: all of it or nothing, by whom they belong to, as they were seen."""

from collections.abc import Mapping

import pytest
from demonstrated import MOMENT, actor, demonstration, in_state

from zhunsheng.kernel.money import Money
from zhunsheng.plans.choices import EvidenceStatus
from zhunsheng.plans.roles import EvaluationState, TargetState
from zhunsheng.store.database.case_content import SECTION_OF, case_of, row_with_key
from zhunsheng.store.database.file_store import keep
from zhunsheng.store.database.models import Evidence, StoredCase, TrailEntry
from zhunsheng.workflow.action import Invalid, Refused, Stale, perform
from zhunsheng.workflow.collecting.evidence import AttachEvidence, JudgeEvidence, KeptFile, mark_of
from zhunsheng.workflow.collecting.recording import Executed, RecordExecution, RecordExecutions
from zhunsheng.workflow.trail import verify

pytestmark = pytest.mark.django_db
SAID = {"executed_source": "国库集中支付系统", "executed_evidence": "支付凭证 12 张"}


@pytest.fixture
def year() -> StoredCase:
    return demonstration()


def said(item: str, executed: str, seen: int | None = 0, unit: str = "万元", **more: str) -> Executed:
    return Executed(item, {**SAID, "executed": executed, **more}, seen, unit)


def record(case: StoredCase, *rows: Executed, who: str = "caiwu") -> int:
    return len(perform(RecordExecutions(case, rows), actor(who), MOMENT))


def amounts(case: StoredCase) -> Mapping[str, Money | None]:
    content = case_of(case)
    lines = {each.code: each.executed for each in content.budget}
    return lines | {each.code: each.executed for each in content.projects}


def faults(case: StoredCase, *rows: Executed) -> list[tuple[str, str, str]]:
    before = amounts(case)
    with pytest.raises(Invalid) as refused:
        record(case, *rows)
    assert amounts(case) == before
    assert not TrailEntry.objects.filter(action="collect.executions").exists()
    return [(each.place.file, each.place.field or "", each.code) for each in refused.value.problems]


def of_the_division(code: str = "P2") -> None:
    row = row_with_key(StoredCase.objects.get(), SECTION_OF["projects"], {"code": code})
    assert row is not None
    row.f_unit = "特种设备安全监察科"  # type: ignore[attr-defined] # made from the columns
    row.save()


def test_lines_and_projects_are_written_together_each_with_its_line_of_the_trail(year: StoredCase) -> None:
    before = amounts(year)
    assert record(year, said("projects/P1", "80"), said("budget/expenditure", "22,000.5")) == 2
    after = amounts(year)
    assert after["P1"] == Money.of("80", "万元")
    assert after["expenditure"] == Money.of("22000.5", "万元")
    assert {name for name in after if after[name] != before[name]} == {"P1", "expenditure"}
    lines = TrailEntry.objects.filter(action="collect.executions").order_by("number")
    assert [(each.subject, each.who) for each in lines] == [
        ("projects/P1", "caiwu"),
        ("budget/expenditure", "caiwu"),
    ]
    # one change of the content, however many lines
    assert StoredCase.objects.get(pk=year.pk).revision == 1
    assert not list(verify())


def test_only_the_columns_of_execution_are_written(year: StoredCase) -> None:
    record(year, said("projects/P1", "80", name="另一个项目", adjusted="1", goal="无"))
    (found,) = (each for each in case_of(year).projects if each.code == "P1")
    assert (found.name, found.adjusted) == ("检测专项经费", Money.of("117", "万元"))


@pytest.mark.parametrize(
    ("text", "unit", "yuan"),
    [
        ("800000", "元", "800000"),
        ("1,234,567.89", "元", "1234567.89"),
        ("0.01", "元", "0.01"),
        ("0", "元", "0"),
        ("80", "万元", "800000"),
        # more digits than a calculation keeps, all of them meant
        ("99999999999999.99", "元", "99999999999999.99"),
    ],
)
def test_an_amount_is_taken_in_its_unit_to_the_fen(year: StoredCase, text: str, unit: str, yuan: str) -> None:
    record(year, said("projects/P1", text, unit=unit))
    assert amounts(year)["P1"] == Money.of(yuan)


def test_everything_wrong_is_said_at_once_and_nothing_is_written(year: StoredCase) -> None:
    found = faults(
        year,
        said("projects/P1", "80"),
        said("projects/P2", "约三十", unit="元"),
        Executed("projects/P3", {"executed": "3"}, 0),
        said("budget/expenditure", "1.234", unit="元"),
        said("budget/income", "一百"),
    )
    assert sorted(found) == sorted(
        [
            ("项目 P2", "执行数", "COLLECT-014"),
            ("项目 P3", "执行数来源", "COLLECT-012"),
            ("项目 P3", "执行数佐证", "COLLECT-013"),
            ("收支 expenditure", "执行数", "PLAN-001"),
            ("收支 income", "执行数", "DATA-003"),
        ]
    )


def test_lines_there_are_not_and_lines_said_twice_are_named(year: StoredCase) -> None:
    found = faults(
        year,
        said("projects/P9", "1"),
        said("actuals/O2", "1"),
        said("projects/P1", "1"),
        said("projects/P1", "2"),
    )
    assert [code for _, _, code in found] == ["COLLECT-011", "COLLECT-011", "COLLECT-015"]


def test_an_amount_in_yuan_may_be_emptied(year: StoredCase) -> None:
    record(year, Executed("projects/P1", {"executed": " "}, 0, "元"))
    assert amounts(year)["P1"] is None


def test_what_is_the_same_is_not_written(year: StoredCase) -> None:
    assert record(year, Executed("projects/P1", {}, 0), said("projects/P2", "5")) == 1
    row = row_with_key(year, SECTION_OF["projects"], {"code": "P1"})
    assert row is not None
    assert row.revision == 0


def test_of_two_who_write_the_second_is_told_of_every_line_and_nothing_of_theirs_is_written(
    year: StoredCase,
) -> None:
    of_the_division()
    perform(RecordExecution(year, "projects/P1", {**SAID, "executed": "70"}, 0), actor("caiwu"), MOMENT)
    record(year, said("projects/P2", "6"), who="tianbao")
    before = amounts(year)
    rows = (said("projects/P1", "71"), said("projects/P2", "7"), said("projects/P3", "8"))
    with pytest.raises(Stale) as stale:
        record(year, *rows)
    assert "“检测专项经费”的执行数已被王财务修改" in stale.value.what
    assert "“电梯监督检验抽查经费”的执行数已被陈填报修改" in stale.value.what
    assert "农贸" not in stale.value.what
    assert amounts(year) == before
    # with what they have seen now it is theirs
    record(year, said("projects/P1", "71", 1), said("projects/P2", "7", 1), said("projects/P3", "8"))
    assert amounts(year)["P2"] == Money.of("7", "万元")


def test_a_division_reports_its_own_and_is_refused_the_whole_when_another_line_is_among_them(
    year: StoredCase,
) -> None:
    of_the_division()
    before = amounts(year)
    mine, other = said("projects/P2", "6"), said("projects/P1", "7")
    for rows in ((mine, other), (other, mine), (other,)):
        with pytest.raises(Refused, match="财务"):
            record(year, *rows, who="tianbao")
    assert amounts(year) == before
    record(year, mine, who="tianbao")
    assert amounts(year) == {**before, "P2": Money.of("6", "万元")}


@pytest.mark.parametrize("who", ["juzhang", "caizheng", "sanfang", "shenji", "guanli"])
def test_nobody_else_reports(year: StoredCase, who: str) -> None:
    for rows in ((said("projects/P1", "1"),), ()):
        with pytest.raises(Refused):
            record(year, *rows, who=who)


@pytest.mark.parametrize("state", [EvaluationState.SCORED, EvaluationState.FROZEN])
def test_what_was_handed_in_is_refused(year: StoredCase, state: EvaluationState) -> None:
    in_state(TargetState.APPROVED, state)
    with pytest.raises(Refused):
        record(year, said("projects/P1", "1"))


def test_proof_is_judged_again_only_where_the_amount_changed(year: StoredCase) -> None:
    file = keep([b"%PDF-1.7 voucher"])
    for item in ("projects/P1", "projects/P2"):
        perform(AttachEvidence(year, item, (KeptFile(file, "凭证.pdf"),)), actor("caiwu"), MOMENT)
        kept = Evidence.objects.get(item=item)
        perform(JudgeEvidence(kept, accepted=True, why="", seen=mark_of(kept)), actor("caizheng"), MOMENT)
    record(year, said("projects/P1", "80"), Executed("projects/P2", {"executed_source": "总账"}, 0))
    status = dict(Evidence.objects.values_list("item", "status"))
    assert status == {
        "projects/P1": EvidenceStatus.PROVIDED.value,
        "projects/P2": EvidenceStatus.VERIFIED.value,
    }
