"""Workbooks of a year made by hand, whole and tampered with, and what is said about them."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence

from openpyxl import Workbook

from zhunsheng.documents.case_workbook import read_case_workbook
from zhunsheng.kernel.problem import Problem, Severity

ABOUT: list[list[object]] = [
    ["项目", "内容"],
    ["档案编码", "demo-2023"],
    ["报告标题", "自评报告"],
    ["年度", 2023],
    ["评分体系", "guangdong-dept-2023"],
]
BODY: list[list[object]] = [["项目", "内容"], ["部门名称", "某市某局"]]
NAME = "上报.xlsx"


def workbook(**tables: Sequence[Sequence[object]]) -> Workbook:
    """A hand-made workbook: the two required sheets and the given ones."""
    book = Workbook()
    book.remove(book.worksheets[0])
    sheets: dict[str, Sequence[Sequence[object]]] = {"基本信息": ABOUT, "部门": BODY, **tables}
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    return book


def saved(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def repacked(
    data: bytes, change: Callable[[str, bytes], bytes] | None = None, more: Mapping[str, bytes] | None = None
) -> bytes:
    """The package with changed members and more members."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, change(name, content) if change else content)
        for name, content in (more or {}).items():
            target.writestr(name, content)
    return stream.getvalue()


def problems_of(data: bytes | Workbook, name: str = NAME) -> tuple[Problem, ...]:
    case, problems = read_case_workbook(saved(data) if isinstance(data, Workbook) else data, name)
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    assert (case is None) == bool(errors)
    return problems


def said(problems: Sequence[Problem]) -> list[tuple[str, str, str]]:
    return [
        (problem.code, str(problem.place).removeprefix(NAME).strip(), problem.what) for problem in problems
    ]


VALID = saved(workbook())


def with_cells(cells: bytes) -> bytes:
    """A workbook whose 主要职责 sheet has the given XML as row 3."""

    def change(name: str, content: bytes) -> bytes:
        if name != "xl/worksheets/sheet3.xml":
            return content
        return content.replace(b"</sheetData>", b'<row r="3">' + cells + b"</row></sheetData>")

    return repacked(saved(workbook(主要职责=[["序号", "职责"], [1, "拟订规划"]])), change)
