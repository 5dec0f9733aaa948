"""A copy of a PDF in which every finding is a highlight at the characters it speaks of."""

import ctypes
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

import pypdfium2 as pdfium
from pypdfium2 import raw

from zhunsheng.audit.document import Document, Span
from zhunsheng.audit.finding import Finding, FoundPlace
from zhunsheng.documents.marking.remark_words import remark_lines
from zhunsheng.documents.printable import printable
from zhunsheng.documents.reading.page_places import PrintedBox
from zhunsheng.documents.reading.pdf_frame import Frame
from zhunsheng.documents.reading.pdf_reader import PlacedDocument, read_pdf_with_places
from zhunsheng.kernel.problem import Severity

AUTHOR: Final = "准绳"
_COLOURS: Final = {
    Severity.ERROR: (255, 138, 128),
    Severity.WARNING: (255, 204, 102),
    Severity.NOTE: (158, 207, 255),
}
_PRINTED_TOO: Final = 4  # the flag that lets an annotation be printed
# points around the characters
_AROUND: Final = 0.6
_IDENTITY: Final = re.compile(
    rb"/ID\s*\[\s*(<[0-9A-Fa-f]*>|\((?:\\.|[^\\)])*\))\s*(<[0-9A-Fa-f]*>)\s*\]", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class _Remark:
    """An annotation to be: what it says, and the boxes on one page it stands at."""

    finding: Finding
    place: FoundPlace
    boxes: tuple[PrintedBox, ...]
    exact: bool


def annotated_pdf(data: bytes, document: Document, findings: Sequence[Finding], index: int = 0) -> bytes:
    """The annotated copy: the original bytes with the annotations put after them.

    Equal arguments give equal bytes, except for files that are encrypted.

    Args:
        data: the original file.
        document: what `read_pdf` made of it.
        findings: those without a place in document `index` are passed over.

    Raises:
        ValueError: `document` was not read from `data`, or the file cannot be written.
    """
    placed = read_pdf_with_places(data, document.name, ocr=bool(document.recognised))
    if placed.document.text != document.text:
        raise ValueError("the document was not read from these bytes")
    by_page: dict[int, list[_Remark]] = {}
    for remark in _remarks(placed, findings, index):
        by_page.setdefault(remark.boxes[0].page, []).append(remark)
    if not by_page:
        return data
    pdf = pdfium.PdfDocument(data)
    try:
        number = 0
        for page_number in sorted(by_page):
            page = pdf[page_number - 1]
            for remark in by_page[page_number]:
                number += 1
                _annotate(page, remark, placed.frames[page_number], number, index)
            page.close()
        return _saved(pdf, data, number)
    finally:
        pdf.close()


def _remarks(placed: PlacedDocument, findings: Sequence[Finding], index: int) -> Iterator[_Remark]:
    for finding in findings:
        for place in finding.places:
            if place.document != index:
                continue
            boxes, exact = _boxes(placed, place.span)
            pages: dict[int, list[PrintedBox]] = {}
            for box in boxes:
                if box.page in placed.frames:
                    pages.setdefault(box.page, []).append(box)
            for own in pages.values():
                yield _Remark(finding, place, tuple(own), exact)


def _boxes(placed: PlacedDocument, span: Span) -> tuple[list[PrintedBox], bool]:
    """Where a span is printed, and whether it is exactly that; else the nearest characters."""
    boxes = placed.places.boxes(span)
    if boxes:
        return boxes, True
    document = placed.document
    block = document.block_at(min(span.start, max(len(document.text) - 1, 0)))
    wider = document.blocks[block].span if block is not None else Span(0, len(document.text))
    near = sorted(range(wider.start, wider.end), key=lambda offset: abs(offset - span.start))
    for offset in near:
        boxes = placed.places.boxes(Span(offset, offset + 1))
        if boxes:
            return boxes, False
    return [], False


def _annotate(page: Any, remark: _Remark, frame: Frame, number: int, index: int) -> None:  # noqa: ANN401
    annotation = raw.FPDFPage_CreateAnnot(page.raw, raw.FPDF_ANNOT_HIGHLIGHT)
    if not annotation:
        raise ValueError("the page takes no annotation")
    try:
        red, green, blue = _COLOURS[remark.finding.severity]
        raw.FPDFAnnot_SetColor(annotation, raw.FPDFANNOT_COLORTYPE_Color, red, green, blue, 255)
        corners = [_corners(box, frame) for box in remark.boxes]
        xs = [x for four in corners for x, _ in four]
        ys = [y for four in corners for _, y in four]
        rectangle = raw.FS_RECTF(left=min(xs), top=max(ys), right=max(xs), bottom=min(ys))
        raw.FPDFAnnot_SetRect(annotation, rectangle)
        for four in corners:
            points = raw.FS_QUADPOINTSF(*(value for corner in four for value in corner))
            raw.FPDFAnnot_AppendAttachmentPoints(annotation, points)
        raw.FPDFAnnot_SetFlags(annotation, _PRINTED_TOO)
        _set(annotation, "Contents", "\r".join(map(printable, _lines(remark, index))))
        _set(annotation, "T", AUTHOR)
        _set(annotation, "Subj", f"{remark.finding.severity.label} {remark.finding.code}")
        _set(annotation, "NM", f"zhunsheng-{number:05d}")
    finally:
        raw.FPDFPage_CloseAnnot(annotation)


def _corners(box: PrintedBox, frame: Frame) -> tuple[tuple[float, float], ...]:
    """The corners of a box in the page's coordinates: upper left, upper right, lower left, lower right."""
    x0, x1 = box.x0 - _AROUND, box.x1 + _AROUND
    top, bottom = box.top - _AROUND, box.bottom + _AROUND
    return tuple(frame.own(x, y) for x, y in ((x0, top), (x1, top), (x0, bottom), (x1, bottom)))


def _set(annotation: Any, key: str, text: str) -> None:  # noqa: ANN401
    encoded = text.encode("utf-16-le", "replace") + b"\0\0"
    buffer = ctypes.create_string_buffer(encoded, len(encoded))
    raw.FPDFAnnot_SetStringValue(
        annotation, key.encode(), ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR))
    )


def _lines(remark: _Remark, index: int) -> Iterator[str]:
    astray = "" if remark.exact else "所指文字不在页面上，标在最近处"
    return remark_lines(remark.finding, remark.place, index, astray)


def _saved(pdf: Any, data: bytes, count: int) -> bytes:  # noqa: ANN401
    """The file with its annotations; a file too damaged to be added to is written anew."""
    for flags in (raw.FPDF_INCREMENTAL, raw.FPDF_NO_INCREMENTAL):
        stream = io.BytesIO()
        pdf.save(stream, flags=flags)
        made = _settled(stream.getvalue(), data)
        if _annotations(made) >= count:
            return made
    raise ValueError("the file cannot be written")


def _settled(made: bytes, data: bytes) -> bytes:
    """The file with an identity that depends on nothing but its contents.

    The first half of the identity stays where the original has it: encryption depends on it.
    """
    start = len(data) if made.startswith(data) else 0
    found = list(_IDENTITY.finditer(made, start))
    if not found:
        return made
    last = found[-1]
    digest = sha256(made[: last.start()] + made[last.end() :]).hexdigest().upper().encode()

    def settled(half: bytes) -> bytes:
        return b"<" + digest[: len(half) - 2].ljust(len(half) - 2, b"0") + b">"

    first = last[1] if _had(last[1], data) else settled(last[1])
    return (
        made[: last.start(1)]
        + first
        + made[last.end(1) : last.start(2)]
        + settled(last[2])
        + made[last.end(2) :]
    )


def _had(half: bytes, data: bytes) -> bool:
    """Whether the original has this first half of an identity, written in whichever way."""
    if half.startswith(b"("):
        return True
    digits = half[1:-1]
    plain = bytes.fromhex(digits.decode()) if len(digits) % 2 == 0 else digits
    return not digits or digits in data or digits.lower() in data or plain in data


def _annotations(made: bytes) -> int:
    """How many annotations of ours a written file holds; 0 when it cannot be read."""
    try:
        pdf = pdfium.PdfDocument(made)
    except pdfium.PdfiumError:
        return 0
    try:
        return sum(_highlights(pdf[index]) for index in range(len(pdf)))
    except pdfium.PdfiumError:
        return 0
    finally:
        pdf.close()


def _highlights(page: Any) -> int:  # noqa: ANN401
    found = 0
    for place in range(raw.FPDFPage_GetAnnotCount(page.raw)):
        annotation = raw.FPDFPage_GetAnnot(page.raw, place)
        found += raw.FPDFAnnot_GetSubtype(annotation) == raw.FPDF_ANNOT_HIGHLIGHT
        raw.FPDFPage_CloseAnnot(annotation)
    page.close()
    return found
