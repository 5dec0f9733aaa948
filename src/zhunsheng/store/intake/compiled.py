"""A ledger as one query over texts: which rows are certainly clean, and their values in physical types.

`ledgers.row_checks` is the meaning. Whatever this query calls clean, the row checks find without fault and with
the same values; the reverse need not hold.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from zhunsheng.expressions.evaluation import Deadline
from zhunsheng.expressions.nodes import Call, Column, Expression, Literal, Operation, walk
from zhunsheng.expressions.sql import DUCKDB, Renderer
from zhunsheng.ledgers.definition import LedgerDefinition, RecordCheck
from zhunsheng.ledgers.field import FieldDefinition, FieldType, Level
from zhunsheng.ledgers.row_checks import RowChecker, is_code
from zhunsheng.store.intake.field_sql import FieldSql, field_sql
from zhunsheng.store.records.physical import given_type, literal, quoted

# control, invisible and odd blank characters, which the row checks remove or report; the mark of long numbers
# is among them
_STRANGE: Final = (
    r"[\x{0}-\x{1f}\x{7f}-\x{a0}\x{ad}\x{85}\x{1680}\x{2000}-\x{200f}\x{2028}-\x{202f}\x{205f}-\x{206f}"
    r"\x{3000}\x{fe00}-\x{fe0f}\x{feff}\x{fffd}]"
)
_SEPARATOR: Final = "\ue001"
# a cell that begins with # may be an error of a spreadsheet, one with ' may be guarded text
_BEGINNING: Final = "['#]"
_FULL_WIDTH: Final = r"[\x{ff01}-\x{ff5e}]"
_MOST_MARKS: Final = 60
FIRST_DAY: Final = date(2012, 1, 1)
LAST_DAY: Final = date(2030, 12, 31)
"""The starting days for which deadlines are looked up by the query; others are left to the row checks."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """The query of a ledger.

    Attributes:
        select: a SELECT over a relation `{source}` with `_source_row`, `_trimmed` (bits of `changing`: cells that
            had outer blanks) and one text column for each entered field, NULL when empty; gives `_source_row`, the physical columns, `_ok`, `_warned` (bits of `warnings`) and `_changed`
            (bits of `changing`).
        columns: the physical columns, computed ones among them, with their SQL types.
        warnings: the checks of the lightest level, in the order of their bits.
        changing: the fields in the order of the bits of `_changed`.
    """

    select: str
    columns: Mapping[str, str]
    warnings: tuple[RecordCheck, ...]
    changing: tuple[str, ...]


class OwnNames:
    """Columns under their own names; deadlines from lists of last days, one for each rule."""

    def __init__(self, *, wide: bool, has_deadlines: bool) -> None:
        self.wide = wide
        self.has_deadlines = has_deadlines
        self.deadlines: list[tuple[str, str]] = []

    def column(self, column: Column) -> str:
        """The column of a field."""
        name = quoted(column.path[0])
        return f"CAST({name} AS HUGEINT)" if self.wide and column.type.is_number else name

    def due(self, start: str, rule: str) -> str:
        """The last day by a rule, from the list of last days."""
        if not self.has_deadlines:
            raise ValueError(f"no deadlines at hand: {rule} from {start}")
        last = (
            f"getvariable({literal(deadline_variable(rule))})[CAST({start} AS DATE) - DATE '{FIRST_DAY}' + 1]"
        )
        self.deadlines.append((start, last))
        return last


def compile_ledger(checker: RowChecker, *, wide: bool = False) -> Compiled | None:
    """The query of a ledger, or None when a part of its meaning has no SQL.

    Args:
        wide: compute with 128 bits, for sums that do not fit into 64.
    """
    ledger = checker.ledger
    names = OwnNames(wide=wide, has_deadlines=checker.surroundings.due is not None)
    renderer = Renderer(DUCKDB, names)
    entered = ledger.entered
    if len(entered) > _MOST_MARKS:
        return None
    try:
        computed = _computed(ledger, renderer)
        asked = _rendered_checks(checker, renderer, set(computed))
    except ValueError:
        return None
    parts = {
        each.name: field_sql(
            each,
            _text_of(each),
            quoted(each.name),
            checker.listed(each),
            checker.scales.get(each.name, 0),
        )
        for each in entered
    }
    # a last day that cannot be told is for the row checks to explain
    told = [f"(({start}) IS NULL OR {last} IS NOT NULL)" for start, last in dict.fromkeys(names.deadlines)]
    select = _layers(checker, entered, parts, computed, asked, told)
    columns = {each.name: given_type(each) for each in entered}
    columns |= {name: given_type(ledger.by_name[name]) for name in computed}
    warnings = tuple(check for check, _ in asked if check.level is Level.WARN)
    return Compiled(select, columns, warnings, tuple(each.name for each in entered))


def deadline_rules(ledger: LedgerDefinition) -> tuple[str, ...]:
    """The deadline rules that computed fields and checks of a ledger ask for."""
    roots = [each.computed.root for each in ledger.fields if each.computed is not None]
    roots += [each.holds.root for each in ledger.checks]
    found = {
        str(node.arguments[1].value)
        for root in roots
        for node in walk(root)
        if isinstance(node, Call) and node.function == "due" and isinstance(node.arguments[1], Literal)
    }
    return tuple(sorted(found))


def deadline_variable(rule: str) -> str:
    """The variable of the engine with the last days by a rule, from `FIRST_DAY` on."""
    return f"due_{rule}"


def deadline_list(rule: str, due: Deadline) -> str:
    """The last day for every starting day, NULL where it cannot be told, as an SQL list."""
    days = []
    for number in range((LAST_DAY - FIRST_DAY).days + 1):
        try:
            days.append(f"'{due(FIRST_DAY + timedelta(days=number), rule).isoformat()}'")
        except LookupError:
            days.append("NULL")
    return f"CAST([{', '.join(days)}] AS DATE[])"


def _text_of(field: FieldDefinition) -> str:
    return quoted(f"_t_{field.name}")


def _computed(ledger: LedgerDefinition, renderer: Renderer) -> dict[str, str]:
    """The SQL of the computed fields that have one, in the order of their definition."""
    found: dict[str, str] = {}
    unknown: set[str] = {each.name for each in ledger.fields if each.is_computed or each.stamped}
    for each in ledger.fields:
        if each.computed is None or _uses(each.computed, unknown):
            continue
        try:
            sql = _fitted(renderer.render(each.computed.root), each.computed, each)
        except ValueError:
            continue
        # a computed field that others look at would need a layer of its own
        found[each.name] = sql
    return found


def _fitted(sql: str, expression: Expression, field: FieldDefinition) -> str:
    """A computed value at the places and in the type of its field."""
    if field.value_type.is_number:
        missing = field.value_type.places - max(expression.type.places, 0)
        if missing < 0 or expression.type.places < 0:
            raise ValueError("the engine does not round")
        sql = f"({sql}) * {10**missing}" if missing else sql
    return f"CAST({sql} AS {given_type(field)})"


def _rendered_checks(
    checker: RowChecker, renderer: Renderer, computed: set[str]
) -> list[tuple[RecordCheck, str]]:
    ledger = checker.ledger
    left = {each.name for each in ledger.fields if (each.is_computed or each.stamped)} - computed
    found = []
    for check in ledger.checks:
        if checker.is_left(check):
            continue
        if _uses(check.holds, {each for each in left if not _always_empty(ledger.by_name[each])}):
            raise ValueError(f"{check.code} looks at a field that has no SQL")
        if any(_is_uncertain(each) for each in walk(check.holds.root)):
            raise ValueError(f"{check.code} has no SQL")
        found.append((check, renderer.render(check.holds.root)))
    return found


def _always_empty(field: FieldDefinition) -> bool:
    """Whether the row checks see nothing in a field, because it is filled in later."""
    return field.computed is None


def _is_uncertain(node: object) -> bool:
    """Whether the engine may differ from the language: quotients."""
    return isinstance(node, Operation) and node.operator == "/"


def _uses(expression: Expression, names: set[str]) -> bool:
    return any(each.path[0] in names for each in expression.columns)


def _layers(
    checker: RowChecker,
    entered: tuple[FieldDefinition, ...],
    parts: Mapping[str, FieldSql],
    computed: Mapping[str, str],
    asked: list[tuple[RecordCheck, str]],
    told: list[str],
) -> str:
    """The nested query: texts, values, computed values, conditions."""
    ledger = checker.ledger
    texts = ", ".join(f"{quoted(each.name)} AS {_text_of(each)}" for each in entered)
    first = f"SELECT _source_row, _trimmed, {texts} FROM {{source}}"
    values = ", ".join(f"{parts[each.name].value} AS {quoted(each.name)}" for each in entered)
    second = f"SELECT *, {values} FROM ({first})"
    absent = [
        f"CAST(NULL AS {given_type(each)}) AS {quoted(each.name)}"
        for each in ledger.fields
        if (each.is_computed or each.stamped) and each.name not in computed
    ]
    third = f"SELECT *{''.join(f', {each}' for each in absent)} FROM ({second})"
    made = "".join(f", {sql} AS {quoted(name)}" for name, sql in computed.items())
    fourth = f"SELECT *{made} FROM ({third})"
    names = [quoted(each.name) for each in entered] + [quoted(each) for each in computed]
    conditions = [_cell_condition(each, parts[each.name]) for each in entered]
    conditions += _text_conditions(ledger, entered)
    conditions += _own_conditions(checker) + told
    conditions += [f"coalesce({sql}, TRUE)" for check, sql in asked if check.level is not Level.WARN]
    warned = [sql for check, sql in asked if check.level is Level.WARN]
    bits = " + ".join(
        f"CASE WHEN coalesce({sql}, TRUE) THEN 0 ELSE {1 << number} END" for number, sql in enumerate(warned)
    )
    changed = " + ".join(
        f"CASE WHEN coalesce({parts[each.name].plain}, TRUE) THEN 0 ELSE {1 << number} END"
        for number, each in enumerate(entered)
        if parts[each.name].plain != "TRUE"
    )
    return (
        f"SELECT _source_row, {', '.join(names)}, ({' AND '.join(conditions)}) AS _ok,"
        f" CAST({bits or '0'} AS BIGINT) AS _warned, CAST({changed or '0'} AS BIGINT) | _trimmed AS _changed FROM ({fourth})"
    )


def _cell_condition(field: FieldDefinition, part: FieldSql) -> str:
    empty = "FALSE" if field.required else "TRUE"
    return f"(CASE WHEN {_text_of(field)} IS NULL THEN {empty} ELSE coalesce({part.sure}, FALSE) END)"


def _text_conditions(ledger: LedgerDefinition, entered: tuple[FieldDefinition, ...]) -> list[str]:
    """What no cell of the row may hold; asked once of all cells together."""
    words = {FieldType.TEXT, FieldType.REFERENCE, FieldType.LIST, FieldType.JSON}
    texts = [_text_of(each) for each in entered if each.type in words]
    codes = [
        _text_of(each)
        for each in entered
        if is_code(ledger, each)
        or each.validator
        or each.type is FieldType.REFERENCE
        or (each.type is FieldType.LIST and each.target)
    ]
    found = []
    if texts:
        together = f"concat_ws('{_SEPARATOR}', '', {', '.join(texts)})"
        found.append(f"NOT regexp_matches({together}, {literal(f'{_STRANGE}|{_SEPARATOR}{_BEGINNING}')})")
    if codes:
        together = f"concat({', '.join(codes)})"
        # texts with as many bytes as characters have nothing to fold
        found.append(
            f"CASE WHEN strlen({together}) = length({together}) THEN TRUE"
            f" ELSE NOT regexp_matches({together}, '{_FULL_WIDTH}') END"
        )
    return found


def _own_conditions(checker: RowChecker) -> list[str]:
    """The checks that every ledger has."""
    ledger = checker.ledger
    found = []
    dated = ledger.by_name.get(ledger.date)
    if dated is not None and not ledger.date_ahead and not dated.is_computed and not dated.stamped:
        day = f"CAST({quoted(dated.name)} AS DATE)"
        found.append(f"coalesce({day} <= {_date(checker.today)}, TRUE)")
    if checker.entered_by and "reviewed_by" in ledger.by_name:
        who = checker.entered_by.replace("'", "''")
        found.append(f"coalesce(\"reviewed_by\" <> '{who}', TRUE)")
    return found


def _date(day: date) -> str:
    return f"DATE '{day.isoformat()}'"
