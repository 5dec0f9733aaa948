"""Generating a city: every business in its order, into a sink; what was made and what could not be met."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from zhunsheng.kernel.work_calendar import WorkCalendar
from zhunsheng.ledgers.definition import Catalogue
from zhunsheng.synthesis import (
    annual_reports,
    consumer,
    credit,
    enforcement,
    equipment,
    finance,
    finance_management,
    food,
    food_market,
    food_tracing,
    information_technology,
    inspection,
    intellectual_property,
    markets,
    monitoring,
    openings,
    products,
    reference,
    registration,
    registration_events,
    standards,
    surveys,
)
from zhunsheng.synthesis.city import City
from zhunsheng.synthesis.profile import Profile
from zhunsheng.synthesis.sinks import Progress, Sink

Step: TypeAlias = Callable[[City], None]


@dataclass(frozen=True, slots=True)
class Order:
    """What to generate: the same order gives the same records.

    Attributes:
        scale: size of the ledgers that grow with the city; 1 is the printed size.
    """

    profile: Profile
    scale: Fraction
    seed: int


@dataclass(frozen=True, slots=True)
class Generation:
    """What was generated.

    Attributes:
        rows: rows by ledger, in the order in which they were made.
        notes: what could not be met at this scale, in Chinese.
    """

    order: Order
    rows: dict[str, int]
    notes: tuple[str, ...]

    @property
    def total(self) -> int:
        """All rows."""
        return sum(self.rows.values())


def _register(city: City) -> None:
    flows = registration.make_entities(city)
    registration_events.make_events(city, flows)
    openings.make_openings(city)
    annual_reports.make_reports(city, flows)


STEPS: tuple[Step, ...] = (
    reference.make_places,
    reference.make_evidence,
    reference.make_staff,
    reference.make_calendar,
    reference.make_population,
    reference.make_lists,
    reference.make_targets,
    _register,
    finance.make_budget,
    finance_management.make_procurement,
    finance_management.make_assets,
    finance_management.make_rules,
    enforcement.make_cases,
    enforcement.make_review,
    inspection.make_frame,
    inspection.make_rolls,
    inspection.make_checks,
    credit.make_classes,
    credit.make_lists,
    credit.make_white_list,
    consumer.make_consumer,
    annual_reports.make_publicity,
    markets.make_markets,
    food.make_operators,
    food.make_samples,
    food_market.make_rapid_tests,
    food_market.make_cold_chain,
    food_tracing.make_tracing,
    food_tracing.make_duties,
    food_tracing.make_kitchens,
    inspection.make_food_checks,
    equipment.make_equipment,
    products.make_products,
    standards.make_standards,
    standards.make_metrology,
    standards.make_certification,
    standards.make_quality,
    intellectual_property.make_patents,
    intellectual_property.make_trademarks,
    intellectual_property.make_programmes,
    monitoring.make_advertising,
    monitoring.make_online,
    information_technology.make_systems,
    information_technology.make_tickets,
    information_technology.make_exchange,
    information_technology.make_searches,
    surveys.make_surveys,
    surveys.make_training,
    surveys.make_deliverables,
)


def referred_ledgers(codes: Iterable[str], catalogue: Catalogue) -> frozenset[str]:
    """The ledgers that others point to."""
    found: set[str] = set()
    for code in codes:
        ledger = catalogue(code)
        if ledger is not None:
            found.update(each.target for each in ledger.references)
    return frozenset(found)


def _names_evidence(code: str, catalogue: Catalogue) -> bool:
    ledger = catalogue(code)
    return ledger is not None and code != "evidence" and "evidence_ids" in ledger.by_name


def generate(
    order: Order,
    sink: Sink,
    *,
    calendar: WorkCalendar,
    catalogue: Catalogue,
    codes: Iterable[str],
    progress: Progress | None = None,
    steps: Iterable[Step] = STEPS,
) -> Generation:
    """Make all records of a body's year.

    Args:
        order: profile, scale, seed.
        sink: where the rows go.
        calendar: working days of the year and those around it.
        catalogue: ledger definitions by code.
        codes: codes of all ledgers of the catalogue.
        progress: told the ledger and the number of its rows so far.
        steps: the businesses, in their order.
    """
    known = tuple(codes)
    city = City(
        order.profile, order.scale, order.seed, calendar, catalogue, referred_ledgers(known, catalogue), sink
    )
    city.evidence = [each for each in known if _names_evidence(each, catalogue)]
    if progress is not None:
        city.progress = progress
    for step in steps:
        step(city)
    return Generation(order, dict(city.rows), tuple(city.notes))
