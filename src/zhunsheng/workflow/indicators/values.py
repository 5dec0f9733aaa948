"""The values of indicators for a year as a file: whole year, months, earlier years, bodies.

The file is an archive with a summary and one member for each indicator, so that a page reads only what it shows. The
same records and definitions give the same bytes, and the file is kept under their hash.
"""

import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from zhunsheng.assembly.records import OpenedRecords
from zhunsheng.expressions.nodes import Parameter, walk
from zhunsheng.indicators.definition import IndicatorDefinition, IndicatorVersion
from zhunsheng.indicators.measure import Measure, Span
from zhunsheng.measures.computing import Wish, compute
from zhunsheng.measures.figure import Figure, FigureStatus
from zhunsheng.measures.period import Window
from zhunsheng.measures.request import request_for, trees_of
from zhunsheng.store.engines.bodies import Body, groups
from zhunsheng.store.engines.merging import merges
from zhunsheng.store.ledger_files import ledger_of
from zhunsheng.store.records.reading import data_files

SUMMARY = "summary.json"
_EARLIER = 3
"""Years before, computed by the definition of the year itself."""
_FEW_BODIES = 60
"""Bodies for which values are computed one by one where partial results do not merge."""
_MOMENT = (1980, 1, 1, 0, 0, 0)
_FIRST_YEAR = 1949

Tell = Callable[[int, str], None]
"""Is told how far the work is, in percent; may cancel by raising."""


def values_file(
    records: OpenedRecords, indicators: Sequence[IndicatorDefinition], year: int, tell: Tell
) -> bytes:
    """The archive with the values of indicators for a year."""
    computed = _over_time(records, indicators, year)
    tell(60, "按机构计算")
    by_body = _over_bodies(records, indicators, year)
    tell(90, "整理")
    members: dict[str, Any] = {}
    figures: dict[str, Any] = {}
    for each in indicators:
        whole = {**figure_data(computed[each.code, Window(year)]), "definition": each.digest}
        figures[each.code] = whole
        members[f"{each.code}.json"] = {
            "whole": whole,
            "months": [figure_data(computed[each.code, month]) for month in Window(year).months],
            "years": list(_earlier(records, each, year, computed)),
            "bodies": by_body.get(each.code, []),
        }
    summary = {
        "year": year,
        "snapshot": records.snapshot.token,
        "synthetic": records.synthetic,
        "figures": figures,
    }
    return _packed({SUMMARY: summary, **members})


def _packed(members: Mapping[str, Any]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members.items():
            described = zipfile.ZipInfo(name, _MOMENT)
            described.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(described, json.dumps(content, ensure_ascii=False, separators=(",", ":")))
    return stream.getvalue()


def _windows(year: int) -> list[Window]:
    first = max(year - _EARLIER, _FIRST_YEAR)
    return [*Window(year).months, *(Window(each) for each in range(first, year + 1))]


def _over_time(
    records: OpenedRecords, indicators: Sequence[IndicatorDefinition], year: int
) -> dict[tuple[str, Window], Figure]:
    """Months, the year and the years before it, all by the definition of the year."""
    wishes = [Wish(each, window, as_of=year) for each in indicators for window in _windows(year)]
    return {
        (wish.indicator.code, wish.window): found[""]
        for wish, found in zip(wishes, compute(wishes, records.engine), strict=True)
    }


def _over_bodies(
    records: OpenedRecords, indicators: Sequence[IndicatorDefinition], year: int
) -> dict[str, list[dict[str, Any]]]:
    """The values of each body with all below it, of indicators all of whose records name a body."""
    tree = records.bodies()
    chosen = [each for each in indicators if _has_bodies(each, year, len(tree))]
    if not tree or not chosen:
        return {}
    wishes = [Wish(each, Window(year)) for each in chosen]
    found = compute(wishes, records.engine, groups(tree))
    return {
        wish.indicator.code: [_body_data(body, answers[body.code]) for body in tree]
        for wish, answers in zip(wishes, found, strict=True)
    }


def _has_bodies(indicator: IndicatorDefinition, year: int, bodies: int) -> bool:
    version = indicator.version_for(year)
    if version is None:
        return False
    ledgers = [ledger_of(each.ledger) for each in version.measures]
    if not all(each is not None and each.organisation for each in ledgers):
        return False
    return bodies <= _FEW_BODIES or _merges(version, year)


def _merges(version: IndicatorVersion, year: int) -> bool:
    chosen = {each.name: each.default for each in version.parameters}
    return all(merges(request_for(each, Window(year), chosen)) for each in version.measures)


def _body_data(body: Body, figure: Figure) -> dict[str, Any]:
    return {"code": body.code, "name": body.name, "depth": body.depth, **figure_data(figure)}


def _earlier(
    records: OpenedRecords,
    indicator: IndicatorDefinition,
    year: int,
    computed: Mapping[tuple[str, Window], Figure],
) -> Iterator[dict[str, Any]]:
    """The years before of which the store has records."""
    version = indicator.version_for(year)
    if version is None or not any(_is_of_period(each, year) for each in version.measures):
        return
    first = max((_first_year(records, each.ledger) for each in version.measures if each.date), default=0)
    for window in _windows(year)[12:-1]:
        found = computed[indicator.code, window]
        # no record at all of a year means that the year was never brought in, not that there was nothing
        if (
            window.year >= first
            and found.status is FigureStatus.COMPUTED
            and any(each.value for each in found.measures)
        ):
            yield {"year": window.year, **figure_data(found)}


def _is_of_period(measure: Measure, year: int) -> bool:
    """Whether what it counts depends on the period, by a date or by naming the year."""
    if measure.date and measure.span is not Span.ANY:
        return True
    names = {each.name for tree in trees_of(measure) for each in walk(tree) if isinstance(each, Parameter)}
    return bool(names & request_for(measure, Window(year), {}).parameters.keys())


def _first_year(records: OpenedRecords, ledger: str) -> int:
    days = [each.first_day for each in data_files(ledger, records.snapshot) if each.first_day is not None]
    return min(days).year if days else 9999


def figure_data(figure: Figure) -> dict[str, Any]:
    """A figure as it is kept; `kept` makes one of it again."""
    content = figure.as_data()
    return {
        "status": content["status"],
        "printed": figure.printed,
        "exact": content["exact"],
        "why": figure.why,
        "measures": [
            {"name": each.measure.name, "shown": each.printed, "unknown": each.unknown}
            for each in figure.measures
        ],
    }
