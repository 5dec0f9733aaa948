"""The pages of collecting: what is shown to whom, forms with faults, files in and out."""

import html
import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from calling import received
from demonstrated import MOMENT, actor, client_of, demonstration, in_state
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from zhunsheng.plans.roles import EvaluationState, TargetState
from zhunsheng.store.database.case_content import SECTION_OF, case_of, row_with_key
from zhunsheng.store.database.models import Assignment, Evidence, StoredCase, StoredFile
from zhunsheng.workflow.action import perform
from zhunsheng.workflow.collecting.reporting import ReportActual

pytestmark = pytest.mark.django_db
LIST, ITEM = "/collect/huadu-2023/", "/collect/huadu-2023/items/O2/"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"
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


def evidence(name: str = "清单.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    # the sender claims a kind that nobody believes
    return SimpleUploadedFile(name, content, content_type="text/html")


def attached(username: str = "tianbao") -> Evidence:
    given(client_of(username), f"{ITEM}evidence/", {"files": [evidence()]})
    return Evidence.objects.latest("pk")


@pytest.mark.parametrize("username", PEOPLE)
@pytest.mark.usefixtures("year")
def test_everybody_of_the_year_sees_the_list_and_an_item(username: str) -> None:
    client = client_of(username)
    assert "抽检15年以上老旧电梯" in page(client, LIST)
    assert "287台" in page(client, ITEM)
    assert "分派" in page(client_of("caiwu"), ITEM)
    # buttons only for those who may press them
    assert ("催报全部逾期" in page(client, LIST)) is (username == "caiwu")
    assert ("保存分派" in page(client, ITEM)) is (username == "caiwu")
    assert ("填报完成值" in page(client, ITEM)) is (username in {"tianbao", "chushi", "caiwu"})


@pytest.mark.usefixtures("year")
def test_strangers_are_asked_to_sign_in() -> None:
    for url in (LIST, ITEM, f"{LIST}evidence/1/"):
        answer = Client().get(url)
        assert (answer.status_code, "/accounts/login/" in answer.headers["Location"]) == (302, True)


def test_the_list_is_narrowed_down(year: StoredCase) -> None:
    mine = page(client_of("tianbao"), f"{LIST}?show=mine")
    assert "抽检15年以上老旧电梯" in mine
    assert "行政案件立案数" not in mine
    perform(ReportActual(year, "O4", {"status": "not_collected", "value": ""}, 0), actor("caiwu"), MOMENT)
    missing = page(client_of("caiwu"), f"{LIST}?show=missing")
    assert "行政案件立案数" in missing
    assert "抽检15年以上老旧电梯" not in missing
    # today is after the day of the year, so what is missing is late
    assert "逾期" in page(client_of("caiwu"), f"{LIST}?show=late")
    assert "没有符合条件的项目" in page(client_of("caiwu"), f"{LIST}?q=没有这样的指标")


def test_a_value_is_saved_and_the_page_comes_back(year: StoredCase) -> None:
    client = client_of("tianbao")
    given(client, ITEM, {"value": "290", "unit": "台", "status": "reported", "seen": "0"})
    assert case_of(year).actual_of["O2"].value == "290"
    assert "已保存" in page(client, ITEM)


def test_faults_stand_at_their_field_and_nothing_typed_is_lost(year: StoredCase) -> None:
    shown = given(client_of("tianbao"), ITEM, {"value": "很多", "note": "手工统计", "seen": "0"}, status=422)
    assert 'value="很多"' in shown
    assert "手工统计" in shown
    assert 'aria-invalid="true"' in shown
    assert "无法与之比较" in shown
    assert case_of(year).actual_of["O2"].value == "287"


def test_an_overtaken_form_shows_both(year: StoredCase) -> None:
    perform(ReportActual(year, "O2", {"value": "288"}, 0), actor("chushi"), MOMENT)
    shown = given(client_of("tianbao"), ITEM, {"value": "290", "seen": "0"}, status=409)
    assert "李科长" in shown
    assert "288台" in shown
    assert 'value="290"' in shown
    # the form now knows the newest revision, so that it may be sent again deliberately
    assert 'name="seen" value="1"' in shown


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}"])
def test_what_people_type_is_shown_as_text(year: StoredCase, text: str) -> None:
    client = client_of("tianbao")
    given(client, ITEM, {"note": text, "seen": "0"})
    raw = client.get(ITEM).content.decode()
    assert text not in raw or text == "{{ 7*7 }}"
    assert html.escape(text) in raw
    assert case_of(year).actual_of["O2"].note == text


@pytest.mark.parametrize("username", ["juzhang", "caizheng", "sanfang", "shenji", "guanli"])
@pytest.mark.usefixtures("year")
def test_who_may_not_is_refused_at_every_form(username: str) -> None:
    kept, client = attached(), client_of(username)
    judging = f"{LIST}evidence/{kept.pk}/judge/"
    forms: list[tuple[str, dict[str, object]]] = [
        (ITEM, {"value": "1", "seen": "0"}),
        (f"{ITEM}assign/", {"owner": "huadu-amr", "seen": ""}),
        (f"{ITEM}evidence/", {"files": [evidence("另一.pdf")]}),
        (f"{LIST}remind/", {"which": "late"}),
        (f"{LIST}evidence/{kept.pk}/withdraw/", {}),
    ]
    if username not in {"caizheng", "sanfang"}:
        forms.append((judging, {"verdict": "accept", "seen": "provided/"}))
    for url, data in forms:
        given(client, url, data, status=403)
    assert StoredFile.objects.count() == 1
    assert Evidence.objects.get().status == "provided"


@pytest.mark.usefixtures("year")
def test_another_division_attaches_nothing_and_no_file_is_kept() -> None:
    given(client_of("tianbao"), "/collect/huadu-2023/items/O4/evidence/", {"files": [evidence()]}, status=403)
    assert not StoredFile.objects.exists()


@pytest.mark.usefixtures("year")
def test_files_go_in_and_come_out_as_what_they_are() -> None:
    client = client_of("tianbao")
    png = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40
    given(
        client,
        f"{ITEM}evidence/",
        {"files": [evidence("../../..\\清单<script>.pdf"), evidence("现场.png", png)], "note": "第三季度"},
    )
    first, second = Evidence.objects.order_by("pk")
    assert (first.name, second.name) == ("清单_script_.pdf", "现场.png")
    shown = page(client, ITEM)
    assert first.file.sha256 in shown
    assert "陈填报" in shown
    saved = client.get(f"{LIST}evidence/{first.pk}/")
    assert saved.headers["Content-Type"] == "application/octet-stream"
    assert saved.headers["Content-Disposition"].startswith("attachment;")
    assert received(saved) == PDF
    for each, kind in ((first, "application/pdf"), (second, "image/png")):
        looked_at = client.get(f"{LIST}evidence/{each.pk}/?show=1")
        assert looked_at.headers["Content-Type"] == kind
        assert looked_at.headers["Content-Disposition"].startswith("inline;")
        assert looked_at.headers["X-Content-Type-Options"] == "nosniff"
        looked_at.close()


def policy_of(answer: Any) -> dict[str, str]:
    rules = (each.strip().partition(" ") for each in answer.headers["Content-Security-Policy"].split(";"))
    return {name: values for name, _, values in rules}


@pytest.mark.parametrize(
    ("name", "content", "shown_as"),
    [
        ("清单.pdf", PDF, "application/pdf"),
        # begins as a PDF and goes on as a page
        ("两样.html", PDF + b"<script>alert(1)</script>", "application/pdf"),
        ("现场.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 40, "image/png"),
        ("现场.jpg", b"\xff\xd8\xff\xe0" + b"\x00" * 40, "image/jpeg"),
        ("现场.gif", b"GIF89a" + b"\x00" * 40, "image/gif"),
        ("说明.txt", "电梯抽检 287 台".encode(), ""),
        ("明细.csv", "编号,台数\n1,287\n".encode(), ""),
    ],
)
@pytest.mark.usefixtures("year")
def test_each_kind_of_file_is_looked_at_where_it_can_do_nothing(
    name: str, content: bytes, shown_as: str
) -> None:
    client = client_of("tianbao")
    given(client, f"{ITEM}evidence/", {"files": [evidence(name, content)]})
    address = f"{LIST}evidence/{Evidence.objects.get().pk}/"
    for question in ("", "?show=1"):
        answer = client.get(f"{address}{question}")
        looked_at = bool(question and shown_as)
        assert answer.headers["Content-Type"] == (shown_as if looked_at else "application/octet-stream")
        assert answer.headers["Content-Disposition"].startswith("inline;" if looked_at else "attachment;")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        policy = policy_of(answer)
        assert policy["default-src"] == "'none'"
        assert "script-src" not in policy
        # only the viewer of a PDF is started outside of a sandbox, and then in no frame of another page
        is_pdf = looked_at and shown_as == "application/pdf"
        assert ("sandbox" in policy) is not is_pdf
        assert policy.get("frame-ancestors") == ("'none'" if is_pdf else None)
        assert received(answer) == content


@pytest.mark.usefixtures("year")
def test_office_files_are_only_saved() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", "<w/>")
    client = client_of("tianbao")
    given(client, f"{ITEM}evidence/", {"files": [evidence("说明.docx", stream.getvalue())]})
    answer = client.get(f"{LIST}evidence/{Evidence.objects.get().pk}/?show=1")
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    answer.close()


@pytest.mark.usefixtures("year")
def test_hostile_files_are_refused_with_the_reason_for_each() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", b"\x00" * 30_000_000)
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    shown = given(
        client_of("tianbao"),
        f"{ITEM}evidence/",
        {"files": [evidence("炸弹.docx", bomb.getvalue()), evidence("图.svg", svg), evidence("空.pdf", b"")]},
        status=422,
    )
    for code in ("COLLECT-026", "COLLECT-024", "COLLECT-021"):
        assert code in shown
    assert not StoredFile.objects.exists()


@pytest.mark.usefixtures("year")
def test_a_file_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zhunsheng.workflow.collecting.evidence_files.LARGEST", 20)
    shown = given(client_of("tianbao"), f"{ITEM}evidence/", {"files": [evidence()]}, status=422)
    assert "COLLECT-022" in shown
    assert not StoredFile.objects.exists()


def test_the_file_of_another_year_is_not_found(year: StoredCase) -> None:
    kept = attached()
    other = StoredCase.objects.create(
        code="other-2022",
        organisation=year.organisation,
        fiscal_year=2022,
        title="另一年度",
        created=MOMENT,
    )
    assert client_of("caiwu").get(f"/collect/{other.code}/evidence/{kept.pk}/").status_code == 404


@pytest.mark.usefixtures("year")
def test_a_lost_file_is_not_found_instead_of_failing() -> None:
    kept = attached()
    StoredFile.objects.filter(pk=kept.file_id).update(sha256="0" * 64)
    assert client_of("caiwu").get(f"{LIST}evidence/{kept.pk}/").status_code == 404


def test_finance_judges_on_the_page(year: StoredCase) -> None:
    kept, client = attached(), client_of("caiwu")
    judging = f"{LIST}evidence/{kept.pk}/judge/"
    assert "COLLECT-009" in given(client, judging, {"verdict": "return", "seen": "provided/"}, status=422)
    given(client, judging, {"verdict": "accept", "seen": "provided/"})
    assert "已由王财务审核" in given(client, judging, {"verdict": "accept", "seen": "provided/"}, status=409)
    assert case_of(year).actual_of["O2"].evidence_status.value == "verified"


@pytest.mark.usefixtures("year")
def test_withdrawing_asks_first() -> None:
    kept, client = attached(), client_of("tianbao")
    address = f"{LIST}evidence/{kept.pk}/withdraw/"
    assert "撤回“清单.pdf”吗" in page(client, address)
    given(client, address, {"reason": "传错了"})
    assert "已撤回的文件（1）" in page(client, ITEM)
    given(client, address, {})
    assert "已被撤回" in page(client, ITEM)


def test_assigning_and_reminding_on_the_page(year: StoredCase) -> None:
    client = client_of("caiwu")
    row = Assignment.objects.get(case=year, item="O2")
    seen = f"{row.organisation_id}//{row.due}"
    wrong = {"owner": row.organisation.code, "username": "juzhang", "due": "", "seen": seen}
    assert "COLLECT-005" in given(client, f"{ITEM}assign/", wrong, status=422)
    given(client, f"{ITEM}assign/", wrong | {"username": "tianbao"})
    assert "已被别人修改" in given(client, f"{ITEM}assign/", wrong | {"username": ""}, status=409)
    assert "没有可以催报" in given(client, f"{LIST}remind/", {"which": "late"}, status=422)
    perform(ReportActual(year, "O2", {"status": "not_collected", "value": ""}, 0), actor("tianbao"), MOMENT)
    given(client, f"{LIST}remind/", {"which": "chosen", "items": ["O2"], "text": "请补"})
    row.refresh_from_db()
    assert row.reminder == "请补"
    assert "最近催报" in page(client_of("tianbao"), ITEM)


@pytest.mark.parametrize("state", [EvaluationState.SCORED, EvaluationState.FROZEN])
@pytest.mark.usefixtures("year")
def test_a_submitted_year_shows_no_form_for_values(state: EvaluationState) -> None:
    in_state(TargetState.APPROVED, state)
    shown = page(client_of("tianbao"), ITEM)
    assert "填报完成值" not in shown
    assert "填报的内容" in shown


@pytest.mark.usefixtures("year")
def test_an_item_that_is_none_is_not_found() -> None:
    for code in ("Z9", "../../etc/passwd", "O2%00"):
        assert client_of("caiwu").get(f"{LIST}items/{code}/").status_code == 404


@pytest.mark.usefixtures("year")
def test_files_lie_under_the_directory_of_files(settings: object, tmp_path: Path) -> None:
    settings.FILES_DIRECTORY = tmp_path / "files"  # type: ignore[attr-defined] # of the fixture
    kept = attached()
    (found,) = [each for each in (tmp_path / "files").rglob("*") if each.is_file()]
    assert (
        found.relative_to(tmp_path / "files").as_posix() == f"{kept.file.sha256[:2]}/{kept.file.sha256[2:]}"
    )


EXECUTION = "/collect/huadu-2023/execution/projects/P2/"


@pytest.mark.parametrize("username", PEOPLE)
@pytest.mark.usefixtures("year")
def test_everybody_of_the_year_sees_the_executed_amounts(username: str) -> None:
    client = client_of(username)
    shown = page(client, "/collect/huadu-2023/execution/")
    # printed in the report: 22,918.66 of 22,975.66 万元, 99.75 %
    for text in ("22,975.66", "22,918.66", "99.75%", "电梯监督检验抽查经费"):
        assert text in shown
    assert ("填报执行数" in page(client, EXECUTION)) == (username == "caiwu")


def test_finance_reports_an_executed_amount_on_the_page(year: StoredCase) -> None:
    client = client_of("caiwu")
    typed = {"executed": "三十", "executed_source": "", "executed_evidence": "", "seen": "0"}
    shown = given(client, EXECUTION, typed, status=422)
    assert 'value="三十"' in shown
    typed |= {"executed": "31.5"}
    shown = given(client, EXECUTION, typed, status=422)
    assert "COLLECT-012" in shown
    assert "COLLECT-013" in shown
    given(client, f"{EXECUTION}evidence/", {"files": [evidence("凭证.pdf")]})
    given(client, EXECUTION, typed | {"executed_source": "国库集中支付系统"})
    assert "19.69%" in page(client, EXECUTION)  # 31.5 of 160
    (project,) = (each for each in case_of(year).projects if each.code == "P2")
    assert project.executed_source == "国库集中支付系统"
    assert "已被王财务修改" in given(client, EXECUTION, typed | {"executed": "40"}, status=409)
    kept = Evidence.objects.get()
    judging = f"{LIST}evidence/{kept.pk}/judge/"
    answer = client_of("caizheng").post(judging, {"verdict": "accept", "seen": "provided/"})
    assert (answer.status_code, answer["Location"]) == (302, EXECUTION)
    assert "已核实" in page(client, EXECUTION)


@pytest.mark.usefixtures("year")
def test_files_of_those_who_may_not_are_not_kept_for_an_executed_amount() -> None:
    given(client_of("tianbao"), f"{EXECUTION}evidence/", {"files": [evidence()]}, status=403)
    assert not StoredFile.objects.exists()


@pytest.mark.usefixtures("year")
def test_a_locked_year_says_how_an_executed_amount_is_corrected() -> None:
    in_state(TargetState.APPROVED, EvaluationState.FROZEN)
    client = client_of("caiwu")
    shown = page(client, EXECUTION)
    assert "填报执行数" not in shown
    assert "请财政部门写明原因解除锁定" in shown
    assert "请财政部门写明原因解除锁定" in given(
        client, EXECUTION, {"executed": "1", "seen": "0"}, status=403
    )


@pytest.mark.usefixtures("year")
def test_a_line_that_is_none_is_not_found() -> None:
    for wrong in ("projects/P99/", "indicators/O2/", "budget/../x/"):
        assert client_of("caiwu").get(f"/collect/huadu-2023/execution/{wrong}").status_code == 404


@pytest.mark.usefixtures("year")
@pytest.mark.parametrize(
    ("url", "above"),
    [
        (LIST, []),
        (f"{LIST}?show=mine", []),
        (ITEM, [LIST]),
        (f"{LIST}execution/", [LIST]),
        (EXECUTION, [LIST, f"{LIST}execution/"]),
        (f"{LIST}execution/all/", [LIST, f"{LIST}execution/"]),
    ],
)
def test_every_page_says_where_it_stands(url: str, above: list[str]) -> None:
    shown = page(client_of("caiwu"), url)
    trail = shown.partition('<nav class="trail"')[2].partition("</nav>")[0]
    assert re.findall(r'<a href="([^"]*)"', trail) == ["/cases/huadu-2023/", *above]
    assert trail.count('aria-current="page"') == 1


def test_amounts_of_money_have_separators(year: StoredCase) -> None:
    for code in ("fixed_assets_total", "fixed_assets_in_use"):
        row = row_with_key(year, SECTION_OF["management"], {"fact": code})
        assert row is not None
        row.f_value = "1234567.80"  # type: ignore[attr-defined] # made from the columns
        row.save()
    for url in (LIST, f"{LIST}items/fixed_assets_total/"):
        assert "1,234,567.80万元" in page(client_of("caiwu"), url)
