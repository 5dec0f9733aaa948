"""The words of a PDF page, from its text layer."""

import ctypes
import math
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import pypdfium2.raw as pdfium

from zhunsheng.documents.reading.page_content import Word
from zhunsheng.documents.reading.pdf_frame import Frame
from zhunsheng.documents.reading.pdf_spelling import MEANT

UNKNOWN: Final = "\ufffd"
_MOST_CHARACTERS: Final = 60_000
_MOST_OBJECTS: Final = 60_000
_MOST_CLIPS: Final = 12
_ASCENT, _DESCENT = 0.86, 0.14
# gaps in parts of the character size
_WORD_GAP: Final = 0.22
_STEP_BACK: Final = 0.7
_BASE_SHIFT: Final = 0.15
_SMALLER: Final = 0.88
_SAME_PLACE: Final = 0.2
_BOLD_NAMES: Final = ("bold", "heavy", "black", "hei", "黑体")
_BOLD_WEIGHT: Final = 600
_ANGLE: Final = 0.05


@dataclass(frozen=True, slots=True)
class _Clip:
    """The part of the page in which a text object shows."""

    left: float
    bottom: float
    right: float
    top: float


@dataclass(slots=True)
class _Run:
    """What all characters of one text object share."""

    size: float
    scale: float
    turns: int | None
    bold: bool
    font: Any
    plain: bool
    clip: "_Clip | None" = None
    widths: dict[str, float] = field(default_factory=dict)


class Character(NamedTuple):
    """A printed character in the page's own coordinates.

    Attributes:
        x, y: where it begins on its base line.
        advance: how far the next one is.
        turns: its direction in quarter turns anticlockwise, or None when it stands aslant.
    """

    text: str
    x: float
    y: float
    advance: float
    size: float
    turns: int | None
    bold: bool


_BLANK: Final = Character(" ", 0, 0, 0, 0, None, bold=False)


@dataclass(slots=True)
class Characters:
    """The characters of a page in the order of the file; white space has no size.

    Attributes:
        unmapped: how many characters have no text of their own.
        hidden: how many were left out because they are clipped away, such as the rest of a spreadsheet
            cell that goes on on the next page.
        cut: whether there were more than are read.
    """

    found: list[Character] = field(default_factory=list)
    unmapped: int = 0
    hidden: int = 0
    cut: bool = False


def read_characters(page: Any) -> Characters:  # noqa: ANN401 - the library has no types
    """The characters of a page's text layer."""
    text_page = page.get_textpage()
    try:
        return _Reader(text_page.raw, page.raw).read()
    finally:
        text_page.close()


class _Reader:
    def __init__(self, raw: Any, page: Any) -> None:  # noqa: ANN401
        self._raw = raw
        self._page = page
        self._top_level: set[int] | None = None
        self._runs: dict[int, _Run] = {}
        self._bold: dict[int, bool] = {}
        self._matrix = pdfium.FS_MATRIX()
        self._box = pdfium.FS_RECTF()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()

    def read(self) -> Characters:
        found = Characters()
        count = pdfium.FPDFText_CountChars(self._raw)
        found.cut = count > _MOST_CHARACTERS
        for index in range(min(count, _MOST_CHARACTERS)):
            if pdfium.FPDFText_IsGenerated(self._raw, index) == 1:
                continue
            code = pdfium.FPDFText_GetUnicode(self._raw, index)
            text = self._text(code)
            if text.isspace():
                found.found.append(_BLANK)
                continue
            run = self._run(index)
            if run is None or run.size <= 0:
                continue
            if text == UNKNOWN or pdfium.FPDFText_HasUnicodeMapError(self._raw, index) == 1:
                text = UNKNOWN
                found.unmapped += 1
            pdfium.FPDFText_GetCharOrigin(self._raw, index, self._x, self._y)
            if run.clip is not None and not _shows(run.clip, run, self._y.value):
                found.hidden += 1
                continue
            found.found.append(
                Character(
                    text,
                    self._x.value,
                    self._y.value,
                    self._advance(index, run, text),
                    run.size,
                    run.turns,
                    run.bold,
                )
            )
        return found

    @staticmethod
    def _text(code: int) -> str:
        try:
            text = chr(code)
        except (ValueError, OverflowError):
            return UNKNOWN
        if text in MEANT:
            return MEANT[text]
        if text.isspace() or text in "\u200b\u2060\ufeff":
            return " "
        # control characters, surrogates and private characters stand for no text
        outside = code < 0x20 or 0x7F <= code < 0xA0 or 0xD800 <= code < 0xF900 or code >= 0xF0000
        if outside:
            return UNKNOWN
        return unicodedata.normalize("NFKC", text) if 0xF900 <= code < 0xFB00 else text

    def _run(self, index: int) -> _Run | None:
        handle = pdfium.FPDFText_GetTextObject(self._raw, index)
        if not handle:
            return None
        key = ctypes.cast(handle, ctypes.c_void_p).value or 0
        run = self._runs.get(key)
        if run is None:
            run = self._runs[key] = self._new_run(index, handle)
        return run

    def _new_run(self, index: int, handle: Any) -> _Run:  # noqa: ANN401
        matrix = self._matrix
        pdfium.FPDFText_GetMatrix(self._raw, index, matrix)
        size = pdfium.FPDFText_GetFontSize(self._raw, index)
        font = pdfium.FPDFTextObj_GetFont(handle)
        values = (matrix.a, matrix.b, matrix.c, matrix.d, size)
        if not all(map(math.isfinite, values)):
            return _Run(0, 0, None, False, font, False)
        height = abs(size) * math.hypot(matrix.c, matrix.d)
        turns = _turns(math.atan2(matrix.b, matrix.a))
        plain = abs(matrix.b) < 1e-3 * abs(matrix.a) and matrix.a > 0
        outlined = pdfium.FPDFTextObj_GetTextRenderMode(handle) == pdfium.FPDF_TEXTRENDERMODE_FILL_STROKE
        bold = outlined or self._is_bold(font)
        scale = size * math.hypot(matrix.a, matrix.b)
        return _Run(height, scale, turns, bold, font, plain, self._clip(handle) if plain else None)

    def _clip(self, handle: Any) -> _Clip | None:  # noqa: ANN401
        """Where a text object is cut off; objects inside forms have other coordinates and are passed over."""
        clip = pdfium.FPDFPageObj_GetClipPath(handle)
        count = pdfium.FPDFClipPath_CountPaths(clip) if clip else 0
        if count <= 0 or (ctypes.cast(handle, ctypes.c_void_p).value or 0) not in self._objects():
            return None
        left = bottom = -math.inf
        right = top = math.inf
        x, y = ctypes.c_float(), ctypes.c_float()
        for index in range(min(count, _MOST_CLIPS)):
            if pdfium.FPDFClipPath_CountPathSegments(clip, index) not in {4, 5}:
                continue
            corners = []
            for corner in (0, 2):  # opposite corners of a rectangle
                segment = pdfium.FPDFClipPath_GetPathSegment(clip, index, corner)
                pdfium.FPDFPathSegment_GetPoint(segment, x, y)
                corners.append((x.value, y.value))
            (x0, y0), (x1, y1) = corners
            if x0 == x1 or y0 == y1:
                continue
            left, right = max(left, min(x0, x1)), min(right, max(x0, x1))
            bottom, top = max(bottom, min(y0, y1)), min(top, max(y0, y1))
        return None if right == math.inf else _Clip(left, bottom, right, top)

    def _objects(self) -> set[int]:
        """The addresses of the objects that stand on the page itself."""
        if self._top_level is None:
            count = min(pdfium.FPDFPage_CountObjects(self._page), _MOST_OBJECTS)
            handles = (pdfium.FPDFPage_GetObject(self._page, index) for index in range(count))
            self._top_level = {ctypes.cast(each, ctypes.c_void_p).value or 0 for each in handles}
        return self._top_level

    def _is_bold(self, font: Any) -> bool:  # noqa: ANN401
        if not font:
            return False
        key = ctypes.cast(font, ctypes.c_void_p).value or 0
        if key not in self._bold:
            buffer = ctypes.create_string_buffer(256)
            pdfium.FPDFFont_GetBaseFontName(font, buffer, 256)
            raw = buffer.value
            name = (raw.decode("utf-8", "ignore") + raw.decode("gb18030", "ignore")).lower()
            heavy = pdfium.FPDFFont_GetWeight(font) >= _BOLD_WEIGHT
            self._bold[key] = heavy or any(each in name for each in _BOLD_NAMES)
        return self._bold[key]

    def _advance(self, index: int, run: _Run, text: str) -> float:
        if run.plain:
            box = self._box
            pdfium.FPDFText_GetLooseCharBox(self._raw, index, box)
            width = box.right - box.left
            if 0 < width < 4 * run.size:
                return float(width)
        known = run.widths.get(text)
        if known is None:
            width = ctypes.c_float()
            done = run.font and pdfium.FPDFFont_GetGlyphWidth(run.font, ord(text), 1000.0, width)
            share = width.value / 1000 if done and 0 < width.value < 4000 else _usual_share(text)
            known = run.widths[text] = share
        return known * (abs(run.scale) or run.size)


def _shows(clip: _Clip, run: _Run, base: float) -> bool:
    """Whether the middle of a line lies in the part that shows."""
    middle = base + 0.35 * run.size
    return clip.bottom - 1 <= middle <= clip.top + 1


def _usual_share(text: str) -> float:
    return 0.5 if text.isascii() else 1.0


def main_turn(characters: Characters, default: int) -> int:
    """The quarter turns clockwise after which most characters stand upright."""
    votes = Counter(each.turns for each in characters.found if each.turns is not None)
    if not votes:
        return default
    most = max(votes.values())
    return default if votes[default] == most else min(turn for turn, count in votes.items() if count == most)


def _turns(angle: float) -> int | None:
    """A direction in radians as quarter turns, or None."""
    quarters = angle / (math.pi / 2)
    return round(quarters) % 4 if abs(quarters - round(quarters)) < _ANGLE else None


@dataclass(slots=True)
class _Open:
    """A word that is being put together, in upright coordinates along its own direction."""

    first: Character
    texts: list[str]
    starts: list[float]
    end: float
    base: float
    direction: int


def words(characters: Characters, frame: Frame) -> tuple[list[Word], int]:
    """The words of a page, and how many characters stand aslant and were left out."""
    found: list[Word] = []
    seen: dict[str, list[tuple[float, float]]] = {}
    slanted = 0
    open_word: _Open | None = None

    def close() -> None:
        nonlocal open_word
        if open_word is not None:
            word = _word(open_word, frame)
            if word is not None and not _again(word, seen):
                found.append(word)
        open_word = None

    for each in characters.found:
        if not each.size:
            close()
            continue
        if each.turns is None:
            slanted += 1
            close()
            continue
        direction = (each.turns - frame.turn) % 4
        along, base = _along(each, frame, direction)
        if open_word is not None and not _adjoins(open_word, each, along, base, direction):
            close()
        if open_word is None:
            open_word = _Open(each, [each.text], [along], along + each.advance, base, direction)
            continue
        if each.text == open_word.texts[-1] and abs(along - open_word.starts[-1]) < _SAME_PLACE * each.size:
            continue  # printed twice to look bold
        open_word.texts.append(each.text)
        open_word.starts.append(max(along, open_word.starts[-1]))
        open_word.end = max(along + each.advance, along)
    close()
    return found, slanted


def _along(character: Character, frame: Frame, direction: int) -> tuple[float, float]:
    """Where a character begins along its line, and where its line runs; both grow as one reads."""
    x, top = frame.upright(character.x, character.y)
    # directions count anticlockwise: 1 reads upwards, 3 downwards
    return ((x, top), (-top, x), (-x, -top), (top, -x))[direction]


def _adjoins(word: _Open, character: Character, along: float, base: float, direction: int) -> bool:
    size = max(word.first.size, character.size)
    if direction != word.direction or abs(base - word.base) > _BASE_SHIFT * size:
        return False
    if not _SMALLER < character.size / word.first.size < 1 / _SMALLER:
        return False
    gap = along - word.end
    return -_STEP_BACK * size < gap <= _WORD_GAP * size and along > word.starts[-1] - _SAME_PLACE * size


def _word(word: _Open, frame: Frame) -> Word | None:
    text = "".join(word.texts)
    size = word.first.size
    start, end = word.starts[0], max(word.end, word.starts[-1])
    if word.direction == 0:
        top, bottom = word.base - _ASCENT * size, word.base + _DESCENT * size
        x0, x1 = start, end
    elif word.direction == 1:
        x0, x1 = word.base - _ASCENT * size, word.base + _DESCENT * size
        top, bottom = -end, -start
    elif word.direction == 2:
        x0, x1 = -end, -start
        top, bottom = -word.base - _DESCENT * size, -word.base + _ASCENT * size
    else:
        x0, x1 = -word.base - _DESCENT * size, -word.base + _ASCENT * size
        top, bottom = start, end
    middle_x, middle_y = (x0 + x1) / 2, (top + bottom) / 2
    if not (0 <= middle_x <= frame.width and 0 <= middle_y <= frame.height):
        return None
    edges = (*word.starts, end) if word.direction == 0 else ()
    return Word(text, x0, top, x1, bottom, size, None, edges, word.first.bold)


def _again(word: Word, seen: dict[str, list[tuple[float, float]]]) -> bool:
    """Whether the same word stands at the same place already."""
    places = seen.setdefault(word.text, [])
    near = _SAME_PLACE * word.size
    if any(abs(x - word.x0) < near and abs(top - word.top) < near for x, top in places[-50:]):
        return True
    places.append((word.x0, word.top))
    return False


def visible(characters: Characters) -> list[str]:
    """The characters without white space."""
    return [each.text for each in characters.found if each.size]
