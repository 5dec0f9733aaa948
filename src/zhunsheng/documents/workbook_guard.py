"""What is refused before a workbook is parsed: other formats, macros, bombs.

Only the zip directory and raw bytes are looked at here; nothing is interpreted.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Problem, Problems, Severity

NOT_A_WORKBOOK = Kind(
    "BOOK-001",
    Severity.ERROR,
    "只能读取 .xlsx 工作簿",
    "在 Excel 或 WPS 中打开，另存为“Excel 工作簿（*.xlsx）”后重试。",
)
OLD_FORMAT = Kind(
    "BOOK-002",
    Severity.ERROR,
    "不支持旧版 .xls 格式",
    "在 Excel 或 WPS 中打开，另存为“Excel 工作簿（*.xlsx）”后重试。",
)
ENCRYPTED = Kind("BOOK-003", Severity.ERROR, "不能读取设有打开密码的工作簿", "取消打开密码，保存后重试。")
MACRO = Kind(
    "BOOK-004",
    Severity.ERROR,
    "不接收带宏或控件的工作簿",
    "另存为不带宏的“Excel 工作簿（*.xlsx）”，或把数据以“值”粘贴到模板中。",
)
EXTERNAL_LINK = Kind(
    "BOOK-005",
    Severity.ERROR,
    "不接收链接到其他文件的工作簿",
    "在“数据 - 编辑链接”中断开全部链接，保存后重试。",
)
BOMB = Kind(
    "BOOK-006",
    Severity.ERROR,
    "压缩内容异常的文件不予读取",
    "确认文件来源；把数据以“值”粘贴到新下载的模板中重试。",
)
TOO_LARGE = Kind(
    "BOOK-007",
    Severity.ERROR,
    "工作簿的单个部分不能过大",
    "删除表中多余的空行、空列和格式，或把数据以“值”粘贴到新下载的模板中重试。",
)
UNSAFE_XML = Kind(
    "BOOK-008",
    Severity.ERROR,
    "不接收内部含文档类型或实体声明的工作簿",
    "确认文件来源；在 Excel 或 WPS 中打开并另存后重试。",
)

_MEGABYTE: Final = 1_000_000
_MOST_MEMBERS: Final = 2000


@dataclass(frozen=True, slots=True)
class Limits:
    """What a workbook may be at most, in bytes.

    Attributes:
        whole: all parts together, expanded.
        sheet: a worksheet or the shared texts; `part` any other XML.
        ratio: of the expanded to the compressed size of a part of at least `ratio_from`; a small part can be very
            regular without being a bomb.
        looked_at: the bytes at the beginning of each part that are searched for declarations, which stand nowhere
            else in what a parser accepts.
    """

    whole: int
    sheet: int
    part: int
    ratio: int
    ratio_from: int
    looked_at: int


CASE: Final = Limits(
    whole=100 * _MEGABYTE,
    sheet=20 * _MEGABYTE,
    part=10 * _MEGABYTE,
    ratio=200,
    ratio_from=100_000,
    looked_at=100 * _MEGABYTE,
)
"""A workbook that people fill in for one case."""

_OLE: Final = bytes.fromhex("D0CF11E0A1B11AE1")
_METHODS: Final = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_DECLARATIONS: Final = tuple(
    word.encode(coding)
    for word in ("<!DOCTYPE", "<!ENTITY")
    for coding in ("utf-8", "utf-16-le", "utf-16-be")
)
_ENCODING: Final = re.compile(rb"""^[^>]{0,100}encoding\s*=\s*["']([^"']*)["']""")
_ENCODINGS: Final = {b"utf-8", b"utf-16", b"us-ascii", b"ascii"}
_MACRO_PARTS: Final = ("vbaproject", "vbadata", "/macrosheets/", "/activex/", "/ctrlprops/")
_DAMAGED: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    KeyError,
    NotImplementedError,
)


def guard(data: bytes, file_name: str, limits: Limits = CASE) -> tuple[Problem, ...]:
    """What forbids reading the bytes as a workbook; all findings, or nothing when it may be parsed.

    External links are found too, although the rest of such a workbook can still be read.
    """
    whole = Place(file_name)
    problems = Problems()
    if not data:
        problems.add(NOT_A_WORKBOOK.at(whole, "文件是空的，长度为 0 字节"))
    elif data.startswith(_OLE):
        problems.add(_ole(data, whole))
    else:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as package:
                problems.extend(_directory(package, whole, limits))
                if not problems.has_errors:
                    problems.extend(_parts(package, whole, limits))
                    problems.extend(_nature(package, file_name, whole))
        except _DAMAGED:
            start = "压缩包已损坏或不完整" if data.startswith(b"PK") else "内容不是工作簿"
            problems.add(NOT_A_WORKBOOK.at(whole, f"“{file_name}”{start}"))
        except RuntimeError:  # what zipfile raises for a member with a password
            problems.add(ENCRYPTED.at(whole, f"“{file_name}”的压缩内容设有密码"))
    return problems.as_tuple()


def _ole(data: bytes, whole: Place) -> Problem:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return ENCRYPTED.at(whole, f"“{whole.file}”设有打开密码")
    return OLD_FORMAT.at(whole, f"“{whole.file}”是旧版 Office 文件（.xls 等）")


def _directory(package: zipfile.ZipFile, whole: Place, limits: Limits) -> Iterator[Problem]:
    members = package.infolist()
    if len(members) > _MOST_MEMBERS:
        yield BOMB.at(whole, f"压缩包内有 {len(members):,} 个部分，上限 {_MOST_MEMBERS:,} 个")
    total = sum(member.file_size for member in members)
    if total > limits.whole:
        yield BOMB.at(whole, f"展开后共 {_size(total)}，上限 {_size(limits.whole)}")
    if len({member.filename for member in members}) < len(members):
        yield BOMB.at(whole, "压缩包内有重名的部分")
    for member in members[:_MOST_MEMBERS]:
        ratio = member.file_size / max(member.compress_size, 1)
        if member.file_size > limits.ratio_from and ratio > limits.ratio:
            yield BOMB.at(
                whole,
                f"“{member.filename}”的压缩比为 {ratio:.0f}，上限 {limits.ratio}",
                value=member.filename,
            )
        if member.compress_type not in _METHODS:
            yield BOMB.at(whole, f"“{member.filename}”使用了不支持的压缩方法", value=member.filename)
        limit = _limit(member.filename, limits)
        if limit is not None and member.file_size > limit:
            yield TOO_LARGE.at(
                whole,
                f"“{member.filename}”展开后有 {_size(member.file_size)}，上限 {_size(limit)}",
                value=member.filename,
            )


def _limit(name: str, limits: Limits) -> int | None:
    lower = name.lower()
    if not lower.endswith((".xml", ".rels")):
        return None
    return limits.sheet if "/worksheets/" in lower or "sharedstrings" in lower else limits.part


def _size(count: int) -> str:
    return f"{count / _MEGABYTE:,.1f} MB"


def _parts(package: zipfile.ZipFile, whole: Place, limits: Limits) -> Iterator[Problem]:
    for name in package.namelist():
        # pictures in this format may name their document type; they are never parsed
        if name.lower().endswith(".svg"):
            continue
        with package.open(name) as stream:
            content = stream.read(limits.looked_at)
        if any(word in content for word in _DECLARATIONS):
            yield UNSAFE_XML.at(whole, f"“{name}”含文档类型或实体声明", value=name)
        named = _ENCODING.match(content) if content.startswith(b"<?xml") else None
        if named is not None and named[1].lower() not in _ENCODINGS:
            # in another encoding a declaration could not be seen above
            shown = named[1].decode("ascii", "replace")
            yield UNSAFE_XML.at(whole, f"“{name}”使用了不支持的编码 {shown}", value=name)


def _nature(package: zipfile.ZipFile, file_name: str, whole: Place) -> Iterator[Problem]:
    names = {name.lower(): name for name in package.namelist()}
    types = package.read("[Content_Types].xml") if "[Content_Types].xml" in names.values() else b""
    if not types or "xl/workbook.xml" not in names:
        yield NOT_A_WORKBOOK.at(whole, f"“{file_name}”是压缩包，但不是 .xlsx 工作簿")
        return
    if b"purl.oclc.org/ooxml" in package.read(names["xl/workbook.xml"]):
        yield NOT_A_WORKBOOK.at(whole, f"“{file_name}”以“Strict Open XML”格式保存")
    found = [names[name] for name in names if any(part in name for part in _MACRO_PARTS)]
    if b"macroEnabled" in types or found or file_name.lower().endswith((".xlsm", ".xltm", ".xlam")):
        inside = f"（{'、'.join(sorted(found))}）" if found else ""
        yield MACRO.at(whole, f"“{file_name}”是带宏的工作簿{inside}")
    links = sorted(name for name in names if re.fullmatch(r"xl/externallinks/[^/]+\.xml", name))
    if links:
        yield EXTERNAL_LINK.at(whole, f"“{file_name}”链接到 {len(links)} 个其他文件")
