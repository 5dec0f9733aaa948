"""Problems and measures of the report: what a report needs before it is no draft, written on its pages."""

import re

import pytest
from demonstrated import client_of, demonstration, in_state

from zhunsheng.plans.roles import EvaluationState, TargetState
from zhunsheng.store.database.case_content import case_of
from zhunsheng.store.database.case_rows import ROW_MODELS
from zhunsheng.store.database.models import StoredCase, TrailEntry

pytestmark = pytest.mark.django_db

PAGE = "/report/huadu-2023/"
NEW = f"{PAGE}matters/shortcomings/new/"


@pytest.fixture
def year() -> StoredCase:
    return demonstration()


def stored(section: str, code: str) -> int:
    return int(ROW_MODELS[section]._default_manager.get(f_code=code).pk)


def links(page: str) -> list[str]:
    section = page[page.index('id="missing-title"') :]
    return [each.replace("&amp;", "&") for each in re.findall(r'href="([^"]+)">去处理', section)]


def test_each_missing_part_leads_to_its_form_until_the_report_is_no_draft(year: StoredCase) -> None:
    """Follows every link of the list as a person would; four things are missing in the shipped year."""
    browser = client_of("caiwu")
    for _turn in range(12):
        page = browser.get(PAGE).content.decode()
        if 'id="missing-title"' not in page:
            break
        address = links(page)[0]
        form = browser.get(address)
        assert form.status_code == 200
        if "/matters/" in address:
            text = form.content.decode()
            about = re.findall(r'name="about" value="([^"]+)" checked', text)
            code = re.findall(r'id="code" name="code" type="text" value="([^"]+)"', text)
            assert (len(about), len(code)) == (1, 1)
            sent = {
                "code": code[0],
                "title": "管理不够细",
                "text": "按清单检查",
                "about": about,
                "revision": "0",
            }
            assert browser.post(address.partition("?")[0], sent).status_code == 302
        else:
            item = address.rstrip("/").rpartition("/")[2]
            answer = browser.post(
                f"{address}explain/", {"reason": "年末结算", "remedy": "加快支付", "seen": ""}
            )
            assert answer.status_code == 302, (item, answer.content.decode()[-800:])
    else:
        pytest.fail("the list never became empty")
    assert "可以报送" in page
    content = case_of(StoredCase.objects.get(pk=year.pk))
    covered = {item for each in content.shortcomings for item in each.covers}
    assert {"A3", "B3.1", "B5.6"} <= covered
    assert TrailEntry.objects.filter(action="report.write_matter").exists()


def test_what_is_wrong_stands_at_its_field_and_nothing_is_kept(year: StoredCase) -> None:
    before = case_of(year).shortcomings
    answer = client_of("caiwu").post(NEW, {"code": before[0].code, "title": "", "text": "", "about": "ZZZ"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "REPORT-104" in page
    assert 'id="title_error"' in page
    assert 'id="about_error"' in page
    none = client_of("caiwu").post(NEW, {"code": "Q9", "title": "甲", "text": ""})
    assert "REPORT-103" in none.content.decode()
    assert case_of(year).shortcomings == before


def test_a_problem_that_a_measure_answers_stays_and_a_new_code_is_followed(year: StoredCase) -> None:
    browser = client_of("caiwu")
    problem = case_of(year).shortcomings[0]
    row = stored("shortcomings", problem.code)
    revision = ROW_MODELS["shortcomings"]._default_manager.get(pk=row).revision
    remedy = next(each for each in case_of(year).remedies if problem.code in each.answers)
    address = f"{PAGE}matters/shortcomings/{row}/"
    refused = browser.post(f"{address}remove/", {"revision": revision})
    assert refused.status_code == 422
    assert remedy.code in refused.content.decode()
    about = list(problem.covers) or ["A3"]
    sent = {"code": "Q77", "title": problem.title, "text": problem.text, "about": about, "revision": revision}
    assert browser.post(address, sent).status_code == 302
    content = case_of(StoredCase.objects.get(pk=year.pk))
    assert "Q77" in next(each for each in content.remedies if each.code == remedy.code).answers


def test_two_at_once_are_told_and_the_text_stays(year: StoredCase) -> None:
    browser = client_of("caiwu")
    problem = case_of(year).shortcomings[0]
    row = stored("shortcomings", problem.code)
    revision = ROW_MODELS["shortcomings"]._default_manager.get(pk=row).revision
    sent = {"code": problem.code, "title": "甲的写法", "text": "", "about": ["A3"], "revision": revision}
    assert browser.post(f"{PAGE}matters/shortcomings/{row}/", sent).status_code == 302
    late = browser.post(f"{PAGE}matters/shortcomings/{row}/", {**sent, "title": "乙的写法"})
    page = late.content.decode()
    assert late.status_code == 409
    assert "甲的写法" in page
    assert 'value="乙的写法"' in page


def test_a_locked_year_is_not_changed(year: StoredCase) -> None:
    in_state(TargetState.APPROVED, EvaluationState.FROZEN)
    before = case_of(year).shortcomings
    sent = {"code": "Q9", "title": "甲", "text": "", "about": ["A3"]}
    assert client_of("caiwu").post(NEW, sent).status_code == 403
    assert client_of("tianbao").post(NEW, sent).status_code == 403
    assert case_of(year).shortcomings == before
