"""A101: totals of tables are the sums of the rows that belong to them."""

from collections.abc import Iterator

from zhunsheng.audit.finding import Check
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.addition_findings import failed, held, severity_of
from zhunsheng.audit.relations.table_additions import table_sums
from zhunsheng.audit.rule import AuditRule

CODE = "A101"


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Add up every column of every table by codes, numbering and total rows."""
    sums = table_sums(reading)
    for addition in sums.held_down:
        yield held(reading, rule, addition)
    for fault in sums.faults_down:
        yield from failed(reading, rule, fault, severity_of(fault))
