"""A report or form as a tree: headings, paragraphs, tables, charts. Pure.

The tree is what is compared in tests and what every writer (docx, PDF, HTML, xlsx) prints. A number
in it is a `Number` that carries the code of the figure it shows; the figure's calculation is in the
appendix `figures` of the `Report`, so no writer ever prints an untraceable number.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Text:
    """A run of text. `strong` is printed bold, `note` smaller and grey."""

    text: str
    strong: bool = False
    note: bool = False


@dataclass(frozen=True, slots=True)
class Number:
    """A number in the text, bound to a figure.

    Attributes:
        figure: code of a `Figure` of the report, such as "indicator.F2.actual".
        text: the number as printed, with its unit, such as "94.68%".
    """

    figure: str
    text: str
    strong: bool = False


Run: TypeAlias = Text | Number
Runs: TypeAlias = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading. Level 0 is the title, 1 is 一、, 2 is （一）, 3 is 1., 4 is （1）.

    `number` is the numbering as printed ("一、"); `text` the words after it.
    """

    level: int
    number: str
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Body text, first line indented by two characters unless `style` says otherwise."""

    runs: Runs
    style: Literal["body", "flush", "centre", "caption", "unit", "right"] = "body"


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell; `rows` and `columns` are its spans.

    Attributes:
        align: text alignment; numbers are set right or centred by the table's maker.
        head: whether it is a header cell (row header when it stands in the body).
    """

    runs: Runs
    rows: int = 1
    columns: int = 1
    align: Literal["left", "centre", "right"] = "left"
    head: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes:
        caption: printed above, such as "表 1 收入决算对比".
        unit: printed above right, such as "单位：万元"; "" for none.
        widths: relative column widths; their number is the number of columns.
        head: header rows, repeated on every page.
        body: the other rows. A row holds only the cells that begin in it (as in HTML).
        wide: whether it goes on a landscape page.
        small: whether it is set in the smaller type of appendices.
    """

    caption: str
    widths: tuple[int, ...]
    head: tuple[tuple[Cell, ...], ...]
    body: tuple[tuple[Cell, ...], ...]
    unit: str = ""
    wide: bool = False
    notes: tuple[Runs, ...] = ()
    small: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart: its label, its value and the whole it is measured against, as exact text."""

    label: str
    value: str
    whole: str
    shown: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A horizontal bar chart: each bar against its whole (score against points, executed against budget).

    Attributes:
        code: file name stem.
        caption: printed below, such as "图 1 各部分得分".
        description: what it shows, in one sentence, for readers who cannot see it.
        legend: names of the bar and of the whole, such as ("得分", "分值").
    """

    code: str
    caption: str
    description: str
    legend: tuple[str, str]
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page."""


Block: TypeAlias = Heading | Paragraph | Table | Chart | PageBreak


@dataclass(frozen=True, slots=True)
class FigureInput:
    """One input of a figure's calculation."""

    name: str
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the report and where it comes from.

    Attributes:
        code: stable code, unique in the report.
        label: what it is, in Chinese.
        text: as printed, with unit.
        rule: the rule or kind of source ("填报", "评分规则：按完成比例" …).
        clause: citation of the rule.
        inputs: what went in.
        steps: the calculation, line by line.
        result: the result as text.
    """

    code: str
    label: str
    text: str
    rule: str = ""
    clause: str = ""
    inputs: tuple[FigureInput, ...] = ()
    steps: tuple[str, ...] = ()
    result: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report or form.

    Attributes:
        code: file name stem, such as "huadu-2023-自评报告".
        title: lines of the title.
        body: name of the public body.
        date: date line, such as "2024年3月18日", or "".
        draft: whether it is marked 草稿 (on the first page and in every page header).
        blocks: the content after the title.
        figures: every figure the numbers refer to.
        provenance: label and value pairs printed at the end (rubric and code version, hashes).
    """

    code: str
    title: tuple[str, ...]
    body: str
    blocks: tuple[Block, ...]
    date: str = ""
    draft: bool = False
    figures: tuple[Figure, ...] = ()
    provenance: tuple[tuple[str, str], ...] = field(default=())


def numbers_of(report: Report) -> Iterator[Number]:
    """Every number of the report, in reading order."""
    for block in report.blocks:
        for runs in _runs_of(block):
            yield from (run for run in runs if isinstance(run, Number))


def plain_text(runs: Runs) -> str:
    """The text of some runs."""
    return "".join(run.text for run in runs)


def _runs_of(block: Block) -> Iterator[Runs]:
    if isinstance(block, Paragraph):
        yield block.runs
    elif isinstance(block, Table):
        for row in block.head + block.body:
            for cell in row:
                yield cell.runs
        yield from block.notes
