"""Editing rows: read as files are, all faults at once, by whoever answers for them, and what hangs on them follows."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from demonstrated import MOMENT, actor, demonstration, in_state

from zhunsheng.plans.roles import TargetState
from zhunsheng.plans.sections import SECTIONS
from zhunsheng.store.database.case_content import SECTION_OF, case_of, put_case, record_of
from zhunsheng.store.database.case_rows import CaseRow
from zhunsheng.store.database.models import Assignment, StoredCase, TrailEntry
from zhunsheng.workflow.action import Action, Invalid, Refused, Stale, perform
from zhunsheng.workflow.planning.cells import RowInput, open_columns, read_input, texts_of
from zhunsheng.workflow.planning.editing import AddRow, EditRow, EditRows, MoveRow, RemoveRow, rows_of

pytestmark = pytest.mark.django_db

NEW_INDICATOR = {
    "code": "O8",
    "name": "电梯维保单位抽查数",
    "task": "T4",
    "group": "output",
    "kind": "quantity",
    "nature": "positive",
    "target_sign": ">=",
    "target_value": "20",
    "target_unit": "家",
    "points": "2.5",
}


@pytest.fixture
def draft() -> StoredCase:
    return demonstration(TargetState.DRAFT)


def row(case: StoredCase, section: str, key: str) -> CaseRow:
    return next(each for each in rows_of(case, SECTION_OF[section]) if str(each) == key)


def edit(
    case: StoredCase, section: str, key: str, cells: Mapping[str, str], who: str = "caiwu", revision: int = 0
) -> None:
    found = row(case, section, key)
    perform(EditRow(case, section, RowInput(cells, found.pk, revision)), actor(who), MOMENT)


def test_what_a_form_shows_is_read_back_as_it_was(draft: StoredCase) -> None:
    from zhunsheng.kernel.problem import Problems  # noqa: PLC0415

    case = case_of(draft)
    for section in SECTIONS:
        content = getattr(case, section.name)
        for record in (content,) if section.shape == "record" else content:
            for labels in (False, True):
                problems = Problems()
                texts = texts_of(section, record, labels=labels)
                open_texts = {each.name: texts[each.name] for each in open_columns(section)}
                assert read_input(section, record, RowInput(open_texts), "", problems) == record
                assert problems.found == []


def test_a_change_is_written_with_its_line_of_the_trail(draft: StoredCase) -> None:
    edit(draft, "indicators", "O4", {"target_value": "700", "target_text": "不少于700宗"})
    draft.refresh_from_db()
    changed = case_of(draft).indicator_by_code["O4"]
    assert (changed.target_value, changed.name) == ("700", "行政案件立案数")
    assert draft.revision == 1
    line = TrailEntry.objects.get(action="plan.edit_row")
    assert line.before is not None
    assert line.after is not None
    assert (line.subject, line.before["target_value"], line.after["target_value"]) == (
        "indicators/O4",
        "600",
        "700",
    )
    assert row(draft, "indicators", "O4").revision == 1


def test_a_form_sent_without_a_change_writes_nothing(draft: StoredCase) -> None:
    edit(draft, "indicators", "O4", {"target_value": "600"})
    draft.refresh_from_db()
    assert draft.revision == 0
    assert not TrailEntry.objects.filter(action="plan.edit_row").exists()


def test_all_faults_of_a_row_come_at_once_and_nothing_is_written(draft: StoredCase) -> None:
    with pytest.raises(Invalid) as error:
        edit(
            draft,
            "indicators",
            "O4",
            {"code": "O 4", "name": "", "points": "三分", "nature": "越多越好", "task": "T99"},
        )
    found = {(each.code, each.place.field) for each in error.value.problems}
    assert found == {
        ("CASE-020", "指标编码"),
        ("DATA-002", "指标名称"),
        ("DATA-003", "分值"),
        ("DATA-004", "指标性质"),
        ("CASE-011", "所属任务"),
    }
    assert row(draft, "indicators", "O4").revision == 0


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"code": "O2"}, "CASE-010"),
        ({"target_value": "很多"}, "CASE-013"),
        ({"points": "-1"}, "CASE-017"),
        ({"note": "铃\x07"}, "CASE-003"),
        ({"note": "长" * 30_001}, "CASE-004"),
    ],
)
def test_a_row_that_would_break_the_case_is_refused(
    draft: StoredCase, cells: dict[str, str], code: str
) -> None:
    with pytest.raises(Invalid) as error:
        edit(draft, "indicators", "O4", cells)
    assert [each.code for each in error.value.problems] == [code]


@pytest.mark.parametrize("amount", ["1.1234567", "99999999999999999999"])
def test_an_amount_the_database_cannot_hold_is_a_problem_and_no_failure(
    draft: StoredCase, amount: str
) -> None:
    with pytest.raises(Invalid) as error:
        edit(draft, "projects", "P1", {"initial": amount})
    assert [each.code for each in error.value.problems] == ["PLAN-001"]


def test_points_that_do_not_add_up_yet_do_not_keep_a_row_from_being_saved(draft: StoredCase) -> None:
    edit(draft, "tasks", "T4", {"points": "50"})
    assert str(case_of(draft).task_by_code["T4"].points) == "50"


def test_identity_and_state_of_the_year_are_not_edited(draft: StoredCase) -> None:
    about = rows_of(draft, SECTION_OF["about"])[0]
    cells = {"code": "andere", "fiscal_year": "1999", "status": "released", "filled_by": "陈填报"}
    perform(EditRow(draft, "about", RowInput(cells, about.pk)), actor("caiwu"), MOMENT)
    found = case_of(draft).about
    assert (found.code, found.fiscal_year, found.status.value) == ("huadu-2023", 2023, "draft")
    assert found.filled_by == "陈填报"


# ---- whose rows


@pytest.mark.parametrize("who", ["tianbao", "chushi"])
def test_a_division_edits_its_own_tasks_and_indicators_only(draft: StoredCase, who: str) -> None:
    edit(draft, "indicators", "O2", {"note": "本科室"}, who)
    edit(draft, "tasks", "T4", {"short_name": "电梯"}, who)
    for section, key, cells in (
        ("indicators", "O4", {"note": "别的科"}),
        ("tasks", "T2", {"short_name": "别的科"}),
        ("budget", "expenditure", {"explanation": "全局的"}),
        ("projects", "P2", {"purpose": "全局的"}),
        ("about", "huadu-2023", {"phone": "1"}),
    ):
        found = (
            rows_of(draft, SECTION_OF["about"])[0]
            if section == "about"
            else rows_of(draft, SECTION_OF[section])[0]
            if section == "budget"
            else row(draft, section, key)
        )
        with pytest.raises(Refused):
            perform(EditRow(draft, section, RowInput(cells, found.pk)), actor(who), MOMENT)


def test_a_division_neither_takes_nor_gives_away_a_row(draft: StoredCase) -> None:
    with pytest.raises(Refused, match="执法监督"):
        edit(draft, "indicators", "O2", {"task": "T2"}, "tianbao")
    with pytest.raises(Refused):
        edit(draft, "tasks", "T4", {"division": ""}, "tianbao")
    with pytest.raises(Refused):
        perform(
            AddRow(draft, "indicators", RowInput(NEW_INDICATOR | {"task": "T2"})), actor("tianbao"), MOMENT
        )
    perform(AddRow(draft, "indicators", RowInput(NEW_INDICATOR)), actor("tianbao"), MOMENT)
    assert case_of(draft).indicators[-1].code == "O8"


def test_in_a_table_of_many_each_row_is_asked_for(draft: StoredCase) -> None:
    own, other = row(draft, "indicators", "O2"), row(draft, "indicators", "O4")
    given = (
        RowInput({"note": "我的"}, own.pk, 0, 1),
        RowInput({"note": "不是我的"}, other.pk, 0, 2),
    )
    with pytest.raises(Refused, match="执法监督"):
        perform(EditRows(draft, "indicators", given), actor("tianbao"), MOMENT)
    assert case_of(draft).indicator_by_code["O2"].note != "我的"


@pytest.mark.parametrize("who", ["juzhang", "caizheng", "sanfang", "shenji", "guanli"])
def test_others_edit_nothing(draft: StoredCase, who: str) -> None:
    with pytest.raises(Refused):
        edit(draft, "indicators", "O2", {"note": "x"}, who)


@pytest.mark.parametrize(
    "state", [s for s in TargetState if s not in {TargetState.DRAFT, TargetState.RETURNED}]
)
def test_nothing_is_edited_once_it_is_sent_on(draft: StoredCase, state: TargetState) -> None:
    case = in_state(state)
    found = row(case, "indicators", "O2")
    actions: tuple[Action, ...] = (
        EditRow(case, "indicators", RowInput({"note": "x"}, found.pk)),
        AddRow(case, "indicators", RowInput(NEW_INDICATOR)),
        RemoveRow(case, "indicators", found.pk, 0),
        MoveRow(case, "indicators", found.pk, 1),
    )
    for action in actions:
        with pytest.raises(Refused, match="目标状态"):
            perform(action, actor("caiwu"), MOMENT)


@pytest.mark.parametrize("section", ["actuals", "manual_scores", "printed_figures", "narrative"])
def test_sections_of_later_in_the_year_are_not_edited_here(draft: StoredCase, section: str) -> None:
    with pytest.raises(Refused):
        perform(AddRow(draft, section, RowInput({"code": "x"})), actor("caiwu"), MOMENT)


# ---- two at once


def test_of_two_who_edit_a_row_at_once_the_second_is_told_by_whom(draft: StoredCase) -> None:
    edit(draft, "indicators", "O2", {"note": "先"}, "tianbao")
    with pytest.raises(Stale, match="陈填报"):
        edit(draft, "indicators", "O2", {"note": "后"}, "chushi")
    assert case_of(draft).indicator_by_code["O2"].note == "先"


def test_a_row_that_somebody_removed_is_not_written_again(draft: StoredCase) -> None:
    perform(AddRow(draft, "indicators", RowInput(NEW_INDICATOR)), actor("caiwu"), MOMENT)
    found = row(draft, "indicators", "O8")
    perform(RemoveRow(draft, "indicators", found.pk, 0), actor("caiwu"), MOMENT)
    with pytest.raises(Stale, match="删除"):
        perform(EditRow(draft, "indicators", RowInput({"note": "x"}, found.pk)), actor("caiwu"), MOMENT)
    with pytest.raises(Stale, match="删除"):
        perform(RemoveRow(draft, "indicators", found.pk, 0), actor("caiwu"), MOMENT)


def test_a_row_of_another_year_cannot_be_reached_through_this_one(draft: StoredCase) -> None:
    other = StoredCase.objects.create(
        code="andere", organisation=draft.organisation, fiscal_year=2022, title="t", created=MOMENT
    )
    put_case(other, case_of(draft), None, MOMENT)
    foreign = row(other, "indicators", "O2")
    with pytest.raises(Stale):
        perform(EditRow(draft, "indicators", RowInput({"note": "x"}, foreign.pk)), actor("caiwu"), MOMENT)


# ---- what hangs on a row


def test_a_new_code_is_followed_by_everything_that_names_the_old_one(draft: StoredCase) -> None:
    case = case_of(draft)
    goal = "抽检 {{ indicator.O2.actual }}，得分 {{ score.O2 }}；另有 {{ indicator.O4.actual }}"
    put_case(draft, replace(case, about=replace(case.about, overall_result=goal)), None, MOMENT)
    edit(draft, "indicators", "O2", {"code": "O2a"})
    found = case_of(draft)
    assert "O2" not in found.actual_of
    assert found.actual_of["O2a"].value == case.actual_of["O2"].value
    assert "O2" not in {each.item for each in found.printed_scores}
    assert not any("O2" in each.covers for each in found.shortcomings)
    assert found.about.overall_result == (
        "抽检 {{ indicator.O2a.actual }}，得分 {{ score.O2a }}；另有 {{ indicator.O4.actual }}"
    )
    assert Assignment.objects.filter(case=draft, item="O2a").count() == 1
    assert not Assignment.objects.filter(case=draft, item="O2").exists()


def test_a_task_takes_its_indicators_along(draft: StoredCase) -> None:
    edit(draft, "tasks", "T4", {"code": "T9"})
    found = case_of(draft)
    assert {each.task for each in found.indicators} == {"T1", "T2", "T3", "T5", "T6", "T9"}


def test_codes_that_change_places_do_not_mix_up_what_hangs_on_them(draft: StoredCase) -> None:
    before = case_of(draft)
    one, two = row(draft, "indicators", "O2"), row(draft, "indicators", "O4")
    given = (RowInput({"code": "O4"}, one.pk, 0, 1), RowInput({"code": "O2"}, two.pk, 0, 2))
    perform(EditRows(draft, "indicators", given), actor("caiwu"), MOMENT)
    after = case_of(draft)
    assert after.actual_of["O4"].value == before.actual_of["O2"].value
    assert after.actual_of["O2"].value == before.actual_of["O4"].value


def test_what_is_referred_to_is_not_removed(draft: StoredCase) -> None:
    found = row(draft, "tasks", "T4")
    with pytest.raises(Invalid) as error:
        perform(RemoveRow(draft, "tasks", found.pk, 0), actor("caiwu"), MOMENT)
    assert {each.code for each in error.value.problems} == {"PLAN-006"}
    assert len(error.value.problems) == 2  # O2 and F3 belong to it
    assert "T4" in case_of(draft).task_by_code


def test_an_indicator_goes_with_what_only_speaks_of_it(draft: StoredCase) -> None:
    case = case_of(draft)
    found = row(draft, "indicators", "O5")
    with pytest.raises(Invalid, match="文字部分"):  # the report's text refers to its number
        perform(RemoveRow(draft, "indicators", found.pk, 0), actor("caiwu"), MOMENT)
    spared = tuple(replace(each, covers=()) for each in case.shortcomings)
    put_case(draft, replace(case, shortcomings=spared, narrative=()), None, MOMENT)
    found = row(draft, "indicators", "O5")
    perform(RemoveRow(draft, "indicators", found.pk, 0), actor("caiwu"), MOMENT)
    after = case_of(draft)
    assert "O5" not in after.indicator_by_code
    assert "O5" not in after.actual_of
    assert not Assignment.objects.filter(case=draft, item="O5").exists()
    subjects = set(TrailEntry.objects.filter(action="plan.remove_row").values_list("subject", flat=True))
    assert {"indicators/O5", "actuals/O5"} <= subjects


def test_a_row_moves_up_and_down_and_not_beyond_the_ends(draft: StoredCase) -> None:
    def order() -> list[str]:
        return [each.code for each in case_of(draft).tasks]

    assert order() == ["T1", "T2", "T3", "T4", "T5", "T6"]
    found = row(draft, "tasks", "T4")
    perform(MoveRow(draft, "tasks", found.pk, -1), actor("caiwu"), MOMENT)
    assert order() == ["T1", "T2", "T4", "T3", "T5", "T6"]
    perform(MoveRow(draft, "tasks", row(draft, "tasks", "T1").pk, -1), actor("caiwu"), MOMENT)
    assert order() == ["T1", "T2", "T4", "T3", "T5", "T6"]


# ---- many at once


def test_a_table_with_several_faults_names_each_by_row_and_column_and_writes_nothing(
    draft: StoredCase,
) -> None:
    first, second = row(draft, "indicators", "O2"), row(draft, "indicators", "O4")
    given = (
        RowInput({"points": "x", "target_value": "151"}, first.pk, 0, 1),
        RowInput({"target_value": "701", "target_text": ""}, second.pk, 0, 2),
        RowInput(NEW_INDICATOR | {"code": "O4", "task": "T8"}, None, 0, 3),
        RowInput(NEW_INDICATOR | {"code": "O9", "kind": "", "name": ""}, None, 0, 4),
    )
    with pytest.raises(Invalid) as error:
        perform(EditRows(draft, "indicators", given), actor("caiwu"), MOMENT)
    assert {(each.place.line, each.place.field, each.code) for each in error.value.problems} == {
        (1, "分值", "DATA-003"),
        (3, "指标编码", "CASE-010"),
        (3, "所属任务", "CASE-011"),
        (4, "二级指标", "DATA-002"),
        (4, "指标名称", "DATA-002"),
    }
    found = case_of(draft)
    assert [found.indicator_by_code[code].target_value for code in ("O2", "O4")] == ["150", "600"]
    assert len(found.indicators) == 10


def test_a_sound_table_is_written_whole(draft: StoredCase) -> None:
    first = row(draft, "indicators", "O2")
    given = (
        RowInput({"target_value": "151", "target_text": ""}, first.pk, 0, 1),
        RowInput(NEW_INDICATOR, None, 0, 2),
    )
    perform(EditRows(draft, "indicators", given), actor("caiwu"), MOMENT)
    found = case_of(draft)
    assert found.indicator_by_code["O2"].target_value == "151"
    assert found.indicators[-1].name == "电梯维保单位抽查数"
    assert TrailEntry.objects.filter(action="plan.edit_rows").count() == 2


def test_of_two_tables_sent_at_once_the_second_is_told_about_every_row(draft: StoredCase) -> None:
    rows = [row(draft, "indicators", code) for code in ("O2", "O4")]
    given = tuple(RowInput({"note": "先"}, each.pk, 0, line) for line, each in enumerate(rows, 1))
    perform(EditRows(draft, "indicators", given), actor("caiwu"), MOMENT)
    with pytest.raises(Stale, match=r"O2.*O4"):
        perform(EditRows(draft, "indicators", given), actor("caiwu"), MOMENT)


def test_every_column_of_a_new_row_is_kept(draft: StoredCase) -> None:
    perform(AddRow(draft, "indicators", RowInput(NEW_INDICATOR)), actor("caiwu"), MOMENT)
    section = SECTION_OF["indicators"]
    kept = texts_of(section, record_of(section, row(draft, "indicators", "O8")))
    assert NEW_INDICATOR.items() <= kept.items()
