"""Values that were computed and kept: the newest ones of a body for a year, read piece by piece."""

import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache
from typing import Any

from zhunsheng.indicators.definition import IndicatorDefinition, ResultKind
from zhunsheng.measures.figure import Figure, FigureStatus, Result
from zhunsheng.measures.period import Window
from zhunsheng.store.database.file_store import path_of
from zhunsheng.store.database.models import Job, JobState, Organisation
from zhunsheng.workflow.indicators.values import SUMMARY

VALUES = "indicators.values"
_IN_HAND = (JobState.WAITING, JobState.RUNNING)


@dataclass(frozen=True, slots=True)
class KeptFigure:
    """A value as it was kept.

    Attributes:
        figure: with the definition as it is now.
        measures: name, value and number of records without a value, for people.
        is_current: whether the definition has not changed since.
    """

    figure: Figure
    measures: tuple[Mapping[str, Any], ...]
    is_current: bool = True

    @property
    def is_computed(self) -> bool:
        """Whether there is a value."""
        return self.figure.status is FigureStatus.COMPUTED

    @property
    def unknown(self) -> int:
        """Records that were taken in but have no value."""
        return sum(int(each["unknown"]) for each in self.measures)


@dataclass(frozen=True, slots=True)
class BodyFigure:
    """The value of a body with all below it."""

    code: str
    name: str
    depth: int
    kept: KeptFigure


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Everything kept of an indicator.

    Attributes:
        months: from January.
        years: the years before of which there are records, oldest first.
        bodies: each after the one above it; empty when its records do not name a body.
    """

    whole: KeptFigure
    months: tuple[KeptFigure, ...]
    years: tuple[tuple[int, KeptFigure], ...]
    bodies: tuple[BodyFigure, ...]


@dataclass(frozen=True, slots=True)
class KeptValues:
    """A computation that was kept.

    Attributes:
        job: that made it.
        snapshot: token of the state of the records, that is what was known.
        synthetic: whether generated records are among them.
    """

    job: Job
    year: int
    sha256: str
    snapshot: str
    synthetic: bool

    @property
    def moment(self) -> datetime | None:
        """When it was computed."""
        return self.job.finished

    def figure(self, indicator: IndicatorDefinition) -> KeptFigure | None:
        """The value for the year; None when it was not computed."""
        found = _member(self.sha256, SUMMARY)["figures"].get(indicator.code)
        return None if found is None else _kept(indicator, Window(self.year), found, found["definition"])

    def breakdown(self, indicator: IndicatorDefinition) -> Breakdown | None:
        """The value with its parts; None when it was not computed."""
        try:
            content = _member(self.sha256, f"{indicator.code}.json")
        except KeyError:
            return None
        digest, year = content["whole"]["definition"], self.year

        def kept(data: Mapping[str, Any], window: Window) -> KeptFigure:
            return _kept(indicator, window, data, digest)

        return Breakdown(
            kept(content["whole"], Window(year)),
            tuple(kept(each, Window(year, month)) for month, each in enumerate(content["months"], 1)),
            tuple((each["year"], kept(each, Window(each["year"]))) for each in content["years"]),
            tuple(
                BodyFigure(each["code"], each["name"], each["depth"], kept(each, Window(year)))
                for each in content["bodies"]
            ),
        )


@lru_cache(maxsize=256)
def _member(digest: str, name: str) -> dict[str, Any]:
    """A part of a kept file, as plain data; what a hash names never changes."""
    with zipfile.ZipFile(path_of(digest)) as archive:
        content: dict[str, Any] = json.loads(archive.read(name))
    return content


def _kept(indicator: IndicatorDefinition, window: Window, data: Mapping[str, Any], digest: str) -> KeptFigure:
    figure = Figure(
        indicator,
        indicator.version_for(window.year),
        window,
        "",
        {},
        FigureStatus(data["status"]),
        _value(indicator.kind, data["exact"]),
        data["printed"],
        data["why"],
        (),
    )
    return KeptFigure(figure, tuple(data["measures"]), digest == indicator.digest)


def _value(kind: ResultKind, exact: str | None) -> Result:
    if exact is None:
        return None
    match kind:
        case ResultKind.NUMBER:
            return Fraction(exact)
        case ResultKind.YES_NO:
            return exact == "True"
        case ResultKind.DATE:
            return date.fromisoformat(exact[:10])
        case ResultKind.WORD:
            return exact


def kept_values(body: Organisation, year: int, code: str = "") -> KeptValues | None:
    """The newest values of a body for a year; None when none were computed.

    Args:
        code: of an indicator that they must hold; "" for a computation of all of them.
    """
    asked = Job.objects.filter(
        kind=VALUES,
        organisation=body,
        state=JobState.DONE,
        parameters__year=year,
        parameters__indicator__in=["", code],
    )
    for job in asked.select_related("who").order_by("-finished", "-pk"):
        result = job.result
        digest = str(result.get("values", ""))
        if len(digest) == 64 and path_of(digest).is_file():
            return KeptValues(job, year, digest, str(result["snapshot"]), bool(result["synthetic"]))
    return None


def years_kept(body: Organisation) -> set[int]:
    """The years of a body for which values were computed."""
    asked = Job.objects.filter(
        kind=VALUES, organisation=body, state=JobState.DONE, parameters__indicator=""
    ).order_by()
    return {int(each) for each in asked.values_list("parameters__year", flat=True).distinct() if each}


def computing_now(body: Organisation, year: int, code: str = "") -> Job | None:
    """The computation that waits or runs and will give the value of an indicator, or of all."""
    return (
        Job.objects.filter(
            kind=VALUES,
            organisation=body,
            state__in=_IN_HAND,
            parameters__year=year,
            parameters__indicator__in=["", code],
        )
        .order_by("created", "pk")
        .first()
    )


def failed_since(body: Organisation, year: int, code: str, kept: KeptValues | None) -> Job | None:
    """The last computation when it came to nothing and nothing newer is kept."""
    last = (
        Job.objects.filter(
            kind=VALUES,
            organisation=body,
            parameters__year=year,
            parameters__indicator__in=["", code],
        )
        .order_by("created", "pk")
        .last()
    )
    if last is None or last.state not in {JobState.FAILED, JobState.CANCELLED}:
        return None
    return None if kept is not None and kept.job.created > last.created else last
