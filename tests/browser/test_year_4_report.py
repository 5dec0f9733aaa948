"""The year of Huadu, fourth part: what is wrong and what will be done, the text with live numbers, files, audits."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from browsing import BODY, CASE, Visitor
from docx import Document
from openpyxl import load_workbook
from playwright.sync_api import Download, Page, expect
from pypdfium2 import PdfDocument

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Visit = Callable[..., Visitor]
REPORT = f"/report/{CASE}/"
BY_HAND = "93.73"
JOB = 120_000
"""Milliseconds a report may take."""


def downloaded(page: Page, name: str) -> bytes:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name, exact=True).click()
    found: Download = waiting.value
    assert found.suggested_filename == name
    return found.path().read_bytes()


def test_problems_and_remedies_are_written_where_points_are_lost(visit: Visit) -> None:
    finance = visit("caiwu")
    finance.open(REPORT)
    expect(finance.page.get_by_role("main")).to_contain_text("第三部分没有提到")
    for username in ("tianbao", "juzhang", "caizheng"):
        form = {"code": "Q9", "title": "不该", "text": "", "about": "O2", "revision": "0"}
        assert visit(username).post(f"{REPORT}matters/shortcomings/new/", form).status == 403
    finance.page.get_by_role("link", name="新增存在问题").click()
    finance.page.get_by_label("问题", exact=False).nth(1).fill("内部管理不够细")
    finance.page.get_by_label("具体表现和原因").fill("抽查力量不足，公开和备案有遗漏。")
    for code in ("O2", "F1", "A3", "B3.1", "B5.6"):
        finance.page.get_by_role("checkbox", name=code).check()
    finance.page.get_by_role("button", name="保存", exact=True).click()
    expect(finance.page.get_by_role("main")).to_contain_text("内部管理不够细")
    finance.page.get_by_role("link", name="新增改进措施").click()
    finance.page.locator("#title").fill("建立公开和备案清单")
    finance.page.get_by_label("具体做法").fill("按月对照清单检查，增加抽查批次。")
    finance.page.get_by_role("checkbox", name="Q2").check()
    finance.page.get_by_role("button", name="保存", exact=True).click()
    finance.open(REPORT)
    expect(finance.page.get_by_role("main")).to_contain_text("可以报送")


def test_text_is_edited_with_a_number_that_stays_live(visit: Visit) -> None:
    address = f"{REPORT}texts/annual_work/"
    for username in ("tianbao", "juzhang", "caizheng", "shenji"):
        other = visit(username)
        other.open(address)
        expect(other.page.locator("#text")).to_have_count(0)
        assert other.post(address, {"text": "改掉", "seen": "0", "do": "save"}).status == 403
    finance = visit("caiwu")
    finance.open(address)
    text = finance.page.locator("#text")
    before = text.input_value()
    assert "四个方面" in before
    text.fill(f"{before}\n\n全年抽检老旧电梯")
    finance.page.get_by_label("查找", exact=True).press_sequentially("老旧电梯")
    group = finance.page.locator("#references")
    text.focus()
    text.press("Control+End")
    group.get_by_role("button", name="插入：抽检15年以上老旧电梯完成值", exact=True).click()
    assert "{{ " in text.input_value()
    assert "291" not in text.input_value()
    # what it will look like is shown while typing
    expect(finance.page.locator("#shown")).to_contain_text("全年抽检老旧电梯291台")
    expect(finance.page.locator("#shown .bound").filter(has_text="291台")).to_have_count(1)
    finance.page.get_by_role("button", name="保存", exact=True).click()
    expect(finance.page.get_by_role("heading", level=1)).to_have_text("自评报告")
    finance.open(f"{REPORT}preview/")
    frame = finance.page.frame_locator("iframe")
    expect(frame.locator("body")).to_contain_text("全年抽检老旧电梯291台")
    expect(frame.locator("body")).to_contain_text(BY_HAND)


def test_the_report_is_generated_in_four_formats(visit: Visit) -> None:
    for username in ("tianbao", "shenji", "guanli"):
        other = visit(username)
        other.open(REPORT)
        expect(other.page.get_by_role("button", name="生成报告")).to_have_count(0)
        assert other.post(f"{REPORT}write/", {"formats": "docx"}).status == 403
    finance = visit("caiwu")
    finance.open(REPORT)
    finance.page.get_by_role("button", name="生成报告").click()
    first = finance.page.get_by_role("link", name="第 1 版")
    expect(first).to_be_visible(timeout=JOB)
    expect(finance.page.get_by_role("row", name="第 1 版")).to_contain_text(BY_HAND)
    first.click()
    names = finance.page.locator("section", has_text="文件").get_by_role("listitem").all_inner_texts()
    found = {
        ending: next(each for each in names if each.endswith(ending))
        for ending in (".docx", ".pdf", ".html", ".xlsx")
    }
    said = "全年抽检老旧电梯291台"
    assert said in _text(downloaded(finance.page, found[".docx"]))
    printed = PdfDocument(downloaded(finance.page, found[".pdf"]))
    assert said in re.sub(r"\s", "", "".join(each.get_textpage().get_text_range() for each in printed))
    printed.close()
    page = downloaded(finance.page, found[".html"]).decode()
    assert BY_HAND in page
    sheets = load_workbook(BytesIO(downloaded(finance.page, found[".xlsx"])))
    cells = {
        str(cell.value)
        for sheet in sheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }
    assert any("291" in each for each in cells)


def _text(word: bytes) -> str:
    """All text of a Word file; numbers stand in content controls, which paragraphs leave out."""
    body = Document(BytesIO(word)).element.body
    return "".join(each.text or "" for each in body.iter() if str(each.tag).endswith("}t"))


def test_a_document_is_held_against_the_year(visit: Visit) -> None:
    written = "一、主要工作\n\n全年抽检老旧电梯287台\n\n另获市级奖励3项。\n"
    finance = visit("caiwu")
    finance.open("/audit/")
    finance.page.locator("input[type=file]").set_input_files(
        {"name": "自评报告（旧稿）.txt", "mimeType": "text/plain", "buffer": written.encode()}
    )
    finance.page.get_by_label("核对方式").select_option(label="与年度档案核对：区市场监管局 2023年度")
    finance.page.get_by_role("button", name="上传并核对").click()
    findings = finance.page.locator(".findings > li")
    expect(findings.first).to_be_visible(timeout=JOB)
    # the sentence of the report with the number of before, and one that the report does not have
    old = findings.filter(has_text="287台")
    expect(old).to_contain_text("291台")
    expect(old).to_have_class(re.compile("error"))
    expect(findings.filter(has_text="3项")).to_contain_text("不在按年度档案生成的报告中")
    # each finding leads to its place in the original
    expect(finance.page.locator(".original mark", has_text="287台")).to_be_visible()
    key = old.locator("input[name=finding]").first.input_value()
    address = finance.page.url.removeprefix(finance.site.address).split("#")[0]
    # the auditor reads it and may accept nothing; another body may not even read it
    auditor = visit("shenji")
    auditor.open(address)
    expect(auditor.page.get_by_text("接受这条问题")).to_have_count(0)
    assert auditor.post(f"{address}accept/", {"finding": key, "reason": "不该"}).status == 403
    assert visit("caizheng").get(address).status == 403
    old.get_by_text("接受这条问题").click()
    old.get_by_role("textbox").fill("旧稿，不再使用。")
    old.get_by_role("button", name="接受", exact=True).click()
    expect(finance.page.get_by_role("main")).to_contain_text("旧稿，不再使用。")
    finance.page.get_by_role("link", name="核对结果 JSON").click()
    assert address.split("/")[2] == BODY
