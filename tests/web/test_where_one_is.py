"""A page says where it stands: what of the menu it belongs to, and which pages are above it."""

import pytest
from demonstrated import client_of, in_state
from lxml import html

from zhunsheng.plans.roles import EvaluationState, TargetState
from zhunsheng.store.database.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing")]
YEAR = "huadu-2023"
NAME = "区市场监管局 2023年度"


def opened(who: str, path: str) -> html.HtmlElement:
    answer = client_of(who).get(path.replace("PERSON", str(User.objects.get(username="tianbao").pk)))
    assert answer.status_code == 200, path
    return html.document_fromstring(answer.content.decode())


def marked(page: html.HtmlElement) -> list[tuple[str, str]]:
    found = page.xpath("//nav[@id='menu']//a[@aria-current]")
    return [(each.text_content().strip(), each.get("aria-current")) for each in found]


@pytest.mark.parametrize(
    ("who", "path", "label", "kind"),
    [
        ("caiwu", "/", "我的工作", "page"),
        ("caiwu", "/cases/", "年度档案", "page"),
        ("caiwu", f"/cases/{YEAR}/", "年度概况", "page"),
        ("caiwu", f"/cases/{YEAR}/versions/", "年度概况", "true"),
        ("caiwu", f"/plan/{YEAR}/sections/indicators/", "目标编制", "true"),
        ("caiwu", f"/collect/{YEAR}/items/O1/", "完成值与佐证", "true"),
        ("caiwu", f"/evaluation/{YEAR}/remarks/", "自评打分", "true"),
        ("caiwu", f"/report/{YEAR}/texts/achievements/", "自评报告", "true"),
        ("caiwu", "/indicators/", "指标", "page"),
        ("caiwu", "/indicators/annual_report_rate/", "指标", "true"),
        ("caiwu", f"/indicators/board/{YEAR}/", "指标看板", "page"),
        ("guanli", "/people/new/", "用户和授权", "true"),
        ("guanli", "/people/organisations/huadu-amr/", "用户和授权", "true"),
    ],
)
def test_the_menu_marks_the_page_or_the_one_above_it(who: str, path: str, label: str, kind: str) -> None:
    assert marked(opened(who, path)) == [(label, kind)]


def test_a_page_of_no_entry_marks_none() -> None:
    assert marked(opened("caiwu", "/me/")) == []


@pytest.mark.parametrize(
    ("who", "path", "above", "itself"),
    [
        ("caiwu", f"/report/{YEAR}/", [NAME], "自评报告"),
        ("caiwu", f"/report/{YEAR}/texts/achievements/", [NAME, "自评报告"], "主要工作成效"),
        ("caiwu", f"/report/{YEAR}/preview/", [NAME, "自评报告"], "报告预览"),
        ("juzhang", f"/release/{YEAR}/", [NAME], "公开"),
        ("guanli", "/people/new/", ["用户和授权"], "新建用户"),
        ("guanli", "/people/PERSON/", ["用户和授权"], "陈填报"),
        ("guanli", "/people/PERSON/password/", ["用户和授权", "陈填报"], "重置密码"),
        ("guanli", "/people/organisations/", ["用户和授权"], "单位"),
        (
            "guanli",
            "/people/organisations/huadu-amr/",
            ["用户和授权", "单位"],
            "广州市花都区市场监督管理局",
        ),
    ],
)
def test_the_pages_above_are_links_that_lead_there(
    who: str, path: str, above: list[str], itself: str
) -> None:
    in_state(TargetState.APPROVED, EvaluationState.OPEN)
    page = opened(who, path)
    links = page.xpath("//nav[@class='trail']//a")
    assert [each.text_content() for each in links] == above
    assert [each.text_content() for each in page.xpath("//nav[@class='trail']//*[@aria-current]")] == [itself]
    for each in links:
        assert client_of(who).get(each.get("href")).status_code == 200
