"""Reading a PDF for the audit."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import pairwise
from typing import Any, Final

import pypdfium2 as pdfium
from pypdfium2 import raw

from zhunsheng.audit.document import Document
from zhunsheng.documents.reading.page_content import PageContent
from zhunsheng.documents.reading.page_layout import compose_with_places
from zhunsheng.documents.reading.page_places import Places
from zhunsheng.documents.reading.pdf_characters import UNKNOWN, main_turn, read_characters, visible, words
from zhunsheng.documents.reading.pdf_frame import Frame
from zhunsheng.documents.reading.pdf_guard import swells
from zhunsheng.documents.reading.pdf_kinds import (
    ACTIVE,
    CUT_OFF,
    DAMAGED,
    EMPTY,
    GARBLED,
    NO_RECOGNITION,
    NO_TEXT,
    PAGE_DAMAGED,
    PARTLY_GARBLED,
    PROTECTED,
    RECOGNISED,
    SLANTED,
    SWELLS,
)
from zhunsheng.documents.reading.pdf_quality import is_garbled
from zhunsheng.documents.reading.pdf_rules import Drawing, read_drawing
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Problem

Progress = Callable[[int, int], None]

_FORMAT: Final = "pdf"
_MOST_PAGES: Final = 3_000
_MOST_CHARACTERS: Final = 3_000_000
_MOST_RECOGNISED: Final = 500
_PASSWORD: Final = {4, 5}  # of the library: wrong password, unknown protection
# points: a page smaller or larger than this is none
_SMALLEST, _LARGEST = 20.0, 14_400.0
# a picture that fills the page, with hardly any words beside it, is a scan
_SCAN_SHARE: Final = 0.6
_SCAN_WORDS: Final = 30
_DRAWN_PATHS: Final = 40
_PICTURE_SHARE: Final = 0.02
# resolution for recognition, and the most pixels on one side
_DOTS: Final = 216
_MOST_PIXELS: Final = 4_200
_LISTED: Final = 12


@dataclass(slots=True)
class _State:
    """What was found while reading; pages by number."""

    pages: list[PageContent] = field(default_factory=list)
    frames: dict[int, Frame] = field(default_factory=dict)
    without_text: list[int] = field(default_factory=list)
    garbled: list[int] = field(default_factory=list)
    recognised: list[int] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)
    damaged: list[int] = field(default_factory=list)
    slanted: list[int] = field(default_factory=list)
    partly: list[int] = field(default_factory=list)
    cut: list[int] = field(default_factory=list)
    unread_from: int = 0
    characters: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PlacedDocument:
    """A document with where each of its characters is printed.

    Attributes:
        frames: for each page read, the way from places of the upright page to the page's own coordinates.
    """

    document: Document
    places: Places
    frames: dict[int, Frame]


def read_pdf(data: bytes, name: str, *, ocr: bool = True, progress: Progress | None = None) -> Document:
    """Read a PDF.

    Whatever goes wrong is a problem of the document: one that cannot be read at all has no text and an
    ERROR. Nothing in the file is run or fetched.

    Args:
        data: the file.
        name: its name, for messages.
        ocr: whether pages without text, or whose text is garbled, are recognised from their picture.
        progress: called with pages done and pages in all.
    """
    return read_pdf_with_places(data, name, ocr=ocr, progress=progress).document


def read_pdf_with_places(
    data: bytes, name: str, *, ocr: bool = True, progress: Progress | None = None
) -> PlacedDocument:
    """As `read_pdf`, with where each character of the text is printed."""
    place = Place(name)
    try:
        pdf = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) in _PASSWORD:
            return _unread(data, name, PROTECTED.at(place, f"“{name}”设有打开密码，或用证书加密"))
        return _unread(data, name, DAMAGED.at(place, f"“{name}”的结构不完整"))
    try:
        count = len(pdf)
        if count <= 0:
            return _unread(data, name, DAMAGED.at(place, f"“{name}”中没有页面"))
        if swells(_plain(pdf, data)):
            return _unread(data, name, SWELLS.at(place, f"“{name}”的内容展开后超过读取上限"))
        state = _State()
        _read_pages(pdf, count, state, ocr=ocr, progress=progress)
        active = _active(pdf)
    finally:
        pdf.close()
    problems = _problems(state, place, count, active)
    document, places = compose_with_places(
        state.pages, name, _FORMAT, sha256(data).hexdigest(), problems, page_count=count
    )
    if not document.text and not problems:
        document, places = compose_with_places(
            (), name, _FORMAT, document.sha256, (EMPTY.at(place, f"“{name}”各页都是空白"),), page_count=count
        )
    return PlacedDocument(document, places, state.frames)


def _plain(pdf: Any, data: bytes) -> bytes:  # noqa: ANN401
    """The file without encryption, so that its streams can be looked at."""
    if raw.FPDF_GetSecurityHandlerRevision(pdf.raw) < 0:
        return data
    stream = io.BytesIO()
    pdf.save(stream, flags=raw.FPDF_REMOVE_SECURITY)
    return stream.getvalue()


def _unread(data: bytes, name: str, problem: Problem) -> PlacedDocument:
    document = Document(name, _FORMAT, sha256(data).hexdigest(), "", (), problems=(problem,))
    return PlacedDocument(document, Places(), {})


def _read_pages(pdf: Any, count: int, state: _State, *, ocr: bool, progress: Progress | None) -> None:  # noqa: ANN401
    for index in range(count):
        if index >= _MOST_PAGES or state.characters > _MOST_CHARACTERS:
            state.unread_from = index + 1
            break
        try:
            page = pdf[index]
        except pdfium.PdfiumError:
            state.damaged.append(index + 1)
            continue
        try:
            _read_page(page, index + 1, state, ocr=ocr)
        except pdfium.PdfiumError:
            state.damaged.append(index + 1)
        finally:
            page.close()
        if progress is not None:
            progress(index + 1, count)


def _read_page(page: Any, number: int, state: _State, *, ocr: bool) -> None:  # noqa: ANN401
    left, bottom, right, top = page.get_cropbox()
    default = (page.get_rotation() // 90) % 4
    plain = Frame(left, bottom, right, top, default)
    if not (_SMALLEST <= plain.width <= _LARGEST and _SMALLEST <= plain.height <= _LARGEST):
        state.damaged.append(number)
        return
    characters = read_characters(page)
    state.characters += len(characters.found)
    if characters.cut:
        state.cut.append(number)
    frame = Frame(left, bottom, right, top, main_turn(characters, default))
    drawing = read_drawing(page, frame)
    printed = visible(characters)
    garbled = is_garbled(printed, characters.unmapped)
    if garbled or _is_scan(len(printed), drawing):
        if _recognise(page, number, plain, state, ocr=ocr):
            return
        if garbled:
            state.garbled.append(number)
            return
        if not printed:
            if _shows_something(page):
                state.without_text.append(number)
            return
    found, slanted = words(characters, frame)
    if slanted:
        state.slanted.append(number)
    if any(UNKNOWN in word.text for word in found):
        state.partly.append(number)
    state.frames[number] = frame
    state.pages.append(PageContent(number, frame.width, frame.height, tuple(found), tuple(drawing.rules)))


def _is_scan(printed: int, drawing: Drawing) -> bool:
    """Whether what a page says is mostly in a picture, or in outlines of characters."""
    if printed:
        return printed < _SCAN_WORDS and drawing.image_share >= _SCAN_SHARE
    return drawing.image_share >= _PICTURE_SHARE or drawing.paths >= _DRAWN_PATHS


def _recognise(page: Any, number: int, frame: Frame, state: _State, *, ocr: bool) -> bool:  # noqa: ANN401
    """Read a page from its picture; answers with whether that was done."""
    if not ocr or not _shows_something(page):
        return False
    if len(state.recognised) >= _MOST_RECOGNISED:
        state.failed.append(number)
        state.reason = f"一次最多识别 {_MOST_RECOGNISED} 页"
        return False
    try:
        from zhunsheng.documents.reading.recognition import recognise_page  # noqa: PLC0415 - loads slowly

        picture = _picture(page, frame, _DOTS)
        content = recognise_page(picture, number, frame.width, frame.height)
    except Exception as error:  # noqa: BLE001 - a picture can break a network or a library in any way
        state.failed.append(number)
        state.reason = state.reason or f"文字识别出错（{type(error).__name__}）"
        return False
    turn = (frame.turn + content.turned) % 4
    state.frames[number] = Frame(frame.left, frame.bottom, frame.right, frame.top, turn)
    state.recognised.append(number)
    state.pages.append(content)
    return True


def _picture(page: Any, frame: Frame, dots: float) -> Any:  # noqa: ANN401
    """The page as red, green and blue values by row and column, as it is turned for reading."""
    scale = min(dots / 72, _MOST_PIXELS / max(frame.width, frame.height))
    bitmap = page.render(scale=scale, rev_byteorder=True, may_draw_forms=False, prefer_bgrx=False)
    try:
        return bitmap.to_numpy()[:, :, :3].copy()
    finally:
        bitmap.close()


def _shows_something(page: Any) -> bool:  # noqa: ANN401
    """Whether a page is not blank, seen from far."""
    width, height = page.get_size()
    bitmap = page.render(scale=200 / max(width, height, 1), grayscale=True, may_draw_forms=False)
    try:
        picture = bitmap.to_numpy()
        return bool(int(picture.max()) - int(picture.min()) > 24)
    finally:
        bitmap.close()


def _active(pdf: Any) -> list[str]:  # noqa: ANN401
    """What of a file could act, in Chinese."""
    scripts = raw.FPDFDoc_GetJavaScriptActionCount(pdf.raw)
    attachments = raw.FPDFDoc_GetAttachmentCount(pdf.raw)
    found = [f"{scripts} 段脚本"] if scripts > 0 else []
    return [*found, f"{attachments} 个附件"] if attachments > 0 else found


def _problems(state: _State, place: Place, count: int, active: list[str]) -> tuple[Problem, ...]:
    found: list[Problem] = []

    def report(kind: Kind, pages: Sequence[int], what: str) -> None:
        if pages:
            found.append(kind.at(place, f"{_listed(pages)}{what}", value=len(pages)))

    if state.unread_from:
        read = state.unread_from - 1
        found.append(CUT_OFF.at(place, f"共 {count} 页，读取了前 {read} 页", value=count))
    report(CUT_OFF, state.cut, "的文字过多，只读取了一部分")
    report(PAGE_DAMAGED, state.damaged, "已损坏或尺寸异常")
    failed = set(state.failed)
    report(GARBLED, [each for each in state.garbled if each not in failed], "取出的文字是乱码")
    report(NO_TEXT, [each for each in state.without_text if each not in failed], "没有文字，只有图像")
    report(NO_RECOGNITION, state.failed, f"：{state.reason}")
    report(RECOGNISED, state.recognised, "经文字识别读取")
    report(PARTLY_GARBLED, state.partly, "有个别字符没有对应的文字")
    report(SLANTED, state.slanted, "有斜排的文字")
    if active:
        found.append(ACTIVE.at(place, f"“{place.file}”带有 {'、'.join(active)}"))
    return tuple(found)


def _listed(pages: Sequence[int]) -> str:
    """Page numbers as people write them.

    >>> _listed([1, 2, 3, 5])
    '第 1-3、5 页'
    """
    runs: list[tuple[int, int]] = []
    ordered = sorted(set(pages))
    start = ordered[0]
    for before, after in pairwise([*ordered, ordered[-1] + 2]):
        if after != before + 1:
            runs.append((start, before))
            start = after
    shown = [f"{first}-{last}" if last > first else str(first) for first, last in runs[:_LISTED]]
    more = f"等共 {len(ordered)} 页" if len(runs) > _LISTED else " 页"
    return f"第 {'、'.join(shown)}{more}"
