"""What people do with audited documents: upload one, accept a finding with a reason, take that back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.utils import timezone

from zhunsheng.documents.printable import printable
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Severity
from zhunsheng.store.database.models import (
    Acceptance,
    AuditedDocument,
    Organisation,
    StoredCase,
    StoredFile,
)
from zhunsheng.workflow.action import Action, Change, Invalid, Refused, Setting, Stale
from zhunsheng.workflow.catalogue import judge
from zhunsheng.workflow.jobs import enqueue
from zhunsheng.workflow.rights import Asked

NO_REASON = Kind(
    "AUDIT-101", Severity.ERROR, "接受一条问题须写明理由", "写明为什么这个数没有错，或为什么可以不改。"
)
LONG_REASON = Kind("AUDIT-102", Severity.ERROR, "理由不超过 1000 字", "写得简短些，详细材料另行归档。")
NO_FINDING = Kind("AUDIT-103", Severity.ERROR, "只能接受核对结果中列出的问题", "刷新核对结果页面后再试。")
_LONGEST_REASON = 1000
_LONGEST_NAME = 200


def shown_name(name: str) -> str:
    """The name of an uploaded file without folders and invisible characters, short enough to keep.

    >>> shown_name("../../etc/报告.docx")
    '报告.docx'
    """
    bare = printable(PurePath(name.replace("\\", "/")).name).strip() or "未命名"
    path = PurePath(bare)
    return bare if len(bare) <= _LONGEST_NAME else path.stem[: _LONGEST_NAME - len(path.suffix)] + path.suffix


@dataclass(frozen=True)
class UploadDocument(Action):
    """Gives a document to be audited and asks for the work.

    Attributes:
        body: the body it belongs to.
        against: the year it is held against; None to audit it by itself.
    """

    code = "audit.upload"
    label = "上传文件核对"
    right = "audit.use"

    body: Organisation
    name: str
    file: StoredFile
    against: StoredCase | None = None

    def organisation(self) -> Organisation:
        """The body."""
        return self.body

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Keep the document and enqueue its audit."""
        actor, today = setting.actor, timezone.localdate(setting.moment)
        own = judge("audit.accept", actor, Asked(today, organisation=self.body)).allowed
        if actor.user is None or not own:
            raise Refused(f"您不是“{self.body}”的经办人员，不能为它上传文件")
        if self.against is not None:
            verdict = judge("case.read", actor, Asked(today, self.against))
            if not verdict.allowed:
                raise Refused(verdict.reason)
        made = AuditedDocument.objects.create(
            organisation=self.body,
            case=self.against,
            name=shown_name(self.name),
            file=self.file,
            who=actor.user,
            moment=setting.moment,
        )
        job = ask_for_audit(made, setting)
        after = {"document": made.pk, "name": made.name, "sha256": self.file.sha256, "job": job}
        yield Change(f"audit/{made.pk}", None, after)


def ask_for_audit(document: AuditedDocument, setting: Setting) -> int:
    """Enqueue the audit of a document; gives the number of the job."""
    return enqueue(
        "audit.document",
        f"核对 {document.name}"[:200],
        {"document": document.pk},
        setting.actor,
        case=document.case,
        organisation=document.organisation,
    ).pk


@dataclass(frozen=True)
class AuditAgain(Action):
    """Asks for the audit of a document once more, with the rules and acceptances of now."""

    code = "audit.again"
    label = "重新核对"
    right = "audit.accept"

    document: AuditedDocument

    def organisation(self) -> Organisation:
        """The body of the document."""
        return self.document.organisation

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Enqueue."""
        yield Change(f"audit/{self.document.pk}", None, {"job": ask_for_audit(self.document, setting)})


@dataclass(frozen=True)
class KeepAudit(Action):
    """Keeps what an audit found.

    Attributes:
        content: the audit in its documented JSON, with the files made from it.
        page: the marked original as a fragment; None when nothing could be read.
        failed: why nothing could be read.
    """

    code = "audit.keep"
    label = "保存核对结果"
    right = "audit.use"

    document: AuditedDocument
    content: Mapping[str, Any]
    page: StoredFile | None
    failed: str = ""

    def organisation(self) -> Organisation:
        """The body of the document."""
        return self.document.organisation

    def carry_out(self, setting: Setting) -> Iterator[Change]:  # noqa: ARG002 - the same for every action
        """Keep."""
        locked = AuditedDocument.objects.select_for_update().get(pk=self.document.pk)
        locked.content, locked.page, locked.failed = dict(self.content), self.page, self.failed
        locked.save()
        findings = self.content.get("findings", [])
        yield Change(f"audit/{locked.pk}", None, {"findings": len(findings), "failed": self.failed})


@dataclass(frozen=True)
class AcceptFinding(Action):
    """Accepts a finding with a reason; the finding stays and is listed as accepted."""

    code = "audit.accept"
    label = "接受问题"
    right = "audit.accept"

    document: AuditedDocument
    finding: str
    why: str

    def organisation(self) -> Organisation:
        """The body of the document."""
        return self.document.organisation

    def reason(self) -> str:
        """The reason."""
        return self.why.strip()

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Accept."""
        place = Place(field="reason")
        why = self.reason()
        if not why:
            raise Invalid((NO_REASON.at(place, "没有写理由"),))
        if len(why) > _LONGEST_REASON:
            raise Invalid((LONG_REASON.at(place, f"理由有 {len(why)} 字"),))
        document = AuditedDocument.objects.select_for_update().get(pk=self.document.pk)
        if not any(each["key"] == self.finding for each in document.content.get("findings", [])):
            raise Invalid(
                (NO_FINDING.at(Place(field="finding"), f"核对结果中没有标识为“{self.finding}”的问题"),)
            )
        known = document.acceptances.filter(finding=self.finding).select_related("who").first()
        if known is not None:
            raise Stale(f"这条问题已由{known.who}接受，理由是“{known.reason}”；请刷新页面")
        assert setting.actor.user is not None  # noqa: S101 - the right asks for a person
        Acceptance.objects.create(
            document=document, finding=self.finding, reason=why, who=setting.actor.user, moment=setting.moment
        )
        yield Change(f"audit/{document.pk}/{self.finding}", None, {"accepted": True})


@dataclass(frozen=True)
class UndoAcceptance(Action):
    """Takes an acceptance back."""

    code = "audit.undo_acceptance"
    label = "撤销接受"
    right = "audit.accept"

    document: AuditedDocument
    finding: str

    def organisation(self) -> Organisation:
        """The body of the document."""
        return self.document.organisation

    def carry_out(self, setting: Setting) -> Iterator[Change]:  # noqa: ARG002 - the same for every action
        """Take it back."""
        known = self.document.acceptances.filter(finding=self.finding).first()
        if known is None:
            raise Stale("这条问题没有被接受，或已由别人撤销；请刷新页面")
        before = {"accepted": True, "reason": known.reason}
        known.delete()
        yield Change(f"audit/{self.document.pk}/{self.finding}", before, {"accepted": False})
