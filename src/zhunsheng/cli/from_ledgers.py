"""Values of a case from the records of a store, for `evaluate --ledgers`."""

from dataclasses import dataclass, replace
from pathlib import Path

from rich.text import Text

from zhunsheng.cli.loading import LoadedCase, facts
from zhunsheng.cli.output import console, simple_table
from zhunsheng.cli.records import opened
from zhunsheng.documents.html_evaluation import ComputedMeasure, ComputedValue
from zhunsheng.kernel.hashing import sha256_of
from zhunsheng.measures.computing import Wish, compute
from zhunsheng.measures.describing import measure_words
from zhunsheng.measures.period import Window
from zhunsheng.measures.request import request_for
from zhunsheng.scores.computed import Lineage, wanted, with_computed
from zhunsheng.scores.evaluation import InputFile
from zhunsheng.store.engines.rows import count_of
from zhunsheng.store.indicator_files import indicator_of
from zhunsheng.store.ledger_files import ledger_of
from zhunsheng.store.records.reading import digest_of

SYNTHETIC = "记录库中有合成数据，不是任何单位的真实记录"


@dataclass(frozen=True, slots=True)
class FromLedgers:
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


def from_ledgers(loaded: LoadedCase, store: Path, known_at: str, *, quiet: bool) -> FromLedgers:
    """The case with values from records.

    Raises:
        Rejected: there is no such store or state.
    """
    case = loaded.case
    definitions = facts()
    found = [each for code in wanted(case, definitions) if (each := indicator_of(code)) is not None]
    window = Window(case.about.fiscal_year or 0)
    with opened(store, known_at, quiet=quiet) as records:
        wishes = [Wish(each, window) for each in found]
        figures = {
            wish.indicator.code: answers[""]
            for wish, answers in zip(wishes, compute(wishes, records.engine), strict=True)
        }
        token = records.snapshot.token
        origin = f"记录库快照 {token}" + (f"，{SYNTHETIC}" if records.synthetic else "")
        made = with_computed(
            case, definitions, figures, f"快照 {token}" + ("，合成数据" if records.synthetic else "")
        )
        behind = {
            (line.figure.indicator.code, each.measure.name): count_of(
                records.duckdb, request_for(each.measure, window, line.figure.parameters)
            )
            for line in made.lineage
            for each in line.figure.measures
        }
        ledgers = sorted({each.measure.ledger for line in made.lineage for each in line.figure.measures})
        content = "".join(f"{code}:{digest_of(code, records.snapshot)}\n" for code in ledgers)
        inputs = InputFile(f"记录库快照 {token}", sha256_of(content.encode()))
    changed = replace(
        loaded, case=made.case, inputs=(*loaded.inputs, inputs), problems=(*loaded.problems, *made.problems)
    )
    return FromLedgers(changed, made.lineage, origin, behind)


def page_values(made: FromLedgers, store: Path) -> list[ComputedValue]:
    """The computed values as the page shows them."""
    return [_page_value(each, made, store) for each in made.lineage]


def _page_value(line: Lineage, made: FromLedgers, store: Path) -> ComputedValue:
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
        command=f"zhunsheng indicator rows {code} --store {store.name} --year {figure.window.year}",
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


def print_lineage(lineage: tuple[Lineage, ...], origin: str) -> None:
    """Which values were computed, and what was stated."""
    out = console()
    out.print(Text(f"由台账计算的值（{origin}）", style="bold"))
    table = simple_table("项目", "计算值", "填报值", "对照", "计算依据")
    for each in lineage:
        basis = "；".join(f"{one.measure.name} {one.printed}" for one in each.figure.measures)
        compared = each.compared
        table.add_row(
            f"{each.item} {each.name}",
            each.figure.shown,
            "—" if compared is None else compared.stated,
            "" if compared is None else compared.verdict.label,
            f"{each.figure.indicator.code}：{basis}",
        )
    out.print(table)


def lineage_data(lineage: tuple[Lineage, ...], origin: str) -> dict[str, object]:
    """As plain data."""
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
