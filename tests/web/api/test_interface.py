"""The interface for programs: who may, what is answered, how every failure looks."""

import json
from datetime import timedelta
from typing import Any

import pytest
from calling import call, token_of
from demonstrated import client_of, in_state
from django.core.cache import cache
from django.utils import timezone

from zhunsheng.plans.roles import EvaluationState, TargetState
from zhunsheng.plans.sections import SECTIONS
from zhunsheng.store.database.models import ApiToken, Job, TrailEntry, User
from zhunsheng.web.api import tokens
from zhunsheng.web.api.operations import OPERATIONS
from zhunsheng.workflow.actor import actor_of
from zhunsheng.workflow.catalogue import RIGHTS
from zhunsheng.workflow.jobs import enqueue

pytestmark = pytest.mark.django_db
CODE = "huadu-2023"


@pytest.fixture(autouse=True)
def _year(standing: None) -> None:
    cache.clear()


def is_failure(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.content
    found: dict[str, Any] = json.loads(answer.content)
    assert set(found) == {"code", "message", "problems"}
    assert found["code"] == code
    assert found["message"]
    return found


def test_a_token_says_who_it_acts_for() -> None:
    found = call("GET", "/me", token_of("tianbao", "read")).json()
    assert (found["username"], found["may_write"]) == ("tianbao", False)
    assert [(each["role"], each["organisation_name"]) for each in found["roles"]] == [
        ("filler", "特种设备安全监察科")
    ]


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "Basic YTpi", "Bearer \ud800"])
def test_without_a_valid_token_nothing_is_answered(header: str) -> None:
    answer = call("GET", "/cases", HTTP_AUTHORIZATION=header)
    is_failure(answer, 401, "unauthenticated")
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_cookie_is_no_token() -> None:
    is_failure(call("GET", "/me", client=client_of("caiwu")), 401, "unauthenticated")


def test_expired_revoked_and_closed_tokens_are_refused() -> None:
    now = timezone.now()
    for token in (
        token_of("caiwu", days=-1),
        token_of("caiwu", revoked=now - timedelta(minutes=1)),
    ):
        is_failure(call("GET", "/me", token), 401, "unauthenticated")
    token = token_of("caiwu")
    User.objects.filter(username="caiwu").update(is_active=False)
    is_failure(call("GET", "/me", token), 401, "unauthenticated")


def test_a_person_with_a_one_time_password_must_change_it_first() -> None:
    token = token_of("caiwu")
    User.objects.filter(username="caiwu").update(must_change_password=True)
    assert "修改密码" in is_failure(call("GET", "/me", token), 403, "forbidden")["message"]


def test_the_use_of_a_token_is_noted_and_not_with_every_request() -> None:
    token = token_of("caiwu")
    call("GET", "/me", token)
    first = ApiToken.objects.get().last_used
    assert first is not None
    call("GET", "/me", token)
    assert ApiToken.objects.get().last_used == first


def test_years_are_those_the_pages_show() -> None:
    assert [each["code"] for each in call("GET", "/cases", token_of("tianbao")).json()["items"]] == [CODE]
    found = call("GET", f"/cases/{CODE}", token_of("sanfang")).json()
    assert (found["fiscal_year"], found["targets"], found["targets_label"]) == (2023, "approved", "已批复")
    stranger = User.objects.create(username="stranger", name="外人")
    assert actor_of(stranger, timezone.localdate()).holdings == ()
    token = token_of("stranger")
    assert call("GET", "/cases", token).json() == {"items": [], "next": None}
    is_failure(call("GET", f"/cases/{CODE}", token), 403, "forbidden")
    is_failure(call("GET", "/cases/no-such-year", token), 404, "not_found")


def test_the_rows_of_every_section_come_a_page_at_a_time_and_lose_no_digit() -> None:
    token = token_of("shenji")
    named = call("GET", f"/cases/{CODE}/sections", token).json()["items"]
    assert [each["name"] for each in named] == [each.name for each in SECTIONS]
    read: list[Any] = []
    cursor = ""
    while True:
        page = call("GET", f"/cases/{CODE}/sections/indicators?limit=4&cursor={cursor}", token).json()
        read += page["items"]
        assert len(page["items"]) <= 4
        if page["next"] is None:
            break
        cursor = page["next"]
    codes = [each["values"]["code"] for each in read]
    assert len(codes) == len(set(codes)) == 10
    budget = call("GET", f"/cases/{CODE}/sections/budget?limit=200", token).json()["items"]
    # 支出合计 of the real report, in 万元
    assert "22918.66" in {each["values"].get("executed") for each in budget}


def test_a_cursor_that_is_none_is_said_to_be_wrong() -> None:
    token = token_of("caiwu")
    for path in ("/cases", "/indicators", "/jobs", "/trail", f"/cases/{CODE}/sections/indicators"):
        found = is_failure(call("GET", f"{path}?cursor=zzzz", token), 422, "invalid")
        assert found["problems"][0]["code"] == "API-002"
        assert found["problems"][0]["place"] == {"field": "cursor"}


def test_an_actual_is_reported_by_the_action_of_the_page() -> None:
    token = token_of("tianbao")
    mine = "O2"
    before = call("GET", f"/cases/{CODE}/actuals/{mine}", token).json()
    given = {"revision": before["revision"], "note": "由程序填报"}
    after = call("PUT", f"/cases/{CODE}/actuals/{mine}", token, given)
    assert after.status_code == 200, after.content
    assert after.json()["values"]["note"] == "由程序填报"
    assert after.json()["revision"] == before["revision"] + 1
    line = TrailEntry.objects.last()
    assert line is not None
    assert (line.action, line.who, line.channel, line.role) == ("collect.report", "tianbao", "api", "filler")
    # the same again comes too late
    is_failure(call("PUT", f"/cases/{CODE}/actuals/{mine}", token, given), 409, "conflict")


def test_writing_needs_a_token_that_writes_the_right_and_the_state() -> None:
    path, given = f"/cases/{CODE}/actuals/O2", {"revision": 0, "note": "x"}
    reading = is_failure(call("PUT", path, token_of("tianbao", "read"), given), 403, "forbidden")
    assert "只能读取" in reading["message"]
    is_failure(call("PUT", path, token_of("shenji"), given), 403, "forbidden")
    other = is_failure(call("PUT", f"/cases/{CODE}/actuals/O1", token_of("tianbao"), given), 403, "forbidden")
    assert "填报" in other["message"]
    in_state(TargetState.APPROVED, EvaluationState.FROZEN)
    assert "已锁定" in is_failure(call("PUT", path, token_of("tianbao"), given), 403, "forbidden")["message"]


def test_wrong_values_are_told_at_their_place() -> None:
    token = token_of("tianbao")
    row = call("GET", f"/cases/{CODE}/actuals/O2", token).json()
    wrong = {"revision": row["revision"], "status": "no such status"}
    found = is_failure(call("PUT", f"/cases/{CODE}/actuals/O2", token, wrong), 422, "invalid")
    assert found["problems"]
    unknown = is_failure(
        call("PUT", f"/cases/{CODE}/actuals/O2", token, {"revision": 0, "nonsense": 1}), 422, "invalid"
    )
    assert unknown["problems"][0]["code"] == "API-001"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"revision": 0, "note": "\\ud800"}',
        b'{"revision": 0, "note": "\\u0000"}',
        b'{"revision": 1e400}',
        b'{"revision": 99999999999999999999}',
        b'{"revision": "NaN"}',
        b"[" * 100_000,
    ],
)
def test_odd_bodies_are_refused_and_break_nothing(body: bytes) -> None:
    answer = call("PUT", f"/cases/{CODE}/actuals/O2", token_of("tianbao"), body)
    assert answer.status_code in {400, 422}, answer.content
    is_failure(answer, answer.status_code, {400: "malformed", 422: "invalid"}[answer.status_code])


@pytest.mark.parametrize(
    "path",
    [
        "/cases/%00",
        "/cases/%ED%A0%80",
        "/cases/..%2f..%2fetc",
        f"/cases/{CODE}/sections/%00",
        f"/cases/{CODE}/actuals/%00",
        f"/cases/{CODE}/actuals/%ED%A0%80",
        f"/cases/{CODE}/versions/0",
        f"/cases/{CODE}/versions/99999999999999999999",
        "/jobs/-1",
        "/jobs/1e3",
        "/indicators/..%2fx",
        "/indicators?q=%00",
        "/trail?who=%00",
        "/trail?since=yesterday",
        "/cases?limit=0",
        "/cases?limit=100000",
        "/cases?fiscal_year=99999999999999999999",
        "/public/releases/%00",
        "/nothing/here",
        "/",
    ],
)
def test_odd_addresses_are_refused_in_the_one_shape(path: str) -> None:
    answer = call("GET", path, token_of("caiwu"))
    assert answer.status_code in {404, 422}, answer.content
    is_failure(answer, answer.status_code, {404: "not_found", 422: "invalid"}[answer.status_code])


def test_a_wrong_method_is_refused_in_the_one_shape() -> None:
    answer = call("DELETE", "/cases", token_of("caiwu"))
    is_failure(answer, 405, "method_not_allowed")
    assert answer["Allow"] == "GET"


def test_what_nobody_foresaw_is_told_by_a_number_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("a secret")

    monkeypatch.setattr("zhunsheng.web.api.cases.visible_cases", broken)
    found = is_failure(call("GET", "/cases", token_of("caiwu")), 500, "internal")
    assert "secret" not in str(found)
    assert "ZeroDivisionError" in caplog.text


def test_too_many_requests_are_told_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "REQUESTS_A_MINUTE", 3)
    token = token_of("caiwu")
    answers = [call("GET", "/me", token) for _ in range(8)]
    refused = [each for each in answers if each.status_code == 429]
    # a new minute may begin on the way
    assert 2 <= len(refused) <= 5
    is_failure(refused[0], 429, "too_many_requests")
    assert 0 < int(refused[0]["Retry-After"]) <= 60
    assert call("GET", "/me", token_of("juzhang")).status_code == 200


def test_jobs_are_read_and_cancelled_by_those_who_asked() -> None:
    owner = actor_of(User.objects.get(username="tianbao"), timezone.localdate())
    job = enqueue("indicators.compute", "试算", {}, owner)
    token = token_of("tianbao")
    assert [each["number"] for each in call("GET", "/jobs", token).json()["items"]] == [job.pk]
    is_failure(call("GET", f"/jobs/{job.pk}", token_of("juzhang")), 404, "not_found")
    is_failure(call("POST", f"/jobs/{job.pk}/cancel", token_of("tianbao", "read")), 403, "forbidden")
    found = call("POST", f"/jobs/{job.pk}/cancel", token)
    assert found.status_code == 200, found.content
    assert Job.objects.get(pk=job.pk).state == "cancelled"
    is_failure(call("POST", f"/jobs/{job.pk}/cancel", token), 409, "conflict")


def test_the_trail_is_read_as_far_as_the_right_goes() -> None:
    token = token_of("tianbao")
    row = call("GET", f"/cases/{CODE}/actuals/O2", token).json()
    call("PUT", f"/cases/{CODE}/actuals/O2", token, {"revision": row["revision"], "note": "一"})
    own = call("GET", "/trail", token).json()["items"]
    assert {each["who"] for each in own} == {"tianbao"}
    all_of_it = call("GET", f"/trail?case={CODE}", token_of("shenji")).json()["items"]
    assert [each["action"] for each in all_of_it] == ["collect.report", "demonstration.set_up"]
    assert call("GET", "/trail?who=nobody", token_of("shenji")).json()["items"] == []


def test_the_catalogue_of_indicators_is_searched_and_read() -> None:
    token = token_of("sanfang")
    found = call("GET", "/indicators?limit=3", token).json()
    assert len(found["items"]) == 3
    following = call("GET", f"/indicators?limit=3&cursor={found['next']}", token).json()["items"]
    assert not {each["code"] for each in found["items"]} & {each["code"] for each in following}
    one = call("GET", f"/indicators/{following[0]['code']}", token).json()
    assert one["code"] == following[0]["code"]
    assert one["versions"]
    is_failure(call("GET", "/indicators/no_such_indicator", token), 404, "not_found")


def test_nothing_is_public_before_it_is_released() -> None:
    assert call("GET", "/public/releases").json() == {"items": []}
    is_failure(call("GET", f"/public/releases/{CODE}"), 404, "not_found")


def test_every_operation_has_a_right_that_exists_and_stands_in_the_description() -> None:
    answer = call("GET", "/openapi.json")
    assert answer.status_code == 200
    assert answer.json()["openapi"].startswith("3.1")
    described = answer.json()["paths"]
    found = {
        (method.upper(), path.removeprefix("/api/v1"))
        for path, methods in described.items()
        for method in methods
    }
    assert found == {(each.method, each.path) for each in OPERATIONS}
    for each in OPERATIONS:
        right = RIGHTS[each.right]
        needs = described[f"/api/v1{each.path}"][each.method.lower()].get("security")
        assert (needs is None) == right.public, each
        assert right.writes == (each.method != "GET"), each
