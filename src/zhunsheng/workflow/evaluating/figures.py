"""Figures of indicators for years, broken down, as plain data."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from zhunsheng.assembly.records import OpenedRecords
from zhunsheng.indicators.definition import IndicatorDefinition
from zhunsheng.kernel.place import Place
from zhunsheng.measures.computing import Wish, compute, compute_by
from zhunsheng.measures.figure import Figure
from zhunsheng.measures.period import Window
from zhunsheng.store.engines.bodies import groups
from zhunsheng.store.ledger_files import ledger_of
from zhunsheng.workflow.action import Invalid
from zhunsheng.workflow.evaluating import kinds


def figures_data(
    records: OpenedRecords, indicators: Sequence[IndicatorDefinition], years: Sequence[int], by: str
) -> list[dict[str, Any]]:
    """The figures of each indicator for each year, the whole first, then its parts.

    Args:
        by: "", "month", "organisation" or the name of a field that the ledgers of all indicators have.

    Raises:
        Invalid: there is no such field.
    """
    wishes = [Wish(each, Window(year)) for each in indicators for year in years]
    found = [_data(answers[""], None, None) for answers in compute(wishes, records.engine)]
    return [*found, *_parts(records, wishes, by)]


def _parts(records: OpenedRecords, wishes: Sequence[Wish], by: str) -> Iterator[dict[str, Any]]:
    match by:
        case "":
            return
        case "month":
            monthly = [Wish(each.indicator, month) for each in wishes for month in each.window.months]
            for wish, answers in zip(monthly, compute(monthly, records.engine), strict=True):
                month = wish.window.month
                yield _data(answers[""], str(month), f"{month}月")
        case "organisation":
            tree = records.bodies()
            names = {each.code: each.name for each in tree}
            for answers in compute(wishes, records.engine, groups(tree)):
                for code, figure in answers.items():
                    yield _data(figure, code, names[code])
        case _:
            yield from _by_field(records, wishes, by)


def _by_field(records: OpenedRecords, wishes: Sequence[Wish], name: str) -> Iterator[dict[str, Any]]:
    try:
        found = compute_by(wishes, records.engine, name)
    except LookupError as missing:
        raise Invalid((kinds.NO_FIELD.at(Place(field=name), f"不能按“{name}”分组：{missing}"),)) from missing
    for wish, answers in zip(wishes, found, strict=True):
        labels = _labels(wish.indicator, name)
        for value, figure in answers.items():
            yield _data(figure, value, labels.get(value, value) or "（空）")


def _data(figure: Figure, group: str | None, label: str | None) -> dict[str, Any]:
    return {**figure.as_data(), "group": group, "group_label": label}


def _labels(indicator: IndicatorDefinition, names: str) -> Mapping[str, str]:
    """The Chinese labels of the options of a field; empty where it has none."""
    for version in indicator.versions:
        ledger = ledger_of(version.measures[0].ledger) if version.measures else None
        field = None
        for name in names.split("."):
            field = None if ledger is None else ledger.by_name.get(name)
            ledger = None if field is None or not field.target else ledger_of(field.target)
        if field is not None and field.members:
            return field.members
    return {}
