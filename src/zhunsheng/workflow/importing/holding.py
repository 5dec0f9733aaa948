"""What people do with rows that were held at import: correct them and put them in, or give them up with the reason."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zhunsheng.assembly.held_rows import checked_again
from zhunsheng.assembly.stores import ledger_label
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem
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
from zhunsheng.workflow.importing.places import HIDDEN, has_records, hidden_fields, opened, signature
from zhunsheng.workflow.jobs import enqueue

SETTLE, DISCARD = "records.settle", "records.discard"
MOST_AT_ONCE = 50
"""Rows that are given up in one go: as many as a page shows, so that each was looked at."""
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
    """The latest job about a held row; None also when it was given up with others."""
    alone = (
        Job.objects.filter(
            kind=SETTLE, organisation=body, parameters__ledger=ledger, parameters__number=number
        )
        .order_by("pk")
        .last()
    )
    # a list in a document is not asked alike in every database; those that are not over well are few
    several = Job.objects.filter(
        kind=DISCARD, organisation=body, parameters__ledger=ledger, state__in=(*_IN_HAND, JobState.FAILED)
    ).order_by("-pk")
    with_others = next((each for each in several if number in each.parameters["numbers"]), None)
    return max(
        (each for each in (alone, with_others) if each is not None), key=lambda job: job.pk, default=None
    )


def rows_in_hand(body: Organisation, ledger: str) -> frozenset[int]:
    """The numbers of the held rows that a job is to settle."""
    waiting = Job.objects.filter(
        kind__in=(SETTLE, DISCARD), organisation=body, parameters__ledger=ledger, state__in=_IN_HAND
    )
    given = [each.parameters for each in waiting]
    return frozenset(number for each in given for number in each.get("numbers", [each.get("number")]))


def _open_rows(
    store: RecordStore, body: Organisation, ledger: LedgerDefinition, numbers: Sequence[int]
) -> list[HeldRow]:
    """Rows, all of them still held and in nobody's hand.

    Raises:
        Stale: one of them is not; it says which.
    """
    rows = {number: held_row_of(store, ledger, number) for number in numbers}
    found = [row for row in rows.values() if row is not None and row.state is HoldState.OPEN]
    still = {row.number for row in found}
    if len(found) < len(rows):
        gone = _listed(number for number in rows if number not in still)
        raise Stale(f"第 {gone} 号行已经处理；请刷新页面")
    busy = rows_in_hand(body, ledger.code) & rows.keys()
    if busy:
        raise Stale(f"第 {_listed(sorted(busy))} 号行正在处理；请稍候刷新页面")
    return found


def _listed(numbers: Iterable[int]) -> str:
    return "、".join(str(each) for each in numbers)


def _reason_problems(why: str) -> tuple[Problem, ...]:
    """What is wrong with the reason for giving rows up."""
    place = Place(field="reason")
    if not why:
        return (kinds.NO_DISCARD_REASON.at(place, "没有写弃用的原因"),)
    if len(why) > _LONGEST_REASON:
        return (kinds.LONG_REASON.at(place, f"原因有 {len(why)} 字"),)
    return ()


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
            (row,) = _open_rows(store, self.body, self.ledger, (self.number,))
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
        why = self.reason()
        problems = _reason_problems(why)
        if problems:
            raise Invalid(problems)
        Organisation.objects.select_for_update().get(pk=self.body.pk)
        with opened(self.body) as store:
            _open_rows(store, self.body, self.ledger, (self.number,))
        yield self._asked(setting, "弃用", deed="discard", reason=why)


@dataclass(frozen=True)
class DiscardHeldRows(Action):
    """Asks for several held rows to be given up with one reason: all of them or none."""

    code = "records.ask_discard_rows"
    label = "弃用多个待核行"
    right = "records.import"

    body: Organisation
    ledger: LedgerDefinition
    numbers: tuple[int, ...]
    why: str = ""

    def organisation(self) -> Organisation:
        """The body."""
        return self.body

    def reason(self) -> str:
        """The reason."""
        return self.why.strip()

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Ask for it."""
        numbers = sorted(set(self.numbers))
        problems = [*_reason_problems(self.reason())]
        if not numbers:
            problems.append(kinds.NOTHING_CHOSEN.at(Place(field="rows"), "没有选择行"))
        if len(numbers) > MOST_AT_ONCE:
            problems.append(kinds.TOO_MANY_CHOSEN.at(Place(field="rows"), f"选了 {len(numbers)} 行"))
        if problems:
            raise Invalid(problems)
        # whoever comes second waits here until the first one's job can be seen
        Organisation.objects.select_for_update().get(pk=self.body.pk)
        if not has_records(self.body):
            raise Stale(f"第 {_listed(numbers)} 号行不在待核的行中；请刷新页面")
        with opened(self.body) as store:
            _open_rows(store, self.body, self.ledger, numbers)
        job = enqueue(
            DISCARD,
            f"弃用 {len(numbers)} 个待核行（{ledger_label(self.ledger.code)}）",
            {"ledger": self.ledger.code, "numbers": numbers, "reason": self.reason()},
            setting.actor,
            organisation=self.body,
        )
        subject = f"records/{self.body.code}/{self.ledger.code}/held"
        yield Change(subject, None, {"job": job.pk, "rows": numbers})


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
