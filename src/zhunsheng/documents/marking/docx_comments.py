"""A copy of a Word document in which every finding is a comment at the characters it speaks of."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from lxml import etree

from zhunsheng.audit.document import Document
from zhunsheng.audit.finding import Finding, FoundPlace
from zhunsheng.documents.marking.docx_anchors import Anchors
from zhunsheng.documents.marking.remark_words import remark_lines
from zhunsheng.documents.printable import printable
from zhunsheng.documents.reading.docx_formats import Formats, number_of
from zhunsheng.documents.reading.docx_layout import lay_out
from zhunsheng.documents.reading.docx_names import (
    ID,
    PARAGRAPH,
    PARAGRAPH_FORMAT,
    RUN,
    RUN_FORMAT,
    TEXT,
    VAL,
    W_SPACE,
    XML_SPACE,
    w,
)
from zhunsheng.documents.reading.docx_parts import Package
from zhunsheng.documents.reading.docx_walk import walk

AUTHOR: Final = "准绳"
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_KIND: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
_CONTENT_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_TYPES: Final = "[Content_Types].xml"


@dataclass(frozen=True, slots=True)
class _Remark:
    """A comment to be: its number, whether it stands at the characters themselves, what it says."""

    number: int
    exact: bool
    finding: Finding
    place: FoundPlace


def commented_docx(
    data: bytes,
    document: Document,
    findings: Sequence[Finding],
    index: int = 0,
    *,
    moment: datetime | None = None,
) -> bytes:
    """The commented copy; equal arguments give equal bytes.

    Args:
        data: the original file.
        document: what `read_docx` made of it.
        findings: those without a place in document `index` are passed over.
        moment: the time the comments carry; without it they carry none.

    Raises:
        ValueError: `document` was not read from `data`, or could not be read.
    """
    package = Package(data)
    walked = walk(package)
    layout = lay_out(walked)
    if layout.text != document.text or package.main is None:
        raise ValueError("the document was not read from these bytes")
    part, is_new = _comments_part(package)
    comments = etree.Element(w("comments"), nsmap={"w": W_SPACE}) if is_new else package.root(part)
    number = _next_number(comments, package.root(package.main))
    anchors = Anchors(layout.pieces, walked.formats.named("annotation reference"))
    for finding in findings:
        for place in finding.places:
            if place.document != index:
                continue
            exact = anchors.add(place.span, number)
            if exact is not None:
                remark = _Remark(number, exact, finding, place)
                comments.append(_comment(remark, index, walked.formats, moment))
                number += 1
    anchors.write()
    changed = {package.main: package.written(package.main)}
    if is_new:
        changed |= _announced(package, package.main, part)
        package.keep(part, comments, like=package.main)
    changed[part] = package.written(part)
    return _packed(data, changed)


def _comments_part(package: Package) -> tuple[str, bool]:
    """The name of the comments part, and whether it is yet to be made."""
    found = package.related(package.main or "", "comments")
    if found is not None:
        return found, False
    folder = (package.main or "").rpartition("/")[0]
    names = (f"{folder}/comments{number or ''}.xml".lstrip("/") for number in range(len(package.names) + 1))
    return next(name for name in names if not package.has(name)), True


def _next_number(comments: etree._Element, main: etree._Element) -> int:
    marks = (w("commentRangeStart"), w("commentRangeEnd"), w("commentReference"))
    used = [each.get(ID) for each in comments.iter(w("comment"))]
    used += [each.get(ID) for each in main.iter(*marks)]
    return max((number for each in used if (number := number_of(each)) is not None), default=-1) + 1


def _comment(remark: _Remark, index: int, formats: Formats, moment: datetime | None) -> etree._Element:
    comment = etree.Element(w("comment"), {ID: str(remark.number), w("author"): AUTHOR})
    if moment is not None:
        stamp = moment.astimezone(UTC) if moment.tzinfo else moment
        comment.set(w("date"), stamp.strftime("%Y-%m-%dT%H:%M:%SZ"))
    comment.set(w("initials"), AUTHOR[0])
    text_style = formats.named("annotation text")
    for position, line in enumerate(_lines(remark, index)):
        paragraph = etree.SubElement(comment, PARAGRAPH)
        if text_style is not None:
            form = etree.SubElement(paragraph, PARAGRAPH_FORMAT)
            etree.SubElement(form, w("pStyle"), {VAL: text_style})
        run = etree.SubElement(paragraph, RUN)
        if position == 0:
            form = etree.SubElement(run, RUN_FORMAT)
            etree.SubElement(form, w("b"))
        text = etree.SubElement(run, TEXT, {XML_SPACE: "preserve"})
        text.text = printable(line)
    return comment


def _lines(remark: _Remark, index: int) -> Iterator[str]:
    astray = "" if remark.exact else "所指文字在文本框、脚注、页眉或页脚中"
    return remark_lines(remark.finding, remark.place, index, astray)


def _announced(package: Package, main: str, part: str) -> dict[str, bytes]:
    """The relations and content types with a new comments part."""
    relations = package.relations_part(main)
    root = package.root(relations)
    keys = {each.get("Id") for each in root}
    key = next(each for number in range(1, len(keys) + 2) if (each := f"rIdComments{number}") not in keys)
    space = etree.QName(root).namespace
    target = f"/{part}"
    etree.SubElement(root, f"{{{space}}}Relationship", {"Id": key, "Type": _KIND, "Target": target})
    types = package.root(_TYPES)
    space = etree.QName(types).namespace
    etree.SubElement(types, f"{{{space}}}Override", {"PartName": f"/{part}", "ContentType": _CONTENT_TYPE})
    return {relations: package.written(relations), _TYPES: package.written(_TYPES)}


def _packed(data: bytes, changed: dict[str, bytes]) -> bytes:
    """The package with some parts changed or added.

    Unlike `stable_zip.repack` this leaves the properties of the user's document as they are.
    """
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        names = [name for name in source.namelist() if not name.endswith("/")]
        lower = {name.lower() for name in names}
        by_lower = {name.lower(): content for name, content in changed.items()}
        for name in [*names, *(name for name in changed if name.lower() not in lower)]:
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            content = by_lower.get(name.lower())
            target.writestr(entry, source.read(name) if content is None else content)
    return stream.getvalue()
