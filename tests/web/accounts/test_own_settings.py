"""Personal settings: large type, language, tokens for programs."""

import re
from datetime import timedelta
from typing import Any

import pytest
from calling import call
from demonstrated import actor, client_of
from django.core.cache import cache
from django.utils import timezone

from zhunsheng.store.database.models import ApiToken, TrailEntry, User
from zhunsheng.workflow.action import Refused, perform
from zhunsheng.workflow.people.own_settings import ChangeSettings
from zhunsheng.workflow.people.tokens import MOST, digest_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _year(standing: None) -> None:
    cache.clear()


def test_large_type_and_language_are_kept_and_shown() -> None:
    client = client_of("caiwu")
    answer = client.post("/me/", {"large_type": "1", "language": "en"})
    assert answer.status_code == 302
    user = User.objects.get(username="caiwu")
    assert (user.large_type, user.language) == (True, "en")
    text = client.get("/").content.decode()
    assert 'lang="en"' in text
    assert 'data-type="large"' in text
    line = TrailEntry.objects.last()
    assert line is not None
    assert (line.action, line.organisation) == ("self.settings", "huadu-amr")
    client.post("/me/", {"language": "zh-hans"})
    assert 'lang="zh-hans"' in client.get("/").content.decode()


def test_a_language_that_is_none_is_told_and_nothing_is_kept() -> None:
    answer = client_of("caiwu").post("/me/", {"language": "xx"})
    assert answer.status_code == 422
    assert "没有这种语言" in answer.content.decode()
    assert User.objects.get(username="caiwu").language == "zh-hans"


def test_the_page_shows_who_one_is_and_what_one_holds() -> None:
    text = client_of("chushi").get("/me/").content.decode()
    for words in ("李科长", "chushi", "特种设备安全监察科 处室负责人", "修改密码", "两步验证", "登录记录"):
        assert words in text


def make(client: Any, **typed: str) -> Any:
    return client.post("/me/tokens/", {"name": "报表程序", "scope": "read", "days": "90", **typed})


def test_a_token_is_shown_once_works_and_is_revoked() -> None:
    client = client_of("caiwu")
    answer = make(client)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    (token,) = re.findall(r"zs_[-_A-Za-z0-9]{43}", answer.content.decode())
    kept = ApiToken.objects.get()
    assert kept.digest == digest_of(token)
    assert timedelta(days=89) < kept.expires - timezone.now() <= timedelta(days=90)
    assert "zs_" not in client.get("/me/").content.decode()
    line = TrailEntry.objects.last()
    assert line is not None
    assert line.action == "token.make"
    assert token not in str(line.after)
    assert call("GET", "/me", token).json()["username"] == "caiwu"
    client.post(f"/me/tokens/{kept.pk}/revoke/")
    assert call("GET", "/me", token).status_code == 401
    assert client.post(f"/me/tokens/{kept.pk}/revoke/").status_code == 409


def test_nobody_revokes_the_token_of_another() -> None:
    make(client_of("caiwu"))
    kept = ApiToken.objects.get()
    assert client_of("juzhang").post(f"/me/tokens/{kept.pk}/revoke/").status_code == 409
    kept.refresh_from_db()
    assert kept.revoked is None


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": ""}, "token-name"),
        ({"name": "字" * 61}, "token-name"),
        ({"name": "a\x00b"}, "token-name"),
        ({"scope": "admin"}, "token-scope"),
        ({"days": "0"}, "token-days"),
        ({"days": "367"}, "token-days"),
        ({"days": "-1"}, "token-days"),
        ({"days": "１"}, "token-days"),
        ({"days": "9" * 50}, "token-days"),
        ({"days": ""}, "token-days"),
    ],
)
def test_what_is_wrong_about_a_token_is_told_at_its_field(typed: dict[str, str], field: str) -> None:
    answer = make(client_of("caiwu"), **typed)
    assert answer.status_code == 422
    assert f'id="{field}_error"' in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_only_so_many_tokens_are_valid_at_once() -> None:
    client = client_of("caiwu")
    for _ in range(MOST):
        assert make(client).status_code == 200
    assert make(client).status_code == 422
    ApiToken.objects.update(expires=timezone.now() - timedelta(days=1))
    assert make(client).status_code == 200


def test_settings_are_changed_by_their_owner_only() -> None:
    other = User.objects.get(username="juzhang")
    with pytest.raises(Refused, match="自己"):
        perform(ChangeSettings(other, large_type=True, language="en"), actor("caiwu"))
