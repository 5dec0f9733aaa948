"""One import, from a staged source to a batch: plan first, then all of it or nothing."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import TracebackType
from typing import Final, Self

import duckdb

from zhunsheng.expressions.evaluation import Deadline, Surroundings
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem, Severity
from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.field import Level
from zhunsheng.ledgers.row_checks import CodeLists, RowChecker
from zhunsheng.store.intake import kinds
from zhunsheng.store.intake.checking import TYPED, Source, Tally, check_sources
from zhunsheng.store.intake.constants import doubled, read_constants
from zhunsheng.store.intake.headings import map_headings
from zhunsheng.store.intake.releasing import Released, release_waiting
from zhunsheng.store.intake.row_faults import Alike, RowFault, alike_faults, row_faults
from zhunsheng.store.intake.staging import Report, Staged, StagingArea
from zhunsheng.store.intake.stamped_checks import check_stamped
from zhunsheng.store.intake.uniqueness import set_apart, set_taken_apart
from zhunsheng.store.records.arrivals import Arrivals
from zhunsheng.store.records.balancing import settle
from zhunsheng.store.records.entries import ImportRecord, Json
from zhunsheng.store.records.opened_store import OpenedStore, Snapshot
from zhunsheng.store.records.settled import given_up_rows
from zhunsheng.store.records.writing import BatchInfo, WriteResult, write_batch

BY_ORG: Final = "--org"
BY_SET: Final = "--set"
"""Under these names the mapping of an import keeps what was given for the whole source."""

_STAGED_IN: Final = "states/intake"


@dataclass(frozen=True, slots=True)
class Request:
    """What a person asks for.

    Attributes:
        who: the person or system the import is done for.
        org: the body responsible for rows that name none, or "".
        said: headings and the fields they are, as said now.
        constants: the values, as texts, of fields that the source has no column for, by name or label.
        today: the day of the import.
        due: the last day of a period by a deadline rule, or None.
    """

    ledger: LedgerDefinition
    who: str
    today: date
    org: str = ""
    said: Mapping[str, str] = field(default_factory=dict)
    code_lists: CodeLists = field(default_factory=dict)
    due: Deadline | None = None
    note: str = ""
    constants: Mapping[str, str] = field(default_factory=dict)

    def checker_of(self, ledger: LedgerDefinition) -> RowChecker:
        """The checker of any ledger for what is imported with this request."""
        return RowChecker(
            ledger, self.today, self.code_lists, Surroundings(due=self.due), entered_by=self.who
        )


@dataclass(frozen=True, slots=True)
class Outlook:
    """What storing the rows would do: rows by what becomes of them, and the sums of the main amount."""

    rows: Mapping[str, int]
    new_versions: int


def staging_area(store: OpenedStore) -> StagingArea:
    """Where sources are staged: a cache of the store that may be deleted at any time."""
    return StagingArea(store.layout.root / _STAGED_IN)


class Import:
    """An import on its way. Nothing is in the store before `apply` returns.

    Attributes:
        problems: about the file as a whole; with an error among them nothing was checked.
        earlier: the import of the same content in the same way, when there was one that still counts.
        tally: what came of the rows.
    """

    def __init__(
        self, store: OpenedStore, request: Request, staged: Staged, report: Report | None = None
    ) -> None:
        self.store = store
        self.request = request
        self.staged = staged
        self.report: Report = report or _silent
        self.problems: list[Problem] = list(staged.problems)
        self.sources: list[tuple[Source, RowChecker]] = []
        self.constants: dict[str, str] = {}
        self.tally = Tally()
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._checked_at: int | None = None
        self._is_applied = False
        self._map()
        self.earlier = self._earlier()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the engine, and of what was staged when it is stored."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if self._is_applied:
            staging_area(self.store).drop(self.staged)

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The engine with the rows; made when it is first needed."""
        if self._connection is None:
            self._connection = self.store.connect()
            # the order of rows is kept by their numbers, not by the engine
            self._connection.execute("SET preserve_insertion_order = false; SET enable_progress_bar = false")
        return self._connection

    @property
    def is_refused(self) -> bool:
        """Whether the file as a whole cannot be imported."""
        return any(each.severity is Severity.ERROR for each in self.problems) or not self.sources

    @property
    def mapping(self) -> dict[str, Json]:
        """How headings became fields, as plain data."""
        found: dict[str, Json] = {}
        for source, _ in self.sources:
            name = source.part.name
            content: dict[str, Json] = dict(source.mapped.as_data(source.part.headings))
            if name:
                found[name] = content
            else:
                found.update(content)
        if self.request.org:
            found[BY_ORG] = self.request.org
        if self.constants:
            found[BY_SET] = dict(sorted(self.constants.items()))
        return found

    def _map(self) -> None:
        ledger = self.request.ledger
        given = {"org_code": self.request.org} if self.request.org and "org_code" in ledger.by_name else {}
        if self.request.org and ledger.organisation in ledger.by_name and ledger.organisation != "org_code":
            given = {ledger.organisation: self.request.org}
        self.constants, wrong = read_constants(
            self.request.checker_of(ledger), self.request.constants, Place(self.staged.name)
        )
        self.problems += wrong
        given |= self.constants
        remembered = self._remembered()
        offset = 0
        for part in self.staged.parts:
            place = Place(self.staged.name, line=part.header_line or None, sheet=part.name or None)
            mapped = map_headings(
                ledger,
                part.headings,
                place,
                said=self.request.said,
                remembered=remembered,
                given=tuple(given),
            )
            self.problems += mapped.problems
            self.problems += doubled(ledger, self.constants, mapped, part.headings, place)
            checker = replace(self.request.checker_of(ledger), scales=mapped.scales)
            self.sources.append((Source(part, mapped, offset, given), checker))
            offset += part.rows
        if self.staged.parts and not offset:
            self.problems.append(kinds.NO_ROWS.at(Place(self.staged.name), f"“{self.staged.name}”没有数据行"))

    def _remembered(self) -> dict[str, str]:
        """Headings that were explained for an earlier file with the same headings."""
        headings = {heading for part in self.staged.parts for heading in part.headings}
        for record in reversed(self.store.manifest.imports(self.request.ledger.code)):
            known = _flat(record)
            if known and set(known) <= headings:
                return {
                    heading: name for heading, name in known.items() if name in self.request.ledger.by_name
                }
        return {}

    def _earlier(self) -> ImportRecord | None:
        """The import that already brought this content in."""
        if not self.staged.sha256 or self.is_refused:
            return None
        undone = self.store.manifest.undone()
        for record in reversed(self.store.manifest.imports(self.request.ledger.code, self.staged.sha256)):
            if dict(record.mapping) == self.mapping and record.batch not in undone:
                return record
        return None

    def check(self) -> Tally:
        """Check every row; the store is only read."""
        if not self.is_refused and self._checked_at is None:
            with staging_area(self.store).scratch() as scratch:
                self.tally = check_sources(self.connection, self.sources, scratch, self.report)
            ledger, snapshot = self.request.ledger, self.store.snapshot()
            self._checked_at = snapshot.seq
            check_stamped(self.connection, ledger, snapshot, self.tally)
            set_apart(self.connection, ledger, snapshot, self.tally)
        return self.tally

    def outlook(self) -> Outlook:
        """What storing would do now; the store is only read."""
        ledger, head = self.request.ledger, self.store.snapshot()
        info = settle(self.connection, ledger, head, self._info())
        arrivals = Arrivals(
            self.connection, TYPED, ledger, head, referred=self.store.is_referred(ledger.code)
        )
        try:
            arrivals.sort_out()
            arrivals.turn_away(given_up_rows(head, ledger, arrivals.waits))
            rows = {str(name): count for name, (count, _) in arrivals.fates("").items()}
        finally:
            arrivals.drop()
        rows["read"] = self.tally.read
        rows["rejected"] = rows.get("rejected", 0) + info.rejected
        rows["unchanged"] = rows.get("unchanged", 0) + info.unchanged
        rows["quarantined"] = len(info.quarantined)
        return Outlook(rows, arrivals.new_versions)

    def _info(self) -> BatchInfo:
        """What is known of the import besides the rows to be stored."""
        return BatchInfo(
            self.request.who,
            self.staged.name,
            self.staged.sha256,
            self.mapping,
            self.request.note,
            rejected=self.tally.rejected,
            rejected_amount=self.tally.rejected_amount,
            quarantined=tuple(sorted(self.tally.held, key=lambda each: each.row)),
            quarantined_amount=self.tally.held_amount,
        )

    def _recheck(self, head: Snapshot) -> tuple[BatchInfo, Sequence[int]]:
        """What another writer stored after the rows were checked may contradict them."""
        if head.seq != self._checked_at:
            check_stamped(self.connection, self.request.ledger, head, self.tally, again=True)
            set_taken_apart(self.connection, self.request.ledger, head, self.tally)
        return self._info(), ()

    def apply(
        self, *, wait_seconds: float = 60, on_wait: Callable[[str], None] | None = None
    ) -> tuple[WriteResult, Released]:
        """Store the rows, hold back what must be held, and store what waited for them.

        Raises:
            StoreFault: another writer did not end in time, or the disk refused; nothing was stored.
        """
        self.check()
        self.report("入库", 0, 0)
        result = write_batch(
            self.store,
            self.connection,
            TYPED,
            self.request.ledger,
            self._info(),
            recheck=self._recheck,
            wait_seconds=wait_seconds,
            on_wait=on_wait,
        )
        self._is_applied = True
        released = Released()
        if result.record.stored:
            with staging_area(self.store).scratch() as scratch:
                released = release_waiting(
                    self.store, self.connection, self.request.checker_of, self.request.who, scratch
                )
        return result, released

    def faults(self, most: int | None = None, levels: Sequence[Level] = tuple(Level)) -> Iterator[RowFault]:
        """Faults of the rows, the strictest first, those of a level in the order of the file."""
        sources = [source for source, _ in self.sources]
        return row_faults(self.connection, sources, self.staged.name, most=most, levels=levels)

    def alike(self, level: Level, most: int) -> list[Alike]:
        """The faults of a level put together, the most frequent first, each with its first places."""
        sources = [source for source, _ in self.sources]
        return alike_faults(self.connection, sources, self.staged.name, level, most)


def _flat(record: ImportRecord) -> dict[str, str]:
    """The headings of an earlier import with their fields, over all its sheets."""
    found: dict[str, str] = {}
    for heading, name in record.mapping.items():
        if heading in {BY_ORG, BY_SET}:
            continue
        if isinstance(name, dict):
            found |= {inner: str(each) for inner, each in name.items()}
        else:
            found[heading] = str(name)
    return found


def _silent(what: str, done: int, total: int) -> None:
    """Report nothing."""
