"""The audit as plain data, in the documented JSON shape."""

from hashlib import sha256

from zhunsheng.audit.auditing import Audit, Coverage
from zhunsheng.audit.finding import Finding, FoundPlace
from zhunsheng.audit.reading import Reading


def finding_key(audit: Audit, finding: Finding) -> str:
    """A name of a finding that survives changes elsewhere in the document.

    It is made of the rule, the quoted figures and the words before them, never of positions.
    """
    parts = [finding.code]
    for place in sorted(finding.places, key=lambda each: (each.document, each.span.start)):
        document = audit.readings[place.document].document
        # words of the same line only: a paragraph put in above must not change the name
        before = document.text[max(0, place.span.start - 12) : place.span.start].rpartition("\n")[2]
        parts.append("".join(before.split()) + "|" + "".join(place.text.split()))
    return sha256("\n".join(parts).encode()).hexdigest()[:12]


def place_data(audit: Audit, place: FoundPlace) -> dict[str, object]:
    """A place: page, block, table cell, characters, text."""
    reading = audit.readings[place.document]
    document = reading.document
    block = document.block_at(place.span.start)
    cell = next(document.cells_at(place.span.start), None)
    table = document.blocks[block].table if block is not None else None
    return {
        "document": place.document,
        "page": document.page_at(place.span.start),
        "block": block,
        "table": table,
        "row": cell.row if cell else None,
        "column": cell.column if cell else None,
        "start": place.span.start,
        "end": place.span.end,
        "text": place.text,
        "note": place.note,
    }


def finding_data(audit: Audit, finding: Finding) -> dict[str, object]:
    """One finding."""
    return {
        "key": finding_key(audit, finding),
        "code": finding.code,
        "severity": finding.severity.value,
        "confidence": str(finding.confidence),
        "message": finding.message,
        "places": [place_data(audit, place) for place in finding.places],
        "printed": finding.printed,
        "computed": finding.computed,
        "difference": finding.difference,
        "remedy": finding.remedy,
    }


def document_data(reading: Reading) -> dict[str, object]:
    """What was audited."""
    document = reading.document
    return {
        "name": document.name,
        "sha256": document.sha256,
        "format": document.format,
        "pages": document.page_count,
        "characters": len(document.text),
        "problems": [problem.as_data() for problem in document.problems],
    }


def coverage_data(coverage: Coverage) -> dict[str, int]:
    """What became of the numerals."""
    return {
        "numerals": coverage.numerals,
        "structural": coverage.structural,
        "understood": coverage.understood,
        "checked": coverage.checked,
        "unknown": coverage.unknown,
    }


def audit_data(audit: Audit, accepted: dict[str, str] | None = None) -> dict[str, object]:
    """The whole audit.

    Args:
        accepted: reasons of findings that were accepted, by key; those are listed apart.
    """
    accepted = accepted or {}
    listed = [finding_data(audit, finding) for finding in audit.findings]
    documents = [
        {**document_data(reading), "coverage": coverage_data(coverage)}
        for reading, coverage in zip(audit.readings, audit.coverage, strict=True)
    ]
    return {
        "document": document_data(audit.readings[0]) if audit.readings else None,
        "documents": documents,
        "coverage": coverage_data(
            Coverage(
                *(
                    sum(getattr(each, name) for each in audit.coverage)
                    for name in ("numerals", "structural", "understood", "checked", "unknown")
                )
            )
        ),
        "obligations": [
            {
                "rule": each.rule,
                "label": each.label,
                "applied": each.applied,
                "passed": each.passed,
                "failed": each.failed,
                "insufficient": each.insufficient,
            }
            for each in audit.obligations
        ],
        "findings": [each for each in listed if each["key"] not in accepted],
        "accepted": [
            {**each, "reason": accepted[str(each["key"])]} for each in listed if each["key"] in accepted
        ],
    }
