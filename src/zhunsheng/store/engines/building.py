"""Partial states of measures over the files of a ledger: found in the cache, or made in one pass over what is missing."""

from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import duckdb
import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from zhunsheng.indicators.measure import Aggregate, Measure, Span
from zhunsheng.kernel.hashing import sha256_of
from zhunsheng.measures.query import Query, Select, add_request
from zhunsheng.measures.request import Request
from zhunsheng.measures.states import Additive, Different, State, cell_of, merged, nothing
from zhunsheng.store.engines.marks import Marks
from zhunsheng.store.engines.sql_engine import SqlEngine
from zhunsheng.store.engines.state_cache import StateCache
from zhunsheng.store.records.reading import DataFile

FILENAME = "filename"
"""Name of the column with the path of the file a record was read from."""

_FILE, _BODY, _YEAR, _MONTH = "f", "b", "y", "m"

_PERIOD = {"start", "end"}
"""Conditions that name them have no states."""

_WITH = "+"
"""Between the names of files that share a state."""

_CROWDED = 16
"""Marking the values in an array of all possible ones beats sorting them, when at least one in so many occurs."""

_NARROW = 1 << 16
"""Up to so many different things the engine hands over bits, not every single value."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """Files that share a state.

    Attributes:
        name: of their visible rows.
    """

    name: str
    files: tuple[DataFile, ...]


@dataclass(slots=True)
class StateBuilder:
    """Gives the state of a measure over all files of its ledger at a snapshot.

    Attributes:
        engine: says which files there are and how they are read.
        digest: a hash of the content of a ledger, for measures that look into it through a reference.
    """

    connection: duckdb.DuckDBPyConnection
    engine: SqlEngine
    marks: Marks
    digest: Callable[[str], str]
    cache: StateCache | None
    _whole: dict[str, tuple[frozenset[str], State]] = field(default_factory=dict)
    _names: dict[str, list[str]] = field(default_factory=dict)
    _identities: dict[tuple[int, str], tuple[Measure, str]] = field(default_factory=dict)

    def look_again(self) -> None:
        """Another snapshot is looked at: which files there are, and what is looked into, may have changed."""
        self._names.clear()
        self._identities.clear()

    def states(self, requests: Sequence[Request]) -> list[State]:
        """The state of each request's measure; passes over a ledger are shared by all that need one."""
        identities = [self.identity(each) for each in requests]
        wanted = dict(zip(identities, requests, strict=True))
        pieces = {identity: self._known(identity, request) for identity, request in wanted.items()}
        self._complete(wanted, pieces)
        for identity, request in wanted.items():
            state = merged(request.measure.aggregate, pieces[identity].values())
            self._whole[identity] = (frozenset(self._rows(request.measure.ledger)), state)
        return [self._whole[identity][1] for identity in identities]

    def _rows(self, ledger: str) -> list[str]:
        if ledger not in self._names:
            self._names[ledger] = [rows_of(each) for each in self.engine.files(ledger)]
        return self._names[ledger]

    def _complete(self, wanted: Mapping[str, Request], pieces: dict[str, dict[str, State]]) -> None:
        """Make the states that are missing, each ledger in as few passes as possible."""
        passes: dict[tuple[str, str, frozenset[str]], dict[str, Request]] = {}
        for identity, request in wanted.items():
            ledger = request.measure.ledger
            covered = {name for names in pieces[identity] for name in names.split(_WITH)}
            missing = frozenset(self._rows(ledger)) - covered
            if missing:
                passes.setdefault((ledger, request.measure.date, missing), {})[identity] = request
        for (ledger, _, missing), members in passes.items():
            if self.engine.watch is not None:
                self.engine.watch(ledger)
            chosen = [each for each in self.engine.files(ledger) if rows_of(each) in missing]
            made = self._made(ledger, chosen, members)
            if self.cache is not None:
                self.cache.keep(made)
            for (identity, name), state in made.items():
                pieces[identity][name] = state

    def _known(self, identity: str, request: Request) -> dict[str, State]:
        """Parts that are at hand: what this process merged before, if all of it still stands, and kept states."""
        rows = self._rows(request.measure.ledger)
        known: dict[str, State] = {}
        whole = self._whole.get(identity)
        if whole is not None and whole[0] and whole[0] <= frozenset(rows):
            known[_WITH.join(sorted(whole[0]))] = whole[1]
            rows = [each for each in rows if each not in whole[0]]
        if self.cache is not None and rows:
            known.update(self.cache.states(identity, rows))
        return known

    def is_kept(self, request: Request) -> bool:
        """Whether the state of most of the ledger is at hand, so that reading it off is cheaper than a pass."""
        if self.cache is None and not self._whole:
            return False
        identity = self.identity(request)
        rows = self._rows(request.measure.ledger)
        whole = self._whole.get(identity)
        if whole is not None and whole[0] <= set(rows):
            return True
        if self.cache is None or not rows:
            return False
        return len(self.cache.names(identity, rows)) * 2 > len(rows)

    def identity(self, request: Request) -> str:
        """A hash of everything a state depends on besides the rows of the files: what is counted, and how."""
        # all months of a year ask for the same state; the measure is kept, so that its id stays its own
        choices = repr(
            sorted((name, each) for name, each in request.parameters.items() if name not in _PERIOD)
        )
        key = (id(request.measure), choices)
        if key not in self._identities:
            self._identities[key] = (request.measure, self._identity(request))
        return self._identities[key][1]

    def _identity(self, request: Request) -> str:
        measure = replace(request.measure, name="", span=Span.ANY, shift=0)
        definition = self.engine.definition(measure.ledger)
        query = Query(self.engine.reach(measure.ledger, ()), definition)
        select = Select()
        add_request(query, select, replace(request, measure=measure), bits=None, window=False)
        others = sorted({each.ledger for each in query.found_probes} | query.joined_ledgers())
        looked_into = [f"{each}:{self.digest(each)}" for each in others]
        rules = [f"{rule}:{self.marks.register}" for rule in query.rules]
        head = [measure.ledger, measure.date, measure.aggregate.value, definition.organisation]
        text = "\n".join([*head, *select.items, *map(repr, query.found_probes), *looked_into, *rules])
        return sha256_of(text.encode())

    def _pieces(self, files: Sequence[DataFile]) -> list[_Piece]:
        """The parts that get a state each: single files where states are kept, otherwise all files together."""
        if self.cache is None or len(files) == 1:
            return [_Piece(_WITH.join(sorted(map(rows_of, files))), tuple(files))]
        return [_Piece(rows_of(each), (each,)) for each in files]

    def _made(
        self, ledger: str, files: Sequence[DataFile], members: Mapping[str, Request]
    ) -> dict[tuple[str, str], State]:
        """States of several measures over each part of some files, by identity and rows."""
        pieces = self._pieces(files)
        made: dict[tuple[str, str], State] = {
            (identity, each.name): nothing(request.measure.aggregate)
            for identity, request in members.items()
            for each in pieces
        }
        additive = {
            identity: request
            for identity, request in members.items()
            if request.measure.aggregate is not Aggregate.DISTINCT
        }
        if additive:
            made.update(self._additive(ledger, pieces, additive))
        for identity, request in members.items():
            if request.measure.aggregate is Aggregate.DISTINCT:
                for name, state in self._different(ledger, pieces, request).items():
                    made[identity, name] = state
        return made

    def _query(self, ledger: str, pieces: Sequence[_Piece], date: str) -> tuple[Query, str]:
        """An empty query over the files, and what its rows are grouped by."""
        files = [file for each in pieces for file in each.files]
        query = Query(self.engine.reach(ledger, files), self.engine.definition(ledger))
        keys = [f"{query.organisation()} AS {_BODY}"] if query.ledger.organisation else []
        if date:
            # two small numbers are grouped faster than one that is put together
            day = query.field(date)
            keys += [f"year({day}) AS {_YEAR}", f"month({day}) AS {_MONTH}"]
        if len(pieces) > 1:
            keys.append(f"{query.field(FILENAME)} AS {_FILE}")
        return query, ", ".join(keys)

    def _additive(
        self, ledger: str, pieces: Sequence[_Piece], members: Mapping[str, Request]
    ) -> dict[tuple[str, str], State]:
        query, keys = self._query(ledger, pieces, next(iter(members.values())).measure.date)
        select = Select()
        places = {
            identity: add_request(query, select, request, bits=None, window=False)
            for identity, request in members.items()
        }
        self.marks.provide(query)
        items = [f"coalesce({item}, 0) AS v{place}" for place, item in enumerate(select.items)]
        found = self._grouped(query, keys, items, "")
        cells, places_of_rows = _cells(found), _places(found, pieces)
        order = np.lexsort((cells, places_of_rows))
        cells, places_of_rows = cells[order], places_of_rows[order]
        made: dict[tuple[str, str], State] = {}
        bounds = np.searchsorted(places_of_rows, np.arange(len(pieces) + 1))
        columns = {
            place: np.asarray(found[f"v{place}"])[order].astype(np.int64)
            for place in range(len(select.items))
        }
        for identity, where in places.items():
            value = columns[where.value]
            number = columns[where.number] if where.number >= 0 else value
            everything = columns[where.unknown] if where.unknown >= 0 else number
            for place, each in enumerate(pieces):
                part = slice(bounds[place], bounds[place + 1])
                taken = everything[part] > 0
                made[identity, each.name] = Additive(
                    cells[part][taken], value[part][taken], number[part][taken], everything[part][taken]
                )
        return made

    def _different(self, ledger: str, pieces: Sequence[_Piece], request: Request) -> dict[str, State]:
        query, keys = self._query(ledger, pieces, request.measure.date)
        of = request.measure.of
        if of is None:
            raise ValueError("different what")
        value = query.value(of.root, request.parameters)
        parts = [*query.parts(request, window=False), f"{value} IS NOT NULL"]
        self.marks.provide(query)
        # whole bytes, so that no bits only fill up
        highest = self.marks.last_id(of.type.target) | 7
        narrow = highest <= _NARROW
        item = f"CAST(bitstring_agg({value}, 0, {highest}) AS BLOB)" if narrow else f"list({value})"
        found = self._grouped(query, keys, [f"{item} AS l"], " AND ".join(parts))
        to_bitmap = _bitmap_of_bits if narrow else _bitmap
        bitmaps: list[dict[int, BitMap]] = [{} for _ in pieces]
        for place, cell, values in zip(
            _places(found, pieces).tolist(), _cells(found).tolist(), found["l"], strict=True
        ):
            bitmaps[place][cell] = to_bitmap(values)
        return {each.name: Different(bitmaps[place]) for place, each in enumerate(pieces)}

    def _grouped(
        self, query: Query, keys: str, items: Sequence[str], where: str
    ) -> Mapping[str, NDArray[np.int64]]:
        """Columns of the cells there are; a ledger without bodies, dates and several files has one cell."""
        shown = ", ".join(part for part in (keys, *items) if part)
        text = f"SELECT {shown} FROM {query.source()}"
        if where:
            text += f" WHERE {where}"
        text += " GROUP BY ALL" if keys else " HAVING count(*) > 0"
        return self.connection.execute(text).fetchnumpy()


def rows_of(file: DataFile) -> str:
    """The name of the visible rows of a file: its hash and that of what is hidden in it."""
    return f"{file.sha256}{file.digest and ':'}{file.digest}"


def _places(found: Mapping[str, NDArray[np.int64]], pieces: Sequence[_Piece]) -> NDArray[np.int64]:
    """For each row the place of its part."""
    count = _count(found)
    if len(pieces) == 1:
        return np.zeros(count, dtype=np.int64)
    known = {str(file.path): place for place, each in enumerate(pieces) for file in each.files}
    return np.fromiter((known[each] for each in found[_FILE].tolist()), dtype=np.int64, count=count)


def _cells(found: Mapping[str, NDArray[np.int64]]) -> NDArray[np.int64]:
    """The number of each cell, as `cell_of`; a body or month that is missing is 0."""
    nothing_known = np.zeros(_count(found), dtype=np.int64)
    bodies, years, months = (
        np.ma.filled(found[each], 0).astype(np.int64) if each in found else nothing_known
        for each in (_BODY, _YEAR, _MONTH)
    )
    return bodies * cell_of(1, 0) + years * 100 + months


def _count(found: Mapping[str, NDArray[np.int64]]) -> int:
    return len(next(iter(found.values())))


def _bitmap_of_bits(content: bytes) -> BitMap:
    """The places of the set bits."""
    bits = np.unpackbits(np.frombuffer(content, dtype=np.uint8))
    return BitMap(array("I", np.flatnonzero(bits).astype(np.uint32).tobytes()))


def _bitmap(found: NDArray[np.int64]) -> BitMap:
    """The different values; they are put into a bitmap several times faster in order."""
    values = np.asarray(found)
    highest = int(values.max())
    if values.size * _CROWDED > highest:
        seen = np.zeros(highest + 1, dtype=np.bool_)
        seen[values] = True
        ordered = np.flatnonzero(seen)
    else:
        ordered = np.sort(values)
    return BitMap(array("I", ordered.astype(np.uint32).tobytes()))
