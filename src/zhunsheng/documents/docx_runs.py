"""Runs of text and numbers in a Word paragraph; every number is a content control tagged with its figure."""

import hashlib
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

from docx.oxml.ns import qn

from zhunsheng.documents.docx_styles import ParagraphStyle, element, face_element, half_points
from zhunsheng.documents.printable import printable
from zhunsheng.reports.tree import Figure, Number, Run, Runs, Text

Form: TypeAlias = Mapping[str, Mapping[str, object]]
NO_FORM: Form = MappingProxyType({})
_LONGEST = 64  # Word calls a file with longer tags or names damaged
# properties a paragraph may have beside its style, in the order the format prescribes
_FORM_ORDER = ("keepNext", "pageBreakBefore", "ind", "jc")
_BREAKS = {"\n": "w:br", "\t": "w:tab"}
_NOTE_SIZE = 12
_NOTE_COLOUR = "404040"


def figure_tag(code: str) -> str:
    """The tag of a figure's content controls: its code.

    When that is longer than Word allows, its beginning with a digest of the whole.
    """
    if len(code) <= _LONGEST:
        return code
    return f"{code[: _LONGEST - 13]}~{hashlib.sha256(code.encode()).hexdigest()[:12]}"


def paragraph_element(
    style: ParagraphStyle,
    runs: Runs | str,
    figures: Mapping[str, Figure],
    form: Form = NO_FORM,
    face: str = "",
) -> Any:  # noqa: ANN401 - an lxml element
    """A paragraph.

    Args:
        form: paragraph properties that differ from the style, such as `{"jc": {"val": "center"}}`.
        face: Chinese face when it is not that of the style.
    """
    paragraph = element("w:p")
    properties = element("w:pPr")
    properties.append(element("w:pStyle", val=style.identifier))
    for name in _FORM_ORDER:
        if name in form:
            properties.append(element(f"w:{name}", **form[name]))
    paragraph.append(properties)
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
    for part in re.split(r"([\n\t])", printable(run.text)):
        if part in _BREAKS:
            made.append(element(_BREAKS[part]))
        elif part:
            text = element("w:t")
            text.set(qn("xml:space"), "preserve")
            text.text = part
            made.append(text)
    return made


def _is_ambiguous(text: str) -> bool:
    return any("\u00a0" <= char < "\u2e80" for char in text)
