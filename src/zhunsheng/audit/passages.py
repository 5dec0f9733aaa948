"""Passages: the running text of a document as a person reads it, with the way back to every character.

A passage is one paragraph (joined again where a page break had torn it) or one table cell. Its text is
folded, free of layout spaces, mark-up and emphasis, and every character knows its offset in the document.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from zhunsheng.audit.document import FURNITURE, Block, BlockKind, Document, Span, Table
from zhunsheng.audit.folding import folded
from zhunsheng.audit.marks import Mark, mark_of

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)\b[^<>]*>")
_BREAKING_TAGS = {"li", "p", "br", "div", "tr", "td", "ol", "ul", "h1", "h2", "h3", "h4"}
# a semicolon ends no paragraph: what follows it without a mark of its own is the rest of the sentence
_TERMINAL = "。！？：:…"
# nothing to clean: most cells of a large table
_PLAIN_FIGURE = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
# formats whose paragraphs may be torn by a page break
_TORN_FORMATS = {"txt", "md", "pdf", "image"}
_HEADING_LENGTH = 50
_MARK_LENGTH = 3
_TORN_LENGTH = 20


@dataclass(frozen=True, slots=True)
class CellAddress:
    """Where a passage stands in a table."""

    table: int
    row: int
    column: int


@dataclass(frozen=True)
class Passage:
    """A paragraph or a cell.

    Attributes:
        number: position in `Reading.passages`.
        text: cleaned text.
        offsets: document offset of each character of `text`.
        kind: kind of its first block.
        cell: its address when it is a table cell.
        section: indices of the headings it stands under, outermost first (see `outline`).
        mark: its numbering mark.
        is_heading: whether it is a heading.
    """

    number: int
    text: str
    offsets: tuple[int, ...]
    kind: BlockKind
    cell: CellAddress | None = None
    section: tuple[int, ...] = ()
    mark: Mark | None = None
    is_heading: bool = False

    def span(self, start: int, end: int) -> Span:
        """The document characters of `text[start:end]`."""
        return Span(self.offsets[start], self.offsets[end - 1] + 1)

    @cached_property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """Start and end of each sentence, ending marks included."""
        ends = [match.end() for match in re.finditer(r"[。！？；\n]+[”’）]*", self.text)]
        if not ends or ends[-1] < len(self.text):
            ends.append(len(self.text))
        starts = [0, *ends[:-1]]
        return tuple((start, end) for start, end in zip(starts, ends, strict=True) if start < end)

    def sentence_at(self, position: int) -> tuple[int, int]:
        """The sentence that holds a character."""
        return next((each for each in self.sentences if each[0] <= position < each[1]), (0, len(self.text)))


def _clean(document: Document, spans: list[Span]) -> tuple[str, tuple[int, ...]]:
    """The cleaned text of some spans and the offset of each of its characters."""
    characters: list[str] = []
    offsets: list[int] = []

    def put(character: str, offset: int) -> None:
        characters.append(character)
        offsets.append(offset)

    for span in spans:
        raw = document.quote(span)
        skipped = _skipped(raw)
        pending_space: int | None = None
        for index, character in enumerate(folded(raw)):
            action = skipped.get(index)
            if action == "drop":
                continue
            if action == "break":
                if characters and characters[-1] != "\n":
                    put("\n", span.start + index)
                pending_space = None
                continue
            if character.isspace() or character in "\u200b\ufeff\xad":
                pending_space = span.start + index
                continue
            if pending_space is not None and characters and _needs_space(characters, character):
                put(" ", pending_space)
            pending_space = None
            put(character, span.start + index)
    _settle_commas(characters)
    return "".join(characters), tuple(offsets)


def _skipped(raw: str) -> dict[int, str]:
    """Characters that are mark-up: those of tags and of Markdown emphasis."""
    found: dict[int, str] = {}
    if "<" in raw:
        for match in _TAG.finditer(raw):
            for index in range(match.start(), match.end()):
                found[index] = "drop"
            if match[2].lower() in _BREAKING_TAGS:
                found[match.start()] = "break"
    start = raw.find("**")
    while start >= 0:
        found[start] = found[start + 1] = "drop"
        start = raw.find("**", start + 2)
    return found


def _needs_space(characters: list[str], after: str) -> bool:
    """Whether a space tells two words, or the number of an item from its first figure (1. 2+2=4)."""
    before = characters[-1]
    if before.isascii() and after.isascii() and before.isalnum() and after.isalnum():
        return True
    return (
        before == "."
        and after.isdigit()
        and len(characters) <= _MARK_LENGTH
        and all(each.isdigit() for each in characters[:-1])
    )


def _settle_commas(characters: list[str]) -> None:
    """A half-width comma that does not group digits is punctuation."""
    for index, character in enumerate(characters):
        if character != ",":
            continue
        before = "".join(characters[max(0, index - 3) : index])
        after = "".join(characters[index + 1 : index + 5])
        groups = before[-1:].isdigit() and re.match(r"\d{3}(?!\d)", after)
        if not groups:
            characters[index] = "，"


def looks_like_heading(text: str, mark: Mark | None) -> bool:
    """Whether a cleaned text is a numbered heading rather than a numbered paragraph."""
    if mark is None or len(text) > _HEADING_LENGTH or mark.number == 0:
        return False
    rest = text[mark.length :]
    if not rest or rest[-1] in "；，、":
        return False
    return "。" not in rest[:-1] and "；" not in rest and rest.count("，") <= 2


def build_passages(document: Document) -> tuple[Passage, ...]:
    """All passages of a document, sections not yet assigned."""
    drafts: list[tuple[BlockKind, str, tuple[int, ...], CellAddress | None, bool]] = []
    torn = document.format in _TORN_FORMATS
    open_spans: list[Span] = []
    open_block: Block | None = None

    def close() -> None:
        nonlocal open_spans, open_block
        if open_block is not None:
            text, offsets = _clean(document, open_spans)
            if text:
                drafts.append((open_block.kind, text, offsets, None, open_block.level is not None))
        open_spans, open_block = [], None

    for block in document.blocks:
        if block.kind in FURNITURE:
            continue
        if block.kind is BlockKind.TABLE and block.table is not None:
            close()
            drafts.extend(
                (BlockKind.TABLE, text, offsets, address, False)
                for text, offsets, address in _cell_drafts(document, document.tables[block.table])
            )
            continue
        if open_block is not None and torn and _continues(document, open_spans, open_block, block):
            open_spans.append(block.span)
            continue
        close()
        open_spans, open_block = [block.span], block
    close()
    return tuple(
        Passage(
            number,
            text,
            offsets,
            kind,
            cell,
            mark=(mark := mark_of(text) if cell is None else None),
            is_heading=cell is None
            and (leveled or kind is BlockKind.HEADING or looks_like_heading(text, mark)),
        )
        for number, (kind, text, offsets, cell, leveled) in enumerate(drafts)
    )


def _cell_drafts(document: Document, table: Table) -> list[tuple[str, tuple[int, ...], CellAddress]]:
    found: list[tuple[str, tuple[int, ...], CellAddress]] = []
    for cell in table.cells:
        raw = document.quote(cell.span)
        if _PLAIN_FIGURE.fullmatch(raw):
            text, offsets = raw, tuple(range(cell.span.start, cell.span.end))
        else:
            text, offsets = _clean(document, [cell.span])
        if text:
            found.append((text, offsets, CellAddress(table.index, cell.row, cell.column)))
    return found


def _continues(document: Document, spans: list[Span], open_block: Block, block: Block) -> bool:
    """Whether a block is the rest of the paragraph before it, torn by a page end."""
    plain = {BlockKind.PARAGRAPH, BlockKind.LIST_ITEM}
    if block.kind not in plain or open_block.kind not in plain:
        return False
    before, _ = _clean(document, spans)
    after, _ = _clean(document, [block.span])
    if not before or not after or before[-1] in _TERMINAL or mark_of(after) is not None:
        return False
    if looks_like_heading(before, mark_of(before)):
        return False
    return len(before) >= _TORN_LENGTH or any(mark in before for mark in "，。、；")
