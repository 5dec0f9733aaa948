"""Public PDFs: every character is read once, tables have the grid that is printed, paragraphs are whole.

What is expected was read from pictures of the pages. The documents are kept outside the project; where
they are absent this says so.
"""

import time
from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from pdfminer.high_level import extract_text

from zhunsheng.audit.document import BlockKind, Document, Span
from zhunsheng.audit.finding import Finding, FoundPlace
from zhunsheng.documents.marking.pdf_annotations import annotated_pdf
from zhunsheng.documents.reading.pdf_reader import read_pdf
from zhunsheng.kernel.problem import Severity

DOCUMENTS = Path(__file__).parents[3] / "shared" / "documents"
PATTERNS = [f"{number}-*.pdf" for number in ("001", "002", "003", "004", "006", "008", "009", "017")]

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(
        not DOCUMENTS.is_dir(), reason="the public documents are not beside the project: PDFs not read"
    ),
]


def path(pattern: str) -> Path:
    return next(DOCUMENTS.glob(pattern))


@cache
def read(pattern: str) -> Document:
    found = path(pattern)
    return read_pdf(found.read_bytes(), found.name, ocr=False)


def row(document: Document, table: int, number: int) -> list[str]:
    return [document.quote(each.span) for each in document.tables[table].cells if each.row == number]


def paragraphs(document: Document, begin: str) -> list[str]:
    read = [document.quote(each.span) for each in document.blocks if each.table is None]
    return [each for each in read if each.startswith(begin)]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_nothing_is_wrong_with_these_files_and_reading_is_quick(pattern: str) -> None:
    begin = time.process_time()
    document = read_pdf(path(pattern).read_bytes(), pattern)
    assert time.process_time() - begin < 4
    assert document.problems == ()
    assert document.recognised == ()


# how often the header rows of the fifth table stand again at the top of a page; 006 holds words that a
# spreadsheet clipped away, they are printed on the next page
@pytest.mark.parametrize(
    ("pattern", "repeats"),
    [("001-*.pdf", 0), ("002-*.pdf", 4), ("003-*.pdf", 4), ("004-*.pdf", 1), ("008-*.pdf", 0), ("009-*.pdf", 0), ("017-*.pdf", 0)],
)  # fmt: skip
def test_every_character_is_read_once(pattern: str, repeats: int) -> None:
    header = "项目一般公共预算支出功能分类科目编码功能分类科目名称合计基本支出项目支出类款项"
    other = Counter("".join(extract_text(path(pattern)).split()))
    other.subtract(Counter(header * repeats))
    assert Counter("".join(read(pattern).text.split())) == other


def test_words_clipped_at_the_page_end_are_read_where_they_are_printed() -> None:
    document = read("006-*.pdf")
    assert document.text.count("提供有关境外投资的法律法规") == 1
    (ninth,) = paragraphs(document, "9、组织协调本区商品交易市场规划")
    assert "负责建立健全生活必需品市场供应应急机制，协调重要商品储备和市场调控" in ninth
    assert ninth.endswith("规范流通秩序。")


@pytest.mark.parametrize(
    ("pattern", "sizes"),
    [
        ("001-*.pdf", [(4, 3), (32, 4), (23, 11), (34, 7), (24, 7), (42, 8), (5, 12), (12, 10), (12, 10)]),
        ("002-*.pdf", [(16, 4), (70, 9), (70, 7), (16, 7), (70, 7), (15, 7), (15, 7), (35, 6), (4, 7)]),
        ("008-*.pdf", [(6, 3), (30, 4), (27, 9), (27, 8), (32, 7), (27, 5), (40, 6), (5, 12), (6, 8), (6, 8)]),
    ],
)  # fmt: skip
def test_the_grids_of_all_tables(pattern: str, sizes: list[tuple[int, int]]) -> None:
    assert [(each.rows, each.columns) for each in read(pattern).tables] == sizes


def test_a_budget_over_five_pages_with_its_header_repeated() -> None:
    document = read("002-*.pdf")
    table = document.tables[4]
    assert row(document, 4, 0) == ["项目", "一般公共预算支出"]
    assert row(document, 4, 1) == ["功能分类科目编码", "功能分类科目名称", "合计", "基本支出", "项目支出"]
    assert row(document, 4, 2) == ["类", "款", "项"]
    assert row(document, 4, 69) == ["合计", "156,211,123", "99,706,020", "56,505,103"]
    assert sum(document.quote(cell.span) == "项目" for cell in table.cells) == 1
    medical = next(number for number in range(table.rows) if "行政事业单位医疗" in row(document, 4, number))
    assert row(document, 4, medical) == ["210", "11", "", "行政事业单位医疗", "3,023,657", "3,023,657", "0"]
    assert {cell.page for cell in table.cells if cell.row == medical} == {25}
    assert {cell.page for cell in table.cells if cell.row == 69} == {26}
    above = [block for block in document.blocks if block.page == 22 and block.table is None]
    assert [document.quote(block.span) for block in above] == [
        "2024年部门一般公共预算支出功能分类预算表",
        "编制部门：上海市普陀区人民政府万里街道办事处 单位：元",
    ]
    assert above[0].kind is BlockKind.CAPTION


def test_merged_cells_as_drawn() -> None:
    document = read("009-*.pdf")
    table = document.tables[7]
    spans = {
        document.quote(cell.span): (cell.row, cell.column, cell.row_span, cell.column_span)
        for cell in table.cells
        if cell.row < 3 and len(cell.span)
    }
    assert spans == {
        "财政拨款“三公”经费": (0, 0, 1, 12),
        "合计": (1, 0, 2, 2),
        "因公出国（境）费": (1, 2, 2, 2),
        "公务用车购置及运行费": (1, 4, 1, 6),
        "公务接待费": (1, 10, 3, 2),
        "小计": (2, 4, 1, 2),
        "公务用车购置费": (2, 6, 2, 2),
        "公务用车运行费": (2, 8, 1, 2),
    }
    assert row(document, 7, 5) == ["0.95", *[""] * 9, "0.95", ""]


def test_two_sides_and_wrapped_names() -> None:
    document = read("009-*.pdf")
    assert row(document, 4, 7) == ["", "", "六、科学技术支出", "", "", "", ""]
    assert row(document, 4, 1)[4:] == [
        "一般公共预算财政拨款",
        "政府性基金预算财政拨款",
        "国有资本经营预算财政拨款",
    ]
    assert row(document, 4, 4)[0] == "三、国有资本经营预算财政拨款"
    assert "因公出国（境）费用" in row(document, 6, 14)
    expenditure = read("008-*.pdf")
    assert row(expenditure, 8, 2) == ["合计", "", "", "合计", "基本支出", "项目支出", ""]


def test_paragraphs_are_whole() -> None:
    document = read("009-*.pdf")
    assert paragraphs(document, "9、卫生健康支出") == [
        (
            "9、卫生健康支出（类）行政事业单位医疗（款）行政单位医疗（项）。主要用于：在职人员基本医疗保险费。"
            "年初预算为62.29万元，支出决算为60.99万元。决算数小于预算数的主要原因：预算按周全保障测算，实际执行基本贴合预期。"
        )
    ]
    assert paragraphs(document, "6、社会保障")[0].endswith("预算按充分保障预估，实际执行基本贴合预期。")
    planted = read("001-*.pdf")
    assert paragraphs(planted, "（四）参与预测")[0].endswith("测算及兑现服务经济功能平台工作经费。")
    street = read("002-*.pdf")
    assert paragraphs(street, "30. ")[0].endswith("主要原因是：其他城乡社区支出经费减少。")
    assert len(paragraphs(street, "七、绩效目标")[0]) == len("七、绩效目标")


def test_titles_and_headings() -> None:
    document = read("001-*.pdf")
    found = {document.quote(each.span): each.kind for each in document.blocks}
    assert found["上海市普陀区财政局2024年度部门决算"] is BlockKind.TITLE
    assert found["第一部分 上海市普陀区财政局概况"] is BlockKind.HEADING
    assert found["收入决算表"] is BlockKind.CAPTION
    assert found["一、收入支出决算总体情况说明"] is BlockKind.HEADING


@pytest.mark.parametrize("pattern", ["001-*.pdf", "008-*.pdf"])
def test_annotations_change_no_word(pattern: str) -> None:
    document = read(pattern)
    starts = [index for index, each in enumerate(document.text) if each == "."][::10]
    findings = [
        Finding(
            "A101",
            Severity.NOTE,
            Decimal(1),
            "提示",
            (FoundPlace(0, Span(start - 1, start + 2), document.text[start - 1 : start + 2]),),
            "核对。",
        )
        for start in starts
    ]
    data = path(pattern).read_bytes()
    made = annotated_pdf(data, document, findings)
    again = read_pdf(made, document.name)
    assert len(findings) > 20
    assert made.startswith(data)
    assert made == annotated_pdf(data, document, findings)
    assert (again.text, again.blocks, again.tables) == (document.text, document.blocks, document.tables)
