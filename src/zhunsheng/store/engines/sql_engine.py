"""What engines that speak SQL have in common: one pass over a ledger for all that fits into one, own queries for the rest."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

from zhunsheng.expressions.nodes import Column
from zhunsheng.expressions.types import Kind
from zhunsheng.indicators.measure import Aggregate, Measure, Span
from zhunsheng.ledgers.definition import Catalogue, LedgerDefinition, field_type
from zhunsheng.measures.computing import Bodies
from zhunsheng.measures.query import Query, Reach, Select, add_request, grouping_sql, quantile_sql
from zhunsheng.measures.request import Answer, Request
from zhunsheng.measures.sharing import answer_from, shared_pass
from zhunsheng.store.records.reading import DataFile

Row: TypeAlias = "tuple[Any, ...]"

Watch = Callable[[str], None]
"""Is told which ledger is read next; may raise to cancel."""


def stands_alone(measure: Measure) -> bool:
    """Whether it cannot share a pass with others: things and quantiles need two steps."""
    return measure.grouping is not None or measure.aggregate is Aggregate.QUANTILE


class SqlEngine(ABC):
    """Answers requests by SQL over the files of one snapshot.

    Attributes:
        watch: is told of every pass.
    """

    catalogue: Catalogue
    watch: Watch | None

    @abstractmethod
    def rows(self, text: str) -> list[Row]:
        """The rows of a query."""

    @abstractmethod
    def reach(self, ledger: str, files: Sequence[DataFile] | None) -> Reach:
        """What a query may read; of one ledger only some files, None for all."""

    @abstractmethod
    def files(self, ledger: str) -> tuple[DataFile, ...]:
        """The files of a ledger at the snapshot."""

    @abstractmethod
    def keys_of(self, ledger: str, surrogates: Sequence[int]) -> dict[int, str]:
        """The keys of records of a ledger by their surrogates."""

    @abstractmethod
    def provide(self, query: Query) -> None:
        """Make the marks and days that a query looks up; call it right before the query is run."""

    def bits(self) -> Callable[[str], int] | None:
        """Gives the largest surrogate of a ledger, where different references are counted by bitmap."""
        return None

    def own_pass(self, request: Request) -> str:
        """The name of the pass a request belongs to, where its ledger is better read several times; "" otherwise."""
        del request
        return ""

    def query(self, request: Request) -> Query:
        """An empty query over the ledger of a measure, for further questions about its records."""
        return self._query(request.measure.ledger, (request,))

    def grouped(self, requests: Sequence[Request], names: str) -> list[dict[str, Answer]]:
        """For each request the answer for each value of a field.

        Raises:
            LookupError: a ledger has no such field.
        """
        return [self._named_values(request, names) for request in requests]

    def _named_values(self, request: Request, names: str) -> dict[str, Answer]:
        """Answers by the value as people write it: a reference by the key of the record it points to."""
        found = self._by_value(request, names)
        kind = self._column(self.query(request), names).type
        if kind.kind is Kind.REFERENCE:
            keys = self.keys_of(kind.target, [int(value) for value, _ in found if value is not None])
            found = [(None if value is None else keys[int(value)], answer) for value, answer in found]
        return {"" if value is None else str(value): answer for value, answer in found}

    def direct(
        self, requests: Sequence[Request], positions: Sequence[int], bodies: Bodies
    ) -> list[dict[str, Answer]]:
        """The answers to some of the requests by queries, nothing kept."""
        results: list[dict[str, Answer]] = [{} for _ in requests]
        for name, group in bodies.items():
            for position, answer in self._direct(requests, positions, group).items():
                results[position][name] = answer
        return results

    def definition(self, ledger: str) -> LedgerDefinition:
        """A ledger.

        Raises:
            LookupError: there is none.
        """
        found = self.catalogue(ledger)
        if found is None:
            raise LookupError(ledger)
        return found

    def _direct(
        self, requests: Sequence[Request], positions: Sequence[int], bodies: frozenset[int] | None
    ) -> dict[int, Answer]:
        """One pass over each ledger, and a query of their own for things and quantiles."""
        found: dict[int, Answer] = {}
        passes: dict[tuple[str, str], dict[int, Request]] = {}
        for position in positions:
            request = requests[position]
            ledger = request.measure.ledger
            if stands_alone(request.measure):
                found[position] = self._alone(request, bodies)
            else:
                passes.setdefault((ledger, self.own_pass(request)), {})[position] = request
        for (ledger, _), members in passes.items():
            found.update(self._pass(ledger, members, bodies))
        return found

    def _pass(
        self, ledger: str, requests: Mapping[int, Request], bodies: frozenset[int] | None
    ) -> dict[int, Answer]:
        self._tell(ledger)
        query = self._query(ledger, tuple(requests.values()))
        made = shared_pass(query, requests, scope_of(query, bodies), self.bits(), self.provide)
        return made.answers(self.rows(made.text))

    def _alone(self, request: Request, bodies: frozenset[int] | None) -> Answer:
        self._tell(request.measure.ledger)
        query = self._query(request.measure.ledger, (request,))
        scope = scope_of(query, bodies)
        grouping = request.measure.grouping is not None
        text = (grouping_sql if grouping else quantile_sql)(query, request, (), scope)
        self.provide(query)
        row = next(iter(self.rows(text)), (None, None, None))
        return Answer(row[0], int(row[1] or 0)) if grouping else _quantile(request, row)

    def _by_value(self, request: Request, names: str) -> list[tuple[Any, Answer]]:
        measure = request.measure
        self._tell(measure.ledger)
        query = self._query(measure.ledger, (request,))
        group = query.value(self._column(query, names), {})
        if stands_alone(measure):
            grouping = measure.grouping is not None
            text = (grouping_sql if grouping else quantile_sql)(query, request, (group,), "")
            self.provide(query)
            rows = self.rows(text)
            if grouping:
                return [(row[0], Answer(row[1], int(row[2] or 0))) for row in rows]
            return [(row[0], _quantile(request, row[1:])) for row in rows]
        select = Select()
        columns = add_request(query, select, request, bits=None)
        self.provide(query)
        rows = self.rows(f"SELECT {group}, {', '.join(select.items)} FROM {query.source()} GROUP BY 1")
        return [(row[0], answer_from(columns, row[1:])) for row in rows]

    def _column(self, query: Query, names: str) -> Column:
        path = tuple(names.split("."))
        kind = field_type(query.ledger, path, self.catalogue)
        if kind is None:
            raise LookupError(f"台账“{query.ledger.label}”没有字段“{names}”")
        return Column(path, kind)

    def _query(self, ledger: str, requests: Sequence[Request]) -> Query:
        definition = self.definition(ledger)
        return Query(self.reach(ledger, self._overlapping(ledger, definition.date, requests)), definition)

    def _overlapping(self, ledger: str, date: str, requests: Sequence[Request]) -> tuple[DataFile, ...]:
        """The files that may hold a record of a period that is asked for."""
        files = self.files(ledger)
        if not date or any(
            each.measure.date != date or each.measure.span is not Span.DURING for each in requests
        ):
            return files
        first, last = min(each.window.start for each in requests), max(each.window.end for each in requests)
        return tuple(
            each
            for each in files
            if each.first_day is None
            or each.last_day is None
            or (each.first_day <= last and each.last_day >= first)
        )

    def _tell(self, ledger: str) -> None:
        if self.watch is not None:
            self.watch(ledger)


def scope_of(query: Query, bodies: frozenset[int] | None) -> str:
    """The SQL of belonging to a group of bodies; a ledger without bodies belongs to every group."""
    if bodies is None or not query.ledger.organisation:
        return ""
    return f"({query.organisation()} IN ({', '.join(map(str, sorted(bodies))) or '0'}))"


def _quantile(request: Request, row: Sequence[Any]) -> Answer:
    """Between the two neighbours, exactly."""
    low, high, total = row
    if low is None or high is None or not total:
        return Answer(None)
    rest = Fraction((int(total) - 1) * request.measure.quantile % 1000, 1000)
    return Answer(low + (high - low) * rest, int(total))
