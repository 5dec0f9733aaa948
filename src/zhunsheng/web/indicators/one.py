"""Pages: one indicator: what it is, its value over time and by body, stated against computed, who uses it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zhunsheng.expressions.nodes import Value
from zhunsheng.indicators.definition import IndicatorDefinition, IndicatorVersion, ResultKind
from zhunsheng.measures.describing import measure_words
from zhunsheng.plans.case import Indicator
from zhunsheng.scores.indicator_scoring import shown_target
from zhunsheng.store.database.case_content import SECTION_OF, record_of
from zhunsheng.store.database.case_rows import ROW_MODELS, field_of
from zhunsheng.store.database.models import StoredCase
from zhunsheng.store.engines.rows import Part
from zhunsheng.store.ledger_files import ledger_of
from zhunsheng.web import language
from zhunsheng.web.indicators.charts import MOST_BARS, Linked, bodies_option, months_chart, shown, years_chart
from zhunsheng.web.indicators.chosen import Chosen, NotAllowed, chosen, refused, values_bar
from zhunsheng.web.indicators.views import Line, entry_named, way
from zhunsheng.web.page import PageRequest, page
from zhunsheng.workflow.indicators.beside import Beside, beside_of, target_number
from zhunsheng.workflow.indicators.kept import BodyFigure, Breakdown
from zhunsheng.workflow.planning.visible import visible_cases

_MOST_USES = 50


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """A measure of the formula.

    Attributes:
        words: what it counts.
        value: for the year; "" while nothing was computed.
        unknown: records of it without a value.
        url: of its records; "" for those who may not see them.
    """

    name: str
    words: str
    value: str
    unknown: int
    url: str


@dataclass(frozen=True, slots=True)
class Use:
    """A year that uses the indicator."""

    case: StoredCase
    indicator: Indicator

    @property
    def target(self) -> str:
        """Its target there."""
        return shown_target(self.indicator)


@dataclass(frozen=True, slots=True)
class BodyLine:
    """The value of a body in the table."""

    body: BodyFigure
    value: str
    url: str
    measures: tuple[str, ...]


@page("library.read")
def indicator(request: PageRequest, code: str) -> HttpResponse:
    """One indicator."""
    entry = entry_named(code)
    today = timezone.localdate()
    try:
        found = chosen(request, today)
    except NotAllowed:
        return refused(request, request.GET.get("organisation", ""))
    definition = entry.definition
    version = definition.version_for(found.year)
    here = reverse("indicator", args=[code])
    address = f"{here}?{found.query}" if found.query else here
    bar = values_bar(found.body, found.year, code, address, may_open=found.may_open)
    kept = bar["kept"]
    besides = (
        []
        if found.case is None
        else [each for each in beside_of(found.case) if each.indicator.definition == code]
    )
    figure = None if kept is None else kept.figure(definition)
    breakdown = None if kept is None else kept.breakdown(definition)
    rows = Rows(code, found, "" if kept is None else kept.snapshot)
    context: dict[str, Any] = {
        "entry": entry,
        "indicator": definition,
        "version": version,
        "chosen": found,
        "bodies": [(each.code, str(each)) for each in found.bodies],
        "years": [(str(each), _("%(year)s年度") % {"year": each}) for each in found.years],
        "year": str(found.year),
        "lines": [Line(entry, each, figure) for each in besides] or [Line(entry, None, figure)],
        "figure": figure,
        "value": "" if figure is None else shown(figure),
        "parts": _parts(definition, rows),
        "measures": _measures(version, breakdown, rows),
        "uses": _uses(request, code, today),
        "trail_of_pages": way((language.shown(definition), "")),
        **bar,
    }
    if breakdown is not None:
        context |= _pictures(request, definition, breakdown, besides, rows)
    return render(request, "indicators/indicator.html", context)


@dataclass(frozen=True, slots=True)
class Rows:
    """Makes the addresses of the records behind the numbers of a page, as they were known when it was computed."""

    code: str
    chosen: Chosen
    known: str

    def url(self, **given: Value) -> str:
        """The address of records; "" for those who may not see them."""
        if not self.chosen.may_open or self.chosen.body is None or not self.chosen.has_records:
            return ""
        query = {"year": self.chosen.year, **({"known": self.known} if self.known else {}), **given}
        address = reverse("indicator_rows", args=[self.code, self.chosen.body.code])
        return (
            f"{address}?{urlencode({name: value for name, value in query.items() if value not in {'', 0}})}"
        )


def _parts(definition: IndicatorDefinition, rows: Rows) -> list[tuple[str, str]]:
    """The parts of a ratio with the addresses of their records."""
    if not definition.denominator:
        return []
    return [(language.shown(each), url) for each in Part if (url := rows.url(part=each.value))]


def _measures(version: IndicatorVersion | None, found: Breakdown | None, rows: Rows) -> list[MeasureLine]:
    if version is None:
        return []
    values = {} if found is None else {each["name"]: each for each in found.whole.measures}
    return [
        MeasureLine(
            each.name,
            measure_words(each, ledger_of, version.parameters),
            str(values.get(each.name, {}).get("shown", "")),
            int(values.get(each.name, {}).get("unknown", 0)),
            rows.url(measure=each.name),
        )
        for each in version.measures
    ]


def _uses(request: PageRequest, code: str, today: date) -> list[Use]:
    """The years one may see that use the indicator."""
    cases = {each.pk: each for each in visible_cases(request.actor, today)}
    model, section = ROW_MODELS["indicators"], SECTION_OF["indicators"]
    wanted: dict[str, Any] = {"case__in": list(cases), field_of("definition"): code}
    found = model._default_manager.filter(**wanted)[:_MOST_USES]
    uses = [Use(cases[each.case_id], record_of(section, each)) for each in found]
    return sorted(uses, key=lambda each: (-each.case.fiscal_year, each.case.organisation.path))


def _pictures(
    request: PageRequest,
    definition: IndicatorDefinition,
    found: Breakdown,
    besides: Sequence[Beside],
    rows: Rows,
) -> dict[str, Any]:
    target = target_number(besides[0].indicator, definition.unit) if besides else None
    main = {"part": Part.NUMERATOR.value}
    source = _("台账记录，快照 %(known)s") % {"known": rows.known}
    links = [rows.url(month=month, **main) for month in range(1, 13)]
    months = months_chart(definition, found, target, links=links, source=source)
    return {
        "months_chart": months,
        "months": [(month, shown(each)) for month, each in enumerate(found.months, 1)]
        if months is None
        else [],
        "years_chart": years_chart(definition, found, source),
        **_bodies(request, definition, found, target, rows),
    }


def _bodies(
    request: PageRequest, definition: IndicatorDefinition, found: Breakdown, target: str | None, rows: Rows
) -> dict[str, Any]:
    """The table of bodies in the order that is asked for, and their picture."""
    with_value = [each for each in found.bodies if each.kept.is_computed and not _is_empty(each)]
    order = request.GET.get("sort", "")
    listed = _sorted(with_value, order)
    below = _of_one_level(listed)
    is_number = definition.kind is ResultKind.NUMBER
    picture = None
    if is_number and len(below) > 1:
        bars = below if order else _sorted(below, "-value")
        picture = {
            "id": "bodies-picture",
            "title": _("%(label)s：各机构") % {"label": language.shown(definition)},
            "description": _("%(count)s 个机构的值，数据见下表。") % {"count": len(bars[:MOST_BARS])},
            "unit": definition.unit,
            "size": "tall",
            "option": bodies_option(definition, bars[:MOST_BARS], target if definition.unit == "%" else None),
            "columns": [{"label": _("机构"), "number": False}, {"label": _("数值"), "number": True}],
            "rows": [
                [each.name, Linked(shown(each.kept), rows.url(body=each.code, part=Part.NUMERATOR.value))]
                for each in bars[:MOST_BARS]
            ],
        }
    names = [each["name"] for each in found.whole.measures]
    return {
        "body_lines": [
            BodyLine(
                each,
                shown(each.kept),
                rows.url(body=each.code, part=Part.NUMERATOR.value),
                tuple(str(one["shown"]) for one in each.kept.measures),
            )
            for each in listed
        ],
        "body_measures": names,
        "bodies_without": len(found.bodies) - len(with_value),
        "bodies_picture": picture,
        "sort": order,
        "sorts": _sorts(request, order),
    }


def _of_one_level(found: Sequence[BodyFigure]) -> list[BodyFigure]:
    """The bodies of the highest level below the top that has several, so that no bar is a part of another."""
    levels = [each.depth for each in found if each.depth]
    level = min((each for each in levels if levels.count(each) > 1), default=0)
    return [each for each in found if level and each.depth == level]


def _is_empty(each: BodyFigure) -> bool:
    """Whether no record of it names the body: a zero then says nothing."""
    return all(one["shown"] in {"0", "—"} for one in each.kept.measures)


def _sorted(found: Sequence[BodyFigure], order: str) -> list[BodyFigure]:
    match order.removeprefix("-"):
        case "value":
            return sorted(found, key=_value_of, reverse=order.startswith("-"))
        case "name":
            return sorted(found, key=lambda each: each.name, reverse=order.startswith("-"))
        case _:
            return list(found)


def _value_of(each: BodyFigure) -> Any:  # noqa: ANN401 - values of one indicator are of one kind
    return each.kept.figure.value


def _sorts(request: PageRequest, order: str) -> dict[str, dict[str, str]]:
    """For each column that can be sorted by: the address, and what it is sorted by now."""
    made = {}
    for name in ("name", "value"):
        descends = order == name if name == "name" else order != f"-{name}"
        query = request.GET.copy()
        query["sort"] = f"-{name}" if descends else name
        now = {name: "ascending", f"-{name}": "descending"}.get(order, "none")
        made[name] = {"url": f"?{query.urlencode()}#bodies", "now": now}
    return made
