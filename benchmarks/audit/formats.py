"""The same report as text, Word, PDF and scan: which of its errors are found in each.

    python benchmarks/audit/formats.py [FILE…]

Without FILE the two public reports beside the project are used. The text is read once, written anew as a
Word document, a PDF with text and a PDF of 200-dpi pictures, and each of the four is read and audited. An
error is the same when its code and its figures are the same. The text file is the baseline.
"""

import argparse
import io
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import pypdfium2
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent))

from generated_report import Figure, Report, Sheet
from rendering import as_docx, as_pdf

from zhunsheng.audit.auditing import Audit, audit
from zhunsheng.audit.document import Document
from zhunsheng.audit.reading import read
from zhunsheng.documents.reading.reading import read_bytes
from zhunsheng.kernel.problem import Severity
from zhunsheng.store.audit_rule_files import load_audit_rules

SEEDS = Path(__file__).resolve().parents[3] / "shared" / "seeds"
QUALITY = Path(__file__).resolve().parents[2] / "docs" / "audit-quality.md"
DPI = 200
HEAD = f"""## One report in four formats

The scan is made of {DPI}-dpi pictures without text. The text file is the baseline.

| report | format | pages | seconds | errors found again | new | warnings found again | new |
| --- | --- | --- | --- | --- | --- | --- | --- |"""
Told: TypeAlias = tuple[str, str, str]


def parts_of(document: Document) -> Report:
    """A read document as paragraphs and tables, to be written in another format."""
    report = Report("", [])
    cells: dict[int, dict[tuple[int, int], str]] = {}
    for passage in read(document).passages:
        if passage.cell is None:
            report.parts.append([passage.text])
            continue
        if passage.cell.table not in cells:
            table = document.tables[passage.cell.table]
            cells[passage.cell.table] = {}
            rows: list[list[str | Figure]] = [[""] * table.columns for _ in range(table.rows)]
            report.parts.append(Sheet(rows))
        sheet = next(part for part in reversed(report.parts) if isinstance(part, Sheet))
        sheet.rows[passage.cell.row][passage.cell.column] = passage.text
    return report


def scanned(pdf: bytes) -> bytes:
    """The pages of a PDF as pictures, in a PDF without text."""
    source = pypdfium2.PdfDocument(pdf)
    pages = [page.render(scale=DPI / 72).to_pil().convert("L") for page in source]
    stream = io.BytesIO()
    first, *others = pages
    first.save(stream, "PDF", resolution=DPI, save_all=True, append_images=others)
    return stream.getvalue()


def told(result: Audit, severity: Severity) -> set[Told]:
    """Findings by code, printed and computed figure; spaces do not count."""
    return {
        (each.code, "".join(each.printed.split()), "".join(each.computed.split()))
        for each in result.findings
        if each.severity is severity
    }


def measured(path: Path) -> Iterator[str]:
    """One line of a table for each format of a report; what differs from the text is printed."""
    rules = load_audit_rules()[0]
    text = path.read_bytes()
    report = parts_of(read_bytes(text, path.name))
    pdf = as_pdf(report)
    versions = {"txt": text, "docx": as_docx(report), "pdf": pdf, "scan": scanned(pdf)}
    baseline: dict[Severity, set[Told]] = {}
    for name, content in versions.items():
        begun = time.perf_counter()
        document = read_bytes(content, f"{path.stem}.{'pdf' if name == 'scan' else name}")
        result = audit([document], rules)
        seconds = time.perf_counter() - begun
        cells = [path.stem, name, str(document.page_count or "—"), f"{seconds:.2f}"]
        for severity in (Severity.ERROR, Severity.WARNING):
            found = told(result, severity)
            known = baseline.setdefault(severity, found)
            cells += [f"{len(found & known)} of {len(known)}", str(len(found - known))]
            for words, each in (("missing", known - found), ("new", found - known)):
                for one in sorted(each):
                    print(f"    {path.stem} {name}: {words} {severity.value} {one}")
        yield "| " + " | ".join(cells) + " |"


def main() -> None:
    """Measure, print and append to docs/audit-quality.md."""
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="*", type=Path)
    files = parser.parse_args().files or sorted(SEEDS.glob("*.txt"))
    lines = [HEAD, *(line for path in files for line in measured(path)), ""]
    print("\n".join(lines))
    if QUALITY.is_file():
        kept = QUALITY.read_text(encoding="utf-8").partition(HEAD.splitlines()[0])[0].rstrip()
        QUALITY.write_text(kept + "\n\n" + "\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    Image.MAX_IMAGE_PIXELS = None
    main()
