"""The pages of the evaluation: numbers, traces, forms, and each step by the right and the wrong people."""

import html
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from demonstrated import client_of, demonstration, in_state
from django.test import Client
from generated_store import generated_store

from zhunsheng.cli.main import run
from zhunsheng.plans.roles import EvaluationState, TargetState
from zhunsheng.store.database.case_rows import ROW_MODELS
from zhunsheng.store.database.models import Job, Remark, StoredCase, StoredEvaluation
from zhunsheng.workflow.jobs import do_all

pytestmark = pytest.mark.django_db
SHEET = "/evaluation/huadu-2023/"
PAGES = (
    SHEET,
    f"{SHEET}review/",
    f"{SHEET}computed/",
    f"{SHEET}compare/",
    f"{SHEET}compare/?rubric=guangzhou-dept-2021",
    f"{SHEET}remarks/",
    f"{SHEET}items/A3/",
    f"{SHEET}items/F1/",
    f"{SHEET}items/O4/",
)
PEOPLE = ("tianbao", "chushi", "caiwu", "juzhang", "caizheng", "sanfang", "shenji", "guanli")


@pytest.fixture
def year() -> StoredCase:
    return demonstration()


def page(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return html.unescape(answer.content.decode())


def given(client: Client, url: str, data: Mapping[str, object], status: int = 302) -> str:
    answer = client.post(url, dict(data))
    assert answer.status_code == status, answer.content.decode()[:3000]
    return html.unescape(answer.content.decode())


def fresh() -> StoredCase:
    return StoredCase.objects.get(code="huadu-2023")


@pytest.mark.usefixtures("year")
@pytest.mark.parametrize("username", PEOPLE)
def test_everybody_of_the_year_sees_every_page(username: str) -> None:
    client = client_of(username)
    for url in PAGES:
        page(client, url)


@pytest.mark.usefixtures("year")
def test_strangers_are_asked_to_sign_in() -> None:
    for url in PAGES:
        answer = Client().get(url)
        assert (answer.status_code, "/accounts/login/" in answer.headers["Location"]) == (302, True)


@pytest.mark.usefixtures("year")
def test_the_sheet_shows_the_numbers_of_the_command_over_the_files(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        run(["evaluate", "huadu-2023", "--json"])
    printed = json.loads(capsys.readouterr().out)
    shown = page(client_of("shenji"), SHEET)
    assert f'<span class="number">{printed["total"]}</span>' in shown
    for node in printed["nodes"]:
        assert node["name"] in shown
    assert printed["grade"] in shown
    # every rounded score stands in the cell of its line
    one = next(each for each in printed["nodes"] if each["code"] == "A3")
    assert one["score"] == "9.98"
    assert "9.98" in shown


@pytest.mark.usefixtures("year")
def test_a_trace_unfolds_and_stands_on_a_page_of_its_own() -> None:
    client = client_of("sanfang")
    unfolded = client.get(f"{SHEET}items/O4/trace/", headers={"HX-Request": "true"})
    text = html.unescape(unfolded.content.decode())
    # 1,291 cases of 600 wanted, by the rule of the rubric, from line 111 of the report
    for words in ("按完成比例", "1,291 ÷ 600", "来源：L111", "得分比例 = 100%", "无须舍入"):
        assert words in text, words
    assert "<html" not in text
    assert client.get(f"{SHEET}items/O4/trace/").headers["Location"] == f"{SHEET}items/O4/"
    assert "1,291 ÷ 600" in page(client, f"{SHEET}items/O4/")


def test_the_trace_of_a_computed_value_leads_to_the_records(tmp_path: Path, settings: Any) -> None:
    settings.STORES_DIRECTORY = tmp_path / "stores"
    demonstration(store=generated_store(tmp_path / "stores" / "huadu").name)
    client = client_of("caiwu")
    given(client, f"{SHEET}compute/", {})
    # asked for twice, it is computed once
    given(client, f"{SHEET}compute/", {})
    assert Job.objects.filter(kind="evaluation.compute").count() == 1
    do_all()
    shown = page(client, f"{SHEET}items/O4/")
    way = "/indicators/case_filings/rows/?year=2023&measure=filed&organisation=huadu-amr"
    assert way in shown
    assert "1,291 条记录" in shown
    assert "一致" in shown
    overview = page(client, f"{SHEET}computed/")
    assert way in overview
    assert "合成数据" in overview
    assert fresh().snapshot in overview


@pytest.mark.usefixtures("year")
def test_without_a_record_store_nothing_is_computed() -> None:
    assert "没有记录库" in given(client_of("caiwu"), f"{SHEET}compute/", {}, status=403)
    assert not Job.objects.exists()


@pytest.mark.usefixtures("year")
def test_a_page_computes_nothing_while_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_of("caiwu")
    page(client, SHEET)

    def never(*_: object) -> None:
        pytest.fail("computed again although nothing changed")

    monkeypatch.setattr("zhunsheng.workflow.evaluating.evaluated.evaluated", never)
    for url in (SHEET, f"{SHEET}review/", f"{SHEET}items/A3/"):
        page(client, url)
    assert StoredEvaluation.objects.count() == 1


@pytest.mark.usefixtures("year")
def test_an_unknown_rubric_is_said() -> None:
    assert "EVALUATE-010" in page(client_of("caiwu"), f"{SHEET}compare/?rubric=../../etc", 422)


@pytest.mark.usefixtures("year")
def test_a_score_by_hand_and_its_faults() -> None:
    client = client_of("caiwu")
    wrong = {"score": "7.5", "reason": "表现突出", "seen": "0"}
    shown = given(client, f"{SHEET}items/F1/score/", wrong, status=422)
    assert 'value="7.5"' in shown
    assert "SCORE-005" in shown
    given(client, f"{SHEET}items/F1/score/", wrong | {"score": "6.5"})
    assert "94.48" in page(client, SHEET)
    overtaken = given(client, f"{SHEET}items/F1/score/", wrong | {"score": "6"}, status=409)
    assert 'value="6"' in overtaken
    assert "王财务" in overtaken


@pytest.mark.usefixtures("year")
def test_a_reason_is_written_and_the_sheet_stops_asking() -> None:
    client = client_of("caiwu")
    assert "送审前还须补 1 项" in page(client, SHEET)
    given(client, f"{SHEET}items/A3/explain/", {"reason": "年末才结算", "remedy": "按季度结算", "seen": ""})
    shown = page(client, SHEET)
    assert "送审前还须补" not in shown
    assert "年末才结算" in shown


@pytest.mark.usefixtures("year")
def test_a_submission_with_gaps_lists_them_with_the_way_to_mend_them() -> None:
    client = client_of("caiwu")
    assert "送局领导审核吗" in page(client, f"{SHEET}submit/")
    shown = given(client, f"{SHEET}submit/", {"seen": "0"}, status=422)
    assert "EVALUATE-002" in shown
    assert f'href="{SHEET}items/A3/"' in shown
    assert fresh().evaluation is EvaluationState.OPEN


@pytest.mark.usefixtures("year")
def test_the_whole_way_by_the_right_people() -> None:
    finance, leader, above = client_of("caiwu"), client_of("juzhang"), client_of("caizheng")
    given(finance, f"{SHEET}items/A3/explain/", {"reason": "年末才结算", "remedy": "", "seen": ""})
    seen = {"seen": "1"}
    given(finance, f"{SHEET}submit/", seen)
    assert "EVALUATE-004" in given(leader, f"{SHEET}return/", seen | {"reason": " "}, status=422)
    given(leader, f"{SHEET}return/", seen | {"reason": "补佐证"})
    remark = Remark.objects.get(stage="evaluation")
    given(finance, f"{SHEET}remarks/{remark.pk}/answer/", {"answer": "已补", "seen": ""})
    given(leader, f"{SHEET}remarks/{remark.pk}/settle/", {})
    given(finance, f"{SHEET}submit/", seen)
    given(leader, f"{SHEET}agree/", seen)
    given(above, f"{SHEET}freeze/", seen)
    assert fresh().evaluation is EvaluationState.FROZEN
    shown = page(finance, SHEET)
    assert "94.98" in shown
    # what is locked is unlocked only from above, with a reason
    given(leader, f"{SHEET}unfreeze/", seen | {"reason": "想改"}, status=403)
    given(above, f"{SHEET}unfreeze/", seen | {"reason": "审计发现差错"})
    assert fresh().evaluation is EvaluationState.OPEN


@pytest.mark.usefixtures("year")
@pytest.mark.parametrize(
    ("step", "state", "who"),
    [
        ("open", EvaluationState.CLOSED, "caiwu"),
        ("submit", EvaluationState.OPEN, "caiwu"),
        ("agree", EvaluationState.SCORED, "juzhang"),
        ("return", EvaluationState.SCORED, "juzhang"),
        ("freeze", EvaluationState.REVIEWED, "caizheng"),
        ("send-back", EvaluationState.REVIEWED, "caizheng"),
        ("unfreeze", EvaluationState.FROZEN, "caizheng"),
    ],
)
def test_a_step_is_refused_to_others_and_at_another_time(step: str, state: EvaluationState, who: str) -> None:
    in_state(TargetState.APPROVED, state)
    for username in PEOPLE:
        if username != who:
            given(client_of(username), f"{SHEET}{step}/", {"seen": "0", "reason": "x"}, status=403)
    assert fresh().evaluation is state
    in_state(TargetState.DRAFT, EvaluationState.RELEASED if step != "unfreeze" else EvaluationState.OPEN)
    given(client_of(who), f"{SHEET}{step}/", {"seen": "0", "reason": "x"}, status=403)


@pytest.mark.usefixtures("year")
@pytest.mark.parametrize("seen", ["", "-1", "9", "x", "0" * 30, "１"])
def test_a_decision_on_something_else_than_was_seen_is_refused(seen: str) -> None:
    in_state(TargetState.APPROVED, EvaluationState.SCORED)
    given(client_of("juzhang"), f"{SHEET}agree/", {"seen": seen}, status=409)
    assert fresh().evaluation is EvaluationState.SCORED


@pytest.mark.usefixtures("year")
def test_a_stale_page_does_not_unlock() -> None:
    stored = in_state(TargetState.APPROVED, EvaluationState.FROZEN)
    client, address = client_of("caizheng"), f"{SHEET}unfreeze/"
    shown = page(client, address)
    assert f'name="seen" value="{stored.revision}"' in shown
    StoredCase.objects.update(revision=stored.revision + 1)
    told = given(client, address, {"seen": str(stored.revision), "reason": "审计发现差错"}, status=409)
    assert "年度档案的内容有改动" in told
    assert fresh().evaluation is EvaluationState.FROZEN
    given(client, address, {"seen": str(stored.revision + 1), "reason": "审计发现差错"})
    assert fresh().evaluation is EvaluationState.OPEN


@pytest.mark.usefixtures("year")
@pytest.mark.parametrize("username", ["juzhang", "caizheng", "sanfang", "shenji", "guanli"])
def test_who_may_not_score_is_refused(username: str) -> None:
    client = client_of(username)
    given(client, f"{SHEET}items/F1/score/", {"score": "1", "reason": "x", "seen": "0"}, status=403)
    given(client, f"{SHEET}items/A3/explain/", {"reason": "x", "remedy": "", "seen": ""}, status=403)
    given(client, f"{SHEET}compute/", {}, status=403)
    assert fresh().revision == 0


@pytest.mark.usefixtures("year")
def test_remarks_are_made_on_the_page_and_shown_as_text() -> None:
    client = client_of("sanfang")
    text = "<script>alert(1)</script>"
    given(client, f"{SHEET}remarks/", {"item": "O2", "text": text})
    raw = client.get(f"{SHEET}remarks/").content.decode()
    assert text not in raw
    assert html.escape(text) in raw
    assert "EVALUATE-004" in given(client, f"{SHEET}remarks/", {"item": "O2", "text": " "}, status=422)
    assert "EVALUATE-005" in given(client, f"{SHEET}remarks/", {"item": "Z9", "text": "x"}, status=422)
    given(client_of("shenji"), f"{SHEET}remarks/", {"item": "", "text": "x"}, status=403)
    number = Remark.objects.get().pk
    given(client_of("shenji"), f"{SHEET}remarks/{number}/answer/", {"answer": "x", "seen": ""}, status=403)
    given(client_of("juzhang"), f"{SHEET}remarks/{number}/settle/", {}, status=403)
    assert client_of("caiwu").get(f"{SHEET}remarks/{number + 1}/answer/").status_code == 404


@pytest.mark.usefixtures("year")
def test_an_item_that_is_none_is_not_found() -> None:
    for code in ("Z9", "..", "%00"):
        assert client_of("caiwu").get(f"{SHEET}items/{code}/").status_code == 404


def test_a_broken_rubric_is_said_and_nothing_breaks(year: StoredCase) -> None:
    ROW_MODELS["about"]._default_manager.filter(case=year).update(f_rubric="nothing")
    client = client_of("caiwu")
    for url in (SHEET, f"{SHEET}review/", "/collect/huadu-2023/"):
        assert "nothing" in page(client, url, 422)
