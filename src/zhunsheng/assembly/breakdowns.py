"""Figures as a whole and broken down: by month, by body, or by a field of the records."""

from collections.abc import Mapping, Sequence

from zhunsheng.assembly.records import OpenedRecords
from zhunsheng.assembly.rejections import WrongRequest
from zhunsheng.expressions.nodes import Value
from zhunsheng.indicators.definition import IndicatorDefinition
from zhunsheng.measures.computing import Wish, compute, compute_by
from zhunsheng.measures.figure import Figure
from zhunsheng.measures.period import Window
from zhunsheng.store.engines.bodies import groups
from zhunsheng.store.ledger_files import ledger_of


def figures_by(
    records: OpenedRecords,
    indicators: Sequence[IndicatorDefinition],
    window: Window,
    parameters: Mapping[str, Value] | None = None,
    breakdown: str = "",
    body: str = "",
    as_of: int | None = None,
) -> dict[str, dict[str, Figure]]:
    """Figures by indicator and group; the group "" is the whole.

    Args:
        parameters: choices that differ from the definitions' own.
        breakdown: "month", "organisation", the name of a field that all ledgers have, or "" for the whole only.
        body: code of a body, counted with all below it; "" for all records.
        as_of: the year whose definitions are used; None for that of the window.

    Raises:
        WrongRequest: there is no such body, or the records cannot be broken down by such a field.
        Rejected: a deadline that counts cannot be told.
    """
    chosen = parameters or {}
    bodies = records.group(body)
    wishes = [Wish(each, window, chosen, as_of) for each in indicators]
    whole = {
        wish.indicator.code: {"": next(iter(found.values()))}
        for wish, found in zip(wishes, compute(wishes, records.engine, bodies), strict=True)
    }
    match breakdown:
        case "":
            return whole
        case "month":
            monthly = [Wish(each, month, chosen, as_of) for each in indicators for month in window.months]
            for wish, found in zip(monthly, compute(monthly, records.engine, bodies), strict=True):
                whole[wish.indicator.code][f"{wish.window.month}月"] = next(iter(found.values()))
        case "organisation":
            tree = records.bodies()
            names = {each.code: each.name for each in tree}
            by_body = compute(wishes, records.engine, groups(tree, body))
            for wish, found in zip(wishes, by_body, strict=True):
                for code, figure in found.items():
                    whole[wish.indicator.code][f"{code} {names[code]}"] = figure
        case _:
            try:
                by_field = compute_by(wishes, records.engine, breakdown)
            except LookupError as missing:
                raise WrongRequest(f"不能按“{breakdown}”分组：{missing}。") from None
            for wish, found in zip(wishes, by_field, strict=True):
                labels = _labels(wish.indicator, breakdown)
                whole[wish.indicator.code].update(
                    {labels.get(name, name) or "（空）": each for name, each in found.items()}
                )
    return whole


def _labels(found: IndicatorDefinition, names: str) -> Mapping[str, str]:
    """The Chinese labels of the options of a field that figures are broken down by."""
    for version in found.versions:
        ledger = ledger_of(version.measures[0].ledger) if version.measures else None
        for name in names.split("."):
            field = None if ledger is None else ledger.by_name.get(name)
            ledger = None if field is None or not field.target else ledger_of(field.target)
        if field is not None and field.members:
            return field.members
    return {}
