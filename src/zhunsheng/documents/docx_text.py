"""Reading a Word document back as text and bound numbers, for tests and checks."""

import io
from collections.abc import Iterator
from typing import Any

import docx
from docx.oxml.ns import qn

_BREAKS = {qn("w:br"): "\n", qn("w:tab"): "\t"}


def read_docx_text(data: bytes) -> str:
    """Paragraphs and tables in order; cells separated by tabs; text inside content controls included.

    Page headers and footers are left out.

    Raises:
        ValueError: not a Word document.
    """
    body = docx.Document(io.BytesIO(data)).element.body
    lines: list[str] = []
    for child in body:
        if child.tag == qn("w:p"):
            lines.append(_text(child))
        elif child.tag == qn("w:tbl"):
            lines.extend(
                "\t".join(_text(cell) for cell in row.iter(qn("w:tc"))) for row in child.iter(qn("w:tr"))
            )
    return "\n".join(lines)


def numbers_in_docx(data: bytes) -> list[tuple[str, str]]:
    """Tag and printed text of every bound number, in document order, those of the appendix last.

    The tag is the figure's code; see `figure_tag` for very long codes.

    Raises:
        ValueError: not a Word document.
    """
    body = docx.Document(io.BytesIO(data)).element.body
    return list(_numbers(body))


def _numbers(body: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - an lxml element
    for control in body.iter(qn("w:sdt")):
        tag = control.find(f"{qn('w:sdtPr')}/{qn('w:tag')}")
        if tag is not None:
            yield tag.get(qn("w:val")), _text(control)


def _text(element: Any) -> str:  # noqa: ANN401 - an lxml element
    nodes = element.iter(qn("w:t"), qn("w:br"), qn("w:tab"))
    return "".join(_BREAKS.get(node.tag, node.text or "") for node in nodes)
