"""Executed amounts through the interface for programs: read, reported many at once, refused as a whole."""

import json
from typing import Any

import pytest
from calling import call, token_of
from django.core.cache import cache

from zhunsheng.kernel.money import Money
from zhunsheng.store.database.case_content import case_of
from zhunsheng.store.database.models import StoredCase, TrailEntry

pytestmark = pytest.mark.django_db
PATH = "/cases/huadu-2023/executions"


@pytest.fixture(autouse=True)
def _year(standing: None) -> None:
    cache.clear()


def listed(token: str) -> dict[str, dict[str, Any]]:
    return {each["item"]: each for each in call("GET", PATH, token).json()["items"]}


def report(token: str, *items: dict[str, Any], status: int = 200, **more: Any) -> dict[str, Any]:
    answer = call("PUT", PATH, token, {"items": list(items), **more})
    assert answer.status_code == status, answer.content
    found: dict[str, Any] = json.loads(answer.content)
    return found


def said(item: str, revision: int, executed: str) -> dict[str, Any]:
    proof = {"executed_source": "国库集中支付系统", "executed_evidence": "支付凭证 12 张"}
    return {"item": item, "revision": revision, "executed": executed, **proof}


def stored() -> dict[str, Money | None]:
    content = case_of(StoredCase.objects.get(code="huadu-2023"))
    lines = {each.code: each.executed for each in content.budget}
    return lines | {each.code: each.executed for each in content.projects}


def test_every_line_and_project_is_listed_as_the_report_prints_it() -> None:
    found = listed(token_of("caiwu", "read"))
    content = case_of(StoredCase.objects.get(code="huadu-2023"))
    assert list(found) == [
        *(f"budget/{each.code}" for each in content.budget),
        *(f"projects/{each.code}" for each in content.projects),
    ]
    whole = found["budget/expenditure"]
    assert (whole["adjusted"], whole["executed"], whole["result"]) == ("22975.66", "22918.66", None)


def test_many_are_reported_at_once_in_yuan() -> None:
    token = token_of("caiwu")
    before, seen = stored(), listed(token)
    items = [
        said(name, seen[name]["revision"], text)
        for name, text in (("projects/P1", "800000.01"), ("budget/income", "1,234.5"))
    ]
    answer = report(token, *items, unit="元")
    assert {each["item"]: each["executed"] for each in answer["items"]} == {
        "budget/income": "0.12345",
        "projects/P1": "80.000001",
    }
    assert stored() == before | {"P1": Money.of("800000.01"), "income": Money.of("1234.5")}
    lines = TrailEntry.objects.filter(action="collect.executions")
    assert {(each.subject, each.channel) for each in lines} == {
        ("projects/P1", "api"),
        ("budget/income", "api"),
    }
    # the same again comes too late
    assert report(token, *items, status=409)["code"] == "conflict"


def test_what_is_wrong_is_told_for_all_and_nothing_is_written() -> None:
    token, before = token_of("caiwu"), stored()
    wrong = [said("projects/P1", 0, "约八十"), {"item": "projects/P2", "revision": 0, "executed": "3"}]
    found = report(token, said("budget/income", 0, "1"), *wrong, status=422)
    assert sorted(each["code"] for each in found["problems"]) == ["COLLECT-012", "COLLECT-013", "DATA-003"]
    odd: dict[str, Any]
    for odd in (
        {"items": []},
        {"items": [said("actuals/O2", 0, "1")]},
        {"items": [said("projects/P1", -1, "1")]},
        {"items": [said("projects/P1", 0, "1")], "unit": "美元"},
        {"items": [{**said("projects/P1", 0, "1"), "adjusted": "1"}]},
    ):
        answer = call("PUT", PATH, token, odd)
        assert answer.status_code == 422, answer.content
    twice = report(token, said("projects/P1", 0, "1"), said("projects/P1", 0, "2"), status=422)
    assert [each["code"] for each in twice["problems"]] == ["COLLECT-015"]
    assert stored() == before


def test_others_and_tokens_that_read_are_refused() -> None:
    before = stored()
    given = said("projects/P1", 0, "1")
    for token in (token_of("caiwu", "read"), token_of("tianbao"), token_of("juzhang"), token_of("caizheng")):
        assert report(token, given, status=403)["code"] == "forbidden"
    assert stored() == before
