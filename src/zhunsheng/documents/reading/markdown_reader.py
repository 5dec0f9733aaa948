"""Markdown files: structure from the Markdown parser, every span in the file itself.

The text of the document is the decoded file, marks included; spans leave out the marks at their ends.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from zhunsheng.audit.document import BlockKind, Document, Span
from zhunsheng.documents.reading.decoding import decode
from zhunsheng.documents.reading.kinds import NO_TEXT
from zhunsheng.documents.reading.markup import marked_tables, visible
from zhunsheng.documents.reading.pipe_tables import bar_table
from zhunsheng.documents.reading.text_reader import TextBlocks, renumbered
from zhunsheng.kernel.hashing import sha256_of
from zhunsheng.kernel.place import Place

_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_HEADING: Final = re.compile(r"[ \t>]*(?:[-*+][ \t]+|\d{1,9}[.)][ \t]+)*#{1,6}(?:[ \t]+|$)")
_HEADING_END: Final = re.compile(r"(?:^|[ \t]+)#+[ \t]*$")
_QUOTE_MARK: Final = re.compile(r"(?:[ \t]*>)+[ \t]?")
_BULLET: Final = re.compile(r"[ \t]*[-*+](?:[ \t]+\[[ xX]\])?[ \t]+")
_FOOTNOTE: Final = re.compile(r"\[\^[^\]]{1,40}\]:")
# a picture, or the target of a link when digits in it could be taken for figures
_TARGET: Final = re.compile(
    r"!\[[^\]\n]{0,300}\]\([^)\n]{0,1000}\)|(?<=\])\([^)\n\d]{0,500}\d[^)\n]{0,500}\)"
    r"|https?://[^\s<>（）()，。；]+"
)
_MOST_BARS: Final = 100_000
_HIDDEN_HTML: Final = re.compile(r"\s*<(?:!--|script|style|!|\?)", re.IGNORECASE)


@dataclass(slots=True)
class _MarkdownBlocks(TextBlocks):
    """As for plain text, without pictures and addresses of links."""

    def paragraph(self, span: Span, kind: BlockKind = BlockKind.PARAGRAPH, level: int | None = None) -> None:
        text = self.text[span.start : span.end]
        if kind is BlockKind.PARAGRAPH and _FOOTNOTE.match(text):
            kind = BlockKind.FOOTNOTE
        if "](" not in text and "://" not in text:
            TextBlocks.paragraph(self, span, kind, level)
            return
        at = span.start
        for match in _TARGET.finditer(self.text, span.start, span.end):
            self._piece(at, match.start(), kind, level)
            at = match.end()
        self._piece(at, span.end, kind, level)

    def _piece(self, start: int, end: int, kind: BlockKind, level: int | None) -> None:
        span = visible(self.text, start, end)
        if any(each.isalnum() for each in self.text[span.start : span.end]):
            TextBlocks.paragraph(self, span, kind, level)


@dataclass(slots=True)
class _Walk:
    """Goes through the parser's tokens and puts their lines."""

    found: _MarkdownBlocks
    starts: list[int]
    ends: list[int]
    items: list[bool] = field(default_factory=list)  # for each open item, whether it was begun already
    quotes: int = 0

    def token(self, token: Token) -> None:
        """Take one token."""
        if token.type == "list_item_open":
            self.items.append(False)
        elif token.type == "list_item_close":
            self.items.pop()
        elif token.type in {"blockquote_open", "blockquote_close"}:
            self.quotes += token.nesting
        elif token.map is not None:
            first, last = token.map[0], min(token.map[1], len(self.starts))
            while last > first and not self.found.text[self.starts[last - 1] : self.ends[last - 1]].strip(
                " \t>"
            ):
                last -= 1
            if last > first:
                self._lines(token, first, last)

    def _lines(self, token: Token, first: int, last: int) -> None:
        text = self.found.text
        start, end = self.starts[first], self.ends[last - 1]
        if token.type == "heading_open":
            match = _HEADING.match(text, start, end)
            inner = match.end() if match else start
            tail = _HEADING_END.search(text[inner:end])
            span = visible(text, inner, inner + tail.start() if tail else end)
            self.found.paragraph(span, BlockKind.HEADING, int(token.tag[1:]))
        elif token.type == "table_open":
            lines = [(self._inner(line), self.ends[line]) for line in range(first, last)]
            table = bar_table(text, len(self.found.tables), lines, 1)
            if table is not None:
                self.found.table(table)
        elif token.type == "fence":
            closed = text[start:end].count("\n") and text[self._inner(last - 1) : end].strip("`~ \t") == ""
            if last - first > 1 + bool(closed):
                self.found.region(self.starts[first + 1], self.ends[last - 1 - bool(closed)])
        elif token.type == "paragraph_open":
            self._paragraph(first, last)
        elif token.type == "html_block" and not _HIDDEN_HTML.match(text, start, end):
            self.found.region(start, end)

    def _paragraph(self, first: int, last: int) -> None:
        if not self.items and not self.quotes:
            self.found.region(self.starts[first], self.ends[last - 1])
            return
        for line in range(first, last):
            kind = BlockKind.LIST_ITEM if self.items else BlockKind.PARAGRAPH
            start = self._inner(line)
            if self.items and not self.items[-1]:
                while bullet := _BULLET.match(self.found.text, start, self.ends[line]):
                    start = bullet.end()
                self.items[-1] = True
            self.found.paragraph(visible(self.found.text, start, self.ends[line]), kind)

    def _inner(self, line: int) -> int:
        """Where the content of a line begins, marks of quotation left out."""
        start = self.starts[line]
        mark = _QUOTE_MARK.match(self.found.text, start, self.ends[line]) if self.quotes else None
        return mark.end() if mark else start


def read_markdown(data: bytes, name: str) -> Document:
    """Read a Markdown file; what cannot be read is a problem of the document."""
    decoded = decode(data, name)
    problems = list(decoded.problems)
    found = _read(decoded.text)
    if not found.blocks and not decoded.failed:
        problems.append(NO_TEXT.at(Place(name), f"“{name}”中没有可读的文字"))
    return Document(
        name,
        "md",
        sha256_of(data),
        decoded.text,
        tuple(found.blocks),
        tuple(found.tables),
        problems=tuple(problems),
        properties={"encoding": decoded.encoding} if decoded.encoding else {},
    )


def _read(text: str) -> _MarkdownBlocks:
    found = _MarkdownBlocks(text)
    parser = _parser()
    at = 0
    for table in marked_tables(text) if "<" in text else ():
        _region(found, parser, at, table.span.start)
        found.table(renumbered(table, len(found.tables)))
        at = table.span.end
    _region(found, parser, at, len(text))
    return found


def _region(found: _MarkdownBlocks, parser: MarkdownIt, start: int, end: int) -> None:
    """Read the part of the text between two tables written as HTML."""
    part = found.text[start:end]
    if not part.strip():
        return
    if part.count("|") > _MOST_BARS:
        found.region(start, end)  # the parser takes far too long for tables of this size
        return
    starts, ends = [start], []
    for match in _LINE_END.finditer(part):
        ends.append(start + match.start())
        starts.append(start + match.end())
    ends.append(end)
    walk = _Walk(found, starts, ends)
    for token in parser.parse(part):
        walk.token(token)


def _parser() -> MarkdownIt:
    """The parser for blocks only: marks inside a line are left to the later stages.

    Not Markdown's rules are followed where they take ordinary Chinese reports apart: four spaces of
    indentation are no code, a line of dashes below a paragraph makes no heading, and a line beginning
    with a bracketed number is no definition of a link.
    """
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    parser.disable(["code", "lheading", "reference", "inline", "text_join"], ignoreInvalid=True)
    return parser
