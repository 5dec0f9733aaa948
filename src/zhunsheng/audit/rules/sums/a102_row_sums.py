"""A102: total columns of tables are the sums of the columns that belong to them."""

from collections.abc import Iterator

from zhunsheng.audit.finding import Check
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.addition_findings import failed, held, severity_of
from zhunsheng.audit.relations.table_additions import table_sums
from zhunsheng.audit.rule import AuditRule

CODE = "A102"


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Add up every row of every table by its headers; faults that also spoil a column are left to A101."""
    sums = table_sums(reading)
    for addition in sums.held_along:
        yield held(reading, rule, addition)
    for fault in sums.faults_along:
        yield from failed(reading, rule, fault, severity_of(fault))
