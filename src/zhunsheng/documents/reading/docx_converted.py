"""Signs that a Word document was converted from PDF: page numbers among the words, lines as paragraphs."""

import re
from dataclasses import replace
from itertools import pairwise
from typing import Final

from zhunsheng.audit.document import BlockKind
from zhunsheng.documents.reading.docx_layout import Layout

_PAGE_NUMBER: Final = re.compile(
    r"\s*(?:[—–－-]\s*(\d{1,4})\s*[—–－-]|第\s*(\d{1,4})\s*页(?:\s*[，/]?\s*共\s*\d+\s*页)?)\s*"
)
_FEWEST_NUMBERS: Final = 3
# enough long paragraphs, most of which do not end as sentences or headings do
_FEWEST_LINES: Final = 60
_LONG: Final = 20
_LINE_ENDS: Final = "。！？；：:…"


def settle_page_numbers(layout: Layout) -> int:
    """Make page numbers that stand among the words footers; answers with how many there are.

    Only numbers that go up, one by one, count; a single “— 3 —” may be anything.
    """
    found: list[tuple[int, int]] = []
    for index, block in enumerate(layout.blocks):
        if block.kind is not BlockKind.PARAGRAPH or len(block.span) > _LONG:
            continue
        match = _PAGE_NUMBER.fullmatch(layout.text[block.span.start : block.span.end])
        if match is not None:
            found.append((index, int(match[1] or match[2])))
    if len(found) < _FEWEST_NUMBERS or any(
        after != before + 1 for (_, before), (_, after) in pairwise(found)
    ):
        return 0
    for index, _ in found:
        layout.blocks[index] = replace(layout.blocks[index], kind=BlockKind.FOOTER)
    return len(found)


def is_torn(layout: Layout) -> bool:
    """Whether most paragraphs look like single lines."""
    lines = [
        layout.text[block.span.start : block.span.end].rstrip()
        for block in layout.blocks
        if block.kind is BlockKind.PARAGRAPH
    ]
    long_lines = [line for line in lines if len(line) > _LONG]
    cut = sum(line[-1] not in _LINE_ENDS for line in long_lines)
    return len(long_lines) >= _FEWEST_LINES and cut * 2 > len(long_lines)
