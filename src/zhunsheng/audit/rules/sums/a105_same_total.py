"""A105: a column printed in two tables of one document says the same in both."""

from collections.abc import Iterator

from zhunsheng.audit.agreement import as_printed
from zhunsheng.audit.finding import Check
from zhunsheng.audit.quantities.numeral import Numeral
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.same_columns import SameColumn, same_columns, same_when_rounded
from zhunsheng.audit.rule import AuditRule, place_of
from zhunsheng.audit.slips import slip_between
from zhunsheng.kernel.problem import Severity

CODE = "A105"


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Compare all columns that agree in nearly all rows and in their totals."""
    for column in same_columns(reading):
        yield from _rows(reading, rule, column)


def _rows(reading: Reading, rule: AuditRule, column: SameColumn) -> Iterator[Check]:
    for key, one, two in column.pairs:
        if one.amount == two.amount:
            yield rule.passed(reading, one, two, detail=key)
            continue
        if one.quantity is None or two.quantity is None:
            continue
        if same_when_rounded(one, two):
            yield rule.passed(reading, one, two, detail=key)
            continue
        slip = slip_between(one.quantity.value, two.amount / one.quantity.multiplier)
        if slip is None or not column.totals_agree:
            continue
        yield rule.failed(
            rule.finding(
                f"“{key}”在两张表中一处为 {one.text}，一处为 {two.text}，其余各行和合计均一致（可能是{slip.explanation}）",
                [place_of(reading, one, "一处"), place_of(reading, two, "另一处")],
                severity=Severity.ERROR,
                confidence="0.92",
                printed=one.text,
                computed=_like(two, one),
                difference=as_printed(one.amount - two.amount, one.quantity),
            ),
            [(reading, one), (reading, two)],
        )


def _like(other: Numeral, one: Numeral) -> str:
    return as_printed(other.amount, one.quantity) if one.quantity is not None else ""
