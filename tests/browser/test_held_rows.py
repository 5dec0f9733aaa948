"""Rows that were held, chosen by the keyboard, with scripts and without; nothing is given up here."""

import re

import pytest
from pages_shown import ShownSite, Walk
from playwright.sync_api import Browser, expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("scripts", [True, False])
def test_held_rows_are_chosen_by_the_keyboard(browser: Browser, shown: ShownSite, *, scripts: bool) -> None:
    walk = Walk(browser, shown, java_script_enabled=scripts)
    page = walk.context("caiwu").new_page()
    page.goto(f"{shown.address}/records/huadu-amr/market_entity/held/")
    every, boxes = page.locator("#held thead input"), page.locator("#held tbody input[type=checkbox]")
    number = boxes.first.get_attribute("value")
    expect(every).to_be_visible(visible=scripts)
    if scripts:
        every.focus()
        page.keyboard.press("Space")
        for box in boxes.all():
            expect(box).to_be_checked()
        expect(page.locator("form.table-block")).to_contain_text(f"已选 {boxes.count()}")
        page.keyboard.press("Space")
    boxes.first.focus()
    page.keyboard.press("Space")
    expect(boxes.first).to_be_checked()
    page.get_by_role("button", name="弃用所选", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/held/discard/\?row={number}$"))
    expect(page.locator("main")).to_contain_text("弃用选中的 1 行？")
    expect(page.locator("main [name=reason]")).to_be_editable()
    walk.close()
