"""The page of an audit: marks at the right characters, links that lead somewhere, many findings quickly."""

import io
import re
import time
from dataclasses import replace
from decimal import Decimal

import openpyxl

from zhunsheng.audit.auditing import Audit, audit
from zhunsheng.audit.document import Span
from zhunsheng.audit.finding import Finding, FoundPlace
from zhunsheng.documents.marking.findings_workbook import findings_workbook
from zhunsheng.documents.marking.html_audit import audit_page
from zhunsheng.documents.marking.views import audit_views
from zhunsheng.documents.reading.reading import read_bytes
from zhunsheng.kernel.problem import Severity
from zhunsheng.store.audit_rule_files import load_audit_rules

RULES = load_audit_rules()[0]


def audited(text: str, *figures: tuple[Severity, str], name: str = "报告.txt") -> Audit:
    """An audit of a text whose findings are the given ones: each marks the first place of its words."""
    result = audit([read_bytes(text.encode(), name)], RULES)
    text = result.readings[0].document.text
    findings = []
    for number, (severity, words) in enumerate(figures):
        start = text.index(words)
        place = FoundPlace(0, Span(start, start + len(words)), words, "此处")
        findings.append(
            Finding(
                f"A{900 + number}", severity, Decimal("0.9"), f"“{words}”有误", (place,), "改正。", words, "1"
            )
        )
    return replace(result, findings=tuple(findings))


def test_exactly_the_figure_is_marked_and_every_link_leads_somewhere() -> None:
    text = "收入 200 万元。\n项目\t金额\t占比\n甲\t12.5\t5%\n乙\t30\t9%\n"
    page = audit_page(
        audited(text, (Severity.ERROR, "200 万元"), (Severity.WARNING, "12.5"), (Severity.NOTE, "9%"))
    )
    marks = re.findall(r'<mark class="(\w+)" title="问题 (\d)">([^<]*)</mark>', page)
    assert marks == [("error", "1", "200 万元"), ("warning", "2", "12.5"), ("note", "3", "9%")]
    targets = set(re.findall(r'\bid="([^"]+)"', page))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= targets
    assert re.search(r"<td>.*12\.5</mark></a></td>", page)


def test_overlapping_figures_are_cut_and_name_both_findings() -> None:
    page = audit_page(
        audited("收入共200万元。", (Severity.NOTE, "收入共200万元"), (Severity.ERROR, "200万元"))
    )
    assert re.findall(r'<mark class="(\w+)" title="问题 ([^"]*)">([^<]*)</mark>', page) == [
        ("note", "1", "收入共"),
        ("error", "1、2", "200万元"),
    ]


def test_nothing_found_and_nothing_read_are_told_apart() -> None:
    assert "没有发现问题。" in audit_page(audited("收入 200 万元。"))
    unread = audit([read_bytes(b"PK\x03\x04" + bytes(100), "坏.docx")], RULES)
    page = audit_page(unread)
    assert "没有发现问题" not in page
    assert "没有核对" in page
    files, refused = audit_views(unread, [b"PK"], ["html", "docx", "xlsx"])
    assert list(files) == ["坏-核对.html", "坏-问题清单.xlsx"]
    assert refused == ["“坏.docx”没有读到文字，不能加批注。"]


def test_text_of_a_document_is_never_markup() -> None:
    text = '<b>5</b> <script>alert(1)</script> " onmouseover="x 200 万元'
    page = audit_page(audited(text, (Severity.ERROR, '" onmouseover="x 200 万元'), name="a<script>.txt"))
    assert "<script" not in page
    assert "<b>5" not in page
    assert 'onmouseover="' not in page


def test_ten_thousand_findings_are_shown_in_bounded_time() -> None:
    lines = [f"第{number}项 {number + 100000} 万元。" for number in range(10_000)]
    result = audited("\n".join(lines))
    document = result.readings[0].document
    findings = []
    for block in document.blocks:
        span = Span(block.span.end - 10, block.span.end - 4)
        words = document.text[span.start : span.end]
        findings.append(
            Finding(
                "A900",
                Severity.ERROR,
                Decimal("0.9"),
                "有误",
                (FoundPlace(0, span, words, ""),),
                "改正。",
                words,
            )
        )
    begin = time.monotonic()
    page = audit_page(replace(result, findings=tuple(findings)))
    assert time.monotonic() - begin < 20
    assert page.count("<mark ") == 10_000


def test_the_workbook_shows_every_line_of_a_cell_and_no_formula() -> None:
    result = audited("=1+1 收入 200 万元，支出 300 万元。", (Severity.ERROR, "=1+1"))
    long = replace(result.findings[0], message="很长的说明" * 30)
    book = openpyxl.load_workbook(io.BytesIO(findings_workbook(replace(result, findings=(long,)))))
    sheet = book["问题清单"]
    assert sheet["E2"].value == "=1+1"
    assert sheet["E2"].data_type == "s"
    # 150 Chinese characters are 300 wide; a column of 52 holds about 50: at least six lines of 15 points
    assert sheet.row_dimensions[2].height >= 90
