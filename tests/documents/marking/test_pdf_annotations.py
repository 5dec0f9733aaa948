"""Annotated PDFs: the original stays, highlights cover the figures and say what is wrong."""

import ctypes
import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pytest
import typst
from pypdfium2 import raw

from zhunsheng.audit.document import Document, Span
from zhunsheng.audit.finding import Finding, FoundPlace
from zhunsheng.documents.marking.pdf_annotations import annotated_pdf
from zhunsheng.documents.reading.pdf_reader import read_pdf
from zhunsheng.kernel.problem import Severity

SOURCE = """
#set page(width: 595pt, height: 842pt, margin: 72pt)
#set text(font: ("FandolFang R", "FandolFang", "Liberation Serif"), size: 12pt, lang: "zh")
全年收入2995.39万元，其中财政拨款收入2940.05万元，占99.79%。

#table(columns: (1fr, 1fr), [项目], [决算数], [合计], [2,946.25])
#pagebreak()
第二页又说收入2946.26万元。
"""
REMEDY = "核对合计与各项。"
Setting = Callable[[str], bytes]


@pytest.fixture
def original(font_directories: list[Path], tmp_path: Path) -> bytes:
    path = tmp_path / "source.typ"
    path.write_text(SOURCE, encoding="utf-8")
    made = typst.compile(str(path), font_paths=[str(each) for each in font_directories])
    assert isinstance(made, bytes)
    return made


def place(document: Document, text: str, note: str = "", index: int = 0) -> FoundPlace:
    start = document.text.index(text)
    return FoundPlace(index, Span(start, start + len(text)), text, note)


def finding(*places: FoundPlace, severity: Severity = Severity.ERROR) -> Finding:
    message = "合计 2,946.25 与正文 2946.26 不一致。"
    return Finding("A101", severity, Decimal(1), message, places, REMEDY, "2,946.25", "2,946.26", "-0.01")


def annotations(data: bytes) -> list[tuple[int, dict[str, str], list[tuple[float, ...]]]]:
    """Page, texts and quadrilaterals of each annotation."""
    pdf = pdfium.PdfDocument(data)
    found = []
    for number, page in enumerate(pdf, 1):
        for place in range(raw.FPDFPage_GetAnnotCount(page.raw)):
            each = raw.FPDFPage_GetAnnot(page.raw, place)
            if raw.FPDFAnnot_GetSubtype(each) != raw.FPDF_ANNOT_HIGHLIGHT:
                continue
            quads: list[tuple[float, ...]] = []
            for index in range(raw.FPDFAnnot_CountAttachmentPoints(each)):
                points = raw.FS_QUADPOINTSF()
                raw.FPDFAnnot_GetAttachmentPoints(each, index, points)
                quads.append((points.x1, points.y1, points.x2, points.y2, points.x3, points.y3))
            texts = {key: text_of(each, key) for key in ("Contents", "T", "Subj", "NM")}
            found.append((number, texts, quads))
            raw.FPDFPage_CloseAnnot(each)
    return found


def text_of(annotation: Any, key: str) -> str:
    length = raw.FPDFAnnot_GetStringValue(annotation, key.encode(), None, 0)
    buffer = ctypes.create_string_buffer(length)
    pointer = ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR))
    raw.FPDFAnnot_GetStringValue(annotation, key.encode(), pointer, length)
    return buffer.raw[: length - 2].decode("utf-16-le")


def test_every_place_is_marked_and_says_everything(original: bytes) -> None:
    document = read_pdf(original, "a.pdf")
    places = (place(document, "2,946.25", "合计"), place(document, "2946.26", "正文"))
    marked = annotations(annotated_pdf(original, document, [finding(*places)]))
    assert [page for page, _, _ in marked] == [1, 2]
    texts = marked[0][1]
    assert texts["T"] == "准绳"
    assert texts["Subj"] == "错误 A101"
    assert texts["Contents"].split("\r") == [
        "【错误】A101",
        "合计 2,946.25 与正文 2946.26 不一致。",
        "原文 2,946.25；重算 2,946.26；相差 -0.01",
        "处理办法：核对合计与各项。",
        "此处：合计",
        "另一处：正文：“2946.26”",
    ]
    assert texts["NM"] != marked[1][1]["NM"]


def test_the_highlight_covers_the_characters_and_nothing_else(original: bytes) -> None:
    document = read_pdf(original, "a.pdf")
    made = annotated_pdf(original, document, [finding(place(document, "2,946.25"))])
    before, after = (
        pdfium.PdfDocument(each)[0].render(scale=2).to_numpy().astype(int) for each in (original, made)
    )
    changed = np.argwhere((before != after).any(axis=2))
    (top, left), (bottom, right) = changed.min(axis=0) / 2, changed.max(axis=0) / 2
    # the cell's words begin 72 + 451 / 2 + 5 points from the left; eight half-width characters of 12 points
    assert left == pytest.approx(302.5, abs=2)
    assert right - left == pytest.approx(8 * 6, abs=12)
    assert 10 < bottom - top < 16
    # ink stays readable: multiplied, not painted over
    ink = before.min(axis=2) < 60
    assert (after[ink].max(axis=1) < 140).all()


def test_the_original_stays_and_the_copy_depends_on_nothing_else(original: bytes) -> None:
    document = read_pdf(original, "a.pdf")
    findings = [finding(place(document, "2940.05"), severity=each) for each in Severity]
    made = annotated_pdf(original, document, findings)
    assert made.startswith(original)
    assert made == annotated_pdf(original, document, findings)
    again = read_pdf(made, "a.pdf")
    assert (again.text, again.blocks, again.tables) == (document.text, document.blocks, document.tables)
    assert len(annotations(made)) == 3


def test_turned_pages_are_marked_at_the_characters(original: bytes) -> None:
    pdf = pdfium.PdfDocument(original)
    pdf[0].set_rotation(90)
    saved = io.BytesIO()
    pdf.save(saved)
    turned = saved.getvalue()
    document = read_pdf(turned, "a.pdf")
    upright = annotations(
        annotated_pdf(original, read_pdf(original, "a.pdf"), [finding(place(document, "2940.05"))])
    )
    made = annotations(annotated_pdf(turned, document, [finding(place(document, "2940.05"))]))
    assert made[0][2][0] == pytest.approx(upright[0][2][0], abs=0.1)


def test_places_elsewhere_or_not_printed(original: bytes) -> None:
    document = read_pdf(original, "a.pdf")
    assert annotated_pdf(original, document, []) == original
    assert annotated_pdf(original, document, [finding(place(document, "2940.05", index=1))]) == original
    blank = document.text.index("\n")
    unprinted = finding(FoundPlace(0, Span(blank, blank + 1), "\n"))
    (marked,) = annotations(annotated_pdf(original, document, [unprinted]))
    assert "所指文字不在页面上" in marked[1]["Contents"]


def test_another_file_is_refused(original: bytes) -> None:
    document = Document("a.pdf", "pdf", "", "别的文字", ())
    with pytest.raises(ValueError, match="not read from these bytes"):
        annotated_pdf(original, document, [])
