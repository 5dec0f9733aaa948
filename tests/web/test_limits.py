"""What is too large is refused before it is read: in words on pages, in the one shape of the interface."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from calling import token_of
from demonstrated import client_of, demonstration
from django.test import Client

from zhunsheng.store.database.models import StoredFile
from zhunsheng.web.environment import WrongSettings, read_environment
from zhunsheng.web.sizes import megabytes

EVIDENCE = "/collect/huadu-2023/items/O2/evidence/"


class Unread:
    """A body nobody may read."""

    def read(self, *_: Any) -> bytes:
        pytest.fail("the body was taken in")

    readline = readlines = read

    def __iter__(self) -> Iterator[bytes]:
        pytest.fail("the body was taken in")


def sent(client: Client, path: str, size: object, kind: str, **more: str) -> Any:
    return client.generic(
        "POST",
        path,
        b"",
        content_type=kind,
        **{"CONTENT_LENGTH": str(size), "CONTENT_TYPE": kind, "wsgi.input": Unread(), **more},
    )


FORM, FILES, JSON = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "size", "words"),
    [(FILES, 251_300_000, "252 MB，超过上限 200 MB"), (FORM, 5_100_000, "6 MB，超过上限 5 MB")],
)
def test_a_form_that_is_too_large_is_refused_unread_and_told(kind: str, size: int, words: str) -> None:
    demonstration()
    answer = sent(client_of("tianbao"), EVIDENCE, size, kind)
    assert answer.status_code == 413
    assert words in answer.content.decode()
    assert "分几次上传" in answer.content.decode()
    assert "default-src" in answer.headers["Content-Security-Policy"]
    assert not StoredFile.objects.exists()


def test_nobody_has_to_be_known_to_be_refused() -> None:
    assert sent(Client(), "/accounts/login/", 10**9, FORM).status_code == 413


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "size"), [(FILES, 10**12), (JSON, 6_000_000)])
def test_the_interface_refuses_in_its_one_shape(kind: str, size: int) -> None:
    demonstration()
    bearer = f"Bearer {token_of('caiwu')}"
    answer = sent(Client(), "/api/v1/records/huadu-amr/checks", size, kind, HTTP_AUTHORIZATION=bearer)
    assert answer.status_code == 413
    content = json.loads(answer.content)
    assert set(content) == {"code", "message", "problems"}
    assert content["code"] == "too_large"
    assert "超过上限" in content["message"]


@pytest.mark.django_db
def test_what_is_allowed_is_taken_in(settings: Any) -> None:
    settings.LARGEST_UPLOAD = 1_000
    demonstration()
    client = client_of("tianbao")
    # the limit is for the files; what a form holds beside them comes on top
    assert client.post("/audit/", {"q": "x" * 900_000}).status_code == 422
    for nonsense in ("", "abc", "-5", "9" * 30, "²"):
        answer = client.generic("GET", "/", b"", CONTENT_LENGTH=nonsense)
        assert answer.status_code == 200, nonsense


@pytest.mark.parametrize(
    ("size", "shown"), [(1, "0.1"), (500_000, "0.5"), (200_000_000, "200"), (200_000_001, "201")]
)
def test_sizes_are_told_in_megabytes_never_less_than_they_are(size: int, shown: str) -> None:
    assert megabytes(size) == shown


def test_the_limit_comes_from_the_environment() -> None:
    assert read_environment({}).largest_upload == 200_000_000
    assert read_environment({"ZHUNSHENG_UPLOAD_MB": "500"}).largest_upload == 500_000_000
    for wrong in ("0", "-1", "10001", "viel", "1.5", "９"):
        with pytest.raises(WrongSettings) as refused:
            read_environment({"ZHUNSHENG_UPLOAD_MB": wrong})
        assert "ZHUNSHENG_UPLOAD_MB" in refused.value.faults[0]


@pytest.mark.parametrize("query", ["q=%00", "q=a%0%000", "%00q=1&state=%00", "page=2%00"])
@pytest.mark.parametrize("path", ["/cases/", "/audit/", "/people/", "/trail/", "/records/"])
@pytest.mark.django_db
def test_the_character_0_is_taken_out_of_what_a_list_is_asked_for(
    standing: None, path: str, query: str
) -> None:
    client = client_of("guanli")
    shown = client.get(f"{path}?{query}")
    assert shown.status_code == client.get(path).status_code
    assert not any("\0" in text for texts in shown.wsgi_request.GET.lists() for text in (texts[0], *texts[1]))


@pytest.mark.django_db
def test_an_address_with_the_character_0_leads_nowhere(standing: None) -> None:
    assert client_of("caiwu").get("/collect/huadu-2023%00/").status_code == 404
