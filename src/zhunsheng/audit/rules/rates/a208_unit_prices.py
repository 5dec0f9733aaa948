"""A208: price times number is the amount."""

from collections.abc import Iterator

from zhunsheng.audit.finding import Check
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.column_arithmetic import Operation, column_relations
from zhunsheng.audit.relations.suspects import Implied
from zhunsheng.audit.relations.unit_prices import UnitPrice, unit_prices
from zhunsheng.audit.relations.verdicts import Member, Relation, figure_range, quotient, verdict
from zhunsheng.audit.rule import AuditRule
from zhunsheng.kernel.problem import Severity

CODE = "A208"


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Multiply every price by its number, in sentences and along table rows."""
    for each in unit_prices(reading):
        if not each.is_average:
            yield verdict(rule, reading, _relation(each))
    for row in column_relations(reading, (Operation.PRODUCT,)):
        yield verdict(rule, reading, row.relation)


def _relation(found: UnitPrice) -> Relation:
    price, number, total = (figure_range(each) for each in (found.price, found.number, found.total))
    implied = []
    if (value := quotient(total, price)) is not None:
        implied.append(Implied(found.number, value))
    if (value := quotient(total, number)) is not None:
        implied.append(Implied(found.price, value))
    return Relation(
        Member("金额", found.total),
        price * number,
        (Member("单价", found.price), Member("数量", found.number)),
        f"{found.price.text}×{found.number.text}",
        tuple(implied),
        severity=Severity.WARNING,
        confidence="0.75",
    )
