"""The inside of a paragraph: runs, revisions, fields, links, formulas, text boxes.

Whatever is not known to be settings or removed text is walked through, so that text in a container this
program has never heard of is still read.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final

from lxml import etree

from zhunsheng.documents.reading.docx_formats import Formats, ParagraphFormat
from zhunsheng.documents.reading.docx_names import (
    ADDED,
    ALTERNATE,
    BOX_CONTENT,
    CHOICE,
    ENDNOTE_REFERENCE,
    FALLBACK,
    FIELD_MARK,
    FOOTNOTE_REFERENCE,
    ID,
    MATH,
    MATH_DENOMINATOR,
    MATH_FRACTION,
    MATH_NUMERATOR,
    MATH_RAISED,
    MATH_TEXT,
    REMOVED,
    RUBY,
    RUBY_BASE,
    RUN,
    RUN_FORMAT,
    SETTINGS,
    SYMBOL,
    TEXT,
    XML_SPACE,
    w,
)
from zhunsheng.documents.reading.docx_nodes import Note, ParagraphNode, Piece, Remarks

# elements of a run that print one character
_CHARACTERS: Final = {
    w("tab"): "\t",
    w("ptab"): "\t",
    w("br"): "\n",
    w("cr"): "\n",
    w("noBreakHyphen"): "\u2011",
    w("softHyphen"): "\u00ad",
}
_BLANKS: Final = str.maketrans("\t\n\r", "   ")
_RAISED: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_FIELD_TYPE: Final = w("fldCharType")
_FONT: Final = w("font")
_CODE: Final = w("char")
# pictures of characters that reports use as boxes, ticks and signs
_SYMBOLS: Final = {
    "wingdings": {0x6F: "□", 0x70: "□", 0x71: "□", 0xA8: "□", 0xFC: "√", 0xFB: "×", 0xFD: "☒", 0xFE: "☑"},
    "wingdings 2": {0x50: "√", 0x4F: "×", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0xA3: "□", 0x30: "□"},
    "symbol": {
        0xA3: "≤",
        0xB0: "°",
        0xB1: "±",
        0xB3: "≥",
        0xB4: "×",
        0xB7: "·",
        0xB8: "÷",
        0xB9: "≠",
        0xBB: "≈",
        0x2D: "−",
        0x6D: "μ",
        0x53: "Σ",
    },
}
_UNKNOWN_SYMBOL: Final = "\ufffd"


def chosen(alternate: etree._Element) -> etree._Element | None:
    """The branch of alternative contents that is shown: the first choice, or else the fallback."""
    branch = alternate.find(CHOICE)
    return alternate.find(FALLBACK) if branch is None else branch


def shown(root: etree._Element, *names: str) -> Iterator[etree._Element]:
    """The elements of some names that are neither removed nor in a fallback branch."""
    for element in root.iter(*names):
        if not any(each.tag in REMOVED or each.tag == FALLBACK for each in element.iterancestors()):
            yield element


def live_field_marks(root: etree._Element) -> dict[etree._Element, str]:
    """The field marks of a part that belong to a complete field, with their type.

    A field that is begun and never ended would hide all that follows; such marks are left out here and
    so have no effect.
    """
    found: dict[etree._Element, str] = {}
    open_fields: list[list[tuple[etree._Element, str]]] = []
    for mark in shown(root, FIELD_MARK):
        kind = mark.get(_FIELD_TYPE, "")
        if kind == "begin":
            open_fields.append([(mark, kind)])
        elif open_fields:
            open_fields[-1].append((mark, kind))
            if kind == "end":
                found.update(open_fields.pop())
    return found


@dataclass(slots=True)
class _Setting:
    """How the contents of a run are taken: the run they belong to, see `Piece`, and its format."""

    run: etree._Element
    exact: bool = False
    hidden: bool = False
    raised: bool = False


class InlineWalk:
    """Walks over the insides of the paragraphs of one part, in order; fields may span paragraphs."""

    def __init__(
        self,
        root: etree._Element,
        formats: Formats,
        remarks: Remarks,
        box: Callable[[etree._Element, etree._Element | None], None],
    ) -> None:
        """Prepare.

        Args:
            root: the root of the part.
            box: called with the content of a text box and its anchor.
        """
        self._formats = formats
        self._remarks = remarks
        self._box = box
        self._marks = live_field_marks(root)
        self._keeps_blanks = root.get(XML_SPACE) == "preserve"
        # for each open field: whether its instruction is still running
        self._fields: list[bool] = []
        # how many of them
        self._instructions = 0
        self._paragraph = ParagraphFormat()
        self._node: ParagraphNode | None = None
        self.notes: list[Note] = []
        # what stands for the text in the main part, when this is not the main part or inside a box
        self.standing: etree._Element | None = None
        self.is_main = True
        self._handlers: dict[str, Callable[[etree._Element, _Setting], None]] = {
            TEXT: self._text,
            SYMBOL: self._symbol,
            FIELD_MARK: self._field,
            FOOTNOTE_REFERENCE: self._note,
            ENDNOTE_REFERENCE: self._note,
            RUBY: self._ruby,
            **dict.fromkeys(_CHARACTERS, self._character),
        }

    @contextmanager
    def apart(self, standing: etree._Element | None) -> Iterator[None]:
        """Walk over something beside the text, such as a text box, for which `standing` stands."""
        kept = self.standing, self._fields, self._instructions
        self.standing, self._fields, self._instructions = standing, [], 0
        yield
        self.standing, self._fields, self._instructions = kept

    def walk(self, paragraph: etree._Element, node: ParagraphNode, form: ParagraphFormat) -> None:
        """Add the visible text of a paragraph to a node."""
        before = self._node, self._paragraph
        self._node, self._paragraph = node, form
        if paragraph.tag == RUN:
            # a run without a paragraph: dividing it would make two of it
            self._run(paragraph, paragraph)
        else:
            self._inside(paragraph)
        self._node, self._paragraph = before

    def _inside(self, element: etree._Element) -> None:
        for child in element:
            tag = child.tag
            if tag == RUN:
                self._run(child)
            elif tag in REMOVED:
                self._remarks.deletions += 1
            elif tag == ALTERNATE:
                if (branch := chosen(child)) is not None:
                    self._inside(branch)
            elif tag == MATH:
                self._formula(child, child)
            elif tag == FALLBACK or tag in SETTINGS or not isinstance(tag, str):
                continue
            else:
                self._remarks.insertions += tag in ADDED
                self._inside(child)

    def _run(self, run: etree._Element, outer: etree._Element | None = None) -> None:
        """A run; `outer` is given for a run inside another (ruby, drawing)."""
        form = self._formats.run(run.find(RUN_FORMAT))
        setting = _Setting(
            run if outer is None else outer,
            exact=outer is None and self.is_main and self.standing is None,
            hidden=self._paragraph.hidden if form.hidden is None else form.hidden,
            raised=bool(form.raised),
        )
        for child in run:
            tag = child.tag
            handler = self._handlers.get(tag)
            if handler is not None:
                handler(child, setting)
            elif isinstance(tag, str) and tag not in SETTINGS and not setting.hidden and len(child):
                self._drawing(child, setting.run)

    def _character(self, element: etree._Element, setting: _Setting) -> None:
        self._put(_CHARACTERS[element.tag], element, 0, setting)

    def _symbol(self, element: etree._Element, setting: _Setting) -> None:
        self._put(_symbol(element), element, 0, setting)

    def _note(self, element: etree._Element, setting: _Setting) -> None:
        kind = "footnotes" if element.tag == FOOTNOTE_REFERENCE else "endnotes"
        self.notes.append(Note(kind, element.get(ID, ""), self._anchor(setting.run)))

    def _ruby(self, element: etree._Element, setting: _Setting) -> None:
        if (base := element.find(RUBY_BASE)) is not None:
            self._boxes(base, setting.run)

    def _text(self, element: etree._Element, setting: _Setting) -> None:
        text = element.text or ""
        if len(element):
            # a comment inside a text divides it; office programs do not write such files
            text = "".join(str(each) for each in element.itertext(TEXT))
            setting = replace(setting, exact=False)
        shift = 0
        if (text[:1].isspace() or text[-1:].isspace()) and not self._keeps(element):
            bare = text.lstrip(" \t\r\n")
            shift = len(text) - len(bare)
            text = bare.rstrip(" \t\r\n")
        text = text.translate(_BLANKS)
        if setting.raised:
            # exponents and typed note numbers are no digits of the figure before them
            text = text.translate(_RAISED)
        self._put(text, element, shift, setting)

    def _keeps(self, element: etree._Element) -> bool:
        own = element.get(XML_SPACE)
        return self._keeps_blanks if own is None else own == "preserve"

    def _put(self, text: str, element: etree._Element, shift: int, setting: _Setting) -> None:
        if not text or self._instructions or self._node is None:
            return
        if setting.hidden:
            if text.strip():
                self._remarks.hidden.append(text)
            return
        self._node.pieces.append(Piece(text, element, shift, self._anchor(setting.run), setting.exact))

    def _anchor(self, run: etree._Element) -> etree._Element | None:
        return run if self.is_main and self.standing is None else self.standing

    def _field(self, mark: etree._Element, _: _Setting) -> None:
        kind = self._marks.get(mark)
        if kind == "begin":
            self._fields.append(True)
            self._instructions += 1
        elif self._fields and kind == "separate":
            self._instructions -= self._fields[-1]
            self._fields[-1] = False
        elif self._fields and kind == "end":
            self._instructions -= self._fields.pop()

    def _drawing(self, element: etree._Element, run: etree._Element) -> None:
        """A picture, chart, object or shape: its text boxes are kept for later."""
        if element.tag == ALTERNATE:
            branch = chosen(element)
            if branch is None:
                return
            element = branch
        if self._instructions:
            return
        if next(element.iter(BOX_CONTENT, TEXT), None) is not None:
            self._boxes(element, run)

    def _boxes(self, element: etree._Element, run: etree._Element) -> None:
        if element.tag == BOX_CONTENT:
            self._box(element, self._anchor(run))
            return
        for child in element:
            tag = child.tag
            if tag == ALTERNATE:
                if (branch := chosen(child)) is not None:
                    self._boxes(branch, run)
            elif tag == RUN:
                self._run(child, run)
            elif tag == TEXT:
                self._text(child, _Setting(run))
            elif isinstance(tag, str) and tag not in SETTINGS and tag not in REMOVED:
                self._boxes(child, run)

    def _formula(self, element: etree._Element, whole: etree._Element, *, raised: bool = False) -> None:
        """The characters of a formula in writing order; a fraction as numerator / denominator."""
        for child in element:
            tag = child.tag
            if tag in {MATH_TEXT, TEXT}:
                text = (child.text or "").translate(_BLANKS)
                self._put(text.translate(_RAISED) if raised else text, child, 0, _Setting(whole))
            elif tag == MATH_FRACTION:
                top, bottom = child.find(MATH_NUMERATOR), child.find(MATH_DENOMINATOR)
                if top is not None and bottom is not None:
                    self._formula(top, whole, raised=raised)
                    self._put("/", child, 0, _Setting(whole))
                    self._formula(bottom, whole, raised=raised)
            elif tag in REMOVED:
                self._remarks.deletions += 1
            elif isinstance(tag, str) and tag not in SETTINGS:
                self._formula(child, whole, raised=raised or tag == MATH_RAISED)


def _symbol(element: etree._Element) -> str:
    """The character that a symbol of a picture font stands for."""
    font = element.get(_FONT, "").lower()
    try:
        code = int(element.get(_CODE, ""), 16)
    except ValueError:
        return _UNKNOWN_SYMBOL
    known = _SYMBOLS.get(font, {}).get(code & 0xFF) if code < 0x100 or 0xF000 <= code <= 0xF0FF else None
    if known is not None:
        return known
    private = 0xE000 <= code <= 0xF8FF
    if private or not 0x20 <= code <= 0xFFFD or 0xD800 <= code <= 0xDFFF:
        return _UNKNOWN_SYMBOL
    return chr(code)
