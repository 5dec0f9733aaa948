"""Signing in and out, wrong passwords, one-time passwords, the second factor, sessions."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from demonstrated import client_of
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse

from zhunsheng.store.database.models import TrailEntry, User
from zhunsheng.workflow.demonstration import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _year(standing: None) -> None:
    cache.clear()


def sign_in(client: Client, username: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/accounts/login/", {"login": username, "password": password, **more})


def test_the_right_password_leads_to_work_and_the_wrong_one_says_so() -> None:
    client = Client()
    answer = sign_in(client, "caiwu", "wrong-password")
    assert answer.status_code == 200
    assert "用户名或密码不对" in answer.content.decode()
    answer = sign_in(client, "caiwu")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/").status_code == 200


def test_the_page_of_signing_in_is_ours_and_offers_neither_sign_up_nor_reset_nor_single_sign_on() -> None:
    text = Client().get("/accounts/login/").content.decode()
    assert "site-header" in text
    for label in ("用户名", "密码", "忘记密码请联系本单位管理员重置"):
        assert label in text
    assert "统一身份登录" not in text
    assert "<script>" not in text
    assert "style=" not in text
    for name in ("account_signup", "account_reset_password", "socialaccount_connections"):
        with pytest.raises(NoReverseMatch):
            reverse(name)


def test_five_wrong_passwords_lock_the_account_out_and_the_right_one_does_not_help(settings: Any) -> None:
    settings.AXES_ENABLED = True
    client = Client()
    for _ in range(4):
        assert sign_in(client, "caiwu", "wrong-password").status_code == 200
    answer = sign_in(client, "caiwu", "wrong-password")
    assert answer.status_code == 429
    assert "账号已锁定" in answer.content.decode()
    assert "30 分钟" in answer.content.decode()
    assert sign_in(client, "caiwu").status_code == 429
    # somebody else at the same machine is not locked out, nor the same person at another one
    assert sign_in(Client(), "juzhang").status_code == 302
    elsewhere = Client(REMOTE_ADDR="10.0.0.9")
    assert sign_in(elsewhere, "caiwu").status_code == 302


@pytest.mark.parametrize(
    "there",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:evil.example",
    ],
)
def test_nobody_is_led_to_another_site(there: str) -> None:
    assert sign_in(Client(), "caiwu", next=there)["Location"] == "/"
    signed_in = client_of("caiwu")
    answer = signed_in.post("/accounts/logout/", {"next": there})
    assert answer["Location"] == "/accounts/login/"
    assert client_of("caiwu").get("/accounts/login/", {"next": there})["Location"] == "/"


def test_a_page_of_ours_is_gone_on_to() -> None:
    assert sign_in(Client(), "caiwu", next="/people/")["Location"] == "/people/"


def test_signing_out_is_by_post_only() -> None:
    client = client_of("caiwu")
    assert client.get("/accounts/logout/").status_code == 200
    assert client.get("/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/").status_code == 302


def test_a_one_time_password_must_be_changed_before_anything_else() -> None:
    User.objects.filter(username="caiwu").update(must_change_password=True)
    client = Client()
    sign_in(client, "caiwu")
    for page in ("/", "/me/", "/people/"):
        assert client.get(page)["Location"] == "/accounts/password/"
    text = client.get("/accounts/password/").content.decode()
    assert "一次性密码" in text
    assert "至少 10 个字符" in text
    same = {"oldpassword": PASSWORD, "password1": PASSWORD, "password2": PASSWORD}
    assert "新密码不能与原密码相同" in client.post("/accounts/password/", same).content.decode()
    assert User.objects.get(username="caiwu").must_change_password
    new = "四月的雨 下在花都 9"
    answer = client.post("/accounts/password/", {**same, "password1": new, "password2": new})
    assert answer["Location"] == "/"
    assert client.get("/").status_code == 200
    assert not User.objects.get(username="caiwu").must_change_password
    line = TrailEntry.objects.last()
    assert line is not None
    assert (line.action, line.who, line.organisation) == ("self.password", "caiwu", "huadu-amr")
    assert new not in str((line.before, line.after))


@pytest.mark.parametrize("weak", ["short-1", "12345678901234", "password123", "1caizheng1", "周财政-12345"])
def test_weak_passwords_are_refused(weak: str) -> None:
    client = client_of("caizheng")
    answer = client.post(
        "/accounts/password/", {"oldpassword": PASSWORD, "password1": weak, "password2": weak}
    )
    assert answer.status_code == 200
    assert User.objects.get(username="caizheng").check_password(PASSWORD)


def test_another_password_ends_the_sessions_elsewhere() -> None:
    here, elsewhere = client_of("caiwu"), client_of("caiwu")
    new = "another long password"
    here.post("/accounts/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert here.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 302


def test_an_account_out_of_use_cannot_sign_in_and_is_signed_out() -> None:
    client = client_of("caiwu")
    User.objects.filter(username="caiwu").update(is_active=False)
    assert client.get("/").status_code == 302
    assert sign_in(Client(), "caiwu").status_code in {200, 302}
    assert "账号已停用" in Client().get("/accounts/inactive/").content.decode()


def test_the_second_factor_is_turned_on_asked_for_replaced_by_a_code_and_turned_off(
    django_capture_on_commit_callbacks: Any,
) -> None:
    client = Client()
    sign_in(client, "caiwu")
    first = client.get("/accounts/two-factor/totp/activate/")
    assert first["Location"].startswith("/accounts/reauthenticate/")
    client.post(first["Location"], {"password": PASSWORD})
    page = client.get("/accounts/two-factor/totp/activate/").content.decode()
    secret = client.session["mfa.totp.secret"]
    assert secret in page
    wrong = client.post("/accounts/two-factor/totp/activate/", {"code": "000000"})
    assert "验证码不对" in wrong.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/accounts/two-factor/totp/activate/", {"code": code_of(secret)})
    assert answer["Location"] == "/accounts/two-factor/codes/"
    codes = re.findall(r"<code>([^<]+)</code>", client.get("/accounts/two-factor/codes/").content.decode())
    assert len(codes) == 10
    assert codes[0] in client.get("/accounts/two-factor/codes/download/").content.decode()

    other = Client()
    assert sign_in(other, "caiwu")["Location"] == "/accounts/two-factor/authenticate/"
    assert other.get("/").status_code == 302
    assert "两步验证" in other.get("/accounts/two-factor/authenticate/").content.decode()
    assert other.post("/accounts/two-factor/authenticate/", {"code": codes[0]})["Location"] == "/"
    assert other.get("/").status_code == 200
    again = Client()
    sign_in(again, "caiwu")
    used = again.post("/accounts/two-factor/authenticate/", {"code": codes[0]})
    assert "验证码不对" in used.content.decode()

    assert "还有 9 个可用" in client.get("/accounts/two-factor/").content.decode()
    client.post("/accounts/two-factor/codes/generate/")
    client.post("/accounts/two-factor/totp/deactivate/")
    assert not Authenticator.objects.exists()
    noted = [each.after for each in TrailEntry.objects.filter(action="self.second_factor")]
    assert {"second_factor": "authenticator added"} in noted
    assert {"second_factor": "authenticator removed"} in noted


def code_of(secret: str) -> str:
    return str(
        totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))
    )


def test_other_sessions_are_listed_and_ended() -> None:
    here, elsewhere = Client(), Client(HTTP_USER_AGENT="<b>Browser</b>")
    sign_in(here, "caiwu")
    sign_in(elsewhere, "caiwu")
    text = here.get("/accounts/sessions/").content.decode()
    assert "&lt;b&gt;Browser&lt;/b&gt;" in text
    assert "本次登录" in text
    here.post("/accounts/sessions/")
    assert here.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 302


def test_the_single_sign_on_that_is_not_configured_does_not_exist() -> None:
    assert Client().get("/accounts/oidc/sso/login/").status_code == 404
    assert Client().get("/accounts/oidc/sso/login/callback/").status_code == 404
    assert Client().get("/accounts/sso/cancelled/").status_code == 200
    assert Client().get("/accounts/sso/error/").status_code == 401


def test_too_many_requests_have_a_page_of_their_own(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    client = Client(REMOTE_ADDR="10.9.9.9")
    assert sign_in(client, "caiwu", "wrong-password").status_code == 200
    answer = sign_in(client, "caiwu", "wrong-password")
    assert answer.status_code == 429
    assert "操作太频繁" in answer.content.decode()
