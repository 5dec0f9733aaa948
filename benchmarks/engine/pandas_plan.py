"""The measures as plain data for the pandas baseline, which knows nothing of the product."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from benchmarks.engine.copies import columns_used, copied_files

from zhunsheng.expressions.nodes import Call, Column, Literal, Node, Operation, Parameter
from zhunsheng.indicators.measure import Measure, Span
from zhunsheng.measures.request import Request


def plan_of(requests: Sequence[Request], directory: Path) -> dict[str, Any]:
    """Which files and columns to read, and what to count of them."""
    used = columns_used(requests)
    ledgers = list(dict.fromkeys(each.measure.ledger for each in requests))
    return {
        "files": {code: [str(each) for each in copied_files(directory, code)] for code in used},
        "columns": {code: sorted(names) for code, names in used.items()},
        "measures": {
            code: [
                [place, _measure(each.measure, each)]
                for place, each in enumerate(requests)
                if each.measure.ledger == code
            ]
            for code in ledgers
        },
        "targets": {code: _targets(code) for code in ledgers},
    }


def _targets(code: str) -> dict[str, str]:
    from zhunsheng.store.ledger_files import ledger_of  # noqa: PLC0415 - only the parent process has it

    ledger = ledger_of(code)
    return {} if ledger is None else {each.name: each.target for each in ledger.references}


def _measure(measure: Measure, request: Request) -> dict[str, Any]:
    def tree(node: Node) -> Any:  # noqa: ANN401 - plain data
        match node:
            case Literal():
                return ["literal", _plain(node.value)]
            case Parameter():
                return ["literal", _plain(request.parameters[node.name])]
            case Column():
                return ["column", *node.path]
            case Call():
                return [node.function, *map(tree, node.arguments)]
            case Operation():
                return [node.operator, *map(tree, node.operands)]

    first, after = request.window.start, request.window.after
    window = None
    if measure.date and measure.span is not Span.ANY:
        all_bounds: dict[Span, list[str | None]] = {
            Span.DURING: [first.isoformat(), after.isoformat()],
            Span.UNTIL_END: [None, after.isoformat()],
            Span.BEFORE_START: [None, first.isoformat()],
        }
        window = [measure.date, *all_bounds[measure.span]]
    grouping = None
    if measure.grouping is not None:
        grouping = {
            "by": tree(measure.grouping.by),
            "values": [[name, _measure(each, request)] for name, each in measure.grouping.values],
            "having": None if measure.grouping.having is None else tree(measure.grouping.having.root),
        }
    return {
        "aggregate": measure.aggregate.value,
        "of": None if measure.of is None else tree(measure.of.root),
        "where": None if measure.where is None else tree(measure.where.root),
        "window": window,
        "quantile": measure.quantile / 1000,
        "grouping": grouping,
    }


def _plain(value: object) -> Any:  # noqa: ANN401 - plain data
    if isinstance(value, date | datetime):
        return {"moment": value.isoformat()}
    return value if isinstance(value, str | int | bool | None) else str(value)
