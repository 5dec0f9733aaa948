"""From a figure to its formula, its measures and its records."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from zhunsheng.assembly.records import OpenedRecords
from zhunsheng.assembly.rejections import WrongRequest
from zhunsheng.expressions.nodes import Column, Value, walk
from zhunsheng.indicators.definition import IndicatorDefinition, IndicatorVersion
from zhunsheng.measures.computing import Wish, compute
from zhunsheng.measures.figure import Figure
from zhunsheng.measures.period import Window
from zhunsheng.measures.request import Request, request_for, trees_of
from zhunsheng.store.engines.rows import Part, RecordRow, count_of, records_of, write_identities
from zhunsheng.store.ledger_files import ledger_of


@dataclass(frozen=True, slots=True)
class Explanation:
    """A figure with what it is made of.

    Attributes:
        version: the definition in the year of the figure.
        behind: how many records are behind each measure, by its name.
    """

    figure: Figure
    version: IndicatorVersion
    behind: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Behind:
    """The records behind a part of a figure.

    Attributes:
        request: the measure whose records they are.
        without: the measure whose records are left out, or None.
    """

    request: Request
    without: Request | None

    def count(self, records: OpenedRecords) -> int:
        """How many there are.

        Raises:
            WrongRequest: the two measures do not count the same things.
        """
        try:
            return count_of(records.duckdb, self.request, self.without)
        except LookupError as wrong:
            raise WrongRequest(f"{wrong}。") from None

    def rows(self, records: OpenedRecords, *, most: int | None = None, skipped: int = 0) -> list[RecordRow]:
        """The records in the order they came in, personal data hidden.

        Args:
            most: at most so many; None for all.
            skipped: leave out so many at the beginning.

        Raises:
            WrongRequest: the two measures do not count the same things.
        """
        try:
            return list(records_of(records.duckdb, self.request, self.without, most=most, skipped=skipped))
        except LookupError as wrong:
            raise WrongRequest(f"{wrong}。") from None

    def write(self, records: OpenedRecords, target: Path, body: str = "") -> int:
        """Write which records they are into a file that `store.records.browsing` leafs through.

        Args:
            body: code of a body, taken with all below it; "" for all records.

        Returns:
            How many there are.

        Raises:
            WrongRequest: there is no such body, or the two measures do not count the same things.
        """
        (bodies,) = records.group(body).values()
        try:
            return write_identities(records.duckdb, self.request, self.without, bodies, target)
        except LookupError as wrong:
            raise WrongRequest(f"{wrong}。") from None

    @property
    def telling_fields(self) -> tuple[str, ...]:
        """The fields that say which record it is and why it is among them: its key, its date, its conditions."""
        measure = self.request.measure
        ledger = ledger_of(measure.ledger)
        named = [] if ledger is None else list(ledger.key)
        named += [measure.date] if measure.date else []
        for tree in trees_of(measure):
            named += [each.path[0] for each in walk(tree) if isinstance(each, Column)]
        return tuple(dict.fromkeys(named))


def explained(
    records: OpenedRecords,
    found: IndicatorDefinition,
    window: Window,
    parameters: Mapping[str, Value] | None = None,
    body: str = "",
) -> Explanation:
    """A figure with its definition and how many records are behind each measure.

    Args:
        parameters: choices that differ from the definition's own.
        body: code of a body, counted with all below it; "" for all records.

    Raises:
        WrongRequest: there is no such body, or no definition for the year.
        Rejected: a deadline that counts cannot be told.
    """
    version = version_for(found, window)
    chosen = parameters or {}
    (figures,) = compute([Wish(found, window, chosen)], records.engine, records.group(body))
    behind = {
        name: count_of(records.duckdb, each) for name, each in _requests(version, window, chosen).items()
    }
    return Explanation(next(iter(figures.values())), version, behind)


def version_for(found: IndicatorDefinition, window: Window) -> IndicatorVersion:
    """The definition in a year.

    Raises:
        WrongRequest: there is none.
    """
    version = found.version_for(window.year)
    if version is None:
        raise WrongRequest(f"指标“{found.label}”没有 {window.year} 年的口径。")
    return version


def behind_figure(
    found: IndicatorDefinition,
    window: Window,
    part: Part = Part.NUMERATOR,
    measure: str = "",
    parameters: Mapping[str, Value] | None = None,
) -> Behind:
    """The records behind a figure.

    Args:
        part: of a ratio; that of a single measure is its numerator.
        measure: the name of a measure to look at instead of a part.
        parameters: choices that differ from the definition's own.

    Raises:
        WrongRequest: there is no definition for the year, no such measure, or no such part.
    """
    requests = _requests(version_for(found, window), window, parameters or {})
    if measure:
        if measure not in requests:
            raise WrongRequest(f"没有度量“{measure}”（有：{'、'.join(requests)}）。")
        return Behind(requests[measure], None)
    top = requests[found.numerator[0] if found.numerator else next(iter(requests))]
    if part is Part.NUMERATOR:
        return Behind(top, None)
    if not found.denominator:
        raise WrongRequest(f"指标“{found.label}”不是比率，没有分母。")
    bottom = requests[found.denominator[0]]
    return Behind(bottom, None) if part is Part.DENOMINATOR else Behind(bottom, top)


def records_csv(labels: Mapping[str, str], rows: Sequence[RecordRow]) -> bytes:
    """Records as a UTF-8 file of separated values that spreadsheets open.

    Args:
        labels: headings by the name of the field, in their order.
    """
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(labels.values())
    # a cell that begins like a formula is kept as text when a spreadsheet opens the file
    writer.writerows([_plain(row.values[name]) for name in labels] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _requests(
    version: IndicatorVersion, window: Window, parameters: Mapping[str, Value]
) -> dict[str, Request]:
    chosen: dict[str, Value] = {each.name: each.default for each in version.parameters}
    chosen |= {name: value for name, value in parameters.items() if name in chosen}
    return {each.name: request_for(each, window, chosen) for each in version.measures}


def _plain(value: str) -> str:
    return (
        f"'{value}"
        if value[:1] in {"=", "+", "@", "\t", "\r"} or (value[:1] == "-" and not value[1:2].isdigit())
        else value
    )
