"""What the walk over a Word document finds: pieces of text, paragraphs, tables, in reading order."""

from dataclasses import dataclass, field

from lxml import etree

from zhunsheng.documents.reading.docx_formats import ParagraphFormat


@dataclass(slots=True)
class Piece:
    """Some characters of the text and the element that prints them.

    Attributes:
        text: the characters as they stand in `Document.text`.
        element: the element that prints them (`w:t`, `w:tab`, `m:t` …); None for a computed number.
        shift: index in the element's own text of the first character.
        anchor: what a comment on these characters is put around: the run itself, or what stands for it
            in the main part (the reference of a footnote, the run that holds a text box); None where
            nothing does (headers and footers).
        exact: whether `anchor` is the run that directly holds `element`, so that it may be divided.
        start: offset of the first character in `Document.text`, set when the text is laid out.
    """

    text: str
    element: etree._Element | None
    shift: int
    anchor: etree._Element | None
    exact: bool
    start: int = -1

    @property
    def end(self) -> int:
        """Offset after the last character."""
        return self.start + len(self.text)


@dataclass(slots=True)
class ParagraphNode:
    """A paragraph; several where deleted paragraph marks join them.

    Attributes:
        element: the (first) `w:p`.
        pieces: its visible text, the number text first.
        numbered: whether it is an item of a list.
        boxes: the contents of the text boxes that hang on it.
    """

    element: etree._Element
    format: ParagraphFormat
    pieces: list[Piece] = field(default_factory=list)
    numbered: bool = False
    boxes: list[list["Node"]] = field(default_factory=list)

    @property
    def is_blank(self) -> bool:
        """Whether nothing but white space stands in it."""
        return not any(piece.text.strip() for piece in self.pieces)


@dataclass(slots=True)
class CellNode:
    """A cell as written.

    Attributes:
        width: columns of the grid it takes.
        continues: whether it continues the cell above it (vertical merge).
        joins: whether it is joined to the cell left of it (the old way of horizontal merge).
    """

    content: list["Node"]
    width: int = 1
    continues: bool = False
    joins: bool = False


@dataclass(slots=True)
class RowNode:
    """A row as written.

    Attributes:
        before: columns of the grid left free at its left.
        header: whether it repeats at the top of each page.
    """

    cells: list[CellNode]
    before: int = 0
    header: bool = False


@dataclass(slots=True)
class TableNode:
    """A table as written."""

    element: etree._Element
    rows: list[RowNode]


Node = ParagraphNode | TableNode


@dataclass(slots=True)
class Note:
    """A reference to a footnote or endnote: its kind ("footnotes", "endnotes"), its key, the run."""

    kind: str
    key: str
    anchor: etree._Element | None


@dataclass(slots=True)
class Remarks:
    """What a person should know about what was walked over.

    Attributes:
        insertions, deletions: revisions not yet accepted.
        hidden: hidden texts that were left out.
        pictures, charts, objects: what may hold text that is not read.
        imports: other files inserted as a whole.
    """

    insertions: int = 0
    deletions: int = 0
    hidden: list[str] = field(default_factory=list)
    pictures: int = 0
    charts: int = 0
    objects: int = 0
    imports: int = 0
