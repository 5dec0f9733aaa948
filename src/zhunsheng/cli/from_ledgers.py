"""Values of a case from the records of a store, for `evaluate --ledgers`."""

from pathlib import Path

from rich.text import Text

from zhunsheng.assembly.cases import LoadedCase
from zhunsheng.assembly.computing import FromRecords, with_records
from zhunsheng.cli.output import console, simple_table
from zhunsheng.cli.records import opened
from zhunsheng.scores.computed import Lineage


def from_ledgers(loaded: LoadedCase, store: Path, known_at: str, *, quiet: bool) -> FromRecords:
    """The case with values from records.

    Raises:
        Rejected: there is no such store or state.
    """
    with opened(store, known_at, quiet=quiet) as records:
        return with_records(loaded, records)


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
