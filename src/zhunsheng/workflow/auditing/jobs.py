"""The work of auditing one document."""

from collections.abc import Callable
from typing import Any

from zhunsheng.audit.auditing import Audit, audit_readings, joined
from zhunsheng.audit.document import Document
from zhunsheng.audit.reading import read_all
from zhunsheng.audit.registry import rule_modules
from zhunsheng.documents.reading.reading import read_bytes
from zhunsheng.store.audit_rule_files import load_audit_rules
from zhunsheng.store.database.file_store import content_of
from zhunsheng.store.database.models import AuditedDocument
from zhunsheng.workflow.action import Invalid, Refused, perform
from zhunsheng.workflow.auditing.actions import KeepAudit
from zhunsheng.workflow.auditing.held import held_against_year
from zhunsheng.workflow.auditing.results import kept_audit
from zhunsheng.workflow.catalogue import judge
from zhunsheng.workflow.jobs import Cancelled, LeaseLost, Work
from zhunsheng.workflow.rights import Asked

_READ, _AUDITED = 45, 85
"""How far the work is, in percent, when the file is read and when all rules have run."""


def audit_document(work: Work) -> dict[str, Any]:
    """Read a document, run all rules, hold it against its year if it has one, and keep what was found.

    Parameters of the job: `document`, its number.
    """
    document = AuditedDocument.objects.select_related("file", "case", "organisation").get(
        pk=work.parameters["document"]
    )
    source = content_of(document.file)
    read = interruptible_read(source, document.name, work)
    result = audited(read, work.progress)
    if document.case_id and read.text:
        result = joined(_held(document, read, work), result)
    accepted = list(document.acceptances.values_list("finding", flat=True))
    made = kept_audit(result, source, accepted, work.progress)
    work.progress(98, "保存结果")
    perform(KeepAudit(document, made.content, made.page, made.failed), work.actor)
    return {
        "document": document.pk,
        "organisation": document.organisation.code,
        "findings": len(result.findings),
        "failed": made.failed,
    }


def interruptible_read(source: bytes, name: str, work: Work) -> Document:
    """Read a file and stop when the work is cancelled.

    Readers survive every exception, also those that end a job; so these are kept and raised again.

    Raises:
        Cancelled, LeaseLost: see there.
    """
    ended: list[Exception] = []

    def progress(done: int, total: int) -> None:
        try:
            work.progress(5 + (_READ - 5) * done // max(total, 1), f"读取第 {done}/{total} 页")
        except (Cancelled, LeaseLost) as error:
            ended.append(error)
            raise

    work.progress(2, "读取文件")
    document = read_bytes(source, name, progress=progress)
    if ended:
        raise ended[0]
    return document


def audited(document: Document, progress: Callable[[int, str], None]) -> Audit:
    """Run all rules over one document.

    Raises:
        Invalid: the rules of the package are broken.
    """
    rules, problems = load_audit_rules()
    if problems:
        raise Invalid(problems)
    total, done = len(rule_modules()), 0

    def step(rule: str) -> None:
        nonlocal done
        progress(_READ + (_AUDITED - _READ) * done // max(total, 1), f"核对 {rule}")
        done += 1

    progress(_READ, "理解数字")
    return audit_readings(read_all([document]), rules, step)


def _held(document: AuditedDocument, read: Document, work: Work) -> Audit:
    assert document.case is not None  # noqa: S101 - asked before
    verdict = judge("case.read", work.actor, Asked(work.now().date(), document.case))
    if not verdict.allowed:
        raise Refused(verdict.reason)
    work.progress(_AUDITED, "按年度档案生成同格式的报告，逐个数字比较")
    return held_against_year(read, document.case)
