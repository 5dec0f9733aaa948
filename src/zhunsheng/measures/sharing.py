"""One pass over a ledger for several requests.

What all requests ask of a record becomes the WHERE of the pass. The rest is a filter on each aggregate; where many
aggregates stand over few conditions, records are grouped by which of the conditions they fulfil instead, and the
answers are added up from the few groups: a filter for each aggregate costs more than the pass itself.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zhunsheng.indicators.measure import Aggregate
from zhunsheng.measures.query import Columns, Query, Select, add_request
from zhunsheng.measures.request import Answer, Request

_MOST_CONDITIONS = 12
"""Groups are numbered by sums of powers of two; up to here an engine keeps them in a plain array."""

_SMALLEST = {Aggregate.LEAST, Aggregate.ONLY}


@dataclass(frozen=True, slots=True)
class Pass:
    """A query for several requests.

    Attributes:
        text: the SQL.
        columns: by request, where its answer stands in a row.
        wanted: by request, the conditions a group of records must fulfil, as a number of bits; None when the result
            is a single row.
    """

    text: str
    requests: Mapping[int, Request]
    columns: Mapping[int, Columns]
    wanted: Mapping[int, int] | None

    def answers(self, rows: Sequence[Sequence[Any]]) -> dict[int, Answer]:
        """The answers from the rows of the query."""
        if self.wanted is None:
            return {each: answer_from(columns, rows[0]) for each, columns in self.columns.items()}
        return {
            each: _gathered(
                self.requests[each], self.columns[each], [row[1:] for row in rows if row[0] & bits == bits]
            )
            for each, bits in self.wanted.items()
        }


def shared_pass(
    query: Query,
    requests: Mapping[int, Request],
    scope: str,
    bits: Callable[[str], int] | None,
    provide: Callable[[Query], None],
) -> Pass:
    """The pass for requests over one ledger.

    Args:
        query: empty, over the ledger.
        scope: a condition on all records; "" for none.
        bits: gives the largest surrogate of a ledger, when different references are counted by bitmap.
        provide: makes what the query looks up.
    """
    parts = {each: query.parts(request) for each, request in requests.items()}
    common = [each for each in next(iter(parts.values())) if all(each in one for one in parts.values())]
    rest = {each: [one for one in found if one not in common] for each, found in parts.items()}
    filtered = Select()
    columns = {
        each: add_request(query, filtered, request, bits=bits, taken=" AND ".join(rest[each]))
        for each, request in requests.items()
    }
    conditions = list(dict.fromkeys(part for found in rest.values() for part in found))
    plain = Select()
    wanted: dict[int, int] | None = None
    if _may_be_grouped(requests.values()) and 0 < len(conditions) <= _MOST_CONDITIONS:
        places = {
            each: add_request(query, plain, request, bits=bits, taken="")
            for each, request in requests.items()
        }
        if len(conditions) + len(plain.items) < len(filtered.items):
            columns = places
            wanted = {
                each: sum(1 << conditions.index(part) for part in found) for each, found in rest.items()
            }
    provide(query)
    where = " AND ".join(part for part in (scope, *common) if part)
    source = query.source() + (f" WHERE {where}" if where else "")
    if wanted is None:
        return Pass(f"SELECT {', '.join(filtered.items)} FROM {source}", requests, columns, None)
    group = " + ".join(
        f"CASE WHEN {each} THEN {1 << place} ELSE 0 END" for place, each in enumerate(conditions)
    )
    text = f"SELECT {group} AS fulfilled, {', '.join(plain.items)} FROM {source} GROUP BY 1"
    return Pass(text, requests, columns, wanted)


def _may_be_grouped(requests: Iterable[Request]) -> bool:
    """Different values cannot be added up from groups."""
    return all(each.measure.aggregate is not Aggregate.DISTINCT for each in requests)


def answer_from(columns: Columns, row: Sequence[Any]) -> Answer:
    """The answer in a row of a result."""
    value = row[columns.value]
    number = int(row[columns.number] or 0) if columns.number >= 0 else 0
    everything = int(row[columns.unknown] or 0) if columns.unknown >= 0 else number
    several = columns.several >= 0 and row[columns.several] != value
    return Answer(value, number, everything - number, several)


def _gathered(request: Request, columns: Columns, rows: Sequence[Sequence[Any]]) -> Answer:
    """The answer from the groups that count."""
    aggregate = request.measure.aggregate
    found = [row[columns.value] for row in rows if row[columns.value] is not None]
    number = sum(row[columns.number] for row in rows) if columns.number >= 0 else 0
    everything = sum(row[columns.unknown] for row in rows) if columns.unknown >= 0 else number
    several = False
    value: Any
    if aggregate in _SMALLEST or aggregate is Aggregate.GREATEST:
        value = (max if aggregate is Aggregate.GREATEST else min)(found, default=None)
        if columns.several >= 0:
            others = [row[columns.several] for row in rows if row[columns.several] is not None]
            several = max(others, default=None) != value
    else:
        value = sum(found) if found or aggregate is Aggregate.COUNT else None
    return Answer(value, number, everything - number, several)
