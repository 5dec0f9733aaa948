"""Reading any document file: its content decides how, its suffix only where the content does not."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path, PurePath
from typing import Any, Final

from zhunsheng.audit.document import Document
from zhunsheng.documents.printable import printable
from zhunsheng.documents.reading.formats import Format, format_of
from zhunsheng.documents.reading.kinds import (
    DAMAGED,
    EMPTY,
    MISSING_READER,
    TOO_LARGE,
    UNREADABLE,
    WRONG_SUFFIX,
)
from zhunsheng.kernel.hashing import sha256_of
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem

Progress = Callable[[int, int], None]

MOST_BYTES: Final = 200_000_000
_CHUNK: Final = 1 << 20
_READERS: Final = {
    "txt": ("text_reader", "read_text"),
    "md": ("markdown_reader", "read_markdown"),
    "html": ("html_reader", "read_html"),
    "csv": ("csv_reader", "read_csv"),
    "xlsx": ("workbook_reader", "read_workbook"),
    "xls": ("workbook_reader", "read_workbook"),
    "docx": ("docx_reader", "read_docx"),
    "pdf": ("pdf_reader", "read_pdf"),
    "image": ("image_reader", "read_image"),
}
_WITH_OCR: Final = {"pdf"}
_WITH_PROGRESS: Final = {"pdf", "image"}


def read_document(path: Path, *, ocr: bool = True, progress: Progress | None = None) -> Document:
    """Read a file. Nothing is written, nothing is fetched, and no file makes this raise.

    Args:
        path: the file.
        ocr: whether pages without text may be recognised.
        progress: called with pages done and pages in all, where the format has pages.

    Returns:
        The document; when it cannot be read, with empty text and a problem that is an error.
    """
    # a name may hold bytes that are no text, or orders to a terminal
    name = printable(path.name)
    whole = Place(name)
    try:
        if not path.is_file():
            what = f"“{name}”是文件夹或特殊文件" if path.exists() else f"没有找到“{name}”"
            return _unread(name, "", UNREADABLE.at(whole, what))
        size = path.stat().st_size
        if size > MOST_BYTES:
            digest = _sha256_of_file(path)
            what = f"“{name}”有 {size / 1_000_000:,.0f} MB，上限 {MOST_BYTES // 1_000_000} MB"
            return _unread(name, digest, TOO_LARGE.at(whole, what))
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "文件名无效"
        return _unread(name, "", UNREADABLE.at(whole, f"“{name}”打不开（{reason}）"))
    return read_bytes(data, name, ocr=ocr, progress=progress)


def read_bytes(data: bytes, name: str, *, ocr: bool = True, progress: Progress | None = None) -> Document:
    """Read a file from its bytes; as `read_document`."""
    whole = Place(name)
    digest = sha256_of(data)
    if not data:
        return _unread(name, digest, EMPTY.at(whole, f"“{name}”是空文件，长度为 0 字节"))
    if len(data) > MOST_BYTES:
        return _unread(name, digest, TOO_LARGE.at(whole, f"“{name}”超过 {MOST_BYTES // 1_000_000} MB"))
    found = format_of(data, name)
    if found.problem is not None:
        return _unread(name, digest, found.problem)
    return _read(data, name, digest, found, ocr=ocr, progress=progress)


def _read(
    data: bytes, name: str, digest: str, found: Format, *, ocr: bool, progress: Progress | None
) -> Document:
    whole = Place(name)
    module, function = _READERS[found.name]
    options: dict[str, Any] = {}
    if found.name in _WITH_OCR:
        options["ocr"] = ocr
    if found.name in _WITH_PROGRESS:
        options["progress"] = progress
    try:
        reader = getattr(import_module(f"zhunsheng.documents.reading.{module}"), function)
    except ImportError as error:
        return _unread(name, digest, MISSING_READER.at(whole, f"缺少组件 {error.name or module}"))
    try:
        document: Document = reader(data, name, **options)
    except Exception as error:  # noqa: BLE001 - foreign bytes can break a library in any way
        what = f"“{name}”无法读取（{type(error).__name__}）"
        return replace(_unread(name, digest, DAMAGED.at(whole, what)), format=found.name)
    if found.mismatch:
        suffix = PurePath(name).suffix
        note = WRONG_SUFFIX.at(whole, f"“{name}”的后缀是 {suffix}，内容是 {found.label}", value=suffix)
        document = replace(document, problems=(*document.problems, note))
    return document


def _unread(name: str, digest: str, problem: Problem) -> Document:
    suffix = PurePath(name).suffix.lower().removeprefix(".")
    return Document(name, suffix or "unknown", digest, "", (), problems=(problem,))


def _sha256_of_file(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as source:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
