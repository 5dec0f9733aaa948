"""What format a file has, by its content first and its suffix second; nothing is interpreted here."""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from zhunsheng.documents.reading.decoding import encoding_of
from zhunsheng.documents.reading.kinds import DAMAGED, ENCRYPTED, UNSUPPORTED
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem

LABELS: Final = {
    "txt": "纯文本",
    "md": "Markdown 文本",
    "html": "网页（HTML）",
    "csv": "逗号分隔表（CSV）",
    "xlsx": "Excel 工作簿（.xlsx）",
    "xls": "旧版 Excel 工作簿（.xls）",
    "docx": "Word 文档（.docx）",
    "pdf": "PDF",
    "image": "图片",
}
_SUFFIXES: Final = {
    "txt": {".txt", ".text", ".log", ""},
    "md": {".md", ".markdown", ".mkd"},
    "html": {".html", ".htm", ".xhtml", ".shtml"},
    "csv": {".csv", ".tsv"},
    "xlsx": {".xlsx", ".xlsm", ".xltx", ".xltm"},
    "xls": {".xls", ".xlt", ".et", ".ett"},
    "docx": {".docx", ".docm", ".dotx", ".dotm"},
    "pdf": {".pdf"},
    "image": {".png", ".jpg", ".jpeg", ".jpe", ".gif", ".bmp", ".tif", ".tiff", ".webp"},
}
_OLE: Final = bytes.fromhex("D0CF11E0A1B11AE1")
_IMAGES: Final = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"GIF87a",
    b"GIF89a",
    b"BM",
    b"II*\x00",
    b"MM\x00*",
    b"\x00\x00\x00\x0cjP  ",
)
_ARCHIVES: Final = (
    (b"Rar!", "RAR 压缩包"),
    (b"7z\xbc\xaf\x27\x1c", "7z 压缩包"),
    (b"\x1f\x8b", "gzip 压缩包"),
    (b"{\\rtf", "RTF 文档"),
    (b"%!PS", "PostScript 文件"),
    (b"MZ", "程序文件"),
    (b"\x7fELF", "程序文件"),
    (b"SQLite format 3", "数据库文件"),
)
_HTML: Final = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?>.{0,3000}?-->)\s*+)*+<(?:!doctype\s+html|html|head|body|meta)\b",
    re.IGNORECASE | re.DOTALL,
)
_OFFICE_XML: Final = re.compile(
    r"<\?mso-application|<(?:\w+:)?(?:wordDocument|UOF)\b|schemas-microsoft-com:office:spreadsheet\"?\s*>"
)
_ARCHIVED_PAGE: Final = re.compile(
    r"^MIME-Version:.{0,2000}?multipart/related", re.IGNORECASE | re.DOTALL | re.MULTILINE
)
_SAMPLE: Final = 8_000
_PAGE: Final = "在浏览器或 WPS 中打开，另存为 .docx 或 .pdf 后重试。"
_WORD: Final = "在 Word 或 WPS 中打开，另存为“Word 文档（*.docx）”后重试。"


@dataclass(frozen=True, slots=True)
class Format:
    """The format found.

    Attributes:
        name: as in `Document.format`; "unknown" when nothing can read it.
        mismatch: whether the suffix says something else.
        problem: why it cannot be read, or None.
    """

    name: str
    mismatch: bool = False
    problem: Problem | None = None

    @property
    def label(self) -> str:
        """What the format is called in messages."""
        return LABELS.get(self.name, self.name)


def format_of(data: bytes, name: str) -> Format:
    """The format of a file, or why it cannot be read."""
    suffix = PurePath(name).suffix.lower()
    found = _by_content(data, name)
    if isinstance(found, Problem):
        return Format("unknown", problem=found)
    if not found:
        found = _by_text(data, name, suffix)
        if isinstance(found, Problem):
            return Format("unknown", problem=found)
    return Format(found, suffix not in _SUFFIXES[found])


def _by_content(data: bytes, name: str) -> str | Problem:
    """The format that the first bytes tell, "" when they tell none."""
    whole = Place(name)
    if data.startswith(_OLE):
        return _ole(data, name)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _package(data, name)
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(_IMAGES[:4]) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP"):
        return "image"
    if data.startswith(_IMAGES[4:]) and 0 in data[:64]:
        return "image"
    for mark, words in _ARCHIVES:
        if data.startswith(mark) and (len(mark) > 2 or 0 in data[:64] or mark == b"\x1f\x8b"):
            return UNSUPPORTED.at(whole, f"“{name}”是{words}", value=words)
    return ""


def _by_text(data: bytes, name: str, suffix: str) -> str | Problem:
    """The format of a text, by how it begins."""
    whole = Place(name)
    encoding, skip = encoding_of(data[:_SAMPLE])
    begin = data[skip : skip + _SAMPLE].decode(encoding, "replace")
    if _OFFICE_XML.search(begin):
        return UNSUPPORTED.at(whole, f"“{name}”是 XML 格式的办公文档", value="xml", remedy=_WORD)
    if _ARCHIVED_PAGE.match(begin):
        return UNSUPPORTED.at(whole, f"“{name}”是单文件网页（MHTML）", value="mhtml", remedy=_PAGE)
    if _HTML.match(begin):
        return "html"
    for known in ("md", "csv", "html"):
        if suffix in _SUFFIXES[known]:
            return known
    return "txt"


def _ole(data: bytes, name: str) -> str | Problem:
    """Old Office files are told apart by the names of their streams."""
    whole = Place(name)

    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        return ENCRYPTED.at(whole, f"“{name}”设有打开密码")
    if holds("WordDocument"):
        return UNSUPPORTED.at(
            whole, f"“{name}”是旧版 Word 或 WPS 文字文档（.doc、.wps）", value=".doc", remedy=_WORD
        )
    if holds("PowerPoint Document"):
        return UNSUPPORTED.at(whole, f"“{name}”是旧版演示文稿（.ppt）", value=".ppt")
    if holds("Workbook") or holds("Book"):
        return "xls"
    return UNSUPPORTED.at(whole, f"“{name}”是旧版办公软件文件", value="ole")


def _package(data: bytes, name: str) -> str | Problem:
    """Zip packages are told apart by the names of their parts."""
    whole = Place(name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = {each.filename.lower() for each in package.infolist()[:5_000]}
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError):
        return DAMAGED.at(whole, f"“{name}”的压缩包已损坏或不完整")
    if "word/document.xml" in names or any(
        each.startswith("word/") and each.endswith(".xml") for each in names
    ):
        return "docx"
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        remedy = "在 Excel 中打开，另存为“Excel 工作簿（*.xlsx）”后重试。"
        return UNSUPPORTED.at(whole, f"“{name}”是二进制工作簿（.xlsb）", value=".xlsb", remedy=remedy)
    if "ofd.xml" in names:
        remedy = "在 OFD 阅读软件中打开，另存或打印为 PDF 后重试。"
        return UNSUPPORTED.at(whole, f"“{name}”是 OFD 版式文件", value=".ofd", remedy=remedy)
    if any(each.startswith("ppt/") for each in names):
        return UNSUPPORTED.at(whole, f"“{name}”是演示文稿（.pptx）", value=".pptx")
    if "content.xml" in names:
        return UNSUPPORTED.at(whole, f"“{name}”是开放文档格式（.odt、.ods）", value=".odt")
    return UNSUPPORTED.at(whole, f"“{name}”是压缩包", value=".zip", remedy="解压后逐个选择其中的文件。")
