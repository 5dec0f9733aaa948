"""A207: opening stock plus inflow minus outflow is the closing stock."""

from collections.abc import Iterator

from zhunsheng.audit.agreement import Agreement, agree, as_printed
from zhunsheng.audit.finding import Check
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.stock_flows import StockFlow, stock_flows
from zhunsheng.audit.rule import AuditRule, place_of
from zhunsheng.kernel.problem import Severity

CODE = "A207"


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Carry every opening stock forward."""
    for flow in stock_flows(reading):
        quantity = flow.closing.quantity
        if quantity is not None:
            holds = agree(quantity, flow.computed) is not Agreement.WRONG
            yield rule.passed(reading, *flow.figures) if holds else _failed(reading, rule, flow)


def _failed(reading: Reading, rule: AuditRule, flow: StockFlow) -> Check:
    quantity = flow.closing.quantity
    if quantity is None:
        raise ValueError("a stock is a quantity")
    opening = flow.opening.text if flow.opening else as_printed(flow.start.exact, quantity)
    computed = as_printed(flow.computed.exact, quantity)
    gap = as_printed(flow.closing.amount - flow.computed.exact, quantity)
    source = "" if flow.growth is None else f"（由增长 {flow.growth.text} 推出）"
    near = abs(flow.closing.amount - flow.computed.exact) <= rule.numbers["near"] * flow.closing.amount
    return rule.failed(
        rule.finding(
            f"期初 {opening}{source} + {flow.inflow.text} - {flow.outflow.text} = {computed}，"
            f"与期末 {flow.closing.text} 相差 {gap}，或有迁入迁出等其他变动",
            [
                place_of(reading, flow.closing, "期末"),
                *(place_of(reading, each, "增减") for each in flow.figures[1:]),
            ],
            severity=Severity.NOTE if near else Severity.WARNING,
            confidence="0.5" if near else "0.7",
            printed=flow.closing.text,
            computed=computed,
            difference=gap,
        ),
        [(reading, each) for each in flow.figures],
    )
