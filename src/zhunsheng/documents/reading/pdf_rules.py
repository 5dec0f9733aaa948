"""The ruling lines of a PDF page, from the paths it draws."""

import ctypes
import math
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

import pypdfium2.raw as pdfium

from zhunsheng.documents.reading.page_content import Rule
from zhunsheng.documents.reading.pdf_frame import Frame

_MOST_OBJECTS: Final = 60_000
_MOST_SEGMENTS: Final = 20_000
_MOST_NESTED: Final = 8
# a filled box no thicker than this is a line
_THICKEST: Final = 3.2
_STRAIGHT: Final = 0.6

_Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Final[_Matrix] = (1, 0, 0, 1, 0, 0)


@dataclass(slots=True)
class Drawing:
    """What a page draws besides text.

    Attributes:
        rules: its ruling lines.
        image_share: the largest part of the page that one image covers, 0 to 1.
        paths: number of paths.
        images: number of images.
    """

    rules: list[Rule] = field(default_factory=list)
    image_share: float = 0.0
    paths: int = 0
    images: int = 0


def read_drawing(page: Any, frame: Frame) -> Drawing:  # noqa: ANN401 - the library has no types
    """The ruling lines and images of a page."""
    reader = _Reader(frame)
    reader.objects(page.raw, _IDENTITY, 0)
    return reader.found


class _Reader:
    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self.found = Drawing()
        self._left = _MOST_OBJECTS
        self._matrix = pdfium.FS_MATRIX()
        self._floats = [ctypes.c_float() for _ in range(4)]

    def objects(self, holder: Any, matrix: _Matrix, depth: int) -> None:  # noqa: ANN401
        count_of = pdfium.FPDFFormObj_CountObjects if depth else pdfium.FPDFPage_CountObjects
        object_at = pdfium.FPDFFormObj_GetObject if depth else pdfium.FPDFPage_GetObject
        count = count_of(holder)
        for index in range(max(count, 0)):
            if self._left <= 0:
                return
            self._left -= 1
            each = object_at(holder, index)
            kind = pdfium.FPDFPageObj_GetType(each)
            if kind == pdfium.FPDF_PAGEOBJ_PATH:
                self.found.paths += 1
                self._path(each, matrix)
            elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
                self._image(each, matrix)
            elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _MOST_NESTED:
                self.objects(each, self._own_matrix(each, matrix), depth + 1)

    def _own_matrix(self, each: Any, outer: _Matrix) -> _Matrix:  # noqa: ANN401
        found = self._matrix
        if not pdfium.FPDFPageObj_GetMatrix(each, found):
            return outer
        return _times((found.a, found.b, found.c, found.d, found.e, found.f), outer)

    def _bounds(self, each: Any, matrix: _Matrix) -> Rule | None:  # noqa: ANN401
        left, bottom, right, top = self._floats
        if not pdfium.FPDFPageObj_GetBounds(each, left, bottom, right, top):
            return None
        corners = [(left.value, bottom.value), (right.value, top.value)]
        if not all(math.isfinite(value) for corner in corners for value in corner):
            return None
        return self._box([_applied(matrix, *corner) for corner in corners])

    def _box(self, points: list[tuple[float, float]]) -> Rule:
        placed = [self._frame.upright(x, y) for x, y in points]
        xs, tops = [x for x, _ in placed], [top for _, top in placed]
        return Rule(min(xs), min(tops), max(xs), max(tops))

    def _image(self, each: Any, matrix: _Matrix) -> None:  # noqa: ANN401
        self.found.images += 1
        box = self._bounds(each, matrix)
        if box is None:
            return
        area = self._frame.width * self._frame.height
        width = min(box.x1, self._frame.width) - max(box.x0, 0)
        height = min(box.bottom, self._frame.height) - max(box.top, 0)
        if area > 0 and width > 0 and height > 0:
            self.found.image_share = max(self.found.image_share, width * height / area)

    def _path(self, each: Any, matrix: _Matrix) -> None:  # noqa: ANN401
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        if not pdfium.FPDFPath_GetDrawMode(each, fill, stroke):
            return
        if not fill.value and not stroke.value:
            return
        box = self._bounds(each, matrix)
        if box is None or not self._on_page(box):
            return
        width, height = box.x1 - box.x0, box.bottom - box.top
        if min(width, height) <= _THICKEST:
            self._put(box)
            return
        segments = pdfium.FPDFPath_CountSegments(each)
        if segments <= 0 or segments > _MOST_SEGMENTS:
            return
        self._left -= segments // 8
        own = self._own_matrix(each, matrix)
        for points, curved in self._subpaths(each, segments, own):
            if not curved:
                self._subpath(points, stroked=bool(stroke.value))

    def _subpath(self, points: list[tuple[float, float]], *, stroked: bool) -> None:
        box = self._box(points)
        if min(box.x1 - box.x0, box.bottom - box.top) <= _THICKEST:
            if self._on_page(box):
                self._put(box)
            return
        if not stroked:
            return
        for before, after in pairwise(points):
            side = self._box([before, after])
            if min(side.x1 - side.x0, side.bottom - side.top) <= _STRAIGHT and self._on_page(side):
                self._put(side)

    @staticmethod
    def _subpaths(
        each: Any,  # noqa: ANN401
        count: int,
        matrix: _Matrix,
    ) -> list[tuple[list[tuple[float, float]], bool]]:
        found: list[tuple[list[tuple[float, float]], bool]] = []
        points: list[tuple[float, float]] = []
        curved = False
        x, y = ctypes.c_float(), ctypes.c_float()
        for index in range(count):
            segment = pdfium.FPDFPath_GetPathSegment(each, index)
            kind = pdfium.FPDFPathSegment_GetType(segment)
            pdfium.FPDFPathSegment_GetPoint(segment, x, y)
            if not (math.isfinite(x.value) and math.isfinite(y.value)):
                return []
            if kind == pdfium.FPDF_SEGMENT_MOVETO:
                if len(points) > 1:
                    found.append((points, curved))
                points, curved = [], False
            curved = curved or kind == pdfium.FPDF_SEGMENT_BEZIERTO
            points.append(_applied(matrix, x.value, y.value))
            if pdfium.FPDFPathSegment_GetClose(segment) and len(points) > 2:
                points.append(points[0])
        if len(points) > 1:
            found.append((points, curved))
        return found

    def _on_page(self, box: Rule) -> bool:
        return (
            box.x1 >= -1
            and box.bottom >= -1
            and box.x0 <= self._frame.width + 1
            and box.top <= self._frame.height + 1
        )

    def _put(self, box: Rule) -> None:
        self.found.rules.append(box)


def _times(inner: _Matrix, outer: _Matrix) -> _Matrix:
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )


def _applied(matrix: _Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f
