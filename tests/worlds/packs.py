"""Packs of definitions that are no part of the product: a directory with ledgers and indicators of its own.

`records/` of a pack has what the source leaves out and every ledger needs: the body responsible and its area.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from zhunsheng.indicators.definition import IndicatorDefinition
from zhunsheng.indicators.reading import read_indicator
from zhunsheng.kernel.hashing import sha256_of
from zhunsheng.kernel.problem import Problem
from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.reading import read_ledger
from zhunsheng.store.indicator_files import CatalogueSource
from zhunsheng.store.intake.checking import Tally
from zhunsheng.store.intake.importing import Import, Outlook, Request, staging_area
from zhunsheng.store.intake.releasing import Released
from zhunsheng.store.intake.row_faults import RowFault
from zhunsheng.store.intake.staging import Staged, StagingArea
from zhunsheng.store.intake.text_files import stage_csv
from zhunsheng.store.ledger_files import ledger_of
from zhunsheng.store.records.entries import ImportRecord
from zhunsheng.store.records.opened_store import referred_ledgers
from zhunsheng.store.records.record_store import RecordStore
from zhunsheng.store.yaml_files import parse_yaml

PACKS = Path(__file__).parents[1] / "packs"
TODAY = date(2024, 1, 10)
CLERK = "录入员"

Stage = Callable[[LedgerDefinition, StagingArea], Staged]
"""Stages a source for a ledger."""


@dataclass(frozen=True)
class Pack:
    """Definitions of a directory; the ledgers they point to besides are those of the product."""

    directory: Path
    ledgers: dict[str, LedgerDefinition]
    indicators: dict[str, IndicatorDefinition]

    def catalogue(self, code: str) -> LedgerDefinition | None:
        """A ledger of the pack, otherwise of the product."""
        return self.ledgers.get(code) or ledger_of(code)

    def ledger(self, code: str) -> LedgerDefinition:
        """A ledger that is there."""
        found = self.catalogue(code)
        assert found is not None, code
        return found

    @property
    def referred(self) -> frozenset[str]:
        """Ledgers that are pointed to, as far as records of the pack can lead."""
        found = referred_ledgers(self.ledgers.values())
        while True:
            more = referred_ledgers(self.ledger(code) for code in (*self.ledgers, *found))
            if more <= found:
                return found
            found |= more


def load_pack(name: str) -> Pack:
    """A pack by the name of its directory; nothing may be wrong with its files."""
    directory = PACKS / name
    ledgers: dict[str, LedgerDefinition] = {}
    for path in _files(directory / "ledgers"):
        node, problems = parse_yaml(path.read_text(encoding="utf-8"), path.name)
        assert node is not None, problems
        ledger, found = read_ledger(node)
        assert not (*problems, *found)
        assert ledger is not None
        assert ledger.code == path.stem
        ledgers[ledger.code] = ledger
    pack = Pack(directory, ledgers, {})
    for path in _files(directory / "indicators"):
        content = path.read_bytes()
        node, problems = parse_yaml(content.decode("utf-8"), path.name)
        assert node is not None, problems
        indicator, found = read_indicator(node, CatalogueSource(pack.catalogue), sha256_of(content))
        assert not (*problems, *found)
        assert indicator is not None
        assert indicator.code == path.stem
        pack.indicators[indicator.code] = indicator
    return pack


def _files(directory: Path) -> Iterator[Path]:
    found = sorted(directory.glob("*.yaml"))
    assert found, directory
    yield from found


@dataclass(frozen=True)
class Brought:
    """What came of bringing one source in: what was said before, and what then happened."""

    problems: tuple[Problem, ...]
    mapping: Mapping[str, object]
    tally: Tally
    outlook: Outlook
    faults: tuple[RowFault, ...]
    record: ImportRecord
    waiting: Mapping[str, int]
    released: Released

    def fault_lines(self, code: str) -> list[int]:
        """Lines of the file with a fault of a code, in order."""
        return [each.line for each in self.faults if each.problem.code == code]


@dataclass(frozen=True)
class Bureau:
    """A store for the records of a pack, with area and body brought in from the pack's own records.

    Attributes:
        history: what was brought in, in order, the pack's own records among it.
    """

    pack: Pack
    store: RecordStore
    history: list[Brought] = field(default_factory=list)

    @classmethod
    def open(cls, name: str, path: Path) -> "Bureau":
        """An empty store for a pack, then its own records."""
        pack = load_pack(name)
        store = RecordStore.create(path, catalogue=pack.catalogue, referred=pack.referred)
        bureau = cls(pack, store)
        for code in ("area", "org"):
            source = pack.directory / "records" / f"{code}.csv"
            if source.exists():
                brought = bureau.bring(code, csv_file(source))
                assert brought.record.stored == brought.record.rows_read == 1
        return bureau

    def request(self, code: str, org: str = "") -> Request:
        """What the clerk asks for."""
        return Request(self.pack.ledger(code), CLERK, TODAY, org=org)

    def bring(self, code: str, stage: Stage, org: str = "") -> Brought:
        """First only look, then store; looking changes nothing and foretells what comes of the rows."""
        before = self._state()
        staged = stage(self.pack.ledger(code), staging_area(self.store))
        with Import(self.store, self.request(code, org), staged) as work:
            assert not work.is_refused, work.problems
            tally = work.check()
            outlook, faults = work.outlook(), tuple(work.faults())
            assert self._state() == before
            result, released = work.apply()
            record = result.record
            assert not result.conflicts
            for name, recorded in _FATES.items():
                assert outlook.rows.get(name, 0) == getattr(record, recorded), (code, name)
            assert outlook.new_versions == record.new_versions
            brought = Brought(
                tuple(work.problems), work.mapping, tally, outlook, faults, record, result.waiting, released
            )
        self.history.append(brought)
        return brought

    def recognises(self, code: str, stage: Stage, org: str = "") -> bool:
        """Whether a source is known to have been brought in already."""
        staged = stage(self.pack.ledger(code), staging_area(self.store))
        with Import(self.store, self.request(code, org), staged) as work:
            return work.earlier is not None and work.earlier.sha256 == staged.sha256

    def bring_again(self, code: str, stage: Stage, org: str = "") -> ImportRecord:
        """The same source once more: it is recognised; brought in all the same, it changes nothing."""
        before = self._state()
        staged = stage(self.pack.ledger(code), staging_area(self.store))
        with Import(self.store, self.request(code, org), staged) as work:
            assert work.earlier is not None
            assert work.earlier.sha256 == staged.sha256
            result, _ = work.apply()
        assert self._state() == before
        assert (result.record.batch, result.record.stored, result.record.new_versions) == (None, 0, 0)
        return result.record

    def _state(self) -> tuple[str, int]:
        """What the store is, and how many rows are held."""
        return self.store.snapshot().token, len(self.store.manifest.held())


_FATES = {
    "read": "rows_read",
    "stored": "stored",
    "unchanged": "unchanged",
    "duplicate": "duplicates",
    "rejected": "rejected",
    "quarantined": "quarantined",
    "waiting": "waiting",
}
"""What becomes of rows, as it is foretold and as it is recorded."""


def csv_file(path: Path) -> Stage:
    """A file of separated values."""
    return lambda ledger, area: stage_csv(path, ledger, area)
