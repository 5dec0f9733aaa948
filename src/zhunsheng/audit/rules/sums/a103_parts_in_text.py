"""A103: parts named in the text add up to their whole."""

from collections.abc import Iterator

from zhunsheng.audit.finding import Check
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.addition_findings import failed, held, severity_of
from zhunsheng.audit.relations.additions import agreement_of, faults
from zhunsheng.audit.relations.list_additions import list_additions
from zhunsheng.audit.relations.text_additions import text_additions
from zhunsheng.audit.rule import AuditRule

CODE = "A103"


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Add up the parts of every 其中, 包括, 分别为 and of every numbered list."""
    complements = rule.words["complements"]
    additions = [*text_additions(reading, complements), *list_additions(reading, complements)]
    for addition in additions:
        if agreement_of(addition).holds:
            yield held(reading, rule, addition)
    for fault in faults(additions):
        yield from failed(reading, rule, fault, severity_of(fault))
