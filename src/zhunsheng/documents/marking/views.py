"""The views of an audit as files: web page, commented Word, annotated PDF, list of findings."""

from collections.abc import Sequence
from pathlib import PurePath

from zhunsheng.audit.auditing import Audit
from zhunsheng.documents.marking.findings_workbook import findings_workbook
from zhunsheng.documents.marking.html_audit import audit_page


def audit_views(
    audit: Audit, sources: Sequence[bytes], formats: Sequence[str]
) -> tuple[dict[str, bytes], list[str]]:
    """The files asked for.

    Args:
        sources: the original files, in the order of the audit's documents.
        formats: of "html", "docx", "pdf", "xlsx".

    Returns:
        The files by name, and in Chinese what was asked for but cannot be made.
    """
    files: dict[str, bytes] = {}
    refused: list[str] = []
    stem = PurePath(audit.readings[0].document.name).stem
    own_names = _own_names([PurePath(reading.document.name).stem for reading in audit.readings])
    if "html" in formats:
        files[f"{stem}-核对.html"] = audit_page(audit).encode()
    if "xlsx" in formats:
        files[f"{stem}-问题清单.xlsx"] = findings_workbook(audit)
    for index, source in enumerate(sources):
        document = audit.readings[index].document
        own = own_names[index]
        if not document.text:
            if {"docx", "pdf"} & set(formats):
                refused.append(f"“{document.name}”没有读到文字，不能加批注。")
            continue
        if "docx" in formats:
            if document.format == "docx":
                from zhunsheng.documents.marking.docx_comments import (  # noqa: PLC0415 - loads slowly
                    commented_docx,
                )

                files[f"{own}-批注.docx"] = commented_docx(source, document, audit.findings, index)
            else:
                refused.append(f"“{document.name}”不是 Word 文档，不能加 Word 批注；可用 --html 或 --xlsx。")
        if "pdf" in formats:
            if document.format == "pdf":
                from zhunsheng.documents.marking.pdf_annotations import (  # noqa: PLC0415 - loads slowly
                    annotated_pdf,
                )

                files[f"{own}-批注.pdf"] = annotated_pdf(source, document, audit.findings, index)
            else:
                refused.append(f"“{document.name}”不是 PDF，不能加 PDF 批注；可用 --html 或 --xlsx。")
    return files, refused


def _own_names(stems: Sequence[str]) -> list[str]:
    """A name for each file; files of the same name from several directories are numbered.

    >>> _own_names(["预算", "决算", "预算"])
    ['预算', '决算', '预算-2']
    """
    names: list[str] = []
    for stem in stems:
        name, number = stem, 1
        while name in names:
            number += 1
            name = f"{stem}-{number}"
        names.append(name)
    return names
