"""Reading a case from one workbook: all faults at once, each with its sheet and cell."""

import io
import warnings
import zipfile
from collections.abc import Iterator
from typing import Any, Final

from defusedxml.ElementTree import iterparse
from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

from zhunsheng.documents.workbook_columns import FACT_LIST, GUIDE
from zhunsheng.documents.workbook_guard import EXTERNAL_LINK, guard
from zhunsheng.documents.workbook_kinds import DUPLICATE_SHEET, MISSING_SHEET, UNKNOWN_SHEET, UNREADABLE
from zhunsheng.documents.workbook_sheets import EMPTY, Sheet, SheetCell, read_sheet
from zhunsheng.documents.workbook_structure import MOST_COLUMNS, MOST_ROWS, scan
from zhunsheng.kernel.located import MISSING, Located
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem, Problems, Severity
from zhunsheng.plans.case import Case
from zhunsheng.plans.reading import MISSING_SECTION, read_case
from zhunsheng.plans.sections import SECTIONS, Section

_SECTION_OF: Final = {section.name: section for section in SECTIONS} | {
    section.label: section for section in SECTIONS
}
_REQUIRED: Final = tuple(section for section in SECTIONS if section.shape == "record")
_RANK: Final = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


def read_case_workbook(
    data: bytes, file_name: str, rows: dict[str, Located] | None = None
) -> tuple[Case | None, tuple[Problem, ...]]:
    """Read a case from the bytes of an .xlsx workbook.

    Nothing is written anywhere, and no bytes make this raise: what cannot be read is a problem.

    Args:
        data: the file.
        file_name: its name, for places and messages.
        rows: is filled with the located content by section, for naming places later.

    Returns:
        The case, or None when there is any error; and all problems, errors first.
    """
    refused = guard(data, file_name)
    if any(problem.severity is Severity.ERROR and problem.code != EXTERNAL_LINK.code for problem in refused):
        return None, refused
    whole = Place(file_name)
    try:
        sheets = list(_sheets(data))
    except Exception as error:  # noqa: BLE001 - foreign bytes can break the library in any way
        what = f"“{file_name}”无法读取（{type(error).__name__}）"
        return None, (*refused, UNREADABLE.at(whole, what))
    problems = Problems(list(refused))
    sections: dict[str, Located] = {} if rows is None else rows
    explained: set[Place] = set()
    for section, sheet in _assigned(sheets, whole, problems):
        found = read_sheet(sheet, section, file_name, problems)
        explained |= found.explained
        if found.content is not None:
            sections[section.name] = found.content
    case, faults = read_case(sections, whole)
    problems.extend(fault for fault in faults if not _said_already(fault, explained))
    ordered = tuple(sorted(problems.found, key=lambda problem: _RANK[problem.severity]))
    return (None if problems.has_errors else case), ordered


class _Reader(ExcelReader):
    """The library's reader, with shared texts as they are written.

    The library drops `x005F_` wherever it stands, so that an escaped text could no longer be told
    from a literal one.
    """

    def read_strings(self) -> None:
        part = self.package.find(SHARED_STRINGS)  # type: ignore[no-untyped-call]
        if part is None:
            return
        with self.archive.open(part.PartName[1:]) as source:
            for _, node in iterparse(source, forbid_dtd=True):
                if node.tag == f"{{{SHEET_MAIN_NS}}}si":
                    text = Text.from_tree(node)
                    self.shared_strings.append("" if text is None else text.content)
                    node.clear()


def _sheets(data: bytes) -> Iterator[Sheet]:
    with warnings.catch_warnings():
        # the library warns about what it leaves out of a workbook it would write back; we do not
        warnings.simplefilter("ignore")
        reader = _Reader(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        reader.read()
        parts = {
            sheet.name: relation.target for sheet, relation in reversed(list(reader.parser.find_sheets()))
        }
        known: set[str] = set()
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            for sheet in reader.wb.worksheets:
                if sheet.title in known or sheet.title.strip() not in _SECTION_OF:
                    yield Sheet(sheet.title)
                    continue
                known.add(sheet.title)
                with package.open(parts[sheet.title]) as source:
                    structure = scan(source)
                last = min(structure.last_row, MOST_ROWS)
                cells = sheet.iter_rows(min_row=1, max_row=last, max_col=MOST_COLUMNS) if last else ()
                # taken out of the library here, inside the boundary, because its cells fail late
                rows = [[_taken(cell) for cell in row] for row in cells]
                yield Sheet(sheet.title, sheet.sheet_state != "visible", structure, rows)


def _taken(cell: Any) -> SheetCell:  # noqa: ANN401 - a cell of the library, of several kinds
    if cell.value is None:
        return EMPTY
    return SheetCell(cell.value, cell.number_format or "", cell.data_type == "e")


def _assigned(sheets: list[Sheet], whole: Place, problems: Problems) -> Iterator[tuple[Section, Sheet]]:
    """Each section with its sheet, in the order of the sections."""
    assigned: dict[str, Sheet] = {}
    for sheet in sheets:
        section = _SECTION_OF.get(sheet.title.strip())
        place = Place(whole.file, sheet=sheet.title)
        if section is None:
            if sheet.title.strip() not in {GUIDE, FACT_LIST}:
                problems.add(
                    UNKNOWN_SHEET.at(place, f"工作表“{sheet.title}”不属于年度档案，未读取", value=sheet.title)
                )
        elif section.name in assigned:
            first = assigned[section.name].title
            problems.add(
                DUPLICATE_SHEET.at(
                    place, f"“{section.label}”已在工作表“{first}”中，本表未读取", value=sheet.title
                )
            )
        else:
            assigned[section.name] = sheet
    for section in SECTIONS:
        if section.name in assigned:
            yield section, assigned[section.name]
        elif section in _REQUIRED:
            problems.add(MISSING_SHEET.at(whole, f"缺少工作表“{section.label}”", value=section.label))


def _said_already(fault: Problem, explained: set[Place]) -> bool:
    """Whether a fault only repeats what was said about the sheet, header or cell."""
    if fault.code == MISSING_SECTION.code:
        return True
    # the place of a missing value is a whole row only when its column is missing
    return fault.code == MISSING.code and (fault.place.cell is None or fault.place in explained)
