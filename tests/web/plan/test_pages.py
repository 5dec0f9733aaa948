"""The pages of the plan: shown to whoever may see them, forms for whoever may write, faults beside the fields."""

import re
from pathlib import Path
from typing import Any

import pytest
from calling import received
from demonstrated import MOMENT, actor, client_of, demonstration, in_state
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from zhunsheng.documents.case_workbook import read_case_workbook, write_case_workbook
from zhunsheng.plans.roles import EvaluationState, TargetState
from zhunsheng.store.database.case_content import SECTION_OF, case_of
from zhunsheng.store.database.models import CaseVersion, Job, Remark, StoredCase, User
from zhunsheng.workflow.action import perform
from zhunsheng.workflow.jobs import do_all
from zhunsheng.workflow.planning.cells import EDITABLE, RowInput
from zhunsheng.workflow.planning.editing import EditRow, rows_of

pytestmark = pytest.mark.django_db
READERS = ("tianbao", "chushi", "caiwu", "juzhang", "caizheng", "sanfang", "shenji", "guanli")
CASE = "huadu-2023"


@pytest.fixture
def draft() -> StoredCase:
    return demonstration(TargetState.DRAFT, EvaluationState.CLOSED)


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIRECTORY = tmp_path / "files"


def row(case: StoredCase, section: str, key: str) -> Any:
    return next(each for each in rows_of(case, SECTION_OF[section]) if str(each) == key)


def page_of(client: Client, name: str, *parts: object, **query: str) -> str:
    answer = client.get(reverse(name, args=parts), query)
    assert answer.status_code == 200, name
    return answer.content.decode()


def test_every_reader_sees_the_plan_and_only_editors_get_forms(draft: StoredCase) -> None:
    for who in READERS:
        client = client_of(who)
        text = page_of(client, "plan", CASE)
        assert "抽检15年以上老旧电梯" in text
        assert ("新增指标" in text) == (who in {"tianbao", "chushi", "caiwu"})
        for name in ("plan-declaration", "plan-workbook", "plan-library", "plan-submit"):
            page_of(client, name, CASE)
        for section in EDITABLE:
            page_of(client, "plan-section", CASE, section)
        own = reverse("plan-row", args=[CASE, "indicators", row(draft, "indicators", "O2").pk])
        assert client.get(own).status_code == (200 if who in {"tianbao", "chushi", "caiwu"} else 403)
        other = reverse("plan-row", args=[CASE, "indicators", row(draft, "indicators", "O4").pk])
        assert client.get(other).status_code == (200 if who == "caiwu" else 403)


def test_whoever_is_not_signed_in_is_sent_to_sign_in(draft: StoredCase) -> None:
    answer = Client().get(reverse("plan", args=[CASE]))
    assert (answer.status_code, "login" in answer["Location"]) == (302, True)


@pytest.mark.parametrize("section", EDITABLE)
def test_a_form_sent_as_it_is_shown_changes_nothing(draft: StoredCase, section: str) -> None:
    client, before = client_of("caiwu"), case_of(draft)
    found = rows_of(draft, SECTION_OF[section])
    if not found:
        return
    url = reverse("plan-row", args=[CASE, section, found[0].pk])
    assert client.post(url, fields_in(client.get(url).content.decode(), "row-form")).status_code == 302
    draft.refresh_from_db()
    assert (case_of(draft), draft.revision) == (before, 0)


def fields_in(text: str, form: str) -> dict[str, str]:
    """What a browser would send for a form."""
    from lxml import html  # noqa: PLC0415

    page: Any = html.fromstring(text)
    found = page.get_element_by_id(form)
    return {name: value or "" for name, value in found.form_values()}


def test_faults_of_a_row_stand_beside_their_fields_with_what_was_typed(draft: StoredCase) -> None:
    client = client_of("caiwu")
    url = reverse("plan-row", args=[CASE, "indicators", row(draft, "indicators", "O4").pk])
    sent = fields_in(client.get(url).content.decode(), "row-form") | {"points": "三分", "name": ""}
    answer = client.post(url, sent)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="三分"' in text
    assert len(re.findall(r'aria-invalid="true"', text)) == 2
    assert 'id="field-points_error"' in text
    assert case_of(draft).indicator_by_code["O4"].name == "行政案件立案数"


def test_who_saves_second_keeps_what_was_typed_and_sees_what_is_there_now(draft: StoredCase) -> None:
    client, found = client_of("caiwu"), row(draft, "indicators", "O2")
    url = reverse("plan-row", args=[CASE, "indicators", found.pk])
    sent = fields_in(client.get(url).content.decode(), "row-form")
    given = RowInput({"target_value": "160", "target_text": ""}, found.pk)
    perform(EditRow(draft, "indicators", given), actor("tianbao"), MOMENT)
    answer = client.post(url, sent | {"target_value": "170", "target_text": ""})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert 'value="170"' in text
    assert "现已改为：160" in text
    assert "陈填报" in text
    # sent again after looking, it is a decision
    again = fields_in(text, "row-form")
    assert client.post(url, again).status_code == 302
    assert case_of(draft).indicator_by_code["O2"].target_value == "170"


def test_hostile_text_is_shown_as_text(draft: StoredCase) -> None:
    client = client_of("caiwu")
    evil = '"><script>alert(1)</script>'
    url = reverse("plan-row", args=[CASE, "tasks", row(draft, "tasks", "T4").pk])
    sent = fields_in(client.get(url).content.decode(), "row-form") | {"name": evil, "code": evil[:20]}
    assert "<script>alert" not in client.post(url, sent).content.decode()
    sent["code"] = "T4"
    client.post(url, sent)
    for name in ("plan", "plan-declaration", "case"):
        assert "<script>alert" not in page_of(client, name, CASE)


def test_a_new_indicator_from_the_library_is_filled_in_and_added(draft: StoredCase) -> None:
    client = client_of("tianbao")
    text = page_of(client, "plan-library", CASE, q="年报率", task="T4")
    assert "annual_report_rate" in text
    url = reverse("plan-row-new", args=[CASE, "indicators"]) + "?definition=annual_report_rate&task=T4"
    sent = fields_in(client.get(url).content.decode(), "row-form")
    assert (sent["task"], sent["target_unit"], sent["definition"]) == ("T4", "%", "annual_report_rate")
    more = {"code": "F9", "group": "effect", "kind": "social", "target_value": "90", "points": "1"}
    assert client.post(url, sent | more).status_code == 302
    assert case_of(draft).indicator_by_code["F9"].definition == "annual_report_rate"


def test_while_a_target_is_typed_its_faults_and_sums_are_told(draft: StoredCase) -> None:
    client = client_of("caiwu")
    found = row(draft, "indicators", "O4")
    url = reverse("plan-row", args=[CASE, "indicators", found.pk])
    sent = fields_in(client.get(url).content.decode(), "row-form")
    answer = client.post(
        reverse("plan-advice", args=[CASE]), sent | {"previous_actual": "800宗", "points": "4"}
    )
    text = answer.content.decode()
    assert "不如上年完成值" in text  # Q05: 600 is less than 800
    assert "21" in text  # 20 points of output indicators, and one more
    assert "不符" in text
    assert case_of(draft).indicator_by_code["O4"].previous_actual == ""


def test_a_removal_asks_first_and_says_what_hinders_it(draft: StoredCase) -> None:
    client = client_of("caiwu")
    task = row(draft, "tasks", "T4")
    url = reverse("plan-row-remove", args=[CASE, "tasks", task.pk])
    assert "不能删除" in client.get(url).content.decode()
    assert client.post(url, {"revision": "0"}).status_code == 422
    duty = rows_of(draft, SECTION_OF["duties"])[0]
    url = reverse("plan-row-remove", args=[CASE, "duties", duty.pk])
    assert 'name="revision"' in client.get(url).content.decode()
    assert client.post(url, {"revision": "0"}).status_code == 302
    assert len(rows_of(draft, SECTION_OF["duties"])) == len(case_of(draft).duties)


def test_a_section_that_is_not_planned_has_no_page(draft: StoredCase) -> None:
    client = client_of("caiwu")
    for section in ("actuals", "nothing"):
        assert client.get(reverse("plan-section", args=[CASE, section])).status_code == 404
        assert client.get(reverse("plan-row-new", args=[CASE, section])).status_code == 404


# ---- the table


def grid_fields(client: Client) -> dict[str, str]:
    return fields_in(page_of(client, "plan-grid", CASE), "grid-form")


def test_the_table_sent_as_it_is_shown_changes_nothing(draft: StoredCase) -> None:
    client = client_of("caiwu")
    assert client.post(reverse("plan-grid", args=[CASE]), grid_fields(client)).status_code == 302
    draft.refresh_from_db()
    assert draft.revision == 0


def test_line_breaks_that_a_browser_drops_from_the_table_are_no_change(draft: StoredCase) -> None:
    client, stored = client_of("caiwu"), row(draft, "indicators", "O4")
    stored.f_name = "行政案件\r\n立案数"
    stored.save()
    sent = {name: re.sub(r"[\r\n]", "", value) for name, value in grid_fields(client).items()}
    other = next(name.partition(".")[0] for name, value in sent.items() if value == "O5")
    answer = client.post(reverse("plan-grid", args=[CASE]), sent | {f"{other}.points": "2"})
    assert answer.status_code == 302
    assert case_of(draft).indicator_by_code["O4"].name == "行政案件\r\n立案数"


def test_the_table_of_a_division_holds_its_own_rows_only(draft: StoredCase) -> None:
    sent = grid_fields(client_of("tianbao"))
    codes = {value for name, value in sent.items() if name.endswith(".code") and value}
    assert codes == {"O2", "F3"}


def test_faults_in_the_table_are_shown_at_their_fields_and_nothing_is_written(draft: StoredCase) -> None:
    client = client_of("caiwu")
    sent = grid_fields(client)
    sent |= {"1.points": "很多", "2.target_value": "151", "11.code": "O2", "11.name": "重复", "11.task": "T9"}
    answer = client.post(reverse("plan-grid", args=[CASE]), sent)
    text = answer.content.decode()
    assert answer.status_code == 422
    for cell in ("1-points", "11-code", "11-task", "11-group", "11-kind", "11-nature", "11-target_sign"):
        assert f'id="cell-{cell}-error"' in text
    assert text.count('aria-invalid="true"') == 7
    assert case_of(draft).indicator_by_code["O2"].target_value == "150"


def test_the_table_takes_words_as_a_spreadsheet_holds_them(draft: StoredCase) -> None:
    client = client_of("caiwu")
    sent = grid_fields(client)
    words = {
        "code": "O8",
        "name": "电梯维保单位抽查数",
        "task": "T4",
        "group": "产出指标",
        "kind": "数量指标",
        "nature": "正向（越高越好）",
        "target_sign": "≥",
        "target_value": "1,020",
        "target_unit": "家",
        "points": "２",
    }
    # a line beyond those that were shown, as pasted ones are
    sent |= {f"40.{name}": value for name, value in words.items()}
    assert client.post(reverse("plan-grid", args=[CASE]), sent).status_code == 302
    found = case_of(draft).indicator_by_code["O8"]
    assert (found.group.value, found.target_sign.value, str(found.points)) == ("output", ">=", "2")


def test_a_table_overtaken_by_somebody_is_shown_again_with_what_was_typed(draft: StoredCase) -> None:
    client = client_of("caiwu")
    sent = grid_fields(client)
    number = next(name.partition(".")[0] for name, value in sent.items() if value == "O2")
    given = RowInput({"target_value": "160", "target_text": ""}, row(draft, "indicators", "O2").pk)
    perform(EditRow(draft, "indicators", given), actor("tianbao"), MOMENT)
    # what was not touched here is no conflict
    other = next(name.partition(".")[0] for name, value in sent.items() if value == "O5")
    assert client.post(reverse("plan-grid", args=[CASE]), sent | {f"{other}.points": "2"}).status_code == 302
    answer = client.post(reverse("plan-grid", args=[CASE]), sent | {f"{number}.target_value": "170"})
    assert answer.status_code == 409
    again = fields_in(answer.content.decode(), "grid-form")
    assert again[f"{number}.target_value"] == "170"
    assert client.post(reverse("plan-grid", args=[CASE]), again).status_code == 302
    assert case_of(draft).indicator_by_code["O2"].target_value == "170"


def test_the_rubrics_of_a_year_have_their_names_beside_the_codes(draft: StoredCase) -> None:
    text = page_of(client_of("caizheng"), "plan-section", CASE, "about")
    assert "广东省部门整体支出绩效自评（2023 年度，履职效能与管理效率）（guangdong-dept-2023）" in text
    assert re.search(r"<dd>\w[^<]*（mof-project-2020）</dd>", text)


# ---- the workbook


def workbook_of(client: Client) -> bytes:
    answer = client.post(reverse("plan-workbook-fetch", args=[CASE]))
    assert answer.status_code == 302
    do_all()
    job = Job.objects.get(kind="plan.workbook")
    assert "下载" in client.get(answer["Location"]).content.decode()
    file: Any = client.get(reverse("plan-workbook-file", args=[CASE, job.pk]))
    return received(file)


def upload(client: Client, data: bytes, name: str = "档案.xlsx") -> tuple[Job, str]:
    answer = client.post(reverse("plan-workbook", args=[CASE]), {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 302
    do_all()
    return Job.objects.filter(kind="plan.check").latest("pk"), client.get(answer["Location"]).content.decode()


def test_the_workbook_goes_out_and_comes_back_without_a_difference(draft: StoredCase) -> None:
    client = client_of("caiwu")
    data = workbook_of(client)
    read, _problems = read_case_workbook(data, "x.xlsx")
    assert read is not None
    assert read.indicators == case_of(draft).indicators
    job, text = upload(client, data)
    assert (job.result["count"], "没有差异" in text, "确认写入" in text) == (0, True, False)


def test_a_workbook_asked_for_twice_is_written_once_until_the_year_changes(draft: StoredCase) -> None:
    client, fetch = client_of("caiwu"), reverse("plan-workbook-fetch", args=[CASE])
    asked = [client.post(fetch)["Location"] for _ in range(2)]
    file = write_case_workbook(case_of(draft))
    sent = [
        client.post(reverse("plan-workbook", args=[CASE]), {"file": SimpleUploadedFile("档案.xlsx", file)})
        for _ in range(2)
    ]
    assert asked[0] == asked[1]
    assert sent[0]["Location"] == sent[1]["Location"]
    assert Job.objects.filter(kind__startswith="plan.").count() == 2
    StoredCase.objects.filter(pk=draft.pk).update(revision=draft.revision + 1)
    assert client.post(fetch)["Location"] != asked[0]


def test_a_changed_workbook_is_compared_first_and_written_when_confirmed(draft: StoredCase) -> None:
    from dataclasses import replace  # noqa: PLC0415

    client, case = client_of("caiwu"), case_of(draft)
    changed = tuple(
        replace(each, target_value="650", target_text="不少于650宗") if each.code == "O4" else each
        for each in case.indicators
    )
    job, text = upload(client, write_case_workbook(replace(case, indicators=changed)))
    found = [
        (each["section"], each["key"], each["column"], each["other"]) for each in job.result["differences"]
    ]
    assert found == [
        ("indicators", "O4", "target_text", "不少于650宗"),
        ("indicators", "O4", "target_value", "650"),
    ]
    assert case_of(draft) == case
    assert "确认写入" in text
    assert client.post(reverse("plan-workbook-apply", args=[CASE, job.pk])).status_code == 302
    assert case_of(draft) == replace(case, indicators=changed)
    # a second time the content is no longer what the differences were taken from
    assert client.post(reverse("plan-workbook-apply", args=[CASE, job.pk])).status_code == 409


def test_a_workbook_of_another_year_or_no_workbook_writes_nothing(draft: StoredCase) -> None:
    from dataclasses import replace  # noqa: PLC0415

    client, case = client_of("caiwu"), case_of(draft)
    other = replace(case, about=replace(case.about, code="huadu-2022", fiscal_year=2022))
    for data in (write_case_workbook(other), b"no workbook", b""):
        if not data:
            answer = client.post(reverse("plan-workbook", args=[CASE]), {"file": ""})
            assert answer.status_code == 422
            continue
        job, text = upload(client, data)
        assert job.result["checked"] == ""
        assert job.result["problems"]
        assert "确认写入" not in text
        assert client.post(reverse("plan-workbook-apply", args=[CASE, job.pk])).status_code == 404
    assert case_of(draft) == case


def test_only_finance_brings_a_workbook_and_nobody_sees_the_jobs_of_others(draft: StoredCase) -> None:
    file = {"file": SimpleUploadedFile("x.xlsx", b"x")}
    for who in READERS:
        if who != "caiwu":
            assert client_of(who).post(reverse("plan-workbook", args=[CASE]), file).status_code == 403
    workbook_of(client_of("caiwu"))
    job = Job.objects.get()
    for who in READERS:
        status = client_of(who).get(reverse("plan-workbook-job", args=[CASE, job.pk])).status_code
        assert status == (200 if who == "caiwu" else 404)


# ---- the way


def send(who: str, name: str, **values: str) -> int:
    case = StoredCase.objects.get(code=CASE)
    answer = client_of(who).post(reverse(name, args=[CASE]), {"seen": str(case.revision), **values})
    return answer.status_code


def test_the_whole_way_in_pages_with_a_return_on_it(draft: StoredCase) -> None:
    assert send("juzhang", "plan-submit") == 403
    assert send("tianbao", "plan-submit", note="请审核") == 302
    assert send("tianbao", "plan-pass") == 403
    assert send("chushi", "plan-pass") == 302
    assert send("caiwu", "plan-return", why="") == 422
    text = {"column:indicators/O2": "target_value", "text:indicators/O2": "目标偏低"}
    assert send("caiwu", "plan-return", why="请修改", **text) == 302
    remark = Remark.objects.get()
    assert "目标偏低" in page_of(client_of("tianbao"), "plan", CASE)
    found = row(draft, "indicators", "O2")
    assert "目标偏低" in page_of(client_of("tianbao"), "plan-row", CASE, "indicators", found.pk)
    url = reverse("plan-remark", args=[CASE, remark.pk])
    client_of("tianbao").post(url, {"answer": "已改为 200 台"})
    remark.refresh_from_db()
    assert (remark.answer, remark.answered_by) == ("已改为 200 台", User.objects.get(username="tianbao"))
    assert send("tianbao", "plan-submit") == 302
    for who in ("chushi", "caiwu", "juzhang", "caizheng"):
        assert page_of(client_of(who), "plan-pass", CASE)
        assert send(who, "plan-pass", opinion="同意") == 302
    draft.refresh_from_db()
    assert draft.targets is TargetState.APPROVED
    assert send("caiwu", "plan-adjust", reason="") == 422
    assert send("caiwu", "plan-adjust", reason="追加经费") == 302
    assert [each.why for each in CaseVersion.objects.filter(case=draft)] == [
        "submitted",
        "submitted",
        "approved",
    ]


def test_the_page_of_a_plan_that_is_not_complete_says_what_is_missing(draft: StoredCase) -> None:
    client = client_of("caiwu")
    found = row(draft, "indicators", "O4")
    perform(EditRow(draft, "indicators", RowInput({"points": ""}, found.pk)), actor("caiwu"), MOMENT)
    assert "改正以下错误后才能送审" in page_of(client, "plan-submit", CASE)
    assert send("caiwu", "plan-submit") == 422


def test_whoever_looks_at_an_old_page_is_told(draft: StoredCase) -> None:
    case = in_state(TargetState.SIGNED)
    StoredCase.objects.filter(pk=case.pk).update(revision=5)
    answer = client_of("caizheng").post(reverse("plan-pass", args=[CASE]), {"seen": "4"})
    assert answer.status_code == 409
    for wrong in ("", "x", "-1", "99999999999999"):
        answer = client_of("caizheng").post(reverse("plan-pass", args=[CASE]), {"seen": wrong})
        assert answer.status_code == 409


def test_the_only_finance_is_told_before_sending_that_somebody_else_has_to() -> None:
    demonstration(TargetState.DRAFT)
    assert "您是唯一的财务" in client_of("caiwu").get(reverse("plan-submit", args=[CASE])).content.decode()
    assert "您是唯一的" not in client_of("tianbao").get(reverse("plan-submit", args=[CASE])).content.decode()


def test_who_sent_the_targets_sees_who_may_pass_them_instead() -> None:
    year = demonstration(TargetState.REVIEWED)
    year.submitted_by = User.objects.get(username="caiwu")
    year.save()
    shown = client_of("caiwu").get(reverse("plan-pass", args=[CASE])).content.decode()
    assert "没有别的财务可以审核" in shown
    assert "请退回目标，由填报人送审" in shown
