"""Evidence of a value: attaching files, withdrawing them, judging them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem
from zhunsheng.plans.choices import EvidenceStatus, SourceKind
from zhunsheng.store.database.case_content import SECTION_OF, row_with_key
from zhunsheng.store.database.file_store import keep
from zhunsheng.store.database.models import Evidence, Organisation, StoredCase, StoredFile
from zhunsheng.workflow.action import Action, Change, Invalid, Refused, Setting, Stale
from zhunsheng.workflow.collecting import kinds
from zhunsheng.workflow.collecting.evidence_files import LARGEST, MOST, Recognised, recognise
from zhunsheng.workflow.collecting.execution import spending_of
from zhunsheng.workflow.collecting.items import owner_of
from zhunsheng.workflow.collecting.reporting import wanted_item

_CHUNK = 1_000_000


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it arrived."""

    name: str
    size: int
    stream: BinaryIO


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that was recognised and kept, under its safe name."""

    file: StoredFile
    name: str


def is_owed_by(case: StoredCase, item: str) -> Organisation:
    """Who reports what a piece of evidence proves: an executed amount, or the value of an item."""
    found = spending_of(case, item)
    return owner_of(case, item) if found is None else found.owner


def kept_files(uploads: Iterable[Upload]) -> tuple[KeptFile, ...]:
    """Keep uploaded files if all of them may be kept.

    Raises:
        Invalid: any of them is not accepted; nothing is kept.
    """
    given = list(uploads)
    place = Place(field="佐证材料")
    if not given:
        raise Invalid((kinds.NO_FILE.at(place, "没有收到文件"),))
    if len(given) > MOST:
        raise Invalid((kinds.TOO_MANY.at(place, f"选了 {len(given)} 个文件"),))
    found = [recognise(each.stream, each.name, each.size) for each in given]
    problems = [each for each in found if isinstance(each, Problem)]
    if problems:
        raise Invalid(problems)
    names = [each.name for each in found if isinstance(each, Recognised)]
    return tuple(
        KeptFile(keep(_chunks(each.stream), LARGEST), name) for each, name in zip(given, names, strict=True)
    )


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    stream.seek(0)
    while chunk := stream.read(_CHUNK):
        yield chunk


@dataclass(frozen=True)
class AttachEvidence(Action):
    """Gives files as proof of an item; the same content is given once."""

    code = "evidence.attach"
    label = "上传佐证"
    right = "collect.report"
    touches_content = True

    case: StoredCase
    item: str
    files: tuple[KeptFile, ...]
    note: str = ""

    def case_id(self) -> int:
        """The year."""
        return self.case.pk

    def division(self, case: StoredCase | None) -> Organisation | None:
        """Who owes the value."""
        return is_owed_by(case or self.case, self.item)

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Attach."""
        assert setting.actor.user is not None  # noqa: S101 - the right is nobody's who is not signed in
        if spending_of(setting.year, self.item) is None:
            wanted_item(setting.year, self.item)
        given = Evidence.objects.filter(case=setting.year, item=self.item, withdrawn=None)
        known = set(given.values_list("file__sha256", flat=True))
        for each in self.files:
            if each.file.sha256 in known:
                continue
            known.add(each.file.sha256)
            Evidence.objects.create(
                case=setting.year,
                item=self.item,
                file=each.file,
                name=each.name,
                note=self.note.strip()[:1000],
                who=setting.actor.user,
                moment=setting.moment,
                status=EvidenceStatus.PROVIDED.value,
            )
            after = {"sha256": each.file.sha256, "size": each.file.size, "note": self.note.strip()[:1000]}
            yield Change(_subject(self.item, each.name), None, after)
        yield from settle_status(setting.year, self.item)


@dataclass(frozen=True)
class WithdrawEvidence(Action):
    """Takes a file back; it is kept and no longer counts."""

    code = "evidence.withdraw"
    label = "撤回佐证"
    right = "collect.report"
    touches_content = True

    evidence: Evidence
    why: str = ""

    def case_id(self) -> int:
        """The year."""
        return self.evidence.case_id

    def division(self, case: StoredCase | None) -> Organisation | None:
        """Who owes the value."""
        return is_owed_by(case or self.evidence.case, self.evidence.item)

    def reason(self) -> str:
        """Why."""
        return self.why.strip()

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Withdraw."""
        row = Evidence.objects.get(pk=self.evidence.pk)
        if row.withdrawn is not None:
            raise Stale(f"“{row.name}”已被撤回")
        row.withdrawn = setting.moment
        row.save()
        yield Change(_subject(row.item, row.name), {"sha256": row.file.sha256}, None)
        yield from settle_status(setting.year, row.item)


@dataclass(frozen=True)
class JudgeEvidence(Action):
    """Accepts a file as proof, or returns it with the reason. Nobody accepts what they gave themselves.

    Attributes:
        seen: `mark_of` the evidence the person has seen.
    """

    code = "evidence.judge"
    label = "审核佐证"
    right = "collect.judge"
    touches_content = True

    evidence: Evidence
    accepted: bool
    why: str
    seen: str

    def case_id(self) -> int:
        """The year."""
        return self.evidence.case_id

    def reason(self) -> str:
        """Why."""
        return self.why.strip()

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Judge."""
        row = Evidence.objects.select_related("file").get(pk=self.evidence.pk)
        if row.withdrawn is not None:
            raise Stale(f"“{row.name}”已被撤回，不能审核")
        if mark_of(row) != self.seen:
            who = row.judged_by or "别人"
            raise Stale(f"“{row.name}”已由{who}审核；请刷新后查看")
        if setting.actor.user is not None and row.who_id == setting.actor.user.pk:
            raise Refused(
                "自己上传的佐证须由别人审核：请本单位另一位财务、财政部门或第三方审核，或由填报人撤回后重新上传"
            )
        why = self.why.strip()
        if not self.accepted and not why:
            raise Invalid((kinds.NO_REASON.at(Place(row.name, field="审核意见"), "没有写退回的原因"),))
        before = row.status
        row.status = (EvidenceStatus.VERIFIED if self.accepted else EvidenceStatus.NONE).value
        row.judged_by, row.judgement = setting.actor.user, why
        row.save()
        yield Change(_subject(row.item, row.name), {"status": before}, {"status": row.status})
        yield from settle_status(setting.year, row.item)


def mark_of(evidence: Evidence) -> str:
    """How a file stands, as a text two looks can be compared by."""
    return f"{evidence.status}/{evidence.judged_by_id or ''}"


def is_returned(evidence: Evidence) -> bool:
    """Whether a reviewer returned the file."""
    return evidence.judged_by_id is not None and evidence.status == EvidenceStatus.NONE.value


def _subject(item: str, name: str) -> str:
    return f"evidence/{item}/{name}"[:200]


def settle_status(case: StoredCase, item: str) -> Iterator[Change]:
    """Let the state of the evidence of an indicator follow from its files."""
    row = row_with_key(case, SECTION_OF["actuals"], {"indicator": item})
    if row is None:
        return
    before = str(row.f_evidence_status)  # type: ignore[attr-defined] # made from the columns
    after = _status_of(case, item, row)
    if before != after.value:
        row.f_evidence_status = after.value  # type: ignore[attr-defined]
        row.save()
        yield Change(f"actuals/{item}", {"evidence_status": before}, {"evidence_status": after.value})


def _status_of(case: StoredCase, item: str, row: object) -> EvidenceStatus:
    given = set(
        Evidence.objects.filter(case=case, item=item, withdrawn=None).values_list("status", flat=True)
    )
    if EvidenceStatus.VERIFIED.value in given:
        return EvidenceStatus.VERIFIED
    computed = row.f_source_kind == SourceKind.COMPUTED.value  # type: ignore[attr-defined] # made from the columns
    if EvidenceStatus.PROVIDED.value in given or computed:
        return EvidenceStatus.PROVIDED
    return EvidenceStatus.CLAIMED if row.f_evidence else EvidenceStatus.NONE  # type: ignore[attr-defined]
