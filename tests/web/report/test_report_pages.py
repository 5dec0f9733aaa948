"""Pages of the report: the text with live numbers, the preview that can do nothing, versions and their files."""

import re
from typing import Any

import pytest
from demonstrated import client_of, demonstration, in_state
from django.test import Client
from released import complete_year, done, write

from zhunsheng.plans.roles import EvaluationState, TargetState
from zhunsheng.store.database.models import Job, StoredCase
from zhunsheng.workflow.reporting.actions import narrative_row
from zhunsheng.workflow.reporting.references import reference_groups
from zhunsheng.workflow.reporting.year import evaluated_year

pytestmark = pytest.mark.django_db

PAGE = "/report/huadu-2023/"
TEXT = "/report/huadu-2023/texts/monitoring/"
READERS = ("tianbao", "chushi", "caiwu", "juzhang", "caizheng", "sanfang", "shenji", "guanli")


@pytest.fixture
def year() -> StoredCase:
    return demonstration()


def written(year: StoredCase) -> str:
    row = narrative_row(year, "monitoring")
    return "" if row is None else str(row.f_text)  # type: ignore[attr-defined]


def sent(year: StoredCase, text: str, **more: str) -> dict[str, str]:
    row = narrative_row(year, "monitoring")
    return {"text": text, "seen": "" if row is None else str(row.revision), "do": "save", **more}


def test_everybody_who_sees_the_year_reads_the_report(year: StoredCase) -> None:
    for who in READERS:
        for address in (PAGE, f"{PAGE}preview/", f"{PAGE}preview/page.html", TEXT):
            assert client_of(who).get(address).status_code == 200
    for address in (PAGE, f"{PAGE}preview/page.html", TEXT):
        assert Client().get(address).status_code == 302


def test_the_overview_shows_the_score_and_what_is_missing(year: StoredCase) -> None:
    page = client_of("caiwu").get(PAGE).content.decode()
    # the total printed in the source report
    assert "94.98" in page
    assert "草稿" in page
    assert "合同备案时效性" in page


def test_the_preview_can_do_nothing_and_shows_what_is_written(year: StoredCase) -> None:
    answer = client_of("caiwu").get(f"{PAGE}preview/page.html")
    policy = answer.headers["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    text = answer.content.decode()
    assert "部门整体支出绩效自评报告" in text
    assert "缺图" not in text


def test_finance_saves_a_text_and_others_may_not(year: StoredCase) -> None:
    before = written(year)
    for who in READERS:
        if who != "caiwu":
            assert client_of(who).post(TEXT, sent(year, "不该写上")).status_code == 403
            assert 'name="text"' not in client_of(who).get(TEXT).content.decode()
    assert written(year) == before
    answer = client_of("caiwu").post(TEXT, sent(year, "全年监控两次。"))
    assert (answer.status_code, answer.headers["Location"]) == (302, PAGE)
    assert written(year) == "全年监控两次。"


def test_nobody_writes_once_it_was_submitted(year: StoredCase) -> None:
    in_state(TargetState.APPROVED, EvaluationState.SCORED)
    assert client_of("caiwu").post(TEXT, sent(year, "改")).status_code == 403
    assert 'name="text"' not in client_of("caiwu").get(TEXT).content.decode()


def test_a_wrong_reference_comes_back_with_what_was_typed(year: StoredCase) -> None:
    before = written(year)
    answer = client_of("caiwu").post(TEXT, sent(year, "完成 {{ indicator.X9.actual }} <i>项</i>"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "没有“indicator.X9.actual”这个数据" in page
    assert "{{ indicator.X9.actual }} &lt;i&gt;项&lt;/i&gt;" in page
    assert written(year) == before


def test_a_preview_shows_the_number_and_keeps_nothing(year: StoredCase) -> None:
    before = written(year)
    typed = sent(year, "抽检 {{ indicator.O2.actual }}。", do="preview")
    page = client_of("caiwu").post(TEXT, typed).content.decode()
    assert '<span class="bound" title="indicator.O2.actual">287台</span>' in page
    part = client_of("caiwu").post(f"{TEXT}shown/", {"text": "共 {{ count.indicators }}。"}).content.decode()
    assert "10项" in part
    assert "<html" not in part
    assert written(year) == before


def test_the_second_of_two_is_told_and_loses_nothing(year: StoredCase) -> None:
    old = sent(year, "我写的。")
    client_of("caiwu").post(TEXT, sent(year, "别人写的。"))
    answer = client_of("caiwu").post(TEXT, old)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "别人写的。" in page
    assert "我写的。" in page
    assert written(year) == "别人写的。"
    # the form now carries what was seen, so that a merged text can be saved
    row = narrative_row(year, "monitoring")
    assert row is not None
    assert f'name="seen" value="{row.revision}"' in page


@pytest.mark.parametrize("seen", ["x", "-1", "99999999999999999999", "1.5"])
def test_a_strange_revision_is_no_revision(year: StoredCase, seen: str) -> None:
    assert client_of("caiwu").post(TEXT, {**sent(year, "改"), "seen": seen}).status_code == 409


def test_references_are_found_with_their_values(year: StoredCase) -> None:
    part = client_of("caiwu").get(f"{TEXT}references/?q=企业年报").content.decode()
    assert "{{ indicator.F2.actual }}" in part
    assert "94.68%" in part
    assert "{{ indicator.O2.actual }}" not in part


def test_of_many_references_the_first_are_listed_and_all_are_found(year: StoredCase) -> None:
    page = client_of("caiwu").get(TEXT).content.decode()
    listed = re.findall(r"<summary>[^<（{]{2,12}（(\d+)）</summary>(.*?)</details>", page, re.DOTALL)
    assert len(listed) == page.count("<summary>") - page.partition('id="references"')[0].count("<summary>")
    hidden = 0
    for number, group in listed:
        shown = group.count('<th scope="row">')
        assert shown == min(int(number), 30)
        assert (f"只列出 {number} 项中的前 30 项" in group) is (int(number) > 30)
        hidden += int(number) > 30
    assert hidden
    # what is not listed at first is found by its code
    last = reference_groups(*_read(year))[-1].references[-1]
    found = client_of("caiwu").get(f"{TEXT}references/", {"q": last.code}).content.decode()
    assert last.written in found


def _read(year: StoredCase) -> tuple[Any, Any]:
    found = evaluated_year(year)
    return found.case, found.evaluation


def test_an_unknown_section_is_not_there(year: StoredCase) -> None:
    assert client_of("caiwu").get("/report/huadu-2023/texts/nothing/").status_code == 404


def test_a_report_is_asked_for_once_and_only_by_who_may(year: StoredCase) -> None:
    for who in ("tianbao", "chushi", "sanfang", "shenji", "guanli"):
        assert client_of(who).post(f"{PAGE}write/", {"formats": ["html"]}).status_code == 403
    assert client_of("caiwu").post(f"{PAGE}write/", {}).status_code == 422
    for _ in range(2):
        assert client_of("caiwu").post(f"{PAGE}write/", {"formats": ["html", "exe"]}).status_code == 302
    job = Job.objects.get(kind="report.write")
    assert job.parameters == {"formats": ["html"]}
    assert "排队中" in client_of("caiwu").get(PAGE).content.decode()
    assert "HX-Redirect" not in client_of("caiwu").get(f"{PAGE}progress/").headers
    done(job)
    assert client_of("caiwu").get(f"{PAGE}progress/").headers["HX-Redirect"] == PAGE


def test_a_version_shows_its_checks_and_hands_out_its_files() -> None:
    version = write(complete_year())
    name = next(iter(version.files))
    where = f"{PAGE}versions/1/"
    page = client_of("sanfang").get(where).content.decode()
    assert "124.26%" in page
    answer = client_of("sanfang").get(f"{where}files/{name}")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    answer.close()
    assert client_of("caiwu").get(f"{where}files/nothing.docx").status_code == 404
    assert client_of("caiwu").get(f"{PAGE}versions/9/").status_code == 404
    assert Client().get(f"{where}files/{name}").status_code == 302
