"""One worksheet of a case: finding the header, reading the rows, naming what is wrong."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from openpyxl.utils import get_column_letter

from zhunsheng.documents.workbook_columns import (
    CONTENT,
    HINT,
    ITEM,
    LAST_HEADER_ROW,
    columns_by_header,
    header_key,
    header_of,
)
from zhunsheng.documents.workbook_kinds import (
    DUPLICATE_HEADER,
    ERROR_CELL,
    FORMULA_USED,
    FORMULA_WITHOUT_VALUE,
    MISSING_COLUMN,
    NO_HEADER,
    NO_HEADER_ABOVE,
    PERCENT,
    TOO_MANY_ROWS,
    UNKNOWN_HEADER,
)
from zhunsheng.documents.workbook_remarks import hidden_parts, merged_ranges
from zhunsheng.documents.workbook_structure import MOST_ROWS, SheetStructure
from zhunsheng.documents.workbook_values import is_percent, scalar_of
from zhunsheng.kernel.located import Located
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problems
from zhunsheng.plans.columns import Column
from zhunsheng.plans.sections import Section

_RECORD_HEADERS: Final = {ITEM, CONTENT, HINT}


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A cell as it was found: its value, how it is shown, and whether it is an error value."""

    value: object = None
    number_format: str = ""
    is_error: bool = False


EMPTY: Final = SheetCell()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A worksheet as it was found; `rows` start with row 1 and are of equal length."""

    title: str
    hidden: bool = False
    structure: SheetStructure = field(default_factory=SheetStructure)
    rows: Sequence[Sequence[SheetCell]] = ()


@dataclass(frozen=True, slots=True)
class SheetContent:
    """What a worksheet gave.

    Attributes:
        content: the located record or table; None when the sheet could not be understood.
        explained: places of cells whose emptiness has been explained by a problem.
    """

    content: Located | None
    explained: set[Place]


def read_sheet(sheet: Sheet, section: Section, file_name: str, problems: Problems) -> SheetContent:
    """Read the worksheet of a section; everything wrong with it is added to `problems`."""
    return _Reading(sheet, section, file_name, problems).read()


@dataclass(slots=True)
class _Reading:
    sheet: Sheet
    section: Section
    file_name: str
    problems: Problems
    explained: set[Place] = field(default_factory=set)
    calculated: list[str] = field(default_factory=list)

    def at(self, row: int, column: int) -> Place:
        return Place(self.file_name, sheet=self.sheet.title, cell=f"{get_column_letter(column)}{row}")

    def read(self) -> SheetContent:
        whole = Place(self.file_name, sheet=self.sheet.title)
        found = self._header()
        if found is None:
            if self.sheet.rows or self.section.shape == "record":
                wanted = "、".join(self._wanted())
                what = f"工作表“{self.sheet.title}”前 {LAST_HEADER_ROW} 行没有表头（{wanted}）"
                self.problems.add(NO_HEADER.at(self.at(1, 1), what))
            return SheetContent(None, self.explained)
        header_row, headers = found
        self._check_extent(whole, header_row)
        if self.section.shape == "record":
            content: Located = Located(self._record(header_row, headers), whole)
        else:
            content = Located(list(self._table(header_row, headers)), whole)
        self._remarks(whole, header_row)
        return SheetContent(content, self.explained)

    def _wanted(self) -> list[str]:
        if self.section.shape == "record":
            return [ITEM, CONTENT]
        return [header_of(column) for column in self.section.columns if column.required]

    def _header(self) -> tuple[int, dict[str, int]] | None:
        """The header row, and the sheet column of every header key; the fullest row wins."""
        known = _RECORD_HEADERS if self.section.shape == "record" else set(columns_by_header(self.section))
        best, best_count = None, 0
        for number, cells in enumerate(self.sheet.rows[:LAST_HEADER_ROW], 1):
            keys = {header_key(cell.value) for cell in cells if cell.value is not None}
            if len(keys & known) > best_count:
                best, best_count = number, len(keys & known)
        if best is None:
            return None
        return best, self._columns_of(best, known)

    def _columns_of(self, row: int, known: set[str]) -> dict[str, int]:
        """The sheet column of each known header; unknown and repeated ones are problems."""
        record = self.section.shape == "record"
        names = {} if record else {key: each.name for key, each in columns_by_header(self.section).items()}
        found: dict[str, int] = {}
        unlabelled: dict[int, tuple[int, int]] = {}
        for index, cell in enumerate(self.sheet.rows[row - 1], 1):
            if cell.value is None or not str(cell.value).strip():
                self._content_below(row, index, unlabelled)
                continue
            key = header_key(cell.value)
            name = names.get(key, key)
            if key not in known:
                what = f"工作表“{self.sheet.title}”没有名为“{cell.value}”的列"
                self.problems.add(UNKNOWN_HEADER.at(self.at(row, index), what, value=cell.value))
            elif name in found:
                what = f"表头“{cell.value}”重复，前一列是 {get_column_letter(found[name])} 列"
                self.problems.add(DUPLICATE_HEADER.at(self.at(row, index), what, value=cell.value))
            else:
                found[name] = index
        for index, (first, count) in unlabelled.items():
            what = f"{get_column_letter(index)} 列没有表头，却有 {count} 个单元格有内容，未读取"
            self.problems.add(NO_HEADER_ABOVE.at(self.at(first, index), what))
        return found

    def _content_below(self, row: int, index: int, unlabelled: dict[int, tuple[int, int]]) -> None:
        for number, cells in enumerate(self.sheet.rows[row:], row + 1):
            value = cells[index - 1].value
            if value is not None and str(value).strip():
                first, count = unlabelled.get(index, (number, 0))
                unlabelled[index] = (first, count + 1)

    def _table(self, header_row: int, headers: dict[str, int]) -> Iterator[Located]:
        for column in self.section.columns:
            if column.required and column.name not in headers:
                what = f"工作表“{self.sheet.title}”缺少必填的列“{column.label}”"
                self.problems.add(MISSING_COLUMN.at(self.at(header_row, 1), what, value=column.label))
        columns = [column for column in self.section.columns if column.name in headers]
        for number, cells in enumerate(self.sheet.rows[header_row:], header_row + 1):
            used = [(column, headers[column.name]) for column in columns]
            if all(self._is_blank(cells, number, index) for _, index in used):
                continue
            row = {column.name: self._cell(cells, number, index, column) for column, index in used}
            yield Located(row, Place(self.file_name, number, self.sheet.title))

    def _record(self, header_row: int, headers: dict[str, int]) -> dict[str, Located]:
        absent = [title for title in (ITEM, CONTENT) if title not in headers]
        for title in absent:
            what = f"工作表“{self.sheet.title}”缺少“{title}”列"
            self.problems.add(MISSING_COLUMN.at(self.at(header_row, 1), what, value=title))
        found = {} if absent else self._items(header_row, headers)
        for column in self.section.columns:
            if not absent and column.required and column.name not in found:
                what = f"工作表“{self.sheet.title}”缺少必填的项目“{column.label}”"
                self.problems.add(MISSING_COLUMN.at(self.at(header_row, 1), what, value=column.label))
        return found

    def _items(self, header_row: int, headers: dict[str, int]) -> dict[str, Located]:
        """The rows of a record sheet, by field name."""
        known = columns_by_header(self.section)
        found: dict[str, Located] = {}
        for number, cells in enumerate(self.sheet.rows[header_row:], header_row + 1):
            written = cells[headers[ITEM] - 1].value
            if written is None or not str(written).strip():
                if not self._is_blank(cells, number, headers[CONTENT]):
                    what = f"第 {number} 行有内容，却没有写明项目"
                    self.problems.add(NO_HEADER_ABOVE.at(self.at(number, headers[CONTENT]), what))
                continue
            column = known.get(header_key(written))
            place = self.at(number, headers[ITEM])
            if column is None:
                what = f"工作表“{self.sheet.title}”没有名为“{written}”的项目"
                self.problems.add(UNKNOWN_HEADER.at(place, what, value=written))
            elif column.name in found:
                what = f"项目“{written}”重复"
                self.problems.add(DUPLICATE_HEADER.at(place, what, value=written))
            else:
                found[column.name] = self._cell(cells, number, headers[CONTENT], column)
        return found

    def _is_blank(self, cells: Sequence[SheetCell], row: int, index: int) -> bool:
        value = cells[index - 1].value
        blank = value is None or (isinstance(value, str) and not value.strip())
        return blank and self.sheet.structure.formulas.get((row, index), True)

    def _cell(self, cells: Sequence[SheetCell], row: int, index: int, column: Column) -> Located:
        cell = cells[index - 1]
        place = self.at(row, index)
        calculated = self.sheet.structure.formulas.get((row, index))
        if calculated is False:
            what = f"“{column.label}”是公式，但没有计算结果"
            self.problems.add(FORMULA_WITHOUT_VALUE.at(place, what))
        elif cell.is_error:
            what = f"“{column.label}”是错误值 {cell.value}"
            self.problems.add(ERROR_CELL.at(place, what, value=cell.value))
        else:
            if calculated:
                self.calculated.append(place.cell or "")
            if cell.value is None:
                return Located(None, place)
            value = scalar_of(cell.value, cell.number_format, column)
            if is_percent(cell.value, cell.number_format, column):
                what = f"“{column.label}”填有百分号，按 {value} 读取"
                self.problems.add(PERCENT.at(place, what, value=value))
            return Located(value, place)
        self.explained.add(place)
        return Located(None, place)

    def _check_extent(self, whole: Place, header_row: int) -> None:
        structure = self.sheet.structure
        if structure.last_row - header_row > MOST_ROWS - LAST_HEADER_ROW:
            what = f"工作表“{self.sheet.title}”有内容的最后一行是第 {structure.last_row:,} 行"
            self.problems.add(TOO_MANY_ROWS.at(whole, what))
        if structure.far:
            what = f"表格右侧很远处的 {structure.far} 有内容，未读取"
            self.problems.add(
                NO_HEADER_ABOVE.at(Place(self.file_name, sheet=self.sheet.title, cell=structure.far), what)
            )

    def _remarks(self, whole: Place, header_row: int) -> None:
        if self.calculated:
            first = Place(self.file_name, sheet=self.sheet.title, cell=self.calculated[0])
            listed = "、".join(self.calculated[:5]) + ("等" if len(self.calculated) > 5 else "")
            what = f"{listed} 共 {len(self.calculated)} 个单元格是公式，按计算结果读取"
            self.problems.add(FORMULA_USED.at(first, what))
        self.explained |= merged_ranges(self.sheet.structure, whole, header_row, self.problems)
        hidden_parts(self.sheet.structure, whole, hidden=self.sheet.hidden, problems=self.problems)
