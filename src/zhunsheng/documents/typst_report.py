"""A report tree as PDF by way of Typst: tagged, reproducible, with every number linked to its calculation."""

import json
from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from pathlib import Path

from zhunsheng.documents.fonts import BODY, FALLBACK, HEI, KAI, LATIN, SONG, TITLE, Face, FontSet, find_fonts
from zhunsheng.reports.appendix import input_text, rule_text
from zhunsheng.reports.tree import (
    Block,
    Cell,
    Chart,
    Figure,
    Heading,
    Number,
    PageBreak,
    Paragraph,
    Report,
    Run,
    Table,
)

_FACES: dict[str, Face] = {
    "title": TITLE,
    "body": BODY,
    "kai": KAI,
    "hei": HEI,
    "song": SONG,
    "latin": LATIN,
    "fallback": FALLBACK,
}
# Characters the layout itself uses.
_OWN_TEXT = "草稿附件数据来源与计算过程编号数值规则和出处取数〔缺图：〕—（）"


class PdfError(RuntimeError):
    """The PDF could not be made; the message says why."""


def write_pdf(
    report: Report, charts: Mapping[str, str], fonts: Sequence[Path]
) -> tuple[bytes, tuple[str, ...]]:
    """Write a report as PDF.

    Args:
        charts: SVG of each chart by its code.
        fonts: directories with the fonts.

    Returns:
        The file, and what was replaced or cannot be printed, in Chinese. Equal reports give equal bytes.

    Raises:
        PdfError: typesetting failed.
    """
    import typst  # noqa: PLC0415 - a large library, needed only here

    found = find_fonts(fonts)
    data = json.dumps(report_data(report, charts, found), ensure_ascii=False)
    template = (resources.files("zhunsheng.documents") / "templates" / "report.typ").read_bytes()
    try:
        pdf = typst.compile(
            template,
            font_paths=typst.Fonts(
                include_system_fonts=False,
                include_embedded_fonts=True,
                font_paths=[str(each) for each in found.directories],
            ),
            sys_inputs={"data": data},
            pdf_standards="ua-1",
            timestamp=0,
        )
    except typst.TypstError as error:
        raise PdfError(str(error)) from error
    return bytes(pdf), (*found.words(), *missing_words(report, found))


def missing_words(report: Report, fonts: FontSet) -> tuple[str, ...]:
    """Characters no font can print. Typst would leave them out without a word."""
    text = _OWN_TEXT + "".join(_all_text(report))
    missing = fonts.missing_glyphs(text, BODY)
    if not missing:
        return ()
    return (f"PDF 中无法显示的字符：{'、'.join(sorted(missing))}；请换字或补充字体",)


def _all_text(report: Report) -> Iterable[str]:
    yield from report.title
    for block in report.blocks:
        yield json.dumps(_block(block, {}), ensure_ascii=False)
    for figure in report.figures:
        yield from (figure.label, figure.text, rule_text(figure), input_text(figure), *figure.steps)


def report_data(report: Report, charts: Mapping[str, str], fonts: FontSet) -> dict[str, object]:
    """The report as plain data for the template."""
    listed = [figure for figure in report.figures if figure.inputs or figure.steps]
    return {
        "title": list(report.title),
        "title-weight": "regular" if fonts.family(TITLE) == TITLE.official else "bold",
        "body": report.body,
        "date": report.date,
        "draft": report.draft,
        "faces": {name: fonts.family(face) for name, face in _FACES.items()},
        "groups": _groups(report.blocks, charts),
        "figures": [_figure(figure) for figure in listed],
        "provenance": [list(pair) for pair in report.provenance],
    }


def _groups(blocks: Sequence[Block], charts: Mapping[str, str]) -> list[dict[str, object]]:
    """Consecutive blocks of one page orientation."""
    groups: list[tuple[bool, list[object]]] = []
    for block in blocks:
        wide = isinstance(block, Table) and block.wide
        if not groups or groups[-1][0] != wide:
            groups.append((wide, []))
        groups[-1][1].append(_block(block, charts))
    return [{"wide": wide, "blocks": members} for wide, members in groups]


def _block(block: Block, charts: Mapping[str, str]) -> dict[str, object]:
    match block:
        case Heading():
            return {"kind": "heading", "level": block.level, "number": block.number, "text": block.text}
        case Paragraph():
            return {"kind": "paragraph", "style": block.style, "runs": [_run(each) for each in block.runs]}
        case Table():
            return {
                "kind": "table",
                "caption": block.caption,
                "unit": block.unit,
                "small": block.small,
                "widths": list(block.widths),
                "head": [[_cell(each) for each in row] for row in block.head],
                "body": [[_cell(each) for each in row] for row in block.body],
                "notes": [[_run(each) for each in note] for note in block.notes],
            }
        case Chart():
            return {
                "kind": "chart",
                "caption": block.caption,
                "description": block.description,
                "svg": charts.get(block.code, ""),
            }
        case PageBreak():
            return {"kind": "pagebreak"}


def _run(run: Run) -> dict[str, object]:
    if isinstance(run, Number):
        return {"kind": "number", "text": run.text, "figure": run.figure, "strong": run.strong}
    return {"kind": "text", "text": run.text, "strong": run.strong, "note": run.note}


def _cell(cell: Cell) -> dict[str, object]:
    return {
        "runs": [_run(each) for each in cell.runs],
        "rows": cell.rows,
        "columns": cell.columns,
        "align": cell.align,
        "head": cell.head,
    }


def _figure(figure: Figure) -> dict[str, str]:
    return {
        "code": figure.code,
        "label": figure.label,
        "text": figure.text,
        "rule": rule_text(figure),
        "inputs": input_text(figure),
        "steps": "\n".join(figure.steps) or "—",
    }
