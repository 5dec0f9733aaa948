"""An audit as one web page: the original with every figure of a finding marked, the findings beside it."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from itertools import pairwise

from jinja2 import Environment, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from zhunsheng import __version__
from zhunsheng.audit.audit_data import finding_key
from zhunsheng.audit.auditing import Audit
from zhunsheng.audit.document import BlockKind, Cell, Document, Span, Table
from zhunsheng.audit.finding import Finding
from zhunsheng.kernel.problem import Severity

_CELL = {True: Markup("<th{}>{}</th>"), False: Markup("<td{}>{}</td>")}
_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


@dataclass(frozen=True, slots=True)
class Marked:
    """A place to mark: its characters and the findings that name it."""

    span: Span
    findings: tuple[int, ...]
    severity: Severity
    anchors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """A block of the original as the page shows it."""

    kind: str
    html: Markup
    page: int | None


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _template(name: str) -> str:
    return (resources.files("zhunsheng.documents") / "templates" / name).read_text(encoding="utf-8")


def audit_page(audit: Audit) -> str:
    """The page: one self-contained file, no script, no request to any host."""
    documents = []
    for index, reading in enumerate(audit.readings):
        marks = _marks(audit, index)
        documents.append({"reading": reading, "index": index, "blocks": _blocks(reading.document, marks)})
    return (
        _environment()
        .from_string(_template("audit.html.j2"))
        .render(
            audit=audit,
            documents=documents,
            keys=[finding_key(audit, finding) for finding in audit.findings],
            places=_place_words(audit),
            counts={
                severity: sum(each.severity is severity for each in audit.findings) for severity in Severity
            },
            version=__version__,
            style=_template("audit.css"),
        )
    )


def marked_original(audit: Audit, index: int = 0) -> Markup:
    """The original of one document with its marks, as a fragment for a page of somebody else.

    A mark links to `#f` and the number of its finding; the place of a finding carries `p`, that number, a
    hyphen and the number of the place as its id.
    """
    reading = audit.readings[index]
    shown: list[Markup] = []
    page: int | None = None
    for block in _blocks(reading.document, _marks(audit, index)):
        if page is not None and block.page is not None and block.page != page:
            shown.append(Markup('<p class="page">第 {} 页</p>').format(block.page))
        page = block.page if block.page is not None else page
        own = block.kind == BlockKind.TABLE.value
        shown.append(block.html if own else Markup('<p class="{}">{}</p>').format(block.kind, block.html))
    return Markup("\n").join(shown)


def _place_words(audit: Audit) -> list[list[str]]:
    words = []
    for finding in audit.findings:
        lines = []
        for place in finding.places:
            document = audit.readings[place.document].document
            page = document.page_at(place.span.start)
            line = document.text.count("\n", 0, place.span.start) + 1
            where = f"第 {page} 页" if page is not None else f"第 {line} 行"
            lines.append(f"{document.name} {where}" if len(audit.readings) > 1 else where)
        words.append(lines)
    return words


def _marks(audit: Audit, index: int) -> list[Marked]:
    """The marked stretches of a document, cut where they overlap."""
    named: list[tuple[Span, int, int, Finding]] = [
        (place.span, number, position, finding)
        for number, finding in enumerate(audit.findings)
        for position, place in enumerate(finding.places)
        if place.document == index and len(place.span)
    ]
    edges = sorted({edge for span, *_ in named for edge in (span.start, span.end)})
    named.sort(key=lambda each: each[0])
    found = []
    open_places: list[tuple[Span, int, int, Finding]] = []
    begun = 0
    for start, end in pairwise(edges):
        piece = Span(start, end)
        while begun < len(named) and named[begun][0].start <= start:
            open_places.append(named[begun])
            begun += 1
        open_places = [each for each in open_places if each[0].end > start]
        covering = list(open_places)
        if covering:
            found.append(
                Marked(
                    piece,
                    tuple(number for _, number, _, _ in covering),
                    min((finding.severity for *_, finding in covering), key=_RANK.__getitem__),
                    tuple(
                        f"p{number}-{position}"
                        for span, number, position, _ in covering
                        if span.start == start
                    ),
                )
            )
    return found


def _blocks(document: Document, marks: list[Marked]) -> list[ShownBlock]:
    shown = []
    for block in document.blocks:
        if block.kind is BlockKind.TABLE and block.table is not None:
            html = _table(document, document.tables[block.table], marks)
        else:
            html = _inline(document, block.span, marks)
        shown.append(ShownBlock(block.kind.value, html, block.page))
    return shown


def _within(marks: Sequence[Marked], span: Span) -> Sequence[Marked]:
    """The marks that fall into a span; marks are in order and apart."""
    first = bisect_right(marks, span.start, key=lambda mark: mark.span.end)
    last = first
    while last < len(marks) and marks[last].span.start < span.end:
        last += 1
    return marks[first:last]


def _inline(document: Document, span: Span, marks: Sequence[Marked]) -> Markup:
    """The characters of a span with the marks that fall into it."""
    pieces: list[Markup] = []
    position = span.start
    for mark in _within(marks, span):
        start, end = max(mark.span.start, span.start), min(mark.span.end, span.end)
        pieces.append(escape(document.text[position:start]))
        anchors = Markup("").join(
            Markup('<span id="{}" class="anchor"></span>').format(anchor) for anchor in mark.anchors
        )
        pieces.append(
            Markup('<a href="#f{}">{}<mark class="{}" title="问题 {}">{}</mark></a>').format(
                mark.findings[0],
                anchors,
                mark.severity.value,
                "、".join(str(number + 1) for number in mark.findings),
                document.text[start:end],
            )
        )
        position = end
    pieces.append(escape(document.text[position : span.end]))
    return Markup("").join(pieces)


def _table(document: Document, table: Table, marks: list[Marked]) -> Markup:
    rows: dict[int, list[Cell]] = {}
    for cell in table.cells:
        rows.setdefault(cell.row, []).append(cell)
    relevant = _within(marks, table.span)
    lines = []
    for row in range(table.rows):
        cells = []
        for cell in sorted(rows.get(row, []), key=lambda each: each.column):
            merged = Markup("")
            if cell.row_span > 1:
                merged += Markup(' rowspan="{}"').format(cell.row_span)
            if cell.column_span > 1:
                merged += Markup(' colspan="{}"').format(cell.column_span)
            cells.append(_CELL[cell.header].format(merged, _inline(document, cell.span, relevant)))
        lines.append(Markup("<tr>{}</tr>").format(Markup("").join(cells)))
    return Markup('<div class="wide"><table>{}</table></div>').format(Markup("").join(lines))
