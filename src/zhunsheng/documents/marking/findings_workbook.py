"""The findings of an audit as a workbook: findings, obligations, coverage."""

from collections.abc import Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from zhunsheng.audit.audit_data import finding_key
from zhunsheng.audit.auditing import Audit
from zhunsheng.audit.finding import FoundPlace
from zhunsheng.documents.stable_zip import repack

_LINE_HEIGHT = 15
_HIGHEST_ROW = 409  # points; more is not allowed
_FILLS = {"error": "FDE0DD", "warning": "FFF0C9", "note": "E3EEFC"}
_FINDINGS = (
    ("序号", 6),
    ("严重程度", 10),
    ("规则", 8),
    ("问题", 52),
    ("原文", 16),
    ("应为", 16),
    ("相差", 12),
    ("位置", 46),
    ("处理办法", 40),
    ("把握", 8),
    ("标识", 15),
    ("处理结果", 18),
)


def findings_workbook(audit: Audit) -> bytes:
    """The workbook; the last column of the first sheet is for the person who works through it."""
    book = Workbook()
    sheet = book.active
    if not isinstance(sheet, Worksheet):
        raise TypeError("a new workbook has a worksheet")
    sheet.title = "问题清单"
    rows = [
        (
            number,
            finding.severity.label,
            finding.code,
            finding.message,
            finding.printed,
            finding.computed,
            finding.difference,
            "\n".join(_place_words(audit, place) for place in finding.places),
            finding.remedy,
            str(finding.confidence),
            finding_key(audit, finding),
            "",
        )
        for number, finding in enumerate(audit.findings, start=1)
    ]
    _fill(sheet, _FINDINGS, rows)
    for row, finding in enumerate(audit.findings, start=2):
        sheet.cell(row, 2).fill = PatternFill("solid", start_color=_FILLS[finding.severity.value])
    _fill(
        book.create_sheet("应检项"),
        (("规则", 8), ("名称", 40), ("适用", 8), ("通过", 8), ("不符", 8), ("缺数据", 8)),
        [
            (each.rule, each.label, each.applied, each.passed, each.failed, each.insufficient)
            for each in audit.obligations
        ],
    )
    _fill(
        book.create_sheet("覆盖情况"),
        (
            ("文件", 40),
            ("数字", 8),
            ("编号日期等", 12),
            ("理解", 8),
            ("参加核对", 10),
            ("未理解", 8),
            ("SHA-256", 66),
        ),
        [
            (
                reading.document.name,
                coverage.numerals,
                coverage.structural,
                coverage.understood,
                coverage.checked,
                coverage.unknown,
                reading.document.sha256,
            )
            for reading, coverage in zip(audit.readings, audit.coverage, strict=True)
        ],
    )
    buffer = BytesIO()
    book.save(buffer)
    return repack(buffer.getvalue())


def _fill(sheet: Worksheet, columns: Sequence[tuple[str, int]], rows: Sequence[Sequence[str | int]]) -> None:
    for column, (title, width) in enumerate(columns, start=1):
        cell = sheet.cell(1, column, title)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", start_color="E8EDF3")
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(column)].width = width
    for row, values in enumerate(rows, start=2):
        # not every program makes rows as high as their wrapped text
        lines = max(_lines(str(value), width) for value, (_, width) in zip(values, columns, strict=True))
        sheet.row_dimensions[row].height = min(_LINE_HEIGHT * lines + 2, _HIGHEST_ROW)
        for column, value in enumerate(values, start=1):
            written = sheet.cell(row, column, value)
            if isinstance(value, str):
                written.data_type = "s"  # text stays text: a quoted "=…" is no formula
            written.alignment = Alignment(vertical="top", wrap_text=True)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{max(len(rows) + 1, 1)}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr] # openpyxl makes it
    sheet.print_title_rows = "1:1"


def _lines(text: str, width: int) -> int:
    r"""How many lines a text takes in a column; a Chinese character is as wide as two digits.

    >>> _lines("共 3 项\n不符", 20), _lines("合计与各项之和不符", 10)
    (2, 3)
    """
    usable = max(width - 2, 1)
    found = 0
    for line in text.split("\n"):
        wide = sum(1 if character.isascii() else 2 for character in line)
        found += max(1, -(-wide // usable))
    return found


def _place_words(audit: Audit, place: FoundPlace) -> str:
    document = audit.readings[place.document].document
    page = document.page_at(place.span.start)
    line = document.text.count("\n", 0, place.span.start) + 1
    where = f"第 {page} 页" if page is not None else f"第 {line} 行"
    name = f"{document.name} " if len(audit.readings) > 1 else ""
    before = "".join(document.text[max(0, place.span.start - 14) : place.span.start].split())
    return f"{name}{where}：…{before}【{''.join(place.text.split())}】{place.note}"
