"""What people do with rows that were held at import: correct them and put them in, or give them up with the reason."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zhunsheng.assembly.held_rows import checked_again
from zhunsheng.assembly.stores import ledger_label
from zhunsheng.kernel.place import Place
from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.field import Level
from zhunsheng.ledgers.value_kinds import Fault
from zhunsheng.store.database.models import Job, JobState, Organisation
from zhunsheng.store.intake.releasing import texts_of
from zhunsheng.store.records.entries import HeldRow, HoldReason, HoldState
from zhunsheng.store.records.record_store import RecordStore
from zhunsheng.workflow.action import Action, Change, Invalid, Setting, Stale
from zhunsheng.workflow.importing import kinds
from zhunsheng.workflow.importing.actions import is_written
from zhunsheng.workflow.importing.places import HIDDEN, hidden_fields, opened, signature
from zhunsheng.workflow.jobs import enqueue

SETTLE = "records.settle"
_LONGEST_REASON = 500
_LONGEST_VALUE = 5_000
_OUTCOMES = {
    "stored": HoldState.RELEASED.label,
    "waiting": HoldReason.WAITING.label,
    "discarded": HoldState.DISCARDED.label,
}
_IN_HAND = (JobState.WAITING, JobState.RUNNING)


class StillFaulty(Invalid):
    """The row is still faulty; `faults` says at which fields."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(tuple(each.problem for each in faults))
        self.faults = tuple(faults)


def held_row_of(store: RecordStore, ledger: LedgerDefinition, number: int) -> HeldRow | None:
    """A row of a ledger that was held, whatever became of it."""
    found = store.manifest.held_row(number)
    return found if found is not None and found.ledger == ledger.code else None


def settling_of(body: Organisation, ledger: str, number: int) -> Job | None:
    """The latest job about a held row."""
    return (
        Job.objects.filter(
            kind=SETTLE, organisation=body, parameters__ledger=ledger, parameters__number=number
        )
        .order_by("pk")
        .last()
    )


def corrections_of(
    ledger: LedgerDefinition, row: HeldRow, typed: Mapping[str, str], hidden: frozenset[str]
) -> dict[str, str]:
    """What of the typed texts differs from what stands in the row.

    Args:
        hidden: fields whose values the person is not shown; left empty they keep their value.
    """
    now = texts_of(ledger, row)
    found = {}
    for each in ledger.entered:
        text = typed.get(each.name)
        if text is None or (each.name in hidden and not text.strip()):
            continue
        if text.strip() != now[each.name].strip():
            found[each.name] = text.strip()
    return found


@dataclass(frozen=True)
class _OfRow(Action):
    """Something is asked for about a held row."""

    right = "records.import"

    body: Organisation
    ledger: LedgerDefinition
    number: int

    def organisation(self) -> Organisation:
        """The body."""
        return self.body

    @property
    def subject(self) -> str:
        """The row in the trail."""
        return f"records/{self.body.code}/{self.ledger.code}/held/{self.number}"

    def _open_row(self, store: RecordStore) -> HeldRow:
        """The row, still held and in nobody's hand.

        Raises:
            Stale: it is not.
        """
        row = held_row_of(store, self.ledger, self.number)
        if row is None or row.state is not HoldState.OPEN:
            raise Stale(f"第 {self.number} 号行已经处理；请刷新页面")
        job = settling_of(self.body, self.ledger.code, self.number)
        if job is not None and job.state in _IN_HAND:
            raise Stale(f"第 {self.number} 号行正在处理；请稍候刷新页面")
        return row

    def _asked(self, setting: Setting, words: str, **parameters: Any) -> Change:  # noqa: ANN401 - plain data
        job = enqueue(
            SETTLE,
            f"{words}第 {self.number} 号待核行（{ledger_label(self.ledger.code)}）",
            {"ledger": self.ledger.code, "number": self.number, **parameters},
            setting.actor,
            organisation=self.body,
        )
        return Change(self.subject, None, {"job": job.pk})


@dataclass(frozen=True)
class ReleaseHeldRow(_OfRow):
    """Asks for a held row to be put in, corrected where the person says so.

    Attributes:
        corrections: texts by the name of the field.
        confirmed: whether the person says that what is only doubtful is right.
    """

    code = "records.ask_release"
    label = "待核行入库"

    corrections: Mapping[str, str] = field(default_factory=dict)
    confirmed: bool = False

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Check the row at once, so that everything wrong is told at its field, and ask for it to be stored."""
        unknown = set(self.corrections) - {each.name for each in self.ledger.entered}
        long = [name for name, text in self.corrections.items() if len(text) > _LONGEST_VALUE]
        if unknown or long:
            names = "、".join(sorted(each[:60] for each in (*unknown, *long)))
            raise Invalid((kinds.BAD_CORRECTION.at(Place(field="corrections"), f"不能改正：{names}"),))
        Organisation.objects.select_for_update().get(pk=self.body.pk)
        with opened(self.body) as store:
            row = self._open_row(store)
            checked = checked_again(
                store, row, signature(setting.actor), self.corrections, confirmed=self.confirmed
            )
        wrong = [each for each in checked.faults if each.level is not Level.WARN]
        if wrong:
            raise StillFaulty(wrong)
        yield self._asked(
            setting,
            "入库",
            deed="release",
            corrections=dict(self.corrections),
            confirmed=self.confirmed,
        )


@dataclass(frozen=True)
class DiscardHeldRow(_OfRow):
    """Asks for a held row to be given up, with the reason."""

    code = "records.ask_discard"
    label = "弃用待核行"

    why: str = ""

    def reason(self) -> str:
        """The reason."""
        return self.why.strip()

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Ask for it."""
        place, why = Place(field="reason"), self.reason()
        if not why:
            raise Invalid((kinds.NO_DISCARD_REASON.at(place, "没有写弃用的原因"),))
        if len(why) > _LONGEST_REASON:
            raise Invalid((kinds.LONG_REASON.at(place, f"原因有 {len(why)} 字"),))
        Organisation.objects.select_for_update().get(pk=self.body.pk)
        with opened(self.body) as store:
            self._open_row(store)
        yield self._asked(setting, "弃用", deed="discard", reason=why)


@dataclass(frozen=True)
class KeepSettled(_OfRow):
    """Writes down what became of a held row.

    Attributes:
        before, after: texts of the fields that were corrected.
        outcome: "stored", "waiting" or "discarded".
        why: of giving it up.
        is_repeated: the work was interrupted, so it may be written down already.
    """

    code = "records.settle"
    label = "处理待核行"

    before: Mapping[str, str]
    after: Mapping[str, str]
    outcome: str
    batches: tuple[int, ...] = ()
    why: str = ""
    is_repeated: bool = False

    def reason(self) -> str:
        """Why it was given up."""
        return self.why

    def carry_out(self, setting: Setting) -> Iterator[Change]:  # noqa: ARG002 - the same for every action
        """Write it down, once; values that not everybody may see are left out."""
        if self.is_repeated and is_written(self.code, self.body, self.subject):
            return
        hidden = hidden_fields(self.ledger, personal=False)
        shown = [
            {name: HIDDEN if name in hidden else text for name, text in texts.items()}
            for texts in (self.before, self.after)
        ]
        more = {"batches": list(self.batches)} if self.batches else {}
        after = {"outcome": _OUTCOMES[self.outcome], **shown[1], **more}
        yield Change(self.subject, shown[0] or None, after)
