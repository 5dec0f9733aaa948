"""Free text with number references: `{{ indicator.O4.actual }}` becomes a number bound to its figure."""

import re
from collections.abc import Iterator

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Problem, Severity
from zhunsheng.reports.figures import FigureBook, UnknownFigure
from zhunsheng.reports.tree import Block, Heading, Paragraph, Run, Runs, Text

UNKNOWN_REFERENCE = Kind(
    "REPORT-001",
    Severity.ERROR,
    "文字中的数字引用必须指向已有的数据",
    "改成已有的编码，见 docs/case-format.md。",
)
TYPED_NUMBER = Kind(
    "REPORT-002",
    Severity.NOTE,
    "正文数字应引用数据，不宜直接键入",
    "改为引用，如 {{ indicator.编码.actual }}。",
)

_REFERENCE = re.compile(r"\{\{\s*([A-Za-z0-9_.\-一-鿿]+)\s*\}\}")
# digits followed by a measure; years, dates, numbering and names with digits are not figures
_TYPED = re.compile(r"(?<![\w.\-])\d[\d,]*(?:\.\d+)?\s*(?:%|％|万|亿|元|件|宗|户|家|项|批次|次|个百分点|人)")


def runs_of(text: str, book: FigureBook) -> tuple[Runs, tuple[str, ...]]:
    """The runs of a text, and the references that could not be resolved."""
    runs: list[Run] = []
    unknown = []
    position = 0
    for match in _REFERENCE.finditer(text):
        if match.start() > position:
            runs.append(Text(text[position : match.start()]))
        try:
            runs.append(book.number(match[1]))
        except UnknownFigure:
            unknown.append(match[1])
            runs.append(Text(f"〔缺 {match[1]}〕", strong=True))
        position = match.end()
    if position < len(text):
        runs.append(Text(text[position:]))
    return tuple(runs), tuple(unknown)


def narrative_blocks(section: str, text: str, book: FigureBook) -> tuple[list[Block], tuple[Problem, ...]]:
    """Paragraphs and sub-headings of a narrative section.

    Paragraphs are separated by blank lines; a line that begins with "## " is a sub-heading (level 3).
    """
    blocks: list[Block] = []
    problems: list[Problem] = []
    number = 0
    for part in _paragraphs(text):
        place = Place(f"narrative/{section}.md")
        if part.startswith("## "):
            number += 1
            blocks.append(
                Heading(3, f"{number}.", part.removeprefix("## ").strip().lstrip("0123456789.．、 "))
            )
            continue
        runs, unknown = runs_of(part, book)
        problems.extend(
            UNKNOWN_REFERENCE.at(place, f"没有“{code}”这个数据，或它没有值", value=code) for code in unknown
        )
        typed = [match[0] for run in runs if isinstance(run, Text) for match in _TYPED.finditer(run.text)]
        if typed:
            problems.append(TYPED_NUMBER.at(place, f"直接键入的数字：{'、'.join(typed)}", value=typed[0]))
        blocks.append(Paragraph(runs))
    return blocks, tuple(problems)


def _paragraphs(text: str) -> Iterator[str]:
    for part in re.split(r"\n\s*\n", text.strip()):
        lines = [line.strip() for line in part.split("\n") if line.strip()]
        buffer: list[str] = []
        for line in lines:
            if line.startswith("## "):
                if buffer:
                    yield "".join(buffer)
                    buffer = []
                yield line
            else:
                buffer.append(line)
        if buffer:
            yield "".join(buffer)
