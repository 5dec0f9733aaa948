"""The report this program writes, read back: its headings, sentences and merged tables."""

from zhunsheng.audit.document import BlockKind
from zhunsheng.documents.docx_report import write_docx
from zhunsheng.documents.docx_text import read_docx_text
from zhunsheng.documents.reading.docx_reader import read_docx
from zhunsheng.reports.tree import Cell, Heading, Paragraph, Report, Table, Text


def words(text: str, **form: int) -> Cell:
    return Cell((Text(text),), **form)  # type: ignore[arg-type]


TABLE = Table(
    "表 1 收支",
    (2, 1, 1),
    ((words("项目", rows=2), words("数额", columns=2)), (words("预算"), words("决算"))),
    ((words("合计"), words("24,206.18"), words("22,918.41")), (words("其中"), words(""), words("—"))),
    "单位：万元",
)
REPORT = Report(
    "样例",
    ("2023年度某某局", "部门整体支出绩效自评报告"),
    "某某局",
    (
        Heading(1, "一、", "基本情况"),
        Heading(2, "（一）", "收支"),
        Paragraph((Text("全年执行22,918.41万元，"), Text("完成率94.68%。", strong=True))),
        TABLE,
        Heading(1, "二、", "改进措施"),
    ),
)


def test_headings_and_sentences_come_back() -> None:
    document = read_docx(write_docx(REPORT, {}), "样例.docx")
    shown = [(each.kind, each.level, document.quote(each.span)) for each in document.blocks]
    headings = [each for each in shown if each[0] is BlockKind.HEADING]
    assert [(each[1], each[2]) for each in headings][:3] == [
        (1, "一、基本情况"),
        (2, "（一）收支"),
        (1, "二、改进措施"),
    ]
    assert (BlockKind.PARAGRAPH, None, "全年执行22,918.41万元，完成率94.68%。") in shown
    assert shown[0][2] == "2023年度某某局"


def test_a_merged_table_comes_back() -> None:
    document = read_docx(write_docx(REPORT, {}), "样例.docx")
    table = document.tables[0]
    assert (table.rows, table.columns) == (4, 3)
    assert [
        (each.row, each.column, each.row_span, each.column_span, document.quote(each.span))
        for each in table.cells
    ] == [
        (0, 0, 2, 1, "项目"),
        (0, 1, 1, 2, "数额"),
        (1, 1, 1, 1, "预算"),
        (1, 2, 1, 1, "决算"),
        (2, 0, 1, 1, "合计"),
        (2, 1, 1, 1, "24,206.18"),
        (2, 2, 1, 1, "22,918.41"),
        (3, 0, 1, 1, "其中"),
        (3, 1, 1, 1, ""),
        (3, 2, 1, 1, "—"),
    ]
    assert [each.header for each in table.cells] == [True] * 4 + [False] * 6


def test_another_reader_finds_the_same_words(report: Report) -> None:
    data = write_docx(report, {})
    document = read_docx(data, "样例.docx")
    plain = "".join(document.text.split())
    assert not document.problems
    for line in read_docx_text(data).splitlines():
        for piece in line.split():
            assert piece in plain, piece
