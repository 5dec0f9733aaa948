"""A202: columns of differences, growth and rates follow from the columns beside them."""

from collections.abc import Iterator

from zhunsheng.audit.finding import Check
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.column_arithmetic import Operation, column_relations
from zhunsheng.audit.relations.verdicts import verdict
from zhunsheng.audit.rule import AuditRule

CODE = "A202"

_OPERATIONS = (Operation.DIFFERENCE, Operation.GROWTH, Operation.RATIO)


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Recompute every row of every column whose header names a difference or a rate."""
    for each in column_relations(reading, _OPERATIONS):
        yield verdict(rule, reading, each.relation)
