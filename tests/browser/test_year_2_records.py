"""The year of Huadu, second part: a ledger with faults is brought in, corrected, and the actual values computed."""

import json
import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from browsing import BODY, CASE, Site, Visitor
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Download, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Visit = Callable[..., Visitor]
LEDGER = f"/records/{BODY}/equip_inspection/"
COLLECT = f"/collect/{CASE}/"
PUBLISHED = 287
"""Elevators older than 15 years that were spot-checked, as the report of Huadu states and its records say."""
HEAD = (
    "检验编号",
    "特种设备",
    "检验类别",
    "是否计划内",
    "计划日期",
    "完成日期",
    "检验机构",
    "检验结果",
    "责任单位",
)
JOB = 60_000
"""Milliseconds a job may take."""


@pytest.fixture(scope="module")
def unchecked(site: Site) -> list[dict[str, Any]]:
    """Four elevators in use since before 2005 that nobody spot-checked, as the store says itself."""

    def rows(ledger: str, *where: str) -> list[dict[str, Any]]:
        store = str(site.data / "stores" / "huadu")
        code, out, said = site.command(
            "ledger", "rows", ledger, "--store", store, "--limit", "9999", "--json", *where
        )
        assert code == 0, said
        found: list[dict[str, Any]] = json.loads(out)["rows"]
        return found

    checked = {each["equip_id"] for each in rows("equip_inspection", "--where", "kind=SPOT")}
    lifts = rows("equipment", "--where", "category=3000", "--where", "state=IN_USE")
    return [each for each in lifts if each["first_use_on"] < "2005" and each["equip_id"] not in checked][:4]


def workbook(*rows: tuple[str, ...]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (HEAD, *rows):
        sheet.append(row)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def lines(lifts: list[dict[str, Any]], *, faulty: bool) -> tuple[tuple[str, ...], ...]:
    """A spot check of each; the faulty file has a wrong date, a wrong kind and a result without a date."""
    found = []
    for number, each in enumerate(lifts, 1):
        values = [
            f"KS2023-{number}",
            each["equip_id"],
            "监督抽查",
            "否",
            "2023-11-20",
            "2023-11-20",
            "区检测院",
            "合格",
            each["org_code"],
        ]
        if faulty and number == 2:
            values[5] = "2023-13-05"
        if faulty and number == 3:
            values[2] = "突击检查"
        if faulty and number == 4:
            values[5] = ""
        found.append(tuple(values))
    return tuple(found)


def upload(who: Visitor, name: str, content: bytes) -> Page:
    who.open(LEDGER)
    who.page.get_by_role("link", name="导入", exact=True).click()
    who.page.get_by_label("文件", exact=False).first.set_input_files(
        {"name": name, "mimeType": "", "buffer": content}
    )
    who.page.get_by_role("button", name="上传并核对").click()
    expect(who.page.get_by_role("heading", level=1)).to_contain_text("核对结果")
    expect(who.page.get_by_role("main")).to_contain_text("已核对，还没有入库", timeout=JOB)
    return who.page


def downloaded(page: Page, link: str | re.Pattern[str]) -> tuple[str, bytes]:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=link).first.click()
    found: Download = waiting.value
    return found.suggested_filename, found.path().read_bytes()


def counted(page: Page) -> dict[str, str]:
    """The table of what becomes of the rows: heading to number."""
    heads = page.locator("#fates thead th").all_inner_texts()
    return dict(zip(heads, page.locator("#fates tbody td").all_inner_texts(), strict=True))


def records(who: Visitor) -> str:
    who.open(LEDGER)
    return who.page.locator(".tile").first.locator(".number").inner_text()


def test_nobody_outside_the_body_may_import(visit: Visit) -> None:
    for username in ("caizheng", "juzhang", "shenji"):
        other = visit(username)
        other.open(LEDGER)
        expect(other.page.get_by_role("link", name="导入", exact=True)).to_have_count(0)
        file = {"name": "a.xlsx", "mimeType": "application/octet-stream", "buffer": workbook()}
        assert other.post(f"{LEDGER}import/", files={"file": file}).status == 403
    assert records(visit("caiwu")) == "790"


def test_faults_are_listed_and_the_marked_workbook_names_their_cells(
    visit: Visit, unchecked: list[dict[str, Any]]
) -> None:
    assert len(unchecked) == 4
    finance = visit("caiwu")
    page = upload(finance, "电梯抽查.xlsx", workbook(*lines(unchecked, faulty=True)))
    fates = counted(page)
    assert (fates["入库"], fates["退回"]) == ("1", "3"), fates
    faults = page.locator("#fault-table tbody tr")
    expect(faults).to_have_count(3)
    for text in ("2023-13-05", "突击检查", "有检验结果而没有完成日期"):
        expect(page.locator("#fault-table tbody")).to_contain_text(text)
    name, content = downloaded(page, re.compile("标注|xlsx"))
    assert name.endswith(".xlsx")
    sheet = load_workbook(BytesIO(content)).worksheets[0]
    marked = {cell.coordinate: cell for row in sheet.iter_rows(min_row=2) for cell in row if cell.comment}
    # the cells that are wrong, as the file was sent: third row's date, fourth row's kind, fifth row's missing date
    assert {"F3", "C4", "F5"} <= set(marked), sorted(marked)
    assert all(marked[each].fill.fill_type == "solid" for each in ("F3", "C4", "F5"))
    assert sheet["F3"].value == "2023-13-05"
    # it was a dry run
    assert records(finance) == "790"


def test_the_corrected_file_comes_in_as_a_batch_and_only_once(
    visit: Visit, unchecked: list[dict[str, Any]]
) -> None:
    finance = visit("caiwu")
    page = upload(finance, "电梯抽查（改正）.xlsx", workbook(*lines(unchecked, faulty=False)))
    fates = counted(page)
    assert (fates["入库"], fates["退回"]) == ("4", "0"), fates
    confirm = page.locator("form[action$='/confirm/']").get_attribute("action") or ""
    # somebody else's check is nobody's to confirm
    assert visit("tianbao").post(confirm).status in {403, 404}
    assert visit("juzhang").post(confirm).status == 403
    page.get_by_role("button", name="确认入库").click()
    expect(page.get_by_role("main")).to_contain_text("已入库", timeout=JOB)
    assert records(finance) == "794"
    # the same confirmation again leads to the first import
    again = finance.post(confirm)
    assert again.status == 302
    assert records(finance) == "794"
    finance.open(LEDGER)
    newest = finance.page.locator("#batches tbody tr").first
    expect(newest).to_contain_text("王财务")
    expect(newest.locator("td.number").first).to_have_text("4")
    newest.get_by_role("link").click()
    expect(finance.page.get_by_role("main")).to_contain_text("电梯抽查（改正）.xlsx")
    expect(finance.page.get_by_role("main")).to_contain_text("SHA-256")


def test_values_are_computed_by_a_job_with_progress(visit: Visit) -> None:
    for username in ("tianbao", "juzhang", "caizheng"):
        other = visit(username)
        other.open(COLLECT)
        expect(other.page.get_by_role("button", name="由台账计算")).to_have_count(0)
        assert other.post(f"/evaluation/{CASE}/compute/").status == 403
    finance = visit("caiwu")
    finance.open(COLLECT)
    finance.page.get_by_role("button", name="由台账计算").click()
    expect(finance.page.get_by_role("main")).to_contain_text("已开始由台账计算")
    expect(finance.page.locator("section.job")).to_be_visible()
    expect(finance.page.locator(".job-state .state")).to_have_attribute("data-state", "done", timeout=JOB)


def test_the_computed_values_are_in_the_collection(visit: Visit) -> None:
    reader = visit("tianbao")
    reader.open(COLLECT)
    row = reader.page.get_by_role("row", name="O2")
    expect(row).to_contain_text(f"{PUBLISHED + 4}台")
    expect(row).to_contain_text("计算")
    row.get_by_role("link").first.click()
    expect(reader.page.get_by_role("main")).to_contain_text("设备检验检查")
