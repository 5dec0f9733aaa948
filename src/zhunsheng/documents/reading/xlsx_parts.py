"""The parts of an .xlsx package, read as streams: sheets, shared texts, number formats.

The spreadsheet libraries give either values or formulas and expand every range that a file names; one pass
over the sheet's XML gives value, format, formula, merged and hidden cells together, in bounded memory.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import IO, Final

from lxml import etree
from openpyxl.formula.translate import Translator

from zhunsheng.documents.reading.number_format import GENERAL, builtin_format, shown
from zhunsheng.documents.reading.sheet_cells import Range, Sheet, SheetCell

_ON: Final = {"1", "true"}
_ADDRESS: Final = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_ESCAPE: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MOST_MERGED: Final = 50_000
_MOST_MOVED: Final = 20_000
_LONGEST_FORMULA: Final = 1_000
_MOST_ROWS: Final = 1_048_576
_MOST_COLUMNS: Final = 16_384


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A sheet of the workbook and the name of its part in the package."""

    title: str
    part: str
    visible: bool = True


@dataclass(frozen=True, slots=True)
class CellStyle:
    """How a cell shows its value: number format and indentation."""

    code: str = GENERAL
    indent: int = 0


@dataclass(slots=True)
class Package:
    """What all sheets of a workbook share."""

    archive: zipfile.ZipFile
    sheets: list[SheetPart] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    styles: list[CellStyle] = field(default_factory=list)
    from_1904: bool = False
    styles_known: bool = True


@dataclass(slots=True)
class SheetContent:
    """A sheet as read.

    Attributes:
        sheet: its cells and merged ranges.
        unread: number of cells beyond the limit.
        without_result, errors: addresses of formulas without a result, and of error values.
        hidden_rows, hidden_columns: hidden ones with text, 0-based.
    """

    sheet: Sheet
    unread: int = 0
    without_result: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


@dataclass(slots=True)
class _Shared:
    """Formulas of a sheet that several cells share: group to formula and address of its first cell."""

    masters: dict[str, tuple[str, str]] = field(default_factory=dict)
    moved: int = 0


def open_package(data: bytes) -> Package:
    """The shared parts of a workbook.

    Raises:
        Exception: whatever damaged bytes make the zip or XML reader raise; the caller is the boundary.
    """
    archive = zipfile.ZipFile(io.BytesIO(data))
    package = Package(archive)
    relations = {
        each.get("Id") or "": _part_name(each.get("Target") or "")
        for each in _tree(archive, "xl/_rels/workbook.xml.rels")
    }
    for element in _tree(archive, "xl/workbook.xml").iter("{*}workbookPr", "{*}sheet"):
        if _name(element) == "workbookPr":
            package.from_1904 = element.get("date1904") in _ON
            continue
        identity = next((str(value) for key, value in element.items() if str(key).endswith("}id")), "")
        part = relations.get(identity, "")
        # charts and macro sheets have no cells to read
        if part and "worksheets" in part.lower():
            title = element.get("name") or ""
            package.sheets.append(SheetPart(title, part, element.get("state", "visible") == "visible"))
    names = set(archive.namelist())
    strings = next((each for each in names if each.lower() == "xl/sharedstrings.xml"), None)
    if strings:
        with archive.open(strings) as source:
            package.texts = [_rich_text(each) for each in _stream(source, "{*}si")]
    try:
        package.styles = _styles(_tree(archive, "xl/styles.xml"))
    except (KeyError, etree.XMLSyntaxError, ValueError):
        package.styles_known = False
    return package


def read_sheet(package: Package, part: SheetPart, most_cells: int) -> SheetContent:
    """The cells of a sheet, at most so many.

    Raises:
        Exception: as `open_package`.
    """
    found = SheetContent(Sheet(part.title))
    hidden_columns: list[tuple[int, int]] = []
    shared = _Shared()
    number = -1
    with package.archive.open(part.part) as source:
        for element in _stream(source, "{*}row", "{*}mergeCell", "{*}col"):
            name = _name(element)
            if name == "col" and element.get("hidden") in _ON:
                first, last = _int(element.get("min")) - 1, _int(element.get("max")) - 1
                hidden_columns.append((first, min(last, _MOST_COLUMNS)))
            elif name == "mergeCell":
                merged = _range(element.get("ref") or "")
                if merged is not None and len(found.sheet.merged) < _MOST_MERGED:
                    found.sheet.merged.append(merged)
            elif name == "row":
                number = _int(element.get("r")) - 1 if element.get("r") else number + 1
                if len(found.sheet.cells) >= most_cells:
                    found.unread += sum(1 for cell in element if len(cell))
                    continue
                _row(package, part, found, element, number, hidden_columns, shared)
    if len(found.sheet.cells) > most_cells:
        found.unread += len(found.sheet.cells) - most_cells
        del found.sheet.cells[most_cells:]
    found.sheet.cells.sort(key=lambda cell: (cell.row, cell.column))
    return found


def _row(
    package: Package,
    part: SheetPart,
    found: SheetContent,
    element: etree._Element,
    number: int,
    hidden_columns: list[tuple[int, int]],
    shared: _Shared,
) -> None:
    row_hidden = element.get("hidden") in _ON
    column = -1
    for cell in element:
        place = _ADDRESS.fullmatch(cell.get("r") or "")
        column = _column(place[1]) if place else column + 1
        row = int(place[2]) - 1 if place else number
        if not len(cell) or column >= _MOST_COLUMNS or not 0 <= row < _MOST_ROWS:
            continue
        text, formula = _value(package, cell, shared)
        address = f"{column_name(column)}{row + 1}"
        if formula and not text and cell.get("t") != "str":
            found.without_result.append(address)
        if cell.get("t") == "e":
            found.errors.append(address)
        if not text.strip():
            continue
        column_hidden = any(first <= column <= last for first, last in hidden_columns[:500])
        if row_hidden:
            found.hidden_rows.add(row)
        if column_hidden:
            found.hidden_columns.add(column)
        hidden = row_hidden or column_hidden or not part.visible
        found.sheet.cells.append(SheetCell(row, column, text, hidden, formula))


def _value(package: Package, cell: etree._Element, shared: _Shared) -> tuple[str, str]:
    """The shown text of a cell and its formula."""
    kind = cell.get("t") or "n"
    raw: str | None = None
    formula = ""
    text = ""
    for child in cell:
        name = _name(child)
        if name == "v":
            raw = child.text
        elif name == "f":
            formula = _formula(child, cell.get("r") or "", shared)
        elif name == "is":
            text = _rich_text(child)
    index = _int(cell.get("s"))
    style = package.styles[index] if 0 <= index < len(package.styles) else CellStyle()
    if kind == "n":
        return _number(raw or "", style.code, from_1904=package.from_1904), formula
    if kind == "s":
        at = _int(raw)
        text = package.texts[at] if raw and 0 <= at < len(package.texts) else ""
    elif kind == "b":
        text = "TRUE" if (raw or "").strip() == "1" else "FALSE"
    elif kind != "inlineStr":
        text = _clean(raw or "")
    return ("\u3000" * style.indent + text if text else ""), formula


def _number(raw: str, code: str, *, from_1904: bool) -> str:
    """A number as its cell shows it; as the file has it when it is no number after all."""
    try:
        return shown(Decimal(raw.strip()), code, from_1904=from_1904) if raw else ""
    except (InvalidOperation, OverflowError, ValueError):
        return raw


def _formula(element: etree._Element, address: str, shared: _Shared) -> str:
    """The formula of a cell; one of a shared group is moved from the cell that has it."""
    text = (element.text or "").strip()
    group = element.get("si") if element.get("t") == "shared" else None
    if text or group is None:
        if group is not None:
            shared.masters[group] = (f"={text}", address)
        return f"={text or '…'}"
    master, origin = shared.masters.get(group, ("=…", ""))
    shared.moved += 1
    if not origin or len(master) > _LONGEST_FORMULA or shared.moved > _MOST_MOVED:
        return master
    try:
        return str(Translator(master, origin=origin).translate_formula(address))
    except Exception:  # noqa: BLE001 - the formula is information only, and the library breaks on odd ones
        return master


def _styles(root: etree._Element) -> list[CellStyle]:
    codes = {_int(each.get("numFmtId")): each.get("formatCode") or GENERAL for each in root.iter("{*}numFmt")}
    found = []
    for formats in root.iter("{*}cellXfs"):
        for each in formats:
            number = _int(each.get("numFmtId"))
            alignment = next(each.iter("{*}alignment"), None)
            indent = _int(alignment.get("indent")) if alignment is not None else 0
            found.append(CellStyle(codes.get(number) or builtin_format(number), max(0, min(indent, 15))))
    return found


def _rich_text(element: etree._Element) -> str:
    """The text of a shared or inline text, without its phonetic guide."""
    pieces = []
    for child in element.iter("{*}t"):
        parent = child.getparent()
        if parent is None or _name(parent) != "rPh":
            pieces.append(child.text or "")
    return _clean("".join(pieces))


def _clean(text: str) -> str:
    """Escaped characters restored, line ends as line feeds, no tab, nothing blank at the end."""
    if "_x" in text:
        text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
        # two escapes may be the halves of one character; a half alone is none
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").rstrip().lstrip("\n")


def _stream(source: IO[bytes], *tags: str) -> Iterator[etree._Element]:
    """The elements of a part as they end; each is dropped when the next is asked for."""
    for _, element in etree.iterparse(
        source, events=("end",), tag=tags, resolve_entities=False, no_network=True, load_dtd=False
    ):
        yield element
        element.clear()
        while element.getprevious() is not None:
            parent = element.getparent()
            if parent is None:
                break
            del parent[0]


def _part_name(target: str) -> str:
    """The part a relation of the workbook points to; absolute targets begin with a slash."""
    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")


def _tree(archive: zipfile.ZipFile, name: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(archive.read(name), parser)


def _name(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _int(text: str | None) -> int:
    plain = (text or "").strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 10 else 0


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def column_name(column: int) -> str:
    """The letters of a 0-based column.

    >>> column_name(0), column_name(27)
    ('A', 'AB')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _range(text: str) -> Range | None:
    begin, _, end = text.partition(":")
    first, last = _ADDRESS.fullmatch(begin), _ADDRESS.fullmatch(end or begin)
    if first is None or last is None:
        return None
    return Range(int(first[2]) - 1, _column(first[1]), int(last[2]) - 1, _column(last[1]))
