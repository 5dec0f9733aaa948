"""Putting comment marks around exact characters of a Word document: runs are divided, formats kept."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from zhunsheng.audit.document import Span
from zhunsheng.documents.reading.docx_names import (
    BODY,
    CELL,
    CONTROL,
    ID,
    MATH_PARAGRAPH,
    PARAGRAPH,
    PARAGRAPH_FORMAT,
    RUN,
    RUN_FORMAT,
    TEXT,
    VAL,
    XML_SPACE,
    w,
)
from zhunsheng.documents.reading.docx_nodes import Piece

_CONTAINERS: Final = frozenset({CELL, BODY})
# controls that may hold one run only, or whose content the program writes again
_PLAIN_CONTROLS: Final = frozenset(
    map(w, ("text", "dropDownList", "comboBox", "date", "picture", "dataBinding", "docPartList", "citation"))
)


@dataclass(slots=True)
class _Cuts:
    """The marks to put at one anchor.

    Attributes:
        before, after: marks around the whole anchor.
        ends, starts: marks inside a run, by the element and the number of its characters before them.
    """

    before: list[etree._Element] = field(default_factory=list)
    after: list[etree._Element] = field(default_factory=list)
    ends: dict[tuple[etree._Element, int], list[etree._Element]] = field(default_factory=dict)
    starts: dict[tuple[etree._Element, int], list[etree._Element]] = field(default_factory=dict)


class Anchors:
    """Collects the places of comments; `write` then puts all marks into the tree at once."""

    def __init__(self, pieces: Sequence[Piece], reference_style: str | None) -> None:
        """Prepare.

        Args:
            pieces: the pieces of the document in ascending order.
            reference_style: key of the style for the marks of comments, or None.
        """
        self._pieces = pieces
        self._starts = [piece.start for piece in pieces]
        self._style = reference_style
        self._cuts: dict[etree._Element, _Cuts] = {}

    def add(self, span: Span, number: int) -> bool | None:
        """Note that comment `number` belongs to some characters.

        Returns:
            True when it will stand at the characters themselves, False when at what stands for them (the
            reference of a footnote, the run that holds a text box, the beginning of the document), None
            when the document has no place for a comment at all.
        """
        if not self._pieces:
            return None
        first = min(max(bisect_right(self._starts, span.start) - 1, 0), len(self._pieces) - 1)
        if self._pieces[first].end <= span.start and first + 1 < len(self._pieces):
            first += 1
        last = max(bisect_left(self._starts, span.end) - 1, first)
        if self._pieces[first].anchor is None:
            return self._at_beginning(number)
        container = _container(self._pieces[first])
        while last > first and _container(self._pieces[last]) is not container:
            last -= 1
        begin, end = self._pieces[first], self._pieces[last]
        if (
            end.element is None
            and last + 1 < len(self._pieces)
            and _same_paragraph(end, self._pieces[last + 1])
        ):
            # a computed number has no characters of its own: the words after it are marked with it
            last += 1
            end = self._pieces[last]
            span = Span(span.start, end.end)
        self._open(begin, span.start, number)
        self._close(end, span.end, number)
        return begin.exact or (begin.anchor is not None and begin.anchor.tag == PARAGRAPH)

    def write(self) -> None:
        """Put all marks into the tree."""
        for anchor, cuts in self._cuts.items():
            if anchor.tag == PARAGRAPH:
                _into_paragraph(anchor, cuts)
            elif anchor.tag == RUN and (cuts.ends or cuts.starts):
                _divide(anchor, cuts)
            else:
                _around(anchor, cuts)
        self._cuts.clear()

    def _at_beginning(self, number: int) -> bool | None:
        piece = next((each for each in self._pieces if each.anchor is not None), None)
        if piece is None:
            return None
        self._open(piece, piece.start, number)
        self._close(piece, piece.end, number)
        return False

    def _open(self, piece: Piece, offset: int, number: int) -> None:
        mark = etree.Element(w("commentRangeStart"), {ID: str(number)})
        cuts, inside = self._at(piece)
        if inside and piece.element is not None:
            taken = max(offset - piece.start, 0)
            cuts.starts.setdefault((piece.element, piece.shift + taken), []).append(mark)
        else:
            cuts.before.append(mark)

    def _close(self, piece: Piece, offset: int, number: int) -> None:
        marks = [etree.Element(w("commentRangeEnd"), {ID: str(number)}), self._reference(number)]
        cuts, inside = self._at(piece)
        if inside and piece.element is not None:
            taken = min(offset, piece.end) - piece.start
            cuts.ends.setdefault((piece.element, piece.shift + max(taken, 1)), []).extend(marks)
        else:
            cuts.after.extend(marks)

    def _at(self, piece: Piece) -> tuple[_Cuts, bool]:
        """The marks at a piece's anchor, and whether they may stand inside it."""
        if piece.anchor is None:
            raise ValueError("a piece without an anchor cannot be marked")
        anchor = _outside(piece.anchor)
        inside = piece.exact and anchor is piece.anchor
        return self._cuts.setdefault(anchor, _Cuts()), inside

    def _reference(self, number: int) -> etree._Element:
        run = etree.Element(RUN)
        if self._style is not None:
            form = etree.SubElement(run, RUN_FORMAT)
            etree.SubElement(form, w("rStyle"), {VAL: self._style})
        etree.SubElement(run, w("commentReference"), {ID: str(number)})
        return run


def _container(piece: Piece) -> etree._Element | None:
    """The cell or body that holds a piece; comments do not reach beyond it."""
    if piece.anchor is None:
        return None
    return next((each for each in piece.anchor.iterancestors() if each.tag in _CONTAINERS), None)


def _outside(anchor: etree._Element) -> etree._Element:
    """The anchor, or what holds it and cannot hold marks itself: a formula's paragraph, a plain control."""
    found = anchor
    for each in anchor.iterancestors():
        if each.tag == PARAGRAPH:
            break
        if each.tag == MATH_PARAGRAPH:
            found = each
        elif each.tag == CONTROL:
            form = each.find(w("sdtPr"))
            if form is not None and any(child.tag in _PLAIN_CONTROLS for child in form):
                found = each
    return found


def _same_paragraph(number: Piece, text: Piece) -> bool:
    if text.anchor is None:
        return False
    return any(each is number.anchor for each in text.anchor.iterancestors(PARAGRAPH))


def _into_paragraph(paragraph: etree._Element, cuts: _Cuts) -> None:
    """Marks at the beginning of a paragraph, for its computed number."""
    form = paragraph.find(PARAGRAPH_FORMAT)
    position = 0 if form is None else paragraph.index(form) + 1
    for offset, mark in enumerate([*cuts.before, *cuts.after]):
        paragraph.insert(position + offset, mark)


def _around(anchor: etree._Element, cuts: _Cuts) -> None:
    for mark in cuts.before:
        anchor.addprevious(mark)
    tail, anchor.tail = anchor.tail, None
    for mark in reversed(cuts.after):
        anchor.addnext(mark)
    anchor.tail = tail


def _divide(run: etree._Element, cuts: _Cuts) -> None:
    """Replace a run by several with the same format, with the marks between them."""
    form = run.find(RUN_FORMAT)
    written: list[etree._Element] = list(cuts.before)
    current = _like(run, form)

    def put(marks: list[etree._Element]) -> None:
        nonlocal current
        if not marks:
            return
        if len(current) > (form is not None):
            written.append(current)
            current = _like(run, form)
        written.extend(marks)

    for child in [each for each in run if each is not form]:
        for text, marks in _cut(child, cuts):
            if text is not None:
                current.append(text)
            put(marks)
    if len(current) > (form is not None):
        written.append(current)
    written.extend(cuts.after)
    for each in written:
        run.addprevious(each)
    parent = run.getparent()
    if parent is not None:
        parent.remove(run)


def _cut(child: etree._Element, cuts: _Cuts) -> list[tuple[etree._Element | None, list[etree._Element]]]:
    """A child of a run in parts, each with the marks that follow it."""
    places = sorted({taken for table in (cuts.ends, cuts.starts) for each, taken in table if each is child})
    if not places:
        return [(child, [])]
    done, length = _shown(child)
    found: list[tuple[etree._Element | None, list[etree._Element]]] = []
    whole = all(place in {done, length} for place in places)
    for place in places:
        part: etree._Element | None = None
        if place > done:
            part = child if whole else _text_part(child, done, place)
            done = place
        found.append((part, cuts.ends.get((child, place), []) + cuts.starts.get((child, place), [])))
    if done < length:
        found.append((child if whole else _text_part(child, done, length), []))
    return found


def _shown(child: etree._Element) -> tuple[int, int]:
    """The first and after-last character that an element of a run prints."""
    if child.tag != TEXT:
        return 0, 1
    text = child.text or ""
    keeps = next((each.get(XML_SPACE) for each in (child, *child.iterancestors()) if each.get(XML_SPACE)), "")
    if keeps == "preserve":
        return 0, len(text)
    return len(text) - len(text.lstrip(" \t\r\n")), len(text.rstrip(" \t\r\n"))


def _text_part(child: etree._Element, start: int, end: int) -> etree._Element:
    part = etree.Element(TEXT)
    part.set(XML_SPACE, "preserve")
    part.text = (child.text or "")[start:end]
    return part


def _like(run: etree._Element, form: etree._Element | None) -> etree._Element:
    made = etree.Element(RUN)
    made.attrib.update(run.attrib)
    if form is not None:
        made.append(deepcopy(form))
    return made
