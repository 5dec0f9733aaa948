"""What people do with records: have a file checked, import it, undo a batch, take records out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from zhunsheng.assembly.stores import ledger_label
from zhunsheng.kernel.place import Place
from zhunsheng.store.database.models import Job, JobState, Organisation, StoredFile, TrailEntry
from zhunsheng.store.records.entries import CommitKind, ImportRecord
from zhunsheng.store.records.undoing import Undone
from zhunsheng.workflow.action import Action, Change, Invalid, Setting, Stale
from zhunsheng.workflow.importing import kinds
from zhunsheng.workflow.importing.places import opened
from zhunsheng.workflow.jobs import enqueue, enqueue_once

CHECK, IMPORT, UNDO, EXPORT = "records.check", "records.import", "records.undo", "records.export"
_LONGEST_REASON = 500
_IN_HAND = (JobState.WAITING, JobState.RUNNING)


@dataclass(frozen=True)
class CheckFile(Action):
    """Gives a file to be held against a ledger; nothing is imported yet.

    Attributes:
        body: whose records they are.
        ledger: code.
        name: of the file, as its owner calls it.
        org: the body responsible for rows that name none.
        said: headings and the fields they are.
        constants: values of fields that the file has no column for.
        again: check it even if it was imported before.
    """

    code = "records.check"
    label = "核对台账文件"
    right = "records.import"

    body: Organisation
    ledger: str
    name: str
    file: StoredFile
    org: str = ""
    said: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    again: bool = False

    def organisation(self) -> Organisation:
        """The body."""
        return self.body

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Enqueue the check; a body without a record store is given one."""
        if not self.body.store:
            body = Organisation.objects.select_for_update().get(pk=self.body.pk)
            if not body.store:
                body.store = body.code
                body.save(update_fields=["store"])
                yield Change(f"organisations/{body.code}", {"store": ""}, {"store": body.store})
            self.body.store = body.store
        parameters = {
            "file": self.file.sha256,
            "name": self.name,
            "ledger": self.ledger,
            "org": self.org,
            "said": dict(self.said),
            "constants": dict(self.constants),
            "again": self.again,
        }
        job = enqueue(
            CHECK,
            f"核对 {self.name}（{ledger_label(self.ledger)}）",
            parameters,
            setting.actor,
            organisation=self.body,
        )
        after = {"job": job.pk, "file": self.name, "sha256": self.file.sha256}
        yield Change(f"records/{self.body.code}/{self.ledger}/checks/{job.pk}", None, after)


@dataclass(frozen=True)
class ImportFile(Action):
    """Asks for a checked file to be imported.

    Attributes:
        check: the check of it.
    """

    code = "records.ask_import"
    label = "导入台账文件"
    right = "records.import"

    body: Organisation
    check: Job

    def organisation(self) -> Organisation:
        """The body."""
        return self.body

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Enqueue the import, once for each check."""
        check = Job.objects.select_for_update(of=("self",)).get(pk=self.check.pk)
        is_sound = (
            check.kind == CHECK
            and check.organisation_id == self.body.pk
            and check.state == JobState.DONE
            and check.result.get("status") == "planned"
        )
        if not is_sound:
            raise Invalid((kinds.NOT_CHECKED.at(Place(), "这个文件还不能导入"),))
        if import_of(check) is not None:
            raise Stale("这个文件已经开始导入，不用再确认")
        parameters = {**check.parameters, "check": check.pk}
        job = enqueue(
            IMPORT,
            f"导入 {check.parameters['name']}（{ledger_label(check.parameters['ledger'])}）",
            parameters,
            setting.actor,
            organisation=self.body,
        )
        subject = f"records/{self.body.code}/{check.parameters['ledger']}/checks/{check.pk}"
        yield Change(subject, None, {"job": job.pk})


def import_of(check: Job) -> Job | None:
    """The import that was asked for after a check; a failed or cancelled one may be asked for again."""
    return (
        Job.objects.filter(kind=IMPORT, organisation=check.organisation_id, parameters__check=check.pk)
        .exclude(state__in=(JobState.FAILED, JobState.CANCELLED))
        .order_by("pk")
        .last()
    )


@dataclass(frozen=True)
class KeepImport(Action):
    """Writes down that rows came into the record store.

    Attributes:
        record: of the import, as the store has it.
        file: hash of the file.
        is_repeated: the import was interrupted after its rows were stored, so it may be written down already.
    """

    code = "records.import"
    label = "台账入库"
    right = "records.import"

    body: Organisation
    record: ImportRecord
    file: str
    is_repeated: bool = False

    def organisation(self) -> Organisation:
        """The body."""
        return self.body

    def carry_out(self, setting: Setting) -> Iterator[Change]:  # noqa: ARG002 - the same for every action
        """Write it down, once."""
        record = self.record
        subject = f"records/{self.body.code}/{record.ledger}/imports/{record.number}"
        if self.is_repeated and is_written(self.code, self.body, subject):
            return
        after = {
            "batch": record.batch,
            "file": record.source,
            "sha256": self.file,
            "read": record.rows_read,
            "stored": record.stored,
            "new_versions": record.new_versions,
            "unchanged": record.unchanged,
            "rejected": record.rejected,
            "quarantined": record.quarantined,
            "waiting": record.waiting,
        }
        yield Change(subject, None, after)


def is_written(code: str, body: Organisation, subject: str) -> bool:
    """Whether an act about something of a body stands in the trail already."""
    return TrailEntry.objects.filter(action=code, organisation=body.code, subject=subject).exists()


@dataclass(frozen=True)
class UndoBatch(Action):
    """Asks for a batch to be undone.

    Attributes:
        batch: number of its commit.
        why: the reason.
    """

    code = "records.ask_undo"
    label = "撤销导入批次"
    right = "records.undo"

    body: Organisation
    ledger: str
    batch: int
    why: str

    def organisation(self) -> Organisation:
        """The body."""
        return self.body

    def reason(self) -> str:
        """The reason."""
        return self.why.strip()

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Enqueue the undo, once."""
        place, why = Place(field="reason"), self.reason()
        if not why:
            raise Invalid((kinds.NO_REASON.at(place, "没有写撤销的原因"),))
        if len(why) > _LONGEST_REASON:
            raise Invalid((kinds.LONG_REASON.at(place, f"原因有 {len(why)} 字"),))
        # whoever comes second waits here until the first one's job can be seen
        Organisation.objects.select_for_update().get(pk=self.body.pk)
        with opened(self.body) as store:
            found = next((each for each in store.batches(self.ledger) if each.seq == self.batch), None)
        if found is None or found.kind is not CommitKind.BATCH:
            raise Invalid((kinds.NO_BATCH.at(Place(), f"没有第 {self.batch} 批"),))
        if found.undone_at is not None or undo_of(self.body, self.batch) is not None:
            raise Stale(f"第 {self.batch} 批已经撤销或正在撤销；请刷新页面")
        parameters = {"ledger": self.ledger, "batch": self.batch, "reason": why}
        label = f"撤销第 {self.batch} 批（{ledger_label(self.ledger)}）"
        job = enqueue(UNDO, label, parameters, setting.actor, organisation=self.body)
        yield Change(f"records/{self.body.code}/{self.ledger}/batches/{self.batch}", None, {"job": job.pk})


def undo_of(body: Organisation, batch: int) -> Job | None:
    """The undo of a batch that waits or is being done."""
    return Job.objects.filter(
        kind=UNDO, organisation=body, parameters__batch=batch, state__in=_IN_HAND
    ).first()


@dataclass(frozen=True)
class KeepUndo(Action):
    """Writes down that a batch no longer counts."""

    code = "records.undo"
    label = "撤销导入批次"
    right = "records.undo"

    body: Organisation
    ledger: str
    undone: Undone | None
    batch: int
    why: str
    is_repeated: bool = False

    def organisation(self) -> Organisation:
        """The body."""
        return self.body

    def reason(self) -> str:
        """The reason."""
        return self.why

    def carry_out(self, setting: Setting) -> Iterator[Change]:  # noqa: ARG002 - the same for every action
        """Write it down, once."""
        subject = f"records/{self.body.code}/{self.ledger}/batches/{self.batch}"
        if self.is_repeated and is_written(self.code, self.body, subject):
            return
        after: dict[str, Any] = {"undone": True}
        if self.undone is not None:
            after |= {
                "commit": self.undone.seq,
                "hidden": self.undone.hidden,
                "given_up": self.undone.given_up,
            }
        yield Change(subject, {"undone": False}, after)


@dataclass(frozen=True)
class ExportRecords(Action):
    """Asks for records as a file.

    Attributes:
        words: what is exported and by which fields it was chosen, in Chinese; without the values.
        parameters: of the job.
        personal: whether personal data will be in it.
    """

    code = "records.export"
    label = "导出台账记录"
    right = "records.read"

    body: Organisation
    ledger: str
    words: str
    parameters: Mapping[str, Any]
    personal: bool

    def organisation(self) -> Organisation:
        """The body."""
        return self.body

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Enqueue, once while the same export of the same person is not over."""
        label = f"导出 {ledger_label(self.ledger)}{f'：{self.words}' if self.words else ''}"
        parameters = {**self.parameters, "ledger": self.ledger}
        job = enqueue_once(EXPORT, label, parameters, setting.actor, organisation=self.body)
        after = {"job": job.pk, "what": self.words or "全部", "personal": self.personal}
        yield Change(f"records/{self.body.code}/{self.ledger}", None, after)
