"""Guessing passwords: no way round the lockout, and nothing tells whether a user name exists."""

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from zhunsheng.store.database.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _year(standing: None, settings: Any) -> None:
    settings.AXES_ENABLED = True
    cache.clear()


def wrong(username: str, **more: str) -> Any:
    return Client(**more).post("/accounts/login/", {"login": username, "password": "wrong-password"})


@pytest.mark.parametrize(
    "spellings",
    [
        ("Caiwu", "CAIWU", "cAiwu", "caIwu", "caiWu"),
        ("caiwu ", " caiwu", "caiwu\t", "  caiwu", "caiwu  "),
    ],
)
def test_other_spellings_of_a_name_count_as_that_name(spellings: tuple[str, ...]) -> None:
    answers = [wrong(each).status_code for each in spellings]
    assert answers == [200, 200, 200, 200, 429]
    right = Client().post("/accounts/login/", {"login": "caiwu", "password": "zhunsheng-demo"})
    assert right.status_code == 429


@pytest.mark.parametrize(
    "header", ["HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_CLIENT_IP"]
)
def test_a_header_about_the_address_is_not_believed(header: str) -> None:
    answers = [wrong("caiwu", **{header: f"10.1.1.{place}"}).status_code for place in range(5)]
    assert answers == [200, 200, 200, 200, 429]


def test_a_name_nobody_has_is_answered_like_one_that_is_there_and_like_a_closed_account() -> None:
    User.objects.filter(username="juzhang").update(is_active=False)
    pages = []
    for name in ("caiwu", "nobody-of-this-name", "juzhang"):
        answer = wrong(name)
        text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode())
        pages.append((answer.status_code, text.replace(name, "…")))
    assert pages[0] == pages[1] == pages[2]


def test_a_name_nobody_has_is_locked_like_one_that_is_there() -> None:
    assert [wrong("nobody-of-this-name").status_code for _ in range(5)] == [200, 200, 200, 200, 429]
