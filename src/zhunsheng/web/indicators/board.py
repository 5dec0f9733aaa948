"""What the board of a year is made of: money against time, indicators by state and division, months of the main ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from zhunsheng.kernel.rounding import half_up, plain
from zhunsheng.plans.case import BudgetLine
from zhunsheng.plans.choices import BudgetCategory, BudgetSide
from zhunsheng.store.database.case_content import SECTION_OF, record_of
from zhunsheng.store.database.case_rows import ROW_MODELS, field_of
from zhunsheng.store.database.models import StoredCase
from zhunsheng.web import language
from zhunsheng.web.indicators.catalogue import entries
from zhunsheng.web.indicators.charts import LINE, Linked, months_chart
from zhunsheng.workflow.indicators.beside import Beside, Standing, target_number
from zhunsheng.workflow.indicators.kept import KeptValues

MOST_MAIN = 6
FIRST_MAIN = 4
ITEMS = "#items"
"""The table of all indicators on the page, which counts lead to."""
_PER_CENT = Fraction(100)


def elapsed(year: int, today: date) -> Decimal:
    """How much of a year has passed at the end of a day, in per cent with one decimal."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    whole = (last - first).days + 1
    days = min(max((today - first).days + 1, 0), whole)
    return half_up(Fraction(days * 100, whole), 1)


@dataclass(frozen=True, slots=True)
class Spending:
    """A line of expenditure against its budget.

    Attributes:
        rate: in per cent with two decimals; None when it cannot be told.
    """

    line: BudgetLine
    rate: Decimal | None

    @property
    def budget(self) -> Any:  # noqa: ANN401 - money or None
        """The budget of the whole year."""
        return self.line.initial if self.line.adjusted is None else self.line.adjusted


def spendings(case: StoredCase) -> list[Spending]:
    """The lines of expenditure, the sum last."""
    section = SECTION_OF["budget"]
    wanted = {"case": case, field_of("side"): BudgetSide.EXPENDITURE.value}
    rows = ROW_MODELS["budget"]._default_manager.filter(**wanted)
    lines: list[BudgetLine] = [record_of(section, each) for each in rows]
    made = [Spending(each, _rate(each)) for each in lines]
    return sorted(made, key=lambda each: each.line.category is BudgetCategory.TOTAL)


def _rate(line: BudgetLine) -> Decimal | None:
    budget = line.initial if line.adjusted is None else line.adjusted
    if line.executed is None or budget is None or budget.yuan <= 0:
        return None
    return half_up(Fraction(line.executed.yuan) * _PER_CENT / Fraction(budget.yuan), 2)


def spending_chart(case: StoredCase, found: Sequence[Spending], passed: Decimal) -> dict[str, Any] | None:
    """Execution by line against the time that has passed; None without a rate."""
    known = [each for each in found if each.rate is not None]
    if not known:
        return None
    plan = reverse("plan-section", args=[case.code, "budget"])
    names = [each.line.name for each in reversed(known)]
    return {
        "id": "spending",
        "title": _("预算执行与时间进度"),
        "description": _("时间已过 %(passed)s%%；%(rates)s。")
        % {
            "passed": plain(passed),
            "rates": "，".join(f"{each.line.name} {each.rate}%" for each in known),
        },
        "unit": _("万元"),
        "size": "low" if len(known) < 4 else "",
        "columns": [
            {"label": _("支出"), "number": False},
            {"label": _("全年预算"), "number": True},
            {"label": _("执行数"), "number": True},
            {"label": _("执行率（%）"), "number": True},
        ],
        "rows": [
            [
                each.line.name,
                "—" if each.budget is None else each.budget.shown(),
                "—" if each.line.executed is None else Linked(each.line.executed.shown(), plan),
                "—" if each.rate is None else plain(each.rate),
            ]
            for each in found
        ],
        "option": {
            "grid": {"right": 72, "top": 32},
            "xAxis": {"type": "value", "min": 0, "axisLabel": {"formatter": "{value}%"}},
            "yAxis": {"type": "category", "data": names},
            "series": [
                {
                    "type": "bar",
                    "name": _("执行率"),
                    "data": [each.rate for each in reversed(known)],
                    "markLine": {
                        "symbol": "none",
                        "data": [{"xAxis": plain(passed), "name": _("时间进度")}],
                        "label": {"formatter": _("时间进度 {c}%")},
                        "lineStyle": {"type": "dashed", "width": 2, "color": LINE},
                    },
                }
            ],
        },
    }


def counted(besides: Sequence[Beside]) -> dict[Standing, int]:
    """How many indicators stand in which way."""
    found = dict.fromkeys(Standing, 0)
    for each in besides:
        found[each.standing] += 1
    return found


def standing_chart(case: StoredCase, besides: Sequence[Beside]) -> dict[str, Any] | None:
    """Indicators by how they stand; None when the year has none."""
    if not besides:
        return None
    found = counted(besides)
    labels = [language.shown(each) for each in Standing]
    collect = reverse("collect", args=[case.code])
    return {
        "id": "standing",
        "title": _("指标完成情况"),
        "description": _("，").join(
            _("%(label)s %(number)s 项") % {"label": language.shown(each), "number": found[each]}
            for each in Standing
        )
        + _("。"),
        "unit": _("项"),
        "size": "low",
        "columns": [{"label": _("情况"), "number": False}, {"label": _("指标数"), "number": True}],
        "rows": [[language.shown(each), Linked(str(found[each]), collect)] for each in Standing],
        "total": [_("合计"), str(len(besides))],
        "option": {
            "xAxis": {"type": "category", "data": labels},
            "yAxis": {"type": "value", "minInterval": 1, "name": _("项")},
            "series": [{"type": "bar", "name": _("指标数"), "data": [found[each] for each in Standing]}],
        },
    }


def division_chart(besides: Sequence[Beside], query: str) -> dict[str, Any] | None:
    """Indicators by division and how they stand; None when no division is named.

    Args:
        query: body and year as a part of an address.
    """
    by_division: dict[str, list[Beside]] = {}
    for each in besides:
        by_division.setdefault(each.division or _("（没有责任处室）"), []).append(each)
    if not any(each.division for each in besides):
        return None
    counts = {name: counted(found) for name, found in by_division.items()}
    names = sorted(counts, key=lambda each: -len(by_division[each]))
    shown = list(reversed(names))
    return {
        "id": "divisions",
        "title": _("各处室指标完成情况"),
        "description": "；".join(
            f"{name}：{'，'.join(f'{language.shown(each)} {number}' for each, number in counts[name].items() if number)}"
            for name in names
        ),
        "unit": _("项"),
        "size": "" if len(names) > 4 else "low",
        "columns": [
            {"label": _("处室"), "number": False},
            *({"label": language.shown(each), "number": True} for each in Standing),
            {"label": _("合计"), "number": True},
        ],
        "rows": [
            [
                Linked(name, f"{reverse('indicators')}?{query}&{urlencode({'division': name})}")
                if by_division[name][0].division
                else name,
                *(Linked(str(counts[name][each]), ITEMS) for each in Standing),
                Linked(str(len(by_division[name])), ITEMS),
            ]
            for name in names
        ],
        "option": {
            "legend": {"data": [language.shown(each) for each in Standing]},
            "xAxis": {"type": "value", "minInterval": 1},
            "yAxis": {"type": "category", "data": shown},
            "series": [
                {
                    "type": "bar",
                    "stack": "all",
                    "name": language.shown(each),
                    "data": [counts[name][each] for name in shown],
                }
                for each in Standing
            ],
        },
    }


def main_of(
    besides: Sequence[Beside], kept: KeptValues | None, asked: Sequence[str]
) -> tuple[list[str], list[tuple[str, str, bool]]]:
    """The codes of the main indicators, and everything that can be chosen: code, label, whether it is.

    Args:
        asked: codes somebody chose; the first of the year otherwise.
    """
    if kept is None:
        return [], []
    listed: dict[str, str] = {}
    for each in besides:
        entry = entries().get(each.indicator.definition)
        if entry is None:
            continue
        figure = kept.figure(entry.definition)
        if figure is not None and isinstance(figure.figure.value, Fraction):
            listed.setdefault(entry.code, each.indicator.name)
    chosen = [each for each in asked if each in listed][:MOST_MAIN] or list(listed)[:FIRST_MAIN]
    return chosen, [(code, label, code in chosen) for code, label in listed.items()]


def main_charts(
    besides: Sequence[Beside], kept: KeptValues, codes: Sequence[str], links: Mapping[str, Sequence[str]]
) -> list[dict[str, Any]]:
    """The months of the main indicators."""
    by_code = {each.indicator.definition: each for each in besides}
    made = []
    for number, code in enumerate(codes):
        definition = entries()[code].definition
        found = kept.breakdown(definition)
        if found is None:
            continue
        picture = months_chart(
            definition,
            found,
            target_number(by_code[code].indicator, definition.unit),
            links=links.get(code, ()),
            name=f"main-{number}",
            size="low",
        )
        if picture is not None:
            made.append({**picture, "code": code})
    return made
