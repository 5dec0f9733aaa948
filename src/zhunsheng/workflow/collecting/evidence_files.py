"""What an uploaded file is, seen from its content; what may not be kept is refused before it is kept.

Nothing is unpacked or interpreted: only signatures, the directory of a package and a few bytes are looked at.
"""

import codecs
import re
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem
from zhunsheng.workflow.collecting import kinds
from zhunsheng.workflow.collecting.file_names import safe_name

LARGEST: Final = 50_000_000
MOST: Final = 20
_CHUNK: Final = 1_000_000

_PICTURES: Final = {b"\x89PNG\r\n\x1a\n": (".png",), b"\xff\xd8\xff": (".jpg", ".jpeg"), b"GIF8": (".gif",)}
_OLE: Final = bytes.fromhex("D0CF11E0A1B11AE1")
_OLE_STREAMS: Final = {
    "WordDocument": (".doc", ".wps"),
    "Workbook": (".xls", ".et"),
    "PowerPoint Document": (".ppt", ".dps"),
}
_OLE_MACROS: Final = "_VBA_PROJECT".encode("utf-16-le")
_PACKAGES: Final = {
    "word/document.xml": (".docx",),
    "xl/workbook.xml": (".xlsx",),
    "ppt/presentation.xml": (".pptx",),
    "ofd.xml": (".ofd",),
}
_MACRO_PARTS: Final = ("vbaproject", "vbadata", "/macrosheets/", "/activex/", "/ctrlprops/")
_TEXTS: Final = (".txt", ".csv", ".md")
_MARKUP: Final = re.compile(rb"^(\xef\xbb\xbf)?\s*(<|#!|@echo)", re.IGNORECASE)
_MOST_MEMBERS: Final = 5_000
_LARGEST_DIRECTORY: Final = 2_000_000
_LARGEST_EXPANDED: Final = 500_000_000
_RATIO: Final = 200
_RATIO_FROM: Final = 1_000_000
_LARGEST_TYPES: Final = 1_000_000
_END: Final = b"PK\x05\x06"
_END_SIZE: Final = 22


@dataclass(frozen=True, slots=True)
class Recognised:
    """A file that may be kept, under a name that is safe and fits its content."""

    name: str


def recognise(stream: BinaryIO, name: str, size: int) -> Recognised | Problem:
    """What a file is, or why it is not taken.

    Args:
        stream: can be sought in.
        name: as the sender gave it; only its ending for plain text is believed.
        size: in bytes.
    """
    shown = safe_name(name)
    place = Place(shown)
    if size == 0:
        return kinds.EMPTY_FILE.at(place, f"“{shown}”的长度为 0")
    if size > LARGEST:
        return kinds.TOO_LARGE.at(place, f"“{shown}”有 {size / 1_000_000:,.1f} MB")
    stream.seek(0)
    beginning = stream.read(1024)
    if beginning.startswith(b"%PDF-"):
        return _named(name, (".pdf",))
    for signature, endings in _PICTURES.items():
        if beginning.startswith(signature):
            return _named(name, endings)
    if beginning.startswith(b"PK"):
        return _package(stream, name, place)
    if beginning.startswith(_OLE):
        return _old_office(stream, name, place)
    return _text(stream, name, place)


def _named(name: str, endings: tuple[str, ...]) -> Recognised:
    fitting = next((each for each in endings if name.lower().endswith(each)), endings[0])
    return Recognised(safe_name(name, fitting))


def _package(stream: BinaryIO, name: str, place: Place) -> Recognised | Problem:
    if (why := _unsafe_directory(stream)) is not None:
        return kinds.BOMB.at(place, f"“{place.file}”{why}")
    try:
        stream.seek(0)
        with zipfile.ZipFile(stream) as package:
            for problem in _oddities(package, place):
                return problem
            names = {each.lower() for each in package.namelist()}
            endings = next((found for part, found in _PACKAGES.items() if part in names), None)
            if endings is None:
                what = f"“{place.file}”是压缩包或其他格式；请逐个上传其中的文件"
                return kinds.NOT_ACCEPTED.at(place, what)
            if _has_macros(package, names) or name.lower().endswith(
                (".docm", ".xlsm", ".pptm", ".xlam", ".dotm")
            ):
                return kinds.MACRO.at(place, f"“{place.file}”带有宏或控件")
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, KeyError, NotImplementedError, RuntimeError):
        return kinds.DAMAGED.at(place, f"“{place.file}”的压缩内容已损坏、不完整或设有密码")
    return _named(name, endings)


def _unsafe_directory(stream: BinaryIO) -> str | None:
    """Why not even the directory of a package may be read; its size stands in the record at the end."""
    stream.seek(0, 2)
    size = stream.tell()
    stream.seek(max(size - 65_557, 0))
    tail = stream.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_SIZE:
        return None  # damaged; said so when it is opened
    _, _, _, members, length = struct.unpack_from("<HHHHI", tail, at + 4)
    if members > _MOST_MEMBERS:
        return f"内有 {members:,} 个部分，上限 {_MOST_MEMBERS:,} 个"
    return f"的目录有 {length:,} 字节" if length > _LARGEST_DIRECTORY else None


def _oddities(package: zipfile.ZipFile, place: Place) -> Iterator[Problem]:
    members = package.infolist()
    total = sum(each.file_size for each in members)
    if total > _LARGEST_EXPANDED:
        yield kinds.BOMB.at(place, f"“{place.file}”展开后有 {total / 1_000_000:,.0f} MB，上限 500 MB")
    if len({each.filename for each in members}) < len(members):
        yield kinds.BOMB.at(place, f"“{place.file}”内有重名的部分")
    for each in members:
        ratio = each.file_size / max(each.compress_size, 1)
        if each.file_size > _RATIO_FROM and ratio > _RATIO:
            yield kinds.BOMB.at(place, f"“{place.file}”中有一部分的压缩比为 {ratio:,.0f}，上限 {_RATIO}")
        if ".." in each.filename.split("/") or each.filename.startswith("/"):
            yield kinds.BOMB.at(place, f"“{place.file}”内有指向外面的路径")


def _has_macros(package: zipfile.ZipFile, names: set[str]) -> bool:
    if any(part in name for name in names for part in _MACRO_PARTS):
        return True
    types = next((each for each in package.namelist() if each == "[Content_Types].xml"), None)
    if types is None:
        return False
    with package.open(types) as content:
        return b"macroEnabled" in content.read(_LARGEST_TYPES)


def _old_office(stream: BinaryIO, name: str, place: Place) -> Recognised | Problem:
    wanted = {each.encode("utf-16-le"): endings for each, endings in _OLE_STREAMS.items()}
    found: tuple[str, ...] | None = None
    before = b""
    stream.seek(0)
    while chunk := stream.read(_CHUNK):
        # a name may lie across two chunks
        looked_at = before[-64:] + chunk
        if _OLE_MACROS in looked_at:
            return kinds.MACRO.at(place, f"“{place.file}”带有宏")
        found = found or next((endings for each, endings in wanted.items() if each in looked_at), None)
        before = chunk
    if found is None:
        return kinds.NOT_ACCEPTED.at(place, f"“{place.file}”不是 Word、Excel 或 PowerPoint 文件")
    return _named(name, found)


def _text(stream: BinaryIO, name: str, place: Place) -> Recognised | Problem:
    ending = next((each for each in _TEXTS if name.lower().endswith(each)), None)
    stream.seek(0)
    content = stream.read(_CHUNK)
    if ending is None or _MARKUP.match(content) or not _is_text(content):
        return kinds.NOT_ACCEPTED.at(place, f"“{place.file}”不是可以接收的格式")
    return Recognised(safe_name(name, ending))


def _is_text(content: bytes) -> bool:
    if b"\x00" in content:
        return False
    for coding in ("utf-8", "gb18030"):
        try:
            # the last character may be cut off, which is no fault
            codecs.getincrementaldecoder(coding)().decode(content)
        except UnicodeDecodeError:
            continue
        return True
    return False
