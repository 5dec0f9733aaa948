"""Who owes what until when, and reminders."""

from datetime import date, timedelta

import pytest
from demonstrated import MOMENT, actor, demonstration

from zhunsheng.store.database.models import Assignment, Organisation, StoredCase
from zhunsheng.workflow.action import Invalid, Refused, Stale, perform
from zhunsheng.workflow.collecting.assigning import AssignItem, Remind, mark_of
from zhunsheng.workflow.collecting.items import item_of, items_of
from zhunsheng.workflow.collecting.reporting import ReportActual

pytestmark = pytest.mark.django_db
LATE = MOMENT + timedelta(days=30)


@pytest.fixture
def year() -> StoredCase:
    return demonstration()


def division(name: str) -> str:
    return Organisation.objects.get(name=name).code


def assign(
    year: StoredCase, item: str = "O2", who: str = "caiwu", seen: str | None = None, **given: str
) -> None:
    row = Assignment.objects.filter(case=year, item=item).first()
    wanted = {"owner": division("特种设备安全监察科"), "username": "", "due": "", **given}
    perform(AssignItem(year, item, **wanted, seen=mark_of(row) if seen is None else seen), actor(who), MOMENT)


def test_an_item_gets_an_owner_by_name_and_a_day(year: StoredCase) -> None:
    assign(year, username="tianbao", due="2024-01-20")
    found = item_of(year, "O2")
    assert found is not None
    assert (found.owner.name, str(found.person), found.due) == (
        "特种设备安全监察科",
        "陈填报",
        date(2024, 1, 20),
    )


def test_a_fact_is_assigned_to_a_division_whose_filler_may_then_report_it(year: StoredCase) -> None:
    reporting = ReportActual(year, "contracts_filed_late", {"value": "3"}, 0)
    with pytest.raises(Refused):
        perform(reporting, actor("tianbao"), MOMENT)
    assign(year, "contracts_filed_late")
    perform(reporting, actor("tianbao"), MOMENT)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"owner": "huadu-czj"}, "COLLECT-004"),
        ({"owner": "nowhere"}, "COLLECT-004"),
        ({"username": "juzhang"}, "COLLECT-005"),
        ({"username": "nobody"}, "COLLECT-005"),
        ({"due": "年底"}, "COLLECT-008"),
    ],
)
def test_wrong_owners_and_days_are_refused(year: StoredCase, given: dict[str, str], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        assign(year, **given)
    assert [each.code for each in refused.value.problems] == [code]


def test_a_filler_of_another_division_cannot_owe_it(year: StoredCase) -> None:
    with pytest.raises(Invalid) as refused:
        assign(year, owner=division("审批管理科"), username="tianbao")
    assert refused.value.problems[0].code == "COLLECT-005"


@pytest.mark.parametrize("who", ["tianbao", "chushi", "juzhang", "caizheng", "sanfang", "shenji", "guanli"])
def test_only_finance_assigns_and_reminds(year: StoredCase, who: str) -> None:
    with pytest.raises(Refused):
        assign(year, who=who, due="2024-01-20")
    with pytest.raises(Refused):
        perform(Remind(year, ("O2",)), actor(who), MOMENT)


def test_of_two_who_assign_at_once_the_second_is_told(year: StoredCase) -> None:
    before = mark_of(Assignment.objects.get(case=year, item="O2"))
    assign(year, due="2024-01-20", seen=before)
    with pytest.raises(Stale):
        assign(year, due="2024-01-25", seen=before)


def without_value(year: StoredCase, *items: str) -> None:
    for code in items:
        found = item_of(year, code)
        assert found is not None
        cells = {"status": "not_collected", "value": "", "tier": ""}
        perform(ReportActual(year, code, cells, found.revision), actor("caiwu"), MOMENT)


def test_everything_late_is_asked_for_at_once_and_nothing_else(year: StoredCase) -> None:
    without_value(year, "O2", "O4")
    # nothing is late before the day of the year, 31 January
    with pytest.raises(Invalid) as refused:
        perform(Remind(year), actor("caiwu"), MOMENT)
    assert refused.value.problems[0].code == "COLLECT-007"
    perform(Remind(year, text="请于本周五前补齐"), actor("caiwu"), LATE)
    reminded = Assignment.objects.exclude(reminded=None).order_by("item")
    assert [(each.item, each.reminder, each.reminded) for each in reminded] == [
        ("O2", "请于本周五前补齐", LATE),
        ("O4", "请于本周五前补齐", LATE),
    ]
    late = {each.code: each.days_late(LATE.date()) for each in items_of(year) if each.days_late(LATE.date())}
    # due on 31 January, looked at on 14 February; one fact of the rubric was never given
    assert late == {"O2": 14, "O4": 14, "new_projects_assessed": 14}


def test_what_nobody_owes_cannot_be_asked_for(year: StoredCase) -> None:
    with pytest.raises(Invalid) as refused:
        perform(Remind(year, ("new_projects_assessed",)), actor("caiwu"), LATE)
    assert refused.value.problems[0].code == "COLLECT-006"


def test_what_is_given_is_not_asked_for(year: StoredCase) -> None:
    with pytest.raises(Invalid) as refused:
        perform(Remind(year, ("O2",)), actor("caiwu"), LATE)
    assert refused.value.problems[0].code == "COLLECT-007"
