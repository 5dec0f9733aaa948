"""Rows on their way into a batch: references resolved, duplicates and known versions found, each row given a fate.

Everything happens in temporary tables of the caller's connection; the store is only read here.
"""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import duckdb

from zhunsheng.expressions.nodes import Column
from zhunsheng.expressions.sql import DUCKDB, Renderer
from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.field import FieldDefinition, FieldType
from zhunsheng.store.records.entries import Json
from zhunsheng.store.records.faults import Misuse
from zhunsheng.store.records.opened_store import Snapshot
from zhunsheng.store.records.physical import column_of, columns_of, given_type, quoted, sortable
from zhunsheng.store.records.reading import DataFile, data_files, keys_sql, scan_sql
from zhunsheng.store.records.stamping import stamp_joins
from zhunsheng.store.records.surrogates import key_field


class Fate(StrEnum):
    """What becomes of a row that is not stored."""

    DUPLICATE = "duplicate"
    REJECTED = "rejected"
    UNCHANGED = "unchanged"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Rows of one batch that give the same record different content, or a row without a key.

    Attributes:
        key: the values of the key fields as text; None where a field is empty.
        source_rows: the rows, in order.
    """

    key: tuple[str | None, ...]
    source_rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row whose referred record is not there: the row, what it waits for, its content."""

    row: int
    ledger: str
    key: str
    payload: Mapping[str, Json]


class Arrivals:
    """The rows of one table, sorted out against a state of the store.

    Attributes:
        sorted: name of the table with the rows to be stored, in the order of the file, `_id` not yet given.
        closed: name of the table with the versions they replace (`_batch`, `_row`, `filename`).
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        table: str,
        ledger: LedgerDefinition,
        head: Snapshot,
        *,
        referred: bool,
    ) -> None:
        self._connection = connection
        self._ledger = ledger
        self._head = head
        self._referred = referred
        token = uuid.uuid4().hex[:8]
        self._given = f"_zs_{token}_given"
        self._out = f"_zs_{token}_out"
        self._rows = f"_zs_{token}_rows"
        self._match = f"_zs_{token}_match"
        self._twice = f"_zs_{token}_twice"
        self.sorted = f"_zs_{token}_sorted"
        self.closed = f"_zs_{token}_closed"
        self._table = table
        self._given_as = "TABLE"
        self._fields = ledger.entered
        self._points = [each for each in self._fields if each.type is FieldType.REFERENCE]
        self._inner = [each for each in self._points if each.target == ledger.code]
        self.conflicts: tuple[Conflict, ...] = ()
        self.waiting: tuple[Waiting, ...] = ()

    @property
    def waits(self) -> dict[int, Mapping[str, Json]]:
        """The content of the rows that wait, by their number."""
        return {each.row: each.payload for each in self.waiting}

    def turn_away(self, rows: frozenset[int]) -> None:
        """Reject rows that would wait."""
        if rows:
            self.waiting = tuple(each for each in self.waiting if each.row not in rows)
            self._connection.execute(
                f"UPDATE {self._out} SET fate = '{Fate.REJECTED}' WHERE _source_row IN (SELECT unnest(?::BIGINT[]))",
                [sorted(rows)],
            )

    def drop(self) -> None:
        """Remove the temporary tables."""
        self._connection.execute(f"DROP {self._given_as} IF EXISTS {self._given}")
        for each in (self._out, self._rows, self._match, self._twice, self.sorted, self.closed):
            self._connection.execute(f"DROP TABLE IF EXISTS {each}")

    def sort_out(self) -> None:
        """Give every row its fate."""
        self._take()
        self._find_repeats()
        self._resolve()
        self._find_waiting()
        self._find_known()
        self._arrange()

    # ---- the rows as given

    def _take(self) -> None:
        """The entered fields, typed and complete, with one number per row."""
        described = self._connection.execute(f"DESCRIBE {quoted(self._table)}").fetchall()
        present = {str(row[0]) for row in described}
        strange = present - {each.name for each in self._ledger.fields} - {"_source_row"}
        if strange or "_source_row" not in present:
            raise Misuse(f"columns of {self._table!r}: unknown {sorted(strange)}, `_source_row` is needed")
        shown = [
            f"CAST({quoted(each.name) if each.name in present else 'NULL'} AS {given_type(each)}) AS {quoted(each.name)}"
            for each in self._fields
        ]
        for each in self._ledger.fields:
            if each.is_computed:
                value = quoted(each.name) if each.name in present else self._computed(each)
                shown.append(f"CAST({value} AS {given_type(each)}) AS {quoted(each.name)}")
        # a table is not copied: of a million rows that would cost as much as an eighth of the whole import
        tables = "SELECT count(*) FROM duckdb_tables() WHERE table_name = ?"
        if self._connection.execute(tables, [self._table]).fetchall()[0][0]:
            self._given_as = "VIEW"
        self._connection.execute(
            f"CREATE TEMP {self._given_as} {self._given} AS SELECT CAST(_source_row AS BIGINT) AS _source_row, "
            f"{', '.join(shown)} FROM {quoted(self._table)}"
        )
        self._connection.execute(f"CREATE TEMP TABLE {self._out} (_source_row BIGINT, fate VARCHAR)")
        self.count = self._number(f"SELECT count(*) FROM {self._given}")
        if self._number(f"SELECT count(DISTINCT _source_row) FROM {self._given}") != self.count:
            raise Misuse("`_source_row` must be given and differ from row to row")

    def _computed(self, field: FieldDefinition) -> str:
        """The SQL of a computed field; NULL when the product computes it elsewhere."""
        if field.computed is None:
            return "NULL"
        rendered = Renderer(DUCKDB, _OwnColumns(self)).render(field.computed.root)
        missing = column_of(field).places - max(field.computed.type.places, 0)
        return f"({rendered}) * {10**missing}" if missing > 0 else rendered

    def column_sql(self, node: Column) -> str:
        """The SQL of a field in a computed one, which may itself be computed."""
        field = self._ledger.by_name[node.path[0]]
        return f"({self._computed(field)})" if field.is_computed else quoted(field.name)

    # ---- the same record twice in one batch

    def _find_repeats(self) -> None:
        key = [quoted(each) for each in self._ledger.key]
        keyless = " OR ".join(f"{each} IS NULL" for each in key)
        self._run(
            f"INSERT INTO {self._out} SELECT _source_row, '{Fate.REJECTED}' FROM {self._given} WHERE {keyless}"
        )
        conflicts = self._conflicts(f"SELECT {{}} FROM {self._given} WHERE {keyless}")
        self._run(
            f"CREATE TEMP TABLE {self._twice} AS SELECT {', '.join(key)} FROM {self._given} "
            f"WHERE NOT ({keyless}) GROUP BY ALL HAVING count(*) > 1"
        )
        if self._number(f"SELECT count(*) FROM {self._twice}"):
            conflicts += self._tell_repeats(key)
        self.conflicts = tuple(conflicts)

    def _tell_repeats(self, key: Sequence[str]) -> list[Conflict]:
        same = ", ".join(key)
        content = ", ".join(quoted(each.name) for each in self._fields)
        repeats = f"SELECT g.* FROM {self._given} g SEMI JOIN {self._twice} t USING ({same})"
        differing = f"SELECT {same} FROM (SELECT DISTINCT {content} FROM ({repeats})) GROUP BY ALL HAVING count(*) > 1"
        self._run(
            f"INSERT INTO {self._out} SELECT _source_row, CASE WHEN c.differs THEN '{Fate.REJECTED}' "
            f"ELSE '{Fate.DUPLICATE}' END FROM (SELECT r.*, row_number() OVER (PARTITION BY {same} ORDER BY _source_row) "
            f"AS place FROM ({repeats}) r) LEFT JOIN (SELECT *, true AS differs FROM ({differing})) c USING ({same}) "
            "WHERE c.differs OR place > 1"
        )
        return self._conflicts(f"SELECT {{}} FROM ({repeats}) SEMI JOIN ({differing}) USING ({same})")

    def _conflicts(self, template: str) -> list[Conflict]:
        key = ", ".join(f"CAST({quoted(each)} AS VARCHAR) AS {quoted(each)}" for each in self._ledger.key)
        listed = "list(_source_row ORDER BY _source_row) AS found"
        sql = f"SELECT * FROM ({template.format(f'{key}, {listed}')} GROUP BY ALL) ORDER BY found"
        rows = self._connection.execute(sql).fetchall()
        return [Conflict(tuple(row[:-1]), tuple(row[-1])) for row in rows]

    # ---- references

    def _dictionary(self, target: str) -> str:
        """Keys of records that exist: where a batch has been undone, a key alone proves nothing."""
        keys = keys_sql(target, self._head)
        if not any(commit.undone_at for commit in self._head.store.manifest.commits(target)):
            return keys
        living = scan_sql(target, self._head, ["_id"])
        return f"(SELECT k.key, k.id FROM {keys} AS k SEMI JOIN {living} AS v ON v._id = k.id)"

    def _resolve(self) -> None:
        """Every reference as a surrogate, and which reference of a row has no record (`_waits`, 0 for none).

        References within the ledger stay text: the records they point to may arrive in this very batch. What they
        mean among the records already stored is in a column of its own.
        """
        shown = ["g._source_row"]
        joins = []
        absent = []
        for place, each in enumerate(self._ledger.fields):
            if each.stamped and not each.is_computed:
                continue
            name = quoted(each.name)
            if each not in self._points:
                shown.append(f"g.{name}")
                continue
            joins.append(f"LEFT JOIN {self._dictionary(each.target)} AS r{place} ON r{place}.key = g.{name}")
            if each in self._inner:
                shown += [f"g.{name}", f"r{place}.id AS {quoted('_inner_' + each.name)}"]
            else:
                shown.append(f"r{place}.id AS {name}")
                absent.append(
                    f"WHEN g.{name} IS NOT NULL AND r{place}.id IS NULL THEN {self._points.index(each) + 1}"
                )
        waits = f"CASE {' '.join(absent)} ELSE 0 END" if absent else "0"
        own = "CAST(NULL AS INTEGER)"
        if self._referred:
            joins.append(
                f"LEFT JOIN {keys_sql(self._ledger.code, self._head)} AS k ON k.key = g.{quoted(self._key_field())}"
            )
            own = "k.id"
        left = f" ANTI JOIN {self._out} o ON o._source_row = g._source_row" if self._any_out() else ""
        self._run(
            f"CREATE TEMP TABLE {self._rows} AS SELECT {', '.join(shown)}, {own} AS _id, "
            f"CAST({waits} AS INTEGER) AS _waits FROM (SELECT g.* FROM {self._given} g{left}) g {' '.join(joins)}"
        )

    def _key_field(self) -> str:
        return key_field(self._ledger)

    def _find_waiting(self) -> None:
        changed = bool(self._inner)
        while changed:
            changed = False
            for each in self._inner:
                name = quoted(each.name)
                number = self._points.index(each) + 1
                key = quoted(self._key_field())
                found = self._connection.execute(
                    f"UPDATE {self._rows} SET _waits = {number} WHERE _waits = 0 AND {name} IS NOT NULL "
                    f"AND {quoted('_inner_' + each.name)} IS NULL "
                    f"AND {name} NOT IN (SELECT {key} FROM {self._rows} WHERE _waits = 0)"
                ).fetchall()
                changed = changed or bool(found[0][0])
        if not self._number(f"SELECT count(*) FROM {self._rows} WHERE _waits > 0"):
            return
        self._run(
            f"INSERT INTO {self._out} SELECT _source_row, '{Fate.WAITING}' FROM {self._rows} WHERE _waits > 0"
        )
        content = ", ".join(f"{quoted(each.name)}: g.{quoted(each.name)}" for each in self._fields)
        keys = " ".join(
            f"WHEN {number} THEN g.{quoted(each.name)}" for number, each in enumerate(self._points, start=1)
        )
        rows = self._connection.execute(
            f"SELECT g._source_row, r._waits, CASE r._waits {keys} END, to_json({{{content}}}) FROM {self._rows} r "
            f"JOIN {self._given} g USING (_source_row) WHERE r._waits > 0 ORDER BY 1"
        ).fetchall()
        self.waiting = tuple(
            Waiting(int(row[0]), self._points[row[1] - 1].target, str(row[2]), json.loads(row[3]))
            for row in rows
        )

    # ---- versions that exist

    def _find_known(self) -> None:
        """Rows whose record exists: the same content is dropped, other content closes the version it replaces."""
        self._run(
            f"CREATE TEMP TABLE {self._match} (_source_row BIGINT, _batch INTEGER, _row INTEGER, filename VARCHAR)"
        )
        files = self._candidate_files()
        if files:
            self._match_keys(files)
        if self._number(f"SELECT count(*) FROM {self._match}"):
            self._compare(files)
        self._run(
            f"CREATE TEMP TABLE {self.closed} AS SELECT m._batch, m._row, m.filename FROM {self._match} m "
            f"ANTI JOIN {self._out} o ON o._source_row = m._source_row"
        )

    def _candidate_files(self) -> tuple[DataFile, ...]:
        """Files in which a version of an arriving record can be."""
        if self._referred:
            known = self._number(f"SELECT count(*) FROM {self._rows} WHERE _waits = 0 AND _id IS NOT NULL")
            return data_files(self._ledger.code, self._head) if known else ()
        files = data_files(self._ledger.code, self._head)
        if not files:
            return ()
        first = quoted(self._ledger.key[0])
        sql = f"SELECT min({first}), max({first}) FROM {self._rows} WHERE _waits = 0"
        low, high = self._connection.execute(sql).fetchall()[0]
        kind = next(each.type for each in columns_of(self._ledger) if each.name == self._ledger.key[0])
        least, most = sortable(kind, low), sortable(kind, high)
        return tuple(each for each in files if _may_overlap(each, least, most))

    def _match_keys(self, files: Sequence[DataFile]) -> None:
        key = ["_id"] if self._referred else list(self._ledger.key)
        current = scan_sql(
            self._ledger.code, self._head, [*key, "_batch", "_row"], files=files, filename=True
        )
        same = " AND ".join(f"c.{quoted(each)} = r.{quoted(each)}" for each in key)
        self._run(
            f"INSERT INTO {self._match} SELECT r._source_row, c._batch, c._row, c.filename FROM {current} AS c "
            f"JOIN (SELECT * FROM {self._rows} WHERE _waits = 0) r ON {same}"
        )

    def _compare(self, files: Sequence[DataFile]) -> None:
        hit = {
            str(row[0])
            for row in self._connection.execute(f"SELECT DISTINCT filename FROM {self._match}").fetchall()
        }
        chosen = [each for each in files if str(each.path) in hit]
        names = [each.name for each in self._fields]
        current = scan_sql(self._ledger.code, self._head, [*names, "_batch", "_row"], files=chosen)
        same = " AND ".join(self._is_same(each) for each in self._fields)
        self._run(
            f"INSERT INTO {self._out} SELECT r._source_row, '{Fate.UNCHANGED}' FROM {self._match} m "
            f"JOIN {current} AS c ON c._batch = m._batch AND c._row = m._row "
            f"JOIN {self._rows} r ON r._source_row = m._source_row WHERE {same}"
        )

    def _is_same(self, field: FieldDefinition) -> str:
        name = quoted(field.name)
        if field not in self._inner:
            return f"c.{name} IS NOT DISTINCT FROM r.{name}"
        inner = f"r.{quoted('_inner_' + field.name)}"
        return f"(c.{name} IS NOT DISTINCT FROM {inner} AND (r.{name} IS NULL) = ({inner} IS NULL))"

    # ---- the rows to be stored

    def _arrange(self) -> None:
        """Rows in the order of the file, with stamped fields."""
        stamps, joins = stamp_joins(self._ledger, self._head, "r")
        shown = ["r._id", "r._source_row"]
        for each in self._ledger.fields:
            name = quoted(each.name)
            shown.append(f"{stamps[each.name]} AS {name}" if each.name in stamps else f"r.{name}")
        order = [f"CAST(r.{quoted(self._ledger.date)} AS DATE)"] if self._ledger.date else []
        order += (
            [f"r.{quoted(self._ledger.organisation)}"]
            if self._ledger.organisation in self._ledger.by_name
            else []
        )
        left = f" ANTI JOIN {self._out} o ON o._source_row = r._source_row" if self._any_out() else ""
        self._run(
            f"CREATE TEMP TABLE {self.sorted} AS SELECT {', '.join(shown)} FROM "
            f"(SELECT r.* FROM {self._rows} r{left}) r {joins} ORDER BY {', '.join([*order, 'r._source_row'])}"
        )
        self.stored = self._number(f"SELECT count(*) FROM {self.sorted}")
        self.fresh = (
            self._number(f"SELECT count(*) FROM {self.sorted} WHERE _id IS NULL") if self._referred else 0
        )
        self.new_versions = self._number(f"SELECT count(*) FROM {self.closed}")
        # their memory is needed for what follows
        for table in (self._rows, self._match):
            self._run(f"DROP TABLE {table}")

    def give_ids(self, first: int) -> None:
        """Give the new records surrogates from `first` in the order of the file, and resolve what points to them."""
        if self.fresh == self.stored:
            # rows of a table just made are numbered in their order; to count them would keep the engine on one core
            self._run(f"UPDATE {self.sorted} SET _id = CAST({first} + rowid AS INTEGER)")
        elif self.fresh:
            new = "sum(CASE WHEN _id IS NULL THEN 1 ELSE 0 END) OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)"
            self._run(
                f"CREATE OR REPLACE TEMP TABLE {self.sorted} AS SELECT * REPLACE "
                f"(CAST(coalesce(_id, {first - 1} + {new}) AS INTEGER) AS _id) FROM {self.sorted}"
            )
        if not self._inner:
            return
        key = quoted(self._key_field())
        known = f"(SELECT key, id FROM {keys_sql(self._ledger.code, self._head)} UNION SELECT {key}, _id FROM {self.sorted})"
        joins = [
            f"LEFT JOIN {known} AS p{place} ON p{place}.key = s.{quoted(each.name)}"
            for place, each in enumerate(self._inner)
        ]
        replaced = ", ".join(f"p{place}.id AS {quoted(each.name)}" for place, each in enumerate(self._inner))
        self._run(
            f"CREATE OR REPLACE TEMP TABLE {self.sorted} AS SELECT s.* REPLACE ({replaced}) "
            f"FROM (SELECT *, rowid AS _place FROM {self.sorted}) s {' '.join(joins)} ORDER BY _place"
        )
        self._run(f"ALTER TABLE {self.sorted} DROP COLUMN _place")

    def new_keys(self, first: int) -> str:
        """The SQL of the dictionary entries of the new records."""
        return f"SELECT {quoted(self._key_field())} AS key, _id AS id FROM {self.sorted} WHERE _id >= {first}"

    def fates(self, amount: str) -> dict[str, tuple[int, int]]:
        """By fate (and `stored`, `read`), rows and the sum of a money field ("" for none)."""
        sum_of = f"coalesce(sum({quoted(amount)}), 0)" if amount else "0"
        found = {
            str(fate): (int(rows), int(total))
            for fate, rows, total in self._connection.execute(
                f"SELECT fate, count(*), {sum_of} FROM {self._out} JOIN {self._given} USING (_source_row) GROUP BY fate"
            ).fetchall()
        }
        for name, table in (("stored", self.sorted), ("read", self._given)):
            rows, total = self._connection.execute(f"SELECT count(*), {sum_of} FROM {table}").fetchall()[0]
            found[name] = (int(rows), int(total))
        return found

    def _any_out(self) -> bool:
        return bool(self._number(f"SELECT count(*) FROM {self._out}"))

    def _run(self, sql: str) -> None:
        self._connection.execute(sql)

    def _number(self, sql: str) -> int:
        found: Any = self._connection.execute(sql).fetchall()[0][0]
        return int(found)


@dataclass(frozen=True, slots=True)
class _OwnColumns:
    """How computed fields reach the other fields of their record."""

    arrivals: Arrivals

    def column(self, column: Column) -> str:
        """The SQL of a field."""
        if len(column.path) != 1:
            raise Misuse(f"a computed field reads only its own record, not {column.name!r}")
        return self.arrivals.column_sql(column)

    def due(self, start: str, rule: str) -> str:  # noqa: ARG002 # the contract of a renderer
        """Deadlines are computed by the importer, who hands the column in."""
        raise Misuse(f"a field computed by deadline rule {rule!r} must be given")


def _may_overlap(file: DataFile, least: str | None, most: str | None) -> bool:
    if None in {file.low_key, file.high_key, least, most}:
        return True
    return str(file.low_key) <= str(most) and str(least) <= str(file.high_key)
