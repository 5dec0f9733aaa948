"""Leafing through the records of a ledger, however many there are.

A page is found by the place of the last record before it, never by counting from the beginning. Files are read in the
order of what they are leafed through by (business day, arrival), as many as it takes to fill the page and no more; when
that takes too long, the page says how far it has looked and the next one goes on from there. Only the few columns that
decide which records are on the page are read from all of them; the records themselves are fetched afterwards.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.field import FieldDefinition, FieldType
from zhunsheng.store.records import key_bounds
from zhunsheng.store.records.criteria import Comparison, Criterion, condition_of
from zhunsheng.store.records.opened_store import Snapshot
from zhunsheng.store.records.physical import parquet, quoted
from zhunsheng.store.records.reading import DataFile, data_files, keys_sql, scan_sql

_FIRST_REACH = 60_000
_FURTHER = 4
_LARGEST = 2_147_483_647
_FETCHED = 2_000
_FEW_BATCHES = 200


@dataclass(frozen=True, slots=True)
class Order:
    """What records are leafed through by; within equal values by when they arrived. Empty values come last.

    Attributes:
        field: its name; "" for the order of arrival.
        backwards: the other way round in everything, to go back a page.
    """

    field: str = ""
    descending: bool = True
    backwards: bool = False

    @property
    def falls(self) -> bool:
        """Whether greater values come first."""
        return self.descending is not self.backwards

    @property
    def empty_last(self) -> bool:
        """Whether records without a value come last."""
        return not self.backwards


@dataclass(frozen=True, slots=True)
class Position:
    """A place between records: behind the one with this value and identity.

    Attributes:
        value: physical; None for an empty one.
    """

    value: "int | str | bool | date | datetime | None"
    batch: int
    row: int


@dataclass(frozen=True, slots=True)
class FoundRecord:
    """A version of a record as it stands.

    Attributes:
        values: canonical values by field, of those that were asked for; references as the key they point to.
        position: its place in the order.
    """

    batch: int
    row: int
    values: Mapping[str, Any]
    position: Position


@dataclass(frozen=True, slots=True)
class Page:
    """Some records in order.

    Attributes:
        following: where the next page begins; None when there is nothing more.
        is_full: whether everything up to the end of the page was looked at; False when time ran out before the page
            was full.
    """

    records: tuple[FoundRecord, ...]
    following: Position | None
    is_full: bool = True


@dataclass(slots=True)
class Browser:
    """Looks at the records of a ledger at a snapshot.

    Attributes:
        connection: an engine.
        within: a file of identities (`_batch`, `_row`); only these records are looked at.
    """

    connection: duckdb.DuckDBPyConnection
    ledger: LedgerDefinition
    snapshot: Snapshot
    criteria: Sequence[Criterion] = ()
    within: Path | None = None
    _files: tuple[DataFile, ...] | None = field(default=None, init=False)

    @property
    def files(self) -> tuple[DataFile, ...]:
        """The files that may hold what is looked for."""
        if self._files is None:
            found = data_files(self.ledger.code, self.snapshot)
            self._files = tuple(each for each in found if self._may_hold(each))
        return self._files

    def _may_hold(self, file: DataFile) -> bool:
        if not key_bounds.may_hold(self.ledger, file, self.criteria):
            return False
        asked = [each for each in self.criteria if self.ledger.date and each.field == self.ledger.date]
        if file.first_day is None or file.last_day is None:
            return not asked
        days = [(each.comparison, _day(each.value)) for each in asked]
        return not any(
            (each is not Comparison.FROM and file.first_day > day)
            or (each is not Comparison.UNTIL and file.last_day < day)
            for each, day in days
        )

    def count(self) -> int:
        """How many there are."""
        condition, values = self._condition(self.files)
        found = self.connection.execute(
            f"SELECT count(*) FROM {self._scan([each.field for each in self.criteria], self.files)} AS r "
            f"WHERE {condition}",
            values,
        ).fetchone()
        return 0 if found is None else int(found[0])

    def identities(self) -> int:
        """How many records the file of identities names."""
        if self.within is None:
            raise ValueError("there is no file of identities")
        found = self.connection.execute(f"SELECT count(*) FROM {parquet([self.within])}").fetchone()
        return 0 if found is None else int(found[0])

    def page(
        self,
        fields: Sequence[FieldDefinition],
        order: Order,
        after: Position | None,
        size: int,
        *,
        seconds: float = 0.09,
    ) -> Page:
        """The records behind a place.

        Args:
            fields: whose values are wanted.
            order: what is leafed through by.
            after: the place; None for the beginning.
            size: how many at most.
            seconds: time after which no further files are looked at.
        """
        end, place, reach = time.monotonic() + seconds, after, _FIRST_REACH
        found: list[tuple[Any, int, int, str]] = []
        while True:
            begun = time.monotonic()
            first, last = self._in_order(order, place)
            taken = rows = 0
            # what is not read must begin behind the place, or nothing that is read would be certain
            while taken < len(first) and (
                rows < reach or not _is_behind(self._best(first, taken, order, place), place, order)
            ):
                rows += first[taken].rows
                taken += 1
            bound = self._best(first, taken, order, place)
            read = first if bound is None else first[:taken]
            found += self._search(read, order, place, bound, size + 1 - len(found), filled=bool(last))
            if bound is None or len(found) > size:
                break
            place, now = _before(bound, order), time.monotonic()
            # as many more as can be looked at in the time that is left, going by what these have taken
            reach = min(reach * _FURTHER, int(rows * (end - now) / max(now - begun, 1e-6)))
            if reach < first[taken].rows:
                return Page(self._fetched(found, fields, order), place, is_full=False)
        if len(found) <= size and last:
            # behind everything that has a value comes what has none, wherever it lies
            if place is None or place.value is not None:
                place = _before(None, order)
            found += self._search([*first, *last], order, place, None, size + 1 - len(found))
        records = self._fetched(found[:size], fields, order)
        return Page(records, records[-1].position if len(found) > size else None)

    # ---- which files, in which order

    def _in_order(self, order: Order, after: Position | None) -> tuple[list[DataFile], list[DataFile]]:
        """Files in the order in which they are read, then those in which only records without a value may be left."""
        files = list(self.files)
        if not order.field:
            return _by_batch(files, order, None if after is None else after.batch), []
        if not self._is_bounded(order, after):
            return files, []
        place = None if after is None or after.value is None else _day(after.value)
        first, last = [], []
        for each in files:
            if (
                each.first_day is None
                or each.last_day is None
                or (after is not None and place is None)
                or (place is not None and (each.first_day > place if order.falls else each.last_day < place))
            ):
                last.append(each)
            else:
                first.append(each)
        first.sort(key=lambda each: _end(each, order), reverse=order.falls)
        # going backwards, records without a value lie behind us
        return first, last if order.empty_last else []

    def _is_bounded(self, order: Order, after: Position | None) -> bool:
        """Whether it is known of every file between which values it lies, so that few of them need be read."""
        if not order.field:
            return True
        # going backwards from a record without a value, others without one may lie in any file
        return order.field == self.ledger.date and (
            order.empty_last or (after is not None and after.value is not None)
        )

    def _best(
        self, files: Sequence[DataFile], read: int, order: Order, after: Position | None
    ) -> "date | int | None":
        """The value that comes first among files not read yet; None when all are read or nothing is known of them."""
        if read >= len(files) or not self._is_bounded(order, after):
            return None
        found: date | int | None = _end(files[read], order)
        return found

    # ---- which records

    def _condition(self, files: Sequence[DataFile]) -> tuple[str, list[Any]]:
        lists = {each.name for each in self.ledger.fields if each.type is FieldType.LIST}
        condition, values = condition_of(self.criteria, lists.__contains__)
        if self.within is not None:
            # the identities are sorted, so those of a few batches are found without reading the others
            batches = sorted({batch for each in files for batch in each.batches})
            if len(batches) <= _FEW_BATCHES:
                named = f"IN ({', '.join(map(str, batches)) or '0'})"
            else:
                named = f"BETWEEN {batches[0]} AND {batches[-1]}"
            condition += (
                f" AND EXISTS (SELECT 1 FROM {parquet([self.within])} AS w "
                f"WHERE w._batch {named} AND w._batch = r._batch AND w._row = r._row)"
            )
        return condition, values

    def _scan(self, names: Sequence[str], files: Sequence[DataFile], *, filename: bool = False) -> str:
        columns = list(dict.fromkeys(["_batch", "_row", *names]))
        return scan_sql(self.ledger.code, self.snapshot, columns, files=files, filename=filename)

    def _search(
        self,
        files: Sequence[DataFile],
        order: Order,
        after: Position | None,
        bound: "date | int | None",
        most: int,
        *,
        filled: bool = False,
    ) -> list[tuple[Any, int, int, str]]:
        """The first records behind a place: value in the order, identity, file.

        Args:
            bound: the first value of files that are not read; only what comes before it is certain.
            filled: only records with a value.
        """
        condition, values = self._condition(files)
        value = f"r.{quoted(order.field)}" if order.field else "NULL"
        if after is not None:
            behind, more = _behind(value if order.field else "", order, after)
            condition += f" AND ({behind})"
            values += more
            if (filled or bound is not None) and after.value is not None:
                # the same said once more, so that parts of files that lie before the place need not be read
                condition += f" AND {value} {'<=' if order.falls else '>='} ?"
                values.append(after.value)
        if bound is not None:
            # up to here nothing in the other files can come in between
            sign = ">" if order.falls else "<"
            left = f"CAST({value} AS DATE)" if order.field else "r._batch"
            condition += f" AND {left} {sign} ?"
            values.append(bound)
        if filled:
            condition += f" AND {value} IS NOT NULL"
        way = "DESC" if order.falls else "ASC"
        empty = "NULLS LAST" if order.empty_last else "NULLS FIRST"
        by = f"{value} {way} {empty}, " if order.field else ""
        names = [each.field for each in self.criteria] + ([order.field] if order.field else [])
        return self.connection.execute(
            f"SELECT {value}, r._batch, r._row, r.filename FROM {self._scan(names, files, filename=True)} AS r "
            f"WHERE {condition} ORDER BY {by}r._batch {way}, r._row {way} LIMIT {int(most)}",
            values,
        ).fetchall()

    def record(self, batch: int, row: int) -> FoundRecord | None:
        """The record of which a version is the one in force; None when it is not."""
        files = [each for each in data_files(self.ledger.code, self.snapshot) if batch in each.batches]
        found = self._search_one(files, batch, row)
        if found is None:
            return None
        return next(iter(self._fetched([found], self.ledger.fields, Order())), None)

    def _search_one(
        self, files: Sequence[DataFile], batch: int, row: int
    ) -> tuple[Any, int, int, str] | None:
        if not files:
            return None
        found = self.connection.execute(
            f"SELECT NULL, _batch, _row, filename FROM {self._scan([], files, filename=True)} AS r "
            f"WHERE _batch = {int(batch)} AND _row = {int(row)}"
        ).fetchone()
        return None if found is None else (found[0], int(found[1]), int(found[2]), str(found[3]))

    # ---- the records themselves

    def _fetched(
        self, found: Sequence[tuple[Any, int, int, str]], fields: Sequence[FieldDefinition], order: Order
    ) -> tuple[FoundRecord, ...]:
        if not found:
            return ()
        paths = {each[3] for each in found}
        files = [each for each in data_files(self.ledger.code, self.snapshot) if str(each.path) in paths]
        names = [each.name for each in fields]
        wanted = ", ".join(f"({batch}, {row})" for _, batch, row, _ in found)
        rows = [row for _, _, row, _ in found]
        read = self.connection.execute(
            f"SELECT r._batch, r._row{''.join(f', r.{quoted(each)}' for each in names)} "
            f"FROM {self._scan(names, files)} AS r JOIN (VALUES {wanted}) AS w (b, n) ON r._batch = w.b AND r._row = w.n "
            f"WHERE r._row BETWEEN {min(rows)} AND {max(rows)}"
        ).fetchall()
        shown = with_keys(self.connection, self.snapshot, fields, [each[2:] for each in read])
        by_identity = {
            (int(each[0]), int(each[1])): dict(zip(names, values, strict=True))
            for each, values in zip(read, shown, strict=True)
        }
        return tuple(
            FoundRecord(
                batch, row, by_identity[batch, row], Position(value if order.field else None, batch, row)
            )
            for value, batch, row, _ in found
        )

    def stream(self, fields: Sequence[FieldDefinition], order: Order) -> Iterator[list[tuple[Any, ...]]]:
        """All of them in order, some thousand at a time: physical values, references as keys."""
        condition, values = self._condition(self.files)
        names = [each.name for each in fields]
        way = "DESC" if order.falls else "ASC"
        by = f"r.{quoted(order.field)} {way} NULLS LAST, " if order.field else ""
        needed = [*names, *(each.field for each in self.criteria), *([order.field] if order.field else [])]
        joins, shown = "", []
        for place, each in enumerate(fields):
            if each.type is FieldType.REFERENCE:
                keys = keys_sql(each.target, self.snapshot)
                joins += f" LEFT JOIN {keys} AS k{place} ON k{place}.id = r.{quoted(each.name)}"
                shown.append(f"k{place}.key")
            else:
                shown.append(f"r.{quoted(each.name)}")
        found = self.connection.execute(
            f"SELECT {', '.join(shown)} FROM {self._scan(needed, self.files)} AS r{joins} WHERE {condition} "
            f"ORDER BY {by}r._batch {way}, r._row {way}",
            values,
        )
        while rows := found.fetchmany(_FETCHED):
            yield rows


def _day(value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    if not isinstance(value, date):
        raise TypeError(value)
    return value


def _end(file: DataFile, order: Order) -> Any:  # noqa: ANN401 - a day or a batch, one of them for all files
    """The value of a file that comes first in an order."""
    if not order.field:
        return (max if order.falls else min)(file.batches)
    return file.last_day if order.falls else file.first_day


def _by_batch(files: Sequence[DataFile], order: Order, place: int | None) -> list[DataFile]:
    chosen = [
        each
        for each in files
        if place is None or (min(each.batches) <= place if order.falls else max(each.batches) >= place)
    ]
    return sorted(chosen, key=lambda each: _end(each, order), reverse=order.falls)


def _before(bound: "date | int | None", order: Order) -> Position:
    """The place before everything that has not been looked at; with None before what has no value."""
    number = _LARGEST if order.falls else -1
    return Position(None, bound, number) if isinstance(bound, int) else Position(bound, number, number)


def _is_behind(bound: "date | int | None", after: Position | None, order: Order) -> bool:
    """Whether a value comes after a place; True where one of them is not known."""
    if bound is None or after is None:
        return True
    place: Any = after.batch if not order.field else None if after.value is None else _day(after.value)
    if place is None:
        return True
    return bool(bound < place if order.falls else bound > place)


def _behind(value: str, order: Order, after: Position) -> tuple[str, list[Any]]:
    """The SQL of lying behind a place.

    Args:
        value: the SQL of what is leafed through by; "" for arrival.
    """
    sign = "<" if order.falls else ">"
    identity = f"r._batch {sign} ? OR (r._batch = ? AND r._row {sign} ?)"
    place: list[Any] = [after.batch, after.batch, after.row]
    if not value:
        return identity, place
    if after.value is None:
        same = f"{value} IS NULL AND ({identity})"
        return (same if order.empty_last else f"({same}) OR {value} IS NOT NULL"), place
    behind = f"{value} {sign} ? OR ({value} = ? AND ({identity}))"
    if order.empty_last:
        behind += f" OR {value} IS NULL"
    return behind, [after.value, after.value, *place]


def with_keys(
    connection: duckdb.DuckDBPyConnection,
    snapshot: Snapshot,
    fields: Sequence[FieldDefinition],
    rows: Sequence[tuple[Any, ...]],
) -> list[tuple[Any, ...]]:
    """Rows with the keys of the records they point to in the place of surrogates."""
    known: dict[int, dict[int, str]] = {}
    for place, each in enumerate(fields):
        wanted = sorted(
            {int(row[place]) for row in rows if row[place] is not None and each.type is FieldType.REFERENCE}
        )
        if wanted:
            known[place] = dict(
                connection.execute(
                    f"SELECT id, key FROM {keys_sql(each.target, snapshot)} WHERE id BETWEEN {wanted[0]} AND {wanted[-1]} "
                    f"AND id IN ({', '.join(map(str, wanted))})"
                ).fetchall()
            )
    return [
        tuple(
            known[place].get(int(value)) if place in known and value is not None else value
            for place, value in enumerate(row)
        )
        for row in rows
    ]


def records_in_force(connection: duckdb.DuckDBPyConnection, ledger: str, snapshot: Snapshot) -> int:
    """How many records of a ledger are in force; of files without replaced versions the manifest says it."""
    found = data_files(ledger, snapshot)
    whole = sum(each.rows for each in found if each.is_clean)
    other = [each for each in found if not each.is_clean]
    if not other:
        return whole
    identity = tuple((str(each.path), each.digest) for each in other)
    key = (identity, ledger)
    if key not in _counted:
        rows = connection.execute(
            f"SELECT count(*) FROM {scan_sql(ledger, snapshot, ['_batch', '_row'], files=other)}"
        ).fetchone()
        if len(_counted) >= _MOST_COUNTED:
            _counted.clear()
        _counted[key] = 0 if rows is None else int(rows[0])
    return whole + _counted[key]


_MOST_COUNTED = 4_096
_counted: dict[object, int] = {}
"""Visible rows of files with replaced versions; the digests name exactly which rows are visible."""
