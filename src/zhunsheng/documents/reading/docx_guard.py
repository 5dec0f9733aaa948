"""What is refused before a Word document is parsed: other formats, passwords, damage, bombs.

Only the zip directory and raw bytes are looked at here; nothing is interpreted. Pictures and other
parts that are never opened count only with their declared size.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final

from zhunsheng.documents.reading.docx_kinds import BOMB, DAMAGED, ENCRYPTED, NOT_WORD, OLD_FORMAT
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem

_MEGABYTE: Final = 1_000_000
_MOST_MEMBERS: Final = 20_000
_MOST_BYTES: Final = 2_000 * _MEGABYTE
LARGEST_XML: Final = 100 * _MEGABYTE
_MOST_XML: Final = 200 * _MEGABYTE
_MOST_RATIO: Final = 200
# a form with many equal rows packs very well without being a bomb
_RATIO_COUNTS_FROM: Final = 10 * _MEGABYTE
_OLE: Final = bytes.fromhex("D0CF11E0A1B11AE1")
_METHODS: Final = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_OTHER_STARTS: Final = (
    (b"{\\rtf", "是 RTF 格式"),
    (b"%PDF", "是 PDF"),
    (b"<?xml", "是 XML 文件"),
    (b"<", "是网页"),
)
DAMAGE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    KeyError,
    NotImplementedError,
)


def refused(data: bytes, name: str) -> tuple[Problem, ...]:
    """What forbids reading the bytes as a Word document; nothing when they may be parsed."""
    whole = Place(name)
    if not data:
        return (NOT_WORD.at(whole, "文件是空的，长度为 0 字节"),)
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            return (ENCRYPTED.at(whole, f"“{name}”设有打开密码"),)
        return (OLD_FORMAT.at(whole, f"“{name}”是旧版 Office 文件（.doc 等）"),)
    if not data.startswith(b"PK"):
        start = data[:200].removeprefix(b"\xef\xbb\xbf").lstrip()
        found = next((words for sign, words in _OTHER_STARTS if start.startswith(sign)), "不是 Word 文档")
        return (NOT_WORD.at(whole, f"“{name}”{found}"),)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return tuple(_directory(package, whole))
    except DAMAGE:
        return (DAMAGED.at(whole, f"“{name}”的压缩包已损坏或不完整"),)


def _directory(package: zipfile.ZipFile, whole: Place) -> Iterator[Problem]:
    members = package.infolist()
    if len(members) > _MOST_MEMBERS:
        yield BOMB.at(whole, f"压缩包内有 {len(members):,} 个部分，上限 {_MOST_MEMBERS:,} 个")
    if len({member.filename for member in members}) < len(members):
        yield BOMB.at(whole, "压缩包内有重名的部分")
    total = sum(member.file_size for member in members)
    if total > _MOST_BYTES:
        yield BOMB.at(whole, f"展开后共 {_size(total)}，上限 {_size(_MOST_BYTES)}")
    readable = [each for each in members if each.filename.lower().endswith((".xml", ".rels"))]
    total = sum(member.file_size for member in readable)
    if total > _MOST_XML:
        yield BOMB.at(whole, f"正文等部分展开后共 {_size(total)}，上限 {_size(_MOST_XML)}")
    for member in readable[:_MOST_MEMBERS]:
        yield from _member(member, whole)


def _member(member: zipfile.ZipInfo, whole: Place) -> Iterator[Problem]:
    if words := _oddity(member):
        yield BOMB.at(whole, f"“{member.filename}”{words}", value=member.filename)
    if member.flag_bits & 1:
        yield ENCRYPTED.at(whole, f"“{member.filename}”设有密码", value=member.filename)


def _oddity(member: zipfile.ZipInfo) -> str:
    """Why a part that may be parsed looks like a bomb, or ""."""
    ratio = member.file_size / max(member.compress_size, 1)
    if member.file_size > LARGEST_XML:
        return f"展开后有 {_size(member.file_size)}，上限 {_size(LARGEST_XML)}"
    if member.file_size > _RATIO_COUNTS_FROM and ratio > _MOST_RATIO:
        return f"的压缩比为 {ratio:.0f}，上限 {_MOST_RATIO}"
    return "" if member.compress_type in _METHODS else "使用了不支持的压缩方法"


def _size(count: int) -> str:
    return f"{count / _MEGABYTE:,.1f} MB"
