"""Web pages: what a reader of the page sees, in reading order, with tables as grids.

Nothing is fetched or run. The text is composed here: one line per paragraph, cells between tabs.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from lxml import etree

from zhunsheng.audit.document import BlockKind, Document
from zhunsheng.documents.reading.composing import Composer, DraftCell
from zhunsheng.documents.reading.decoding import MOST_MARKUP, decode
from zhunsheng.documents.reading.grid import number_of, seats
from zhunsheng.documents.reading.kinds import CUT_OFF, HIDDEN_TEXT, NO_TEXT, TOO_LARGE
from zhunsheng.documents.reading.sheet_cells import MOST_CELLS
from zhunsheng.kernel.hashing import sha256_of
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem

MOST_TAGS: Final = 1_200_000
_CHARSET: Final = re.compile(rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w-]{2,20})""", re.IGNORECASE)
# what an XML parser would take for an order to change the encoding
_DECLARATION: Final = re.compile(r"\A\s*<\?xml[^>]*>")
_NEVER_SHOWN: Final = frozenset(
    [
        "script",
        "style",
        "template",
        "noscript",
        "head",
        "title",
        "meta",
        "link",
        "iframe",
        "object",
        "embed",
        "applet",
        "svg",
        "math",
        "canvas",
        "audio",
        "video",
        "map",
        "select",
        "datalist",
        "textarea",
        "param",
        "source",
        "track",
        "frameset",
        "frame",
        "noframes",
    ]
)
_INLINE: Final = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "nobr",
        "output",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
        "img",
        "input",
        "button",
        "o:p",
    ]
)
_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_SECTIONS: Final = frozenset({"thead", "tbody", "tfoot"})
_HIDING: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
_NO_MARKS: Final = re.compile(r"list-style(?:-type)?\s*:[^;]*\bnone\b", re.IGNORECASE)
_SPACES: Final = re.compile(r"[ \t\n\r\f\v]+")
_OWN_MARK: Final = re.compile(
    r"[（(]?(?:\d+|[一二三四五六七八九十]+)[.、)）．]|[①-⑳]|第[一二三四五六七八九十]"
)
_RAISED: Final = str.maketrans("0123456789+-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ")
_LAYOUT_TEXT: Final = 3_000
_MOST_LOOKED_AT: Final = 50
_LONGEST_BEGINNING: Final = 40
_DEEPEST_TABLE: Final = 20


def read_html(data: bytes, name: str) -> Document:
    """Read a web page; what cannot be read is a problem of the document."""
    whole = Place(name)
    digest = sha256_of(data)
    tags = data.count(b"<")
    if tags > MOST_TAGS:
        problem = TOO_LARGE.at(whole, f"“{name}”有 {tags:,} 个标签，上限 {MOST_TAGS:,} 个")
        return Document(name, "html", digest, "", (), problems=(problem,))
    named = _CHARSET.search(data[:4_000])
    decoded = decode(data, name, named[1].decode("ascii") if named else "", most=MOST_MARKUP)
    problems: list[Problem] = list(decoded.problems)
    composer = Composer()
    hidden = 0
    root, torn = _root(decoded.text)
    if torn:
        problems.append(CUT_OFF.at(whole, f"“{name}”的标签嵌套过深，过深处的内容没有读取"))
    if root is not None:
        walk = _Walk(composer)
        walk.flow(root)
        walk.flush()
        hidden = walk.hidden
        if walk.unread:
            what = f"全部表格共读取 {MOST_CELLS:,} 个单元格，还有 {walk.unread:,} 个没有读取"
            problems.append(CUT_OFF.at(whole, what))
    if hidden:
        problems.append(HIDDEN_TEXT.at(whole, f"“{name}”有 {hidden} 处不显示的文字没有读取"))
    if not composer.blocks and not decoded.failed:
        problems.append(NO_TEXT.at(whole, f"“{name}”中没有可读的文字"))
    return Document(
        name,
        "html",
        digest,
        composer.text,
        tuple(composer.blocks),
        tuple(composer.tables),
        problems=tuple(problems),
        properties={"encoding": decoded.encoding} if decoded.encoding else {},
    )


def _root(text: str) -> tuple[etree._Element | None, bool]:
    """The parsed page, and whether the parser gave up somewhere.

    Links, entities of its own and document types are never followed.
    """
    plain = _DECLARATION.sub("", text).replace("\0", "\ufffd")
    if not plain.strip():
        return None, False
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True, recover=True
    )
    root: etree._Element | None = etree.fromstring(plain.encode("utf-8", "replace"), parser)
    return root, any(entry.level_name == "FATAL" for entry in parser.error_log)


@dataclass(slots=True)
class _List:
    """An open list: how its items are marked and the next number."""

    mark: Callable[[int], str] | None
    number: int


@dataclass(slots=True)
class _Walk:
    """Goes through a page without recursion into the depth of its tags (tables in tables excepted).

    Attributes:
        composer: takes the blocks.
        hidden: how many pieces with text are not shown.
        unread: how many cells of tables are beyond the limit.
    """

    composer: Composer
    hidden: int = 0
    unread: int = 0
    cells_left: int = MOST_CELLS
    pieces: list[str] = field(default_factory=list)
    kind: BlockKind = BlockKind.PARAGRAPH
    level: int | None = None
    lists: list[_List] = field(default_factory=list)
    furniture: BlockKind | None = None
    tables_open: int = 0

    def flow(self, root: etree._Element) -> None:
        """Put everything inside an element."""
        for step, element in _steps(root, self._enter):
            if step == "text":
                self.pieces.append(_SPACES.sub(" ", element.text or ""))
            elif step == "tail":
                self.pieces.append(_SPACES.sub(" ", element.tail or ""))
            elif step == "leave":
                self._leave(element)

    def flush(self) -> None:
        """End the open paragraph."""
        text = _tidy("".join(self.pieces))
        self.pieces.clear()
        if text:
            self.composer.paragraph(text, self.furniture or self.kind, self.level)

    def _enter(self, element: etree._Element) -> bool:
        """Take the beginning of an element; whether its inside is to be walked."""
        tag = _tag(element)
        if tag in _NEVER_SHOWN:
            return False
        if is_hidden(element):
            self.hidden += bool(beginning(element).strip())
            return False
        if tag == "br":
            self.pieces.append("\n") if self.level else self.flush()
        elif tag in {"sup", "sub"}:
            if tag == "sup" and (raised := _raised(element)):
                self.pieces.append(raised)
                return False
        elif tag == "table":
            self.flush()
            self._table(element, None)
            return False
        elif tag not in _INLINE:
            self.flush()
            self._begin(element, tag)
        return True

    def _begin(self, element: etree._Element, tag: str) -> None:
        if tag in _HEADINGS:
            self.kind, self.level = BlockKind.HEADING, _HEADINGS[tag]
        elif tag in {"ol", "ul"}:
            self.lists.append(_List(_marker(element, tag), number_of(element.get("start"))))
        elif tag in {"li", "dd"}:
            self.kind = BlockKind.LIST_ITEM
            self._mark(element)
        elif tag in {"figcaption", "caption"}:
            self.kind = BlockKind.CAPTION
        elif tag in {"nav", "footer"} and self.furniture is None and not _in_article(element):
            self.furniture = BlockKind.HEADER if tag == "nav" else BlockKind.FOOTER

    def _mark(self, element: etree._Element) -> None:
        """The number that the page shows before an item, unless the item brings its own."""
        if not self.lists or self.lists[-1].mark is None:
            return
        open_list = self.lists[-1]
        if element.get("value"):
            open_list.number = number_of(element.get("value"))
        begin = beginning(element).lstrip()
        if begin and open_list.mark is not None and not _OWN_MARK.match(begin):
            self.pieces.append(open_list.mark(open_list.number))
        open_list.number += 1

    def _leave(self, element: etree._Element) -> None:
        tag = _tag(element)
        if tag in _INLINE or tag == "br":
            return
        self.flush()
        if tag in _HEADINGS or tag in {"li", "dd", "figcaption", "caption"}:
            self.kind, self.level = BlockKind.PARAGRAPH, None
        elif tag in {"ol", "ul"} and self.lists:
            self.lists.pop()
        elif tag in {"nav", "footer"}:
            self.furniture = None

    def _table(self, table: etree._Element, nested_in: int | None) -> None:
        """Put a table, then the tables inside its cells; a table for layout is read as flow."""
        rows = self._within_limit(list(_rows(table)))
        cells = [cell for row in rows for cell in row]
        inner = [each for cell in cells for each in cell.iter("table")]
        if self.tables_open > _DEEPEST_TABLE or _is_layout(table, cells, inner):
            for cell in cells:
                if self.tables_open <= _DEEPEST_TABLE:
                    self.tables_open += 1
                    self.flow(cell)
                    self.tables_open -= 1
                else:
                    self.pieces.append(_SPACES.sub(" ", "".join(str(text) for text in cell.itertext())))
                self.flush()
            return
        self.hidden += sum(
            is_hidden(each) and _nearest_table(each) is table and bool(beginning(each).strip())
            for each in table.iter(etree.Element)
        )
        for child in table:
            if _tag(child) == "caption":
                self.composer.paragraph(cell_text(child), BlockKind.CAPTION)
        placed, columns = seats(
            [[(_rows_of(cell), number_of(cell.get("colspan"))) for cell in row] for row in rows]
        )
        drafts = [
            DraftCell(
                seat.row,
                seat.column,
                cell_text(cell),
                seat.row_span,
                seat.column_span,
                header=_tag(cell) == "th" or _in_head(cell),
            )
            for row, line in zip(rows, placed, strict=True)
            for cell, seat in zip(row, line, strict=True)
        ]
        index = self.composer.table(drafts, len(rows), columns, nested_in=nested_in)
        self.tables_open += 1
        for each in inner:
            if _nearest_table(each) is table:
                self._table(each, index if index is not None else nested_in)
        self.tables_open -= 1

    def _within_limit(self, rows: list[list[etree._Element]]) -> list[list[etree._Element]]:
        """The rows that may still be read; the cells of the others are counted."""
        kept = 0
        while kept < len(rows) and len(rows[kept]) <= self.cells_left:
            self.cells_left -= len(rows[kept])
            kept += 1
        if kept < len(rows):
            self.cells_left = 0
            self.unread += sum(len(row) for row in rows[kept:])
        return rows[:kept]


def cell_text(cell: etree._Element) -> str:
    """The visible text of a cell, one line per paragraph, without tables inside it."""
    pieces: list[str] = []

    def enter(element: etree._Element) -> bool:
        tag = _tag(element)
        if tag in _NEVER_SHOWN or tag == "table" or is_hidden(element):
            return False
        if tag == "sup" and (raised := _raised(element)):
            pieces.append(raised)
            return False
        if tag not in _INLINE:
            pieces.append("\n")
        return True

    for step, element in _steps(cell, enter):
        if step == "text":
            pieces.append(_SPACES.sub(" ", element.text or ""))
        elif step == "tail":
            pieces.append(_SPACES.sub(" ", element.tail or ""))
        elif _tag(element) not in _INLINE and _tag(element) != "br":
            pieces.append("\n")
    return _tidy("".join(pieces), indent=True)


def is_hidden(element: etree._Element) -> bool:
    """Whether the page itself says that an element is not shown."""
    if element.get("hidden") is not None or _tag(element) == "input":
        return True
    style = element.get("style")
    return style is not None and _HIDING.search(style) is not None


def _steps(
    root: etree._Element, enter: Callable[[etree._Element], bool]
) -> Iterator[tuple[str, etree._Element]]:
    """The texts, ends and tails inside an element in reading order; `enter` may keep an inside out."""
    yield "text", root
    stack: list[Iterator[etree._Element]] = [iter(root)]
    parents = [root]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
            done = parents.pop()
            if stack:
                yield "leave", done
                yield "tail", done
            continue
        if isinstance(child.tag, str) and enter(child):
            yield "text", child
            stack.append(iter(child))
            parents.append(child)
        else:
            yield "tail", child


def _tag(element: etree._Element) -> str:
    return element.tag.lower() if isinstance(element.tag, str) else ""


def _tidy(text: str, *, indent: bool = False) -> str:
    """Spaces as a browser shows them; ideographic spaces at the beginning of a cell show its level."""
    lines = (re.sub(" {2,}", " ", line).strip(" \t\xa0") for line in text.split("\n"))
    joined = "\n".join(line if indent else line.strip() for line in lines if line.strip())
    return joined.replace("\t", " ")


def _rows(table: etree._Element) -> Iterator[list[etree._Element]]:
    """The cells of each row of a table; rows that are not shown are left out."""
    for child in table:
        tag = _tag(child)
        if is_hidden(child):
            continue
        rows = (
            [child]
            if tag == "tr"
            else [each for each in child if _tag(each) == "tr"]
            if tag in _SECTIONS
            else []
        )
        for row in rows:
            cells = [each for each in row if _tag(each) in {"td", "th"} and not is_hidden(each)]
            if cells and not is_hidden(row):
                yield cells


def _rows_of(cell: etree._Element) -> int:
    return 0 if (cell.get("rowspan") or "").strip() == "0" else max(1, number_of(cell.get("rowspan")))


def _in_head(cell: etree._Element) -> bool:
    row = cell.getparent()
    head = row.getparent() if row is not None else None
    return head is not None and _tag(head) == "thead"


def _nearest_table(element: etree._Element) -> etree._Element | None:
    return next(element.iterancestors("table"), None)


def _is_layout(table: etree._Element, cells: list[etree._Element], inner: list[etree._Element]) -> bool:
    """Whether a table only places things on the page."""
    if (table.get("role") or "").lower() in {"presentation", "none"}:
        return True
    filled = [cell for cell in cells if any(text.strip() for text in cell.itertext())]
    if len(filled) <= 1:
        return True
    return bool(inner) and sum(len(each) for each in inner[0].itertext()) > _LAYOUT_TEXT


def _in_article(element: etree._Element) -> bool:
    return next(element.iterancestors("article", "main"), None) is not None


def beginning(element: etree._Element) -> str:
    """The first words inside an element; only so many tags are looked at, however deep they are nested."""
    pieces = [element.text or ""]
    for inner in islice(element.iterdescendants(), _MOST_LOOKED_AT):
        pieces.append(inner.text or "" if isinstance(inner.tag, str) else "")
        pieces.append(inner.tail or "")
        if sum(map(len, pieces)) > _LONGEST_BEGINNING:
            break
    return "".join(pieces)


def _raised(element: etree._Element) -> str:
    """A short exponent in raised characters, so that it is not read as part of the number before it."""
    inside = "" if len(element) else (element.text or "").strip()
    return inside.translate(_RAISED) if inside.isascii() and len(inside) <= 3 else ""


def _marker(element: etree._Element, tag: str) -> Callable[[int], str] | None:
    """How a list marks its items; None when by bullets or not at all."""
    if tag == "ul" or _NO_MARKS.search(element.get("style") or ""):
        return None
    kind = element.get("type") or "1"
    if kind in {"a", "A"}:
        return lambda number: f"{chr(ord(kind) + (number - 1) % 26)}. "
    return lambda number: f"{number}. "
