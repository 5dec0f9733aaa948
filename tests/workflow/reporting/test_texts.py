"""The free text of the report: numbers stay live, what is referred to must exist, nobody overwrites another."""

import pytest
from demonstrated import MOMENT, actor, demonstration, in_state
from released import change

from zhunsheng.plans.roles import EvaluationState, TargetState
from zhunsheng.reports.tree import Number, Paragraph
from zhunsheng.store.database.models import StoredCase, TrailEntry
from zhunsheng.workflow.action import Invalid, Refused, Stale, perform
from zhunsheng.workflow.reporting.actions import EditNarrative, narrative_row
from zhunsheng.workflow.reporting.paragraphs import shown_text
from zhunsheng.workflow.reporting.references import Reference, reference_groups
from zhunsheng.workflow.reporting.year import evaluated_year

pytestmark = pytest.mark.django_db


@pytest.fixture
def year() -> StoredCase:
    return demonstration()


def text_of(case: StoredCase, section: str) -> str:
    row = narrative_row(case, section)
    return "" if row is None else str(row.f_text)  # type: ignore[attr-defined]


def seen(case: StoredCase, section: str) -> int | None:
    row = narrative_row(case, section)
    return None if row is None else row.revision


def test_finance_writes_and_the_trail_says_what_stood_there(year: StoredCase) -> None:
    before, revision = text_of(year, "monitoring"), year.revision
    perform(
        EditNarrative(year, "monitoring", "每季度监控一次。\r\n", seen(year, "monitoring")),
        actor("caiwu"),
        MOMENT,
    )
    assert text_of(year, "monitoring") == "每季度监控一次。"
    year.refresh_from_db()
    assert year.revision == revision + 1
    line = TrailEntry.objects.last()
    assert line is not None
    assert (line.subject, line.before, line.after) == ("narrative/monitoring", before, "每季度监控一次。")


def test_the_same_text_changes_nothing(year: StoredCase) -> None:
    lines = TrailEntry.objects.count()
    same = text_of(year, "monitoring")
    perform(EditNarrative(year, "monitoring", same, seen(year, "monitoring")), actor("caiwu"), MOMENT)
    year.refresh_from_db()
    assert (year.revision, TrailEntry.objects.count()) == (0, lines)


def test_an_empty_text_takes_the_section_out_and_a_new_one_puts_it_in(year: StoredCase) -> None:
    perform(EditNarrative(year, "adjustment", "", seen(year, "adjustment")), actor("caiwu"), MOMENT)
    assert narrative_row(year, "adjustment") is None
    perform(EditNarrative(year, "adjustment", "没有调整。", None), actor("caiwu"), MOMENT)
    assert text_of(year, "adjustment") == "没有调整。"


@pytest.mark.parametrize("who", ["tianbao", "chushi", "juzhang", "caizheng", "sanfang", "shenji", "guanli"])
def test_others_do_not_write(year: StoredCase, who: str) -> None:
    with pytest.raises(Refused):
        perform(EditNarrative(year, "monitoring", "改", seen(year, "monitoring")), actor(who), MOMENT)


@pytest.mark.parametrize("state", [each for each in EvaluationState if each is not EvaluationState.OPEN])
def test_nothing_is_written_outside_the_self_evaluation(year: StoredCase, state: EvaluationState) -> None:
    year = in_state(TargetState.APPROVED, state)
    with pytest.raises(Refused):
        perform(EditNarrative(year, "monitoring", "改", seen(year, "monitoring")), actor("caiwu"), MOMENT)


def test_a_reference_to_nothing_is_a_fault_at_the_field(year: StoredCase) -> None:
    before = text_of(year, "monitoring")
    text = "完成 {{ indicator.O2.actual }}，另有 {{ indicator.X9.actual }} 和 {{ nothing }}。"
    with pytest.raises(Invalid) as refused:
        perform(EditNarrative(year, "monitoring", text, seen(year, "monitoring")), actor("caiwu"), MOMENT)
    assert [each.value for each in refused.value.problems] == ["indicator.X9.actual", "nothing"]
    assert {each.place.field for each in refused.value.problems} == {"text"}
    assert text_of(year, "monitoring") == before


@pytest.mark.parametrize("text", ["字" * 30_001, "看不见的\x08字符"])
def test_what_no_file_can_hold_is_refused(year: StoredCase, text: str) -> None:
    with pytest.raises(Invalid):
        perform(EditNarrative(year, "monitoring", text, seen(year, "monitoring")), actor("caiwu"), MOMENT)


def test_an_unknown_section_is_refused(year: StoredCase) -> None:
    with pytest.raises(Invalid):
        perform(EditNarrative(year, "../etc", "文字", None), actor("caiwu"), MOMENT)


def test_of_two_who_edit_at_once_the_second_is_told(year: StoredCase) -> None:
    both = seen(year, "monitoring")
    perform(EditNarrative(year, "monitoring", "先写的。", both), actor("caiwu"), MOMENT)
    with pytest.raises(Stale) as told:
        perform(EditNarrative(year, "monitoring", "后写的。", both), actor("caiwu"), MOMENT)
    assert "王财务" in told.value.what
    assert text_of(year, "monitoring") == "先写的。"


def numbers(case: StoredCase, text: str) -> list[str]:
    blocks, _ = shown_text(evaluated_year(case), "monitoring", text)
    return [
        run.text
        for block in blocks
        if isinstance(block, Paragraph)
        for run in block.runs
        if isinstance(run, Number)
    ]


def test_a_reference_follows_the_value_it_points_to(year: StoredCase) -> None:
    text = "抽检老旧电梯 {{ indicator.O2.actual }}。"
    assert numbers(year, text) == ["287台"]
    change(year, "actuals", {"value": "301"}, indicator="O2")
    assert numbers(year, text) == ["301台"]


def found(case: StoredCase, wanted: str = "") -> dict[str, Reference]:
    current = evaluated_year(case)
    groups = reference_groups(current.case, current.evaluation, wanted)
    return {each.code: each for group in groups for each in group.references}


def test_the_references_show_the_values_of_now(year: StoredCase) -> None:
    all_of_them = found(year)
    # as printed in the source report: L114, L111, L117
    assert all_of_them["indicator.F2.actual"].text == "94.68%"
    assert all_of_them["indicator.O2.target"].text == "≥150台"
    assert all_of_them["budget.expenditure.executed"].text == "22,918.66万元"
    assert all_of_them["total"].text == "94.98分"
    assert all_of_them["total"].written == "{{ total }}"


def test_a_listed_reference_is_a_sound_reference(year: StoredCase) -> None:
    text = "".join(f"甲 {each.written} 乙。" for each in found(year).values())
    _, problems = shown_text(evaluated_year(year), "monitoring", text)
    assert [each.what for each in problems if each.code == "REPORT-001"] == []


def test_references_are_searched_by_code_label_and_value(year: StoredCase) -> None:
    assert set(found(year, "企业年报")) >= {"indicator.F2.actual", "indicator.F2.target", "score.F2"}
    assert "indicator.F2.actual" in found(year, "94.68")
    assert set(found(year, "INDICATOR.O2.A")) == {"indicator.O2.actual"}
    assert found(year, "没有这个词") == {}


def test_a_typed_number_is_a_note_and_no_fault(year: StoredCase) -> None:
    _, problems = shown_text(evaluated_year(year), "monitoring", "抽检 287 台。")
    assert [(each.code, each.severity.value) for each in problems] == [("REPORT-002", "note")]
