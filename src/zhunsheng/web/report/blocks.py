"""Blocks of the report tree as templates show them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from zhunsheng.reports.tree import Block, Chart, Heading, Number, Paragraph, Report, Text


@dataclass(frozen=True, slots=True)
class ShownRun:
    """A run of text; `figure` is the code of its figure when it is a number."""

    text: str
    figure: str = ""
    typed: bool = False
    strong: bool = False


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """A heading or paragraph."""

    kind: str
    runs: Sequence[ShownRun]


def shown_blocks(blocks: Iterable[Block]) -> list[ShownBlock]:
    """Headings and paragraphs; a narrative holds nothing else."""
    found = []
    for each in blocks:
        if isinstance(each, Heading):
            found.append(ShownBlock("heading", [ShownRun(f"{each.number}{each.text}")]))
        elif isinstance(each, Paragraph):
            found.append(ShownBlock("paragraph", [_run(run) for run in each.runs]))
    return found


def _run(run: Text | Number) -> ShownRun:
    if isinstance(run, Number):
        return ShownRun(run.text, run.figure, run.figure.startswith("stated."), run.strong)
    return ShownRun(run.text, strong=run.strong)


def without_charts(report: Report) -> Report:
    """The report with a line in the place of each chart: drawing takes longer than looking."""
    return replace(report, blocks=tuple(_drawn_later(each) for each in report.blocks))


def _drawn_later(block: Block) -> Block:
    if not isinstance(block, Chart):
        return block
    return Paragraph((Text(f"〔{block.caption}：生成文件时绘制〕", note=True),), "centre")
