"""The year of Huadu, third part: evidence, the scoring sheet with its trace, a score by hand, reasons."""

from collections.abc import Callable

import pytest
from browsing import CASE, Visitor
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Visit = Callable[..., Visitor]
COLLECT, SHEET = f"/collect/{CASE}/", f"/evaluation/{CASE}/"
# 94.98 as published; O2 now reaches 291 of 388, exactly three quarters, and loses 0.75 of its 3 points
COMPUTED = "94.23"
# F1 is given 6.5 of 7 by hand
BY_HAND = "93.73"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def total(who: Visitor) -> str:
    who.open(SHEET)
    return who.page.locator(".tile", has_text="总分").first.locator(".number").inner_text()


def test_evidence_is_uploaded_for_a_reported_value(visit: Visit) -> None:
    finance = visit("caiwu")
    # its value could not be taken from records, so it stays the reported one
    address = f"{COLLECT}items/O1/"
    for username in ("tianbao", "juzhang", "shenji"):
        # not their division's, not theirs to report
        other = visit(username)
        other.open(address)
        expect(other.page.get_by_role("button", name="上传", exact=True)).to_have_count(0)
        file = {"name": "a.pdf", "mimeType": "application/pdf", "buffer": PDF}
        assert other.post(f"{address}evidence/", {"note": "x"}, files={"files": file}).status == 403
    finance.open(address)
    expect(finance.page.get_by_role("main")).to_contain_text("还没有上传文件")
    expect(finance.page.get_by_label("取值方式")).to_have_value("reported")
    finance.page.get_by_label("采用理由").fill("专项经费全部压减，没有发放奖励。")
    finance.page.get_by_role("button", name="保存", exact=True).click()
    expect(finance.page.get_by_role("main")).to_contain_text("已保存")
    finance.open(address)
    finance.page.get_by_label("上传佐证").set_input_files(
        {"name": "压减通知.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    finance.page.locator("#evidence-note").fill("压减专项经费的通知")
    finance.page.get_by_role("button", name="上传", exact=True).click()
    listed = finance.page.locator(".evidence")
    expect(listed).to_have_count(1)
    for words in ("压减通知.pdf", "SHA-256", "王财务", "压减专项经费的通知"):
        expect(listed).to_contain_text(words)
    # the finance bureau looks at it and accepts it; whoever uploaded it cannot
    assert finance.page.get_by_text("审核这个文件").count() == 0
    bureau = visit("caizheng")
    bureau.open(address)
    bureau.page.get_by_text("审核这个文件").click()
    bureau.page.get_by_role("button", name="认可").click()
    expect(bureau.page.get_by_role("main")).to_contain_text("已认可")


def test_finance_opens_the_evaluation(visit: Visit) -> None:
    for username in ("tianbao", "juzhang", "caizheng"):
        other = visit(username)
        other.open(SHEET)
        expect(other.page.get_by_role("link", name="开始自评")).to_have_count(0)
        assert other.post(f"{SHEET}open/", {"seen": "4"}).status == 403
    finance = visit("caiwu")
    finance.open(SHEET)
    finance.page.get_by_role("link", name="开始自评").click()
    # the question comes as a dialog or as a page
    finance.page.get_by_role("button", name="开始自评").click()
    expect(finance.page.get_by_role("main")).to_contain_text("自评已开始")


def test_the_score_follows_from_the_records(visit: Visit) -> None:
    reader = visit("shenji")
    assert total(reader) == COMPUTED
    row = reader.page.locator("tr[data-level]").filter(has=reader.page.get_by_text("O2", exact=True))
    expect(row).to_contain_text("≥388台")
    expect(row).to_contain_text("291台")
    row.get_by_role("link").click()
    trace = reader.page.locator("tr.trace", has_text="计算过程")
    expect(trace).to_contain_text("完成比例 = 291 ÷ 388 = 75%")
    expect(trace).to_contain_text("3 × 0.75 = 2.25")
    expect(trace).to_contain_text("291 条记录")
    assert reader.page.url.endswith(SHEET)
    # down to the records themselves, with those that were brought in last among them
    trace.get_by_role("link", name="291 条记录").click()
    expect(reader.page.get_by_text("共 291 条")).to_be_visible(timeout=60_000)
    reader.page.get_by_label("检验编号", exact=True).fill("KS2023-3")
    reader.page.get_by_role("button", name="筛选").click()
    expect(reader.page.locator("#rows tbody tr")).to_have_count(1)
    expect(reader.page.locator("#rows tbody tr")).to_contain_text("2023-11-20")


def test_a_score_by_hand_needs_a_reason(visit: Visit) -> None:
    address = f"{SHEET}items/F1/"
    for username in ("tianbao", "juzhang", "caizheng", "sanfang"):
        other = visit(username)
        other.open(address)
        expect(other.page.get_by_role("button", name="保存评分")).to_have_count(0)
        assert other.post(f"{address}score/", {"score": "1", "reason": "不该"}).status == 403
    finance = visit("caiwu")
    finance.open(address)
    finance.page.get_by_label("得分", exact=True).fill("6.5")
    finance.page.get_by_label("评分理由").fill("")
    with finance.refused(422):
        finance.page.get_by_role("button", name="保存评分").click()
    expect(finance.page.get_by_label("得分", exact=True)).to_have_value("6.5")
    finance.page.get_by_label("评分理由").fill("验收通过，一个市场的排水整改晚了两个月。")
    finance.page.get_by_role("button", name="保存评分").click()
    expect(finance.page.get_by_role("main")).to_contain_text("已保存")
    assert total(finance) == BY_HAND


def test_every_lost_point_gets_its_reason_from_whom_it_belongs_to(visit: Visit) -> None:
    def explain(who: Visitor, item: str, reason: str, remedy: str) -> None:
        who.open(f"{SHEET}items/{item}/")
        who.page.get_by_label("扣分原因", exact=True).fill(reason)
        who.page.get_by_label("改进措施", exact=True).fill(remedy)
        who.page.get_by_role("button", name="保存原因").click()
        expect(who.page.get_by_role("main")).to_contain_text("已保存")

    finance, filler = visit("caiwu"), visit("tianbao")
    finance.open(SHEET)
    expect(finance.page.get_by_text("送审前还须补 3 项")).to_be_visible()
    # the elevators are the filler's own division's business; the budget is not
    explain(filler, "O2", "新增电梯多，老旧电梯抽查力量不足。", "下年增加抽查批次。")
    assert filler.post(f"{SHEET}items/A3/explain/", {"reason": "不该", "remedy": "不该"}).status == 403
    explain(finance, "A3", "个别项目年末才完成结算，资金没有支付完。", "按季度督促结算。")
    explain(finance, "F1", "一个市场的排水整改晚了两个月。", "把整改时限写进合同。")
    finance.open(SHEET)
    expect(finance.page.get_by_text("送审前还须补", exact=False)).to_have_count(0)
    assert total(finance) == BY_HAND
