"""The years: listed by right, opened by finance, at a glance, and two versions side by side."""

from dataclasses import replace

import pytest
from demonstrated import MOMENT, actor, client_of, demonstration, in_state
from django.test import Client
from django.urls import reverse

from zhunsheng.plans.roles import EvaluationState, TargetState
from zhunsheng.store.database.case_content import SECTION_OF, case_of, put_case
from zhunsheng.store.database.models import CaseVersion, Organisation, Remark, StoredCase, User
from zhunsheng.workflow.action import perform
from zhunsheng.workflow.evaluating.scoring import ExplainDeviation
from zhunsheng.workflow.evaluating.states import FreezeEvaluation
from zhunsheng.workflow.planning.cells import RowInput
from zhunsheng.workflow.planning.editing import EditRow, rows_of
from zhunsheng.workflow.planning.transitions import AdjustTargets

pytestmark = pytest.mark.django_db
CASE = "huadu-2023"
MEMBERS = ("tianbao", "chushi", "caiwu", "juzhang", "caizheng", "sanfang", "shenji", "guanli")


@pytest.fixture
def year() -> StoredCase:
    return demonstration()


def text_of(client: Client, name: str, *parts: object, **query: str) -> str:
    answer = client.get(reverse(name, args=parts), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_everybody_who_takes_part_finds_the_year_and_strangers_do_not(year: StoredCase) -> None:
    for who in MEMBERS:
        assert CASE in text_of(client_of(who), "cases")
        assert "抽检" not in text_of(client_of(who), "case", CASE)
    User.objects.create(username="fremd", name="外人")
    assert CASE not in text_of(client_of("fremd"), "cases")
    assert client_of("fremd").get(reverse("case", args=[CASE])).status_code == 403
    assert client_of("caiwu").get(reverse("case", args=["no-such"])).status_code == 404


@pytest.mark.parametrize(("query", "found"), [("2023", True), ("花都", True), ("2022", False), ("²", False)])
def test_the_list_is_searched(year: StoredCase, query: str, found: bool) -> None:
    assert (f"/cases/{CASE}/" in text_of(client_of("caiwu"), "cases", q=query)) is found


def test_the_list_is_narrowed_by_state(year: StoredCase) -> None:
    assert f"/cases/{CASE}/" in text_of(client_of("caiwu"), "cases", state="approved")
    assert f"/cases/{CASE}/" not in text_of(client_of("caiwu"), "cases", state="draft")
    assert f"/cases/{CASE}/" in text_of(client_of("caiwu"), "cases", state="no-state")


def test_a_year_at_a_glance_says_where_it_stands_and_what_is_open(year: StoredCase) -> None:
    case = in_state(TargetState.SIGNED, EvaluationState.CLOSED)
    who = User.objects.get(username="juzhang")
    Remark.objects.create(case=case, stage="targets", key="O2", text="请核对目标", who=who, moment=MOMENT)
    text = text_of(client_of("caizheng"), "case", CASE)
    assert "财政部门 周财政" in text
    assert "请核对目标" in text
    # from the report: 22,918.66 of 22,975.66 万元 were spent
    assert "22,975.66" in text
    assert "99.75%" in text
    assert reverse("plan-pass", args=[CASE]) in text
    assert reverse("plan-pass", args=[CASE]) not in text_of(client_of("caiwu"), "case", CASE)


def test_what_an_open_remark_is_about_has_its_name_beside_the_code(year: StoredCase) -> None:
    who = User.objects.get(username="juzhang")
    for stage, section, key in (
        ("targets", "projects", "P1"),
        ("evaluation", "evaluation", "A3"),
        ("targets", "indicators", "GONE"),
    ):
        Remark.objects.create(
            case=year, stage=stage, section=section, key=key, text=f"意见{key}", who=who, moment=MOMENT
        )
    text = text_of(client_of("caizheng"), "case", CASE)
    for words in (
        "目标 检测专项经费（P1）：意见P1",
        "自评 部门预算资金支出率（A3）：意见A3",
        "目标 GONE：意见GONE",
    ):
        assert words in text


@pytest.mark.parametrize("state", list(TargetState))
@pytest.mark.parametrize("evaluation", list(EvaluationState))
def test_the_glance_is_there_in_every_state(
    year: StoredCase, state: TargetState, evaluation: EvaluationState
) -> None:
    in_state(state, evaluation)
    assert state.label in text_of(client_of("juzhang"), "case", CASE)


def test_finance_opens_a_year_from_the_last_one(year: StoredCase) -> None:
    client = client_of("caiwu")
    assert client.get(reverse("case-choose")).status_code == 302
    url = reverse("case-new", args=["huadu-amr"])
    assert "huadu-amr-2024" in client.get(url).content.decode()
    sent = {
        "fiscal_year": "2024",
        "new_code": "huadu-amr-2024",
        "title": "2024年度自评报告",
        "rubric": "guangdong-dept-2023",
        "copied": CASE,
        "target_due": "2023-12-20",
    }
    wrong = client.post(url, sent | {"fiscal_year": "两千", "target_due": "年底"})
    assert wrong.status_code == 422
    assert 'value="年底"' in wrong.content.decode()
    wrong = client.post(url, sent | {"fiscal_year": "2023"})
    assert "已有 2023 年度的档案" in wrong.content.decode()
    assert client.post(url, sent).status_code == 302
    new = StoredCase.objects.get(code="huadu-amr-2024")
    assert len(case_of(new).indicators) == 10
    assert "抽检15年以上老旧电梯" in text_of(client_of("tianbao"), "plan", "huadu-amr-2024")


def test_nobody_else_opens_a_year(year: StoredCase) -> None:
    url = reverse("case-new", args=["huadu-amr"])
    for who in MEMBERS:
        if who != "caiwu":
            assert client_of(who).get(url).status_code == 403
            assert client_of(who).post(url, {}).status_code == 403
    assert client_of("caiwu").get(reverse("case-new", args=["huadu-czj"])).status_code == 403
    assert Organisation.objects.get(code="huadu-amr").cases.count() == 1


def test_two_versions_side_by_side_show_exactly_what_was_changed(year: StoredCase) -> None:
    perform(AdjustTargets(year, year.revision, why="追加"), actor("caiwu"), MOMENT)
    client = client_of("caiwu")
    assert "没有不同" in text_of(client, "case-compare", CASE, one="1", other="now")
    found = next(each for each in rows_of(year, SECTION_OF["indicators"]) if str(each) == "O4")
    given = RowInput({"target_value": "700", "target_text": "不少于700宗"}, found.pk)
    perform(EditRow(year, "indicators", given), actor("caiwu"), MOMENT)
    text = text_of(client, "case-compare", CASE, one="1", other="now")
    assert "共 2 处不同" in text
    for shown in ("<del>600</del>", "<ins>700</ins>", "<del>不少于600宗</del>", "<ins>不少于700宗</ins>"):
        assert text.count(shown) == 1
    assert text.count("<del>") == text.count("<ins>") == 2
    turned = text_of(client, "case-compare", CASE, one="now", other="1")
    assert "<del>700</del>" in turned


def test_a_locked_version_can_be_looked_at_like_any_other(year: StoredCase) -> None:
    perform(ExplainDeviation(year, "A3", "年末才结算", "按季度结算", seen=None), actor("caiwu"), MOMENT)
    case = in_state(TargetState.APPROVED, EvaluationState.REVIEWED)
    perform(FreezeEvaluation(case, case.revision), actor("caizheng"), MOMENT)
    assert "没有不同" in text_of(client_of("caiwu"), "case-compare", CASE, one="1", other="now")


def test_a_row_that_is_only_in_one_version_is_shown_as_such(year: StoredCase) -> None:
    perform(AdjustTargets(year, year.revision, why="追加"), actor("caiwu"), MOMENT)
    case = case_of(year)
    put_case(year, replace(case, duties=case.duties[1:]), None, MOMENT)
    text = text_of(client_of("caiwu"), "case-compare", CASE, one="1", other="now")
    assert "（无）" in text
    assert "<ins>" not in text


def test_versions_are_listed_and_strange_addresses_are_not_found(year: StoredCase) -> None:
    client = client_of("shenji")
    assert "还没有版本" in text_of(client, "case-versions", CASE)
    perform(AdjustTargets(year, year.revision, why="追加"), actor("caiwu"), MOMENT)
    assert CaseVersion.objects.get().sha256[:12] in text_of(client, "case-versions", CASE)
    for wrong in ("9", "x", "-1", "1 OR 1=1"):
        answer = client.get(reverse("case-compare", args=[CASE]), {"one": wrong, "other": "now"})
        assert answer.status_code == 404
