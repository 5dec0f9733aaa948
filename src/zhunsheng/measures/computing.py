"""Computing indicators: requests are gathered over all of them, asked at once, and made into figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from zhunsheng.expressions.nodes import Value
from zhunsheng.indicators.definition import IndicatorDefinition, IndicatorVersion
from zhunsheng.measures.figure import Figure, figure, without_definition
from zhunsheng.measures.period import Window
from zhunsheng.measures.request import Answer, Request, request_for

Bodies = Mapping[str, frozenset[int] | None]
"""Groups of bodies by name; None stands for all records, those without a body among them."""

EVERYTHING: Bodies = {"": None}


class Engine(Protocol):
    """Answers requests over one snapshot of a store."""

    def answers(self, requests: Sequence[Request], bodies: Bodies) -> list[dict[str, Answer]]:
        """For each request the answer for each group of bodies."""

    def grouped(self, requests: Sequence[Request], names: str) -> list[dict[str, Answer]]:
        """For each request the answer for each value of a field; a record without a value falls under ""."""


@dataclass(frozen=True, slots=True)
class Wish:
    """An indicator that is to be computed.

    Attributes:
        parameters: choices that differ from the definition's own.
        as_of: the year whose version of the definition is used; None for that of the period. A comparison with
            another year uses the same version for both.
    """

    indicator: IndicatorDefinition
    window: Window
    parameters: Mapping[str, Value] = field(default_factory=dict)
    as_of: int | None = None


@dataclass(slots=True)
class _Gathered:
    requests: list[Request] = field(default_factory=list)
    places: dict[object, int] = field(default_factory=dict)

    def place(self, request: Request) -> int:
        """Where a request stands; the same measure for the same period is asked once."""
        # the name of a measure does not change what it counts
        identity = (
            replace(request.measure, name=""),
            request.window,
            tuple(sorted(request.parameters.items())),
        )
        if identity not in self.places:
            self.places[identity] = len(self.requests)
            self.requests.append(request)
        return self.places[identity]


def compute(wishes: Sequence[Wish], engine: Engine, bodies: Bodies = EVERYTHING) -> list[dict[str, Figure]]:
    """The figures of each wish for each group of bodies."""
    gathered, plans = _gather(wishes)
    answers = engine.answers(gathered.requests, bodies) if gathered.requests else []
    return [
        {name: _figure(wish, plan, name, answers) for name in bodies}
        for wish, plan in zip(wishes, plans, strict=True)
    ]


def compute_by(wishes: Sequence[Wish], engine: Engine, names: str) -> list[dict[str, Figure]]:
    """The figures of each wish for each value of a field, which all its ledgers must have."""
    gathered, plans = _gather(wishes)
    answers = engine.grouped(gathered.requests, names) if gathered.requests else []
    results = []
    for wish, plan in zip(wishes, plans, strict=True):
        values = sorted({value for place in plan.places.values() for value in answers[place]})
        results.append({value: _figure(wish, plan, value, answers) for value in values})
    return results


@dataclass(frozen=True, slots=True)
class _Plan:
    version: IndicatorVersion | None
    parameters: Mapping[str, Value]
    places: Mapping[str, int]


def _gather(wishes: Sequence[Wish]) -> tuple[_Gathered, list[_Plan]]:
    gathered = _Gathered()
    plans = []
    for wish in wishes:
        version = wish.indicator.version_for(wish.as_of or wish.window.year)
        if version is None:
            plans.append(_Plan(None, {}, {}))
            continue
        parameters: dict[str, Value] = {each.name: each.default for each in version.parameters}
        parameters |= {name: value for name, value in wish.parameters.items() if name in parameters}
        places = {
            each.name: gathered.place(request_for(each, wish.window, parameters)) for each in version.measures
        }
        plans.append(_Plan(version, parameters, places))
    return gathered, plans


def _figure(wish: Wish, plan: _Plan, name: str, answers: list[dict[str, Answer]]) -> Figure:
    if plan.version is None:
        return without_definition(wish.indicator, wish.window, name)
    found = {measure: answers[place].get(name, Answer(None)) for measure, place in plan.places.items()}
    return figure(wish.indicator, plan.version, wish.window, name, plan.parameters, found)
