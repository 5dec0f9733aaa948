"""Values of a case from the records of a store, with the way back to the records."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from zhunsheng.assembly.cases import LoadedCase
from zhunsheng.assembly.evaluating import facts
from zhunsheng.assembly.records import OpenedRecords
from zhunsheng.kernel.hashing import sha256_of
from zhunsheng.measures.computing import Wish, compute
from zhunsheng.measures.describing import measure_words
from zhunsheng.measures.figure import Figure
from zhunsheng.measures.period import Window
from zhunsheng.measures.request import request_for
from zhunsheng.plans.case import Case
from zhunsheng.scores.computed import Lineage, wanted, with_computed
from zhunsheng.scores.evaluation import InputFile
from zhunsheng.store.engines.rows import count_of
from zhunsheng.store.indicator_files import indicator_of
from zhunsheng.store.ledger_files import ledger_of
from zhunsheng.store.records.reading import digest_of

if TYPE_CHECKING:
    from zhunsheng.documents.html_evaluation import ComputedValue

SYNTHETIC = "记录库中有合成数据，不是任何单位的真实记录"


@dataclass(frozen=True, slots=True)
class FromRecords:
    """A case with values from records.

    Attributes:
        lineage: what was computed.
        origin: which state of which store, for people.
        records: for each measure of each indicator, how many records are behind it.
    """

    loaded: LoadedCase
    lineage: tuple[Lineage, ...]
    origin: str
    records: dict[tuple[str, str], int]


def figures_of(case: Case, records: OpenedRecords) -> dict[str, Figure]:
    """The figures of every indicator definition the case can take values from, by code, for its year.

    Raises:
        Rejected: a deadline that counts cannot be told.
    """
    codes = wanted(case, facts())
    window = _year_of(case)
    wishes = [Wish(each, window) for code in codes if (each := indicator_of(code)) is not None]
    return {
        wish.indicator.code: answers[""]
        for wish, answers in zip(wishes, compute(wishes, records.engine), strict=True)
    }


def with_records(loaded: LoadedCase, records: OpenedRecords) -> FromRecords:
    """The case with values from records where they can be had, and with the records among its inputs.

    Raises:
        Rejected: a deadline that counts cannot be told.
    """
    token, window = records.snapshot.token, _year_of(loaded.case)
    made = with_computed(
        loaded.case,
        facts(),
        figures_of(loaded.case, records),
        f"快照 {token}" + ("，合成数据" if records.synthetic else ""),
    )
    behind = {
        (line.figure.indicator.code, each.measure.name): count_of(
            records.duckdb, request_for(each.measure, window, line.figure.parameters)
        )
        for line in made.lineage
        for each in line.figure.measures
    }
    changed = replace(
        loaded,
        case=made.case,
        inputs=(*loaded.inputs, _input_of(made.lineage, records)),
        problems=(*loaded.problems, *made.problems),
    )
    origin = f"记录库快照 {token}" + (f"，{SYNTHETIC}" if records.synthetic else "")
    return FromRecords(changed, made.lineage, origin, behind)


def _year_of(case: Case) -> Window:
    return Window(case.about.fiscal_year or 0)


def _input_of(lineage: tuple[Lineage, ...], records: OpenedRecords) -> InputFile:
    """The ledgers behind the values, as an input with its hash."""
    ledgers = sorted({each.measure.ledger for line in lineage for each in line.figure.measures})
    content = "".join(f"{code}:{digest_of(code, records.snapshot)}\n" for code in ledgers)
    return InputFile(f"记录库快照 {records.snapshot.token}", sha256_of(content.encode()))


def page_values(made: FromRecords, store_name: str) -> list["ComputedValue"]:
    """The computed values as the page shows them.

    Args:
        store_name: of the directory of the store, for the command that lists the records.
    """
    return [_page_value(each, made, store_name) for each in made.lineage]


def _page_value(line: Lineage, made: FromRecords, store_name: str) -> "ComputedValue":
    from zhunsheng.documents.html_evaluation import ComputedMeasure, ComputedValue  # noqa: PLC0415 - loads slowly

    figure, compared = line.figure, line.compared
    code = figure.indicator.code
    return ComputedValue(
        item=line.item,
        name=line.name,
        shown=figure.shown,
        stated="" if compared is None else compared.stated,
        verdict="" if compared is None else compared.verdict.label,
        used=line.used,
        indicator=f"{figure.indicator.label}（{code}）",
        formula="" if figure.version is None else figure.version.formula.text,
        command=f"zhunsheng indicator rows {code} --store {store_name} --year {figure.window.year}",
        measures=tuple(
            ComputedMeasure(
                each.measure.name,
                measure_words(each.measure, ledger_of),
                each.printed,
                made.records[code, each.measure.name],
            )
            for each in figure.measures
        ),
    )


def lineage_data(lineage: tuple[Lineage, ...], origin: str) -> dict[str, object]:
    """What was computed, as plain data."""
    return {
        "origin": origin,
        "values": [
            {
                "item": each.item,
                "name": each.name,
                "figure": each.figure.as_data(),
                "compared": None if each.compared is None else each.compared.as_data(),
                "used": each.used,
            }
            for each in lineage
        ],
    }
