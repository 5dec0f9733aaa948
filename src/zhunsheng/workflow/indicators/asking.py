"""Asking for values to be computed and for records to be listed; what waits or runs already is enough."""

from collections.abc import Iterator
from dataclasses import dataclass

from zhunsheng.kernel.place import Place
from zhunsheng.store.database.models import Job, Organisation
from zhunsheng.store.indicator_files import indicator_of
from zhunsheng.workflow.action import Action, Change, Invalid, Setting, perform
from zhunsheng.workflow.actor import Actor
from zhunsheng.workflow.importing.places import has_records
from zhunsheng.workflow.indicators import kinds
from zhunsheng.workflow.indicators.kept import VALUES, computing_now
from zhunsheng.workflow.indicators.listing import ROWS, Listing, listing_now
from zhunsheng.workflow.jobs import enqueue

_FIRST_YEAR, _LAST_YEAR = 1949, 2200


@dataclass(frozen=True)
class ComputeValues(Action):
    """Asks for the values of indicators for a year.

    Attributes:
        indicator: code of the only one that is wanted; "" for all.
    """

    code = "indicators.values"
    label = "由台账计算指标"
    right = "records.read"

    body: Organisation
    year: int
    indicator: str = ""

    def organisation(self) -> Organisation:
        """The body."""
        return self.body

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Enqueue."""
        if not _FIRST_YEAR <= self.year <= _LAST_YEAR:
            raise Invalid((kinds.BAD_YEAR.at(Place(field="year"), f"写的是 {self.year}"),))
        _must_have_records(self.body)
        label = f"由台账计算指标：{self.body} {self.year}年度"
        if self.indicator:
            found = indicator_of(self.indicator)
            if found is None:
                where = Place(field="indicator")
                raise Invalid((kinds.NO_INDICATOR.at(where, f"没有“{self.indicator[:60]}”"),))
            label = f"由台账计算“{found.label}”：{self.body} {self.year}年度"
        parameters = {"year": self.year, "indicator": self.indicator}
        job = enqueue(VALUES, label, parameters, setting.actor, organisation=self.body)
        yield Change(f"indicators/{self.body.code}/{self.year}", None, {"job": job.pk, **parameters})


@dataclass(frozen=True)
class ListRows(Action):
    """Asks for the records behind a number to be listed."""

    code = "indicators.rows"
    label = "列出指标背后的记录"
    right = "records.read"

    body: Organisation
    listing: Listing

    def organisation(self) -> Organisation:
        """The body."""
        return self.body

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Enqueue."""
        _must_have_records(self.body)
        parameters = {**self.listing.parameters(), "name": self.listing.name}
        label = f"列出记录：{self.listing.words()}"
        job = enqueue(ROWS, label, parameters, setting.actor, organisation=self.body)
        subject = f"indicators/{self.body.code}/{self.listing.window.year}/{self.listing.indicator.code}/rows"
        yield Change(subject, None, {"job": job.pk, "what": self.listing.words()})


def _must_have_records(body: Organisation) -> None:
    if not has_records(body):
        raise Invalid((kinds.NO_STORE.at(Place(field=str(body)), f"{body}没有记录库"),))


def ask_for_values(body: Organisation, year: int, actor: Actor, indicator: str = "") -> Job:
    """Ask for values.

    Raises:
        Refused, Invalid: as `perform`.
    """
    waiting = computing_now(body, year, indicator)
    if waiting is not None:
        return waiting
    changes = perform(ComputeValues(body, year, indicator), actor)
    return Job.objects.get(pk=changes[0].after["job"])


def ask_for_rows(body: Organisation, listing: Listing, actor: Actor) -> Job:
    """Ask for the records behind a number.

    Raises:
        Refused, Invalid: as `perform`.
    """
    waiting = listing_now(body, listing)
    if waiting is not None and not waiting.is_over:
        return waiting
    changes = perform(ListRows(body, listing), actor)
    return Job.objects.get(pk=changes[0].after["job"])
