"""Partial states of measures over the files of a ledger: found in the cache, or made in one pass over what is missing."""

from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import duckdb
import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from zhunsheng.indicators.measure import Aggregate, Span
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

_FILE, _BODY, _MONTH = "f", "b", "m"


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
        return [rows_of(each) for each in self.engine.files(ledger)]

    def _complete(self, wanted: Mapping[str, Request], pieces: dict[str, dict[str, State]]) -> None:
        """Make the states that are missing, each ledger in as few passes as possible."""
        passes: dict[tuple[str, str, frozenset[str]], dict[str, Request]] = {}
        for identity, request in wanted.items():
            ledger = request.measure.ledger
            covered = {name for names in pieces[identity] for name in names.split("+")}
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
            known["+".join(sorted(whole[0]))] = whole[1]
            rows = [each for each in rows if each not in whole[0]]
        if self.cache is not None and rows:
            known.update(self.cache.states(identity, rows))
        return known

    def is_kept(self, request: Request) -> bool:
        """Whether the state of most of the ledger is at hand, so that reading it off is cheaper than a pass."""
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

    def _made(
        self, ledger: str, files: Sequence[DataFile], members: Mapping[str, Request]
    ) -> dict[tuple[str, str], State]:
        """States of several measures over each of some files, by identity and rows."""
        additive = {
            identity: request
            for identity, request in members.items()
            if request.measure.aggregate is not Aggregate.DISTINCT
        }
        made: dict[tuple[str, str], State] = {
            (identity, rows_of(each)): nothing(request.measure.aggregate)
            for identity, request in members.items()
            for each in files
        }
        if additive:
            made.update(self._additive(ledger, files, additive))
        for identity, request in members.items():
            if request.measure.aggregate is Aggregate.DISTINCT:
                made.update(
                    {
                        (identity, rows): state
                        for rows, state in self._different(ledger, files, request).items()
                    }
                )
        return made

    def _query(self, ledger: str, files: Sequence[DataFile], date: str) -> tuple[Query, str]:
        query = Query(self.engine.reach(ledger, files), self.engine.definition(ledger))
        month = "0"
        if date:
            day = query.field(date)
            month = f"coalesce(year({day}) * 100 + month({day}), 0)"
        keys = f"{query.field(FILENAME)} AS {_FILE}, coalesce({query.organisation()}, 0) AS {_BODY}, {month} AS {_MONTH}"
        return query, keys

    def _additive(
        self, ledger: str, files: Sequence[DataFile], members: Mapping[str, Request]
    ) -> dict[tuple[str, str], State]:
        query, keys = self._query(ledger, files, next(iter(members.values())).measure.date)
        select = Select()
        places = {
            identity: add_request(query, select, request, bits=None, window=False)
            for identity, request in members.items()
        }
        self.marks.provide(query)
        items = ", ".join(f"coalesce({item}, 0) AS v{place}" for place, item in enumerate(select.items))
        found = self.connection.execute(
            f"SELECT {keys}, {items} FROM {query.source()} GROUP BY ALL"
        ).fetchnumpy()
        cells = _cells(found)
        places_of_file = _places(found[_FILE], files)
        order = np.lexsort((cells, places_of_file))
        cells, places_of_file = cells[order], places_of_file[order]
        made: dict[tuple[str, str], State] = {}
        bounds = np.searchsorted(places_of_file, np.arange(len(files) + 1))
        columns = {
            place: np.asarray(found[f"v{place}"])[order].astype(np.int64)
            for place in range(len(select.items))
        }
        for identity, where in places.items():
            value = columns[where.value]
            number = columns[where.number] if where.number >= 0 else value
            everything = columns[where.unknown] if where.unknown >= 0 else number
            for place, each in enumerate(files):
                part = slice(bounds[place], bounds[place + 1])
                taken = everything[part] > 0
                made[identity, rows_of(each)] = Additive(
                    cells[part][taken], value[part][taken], number[part][taken], everything[part][taken]
                )
        return made

    def _different(self, ledger: str, files: Sequence[DataFile], request: Request) -> dict[str, State]:
        query, keys = self._query(ledger, files, request.measure.date)
        of = request.measure.of
        if of is None:
            raise ValueError("different what")
        value = query.value(of.root, request.parameters)
        taken = query.taken(request, window=False)
        self.marks.provide(query)
        where = " AND ".join(part for part in (taken, f"{value} IS NOT NULL") if part)
        found = self.connection.execute(
            f"SELECT {keys}, list({value}) AS l FROM {query.source()} WHERE {where} GROUP BY ALL"
        ).fetchnumpy()
        bitmaps: list[dict[int, BitMap]] = [{} for _ in files]
        cells = _cells(found)
        for place, cell, values in zip(_places(found[_FILE], files), cells, found["l"], strict=True):
            # sorted values are put into a bitmap several times faster
            ordered = np.sort(np.asarray(values)).astype(np.uint32)
            bitmaps[int(place)][int(cell)] = BitMap(array("I", ordered.tobytes()))
        return {rows_of(each): Different(bitmaps[place]) for place, each in enumerate(files)}


def rows_of(file: DataFile) -> str:
    """The name of the visible rows of a file: its hash and that of what is hidden in it."""
    return f"{file.sha256}{file.digest and ':'}{file.digest}"


def _places(names: NDArray[np.object_], files: Sequence[DataFile]) -> NDArray[np.int64]:
    """For each path its place among the files."""
    known = {str(each.path): place for place, each in enumerate(files)}
    return np.fromiter((known[str(each)] for each in names), dtype=np.int64, count=len(names))


def _cells(found: Mapping[str, NDArray[np.int64]]) -> NDArray[np.int64]:
    """The number of each cell, as `cell_of`."""
    bodies, months = (np.asarray(found[each]).astype(np.int64) for each in (_BODY, _MONTH))
    return bodies * cell_of(1, 0) + months
