"""Every page and every operation, for every person of the matrix, in every state of the year.

What is expected stands in tests/cases/rights. A page or operation that is not listed there fails, and so does a line
about one that is gone.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from calling import call, token_of
from django.db import transaction
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import DjangoDbBlocker
from records_site import AREAS, uploaded
from rights_world import PEOPLE, STATES, World, put_in, world

from zhunsheng.store.database.models import Organisation, StoredCase, User
from zhunsheng.web.api.operations import OPERATIONS
from zhunsheng.web.page import LIBRARIES, RightsMiddleware, rights_of
from zhunsheng.web.start_checks import all_views

CASES = Path(__file__).parent.parent / "cases" / "rights"
METHODS = ("GET", "POST")
API_NAMES = {"openapi-json", "api-nothing"}


@dataclass(frozen=True)
class Rule:
    """Some people in some states."""

    who: frozenset[str]
    targets: frozenset[str] | None
    evaluation: frozenset[str] | None
    sample: frozenset[str]
    absent: bool
    state: tuple[str, str] | None

    def holds(self, person: str, state: tuple[str, str], *, sample: bool = False) -> bool:
        in_state = (self.targets is None or state[0] in self.targets) and (
            self.evaluation is None or state[1] in self.evaluation
        )
        return in_state and person in (self.sample if sample else self.who)

    @property
    def a_state(self) -> tuple[str, str]:
        usual = ("approved", "open")
        if self.state is not None:
            return self.state
        fitting = [each for each in STATES if any(self.holds(person, each) for person in self.who)]
        return usual if usual in fitting or not fitting else fitting[0]


@cache
def groups() -> dict[str, frozenset[str]]:
    named = yaml.safe_load((CASES / "pages.yaml").read_text(encoding="utf-8"))["groups"]
    found = {name: frozenset(people) for name, people in named.items()}
    assert all(people <= set(PEOPLE) for people in found.values())
    return {**found, "nobody": frozenset()}


def people_of(given: Any) -> frozenset[str]:
    if isinstance(given, str):
        return groups()[given]
    found = frozenset(given)
    assert found <= set(PEOPLE), found - set(PEOPLE)
    return found


def rules_of(given: Any) -> tuple[Rule, ...]:
    if isinstance(given, list) and given and isinstance(given[0], dict):
        return tuple(rule for each in given for rule in rules_of(each))
    content = given if isinstance(given, dict) else {"who": given}
    assert set(content) <= {"who", "targets", "evaluation", "sample", "absent", "state"}, content
    who = people_of(content["who"])
    states = {name: content.get(name) for name in ("targets", "evaluation")}
    return (
        Rule(
            who,
            None if states["targets"] is None else frozenset(states["targets"]),
            None if states["evaluation"] is None else frozenset(states["evaluation"]),
            people_of(content["sample"]) if "sample" in content else who,
            bool(content.get("absent")),
            tuple(content["state"]) if "state" in content else None,
        ),
    )


@dataclass(frozen=True)
class PageLine:
    """A page of the matrix."""

    name: str
    methods: dict[str, tuple[Rule, ...]]
    given: dict[str, Any]
    sent: dict[str, str]


@cache
def pages() -> dict[str, PageLine]:
    listed = yaml.safe_load((CASES / "pages.yaml").read_text(encoding="utf-8"))["pages"]
    found = {}
    for name, content in listed.items():
        assert set(content) <= {"GET", "POST", "with", "send", "library"}, name
        assert set(METHODS) <= set(content), f"{name}: GET and POST are both said"
        found[name] = PageLine(
            name,
            {each: rules_of(content[each]) for each in METHODS},
            content.get("with", {}),
            content.get("send", {}),
        )
    return found


@cache
def views() -> dict[str, tuple[str, Callable[..., Any]]]:
    """Every page by its name; those of the interface for programs are in the list of operations."""
    found = {}
    for address, name, view in all_views():
        if address.startswith("api/v1/"):
            continue
        assert name, f"/{address} has no name"
        assert name not in found, f"two addresses are called {name}"
        found[name] = (address, view)
    return found


@pytest.fixture(scope="module")
def site(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    from django.conf import settings  # noqa: PLC0415 - set up by then

    before = settings.FILES_DIRECTORY, settings.STORES_DIRECTORY
    settings.FILES_DIRECTORY = tmp_path_factory.mktemp("files")
    settings.STORES_DIRECTORY = tmp_path_factory.mktemp("stores")
    with django_db_blocker.unblock(), transaction.atomic():
        yield world()
        transaction.set_rollback(True)
    settings.FILES_DIRECTORY, settings.STORES_DIRECTORY = before


def arguments(site: World, address: str, given: dict[str, Any]) -> dict[str, Any]:
    names = re.findall(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>|\{(\w+)\}", address)
    found = {}
    for name in (next(filter(None, each)) for each in names):
        wanted = given.get(name, site.objects.get(name))
        assert wanted is not None, f"{address}: what is {name}?"
        found[name] = site.objects.get(wanted, wanted) if isinstance(wanted, str) else wanted
    return found


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
    client = Client(raise_request_exception=True)
    if PEOPLE[person]:
        client.force_login(
            User.objects.get(username=PEOPLE[person]), backend="django.contrib.auth.backends.ModelBackend"
        )
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


@cache
def operations() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load((CASES / "api.yaml").read_text(encoding="utf-8"))[
        "operations"
    ]
    return found


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
