"""The audit of one or several documents: findings, obligations, coverage."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from zhunsheng.audit.document import Document
from zhunsheng.audit.finding import Check, Finding, Outcome
from zhunsheng.audit.quantities.numeral import Role
from zhunsheng.audit.reading import Reading, read_all
from zhunsheng.audit.registry import rule_modules
from zhunsheng.audit.rule import AuditRule
from zhunsheng.kernel.problem import Severity

# the letters of a code that say its subject: A4 are repeats
_SUBJECT = 2
_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


@dataclass(frozen=True, slots=True)
class Coverage:
    """What became of the numerals of a document.

    Attributes:
        numerals: all of them.
        structural: dates, marks, document numbers, codes, names.
        understood: not structural, with a role and (where one is written or inherited) a unit.
        checked: not structural, and taking part in at least one check that passed or failed.
        unknown: not structural and not understood.
    """

    numerals: int
    structural: int
    understood: int
    checked: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Obligation:
    """How often a rule applied, and how that ended."""

    rule: str
    label: str
    applied: int
    passed: int
    failed: int
    insufficient: int


@dataclass(frozen=True)
class Audit:
    """The result of an audit.

    Attributes:
        readings: the documents as understood.
        checks: every application of every rule.
        findings: by severity, then by place; each fault once.
        obligations: one entry per rule of the catalogue.
        coverage: one entry per document.
    """

    readings: tuple[Reading, ...]
    checks: tuple[Check, ...]
    findings: tuple[Finding, ...]
    obligations: tuple[Obligation, ...]
    coverage: tuple[Coverage, ...]


def audit(
    documents: Sequence[Document],
    rules: Iterable[AuditRule],
    progress: Callable[[str], None] | None = None,
) -> Audit:
    """Audit documents, each by itself and all together."""
    readings = read_all(documents)
    return audit_readings(readings, rules, progress)


def audit_readings(
    readings: Sequence[Reading],
    rules: Iterable[AuditRule],
    progress: Callable[[str], None] | None = None,
) -> Audit:
    """Run all rules over documents already understood."""
    modules = rule_modules()
    checks: list[Check] = []
    obligations = []
    for rule in sorted(rules, key=lambda each: each.code):
        if progress is not None:
            progress(rule.code)
        module = modules.get(rule.code)
        if module is None:
            continue
        found: list[Check] = []
        if module.check is not None:
            for reading in readings:
                found.extend(module.check(reading, rule))
        if module.check_together is not None:
            found.extend(module.check_together(readings, rule))
        counts = {outcome: sum(each.outcome is outcome for each in found) for outcome in Outcome}
        obligations.append(
            Obligation(
                rule.code,
                rule.label,
                len(found),
                counts[Outcome.PASSED],
                counts[Outcome.FAILED],
                counts[Outcome.INSUFFICIENT],
            )
        )
        checks.extend(found)
    return Audit(
        tuple(readings),
        tuple(checks),
        _findings(checks),
        tuple(obligations),
        tuple(_coverage(reading, checks) for reading in readings),
    )


def joined(one: Audit, other: Audit) -> Audit:
    """Two audits of the same documents as one: all checks of both, and what they found in one list."""
    checks = (*one.checks, *other.checks)
    return Audit(
        one.readings,
        checks,
        _findings(checks),
        (*one.obligations, *other.obligations),
        tuple(_coverage(reading, checks) for reading in one.readings),
    )


def _findings(checks: Iterable[Check]) -> tuple[Finding, ...]:
    """All findings, each once, the gravest first and then in reading order."""
    seen: dict[tuple[str, tuple[tuple[int, int, int], ...]], Finding] = {}
    for check in checks:
        finding = check.finding
        if finding is None:
            continue
        places = tuple((place.document, place.span.start, place.span.end) for place in finding.places)
        # rules of one subject may see the same fault; the gravest and surest says it
        key = (finding.code[:_SUBJECT], tuple(sorted(places)))
        known = seen.get(key)
        if known is None or _weight(finding) < _weight(known):
            seen[key] = finding
    return tuple(
        sorted(
            seen.values(),
            key=lambda each: (
                _RANK[each.severity],
                each.places[0].document if each.places else -1,
                each.places[0].span.start if each.places else -1,
                each.code,
            ),
        )
    )


def _weight(finding: Finding) -> tuple[int, Decimal]:
    return _RANK[finding.severity], -finding.confidence


def _coverage(reading: Reading, checks: Iterable[Check]) -> Coverage:
    content = [numeral for numeral in reading.numerals if not numeral.is_structural]
    checked = {
        number
        for check in checks
        if check.outcome is not Outcome.INSUFFICIENT
        for document, number in check.numerals
        if document == reading.index
    }
    understood = sum(numeral.role is not Role.UNKNOWN for numeral in content)
    return Coverage(
        numerals=len(reading.numerals),
        structural=len(reading.numerals) - len(content),
        understood=understood,
        checked=sum(numeral.number in checked for numeral in content),
        unknown=len(content) - understood,
    )
