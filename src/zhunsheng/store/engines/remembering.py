"""Answers kept by the hash of everything they came from: the same question over the same records is free."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from zhunsheng.expressions.nodes import Column, walk
from zhunsheng.kernel.hashing import sha256_of
from zhunsheng.ledgers.definition import Catalogue
from zhunsheng.measures.computing import Bodies, Engine
from zhunsheng.measures.request import Answer, Request, trees_of
from zhunsheng.store.engines.state_cache import StateCache


@dataclass(slots=True)
class Remembering:
    """An engine that asks another one only what it has not answered yet.

    Attributes:
        digest: a hash of the visible content of a ledger.
        register: a hash of the deadline register.
    """

    engine: Engine
    cache: StateCache
    catalogue: Catalogue
    digest: Callable[[str], str]
    register: str

    def answers(self, requests: Sequence[Request], bodies: Bodies) -> list[dict[str, Answer]]:
        """For each request the answer for each group of bodies."""
        groups = json.dumps(
            {name: None if group is None else sorted(group) for name, group in bodies.items()}
        )
        return self._remembered(requests, groups, lambda wanted: self.engine.answers(wanted, bodies))

    def grouped(self, requests: Sequence[Request], names: str) -> list[dict[str, Answer]]:
        """For each request the answer for each value of a field."""
        return self._remembered(requests, f"by {names}", lambda wanted: self.engine.grouped(wanted, names))

    def _remembered(
        self,
        requests: Sequence[Request],
        groups: str,
        ask: Callable[[Sequence[Request]], list[dict[str, Answer]]],
    ) -> list[dict[str, Answer]]:
        names = [self._name(each, groups) for each in requests]
        found: dict[str, dict[str, Answer]] = {}
        for name in names:
            kept = self.cache.result(name)
            if isinstance(kept, dict):
                found[name] = {group: _read(content) for group, content in kept.items()}
        missing = {name: request for name, request in zip(names, requests, strict=True) if name not in found}
        for name, answers in zip(missing, ask(list(missing.values())) if missing else [], strict=True):
            found[name] = answers
            self.cache.keep_result(name, {group: _written(each) for group, each in answers.items()})
        return [found[name] for name in names]

    def _name(self, request: Request, groups: str) -> str:
        ledgers = sorted(self._ledgers(request))
        content = [
            repr(request.measure),
            str(request.window),
            repr(sorted(request.parameters.items())),
            groups,
            self.register,
            *(f"{each}:{self.digest(each)}" for each in ledgers),
        ]
        return sha256_of("\n".join(content).encode())

    def _ledgers(self, request: Request) -> set[str]:
        """The ledgers a request looks into, through references too."""
        found = {request.measure.ledger}
        for tree in trees_of(request.measure):
            for node in walk(tree):
                if isinstance(node, Column):
                    found |= self._along(request.measure.ledger, node.path)
        return found

    def _along(self, ledger: str, path: tuple[str, ...]) -> set[str]:
        found: set[str] = set()
        for name in path[:-1]:
            definition = self.catalogue(ledger)
            field = None if definition is None else definition.by_name.get(name)
            if field is None or not field.target:
                break
            ledger = field.target
            found.add(ledger)
        return found


def _written(answer: Answer) -> list[Any]:
    value: Any = answer.value
    kind = "plain"
    if isinstance(value, Fraction):
        kind, value = "fraction", [str(value.numerator), str(value.denominator)]
    elif isinstance(value, datetime):
        kind, value = "time", value.isoformat()
    elif isinstance(value, date):
        kind, value = "date", value.isoformat()
    return [kind, value, answer.number, answer.unknown, answer.several]


def _read(content: list[Any]) -> Answer:
    kind, value, number, unknown, several = content
    match kind:
        case "fraction":
            value = Fraction(int(value[0]), int(value[1]))
        case "time":
            value = datetime.fromisoformat(value)
        case "date":
            value = date.fromisoformat(value)
    return Answer(value, number, unknown, several)
