"""Auditing files: each number of a report checked, or held against the case it was written from."""

from collections.abc import Callable, Sequence
from typing import Final

from zhunsheng.assembly.cases import LoadedCase
from zhunsheng.assembly.rejections import Rejected
from zhunsheng.audit.auditing import Audit, audit
from zhunsheng.audit.document import Document
from zhunsheng.audit.holding import hold_against
from zhunsheng.audit.reading import read
from zhunsheng.store.audit_rule_files import load_audit_rules

_PRINTED: Final = frozenset({"docx", "pdf", "html", "xlsx"})


def read_file(
    data: bytes, name: str, *, ocr: bool = True, progress: Callable[[int, int], None] | None = None
) -> Document:
    """A document from the bytes of a file; no file makes this raise.

    Args:
        name: of the file; its content decides how it is read.
        ocr: whether pages without text may be recognised.
        progress: called with pages done and pages in all, where the format has pages; may cancel by raising.

    Returns:
        The document; when it cannot be read, with empty text and a problem that is an error.
    """
    from zhunsheng.documents.printable import printable  # noqa: PLC0415 - readers load slowly
    from zhunsheng.documents.reading.reading import read_bytes  # noqa: PLC0415

    return read_bytes(data, printable(name), ocr=ocr, progress=progress)


def audit_file(
    data: bytes, name: str, *, ocr: bool = True, progress: Callable[[int, int], None] | None = None
) -> Audit:
    """Audit one file from its bytes; arguments as `read_file`. The document is in the result's only reading.

    Raises:
        Rejected: a rule of the package is broken.
    """
    return audit_documents([read_file(data, name, ocr=ocr, progress=progress)])


def audit_documents(documents: Sequence[Document]) -> Audit:
    """Audit documents by all rules, each by itself and all together.

    Raises:
        Rejected: a rule of the package is broken.
    """
    rules, problems = load_audit_rules()
    if problems:
        raise Rejected(problems)
    return audit(documents, rules)


def held_against(document: Document, loaded: LoadedCase) -> Audit:
    """Hold one report against what its case would print in the same format.

    Raises:
        Rejected: the rubric of the case cannot be used.
        Surroundings: a PDF cannot be made.
    """
    from zhunsheng.assembly.reporting import make_report  # noqa: PLC0415 - forms load slowly

    kind = document.format if document.format in _PRINTED else "docx"
    written = make_report(loaded, None, (kind,))
    known = [read(read_file(content, name, ocr=False)) for name, content in written.files.items()]
    return hold_against(read(document), known)


def marked_files(
    result: Audit, sources: Sequence[bytes], formats: Sequence[str]
) -> tuple[dict[str, bytes], list[str]]:
    """The findings shown in files: a web page, commented copies, a list.

    Args:
        sources: the original files, in the order of the audit's documents.
        formats: of "html", "docx", "pdf", "xlsx".

    Returns:
        The files by name, and in Chinese what was asked for but cannot be made.
    """
    from zhunsheng.documents.marking.views import audit_views  # noqa: PLC0415 - writers load slowly

    return audit_views(result, sources, formats)


def marked_page(result: Audit) -> str:
    """The original with every figure of a finding marked, as one self-contained web page without script."""
    from zhunsheng.documents.marking.html_audit import audit_page  # noqa: PLC0415 - writers load slowly

    return audit_page(result)
