"""The appendix of a report: every figure with its rule, inputs, calculation and source."""

from collections.abc import Sequence

from zhunsheng.reports.cells import cell, head_row
from zhunsheng.reports.tree import Figure, Number, Table


def figure_table(figures: Sequence[Figure]) -> Table:
    """One row per calculated figure, for writers that print the appendix as a table.

    Points, targets and amounts that were only carried over are not repeated: the text says what they are,
    and their place in the source is bound to the number itself.
    """
    rows = tuple(
        (
            cell(figure.code),
            cell(figure.label),
            cell(Number(figure.code, figure.text), align="right"),
            cell(rule_text(figure)),
            cell(input_text(figure)),
            cell("\n".join(figure.steps) or "—"),
        )
        for figure in figures
        if (figure.inputs or figure.steps) and not figure.code.startswith("count.")
    )
    header = head_row("编号", "数据", "数值", "规则和出处", "取数", "计算过程")
    return Table("", (18, 15, 11, 18, 18, 20), (header,), rows, wide=True, small=True)


def rule_text(figure: Figure) -> str:
    """Rule and clause in one text."""
    return "；".join(part for part in (figure.rule, figure.clause) if part) or "—"


def input_text(figure: Figure) -> str:
    """Inputs with their sources, one line each."""
    return (
        "\n".join(
            f"{each.name} {each.value}" + (f"（{each.source}）" if each.source else "")
            for each in figure.inputs
        )
        or "—"
    )
