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


def paste(page: Page, text: str) -> None:
    page.evaluate(
        """text => {
          const data = new DataTransfer();
          data.setData("text/plain", text);
          document.activeElement.dispatchEvent(
            new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        text,
    )


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
