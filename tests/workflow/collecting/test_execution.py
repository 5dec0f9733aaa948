"""Executed amounts after approval: by whom, in which state, with source and proof, without touching what was approved."""

from fractions import Fraction

import pytest
from demonstrated import MOMENT, actor, demonstration, in_state

from zhunsheng.kernel.money import Money
from zhunsheng.plans.case import Project
from zhunsheng.plans.choices import EvidenceStatus
from zhunsheng.plans.roles import EvaluationState, TargetState
from zhunsheng.scores.inputs import budget_inputs
from zhunsheng.store.database.case_content import SECTION_OF, case_of, row_with_key
from zhunsheng.store.database.file_store import keep
from zhunsheng.store.database.models import Evidence, StoredCase, TrailEntry, User
from zhunsheng.workflow.action import Invalid, Refused, Stale, perform
from zhunsheng.workflow.collecting.evidence import AttachEvidence, JudgeEvidence, KeptFile, mark_of
from zhunsheng.workflow.collecting.execution import spending_of, spendings_of
from zhunsheng.workflow.collecting.recording import RecordExecution
from zhunsheng.workflow.planning.cells import RowInput
from zhunsheng.workflow.planning.editing import EditRow, RemoveRow, rows_of
from zhunsheng.workflow.trail import verify

pytestmark = pytest.mark.django_db
P2 = "projects/P2"
SAID = {"executed": "31.5", "executed_source": "国库集中支付系统", "executed_evidence": "支付凭证 12 张"}


@pytest.fixture
def year() -> StoredCase:
    return demonstration()


def record(case: StoredCase, item: str = P2, who: str = "caiwu", seen: int | None = 0, **cells: str) -> None:
    perform(RecordExecution(case, item, cells, seen), actor(who), MOMENT)


def faults(case: StoredCase, item: str = P2, **cells: str) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        record(case, item, **cells)
    return {each.place.field or "": each.code for each in refused.value.problems}


def project(case: StoredCase) -> Project:
    return next(each for each in case_of(case).projects if each.code == "P2")


def carried_out_by_the_division(year: StoredCase) -> None:
    """Let the project be that of the division of the filler; the report names no unit for it."""
    row = row_with_key(year, SECTION_OF["projects"], {"code": "P2"})
    assert row is not None
    row.f_unit = "特种设备安全监察科"  # type: ignore[attr-defined] # made from the columns
    row.save()


def test_finance_records_what_was_spent_and_nothing_else_of_the_plan_moves(year: StoredCase) -> None:
    before = case_of(year)
    record(year, **SAID, adjusted="1", name="另一个项目", goal="无")
    after = case_of(year)
    found = project(year)
    assert found.executed == Money.of("31.5", "万元")
    assert (found.executed_source, found.executed_evidence) == ("国库集中支付系统", "支付凭证 12 张")
    (kept,) = (each for each in before.projects if each.code == "P2")
    assert (found.adjusted, found.name, found.goal) == (kept.adjusted, kept.name, kept.goal)
    assert [each for each in after.projects if each.code != "P2"] == [
        each for each in before.projects if each.code != "P2"
    ]
    assert (after.indicators, after.budget) == (before.indicators, before.budget)
    line = TrailEntry.objects.get(action="collect.execution")
    assert line.subject == "projects/P2"
    # the report prints 4.86 万元 for this project
    assert isinstance(line.before, dict)
    assert isinstance(line.after, dict)
    assert (line.before["executed"], line.after["executed"]) == ("4.86", "31.5")
    assert line.who == "caiwu"
    assert StoredCase.objects.get(pk=year.pk).revision == 1
    assert not list(verify())


def test_the_score_names_the_source(year: StoredCase) -> None:
    record(year, **SAID)
    given = budget_inputs(project(year), "项目")
    assert given["budget_executed"].value == Fraction(63, 2)
    assert "国库集中支付系统" in given["budget_executed"].source
    assert "国库集中支付系统" not in given["budget_adjusted"].source


def test_an_amount_needs_source_and_proof_all_said_at_once(year: StoredCase) -> None:
    assert faults(year, executed="31.5") == {"执行数来源": "COLLECT-012", "执行数佐证": "COLLECT-013"}
    assert set(faults(year, **SAID | {"executed": "约三十"})) == {"执行数"}
    assert "执行数" in faults(year, **SAID | {"executed": "1.0000001"})
    assert "COLLECT-011" in faults(year, "budget/none", **SAID).values()
    assert "COLLECT-011" in faults(year, "actuals/O2", **SAID).values()
    assert not TrailEntry.objects.filter(action="collect.execution").exists()


def test_a_file_is_proof_enough_and_is_judged_again_when_the_amount_changes(year: StoredCase) -> None:
    file = keep([b"%PDF-1.7 voucher"])
    perform(AttachEvidence(year, P2, (KeptFile(file, "凭证.pdf"),)), actor("caiwu"), MOMENT)
    record(year, executed="31.5", executed_source="国库集中支付系统")
    kept = Evidence.objects.get(item=P2)
    with pytest.raises(Refused, match="别人"):
        perform(JudgeEvidence(kept, accepted=True, why="", seen=mark_of(kept)), actor("caiwu"), MOMENT)
    perform(JudgeEvidence(kept, accepted=True, why="", seen=mark_of(kept)), actor("caizheng"), MOMENT)
    found = spending_of(year, P2)
    assert found is not None
    assert found.evidence is EvidenceStatus.VERIFIED
    record(year, seen=1, executed="32")
    kept.refresh_from_db()
    assert (kept.status, kept.judged_by) == (EvidenceStatus.PROVIDED.value, None)


def test_the_division_that_carries_a_project_out_reports_it_and_no_other(year: StoredCase) -> None:
    with pytest.raises(Refused, match="财务"):
        record(year, who="tianbao", **SAID)
    carried_out_by_the_division(year)
    record(year, who="tianbao", **SAID)
    for item in ("projects/P1", "budget/expenditure"):
        with pytest.raises(Refused):
            record(year, item, who="chushi", **SAID)
    for who in ("juzhang", "caizheng", "sanfang", "shenji", "guanli"):
        with pytest.raises(Refused):
            record(year, who=who, seen=1, **SAID)


def test_of_two_who_write_one_is_told(year: StoredCase) -> None:
    record(year, **SAID)
    with pytest.raises(Stale, match="王财务"):
        record(year, **SAID | {"executed": "33"})


@pytest.mark.parametrize(
    ("state", "way"),
    [
        (EvaluationState.SCORED, "请局领导写明原因退回自评"),
        (EvaluationState.REVIEWED, "请财政部门写明原因退回自评"),
        (EvaluationState.FROZEN, "请财政部门写明原因解除锁定"),
        (EvaluationState.RELEASED, "请财政部门写明原因解除锁定"),
    ],
)
def test_what_was_handed_in_is_refused_with_the_way_to_correct_it(
    year: StoredCase, state: EvaluationState, way: str
) -> None:
    in_state(TargetState.APPROVED, state)
    with pytest.raises(Refused, match=way):
        record(year, **SAID)


def test_before_approval_the_amounts_belong_to_the_plan(year: StoredCase) -> None:
    in_state(TargetState.DRAFT)
    with pytest.raises(Refused, match="目标状态"):
        record(year, **SAID)


def test_proof_follows_a_project_whose_code_changes_and_keeps_it_from_being_removed(
    year: StoredCase,
) -> None:
    Evidence.objects.create(
        case=year,
        item=P2,
        file=keep([b"x"]),
        name="a.txt",
        who=User.objects.get(username="caiwu"),
        moment=MOMENT,
        status=EvidenceStatus.PROVIDED.value,
    )
    draft = in_state(TargetState.DRAFT)
    row = next(each for each in rows_of(draft, SECTION_OF["projects"]) if str(each) == "P2")
    perform(EditRow(draft, "projects", RowInput({"code": "P2b"}, row.pk)), actor("caiwu"), MOMENT)
    assert Evidence.objects.get().item == "projects/P2b"
    with pytest.raises(Invalid, match="佐证材料"):
        perform(RemoveRow(draft, "projects", row.pk, 1), actor("caiwu"), MOMENT)


def test_the_list_holds_every_line_and_project(year: StoredCase) -> None:
    case = case_of(year)
    found = spendings_of(year)
    assert [each.item for each in found] == [
        *(f"budget/{each.code}" for each in case.budget),
        *(f"projects/{each.code}" for each in case.projects),
    ]
    expenditure = next(each for each in found if each.item == "budget/expenditure")
    # 22,918.66 of 22,975.66 万元, printed as 99.75 %
    assert expenditure.rate == Fraction(2291866, 2297566)
    # a project whose budget was taken back to zero has no rate
    assert next(each for each in found if each.item == "projects/P3").rate is None
