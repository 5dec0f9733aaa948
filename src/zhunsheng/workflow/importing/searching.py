"""What records are looked for, as somebody wrote it: conditions by field and the order, read into typed ones."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time

import duckdb
from django.utils.translation import gettext as _

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem
from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.field import FieldDefinition, FieldType
from zhunsheng.ledgers.values import member_of, read_value
from zhunsheng.store.intake.typed_rows import to_physical
from zhunsheng.store.records.browsing import Order
from zhunsheng.store.records.criteria import Comparison, Criterion
from zhunsheng.store.records.key_bounds import is_key, surrogate_of
from zhunsheng.store.records.opened_store import Snapshot
from zhunsheng.workflow.importing import kinds

PREFIX = "f."
FROM, UNTIL = ".from", ".until"
ORDER = "order"
_ARRIVAL = "arrival"
_LONGEST = 200
_RANGES = frozenset({FieldType.INTEGER, FieldType.DECIMAL, FieldType.MONEY, FieldType.DATE, FieldType.TIME})
_SORTED = frozenset({FieldType.MONEY, FieldType.INTEGER, FieldType.DECIMAL})
SMALL = 1_000_000
"""Records up to which a ledger can be leafed through by fields that its files are not arranged by."""


def is_range(definition: FieldDefinition) -> bool:
    """Whether a field is looked for between two values."""
    return definition.type in _RANGES


def is_searched(definition: FieldDefinition) -> bool:
    """Whether a field can be looked for."""
    return definition.type is not FieldType.JSON


@dataclass(frozen=True, slots=True)
class Wanted:
    """A condition as read; a reference is still the key of the record it points to.

    Attributes:
        value: canonical.
    """

    field: FieldDefinition
    comparison: Comparison
    value: object


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for.

    Attributes:
        wanted: the conditions that could be read.
        problems: what could not be read.
        given: the texts as written, by parameter; empty ones left out.
    """

    ledger: LedgerDefinition
    wanted: tuple[Wanted, ...] = ()
    order: Order = field(default_factory=Order)
    problems: tuple[Problem, ...] = ()
    given: Mapping[str, str] = field(default_factory=dict)

    def criteria(
        self, connection: duckdb.DuckDBPyConnection, snapshot: Snapshot
    ) -> tuple[tuple[Criterion, ...], tuple[Problem, ...]]:
        """The conditions as the engine takes them, and which records that they name do not exist."""
        found: list[Criterion] = []
        problems: list[Problem] = []
        for each in self.wanted:
            if each.field.type is FieldType.REFERENCE:
                number = surrogate_of(connection, snapshot, each.field.target, str(each.value))
                if number is None:
                    place = Place(field=each.field.label)
                    problems.append(kinds.UNKNOWN_KEY.at(place, f"没有“{each.value}”", value=each.value))
                # no record has the number 0
                found.append(Criterion(each.field.name, each.comparison, number or 0))
            else:
                made = _criterion(each)
                if made.comparison is Comparison.CONTAINS and self.ledger.key == (made.field,):
                    # a whole key means that record; a part of one is looked for in all
                    whole = is_key(connection, snapshot, self.ledger, str(made.value))
                    made = replace(made, comparison=Comparison.EQUAL) if whole else made
                found.append(made)
        return tuple(found), tuple(problems)


def _criterion(each: Wanted) -> Criterion:
    value = each.value
    if (
        each.comparison is Comparison.UNTIL
        and each.field.type is FieldType.TIME
        and isinstance(value, datetime)
    ):
        # a day given for a moment means all of it
        value = datetime.combine(value.date(), time.max) if value.time() == time() else value
    if each.field.type is FieldType.LIST:
        return Criterion(each.field.name, each.comparison, str(value))
    return Criterion(each.field.name, each.comparison, to_physical(each.field, value))


def read_search(ledger: LedgerDefinition, given: Mapping[str, str], hidden: Collection[str]) -> Search:
    """Read what somebody looks for.

    Args:
        given: texts by parameter: `f.<field>`, `f.<field>.from`, `f.<field>.until`, `order`; others are left out.
        hidden: fields that are not shown; they are not looked for either, since an answer would tell their values.
    """
    wanted: list[Wanted] = []
    problems: list[Problem] = []
    kept: dict[str, str] = {}
    for each in ledger.fields:
        if each.name in hidden or not is_searched(each):
            continue
        for parameter, comparison in _parameters(each):
            text = given.get(parameter, "").strip()[:_LONGEST]
            if not text:
                continue
            kept[parameter] = text
            found = _read(each, comparison, text)
            if isinstance(found, Problem):
                problems.append(found)
            else:
                wanted.append(found)
    order = order_named(ledger, given.get(ORDER, ""), hidden)
    if given.get(ORDER):
        kept[ORDER] = order_name(order)
    return Search(ledger, tuple(wanted), order, tuple(problems), kept)


def _parameters(each: FieldDefinition) -> tuple[tuple[str, Comparison], ...]:
    name = f"{PREFIX}{each.name}"
    if is_range(each):
        return (
            (name, Comparison.EQUAL),
            (f"{name}{FROM}", Comparison.FROM),
            (f"{name}{UNTIL}", Comparison.UNTIL),
        )
    return (
        (name, Comparison.CONTAINS if each.type in {FieldType.TEXT, FieldType.LIST} else Comparison.EQUAL),
    )


def _read(each: FieldDefinition, comparison: Comparison, text: str) -> Wanted | Problem:
    if each.type is FieldType.TEXT:
        return Wanted(each, comparison, text)
    if each.type is FieldType.LIST:
        return Wanted(each, comparison, member_of(text, each.members) or text)
    reading = read_value(each, text)
    if reading.value is None or (reading.fault is not None and not isinstance(reading.value, date)):
        why = text if reading.fault is None else reading.fault.problem.what
        return kinds.BAD_VALUE.at(Place(field=each.label), f"“{each.label}”：{why}", value=text)
    return Wanted(each, comparison, reading.value)


# ---- order


def orders_of(ledger: LedgerDefinition, hidden: Collection[str], records: int) -> tuple[tuple[str, str], ...]:
    """The orders somebody can choose, with their words.

    Args:
        records: how many there are; a large ledger is only leafed through as its files are arranged.
    """
    found: list[tuple[str, str]] = []
    if ledger.date and ledger.date not in hidden:
        label = ledger.by_name[ledger.date].label
        found += [(f"-{ledger.date}", _("%s，由近及远") % label), (ledger.date, _("%s，由远及近") % label)]
    found += [(f"-{_ARRIVAL}", _("最近入库在前")), (_ARRIVAL, _("最早入库在前"))]
    if records <= SMALL:
        sums = [each.name for each in ledger.fields if each.type in _SORTED][:2]
        for name in (*ledger.key, *sums):
            each = ledger.by_name[name]
            if name not in hidden and each.type is not FieldType.REFERENCE:
                found += [(name, _("%s，升序") % each.label), (f"-{name}", _("%s，降序") % each.label)]
    return tuple(dict(found).items())


def order_named(ledger: LedgerDefinition, name: str, hidden: Collection[str]) -> Order:
    """An order by its name; the usual one when there is none of that name."""
    descending, bare = name.startswith("-"), name.removeprefix("-")
    if bare == _ARRIVAL:
        return Order("", descending)
    chosen = ledger.by_name.get(bare)
    if chosen is not None and bare not in hidden and chosen.type not in {FieldType.LIST, FieldType.JSON}:
        return Order(bare, descending)
    dated = ledger.date if ledger.date and ledger.date not in hidden else ""
    return Order(dated)


def order_name(order: Order) -> str:
    """The name of an order."""
    return f"{'-' if order.descending else ''}{order.field or _ARRIVAL}"


def words_of(wanted: Sequence[Wanted]) -> str:
    """Which fields the conditions are about, in Chinese, for the name of a job and the trail.

    What was looked for is left out: it may be the name of a person, and both are read by people who see no records.
    """
    labels = dict.fromkeys(each.field.label for each in wanted)
    return f"按{'、'.join(f'“{each}”' for each in labels)}筛选" if labels else ""
