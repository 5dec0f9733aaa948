"""Automatic numbering: the number text that Word prints before a paragraph, counted as Word counts."""

import re
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from zhunsheng.documents.reading.docx_formats import ParagraphFormat, number_of
from zhunsheng.documents.reading.docx_names import VAL, is_on, w
from zhunsheng.documents.reading.docx_numerals import list_number

_LEVELS: Final = 9
# Word allows far less; longer patterns would only multiply a text without end
_LONGEST_PATTERN: Final = 100
_REFERENCE: Final = re.compile(r"%([1-9])")
_SUFFIXES: Final = {"tab": "\t", "space": " ", "nothing": ""}


@dataclass(frozen=True, slots=True)
class _Level:
    start: int = 1
    style: str = "decimal"
    pattern: str = ""
    suffix: str = "\t"
    decimals_only: bool = False
    restart: int | None = None
    paragraph_style: str = ""


@dataclass(slots=True)
class _List:
    """A numbering instance: its levels, and whose counters it uses."""

    abstract: str
    levels: dict[int, _Level]
    restarts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """The lists of a document with their running counters; ask for the paragraphs in reading order."""

    def __init__(self, root: etree._Element | None) -> None:
        self._lists: dict[str, _List] = {}
        # counters belong to the abstract list: instances of the same one go on counting
        self._counters: dict[str, dict[int, int]] = {}
        self._used: set[tuple[str, int]] = set()
        if root is None:
            return
        abstracts = {each.get(w("abstractNumId"), ""): each for each in root.iter(w("abstractNum"))}
        styled = {
            link.get(VAL, ""): each
            for each in abstracts.values()
            if (link := each.find(w("styleLink"))) is not None
        }
        read: dict[str, dict[int, _Level]] = {}
        for each in root.iter(w("num")):
            pointer = each.find(w("abstractNumId"))
            abstract = abstracts.get("" if pointer is None else pointer.get(VAL, ""))
            if abstract is None:
                continue
            link = abstract.find(w("numStyleLink"))
            if link is not None:
                abstract = styled.get(link.get(VAL, ""), abstract)
            key = abstract.get(w("abstractNumId"), "")
            if key not in read:
                read[key] = _levels(abstract)
            made = _List(key, dict(read[key]))
            for override in each.iter(w("lvlOverride")):
                level = number_of(override.get(w("ilvl")))
                if level is None or not 0 <= level < _LEVELS:
                    continue
                if (own := override.find(w("lvl"))) is not None:
                    made.levels[level] = _level(own)
                if (start := override.find(w("startOverride"))) is not None:
                    made.restarts[level] = number_of(start.get(VAL)) or 0
            self._lists[each.get(w("numId"), "")] = made

    def label(self, paragraph: ParagraphFormat) -> tuple[str, bool]:
        """The number text of the next paragraph with what separates it, and whether it is a list item.

        Bullets are list items without number text.
        """
        found = self._lists.get(paragraph.list_key or "")
        if found is None:
            return "", False
        number = paragraph.list_level
        if number is None:
            styles = {level.paragraph_style: key for key, level in found.levels.items()}
            number = styles.get(paragraph.style_id, 0)
        level = found.levels.get(number)
        if level is None:
            return "", False
        self._count(paragraph.list_key or "", found, number, level)
        if level.style == "bullet":
            return "", True
        counters = self._counters[found.abstract]

        def printed(match: re.Match[str]) -> str:
            index = int(match[1]) - 1
            own = found.levels.get(index, _Level())
            style = own.style
            if level.decimals_only and style not in {"none", "decimalZero"}:
                style = "decimal"
            return list_number(style, counters.get(index, own.start))

        text = _REFERENCE.sub(printed, level.pattern)
        return (text + level.suffix if text else ""), True

    def _count(self, key: str, found: _List, number: int, level: _Level) -> None:
        counters = self._counters.setdefault(found.abstract, {})
        if number in found.restarts and (key, number) not in self._used:
            counters[number] = found.restarts[number]
        elif number in counters:
            counters[number] += 1
        else:
            counters[number] = found.restarts.get(number, level.start)
        self._used.add((key, number))
        for deeper in [each for each in counters if each > number]:
            restart = found.levels.get(deeper, _Level()).restart
            # by default any higher level starts a deeper one again
            if restart is None or number < restart:
                del counters[deeper]


def _levels(abstract: etree._Element) -> dict[int, _Level]:
    found = {}
    for each in abstract.iter(w("lvl")):
        number = number_of(each.get(w("ilvl")))
        if number is not None and 0 <= number < _LEVELS:
            found[number] = _level(each)
    return found


def _level(element: etree._Element) -> _Level:
    def value(name: str, default: str = "") -> str:
        child = next(element.iter(w(name)), None)
        return default if child is None else child.get(VAL, default)

    # a custom format stands beside a simple one that every program understands
    styles = [each.get(VAL, "") for each in element.iter(w("numFmt"))]
    legal = element.find(w("isLgl"))
    start = number_of(value("start"))
    return _Level(
        start=0 if start is None else start,
        style=next((each for each in styles if each != "custom"), "decimal"),
        pattern=value("lvlText")[:_LONGEST_PATTERN],
        suffix=_SUFFIXES.get(value("suff", "tab"), "\t"),
        decimals_only=legal is not None and is_on(legal.get(VAL)),
        restart=number_of(value("lvlRestart")),
        paragraph_style=value("pStyle"),
    )
