"""The page of the release: what stands in the way, who may, what is asked."""

import pytest
from demonstrated import client_of, demonstration
from django.test import Client
from released import accept_errors, done, frozen_year, release, write

from zhunsheng.store.database.models import Job, Release

pytestmark = pytest.mark.django_db

PAGE = "/release/huadu-2023/"
GIVEN = {"formats": ["html"], "licence": "cc-by-4.0", "correction": ""}
OTHERS = ("tianbao", "chushi", "caiwu", "caizheng", "sanfang", "shenji", "guanli")


def test_the_page_says_what_stands_in_the_way() -> None:
    demonstration()
    for who in ("juzhang", *OTHERS):
        page = client_of(who).get(PAGE)
        assert page.status_code == 200
        assert "RELEASE-001" in page.content.decode()
    assert Client().get(PAGE).status_code == 302


def test_nothing_is_asked_for_while_something_stands_in_the_way() -> None:
    frozen_year()
    answer = client_of("juzhang").post(PAGE, GIVEN)
    assert answer.status_code == 422
    assert "RELEASE-003" in answer.content.decode()
    assert not Job.objects.filter(kind="release.make").exists()


@pytest.mark.slow
def test_the_leader_releases_withdraws_and_corrects_on_the_page() -> None:
    case = frozen_year()
    accept_errors(write(case))
    page = client_of("juzhang").get(PAGE).content.decode()
    assert "抽检15年以上老旧电梯" in page
    for who in OTHERS:
        assert client_of(who).post(PAGE, GIVEN).status_code == 403
        assert 'name="licence"' not in client_of(who).get(PAGE).content.decode()
    leader = client_of("juzhang")
    for wrong in ({**GIVEN, "formats": ["exe"]}, {**GIVEN, "licence": "mine"}):
        assert leader.post(PAGE, wrong).status_code == 422
    for _ in range(2):
        assert leader.post(PAGE, GIVEN).status_code == 302
    done(Job.objects.get(kind="release.make"))
    assert Release.objects.count() == 1
    assert "已公开" in leader.get(PAGE).content.decode()
    assert Client().get("/public/huadu-2023/").status_code == 200
    again = leader.post(PAGE, GIVEN)
    assert again.status_code == 422
    assert "没有写更正说明" in again.content.decode()
    for who in ("tianbao", "chushi", "caiwu", "sanfang", "shenji", "guanli"):
        assert client_of(who).post(f"{PAGE}withdraw/", {"why": "原因"}).status_code == 403
    assert leader.post(f"{PAGE}withdraw/", {"why": ""}).status_code == 422
    assert leader.post(f"{PAGE}withdraw/", {"why": "数据有误"}).status_code == 302
    assert Client().get("/public/huadu-2023/").status_code == 410
    assert "数据有误" in leader.get(PAGE).content.decode()
    assert release(case, correction="更正后重新公开。").number == 2
    assert Client().get("/public/huadu-2023/").status_code == 200
