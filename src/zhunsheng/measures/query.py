"""From requests to the SQL of an engine: one pass over a ledger for all that can be added up, own queries for the rest."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from zhunsheng.expressions.nodes import Call, Column, Literal, Node, Operation, Parameter, Value
from zhunsheng.expressions.sql import Dialect, Renderer
from zhunsheng.expressions.types import INTEGER, Kind
from zhunsheng.indicators.measure import Aggregate, Measure
from zhunsheng.ledgers.definition import Catalogue, LedgerDefinition
from zhunsheng.measures.probes import PROBE, Probe, probed
from zhunsheng.measures.request import Request, window_condition

Scan = Callable[[str, Sequence[str]], str]
"""Gives the FROM-able text that reads the current records of a ledger with the named columns."""

KeyOf = Callable[[str, str], int]
"""Gives the surrogate of a record of a ledger by its key; 0 when there is none."""

RECORD = "l"
_NOTHING = "TRUE"
_NTH = {"duckdb": "list_extract({0}, {1})", "spark": "element_at({0}, {1})"}


@dataclass(frozen=True, slots=True)
class Reach:
    """What a query may read and how.

    Attributes:
        probes: whether conditions on referred records become bitmap look-ups; otherwise they are joined.
        marks: for each probe, the SQL that looks up its mark from the SQL of the reference.
    """

    catalogue: Catalogue
    scan: Scan
    key_of: KeyOf
    dialect: Dialect
    probes: bool = True


@dataclass(slots=True)
class Query:
    """A query over one ledger that is being put together.

    Attributes:
        found_probes: marks the query looks up, in the order of their names.
    """

    reach: Reach
    ledger: LedgerDefinition
    found_probes: list[Probe] = field(default_factory=list)
    _due: list[tuple[str, str]] = field(default_factory=list)
    _joins: dict[tuple[str, ...], str] = field(default_factory=dict)
    _columns: dict[str, set[str]] = field(default_factory=dict)

    def column(self, column: Column) -> str:
        """The SQL of a column: a mark, a field of the record, or a field of a referred record by a join."""
        if column.path[0] == PROBE:
            reference = self._field(RECORD, column.path[2])
            return f"(get_bit(probe_{column.path[1]}.marks, {reference}) = 1)"
        return self._field(self._alias(column.path[:-1]), column.path[-1])

    def due(self, start: str, rule: str) -> str:
        """The SQL of the last day by a deadline rule: looked up in a list of days, one for each day of start."""
        if (rule, start) not in self._due:
            self._due.append((rule, start))
        name = f"rule_{self._due.index((rule, start))}"
        place = self.reach.dialect.functions["days"].format(f"{name}.origin", start)
        return _NTH[self.reach.dialect.name].format(f"{name}.days", f"CAST({place} + 1 AS INTEGER)")

    @property
    def rules(self) -> list[str]:
        """Deadline rules the query needs, in the order of their names."""
        return [rule for rule, _ in self._due]

    @property
    def starts(self) -> list[str]:
        """For each of them the SQL of the day it starts."""
        return [start for _, start in self._due]

    def _field(self, alias: str, name: str) -> str:
        self._columns.setdefault(alias, set()).add(name)
        return f"{alias}.{quoted(name)}"

    def _alias(self, prefix: tuple[str, ...]) -> str:
        if not prefix:
            return RECORD
        if prefix not in self._joins:
            self._alias(prefix[:-1])
            self._joins[prefix] = f"r{len(self._joins)}"
        return self._joins[prefix]

    def condition(self, node: Node, parameters: Mapping[str, Value]) -> str:
        """The SQL of a condition."""
        bound = _bound(node, parameters, self.reach.key_of)
        if self.reach.probes:
            targets = {each.name: each.target for each in self.ledger.references}
            bound = probed(bound, targets, self.found_probes)
        return self._rendered(bound)

    def value(self, node: Node, parameters: Mapping[str, Value]) -> str:
        """The SQL of a value."""
        return self._rendered(_bound(node, parameters, self.reach.key_of))

    def _rendered(self, node: Node) -> str:
        return Renderer(self.reach.dialect, self).render(node)

    def organisation(self) -> str:
        """The SQL of the body responsible; NULL when the ledger has none."""
        name = self.ledger.organisation
        return self._field(RECORD, name) if name else "NULL"

    def field(self, name: str) -> str:
        """The SQL of a field of the record."""
        return self._field(RECORD, name)

    def taken(self, request: Request, *, window: bool = True) -> str:
        """The SQL of being taken in by a measure: its period and its condition; "" when everything is."""
        return " AND ".join(self.parts(request, window=window))

    def parts(self, request: Request, *, window: bool = True) -> list[str]:
        """The conditions that must all hold for a record to be taken in by a measure."""
        measure = request.measure
        found = []
        if window and measure.date:
            found.append(window_condition(measure.span, self._field(RECORD, measure.date), request.window))
        if measure.where is not None:
            found += [self.condition(each, request.parameters) for each in _conjuncts(measure.where.root)]
        return [each for each in found if each]

    def joined_ledgers(self) -> set[str]:
        """The ledgers that are read through references by a join."""
        found: dict[tuple[str, ...], LedgerDefinition] = {(): self.ledger}
        for prefix in self._joins:
            target = self.reach.catalogue(found[prefix[:-1]].by_name[prefix[-1]].target)
            if target is None:
                raise LookupError(prefix[-1])
            found[prefix] = target
        return {each.code for prefix, each in found.items() if prefix}

    def source(self, *, rules: bool = True) -> str:
        """The FROM clause; call it last, when all columns are known."""
        definitions = {RECORD: self.ledger}
        text = ""
        for prefix, alias in self._joins.items():
            outer = RECORD if len(prefix) == 1 else self._joins[prefix[:-1]]
            key = definitions[outer].by_name[prefix[-1]]
            target = self.reach.catalogue(key.target)
            if target is None:
                raise LookupError(key.target)
            definitions[alias] = target
            names = sorted({"_id"} | self._columns.get(alias, set()))
            text += (
                f" LEFT JOIN {self.reach.scan(target.code, names)} {alias}"
                f" ON {outer}.{quoted(prefix[-1])} = {alias}._id"
            )
            self._columns.setdefault(outer, set()).add(prefix[-1])
        # a count of everything reads no field, and a list of nothing is no list
        record = self.reach.scan(self.ledger.code, sorted(self._columns.get(RECORD) or {"_row"}))
        marks = "".join(f", probe_{each}" for each in range(len(self.found_probes)))
        looked_up = "".join(f", rule_{each}" for each in range(len(self._due) if rules else 0))
        return f"{record} {RECORD}{text}{marks}{looked_up}"


def _conjuncts(node: Node) -> tuple[Node, ...]:
    """The conditions that a condition asks for all of."""
    if isinstance(node, Operation) and node.operator == "and":
        return tuple(part for each in node.operands for part in _conjuncts(each))
    return (node,)


def quoted(name: str) -> str:
    """A name as an identifier; names of fields are plain, this only keeps words of SQL apart."""
    return '"' + name.replace('"', '""') + '"'


def _bound(node: Node, parameters: Mapping[str, Value], key_of: KeyOf) -> Node:
    """The tree with parameters replaced by their values, and texts compared to references by their surrogates."""
    match node:
        case Parameter():
            return Literal(parameters[node.name], node.type)
        case Call():
            arguments = tuple(_bound(each, parameters, key_of) for each in node.arguments)
            return Call(node.function, arguments, node.type)
        case Operation():
            operands = tuple(_bound(each, parameters, key_of) for each in node.operands)
            targets = [each.type.target for each in operands if each.type.kind is Kind.REFERENCE]
            if targets and node.operator in {"=", "<>", "in"}:
                operands = tuple(_surrogate(each, targets[0], key_of) for each in operands)
            return Operation(node.operator, operands, node.type)
        case _:
            return node


def _surrogate(node: Node, target: str, key_of: KeyOf) -> Node:
    if isinstance(node, Literal) and isinstance(node.value, str):
        return Literal(key_of(target, node.value), INTEGER)
    return node


def filtered(aggregate: str, condition: str) -> str:
    """An aggregate over the records that fulfil a condition."""
    return f"{aggregate} FILTER (WHERE {condition})" if condition else aggregate


@dataclass(frozen=True, slots=True)
class Columns:
    """Where an answer stands in a row of a result."""

    value: int
    number: int = -1
    unknown: int = -1
    several: int = -1


@dataclass(slots=True)
class Select:
    """The list of what a query gives."""

    items: list[str] = field(default_factory=list)

    def add(self, item: str) -> int:
        """The position of an item; the same item twice is computed once."""
        if item in self.items:
            return self.items.index(item)
        self.items.append(item)
        return len(self.items) - 1


def add_request(
    query: Query,
    select: Select,
    request: Request,
    *,
    bits: Callable[[str], int] | None,
    window: bool = True,
    taken: str | None = None,
) -> Columns:
    """Add what a request needs to a query; where it will stand.

    Args:
        bits: gives the largest surrogate of a ledger, when different references are counted by bitmap.
        window: whether the period is part of the condition.
        taken: the SQL of being taken in, when not the whole condition is left to the aggregate.
    """
    measure = request.measure
    if taken is None:
        taken = query.taken(request, window=window)
    if measure.aggregate is Aggregate.COUNT or measure.of is None:
        return Columns(select.add(filtered("count(*)", taken)))
    value = query.value(measure.of.root, request.parameters)
    match measure.aggregate:
        case Aggregate.DISTINCT:
            return Columns(select.add(_distinct(measure, value, taken, bits)))
        case Aggregate.SUM | Aggregate.MEAN:
            number = select.add(filtered(f"count({value})", taken))
            every = select.add(filtered("count(*)", taken))
            # an engine's sum is wider than 64 bits; a sum that does not fit is an error, never a float
            total = select.add(f"CAST({filtered(f'sum({value})', taken)} AS BIGINT)")
            return Columns(total, number, every)
        case Aggregate.LEAST | Aggregate.GREATEST:
            number = select.add(filtered(f"count({value})", taken))
            every = select.add(filtered("count(*)", taken))
            return Columns(select.add(filtered(f"{measure.aggregate.value}({value})", taken)), number, every)
        case Aggregate.ONLY:
            least = select.add(filtered(f"min({value})", taken))
            greatest = select.add(filtered(f"max({value})", taken))
            return Columns(least, several=greatest)
        case Aggregate.QUANTILE:
            raise ValueError("a quantile has its own query")


def _distinct(measure: Measure, value: str, taken: str, bits: Callable[[str], int] | None) -> str:
    kind = measure.of.type if measure.of is not None else INTEGER
    if bits is not None and kind.kind is Kind.REFERENCE:
        largest = bits(kind.target)
        return f"coalesce(bit_count({filtered(f'bitstring_agg({value}, 0, {largest})', taken)}), 0)"
    return filtered(f"count(DISTINCT {value})", taken)


def quantile_sql(query: Query, request: Request, group: Sequence[str], scope: str) -> str:
    """The two neighbours between which a quantile lies, and the number of records, for each group.

    Interpolation is left to exact arithmetic outside: an engine would do it in binary floats.
    """
    measure = request.measure
    if measure.of is None:
        raise ValueError("a quantile is of something")
    value = query.value(measure.of.root, request.parameters)
    where = " AND ".join(part for part in (query.taken(request), scope, f"{value} IS NOT NULL") if part)
    names = [f"g{each}" for each in range(len(group))]
    keys = "".join(f"{expression} AS {name}, " for name, expression in zip(names, group, strict=True))
    listed = "".join(f"{name}, " for name in names)
    part = f"PARTITION BY {', '.join(names)}" if names else ""
    share = measure.quantile
    grouped = f"GROUP BY {', '.join(names)}" if names else ""
    return (
        f"WITH h AS (SELECT {keys}{value} AS v, count(*) AS n FROM {query.source()} WHERE {where} GROUP BY ALL), "
        f"c AS (SELECT {listed}v, sum(n) OVER ({part} ORDER BY v) AS upto, sum(n) OVER ({part}) AS total FROM h) "
        f"SELECT {listed}min(v) FILTER (WHERE upto * 1000 > (total - 1) * {share}), "
        f"min(v) FILTER (WHERE (upto - 1) * 1000 >= (total - 1) * {share}), max(total) FROM c {grouped}"
    )


def grouping_sql(query: Query, request: Request, group: Sequence[str], scope: str) -> str:
    """Count or add up the things that fulfil a condition over their own counts and sums, for each group."""
    measure = request.measure
    grouping = measure.grouping
    if grouping is None:
        raise ValueError("the measure does not group")
    by = query.value(grouping.by, request.parameters)
    select = Select()
    inner = {
        name: add_request(query, select, replace(request, measure=each), bits=None, window=False).value
        for name, each in grouping.values
    }
    where = " AND ".join(part for part in (query.taken(request), scope, f"{by} IS NOT NULL") if part)
    names = [f"g{each}" for each in range(len(group))]
    keys = [f"{expression} AS {name}" for name, expression in zip(names, group, strict=True)]
    sums = {name for name, each in grouping.values if each.aggregate is Aggregate.SUM}
    values = [
        f"coalesce({select.items[position]}, 0) AS {quoted(name)}"
        if name in sums
        else f"{select.items[position]} AS {quoted(name)}"
        for name, position in inner.items()
    ]
    things = (
        f"SELECT {', '.join([*keys, f'{by} AS thing', *values])} FROM {query.source()} "
        f"WHERE {where} GROUP BY {', '.join([*names, 'thing'])}"
    )
    outer = _Things(query, grouping.by.type.target)
    kept = _NOTHING
    if grouping.having is not None:
        bound = _bound(grouping.having.root, request.parameters, query.reach.key_of)
        kept = Renderer(query.reach.dialect, outer).render(bound)
    if measure.aggregate is Aggregate.COUNT or measure.of is None:
        result = "count(*)"
    else:
        value = Renderer(query.reach.dialect, outer).render(
            _bound(measure.of.root, request.parameters, query.reach.key_of)
        )
        result = f"{'sum' if measure.aggregate is Aggregate.MEAN else measure.aggregate.value}({value})"
    grouped = f" GROUP BY {', '.join(f't.{name}' for name in names)}" if names else ""
    listed = "".join(f"t.{name}, " for name in names)
    return f"SELECT {listed}{result}, count(*) FROM ({things}) t{outer.joined()} WHERE {kept}{grouped}"


@dataclass(slots=True)
class _Things:
    """Names in a condition over things: their own counts and sums, and the fields of the thing itself."""

    query: Query
    target: str
    columns: set[str] = field(default_factory=set)

    def column(self, column: Column) -> str:
        """The SQL of a name."""
        if len(column.path) == 1:
            return f"t.{quoted(column.path[0])}"
        self.columns.add(column.path[1])
        return f"thing.{quoted(column.path[1])}"

    def due(self, start: str, rule: str) -> str:
        """Deadlines belong to records, not to things."""
        raise ValueError(f"due({start}, {rule}) over things")

    def joined(self) -> str:
        """The join of the things' own records, when one of their fields is asked for."""
        if not self.columns:
            return ""
        scan = self.query.reach.scan(self.target, sorted({"_id"} | self.columns))
        return f" LEFT JOIN {scan} thing ON t.thing = thing._id"
