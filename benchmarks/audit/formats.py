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
from collections.abc import Iterable
from pathlib import Path

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
DPI = 200


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


def errors_of(result: Audit, severities: Iterable[Severity]) -> set[tuple[str, str, str]]:
    """Errors by code, printed and computed figure; spaces do not count."""
    return {
        (each.code, "".join(each.printed.split()), "".join(each.computed.split()))
        for each in result.findings
        if each.severity in set(severities)
    }


def main() -> None:
    """Print, for each report and format, how many of the findings in the text are found again."""
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="*", type=Path)
    files = parser.parse_args().files or sorted(SEEDS.glob("*.txt"))
    rules = load_audit_rules()[0]
    for path in files:
        text = path.read_bytes()
        report = parts_of(read_bytes(text, path.name))
        pdf = as_pdf(report)
        versions = {"txt": text, "docx": as_docx(report), "pdf": pdf, "scan": scanned(pdf)}
        baseline: dict[Severity, set[tuple[str, str, str]]] = {}
        for name, content in versions.items():
            begun = time.perf_counter()
            document = read_bytes(content, f"{path.stem}.{'pdf' if name == 'scan' else name}")
            result = audit([document], rules)
            seconds = time.perf_counter() - begun
            line = [f"{path.stem} {name}: {document.page_count or 0} pages, {seconds:.2f} s"]
            for severity in (Severity.ERROR, Severity.WARNING):
                found = errors_of(result, [severity])
                known = baseline.setdefault(severity, found)
                line.append(
                    f"{severity.value}s {len(found & known)} of {len(known)}, new {len(found - known)}"
                )
                line.extend(f"\n    missing {severity.value} {each}" for each in sorted(known - found))
                line.extend(f"\n    new {severity.value} {each}" for each in sorted(found - known))
            print("; ".join(line), flush=True)


if __name__ == "__main__":
    Image.MAX_IMAGE_PIXELS = None
    main()
