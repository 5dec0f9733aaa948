"""Runs of text and numbers in a Word paragraph; every number is a content control tagged with its figure."""

import hashlib
from collections.abc import Mapping
from typing import Any

from docx.oxml.ns import qn

from zhunsheng.documents.docx_styles import ParagraphStyle, element, face_element, half_points
from zhunsheng.documents.printable import printable
from zhunsheng.reports.tree import Figure, Number, Run, Runs, Text

_LONGEST = 64  # Word calls a file with longer tags or names damaged
_NOTE_SIZE = 12
_NOTE_COLOUR = "404040"


def figure_tag(code: str) -> str:
    """The tag of a figure's content controls: its code, or when that is longer than Word allows, its
    beginning with a digest of the whole."""
    if len(code) <= _LONGEST:
        return code
    return f"{code[: _LONGEST - 13]}~{hashlib.sha256(code.encode()).hexdigest()[:12]}"


def paragraph_element(
    style: ParagraphStyle,
    runs: Runs | str,
    figures: Mapping[str, Figure],
    *,
    face: str = "",
    **properties: Mapping[str, object],
) -> Any:  # noqa: ANN401 - an lxml element
    """A paragraph.

    Args:
        face: Chinese face when it is not that of the style.
        properties: paragraph properties that differ from the style, in the order of the format, such as
            `jc={"val": "center"}`.
    """
    paragraph = element("w:p")
    form = element("w:pPr")
    form.append(element("w:pStyle", val=style.identifier))
    for name, values in properties.items():
        form.append(element(f"w:{name}", **values))
    paragraph.append(form)
    for run in (Text(runs),) if isinstance(runs, str) else runs:
        if isinstance(run, Number):
            paragraph.append(_control(run, figures.get(run.figure), face))
        elif run.text:
            paragraph.append(_run(run, face))
    return paragraph


def _control(number: Number, figure: Figure | None, face: str) -> Any:  # noqa: ANN401
    control, properties, content = element("w:sdt"), element("w:sdtPr"), element("w:sdtContent")
    if figure is not None:
        properties.append(element("w:alias", val=printable(figure.label)[:_LONGEST]))
    properties.append(element("w:tag", val=printable(figure_tag(number.figure))))
    properties.append(element("w:text"))
    content.append(_run(number, face))
    control.append(properties)
    control.append(content)
    return control


def _run(run: Run, face: str) -> Any:  # noqa: ANN401
    made = element("w:r")
    properties = element("w:rPr")
    if face:
        properties.append(face_element(face))
    elif _is_ambiguous(run.text):
        # quotation marks, dashes and the like would be taken from the Latin face
        properties.append(element("w:rFonts", hint="eastAsia"))
    if run.strong:
        properties.append(element("w:b"))
    if isinstance(run, Text) and run.note:
        properties.append(element("w:color", val=_NOTE_COLOUR))
        properties.append(element("w:sz", val=half_points(_NOTE_SIZE)))
    if len(properties):
        made.append(properties)
    for number, line in enumerate(printable(run.text).split("\n")):
        if number:
            made.append(element("w:br"))
        for place, part in enumerate(line.split("\t")):
            if place:
                made.append(element("w:tab"))
            if part:
                text = element("w:t")
                text.set(qn("xml:space"), "preserve")
                text.text = part
                made.append(text)
    return made


def _is_ambiguous(text: str) -> bool:
    return any("\u00a0" <= char < "\u2e80" for char in text)
