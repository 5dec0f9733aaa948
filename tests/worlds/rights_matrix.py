"""The list of the rights matrix: who may do what on every page and operation, in which states of a year."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.test import Client
from rights_world import PEOPLE, STATES, World

from zhunsheng.store.database.models import User
from zhunsheng.web.start_checks import all_views

CASES = Path(__file__).parent.parent / "cases" / "rights"
METHODS = ("GET", "POST")


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


@cache
def operations() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load((CASES / "api.yaml").read_text(encoding="utf-8"))[
        "operations"
    ]
    return found


def arguments(site: World, address: str, given: dict[str, Any]) -> dict[str, Any]:
    names = re.findall(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>|\{(\w+)\}", address)
    found = {}
    for name in (next(filter(None, each)) for each in names):
        wanted = given.get(name, site.objects.get(name))
        assert wanted is not None, f"{address}: what is {name}?"
        found[name] = site.objects.get(wanted, wanted) if isinstance(wanted, str) else wanted
    return found


def people_and_states(name: str, method: str) -> Iterator[tuple[str, tuple[str, str]]]:
    """Somebody who may, in a state in which they may."""
    for rule in pages()[name].methods[method]:
        for person in PEOPLE:
            if rule.holds(person, rule.a_state):
                yield person, rule.a_state
                break


def client_for(person: str, *, breaks: bool = False) -> Client:
    client = Client(raise_request_exception=breaks)
    if PEOPLE[person]:
        client.force_login(
            User.objects.get(username=PEOPLE[person]), backend="django.contrib.auth.backends.ModelBackend"
        )
    return client
