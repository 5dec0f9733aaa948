"""A form sent after its session had ended is kept through the sign-in; nothing from elsewhere is."""

import pytest
from demonstrated import demonstration
from django.test import Client

from zhunsheng.store.database.models import TrailEntry, User
from zhunsheng.workflow.demonstration import CASE, PASSWORD

pytestmark = pytest.mark.django_db
FORM = f"/report/{CASE}/texts/annual_work/"
SENT = {"text": "第一行\n第二行 <b>", "seen": "0", "do": "save"}


@pytest.fixture(autouse=True)
def _year() -> None:
    demonstration()


def sign_in(client: Client, username: str, following: str) -> str:
    answer = client.post("/accounts/login/", {"login": username, "password": PASSWORD, "next": following})
    assert answer.status_code == 302, answer.content
    return str(answer["Location"])


def test_it_is_shown_and_sent_on_to_where_it_was_meant_for() -> None:
    client = Client()
    answer = client.post(FORM, SENT)
    assert answer["Location"] == "/accounts/login/?next=/me/interrupted/"
    assert sign_in(client, "caiwu", "/me/interrupted/") == "/me/interrupted/"
    shown = client.get("/me/interrupted/").content.decode()
    assert "第二行 &lt;b&gt;" in shown
    answer = client.post("/me/interrupted/", SENT)
    # the browser sends the same form again, by the same method
    assert (answer.status_code, answer["Location"]) == (307, FORM)
    assert client.post(FORM, SENT).status_code == 302
    assert TrailEntry.objects.filter(action="report.edit_text", who="caiwu").count() == 1
    # it is offered once
    assert client.get("/me/interrupted/")["Location"] == "/"


def test_the_right_is_asked_again_of_whoever_signs_in() -> None:
    client = Client()
    client.post(FORM, SENT)
    sign_in(client, "tianbao", "/me/interrupted/")
    client.post("/me/interrupted/", SENT)
    assert client.post(FORM, SENT).status_code == 403
    assert not TrailEntry.objects.filter(action="report.edit_text").exists()


@pytest.mark.parametrize(
    ("path", "sent", "headers"),
    [
        (FORM, {**SENT, "kept-by-page": "1"}, {}),
        (FORM, SENT, {"HX-Request": "true"}),
        (FORM, {"text": "x" * 200_001}, {}),
        (FORM, {"text": "", "seen": ""}, {}),
        ("/people/new/", {"password": "a secret word"}, {}),
    ],
)
def test_what_the_page_keeps_itself_and_what_is_no_text_is_not_kept(
    path: str, sent: dict[str, str], headers: dict[str, str]
) -> None:
    client = Client()
    client.post(path, sent, headers=headers)
    assert "interrupted" not in client.session


def test_a_form_from_elsewhere_is_not_kept() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(
        User.objects.get(username="caiwu"), backend="django.contrib.auth.backends.ModelBackend"
    )
    for origin, kept in (("https://elsewhere.example", False), ("null", False), ("http://testserver", True)):
        answer = client.post(FORM, SENT, headers={"Origin": origin})
        assert answer.status_code == 403
        assert ("interrupted" in client.session) is kept, origin


def test_files_are_said_to_be_lost() -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: PLC0415 - only here

    client = Client()
    client.post(FORM, {**SENT, "file": SimpleUploadedFile("a.txt", b"x")})
    sign_in(client, "caiwu", "/me/interrupted/")
    shown = client.get("/me/interrupted/").content.decode()
    assert "须返回原页面重新选择" in shown
    assert "继续提交</button>" not in shown
