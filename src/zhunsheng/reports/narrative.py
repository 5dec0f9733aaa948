"""Free text with number references: `{{ indicator.O4.actual }}` becomes a number bound to its figure."""

import re
from collections.abc import Iterator

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Problem, Severity
from zhunsheng.plans.sections import NARRATIVE_SECTIONS
from zhunsheng.reports.figures import FigureBook
from zhunsheng.reports.stated import bound_text, typed_numbers
from zhunsheng.reports.tree import Block, Heading, Paragraph

UNKNOWN_REFERENCE = Kind(
    "REPORT-001",
    Severity.ERROR,
    "文字中的数字引用必须指向已有的数据",
    "从“可以引用的数据”中另选一个插入；没有合适的，就删去双花括号和其中的编码，直接写文字。",
)
TYPED_NUMBER = Kind(
    "REPORT-002",
    Severity.NOTE,
    "正文数字应引用数据，不宜直接键入",
    "改为引用，如 {{ indicator.编码.actual }}。",
)


def narrative_blocks(section: str, text: str, book: FigureBook) -> tuple[list[Block], tuple[Problem, ...]]:
    """Paragraphs and sub-headings of a narrative section.

    Paragraphs are separated by blank lines; a line that begins with "## " is a sub-heading (level 3).
    """
    blocks: list[Block] = []
    problems: list[Problem] = []
    number = 0
    label = NARRATIVE_SECTIONS.get(section, section)
    for part in _paragraphs(text):
        place = Place(f"narrative/{section}.md")
        if part.startswith("## "):
            number += 1
            blocks.append(
                Heading(3, f"{number}.", part.removeprefix("## ").strip().lstrip("0123456789.．、 "))
            )
            continue
        runs, unknown = bound_text(part, book, f"narrative.{section}", f"文字段落“{label}”")
        problems.extend(
            UNKNOWN_REFERENCE.at(place, f"没有“{code}”这个数据，或它没有值", value=code) for code in unknown
        )
        typed = typed_numbers(part)
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
