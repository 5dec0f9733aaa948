"""Reading pictures (scans, photographs) for the audit: every page is recognised."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from zhunsheng.audit.document import Document
from zhunsheng.documents.reading.image_kinds import (
    COARSE,
    CUT_OFF,
    DAMAGED,
    EMPTY,
    NO_RECOGNITION,
    RECOGNISED,
    TOO_LARGE,
)
from zhunsheng.documents.reading.image_pages import (
    MOST_FRAMES,
    MOST_PIXELS,
    Frame,
    PictureError,
    PictureFile,
    PictureSizeError,
)
from zhunsheng.documents.reading.page_content import PageContent
from zhunsheng.documents.reading.page_layout import compose_pages
from zhunsheng.documents.reading.recognition import recognise_page
from zhunsheng.documents.reading.recognition_models import RecognitionMissingError
from zhunsheng.kernel.hashing import sha256_of
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem

Progress = Callable[[int, int], None]

_FORMAT: Final = "image"
# digits of fewer pixels are often taken for each other
_FEWEST_PIXELS: Final = 18
_LISTED: Final = 12
_UNSURE: Final = 0.8
_DIGITS: Final = frozenset("0123456789")


def read_image(data: bytes, name: str, *, progress: Progress | None = None) -> Document:
    """Read a picture file; each picture of a TIFF file is a page.

    Whatever goes wrong is a problem of the document. Every character counts as recognised.

    Args:
        data: the file.
        name: its name, for messages.
        progress: called with pages done and pages in all.
    """
    whole = Place(name)
    digest = sha256_of(data)

    def unread(problem: Problem) -> Document:
        return Document(name, _FORMAT, digest, "", (), problems=(problem,))

    try:
        file = PictureFile(data)
        reading = _Reading(whole, file.frames)
        for number, frame in enumerate(file.pages(), start=1):
            reading.take(number, frame)
            if progress is not None:
                progress(min(number, file.frames), file.frames)
    except PictureSizeError as error:
        return unread(_too_large(whole, f"“{name}”{error}"))
    except PictureError as error:
        return unread(DAMAGED.at(whole, f"“{name}”不能打开：{error}"))
    except RecognitionMissingError as error:
        return unread(NO_RECOGNITION.at(whole, f"缺少组件 {error}"))
    if file.moving:
        reading.problems.append(CUT_OFF.at(whole, f"“{name}”是动画，只读取了第一幅"))
    return compose_pages(reading.pages, name, _FORMAT, digest, reading.all_problems())


@dataclass(slots=True)
class _Reading:
    """What was found while reading the pages of a file."""

    whole: Place
    count: int
    pages: list[PageContent] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    coarse: list[int] = field(default_factory=list)

    def take(self, number: int, frame: Frame | PictureError) -> None:
        """Read one page, or note why it cannot be read."""
        which = f"“{self.whole.file}”" + (f"第 {number} 页" if self.count > 1 else "")
        if isinstance(frame, PictureSizeError):
            self.problems.append(_too_large(self.whole, f"{which}{frame}"))
        elif isinstance(frame, PictureError):
            self.problems.append(DAMAGED.at(self.whole, f"{which}不能读取：{frame}"))
        else:
            page = recognise_page(frame.picture, number, frame.width, frame.height)
            self.pages.append(page)
            if page.words and _height_of_type(page, frame) < _FEWEST_PIXELS:
                self.coarse.append(number)

    def all_problems(self) -> tuple[Problem, ...]:
        """What is to be said about the file."""
        found = list(self.problems)
        if self.count > MOST_FRAMES:
            what = f"“{self.whole.file}”共 {self.count} 页，读取了前 {MOST_FRAMES} 页"
            found.append(CUT_OFF.at(self.whole, what, value=self.count))
        if any(page.words for page in self.pages):
            found.append(self._recognised())
        elif not found:
            found.append(EMPTY.at(self.whole, f"“{self.whole.file}”共 {len(self.pages)} 页，没有文字"))
        if self.coarse:
            listed = "、".join(str(number) for number in self.coarse[:_LISTED])
            what = f"第 {listed} 页{'等' if len(self.coarse) > _LISTED else ''}的多数文字不足 {_FEWEST_PIXELS} 像素高"
            found.append(COARSE.at(self.whole, what, value=len(self.coarse)))
        return tuple(found)

    def _recognised(self) -> Problem:
        sure = [
            word.confidence or 0.0
            for page in self.pages
            for word in page.words
            if not _DIGITS.isdisjoint(word.text)
        ]
        unsure = sum(each < _UNSURE for each in sure)
        more = f"，其中 {unsure} 段把握较低" if unsure else ""
        return RECOGNISED.at(self.whole, f"含数字的文字有 {len(sure)} 段{more}", value=len(sure))


def _height_of_type(page: PageContent, frame: Frame) -> float:
    """Size in pixels of the type of the middle word, words ordered by size."""
    sizes = sorted(word.size for word in page.words)
    return sizes[len(sizes) // 2] * frame.dots / 72


def _too_large(whole: Place, what: str) -> Problem:
    return TOO_LARGE.at(whole, f"{what}，上限 {MOST_PIXELS // 10_000:,} 万像素")
