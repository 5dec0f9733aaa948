"""What is kept of an audit: its documented JSON, the marked original, the files made from it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from zhunsheng.audit.audit_data import audit_data, finding_key
from zhunsheng.audit.auditing import Audit
from zhunsheng.documents.marking.html_audit import marked_original
from zhunsheng.documents.marking.views import audit_views
from zhunsheng.kernel.problem import Severity
from zhunsheng.store.database.file_store import keep
from zhunsheng.store.database.models import AuditedDocument, StoredFile

EXPORTS = "exports"
"""Key beside the documented JSON under which the files made from an audit are named."""


@dataclass(frozen=True, slots=True)
class KeptAudit:
    """An audit ready to be kept.

    Attributes:
        content: documented JSON with all findings, and under `EXPORTS` the files and which findings they leave out.
        page: the marked original as a fragment of a page.
        failed: why nothing could be read; "" when it could.
    """

    content: dict[str, Any]
    page: StoredFile | None
    failed: str = ""


def kept_audit(
    audit: Audit,
    source: bytes,
    accepted: Sequence[str],
    progress: Callable[[int, str], None] = lambda _percent, _step: None,
) -> KeptAudit:
    """Make everything that is kept of the audit of one document.

    Args:
        source: the original file.
        accepted: keys of findings that were accepted; the files leave them out.
        progress: called with a percentage and the name of the step.
    """
    document = audit.readings[0].document
    content = audit_data(audit)
    if not document.text:
        reasons = [f"{each.what}。{each.remedy}" for each in document.problems]
        return KeptAudit(content, None, "\n".join(reasons) or "没有读到文字。")
    progress(86, "标注原文")
    page = keep([marked_original(audit).encode("utf-8", "replace")])
    progress(90, "生成批注副本和问题清单")
    left = tuple(each for each in audit.findings if finding_key(audit, each) not in set(accepted))
    formats = ["html", "xlsx", *({"docx", "pdf"} & {document.format})]
    files, _ = audit_views(replace(audit, findings=left), [source], formats)
    content[EXPORTS] = {
        "files": {name: keep([data]).sha256 for name, data in files.items()},
        "without": sorted(accepted),
    }
    return KeptAudit(content, page)


def findings_of(document: AuditedDocument) -> list[dict[str, Any]]:
    """The findings of an audited document, in the order of the marks in its page."""
    return list(document.content.get("findings", []))


def open_errors(document: AuditedDocument) -> list[dict[str, Any]]:
    """Findings that cannot be true and that nobody has accepted."""
    accepted = set(document.acceptances.values_list("finding", flat=True))
    return [
        each
        for each in findings_of(document)
        if each["severity"] == Severity.ERROR.value and each["key"] not in accepted
    ]


def documented(document: AuditedDocument) -> Mapping[str, Any]:
    """The audit in its documented JSON, accepted findings apart, as the command line gives it."""
    reasons = dict(document.acceptances.values_list("finding", "reason"))
    content = {key: value for key, value in document.content.items() if key != EXPORTS}
    listed = findings_of(document)
    return {
        **content,
        "findings": [each for each in listed if each["key"] not in reasons],
        "accepted": [{**each, "reason": reasons[each["key"]]} for each in listed if each["key"] in reasons],
    }
