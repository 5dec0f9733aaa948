"""Pictures of indicators: what the library of charts draws, and the same figures as a table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _

from zhunsheng.expressions.nodes import Operation, walk
from zhunsheng.indicators.definition import IndicatorDefinition, IndicatorVersion, ResultKind
from zhunsheng.indicators.measure import Aggregate, Span
from zhunsheng.kernel.rounding import half_up
from zhunsheng.web import language
from zhunsheng.workflow.indicators.kept import BodyFigure, Breakdown, KeptFigure

MOST_BARS = 20
LINE = "#d98500"
"""Of a mark over bars, which have the first colour."""
_ADDED = frozenset({Aggregate.COUNT, Aggregate.SUM})
_COUNTED = _ADDED | {Aggregate.DISTINCT}
_TARGET_LINE = {"lineStyle": {"type": "dashed", "width": 2}, "symbol": "none"}


@dataclass(frozen=True, slots=True)
class Linked:
    """A number with the page it comes from.

    Attributes:
        url: "" when there is none.
    """

    text: str
    url: str = ""

    def __str__(self) -> str:
        return str(format_html('<a href="{}">{}</a>', self.url, self.text)) if self.url else self.text

    def __html__(self) -> str:
        return (
            str(format_html('<a href="{}">{}</a>', self.url, self.text))
            if self.url
            else str(format_html("{}", self.text))
        )


def shown(kept: KeptFigure) -> str:
    """A value for a table: without its unit; the word for why there is none."""
    if not kept.is_computed:
        return language.shown(kept.figure.status)
    return grouped(kept.figure.printed)


def grouped(text: str) -> str:
    """A number with thousands separators; other words as they are."""
    try:
        return f"{Decimal(text):,f}"
    except ArithmeticError:
        return text


def drawn(kept: KeptFigure) -> Decimal | None:
    """A value for a picture; None when there is none."""
    figure = kept.figure
    if not kept.is_computed or figure.indicator.kind is not ResultKind.NUMBER:
        return None
    return Decimal(figure.printed)


def adds_up(found: Breakdown) -> bool:
    """Whether months add up to the year: counts and sums during the period without a division, and they do."""
    indicator, version = found.whole.figure.indicator, found.whole.figure.version
    if version is None or indicator.kind is not ResultKind.NUMBER or _divides(version):
        return False
    counts = all(
        each.aggregate in _ADDED and each.span is Span.DURING and each.grouping is None and each.date
        for each in version.measures
    )
    return counts and sum(map(_exact, found.months), Fraction(0)) == _exact(found.whole)


def _exact(kept: KeptFigure) -> Fraction:
    value = kept.figure.value
    return value if isinstance(value, Fraction) else Fraction(0)


def _divides(version: IndicatorVersion) -> bool:
    return any(isinstance(each, Operation) and each.operator == "/" for each in walk(version.formula.root))


def compares_monthly(indicator: IndicatorDefinition, version: IndicatorVersion | None) -> bool:
    """Whether a month can be held against the target of the year: a share, a mean, or a stock at the end."""
    if version is None or indicator.kind is not ResultKind.NUMBER:
        return False
    return _divides(version) or any(
        each.aggregate not in _COUNTED or each.span is Span.UNTIL_END for each in version.measures
    )


def months_chart(
    indicator: IndicatorDefinition,
    found: Breakdown,
    target: str | None,
    *,
    links: Sequence[str] = (),
    name: str = "months",
    source: str = "",
    size: str = "",
) -> dict[str, Any] | None:
    """The value over the months with the target; None when it is no number.

    Args:
        target: in the unit of the indicator; None when it cannot be drawn.
        links: for each month the address of its records.
    """
    if indicator.kind is not ResultKind.NUMBER or not any(each.is_computed for each in found.months):
        return None
    version = found.whole.figure.version
    added = adds_up(found)
    line = target if added or compares_monthly(indicator, version) else None
    labels = [_("%(month)s月") % {"month": month} for month in range(1, 13)]
    series: list[dict[str, Any]] = [
        {
            "type": "bar" if added else "line",
            "name": _("当月"),
            "data": [drawn(each) for each in found.months],
        }
    ]
    columns = [
        {"label": _("月份"), "number": False},
        {"label": _("当月") if added or not _is_stock(version) else _("月末"), "number": True},
    ]
    urls = list(links) or [""] * 12
    rows: list[list[Any]] = [
        [label, Linked(shown(each), url)] for label, each, url in zip(labels, found.months, urls, strict=True)
    ]
    if added:
        sums = _running(indicator, found.months)
        series.append({"type": "line", "name": _("累计"), "data": sums})
        columns.append({"label": _("累计"), "number": True})
        for row, each in zip(rows, sums, strict=True):
            row.append(f"{each:,f}")
    if line is not None:
        series.append({"type": "line", "name": _("目标"), "data": [line] * 12, **_TARGET_LINE})
        columns.append({"label": _("目标"), "number": True})
        for row in rows:
            row.append(grouped(line))
    return {
        "id": name,
        "title": _("%(label)s：%(year)s年各月")
        % {"label": language.shown(indicator), "year": found.whole.figure.window.year},
        "description": _described(indicator, found, line),
        "unit": indicator.unit,
        "columns": columns,
        "rows": rows,
        "source": source,
        "size": size,
        "option": {
            **({"legend": {"data": [each["name"] for each in series]}} if len(series) > 1 else {}),
            "xAxis": {"type": "category", "data": labels},
            "yAxis": {"type": "value", "scale": not added, "name": indicator.unit},
            "series": series,
        },
    }


def _is_stock(version: IndicatorVersion | None) -> bool:
    return version is not None and all(each.span is Span.UNTIL_END for each in version.measures)


def _running(indicator: IndicatorDefinition, months: Iterable[KeptFigure]) -> list[Decimal]:
    """Sums up to each month, from exact values."""
    total, found = Fraction(0), []
    for each in months:
        total += _exact(each)
        found.append(half_up(total, indicator.places))
    return found


def _described(indicator: IndicatorDefinition, found: Breakdown, line: str | None) -> str:
    values = [(drawn(each), month) for month, each in enumerate(found.months, 1)]
    known = [(value, month) for value, month in values if value is not None]
    least, most = min(known), max(known)
    words = _("%(label)s各月的值，最低%(low)s月 %(least)s%(unit)s，最高%(high)s月 %(most)s%(unit)s") % {
        "label": language.shown(indicator),
        "low": least[1],
        "least": grouped(str(least[0])),
        "high": most[1],
        "most": grouped(str(most[0])),
        "unit": indicator.unit,
    }
    goal = _("，目标 %(target)s%(unit)s") % {"target": line, "unit": indicator.unit} if line else ""
    return f"{words}{goal}。"


def years_chart(indicator: IndicatorDefinition, found: Breakdown, source: str = "") -> dict[str, Any] | None:
    """The value of the years of which there are records, by one definition; None when there is only one."""
    year = found.whole.figure.window.year
    listed = [*found.years, (year, found.whole)]
    if len(listed) < 2 or indicator.kind is not ResultKind.NUMBER:
        return None
    labels = [_("%(year)s年") % {"year": each} for each, _kept in listed]
    return {
        "id": "years",
        "title": _("%(label)s：历年（按%(year)s年的口径）")
        % {"label": language.shown(indicator), "year": year},
        "description": _("%(label)s历年的值：%(values)s。")
        % {
            "label": language.shown(indicator),
            "values": "，".join(
                f"{label} {shown(kept)}{indicator.unit}"
                for label, (_year, kept) in zip(labels, listed, strict=True)
            ),
        },
        "unit": indicator.unit,
        "size": "low",
        "source": source,
        "columns": [{"label": _("年度"), "number": False}, {"label": _("数值"), "number": True}],
        "rows": [[label, shown(kept)] for label, (_year, kept) in zip(labels, listed, strict=True)],
        "option": {
            "xAxis": {"type": "category", "data": labels},
            "yAxis": {"type": "value", "name": indicator.unit},
            "series": [
                {
                    "type": "bar",
                    "name": language.shown(indicator),
                    "data": [drawn(kept) for _year, kept in listed],
                }
            ],
        },
    }


def bodies_option(
    indicator: IndicatorDefinition, bodies: Sequence[BodyFigure], target: str | None
) -> dict[str, Any]:
    """Bars of bodies, the first on top."""
    listed = list(reversed(bodies))
    series: dict[str, Any] = {
        "type": "bar",
        "name": language.shown(indicator),
        "data": [drawn(each.kept) for each in listed],
    }
    if target is not None:
        series["markLine"] = {
            "symbol": "none",
            "data": [{"xAxis": target, "name": _("目标")}],
            "label": {"formatter": _("目标 {c}")},
            "lineStyle": {"type": "dashed", "width": 2, "color": LINE},
        }
    return {
        "grid": {"right": 72, "top": 32},
        "xAxis": {"type": "value"},
        "yAxis": {"type": "category", "data": [each.name for each in listed]},
        "series": [series],
    }
