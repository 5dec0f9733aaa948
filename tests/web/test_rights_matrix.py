"""Every page and every operation, for every person of the matrix, in every state of the year.

What is expected stands in tests/cases/rights. A page or operation that is not listed there fails, and so does a line
about one that is gone.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest
from calling import call, token_of
from django.db import transaction
from django.test import Client, RequestFactory
from django.urls import reverse
from records_site import AREAS, uploaded
from rights_matrix import METHODS, Rule, arguments, client_for, operations, pages, rules_of, views
from rights_world import PEOPLE, STATES, World, put_in

from zhunsheng.store.database.models import Organisation, StoredCase
from zhunsheng.web.api.operations import OPERATIONS
from zhunsheng.web.page import LIBRARIES, RightsMiddleware, rights_of
from zhunsheng.web.start_checks import all_views

API_NAMES = {"openapi-json", "api-nothing"}


# ---- the list is complete


def test_every_page_is_in_the_matrix_and_no_other() -> None:
    assert set(views()) - set(pages()) == set(), "these pages have no line in tests/cases/rights/pages.yaml"
    assert set(pages()) - set(views()) == set(), "these lines are about pages that are gone"


def test_every_operation_is_in_the_matrix_and_no_other() -> None:
    listed = set(operations())
    declared = {f"{each.method} {each.path}" for each in OPERATIONS}
    assert declared - listed == set(), "these operations have no line in tests/cases/rights/api.yaml"
    assert listed - declared == set(), "these lines are about operations that are gone"


def test_every_address_of_the_interface_is_an_operation() -> None:
    """Nothing is served below /api/v1 that is not declared with a right."""
    served = {name for address, name, _view in all_views() if address.startswith("api/v1/")}
    assert served - API_NAMES == {each.name for each in OPERATIONS}


# ---- what the guard of the pages says, in every state


@pytest.mark.django_db
def test_the_guard_lets_in_whom_the_matrix_names_in_every_state(site: World) -> None:
    guard = RightsMiddleware(lambda _request: pytest.fail("nothing is called"))
    wrong: list[str] = []
    guarded = [(name, *views()[name]) for name in pages() if rights_of(views()[name][1]) is not None]
    for place, state in enumerate(STATES):
        put_in(*state)
        resolve_once(guard, site)
        for name, address, view in guarded:
            of_year = "<slug:case>" in address
            if place and not of_year:
                continue
            for method in METHODS:
                for person in PEOPLE:
                    rules = pages()[name].methods[method]
                    expected = any(each.holds(person, state) for each in rules)
                    found = asked(guard, site, address, view, method, person, pages()[name].given)
                    if found != expected:
                        wrong.append(f"{name} {method} {person} {state}: {found}, expected {expected}")
    assert not wrong, f"{len(wrong)} differ:\n" + "\n".join(wrong[:40])


def resolve_once(guard: RightsMiddleware, site: World) -> None:
    """Have the year and the bureau read once a state, not for each of the many thousand questions."""
    year = StoredCase.objects.select_related("organisation__overseer").get()
    body = Organisation.objects.select_related("overseer").get(code=site.objects["organisation"])

    def resolve(request: Any, kwargs: dict[str, Any]) -> None:
        if "case" in kwargs:
            request.case, request.organisation = year, year.organisation
        if "organisation" in kwargs:
            request.organisation = body

    guard._resolve = resolve  # type: ignore[method-assign]


def asked(
    guard: RightsMiddleware,
    site: World,
    address: str,
    view: Callable[..., Any],
    method: str,
    person: str,
    given: dict[str, Any],
) -> bool:
    request: Any = RequestFactory().generic(method, "/")
    request.actor, request.case, request.organisation = site.actors[person], None, None
    request.user, request.htmx = site.actors[person].user, False
    guard._refusal = lambda *_: REFUSED  # type: ignore[method-assign]
    declared = rights_of(view)
    assert declared is not None
    if method == "POST" and not declared[1]:
        return False
    return guard.process_view(request, view, (), arguments(site, address, given)) is not REFUSED


REFUSED: Any = object()


# ---- really asking


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("person", PEOPLE)
def test_pages_answer_whom_the_matrix_names(person: str, site: World) -> None:
    client = client_for(person, breaks=True)
    cookies = dict(client.cookies)
    wrong: list[str] = []
    for name, line in pages().items():
        address, view = views()[name]
        for method in METHODS:
            rules = line.methods[method]
            for state in sorted({each.a_state for each in rules}):
                put_in(*state)
                path = reverse(name, kwargs=arguments(site, address, line.given))
                with transaction.atomic():
                    status = outcome(client, method, path, line.sent)
                    transaction.set_rollback(True)
                client.cookies.clear()
                client.cookies.update(cookies)
                holding = [each for each in rules if each.holds(person, state, sample=True)]
                fault = fault_of(status, holding, is_library=view.__module__.startswith(LIBRARIES))
                if fault:
                    wrong.append(f"{name} {method} {path} {state}: {status}, {fault}")
    assert not wrong, f"{len(wrong)} differ:\n" + "\n".join(wrong[:60])


def outcome(client: Client, method: str, path: str, given: dict[str, str]) -> str:
    answer = client.get(path) if method == "GET" else client.post(path, given)
    answer.close()
    if answer.status_code == 302 and answer["Location"].startswith("/accounts/login/"):
        return "to sign in"
    return str(answer.status_code)


def fault_of(status: str, holding: list[Rule], *, is_library: bool) -> str:
    refused = status in {"403", "404", "405", "to sign in"}
    if status.startswith("5"):
        return "broken"
    if is_library and not holding:
        # the library answers a method it has no use for in its own way; what counts is that nobody gets anywhere
        return ""
    if not holding:
        return "" if refused else "expected to be refused"
    if all(each.absent for each in holding):
        return "" if status == "404" or (is_library and not refused) else "expected 404: it is not there"
    if is_library and status == "to sign in":
        # signing out, and signing in
        return ""
    return "expected an answer" if refused else ""


# ---- the interface for programs


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("person", PEOPLE)
def test_operations_answer_whom_the_matrix_names_in_every_state(
    person: str, site: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zhunsheng.web.api.tokens.REQUESTS_A_MINUTE", 10**9)
    token = token_of(PEOPLE[person]) if PEOPLE[person] else ""
    wrong: list[str] = []
    for name, content in operations().items():
        method, _, path = name.partition(" ")
        (rule,) = rules_of({key: content[key] for key in content if key not in {"with", "body", "file"}})
        address = path
        for parameter, value in arguments(site, path, content.get("with", {})).items():
            address = address.replace(f"{{{parameter}}}", str(value))
        for state in STATES if "{case}" in path else STATES[:1]:
            put_in(*state)
            with transaction.atomic():
                status = sent(method, address, token, content)
                transaction.set_rollback(True)
            holding = [rule] if rule.holds(person, state, sample=True) else []
            fault = api_fault(status, holding, is_public=person == "anonymous")
            if fault:
                wrong.append(f"{name} {state}: {status}, {fault}")
    assert not wrong, "\n".join(wrong[:40])


def sent(method: str, address: str, token: str, content: dict[str, Any]) -> int:
    if content.get("file"):
        headers = {
            "HTTP_IDEMPOTENCY_KEY": "key",
            **({"HTTP_AUTHORIZATION": f"Bearer {token}"} if token else {}),
        }
        data = {"file": uploaded(AREAS.encode(), "area.csv"), "ledger": "area"}
        return int(Client().post(f"/api/v1{address}", data, **headers).status_code)
    answer = call(method, address, token, content.get("body"), HTTP_IDEMPOTENCY_KEY="key")
    assert answer.status_code < 400 or set(json.loads(answer.content)) == {"code", "message", "problems"}
    return int(answer.status_code)


def api_fault(status: int, holding: list[Rule], *, is_public: bool) -> str:
    if status >= 500:
        return "broken"
    if not holding:
        refused = {401} if is_public else {403, 404}
        return "" if status in refused else f"expected {refused}"
    if holding[0].absent:
        return "" if status == 404 else "expected 404: it is not there"
    return "" if status < 400 else "expected an answer"


@pytest.mark.django_db
def test_a_token_that_only_reads_changes_nothing(site: World) -> None:
    put_in("approved", "open")
    token = token_of("caiwu", "read")
    for name, content in operations().items():
        method, _, path = name.partition(" ")
        if method == "GET":
            continue
        address = path
        for parameter, value in arguments(site, path, content.get("with", {})).items():
            address = address.replace(f"{{{parameter}}}", str(value))
        assert sent(method, address, token, content) == 403, name
