"""Reading a Word document (.docx) for the audit."""

from hashlib import sha256
from typing import Final

from zhunsheng.audit.document import Document
from zhunsheng.documents.reading.docx_converted import is_torn, settle_page_numbers
from zhunsheng.documents.reading.docx_guard import refused
from zhunsheng.documents.reading.docx_kinds import (
    DAMAGED,
    EXTERNAL,
    HIDDEN,
    IMPORTED,
    MACRO,
    NO_TEXT,
    NOT_READ,
    NOT_WORD,
    PART_DAMAGED,
    TORN,
    TRACKED,
    UNSAFE_XML,
)
from zhunsheng.documents.reading.docx_layout import Layout, lay_out
from zhunsheng.documents.reading.docx_names import w
from zhunsheng.documents.reading.docx_nodes import Remarks
from zhunsheng.documents.reading.docx_parts import DamagedError, Package, UnsafeError
from zhunsheng.documents.reading.docx_walk import Walked, walk
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem

_FORMAT: Final = "docx"
_QUOTED: Final = 40


def read_docx(data: bytes, name: str) -> Document:
    """Read a Word document.

    Revisions count as accepted. Whatever goes wrong is a problem of the document: one that cannot be
    read at all has no text and an ERROR.
    """
    problems = refused(data, name)
    if problems:
        return _unread(data, name, problems)
    place = Place(name)
    try:
        return _read(data, name, place)
    except UnsafeError as error:
        return _unread(data, name, (UNSAFE_XML.at(place, f"“{error}”含文档类型或实体声明"),))
    except (DamagedError, RecursionError):
        return _unread(data, name, (DAMAGED.at(place, f"“{name}”的正文不完整，或嵌套过深"),))


def _read(data: bytes, name: str, place: Place) -> Document:
    package = Package(data)
    if package.main is None or package.root(package.main).tag != w("document"):
        return _unread(data, name, (NOT_WORD.at(place, f"“{name}”是压缩包，但不是 Word 文档"),))
    walked = walk(package)
    layout = lay_out(walked)
    page_numbers = settle_page_numbers(layout)
    return Document(
        name,
        _FORMAT,
        sha256(data).hexdigest(),
        layout.text,
        tuple(layout.blocks),
        tuple(layout.tables),
        problems=tuple(_problems(package, walked, layout, place, page_numbers)),
        properties=_properties(package, walked.remarks, page_numbers),
    )


def _unread(data: bytes, name: str, problems: tuple[Problem, ...]) -> Document:
    return Document(name, _FORMAT, sha256(data).hexdigest(), "", (), problems=problems)


def _problems(
    package: Package, walked: Walked, layout: Layout, place: Place, page_numbers: int
) -> list[Problem]:
    remarks = walked.remarks
    found = [
        PART_DAMAGED.at(place, f"“{part}”不能读取", value=part)
        for part in (*package.damaged, *walked.damaged)
    ]
    if not layout.text:
        found.append(NO_TEXT.at(place, f"“{place.file}”中没有可读的文字"))
    if remarks.imports:
        found.append(IMPORTED.at(place, f"插入了 {remarks.imports} 个其他文件的内容"))
    if remarks.insertions or remarks.deletions:
        found.append(TRACKED.at(place, f"修订 {remarks.insertions} 处插入、{remarks.deletions} 处删除"))
    if remarks.hidden:
        first = remarks.hidden[0]
        shown = first[:_QUOTED] + ("…" if len(first) > _QUOTED else "")
        found.append(HIDDEN.at(place, f"{len(remarks.hidden)} 段文字不显示，第一段是“{shown}”", value=shown))
    counted = ((remarks.pictures, "张图片"), (remarks.charts, "个图表"), (remarks.objects, "个嵌入对象"))
    if words := "、".join(f"{count} {noun}" for count, noun in counted if count):
        found.append(NOT_READ.at(place, f"有 {words}"))
    if _has_macros(package):
        found.append(MACRO.at(place, f"“{place.file}”带有宏"))
    if outside := _external(package):
        found.append(EXTERNAL.at(place, f"引用 {len(outside)} 个外部文件，第一个是“{outside[0]}”"))
    if page_numbers:
        found.append(TORN.at(place, f"正文中夹有 {page_numbers} 个页码，跨页的句子可能断开"))
    elif is_torn(layout):
        found.append(TORN.at(place, "多数段落不是完整的句子"))
    return found


def _properties(package: Package, remarks: Remarks, page_numbers: int) -> dict[str, str]:
    """Facts about the file; what it does not have is left out."""
    counts = {
        "tracked_changes": remarks.insertions + remarks.deletions,
        "insertions": remarks.insertions,
        "deletions": remarks.deletions,
        "hidden": len(remarks.hidden),
        "pictures": remarks.pictures,
        "charts": remarks.charts,
        "objects": remarks.objects,
        "page_numbers": page_numbers,
    }
    found = {key: str(count) for key, count in counts.items() if count}
    if _has_macros(package):
        found["macros"] = "1"
    return found


def _has_macros(package: Package) -> bool:
    return any("vbaproject" in name.lower() for name in package.names) or any(
        each.kind == "vbaProject" for each in package.relations(package.main or "")
    )


def _external(package: Package) -> list[str]:
    """The addresses outside that the main part needs; links a reader may follow do not count."""
    return [
        each.target
        for part in (package.main or "", package.related(package.main or "", "settings") or "")
        if part
        for each in package.relations(part)
        if each.external and each.kind != "hyperlink"
    ]
