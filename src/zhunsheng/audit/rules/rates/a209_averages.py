"""A209: an average is the amount divided by the number."""

from collections.abc import Iterator

from zhunsheng.audit.finding import Check
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.column_arithmetic import Operation, column_relations
from zhunsheng.audit.relations.suspects import Implied
from zhunsheng.audit.relations.unit_prices import UnitPrice, unit_prices
from zhunsheng.audit.relations.verdicts import Member, Relation, figure_range, quotient, verdict
from zhunsheng.audit.rule import AuditRule
from zhunsheng.kernel.problem import Severity

CODE = "A209"


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Divide every amount by the number it is averaged over, in sentences and along table rows."""
    for each in unit_prices(reading):
        if each.is_average and (relation := _relation(each)) is not None:
            yield verdict(rule, reading, relation)
    for row in column_relations(reading, (Operation.AVERAGE,)):
        yield verdict(rule, reading, row.relation)


def _relation(found: UnitPrice) -> Relation | None:
    total, number, average = (figure_range(each) for each in (found.total, found.number, found.price))
    value = quotient(total, number)
    if value is None:
        return None
    return Relation(
        Member("平均数", found.price),
        value,
        (Member("总额", found.total), Member("人数或个数", found.number)),
        f"{found.total.text}÷{found.number.text}",
        (Implied(found.total, average * number),),
        severity=Severity.WARNING,
        confidence="0.75",
    )
