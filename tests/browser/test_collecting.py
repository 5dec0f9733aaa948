"""Collecting in a browser: a PDF is looked at without being saved, executed amounts are typed and pasted in a table."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from browsing import CASE, NARROW, Site, Visitor, fresh_directory, needs_chromium, running, signed_in
from playwright.sync_api import Browser, Locator, Page, expect

LINE, TABLE = f"/collect/{CASE}/execution/projects/P2/", f"/collect/{CASE}/execution/all/"
Come = Callable[..., Visitor]


@pytest.fixture(scope="module")
def collecting() -> Iterator[Site]:
    """A site of its own, past the approval of the targets."""
    needs_chromium()
    data = fresh_directory()
    try:
        with running(data, records=False) as found:
            yield found
    finally:
        shutil.rmtree(data.parent, ignore_errors=True)


@pytest.fixture
def come(browser: Browser, collecting: Site) -> Iterator[Come]:
    with ExitStack() as leaving:
        yield lambda **options: leaving.enter_context(signed_in(browser, collecting, "caiwu", **options))


def field(page: Page, item: str, column: str) -> Locator:
    return page.locator(f'[name="{item}.{column}"]')


def save(page: Page) -> None:
    page.get_by_role("button", name="保存全部").click()
    page.wait_for_load_state()


def paste(page: Page, text: str, html: str = "") -> bool:
    """Whether the page left it to the browser."""
    return bool(
        page.evaluate(
            """([text, html]) => {
              const data = new DataTransfer();
              data.setData("text/plain", text);
              if (html) data.setData("text/html", html);
              return document.activeElement.dispatchEvent(
                new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
            }""",
            [text, html],
        )
    )


def report(page: Page, amounts: dict[str, str]) -> None:
    """Amounts with all they need."""
    for item, amount in amounts.items():
        field(page, f"projects/{item}", "executed").fill(amount)
        field(page, f"projects/{item}", "executed_source").fill("总账")
        field(page, f"projects/{item}", "executed_evidence").fill("凭证")


def kept(page: Page) -> None:
    """Long enough for what was typed to be in the browser's store."""
    expect(page.locator("form > .form-notice")).to_have_text("有未保存的修改")


def test_a_pdf_is_looked_at_in_the_viewer_of_the_browser_and_in_no_frame(come: Come) -> None:
    who = come()
    blank = who.context.new_page()
    blank.set_content("<h1>支付凭证</h1>")
    content = blank.pdf()
    blank.close()
    page = who.open(LINE)
    page.locator("#files").set_input_files(
        {"name": "凭证.pdf", "mimeType": "application/pdf", "buffer": content}
    )
    page.get_by_role("button", name="上传", exact=True).click()
    saved: list[str] = []
    with who.context.expect_page() as opened:
        page.get_by_role("link", name="查看").click()
    viewer = opened.value
    viewer.on("download", lambda each: saved.append(each.suggested_filename))
    viewer.wait_for_timeout(2_000)
    # the viewer is a page of the browser's own inside of ours
    assert [each.url for each in viewer.frames if each.url.startswith("chrome-extension://")]
    assert not saved
    address = viewer.url
    viewer.close()
    # neither does a page of this site put it into a frame
    page.evaluate(
        "address => { const frame = document.createElement('iframe'); frame.src = address; document.body.append(frame); }",
        address,
    )
    page.wait_for_timeout(1_000)
    assert address not in {each.url for each in page.frames}
    assert any("frame-ancestors 'none'" in each for each in who.faults)
    who.faults.clear()


def test_amounts_are_pasted_and_typed_by_keyboard_alone(come: Come) -> None:
    page = come().open(TABLE)
    lines = page.locator("#executed tbody tr").count()
    field(page, "projects/P1", "executed").focus()
    paste(page, "80\t国库集中支付系统\t凭证 3 张\n5.5\t国库集中支付系统\t凭证 4 张")
    expect(field(page, "projects/P2", "executed_evidence")).to_have_value("凭证 4 张")
    expect(page.locator("#grid-notice")).to_contain_text("6")
    # Enter goes down, in the last line nowhere; it neither sends the form nor adds a line
    field(page, "projects/P2", "executed").focus()
    page.keyboard.press("Enter")
    expect(field(page, "projects/P3", "executed")).to_be_focused()
    page.keyboard.press("Enter")
    expect(field(page, "projects/P3", "executed")).to_be_focused()
    assert page.locator("#executed tbody tr").count() == lines
    save(page)
    expect(page.locator("#messages")).to_contain_text("已保存 2 行")
    expect(field(page, "projects/P1", "executed")).to_have_value("80")
    expect(field(page, "projects/P3", "executed_source")).to_have_value("")


def test_more_lines_than_there_are_are_not_pasted(come: Come) -> None:
    page = come().open(TABLE)
    lines = page.locator("#executed tbody tr").count()
    field(page, "projects/P3", "executed").focus()
    paste(page, "1\n2\n3")
    expect(page.locator("#grid-notice")).to_contain_text("多出的没有粘贴")
    assert page.locator("#executed tbody tr").count() == lines


@pytest.mark.parametrize("scripts", [True, False])
def test_what_was_refused_is_still_there_with_the_fault_at_its_field(come: Come, *, scripts: bool) -> None:
    who = come(java_script_enabled=scripts)
    page = who.open(TABLE)
    wrong = field(page, "projects/P1", "executed")
    wrong.fill("约八十")
    field(page, "projects/P1", "executed_evidence").fill("第一行\n第二行")
    with who.refused(422):
        save(page)
    expect(wrong).to_have_value("约八十")
    expect(wrong).to_have_attribute("aria-invalid", "true")
    said = wrong.get_attribute("aria-describedby") or ""
    expect(page.locator(f"#{said}")).to_contain_text("应为数字")
    expect(field(page, "projects/P1", "executed_evidence")).to_have_value("第一行\n第二行")


def test_on_a_phone_every_field_is_in_sight(come: Come) -> None:
    page = come(viewport=NARROW).open(TABLE)
    for each in page.locator("#executed td :is(input, textarea)").all():
        box = each.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= NARROW["width"]
        assert box["width"] > NARROW["width"] / 2


# ---- what is kept in the browser, and others who write meanwhile


def test_a_refused_table_puts_back_nothing_that_was_not_typed(come: Come) -> None:
    mine, theirs = come(), come()
    for each, amounts in ((theirs, {"P1": "1", "P2": "5"}), (mine, {}), (theirs, {"P1": "33", "P2": "44"})):
        each.open(TABLE)
        if amounts:
            report(each.page, amounts)
            save(each.page)
            expect(each.page.locator("#messages")).to_contain_text("已保存")
        else:
            field(each.page, "projects/P1", "executed").fill("12")
            kept(each.page)
    with mine.refused(409):
        save(mine.page)
    expect(mine.page.locator("main")).to_contain_text("现已改为：33")
    expect(field(mine.page, "projects/P1", "executed")).to_have_value("12")
    expect(field(mine.page, "projects/P2", "executed")).to_have_value("44")
    # what is typed after the refusal is kept beside what was typed before it
    field(mine.page, "projects/P3", "executed_source").fill("备查账")
    kept(mine.page)
    mine.open(LINE)
    mine.open(TABLE)
    expect(field(mine.page, "projects/P3", "executed_source")).to_have_value("备查账")
    expect(field(mine.page, "projects/P1", "executed")).to_have_value("12")
    expect(mine.page.locator(".form-notice").last).to_contain_text("有人改过")
    field(mine.page, "projects/P3", "executed_source").fill("")
    save(mine.page)
    expect(mine.page.locator("#messages")).to_contain_text("已保存 1 行")
    expect(field(mine.page, "projects/P1", "executed")).to_have_value("12")
    expect(field(mine.page, "projects/P2", "executed")).to_have_value("44")


def test_what_was_typed_comes_back_and_the_lines_of_others_stay_theirs(come: Come) -> None:
    mine, theirs = come(), come()
    theirs.open(TABLE)
    report(theirs.page, {"P1": "2", "P2": "6"})
    save(theirs.page)
    mine.open(TABLE)
    field(mine.page, "projects/P1", "executed").fill("13")
    kept(mine.page)
    mine.open(LINE)
    report(theirs.page, {"P2": "45"})
    save(theirs.page)
    mine.open(TABLE)
    expect(field(mine.page, "projects/P1", "executed")).to_have_value("13")
    expect(field(mine.page, "projects/P2", "executed")).to_have_value("45")
    expect(mine.page.locator(".form-notice").last).not_to_contain_text("有人改过")
    save(mine.page)
    expect(mine.page.locator("#messages")).to_contain_text("已保存 1 行")
    expect(field(mine.page, "projects/P1", "executed")).to_have_value("13")
    expect(field(mine.page, "projects/P2", "executed")).to_have_value("45")


def test_what_comes_back_can_be_put_away(come: Come) -> None:
    who = come()
    page = who.open(TABLE)
    amount = field(page, "projects/P1", "executed")
    before = amount.input_value()
    amount.fill("99")
    kept(page)
    who.open(LINE)
    who.open(TABLE)
    expect(amount).to_have_value("99")
    page.get_by_role("button", name="放弃恢复的内容").click()
    expect(amount).to_have_value(before)
    who.open(TABLE)
    expect(amount).to_have_value(before)


def test_cells_are_pasted_from_a_field_of_several_lines_and_texts_left_to_it(come: Come) -> None:
    page = come().open(TABLE)
    first, second = (field(page, f"projects/{each}", "executed_evidence") for each in ("P1", "P2"))
    before = first.input_value()
    first.focus()
    assert paste(page, "第一段\n第二段")
    assert paste(page, "一段")
    expect(first).to_have_value(before)
    assert not paste(page, "甲\n乙", "<table><tr><td>甲</td></tr><tr><td>乙</td></tr></table>")
    expect(first).to_have_value("甲")
    expect(second).to_have_value("乙")
    field(page, "projects/P1", "executed_evidence").focus()
    assert not paste(page, "丙\t多\n丁\t余")
    expect(first).to_have_value("丙")
    expect(second).to_have_value("丁")
