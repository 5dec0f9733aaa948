"""Styles of a Word document, as far as they decide what is read: headings, numbering, hidden text."""

import re
from dataclasses import dataclass, replace
from typing import Final

from lxml import etree

from zhunsheng.audit.document import BlockKind
from zhunsheng.documents.reading.docx_names import (
    PARAGRAPH_FORMAT,
    REMOVED,
    RUN_FORMAT,
    TYPE,
    VAL,
    VANISH,
    is_on,
    w,
)

_HEADING_NAME: Final = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
_TITLES: Final = frozenset({"title", "标题"})
_CAPTIONS: Final = frozenset({"caption", "题注"})
_STYLE: Final = w("pStyle")
_RUN_STYLE: Final = w("rStyle")
_OUTLINE: Final = w("outlineLvl")
_NUMBERING: Final = w("numPr")
_LEVEL: Final = w("ilvl")
_LIST: Final = w("numId")
_RAISED: Final = w("vertAlign")
_BODY_LEVEL: Final = 9
# a chain of styles longer than this is a circle
_LONGEST_CHAIN: Final = 50


def number_of(text: str | None) -> int | None:
    """An integer attribute; None when absent or not a number a person could have meant."""
    return int(text) if text and re.fullmatch(r"-?\d{1,9}", text, re.ASCII) else None


@dataclass(frozen=True, slots=True)
class ParagraphFormat:
    """What a paragraph's own format and its style say.

    Attributes:
        style: name of its style, or "".
        style_id: key of its style, or "".
        outline: 1-based outline level, or None for body text.
        list_key: key of its list, or None.
        list_level: 0-based level in the list, or None when the list itself says it for the style.
        hidden: whether its text is hidden unless a run says otherwise.
        mark_hidden: whether its end mark is hidden.
        mark_removed: whether its end mark is deleted, so that the next paragraph continues it.
    """

    style: str = ""
    style_id: str = ""
    outline: int | None = None
    list_key: str | None = None
    list_level: int | None = None
    hidden: bool = False
    mark_hidden: bool = False
    mark_removed: bool = False

    @property
    def kind(self) -> BlockKind:
        """The kind of block a paragraph of this format is, numbering left aside."""
        name = self.style.lower()
        if name in _TITLES:
            return BlockKind.TITLE
        if name in _CAPTIONS:
            return BlockKind.CAPTION
        return BlockKind.PARAGRAPH if self.outline is None else BlockKind.HEADING


@dataclass(frozen=True, slots=True)
class RunFormat:
    """What a run's own format and style say; None where they say nothing."""

    hidden: bool | None = None
    raised: bool | None = None


_PLAIN: Final = RunFormat()


class Formats:
    """The styles of a document, each resolved once along the styles it is based on."""

    def __init__(self, styles: etree._Element | None) -> None:
        self._styles: dict[str, etree._Element] = {}
        self._default = ""
        for each in () if styles is None else styles.iter(w("style")):
            key = each.get(w("styleId"), "")
            self._styles[key] = each
            if each.get(w("default")) in {"1", "true"} and each.get(TYPE) == "paragraph":
                self._default = key
        self._paragraphs: dict[str, ParagraphFormat] = {}
        self._runs: dict[str, RunFormat] = {}

    def named(self, name: str) -> str | None:
        """The key of the style with a name, such as "annotation reference"."""
        for key, each in self._styles.items():
            if (found := each.find(w("name"))) is not None and found.get(VAL, "").lower() == name:
                return key
        return None

    def paragraph(self, own: etree._Element | None) -> ParagraphFormat:
        """The format of a paragraph with these properties."""
        if own is None:
            return self._paragraph_style(self._default)
        style = own.find(_STYLE)
        key = self._default if style is None else style.get(VAL, "")
        found = _with_properties(self._paragraph_style(key), own)
        mark = own.find(RUN_FORMAT)
        if mark is None:
            return found
        return replace(
            found,
            mark_hidden=_switch(mark.find(VANISH)) or False,
            mark_removed=next(mark.iterchildren(*REMOVED), None) is not None,
        )

    def run(self, own: etree._Element | None) -> RunFormat:
        """The format of a run with these properties."""
        if own is None or next(own.iter(_RUN_STYLE, VANISH, _RAISED), None) is None:
            return _PLAIN  # fonts and sizes decide nothing
        style = own.find(_RUN_STYLE)
        base = _PLAIN if style is None else self._run_style(style.get(VAL, ""))
        return _with_run_properties(base, own)

    def _chain(self, key: str) -> list[etree._Element]:
        """A style and those it is based on, the innermost base first."""
        chain: list[etree._Element] = []
        while (style := self._styles.get(key)) is not None and len(chain) < _LONGEST_CHAIN:
            chain.append(style)
            base = style.find(w("basedOn"))
            key = "" if base is None else base.get(VAL, "")
        return chain[::-1]

    def _paragraph_style(self, key: str) -> ParagraphFormat:
        if key not in self._paragraphs:
            found = ParagraphFormat()
            for style in self._chain(key):
                own = style.find(PARAGRAPH_FORMAT)
                if own is not None:
                    found = _with_properties(found, own)
                if (run := style.find(RUN_FORMAT)) is not None:
                    hidden = _switch(run.find(VANISH))
                    found = found if hidden is None else replace(found, hidden=hidden)
                named = style.find(w("name"))
                name = "" if named is None else named.get(VAL, "")
                if (match := _HEADING_NAME.fullmatch(name)) and (own is None or own.find(_OUTLINE) is None):
                    found = replace(found, outline=int(match[1]))
                found = replace(found, style=name, style_id=style.get(w("styleId"), ""))
            self._paragraphs[key] = found
        return self._paragraphs[key]

    def _run_style(self, key: str) -> RunFormat:
        if key not in self._runs:
            found = _PLAIN
            for style in self._chain(key):
                if (own := style.find(RUN_FORMAT)) is not None:
                    found = _with_run_properties(found, own)
            self._runs[key] = found
        return self._runs[key]


def _with_properties(base: ParagraphFormat, own: etree._Element) -> ParagraphFormat:
    """A paragraph format with what further properties say."""
    found = base
    outline = own.find(_OUTLINE)
    if outline is not None and (level := number_of(outline.get(VAL))) is not None:
        found = replace(found, outline=level + 1 if 0 <= level < _BODY_LEVEL else None)
    numbering = own.find(_NUMBERING)
    if numbering is not None:
        listed, level_element = numbering.find(_LIST), numbering.find(_LEVEL)
        if listed is not None:
            found = replace(found, list_key=listed.get(VAL, ""), list_level=None)
        if level_element is not None:
            found = replace(found, list_level=number_of(level_element.get(VAL)))
    return found


def _with_run_properties(base: RunFormat, own: etree._Element) -> RunFormat:
    hidden, raised = _switch(own.find(VANISH)), own.find(_RAISED)
    return RunFormat(
        base.hidden if hidden is None else hidden,
        base.raised if raised is None else raised.get(VAL) == "superscript",
    )


def _switch(element: etree._Element | None) -> bool | None:
    """The value of an on-off property; None when it is not stated."""
    return None if element is None else is_on(element.get(VAL))
