"""The walk over a Word document: body, tables, text boxes, notes, headers and footers, in reading order.

Reader and marker both use what is found here, so that they can never disagree about where a character is.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from zhunsheng.documents.reading.docx_formats import Formats, number_of
from zhunsheng.documents.reading.docx_inline import InlineWalk, chosen, shown
from zhunsheng.documents.reading.docx_names import (
    ADDED,
    ALTERNATE,
    BODY,
    CELL,
    CELL_FORMAT,
    CHARTS,
    FALLBACK,
    ID,
    IMPORTS,
    MATH_PARAGRAPH,
    OBJECTS,
    PARAGRAPH,
    PARAGRAPH_FORMAT,
    PICTURES,
    R_ID,
    REMOVED,
    ROW,
    ROW_FORMAT,
    RUN,
    SECTION,
    SETTINGS,
    TABLE,
    TEXT,
    TYPE,
    VAL,
    is_on,
    w,
)
from zhunsheng.documents.reading.docx_nodes import (
    CellNode,
    Node,
    Note,
    ParagraphNode,
    Piece,
    Remarks,
    RowNode,
    TableNode,
)
from zhunsheng.documents.reading.docx_numbering import Numbering
from zhunsheng.documents.reading.docx_parts import DamagedError, Package

# more columns than any office program allows
_MOST_COLUMNS: Final = 500
_SPAN: Final = w("gridSpan")
_BEFORE: Final = w("gridBefore")
_VERTICAL: Final = w("vMerge")
_HORIZONTAL: Final = w("hMerge")
_SEPARATORS: Final = frozenset({"separator", "continuationSeparator", "continuationNotice"})


@dataclass(slots=True)
class Walked:
    """What the walk found.

    Attributes:
        body: the main text.
        notes: footnotes and endnotes that are referred to, in order.
        headers, footers: of all sections, each part once.
        damaged: names of parts that could not be read.
    """

    body: list[Node] = field(default_factory=list)
    notes: list[Node] = field(default_factory=list)
    headers: list[Node] = field(default_factory=list)
    footers: list[Node] = field(default_factory=list)
    remarks: Remarks = field(default_factory=Remarks)
    damaged: list[str] = field(default_factory=list)
    formats: Formats = field(default_factory=lambda: Formats(None))


class _PartWalk:
    """Walks over one part."""

    def __init__(
        self, root: etree._Element, formats: Formats, numbering: Numbering, remarks: Remarks
    ) -> None:
        self._formats = formats
        self._numbering = numbering
        self._remarks = remarks
        self._boxes: list[tuple[etree._Element, etree._Element | None]] = []
        self.inline = InlineWalk(
            root, formats, remarks, lambda box, anchor: self._boxes.append((box, anchor))
        )

    def blocks(self, container: etree._Element) -> list[Node]:
        """The paragraphs and tables of a body, cell, note or text box."""
        found: list[Node] = []
        open_node: ParagraphNode | None = None
        for child in self._children(container):
            if child.tag == PARAGRAPH or child.tag in {RUN, MATH_PARAGRAPH}:
                open_node = self._paragraph(child, open_node, found)
            else:
                self._close(open_node, found)
                open_node = None
                found.append(self._table(child))
        self._close(open_node, found)
        return found

    def _children(self, container: etree._Element) -> Iterator[etree._Element]:
        """The paragraphs and tables inside, through content controls and the like."""
        for child in container:
            tag = child.tag
            if tag in {PARAGRAPH, TABLE, RUN, MATH_PARAGRAPH}:
                yield child
            elif tag == ALTERNATE:
                if (branch := chosen(child)) is not None:
                    yield from self._children(branch)
            elif tag in IMPORTS:
                self._remarks.imports += 1
            elif tag in REMOVED:
                self._remarks.deletions += next(child.iter(PARAGRAPH, RUN), None) is not None
            elif isinstance(tag, str) and tag not in SETTINGS and tag != FALLBACK:
                self._remarks.insertions += tag in ADDED and len(child) > 0
                yield from self._children(child)

    def _paragraph(
        self, element: etree._Element, open_node: ParagraphNode | None, found: list[Node]
    ) -> ParagraphNode | None:
        """Add a paragraph; answers with it when its end mark is deleted, for the next one to continue."""
        form = self._formats.paragraph(element.find(PARAGRAPH_FORMAT))
        node = open_node or ParagraphNode(element, form)
        # a paragraph takes its format from its end mark
        node.format = form
        outer, self._boxes = self._boxes, []
        self.inline.walk(element, node, form)
        boxes, self._boxes = self._boxes, outer
        for content, anchor in boxes:
            with self.inline.apart(anchor):
                node.boxes.append(self.blocks(content))
        if form.mark_removed:
            self._remarks.deletions += 1
            return node
        self._close(node, found)
        return None

    def _close(self, node: ParagraphNode | None, found: list[Node]) -> None:
        if node is None:
            return
        if node.format.mark_removed and not node.pieces and not node.boxes:
            return
        if not (node.format.mark_hidden and not node.pieces):
            label, node.numbered = self._numbering.label(node.format)
            if label:
                node.pieces.insert(0, self._number_piece(label, node))
        found.append(node)

    def _number_piece(self, label: str, node: ParagraphNode) -> Piece:
        own = self.inline.is_main and self.inline.standing is None
        return Piece(label, None, 0, node.element if own else self.inline.standing, exact=False)

    def _table(self, element: etree._Element) -> TableNode:
        rows = []
        for row in self._parts(element, ROW):
            form = row.find(ROW_FORMAT)
            removed = form is not None and any(form.find(w(name)) is not None for name in ("del", "moveFrom"))
            if removed:
                self._remarks.deletions += 1
                continue
            if form is not None and form.find(w("ins")) is not None:
                self._remarks.insertions += 1
            if _row_switch(form, "hidden"):
                if text := "".join(each.text or "" for each in row.iter(TEXT)):
                    self._remarks.hidden.append(text)
                continue
            rows.append(
                RowNode(
                    [self._cell(cell) for cell in self._parts(row, CELL)],
                    _columns(form, _BEFORE, 0),
                    header=_row_switch(form, "tblHeader"),
                )
            )
        return TableNode(element, rows)

    def _parts(self, element: etree._Element, wanted: str) -> Iterator[etree._Element]:
        """The rows of a table or cells of a row, through content controls and the like."""
        for child in element:
            tag = child.tag
            if tag == wanted:
                yield child
            elif tag == ALTERNATE:
                if (branch := chosen(child)) is not None:
                    yield from self._parts(branch, wanted)
            elif isinstance(tag, str) and tag not in SETTINGS and tag not in REMOVED and tag != PARAGRAPH:
                yield from self._parts(child, wanted)

    def _cell(self, element: etree._Element) -> CellNode:
        form = element.find(CELL_FORMAT)
        content = self.blocks(element)
        if form is None or next(form.iter(_SPAN, _VERTICAL, _HORIZONTAL), None) is None:
            return CellNode(content)
        vertical, horizontal = form.find(_VERTICAL), form.find(_HORIZONTAL)
        return CellNode(
            content,
            max(1, _columns(form, _SPAN, 1)),
            continues=vertical is not None and vertical.get(VAL, "continue") != "restart",
            joins=horizontal is not None and horizontal.get(VAL, "continue") != "restart",
        )


def _columns(form: etree._Element | None, name: str, default: int) -> int:
    found = None if form is None else form.find(name)
    number = None if found is None else number_of(found.get(VAL))
    return default if number is None else min(max(number, 0), _MOST_COLUMNS)


def _row_switch(form: etree._Element | None, name: str) -> bool:
    found = None if form is None else form.find(w(name))
    return found is not None and is_on(found.get(VAL))


def walk(package: Package) -> Walked:
    """Walk over a package.

    Raises:
        DamagedError: the main part cannot be read.
        UnsafeError: a part that is needed declares a document type or entities.
    """
    main = package.main
    if main is None:
        raise DamagedError("")
    root = package.root(main)
    walked = Walked()
    walked.formats = formats = Formats(_optional(package, main, "styles", walked))
    numbering = Numbering(_optional(package, main, "numbering", walked))
    body = root.find(BODY)
    part = _PartWalk(root, formats, numbering, walked.remarks)
    if body is not None:
        walked.body = part.blocks(body)
    for picture in shown(root, *PICTURES, *CHARTS, *OBJECTS):
        walked.remarks.pictures += picture.tag in PICTURES
        walked.remarks.charts += picture.tag in CHARTS
        walked.remarks.objects += picture.tag in OBJECTS
    notes = part.inline.notes
    for kind in ("footnotes", "endnotes"):
        wanted = [each for each in notes if each.kind == kind]
        if wanted and (own := _optional(package, main, kind, walked)) is not None:
            walked.notes += _notes(own, wanted, formats, numbering, walked.remarks)
    for target, kind in _furniture(package, main, root):
        try:
            own = package.root(target)
        except DamagedError:
            walked.damaged.append(target)
            continue
        side = _PartWalk(own, formats, numbering, walked.remarks)
        side.inline.is_main = False
        (walked.headers if kind == "header" else walked.footers).extend(side.blocks(own))
    return walked


def _optional(package: Package, main: str, kind: str, walked: Walked) -> etree._Element | None:
    part = package.related(main, kind)
    if part is None:
        return None
    try:
        return package.root(part)
    except DamagedError:
        walked.damaged.append(part)
        return None


def _notes(
    root: etree._Element, wanted: list[Note], formats: Formats, numbering: Numbering, remarks: Remarks
) -> list[Node]:
    by_key = {each.get(ID, ""): each for each in root if isinstance(each.tag, str)}
    side = _PartWalk(root, formats, numbering, remarks)
    side.inline.is_main = False
    found: list[Node] = []
    for note in wanted:
        # popped: a note that is referred to twice is printed once
        element = by_key.pop(note.key, None)
        if element is not None and element.get(TYPE) not in _SEPARATORS:
            with side.inline.apart(note.anchor):
                found += side.blocks(element)
    return found


def _furniture(package: Package, main: str, root: etree._Element) -> list[tuple[str, str]]:
    """The header and footer parts that the sections use, each once, as (name, kind)."""
    targets = {each.key: each for each in package.relations(main) if not each.external}
    found: dict[str, str] = {}
    for section in root.iter(SECTION):
        for kind in ("header", "footer"):
            for reference in section.iter(w(f"{kind}Reference")):
                relation = targets.get(reference.get(R_ID, ""))
                if relation is not None and package.has(relation.target):
                    found.setdefault(relation.target, kind)
    return list(found.items())
