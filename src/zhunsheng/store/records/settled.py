"""Rows about to be held of which somebody has already decided: an earlier or a cumulative file brought them before.

A row from quarantine whose content is in force, or which was confirmed or corrected before, changes nothing; one that
was given up is not brought up again. What an undo gave up was nobody's decision and is held again.
"""

import json
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.field import FieldType
from zhunsheng.store.records.entries import HeldInput, HeldRow, HoldReason, HoldState, Json
from zhunsheng.store.records.manifest import Manifest
from zhunsheng.store.records.opened_store import Snapshot
from zhunsheng.store.records.physical import given_type, literal, quoted
from zhunsheng.store.records.reading import keys_sql, scan_sql

TEXTS = "_texts"
"""In the content of a held row: what stands in the cells that could not be read."""

_IMPORT = re.compile(r"import (\d+)")
_UNDO = re.compile(r"undo \d+")

Content = tuple[HoldReason, str]
"""Equal for rows that are held for the same kind of reason with the same content."""


@dataclass(frozen=True, slots=True)
class Settled:
    """Rows that are not held.

    Attributes:
        stored: the record is in force with this content, or the row was brought in by a person.
        given_up: a person decided against the row.
    """

    stored: frozenset[int] = frozenset()
    given_up: frozenset[int] = frozenset()


def content_of(reason: HoldReason, payload: Mapping[str, Json]) -> Content:
    """What two held rows have in common when they are the same."""
    return reason, json.dumps(dict(payload), ensure_ascii=False, sort_keys=True)


def undone_by(seq: int) -> str:
    """What gave held rows up that went with their batch; `seq` is the commit of the undo."""
    return f"undo {seq}"


def settled_rows(
    connection: duckdb.DuckDBPyConnection,
    ledger: LedgerDefinition,
    head: Snapshot,
    quarantined: Sequence[HeldInput],
) -> Settled:
    """Which rows from quarantine need not be held."""
    if not quarantined:
        return Settled()
    decided = _decided(head.store.manifest, ledger, HoldReason.QUARANTINE)
    fates = {each.row: decided.get(content_of(HoldReason.QUARANTINE, each.payload)) for each in quarantined}
    # cells that could not be read are empty in the content
    left = [each for each in quarantined if fates[each.row] is None and TEXTS not in each.payload]
    stored = {row for row, fate in fates.items() if fate is HoldState.RELEASED}
    return Settled(
        frozenset(stored | _in_force(connection, ledger, head, left)),
        frozenset(row for row, fate in fates.items() if fate is HoldState.DISCARDED),
    )


def given_up_rows(
    head: Snapshot, ledger: LedgerDefinition, waiting: Mapping[int, Mapping[str, Json]]
) -> frozenset[int]:
    """Which rows that would wait, by number, a person has decided against."""
    if not waiting:
        return frozenset()
    decided = _decided(head.store.manifest, ledger, HoldReason.WAITING)
    return frozenset(
        row
        for row, payload in waiting.items()
        if decided.get(content_of(HoldReason.WAITING, payload)) is HoldState.DISCARDED
    )


def held_table(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    ledger: LedgerDefinition,
    rows: Mapping[int, Mapping[str, Json]],
) -> None:
    """Make a table that `write_batch` takes of the content of held rows, by the number each is to have."""
    shown = []
    for each in ledger.entered:
        name = literal(each.name)
        value = f"p->>{name}"
        if each.type is FieldType.LIST:
            value = f"from_json(p->{name}, '[\"VARCHAR\"]')"
        shown.append(f"CAST({value} AS {given_type(each)}) AS {quoted(each.name)}")
    payloads = [json.dumps(dict(each), ensure_ascii=False) for each in rows.values()]
    connection.execute(
        f"CREATE TEMP TABLE {quoted(table)} AS SELECT n AS _source_row, {', '.join(shown)} FROM "
        "(SELECT CAST(unnest($1) AS JSON) AS p, unnest($2::BIGINT[]) AS n)",
        [payloads, list(rows)],
    )


def _decided(manifest: Manifest, ledger: LedgerDefinition, reason: HoldReason) -> dict[Content, HoldState]:
    """By content, what a person decided last: brought in (and still there), or given up."""
    rows = list(manifest.held(ledger.code, reason=reason, state=HoldState.DISCARDED))
    if reason is HoldReason.QUARANTINE:
        undone = manifest.undone()
        hidden = {each.number for each in manifest.imports(ledger.code) if each.batch in undone}
        released = manifest.held(ledger.code, reason=reason, state=HoldState.RELEASED)
        rows += [each for each in released if _brought_by(each) not in hidden]
    return {
        content_of(each.reason, each.payload): each.state
        for each in sorted(rows, key=lambda each: each.number)
        if not _UNDO.fullmatch(each.resolved_by)
    }


def _brought_by(row: HeldRow) -> int:
    """The import that brought a released row in."""
    match = _IMPORT.fullmatch(row.resolved_by)
    return int(match[1]) if match else 0


def _in_force(
    connection: duckdb.DuckDBPyConnection, ledger: LedgerDefinition, head: Snapshot, rows: Sequence[HeldInput]
) -> set[int]:
    """The rows whose content is that of the version in force, in every field that is entered."""
    if not rows:
        return set()
    table = f"_zs_{uuid.uuid4().hex[:8]}_held"
    held_table(connection, table, ledger, {each.row: each.payload for each in rows})
    try:
        shown, joins = ["h._source_row"], []
        for place, each in enumerate(ledger.entered):
            name = quoted(each.name)
            if each.type is not FieldType.REFERENCE:
                shown.append(f"h.{name}")
                continue
            joins.append(f"LEFT JOIN {keys_sql(each.target, head)} AS k{place} ON k{place}.key = h.{name}")
            # a reference to nothing is not the empty reference
            shown.append(f"CASE WHEN h.{name} IS NULL THEN NULL ELSE coalesce(k{place}.id, 0) END AS {name}")
        current = scan_sql(ledger.code, head, [each.name for each in ledger.entered])
        key = [f"c.{quoted(each)} = r.{quoted(each)}" for each in ledger.key]
        same = [
            f"c.{quoted(each.name)} IS NOT DISTINCT FROM r.{quoted(each.name)}"
            for each in ledger.entered
            if each.name not in ledger.key
        ]
        found = connection.execute(
            f"SELECT r._source_row FROM (SELECT {', '.join(shown)} FROM {table} h {' '.join(joins)}) r "
            f"JOIN {current} AS c ON {' AND '.join([*key, *same])}"
        ).fetchall()
    finally:
        connection.execute(f"DROP TABLE {table}")
    return {int(row[0]) for row in found}
