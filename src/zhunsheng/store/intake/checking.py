"""Checking staged rows: the query first, the row checks for every row it is not sure of.

Afterwards the connection holds `_typed` (rows without a fault that keeps them out, physical values, references as
texts) and `_faults` (everything found), and the rows to be held are at hand.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import duckdb

from zhunsheng.kernel.place import Place
from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.field import FieldDefinition, Level
from zhunsheng.ledgers.row_checks import CheckedRow, RowChecker, check_fault
from zhunsheng.ledgers.value_kinds import Fault
from zhunsheng.store.intake import kinds
from zhunsheng.store.intake.compiled import (
    Compiled,
    compile_ledger,
    deadline_list,
    deadline_rules,
    deadline_variable,
)
from zhunsheng.store.intake.headings import Mapped
from zhunsheng.store.intake.staging import MOST_TRIMMED, Part, Report
from zhunsheng.store.intake.typed_rows import (
    from_physical,
    load_typed,
    plain_text,
    plain_writer,
    read_csv,
    to_payload,
    to_physical,
    typed_columns,
)
from zhunsheng.store.records.entries import HeldInput, Json
from zhunsheng.store.records.physical import literal, quoted
from zhunsheng.store.records.writing import main_amount

TYPED: Final = "_typed"
FAULTS: Final = "_faults"
LINES: Final = "_lines"
MOST_LISTED: Final = 200_000
"""Warnings listed one by one; beyond them they are only counted."""

_FETCHED: Final = 2_000
_MOST_OF_A_REMARK: Final = 3
_MOST_EXAMPLES: Final = 50
_FAULT_COLUMNS: Final = {
    "_source_row": "BIGINT",
    "level": "VARCHAR",
    "code": "VARCHAR",
    "fields": "VARCHAR",
    "value": "VARCHAR",
    "what": "VARCHAR",
    "why": "VARCHAR",
    "remedy": "VARCHAR",
}


@dataclass
class Tally:
    """What came of the rows of a source.

    Attributes:
        read: rows that are not empty.
        fast: rows that the query was sure of.
        faults: how many of each level and code.
        changes: values whose form was made canonical, by field.
        rejected_amount: the sum of the main amount of the rejected rows, as far as it could be read, in fen.
    """

    read: int = 0
    fast: int = 0
    rejected: int = 0
    held: list[HeldInput] = field(default_factory=list)
    faults: Counter[tuple[str, str]] = field(default_factory=Counter)
    changes: Counter[str] = field(default_factory=Counter)
    examples: list[tuple[str, str, str]] = field(default_factory=list)
    rejected_amount: int = 0
    held_amount: int = 0

    def add_held(self, row: HeldInput, amount: int) -> None:
        """A row to be held until a person has looked at it."""
        self.held.append(row)
        self.held_amount += amount


@dataclass(frozen=True)
class Source:
    """A staged table with what its columns are.

    Attributes:
        offset: what is added to `_row` so that rows of all tables of a source have different numbers.
        given: values for the whole file, by field; they fill empty cells.
    """

    part: Part
    mapped: Mapped
    offset: int
    given: Mapping[str, str] = field(default_factory=dict)

    def relation(self, ledger: LedgerDefinition) -> str:
        """The rows with one text column for each entered field, NULL where there is no column."""
        columns, trimmed = [], []
        for number, each in enumerate(ledger.entered):
            place = self.mapped.columns.get(each.name)
            text = "CAST(NULL AS VARCHAR)" if place is None else f"c{place}"
            if each.name in self.given:
                text = f"coalesce({text}, {literal(self.given[each.name])})"
            columns.append(f"{text} AS {quoted(each.name)}")
            if place is not None and place < MOST_TRIMMED and number < MOST_TRIMMED:
                trimmed.append(f"(((_trimmed >> {place}) & 1) << {number})")
        own = [f"c{place}" for name, place in self.mapped.columns.items() if name not in self.given]
        # a row with nothing but what is given for the whole file is empty
        filled = f" WHERE coalesce({', '.join(own)}, _broken) IS NOT NULL" if self.given and own else ""
        bits = f"CASE WHEN _trimmed = 0 THEN 0 ELSE {' | '.join(trimmed) or '0'} END"
        return (
            f"(SELECT _row + {self.offset} AS _source_row, _line, _broken, {bits} AS _trimmed, {', '.join(columns)}"
            f" FROM {self.part.relation}{filled})"
        )


def check_sources(
    connection: duckdb.DuckDBPyConnection,
    sources: Sequence[tuple[Source, RowChecker]],
    scratch: Path,
    report: Report,
) -> Tally:
    """Check all rows of some tables of one ledger.

    Args:
        sources: tables with the checker of each; the checkers differ only in the scales of columns.
        scratch: a directory for files that are gone when this returns.
        report: is told how far it is.
    """
    ledger = sources[0][1].ledger
    tally = Tally()
    connection.execute(f"CREATE TABLE {TYPED} {typed_columns(_kept(ledger))}")
    shown = ", ".join(f"{name} {kind}" for name, kind in _FAULT_COLUMNS.items())
    connection.execute(f"CREATE TABLE {FAULTS} ({shown})")
    lines = " UNION ALL ".join(
        f"SELECT _source_row, {place} AS _part, _line FROM {source.relation(ledger)}"
        for place, (source, _) in enumerate(sources)
    )
    connection.execute(f"CREATE VIEW {LINES} AS {lines}")
    scratch.mkdir(parents=True, exist_ok=True)
    due = sources[0][1].surroundings.due
    for rule in deadline_rules(ledger):
        if due is None:
            break
        connection.execute(f"SET VARIABLE {quoted(deadline_variable(rule))} = {deadline_list(rule, due)}")
    for source, checker in sources:
        _Pass(connection, source, checker, tally, scratch, report).run()
    return tally


def _kept(ledger: LedgerDefinition) -> list[FieldDefinition]:
    """The fields that rows are handed on with: what was entered, and what was computed from it alone."""
    return [*ledger.entered, *(each for each in ledger.fields if each.computed is not None)]


class _Pass:
    """One table through the query and the row checks."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        source: Source,
        checker: RowChecker,
        tally: Tally,
        scratch: Path,
        report: Report,
    ) -> None:
        self.connection = connection
        self.source = source
        self.checker = checker
        self.ledger = checker.ledger
        self.tally = tally
        self.scratch = scratch
        self.report = report
        self.kept = _kept(self.ledger)
        self.amount = self.ledger.by_name.get(main_amount(self.ledger))

    def run(self) -> None:
        relation = self.source.relation(self.ledger)
        total = self.source.part.rows
        self.report("核对", 0, total)
        compiled = self._by_query(relation)
        unsure, remaining = f"SELECT * FROM {relation} ORDER BY _source_row", total
        if compiled is not None:
            unsure = (
                f"SELECT * FROM {relation} WHERE _source_row IN (SELECT * FROM _unsure) ORDER BY _source_row"
            )
            remaining = self._number("SELECT count(*) FROM _unsure")
            self._keep_sure(compiled)
        self.report("核对", total - remaining, total)
        if remaining:
            self._one_by_one(unsure, total - remaining, total)

    def _by_query(self, relation: str) -> Compiled | None:
        """Run the query into `_checked` and `_unsure`; None when it cannot be trusted with these rows."""
        source = f"(SELECT * FROM {relation} WHERE _broken IS NULL)"
        for wide in (False, True):
            compiled = compile_ledger(self.checker, wide=wide)
            if compiled is None or {each.name for each in self.kept} != set(compiled.columns):
                return None
            try:
                select = compiled.select.replace("{source}", source)
                self.connection.execute(f"CREATE OR REPLACE TABLE _checked AS {select}")
            except (duckdb.OutOfRangeException, duckdb.ConversionException):
                continue
            self.connection.execute(
                "CREATE OR REPLACE TABLE _unsure AS SELECT _source_row FROM _checked WHERE NOT _ok"
                f" UNION ALL SELECT _source_row FROM {relation} WHERE _broken IS NOT NULL"
            )
            self.connection.execute("DELETE FROM _checked WHERE NOT _ok")
            return compiled
        return None

    def _keep_sure(self, compiled: Compiled) -> None:
        sure = self._number("SELECT count(*) FROM _checked")
        self.tally.read += sure
        self.tally.fast += sure
        if sure:
            self._count_changes(compiled)
            self._tell_warnings(compiled)
        if self._number(f"SELECT count(*) FROM {TYPED}"):
            names = ", ".join(quoted(each.name) for each in self.kept)
            self.connection.execute(f"INSERT INTO {TYPED} BY NAME SELECT _source_row, {names} FROM _checked")
            self.connection.execute("DROP TABLE _checked")
            return
        # the first table becomes the result itself: copying a million rows costs as much as checking half of them
        self.connection.execute(f"DROP TABLE {TYPED}")
        for extra in ("_ok", "_warned", "_changed"):
            self.connection.execute(f"ALTER TABLE _checked DROP COLUMN {extra}")
        self.connection.execute(f"ALTER TABLE _checked RENAME TO {TYPED}")

    def _count_changes(self, compiled: Compiled) -> None:
        sums = ", ".join(f"sum(_changed >> {place} & 1)" for place in range(len(compiled.changing)))
        found = self.connection.execute(f"SELECT {sums} FROM _checked WHERE _changed <> 0").fetchall()[0]
        for name, count in zip(compiled.changing, found, strict=True):
            if count:
                self.tally.changes[name] += int(count)

    def _tell_warnings(self, compiled: Compiled) -> None:
        """The rows of the query that only have warnings, in the words of the row checks."""
        for place, check in enumerate(compiled.warnings):
            warned = f"FROM _checked WHERE _warned >> {place} & 1 = 1"
            count = self._number(f"SELECT count(*) {warned}")
            if not count:
                continue
            room = MOST_LISTED - sum(self.tally.faults.values())
            self.tally.faults[Level.WARN.value, check.code] += count
            columns = [self.ledger.by_name[name] for name in check.fields]
            names = "".join(f", {quoted(each.name)}" for each in columns)
            rows = self.connection.execute(
                f"SELECT _source_row{names} {warned} ORDER BY _source_row LIMIT {max(room, 0)}"
            ).fetchall()
            faults = ((row[0], check_fault(self.ledger, check, _record(columns, row[1:]))) for row in rows)
            self._load_faults(faults)

    def _one_by_one(self, unsure: str, done: int, total: int) -> None:
        accepted = self.scratch / "accepted.csv"
        faults = self.scratch / "faults.csv"
        cursor = self.connection.cursor()
        cursor.execute(unsure)
        names = [str(each[0]) for each in cursor.description or ()]
        with (
            accepted.open("w", encoding="utf-8", newline="") as good,
            faults.open("w", encoding="utf-8", newline="") as bad,
        ):
            good_writer, bad_writer = plain_writer(good), plain_writer(bad)
            while rows := cursor.fetchmany(_FETCHED):
                for row in rows:
                    given = dict(zip(names, row, strict=True))
                    self._one(given, good_writer.writerow, bad_writer.writerow)
                done += len(rows)
                self.report("核对", done, total)
        cursor.close()
        load_typed(self.connection, TYPED, self.kept, accepted)
        self._load(faults)

    def _one(
        self,
        given: dict[str, Any],
        accept: Callable[[Sequence[object]], Any],
        tell: Callable[[Sequence[object]], Any],
    ) -> None:
        number, broken = int(given.pop("_source_row")), given.pop("_broken")
        given.pop("_line")
        trimmed = int(given.pop("_trimmed"))
        if broken is None and not any(
            text and text.strip() for name, text in given.items() if name not in self.source.given
        ):
            return
        self.tally.read += 1
        if broken is not None:
            self.tally.rejected += 1
            tell(_fault_row(number, broken_fault(str(broken))))
            self.tally.faults[Level.REJECT.value, broken_fault("").problem.code] += 1
            return
        checked = self._unless_remark(given)
        for each in checked.faults:
            self.tally.faults[each.level.value, each.problem.code] += 1
            tell(_fault_row(number, each))
        self._count_changes_of(checked, trimmed)
        level = checked.level
        if level is Level.REJECT:
            self.tally.rejected += 1
            self.tally.rejected_amount += self._amount(checked)
        elif level is Level.QUARANTINE:
            self.tally.add_held(held_row(self.ledger, number, checked, given), self._amount(checked))
        else:
            accept(
                [number, *(plain_text(to_physical(each, checked.record[each.name])) for each in self.kept)]
            )

    def _count_changes_of(self, checked: CheckedRow, trimmed: int) -> None:
        written = {change.field for change in checked.changes}
        blanks = {field.name for place, field in enumerate(self.ledger.entered) if trimmed >> place & 1}
        self.tally.changes.update(written | blanks)
        room = _MOST_EXAMPLES - len(self.tally.examples)
        self.tally.examples += [(each.field, each.before, each.after) for each in checked.changes[:room]]

    def _unless_remark(self, given: Mapping[str, Any]) -> CheckedRow:
        """The row as checked; a line such as a total or a remark gets one fault instead of one for every column."""
        checked = self.checker.check(given)
        filled = [
            text for name, text in given.items() if text and text.strip() and name not in self.source.given
        ]
        if len(filled) > 1 or len(checked.faults) < _MOST_OF_A_REMARK:
            return checked
        found = Fault(
            Level.REJECT, (), kinds.NO_RECORD.at(Place(), f"只有一格有内容：“{filled[0].strip()[:40]}”")
        )
        return CheckedRow(checked.record, (found,))

    def _amount(self, checked: CheckedRow) -> int:
        value = None if self.amount is None else checked.record.get(self.amount.name)
        return 0 if value is None or self.amount is None else int(to_physical(self.amount, value))

    def _load(self, path: Path) -> None:
        if path.stat().st_size:
            self.connection.execute(f"INSERT INTO {FAULTS} SELECT * FROM {read_csv(path, _FAULT_COLUMNS)}")

    def _load_faults(self, faults: Iterator[tuple[int, Fault]]) -> None:
        path = self.scratch / "warnings.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            plain_writer(stream).writerows(_fault_row(number, each) for number, each in faults)
        self._load(path)

    def _number(self, sql: str) -> int:
        found: Any = self.connection.execute(sql).fetchall()[0][0]
        return int(found)


def _record(columns: Sequence[FieldDefinition], values: Sequence[Any]) -> dict[str, Any]:
    return {each.name: from_physical(each, value) for each, value in zip(columns, values, strict=True)}


def broken_fault(what: str) -> Fault:
    """The fault of a row that could not be taken apart."""
    kind = kinds.EXTRA_CELLS if what.startswith("多出") else kinds.BROKEN_LINE
    return Fault(Level.REJECT, (), kind.at(Place(), what))


def held_row(
    ledger: LedgerDefinition, number: int, checked: CheckedRow, given: Mapping[str, Any]
) -> HeldInput:
    """A row to be held: its values, the texts of its faulty cells, and why."""
    payload = to_payload(ledger, checked.record)
    faulty = {name for each in checked.faults for name in each.fields}
    texts: dict[str, Json] = {
        name: str(given[name]) for name in sorted(faulty) if payload.get(name) is None and given.get(name)
    }
    if texts:
        payload["_texts"] = texts
    problems = tuple(problem_data(each) for each in checked.faults)
    return HeldInput(number, payload, problems)


def problem_data(fault: Fault) -> Json:
    """A fault as plain data, for the held row it belongs to."""
    problem = fault.problem
    return {
        "level": fault.level.value,
        "code": problem.code,
        "fields": list(fault.fields),
        "value": problem.value,
        "what": problem.what,
        "why": problem.why,
        "remedy": problem.remedy,
    }


def _fault_row(number: int, fault: Fault) -> tuple[object, ...]:
    problem = fault.problem
    fields = json.dumps(list(fault.fields))
    return (
        number,
        fault.level.value,
        problem.code,
        fields,
        problem.value,
        problem.what,
        problem.why,
        problem.remedy,
    )
