"""Invented reports written as files of every format the audit reads."""

import csv
import html
import io
from collections.abc import Callable
from typing import Any

import typst
from docx import Document as WordDocument
from generated_report import Figure, Report, Sheet
from openpyxl import Workbook

from zhunsheng.documents.fonts import default_directories


def words(piece: "str | Figure") -> str:
    """The text of a piece."""
    return piece.text if isinstance(piece, Figure) else piece


def as_txt(report: Report) -> bytes:
    """Paragraphs as lines, tables as lines with tabs."""
    lines = []
    for part in report.parts:
        if isinstance(part, Sheet):
            lines += [part.title, part.unit_line] if part.unit_line else [part.title]
            lines += ["\t".join(words(cell) for cell in row) for row in part.rows]
        else:
            lines.append("".join(map(words, part)))
        lines.append("")
    return "\n".join(lines).encode()


def as_html(report: Report) -> bytes:
    """A plain page."""
    lines = ["<!doctype html><html lang='zh'><meta charset='utf-8'><title>report</title><body>"]
    for part in report.parts:
        if isinstance(part, Sheet):
            lines.append(f"<p>{part.title}</p>")
            if part.unit_line:
                lines.append(f"<p>{part.unit_line}</p>")
            body = "".join(
                "<tr>" + "".join(f"<td>{html.escape(words(cell))}</td>" for cell in row) + "</tr>"
                for row in part.rows
            )
            lines.append(f"<table>{body}</table>")
        else:
            lines.append(f"<p>{html.escape(''.join(map(words, part)))}</p>")
    return "\n".join(lines).encode()


def as_md(report: Report) -> bytes:
    """Markdown with pipe tables."""
    lines = []
    for part in report.parts:
        if isinstance(part, Sheet):
            lines += [part.title, "", part.unit_line, ""]
            rows = [[words(cell) for cell in row] for row in part.rows]
            lines.append("| " + " | ".join(rows[0]) + " |")
            lines.append("|" + " --- |" * len(rows[0]))
            lines += ["| " + " | ".join(row) + " |" for row in rows[1:]]
        else:
            lines.append("".join(map(words, part)))
        lines.append("")
    return "\n".join(lines).encode()


def as_docx(report: Report) -> bytes:
    """A Word document with real tables."""
    document = WordDocument()
    for part in report.parts:
        if isinstance(part, Sheet):
            document.add_paragraph(part.title)
            if part.unit_line:
                document.add_paragraph(part.unit_line)
            table = document.add_table(rows=len(part.rows), cols=len(part.rows[0]))
            cells = iter(table._cells)  # noqa: SLF001 - `cell(i, j)` is quadratic
            for row in part.rows:
                for cell in row:
                    next(cells).text = words(cell)
        else:
            document.add_paragraph("".join(map(words, part)))
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def as_xlsx(report: Report) -> bytes:
    """One sheet; paragraphs in the first column."""
    book = Workbook()
    sheet = book.create_sheet("报告", 0)
    for part in report.parts:
        if isinstance(part, Sheet):
            sheet.append([part.title])
            if part.unit_line:
                sheet.append([part.unit_line])
            for row in part.rows:
                sheet.append([words(cell) for cell in row])
        else:
            sheet.append(["".join(map(words, part))])
        sheet.append([])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def as_csv(report: Report) -> bytes:
    """The tables only, one below the other."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    for part in report.parts:
        if isinstance(part, Sheet):
            writer.writerow([part.title + part.unit_line])
            writer.writerows([[words(cell) for cell in row] for row in part.rows])
            writer.writerow([])
    return stream.getvalue().encode()


def as_pdf(report: Report) -> bytes:
    """A4 pages with ruled tables, page numbers in the footer."""
    lines = [
        '#set page(paper: "a4", margin: 2.5cm, numbering: "1")',
        '#set text(font: ("Noto Serif CJK SC", "Noto Sans CJK SC"), size: 11pt, lang: "zh")',
        "#set par(first-line-indent: (amount: 2em, all: true), justify: true)",
    ]
    for part in report.parts:
        if isinstance(part, Sheet):
            lines.append(f"#align(center)[{_escaped(part.title)}]")
            if part.unit_line:
                lines.append(f"#align(right)[{_escaped(part.unit_line)}]")
            cells = ", ".join(f"[{_escaped(words(cell))}]" for row in part.rows for cell in row)
            lines.append(
                f"#set par(first-line-indent: 0em)\n#table(columns: {len(part.rows[0])}, {cells})\n#set par(first-line-indent: (amount: 2em, all: true))"
            )
        else:
            lines.append(_escaped("".join(map(words, part))))
        lines.append("")
    compiler: Any = typst.Compiler(font_paths=[str(path) for path in default_directories()])
    made: bytes = compiler.compile(input="\n".join(lines).encode(), format="pdf")
    return made


def _escaped(text: str) -> str:
    for mark in "\\#*_$<>@[]`~-+=/":
        text = text.replace(mark, f"\\{mark}")
    return text.replace("\n", " \\\n")


RENDERED: dict[str, Callable[[Report], bytes]] = {
    "txt": as_txt,
    "html": as_html,
    "md": as_md,
    "docx": as_docx,
    "xlsx": as_xlsx,
    "pdf": as_pdf,
}
