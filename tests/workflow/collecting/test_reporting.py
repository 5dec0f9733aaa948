"""Reporting values: by whom, in which state, with which faults, and two at once."""

from decimal import Decimal

import pytest
from demonstrated import MOMENT, actor, demonstration, in_state

from zhunsheng.plans.checks import read_value
from zhunsheng.plans.choices import EvidenceStatus
from zhunsheng.plans.roles import EvaluationState, TargetState
from zhunsheng.store.database.case_content import SECTION_OF, case_of, row_with_key
from zhunsheng.store.database.models import Evidence, StoredCase, StoredFile, TrailEntry, User
from zhunsheng.workflow.action import Invalid, Refused, Stale, perform
from zhunsheng.workflow.collecting.items import is_mine, item_of, items_of
from zhunsheng.workflow.collecting.reporting import ReportActual

pytestmark = pytest.mark.django_db


@pytest.fixture
def year() -> StoredCase:
    return demonstration()


def report(case: StoredCase, item: str, seen: int | None = 0, who: str = "caiwu", **cells: str) -> None:
    perform(ReportActual(case, item, cells, seen), actor(who), MOMENT)


def faults(case: StoredCase, item: str, seen: int | None = 0, **cells: str) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        report(case, item, seen, **cells)
    return {each.place.field or "": each.code for each in refused.value.problems}


def test_the_list_holds_every_indicator_and_every_fact_the_rubric_asks_for(year: StoredCase) -> None:
    found = items_of(year)
    case = case_of(year)
    assert [each.code for each in found if each.kind == "indicator"] == [
        each.code for each in case.indicators
    ]
    # 43 inputs of the rubric, two of which are the budget's own
    assert sum(each.kind == "fact" for each in found) == 41
    elevators = item_of(year, "O2")
    assert elevators is not None
    assert (elevators.owner.name, elevators.value, elevators.target) == (
        "特种设备安全监察科",
        "287台",
        "≥150台",
    )
    assert not elevators.missing


def test_an_item_is_mine_by_my_division_or_by_name(year: StoredCase) -> None:
    by_code = {each.code: each for each in items_of(year)}
    mine = {code for code, each in by_code.items() if is_mine(each, actor("tianbao"))}
    assert mine == {"O2", "F3"}
    # what nobody else owes is owed by the finance of the body
    finance = {code for code, each in by_code.items() if is_mine(each, actor("caiwu"))}
    assert finance == {code for code, each in by_code.items() if each.kind == "fact"}


def test_the_filler_of_the_division_reports_its_value_and_the_trail_says_so(year: StoredCase) -> None:
    report(year, "O2", who="tianbao", value="290", note="复核后更正")
    year.refresh_from_db()
    assert year.revision == 1
    assert case_of(year).actual_of["O2"].value == "290"
    line = TrailEntry.objects.last()
    assert line is not None
    assert (line.who, line.role, line.action, line.subject) == (
        "tianbao",
        "filler",
        "collect.report",
        "actuals/O2",
    )
    assert ((line.before or {})["value"], (line.after or {})["value"]) == ("287", "290")


@pytest.mark.parametrize("who", ["tianbao", "chushi"])
def test_another_division_s_value_is_refused(year: StoredCase, who: str) -> None:
    with pytest.raises(Refused, match="填报"):
        report(year, "O4", who=who, value="1300")


@pytest.mark.parametrize("who", ["juzhang", "caizheng", "sanfang", "shenji", "guanli"])
def test_who_only_looks_may_not_report(year: StoredCase, who: str) -> None:
    with pytest.raises(Refused):
        report(year, "O2", who=who, value="300")
    assert case_of(year).actual_of["O2"].value == "287"


@pytest.mark.parametrize(
    ("targets", "evaluation"),
    [
        (TargetState.DRAFT, EvaluationState.CLOSED),
        (TargetState.APPROVED, EvaluationState.SCORED),
        (TargetState.APPROVED, EvaluationState.FROZEN),
        (TargetState.APPROVED, EvaluationState.RELEASED),
    ],
)
def test_a_value_is_reported_only_while_the_year_is_open(
    year: StoredCase, targets: TargetState, evaluation: EvaluationState
) -> None:
    in_state(targets, evaluation)
    with pytest.raises(Refused, match="只能在"):
        report(year, "O2", value="300")


def test_of_two_who_report_at_once_the_second_is_told(year: StoredCase) -> None:
    report(year, "O2", seen=0, who="tianbao", value="290")
    with pytest.raises(Stale, match="陈填报"):
        report(year, "O2", seen=0, who="chushi", value="288")
    assert case_of(year).actual_of["O2"].value == "290"


def test_what_was_typed_is_read_as_in_files_and_faults_stand_at_their_field(year: StoredCase) -> None:
    assert faults(year, "O2", value="很多") == {"采用值": "CASE-015"}
    assert faults(year, "O2", status="大概", sample_size="许多") == {
        "完成值状态": "DATA-004",
        "样本量": "DATA-003",
    }
    # a status without value against a value, both ways
    assert faults(year, "O2", status="not_collected") == {"采用值": "CASE-014"}
    assert faults(year, "O2", value="") == {"完成值状态": "CASE-014"}
    assert faults(year, "O2", source_kind="computed") == {"取值方式": "COLLECT-003"}
    # full-width figures are figures
    report(year, "O2", value="２９０")
    assert read_value(case_of(year).actual_of["O2"].value) == Decimal(290)


def test_a_management_fact_is_held_to_its_kind_and_to_the_others(year: StoredCase) -> None:
    assert faults(year, "contracts_filed_late", value="许多") == {"采用值": "SCORE-021"}
    # 69 contracts were filed, so 70 of them cannot have been late
    assert faults(year, "contracts_filed_late", value="70") == {"采用值": "SCORE-035"}
    assert faults(year, "contracts_filed_late", status="not_collected") == {"状态": "CASE-014"}
    report(year, "contracts_filed_late", value="5")
    assert case_of(year).fact_by_code["contracts_filed_late"].value == "5"


def test_a_first_report_makes_the_row(year: StoredCase) -> None:
    assert "new_projects_assessed" not in case_of(year).fact_by_code
    report(year, "new_projects_assessed", seen=None, value="0", status="reported")
    assert case_of(year).fact_by_code["new_projects_assessed"].value == "0"
    with pytest.raises(Stale):
        report(year, "new_projects_assessed", seen=None, value="1", status="reported")


def test_an_item_of_another_year_is_refused(year: StoredCase) -> None:
    assert set(faults(year, "9.9", seen=None, value="1").values()) == {"COLLECT-001"}


def test_the_same_again_changes_nothing(year: StoredCase) -> None:
    report(year, "O2", value="287")
    year.refresh_from_db()
    assert year.revision == 0


def test_a_changed_value_lets_accepted_evidence_be_judged_again(year: StoredCase) -> None:
    file = StoredFile.objects.create(sha256="0" * 64, size=1, media_type="application/pdf", created=MOMENT)
    kept = Evidence.objects.create(
        case=year,
        item="O2",
        file=file,
        name="清单.pdf",
        who=User.objects.get(username="tianbao"),
        moment=MOMENT,
        status=EvidenceStatus.VERIFIED.value,
        judged_by=User.objects.get(username="caiwu"),
    )
    report(year, "O2", who="tianbao", note="只改说明")
    kept.refresh_from_db()
    assert kept.status == EvidenceStatus.VERIFIED.value
    report(year, "O2", seen=1, who="tianbao", value="290")
    kept.refresh_from_db()
    assert (kept.status, kept.judgement) == (EvidenceStatus.PROVIDED.value, "完成值已修改，须重新审核")
    assert case_of(year).actual_of["O2"].evidence_status is EvidenceStatus.PROVIDED


def test_a_value_from_records_is_changed_only_with_a_reason_of_its_own(year: StoredCase) -> None:
    row = row_with_key(year, SECTION_OF["actuals"], {"indicator": "O4"})
    assert row is not None
    for name, value in {
        "source_kind": "computed",
        "why_used": "由台账记录计算",
        "evidence": "台账计算（x）",
    }.items():
        setattr(row, f"f_{name}", value)
    row.save()
    # the note may be changed without touching the value
    report(year, "O4", seen=0, source_kind="computed", note="说明")
    assert case_of(year).actual_of["O4"].source_kind.value == "computed"
    assert faults(year, "O4", seen=1, source_kind="computed", value="1300") == {"采用理由": "COLLECT-002"}
    report(year, "O4", seen=1, source_kind="computed", value="1300", why_used="两宗案件台账漏录")
    changed = case_of(year).actual_of["O4"]
    assert (changed.source_kind.value, changed.evidence) == ("reported", "")
