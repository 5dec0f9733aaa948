"""One full form by the keyboard alone, from the sign-in to what was saved; and the same form without scripts."""

from collections.abc import Callable
from typing import Any

import pytest
from browsing import CASE, PASSWORD, Visitor
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Visit = Callable[..., Visitor]
FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const style = getComputedStyle(one), box = one.getBoundingClientRect();
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
  return {
    tag: one.tagName, id: one.id, name: one.getAttribute("name") ?? "", text: one.textContent.trim().slice(0, 40),
    label: one.labels?.[0]?.textContent.trim() ?? one.getAttribute("aria-label") ?? "",
    visible: outlined || style.boxShadow !== "none",
    inside: box.width > 0 && box.height > 0 && box.top < innerHeight && box.bottom > 0,
    top: box.top + scrollY, left: box.left,
  };
}"""


def focused(page: Page) -> dict[str, Any]:
    """What has the focus: it can be seen, and that it has it can be seen."""
    found: dict[str, Any] | None = page.evaluate(FOCUSED)
    assert found is not None, "nothing has the focus"
    for _ in range(20):
        if found["inside"]:
            break
        # the page scrolls to it
        page.wait_for_timeout(50)
        found = page.evaluate(FOCUSED)
        assert found is not None
    assert found["visible"], f"the focus cannot be seen: {found}"
    assert found["inside"], f"what has the focus is out of sight: {found}"
    return found


def tab_to(
    page: Page, wanted: Callable[[dict[str, Any]], bool], key: str = "Tab", most: int = 120
) -> list[dict[str, Any]]:
    """Press until it has the focus; all that had it on the way."""
    way: list[dict[str, Any]] = []
    for _ in range(most):
        page.keyboard.press(key)
        way.append(focused(page))
        if wanted(way[-1]):
            return way
    raise AssertionError(f"not reached: {[each['id'] or each['text'] for each in way]}")


def replace_text(page: Page, text: str) -> None:
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def test_a_target_is_set_by_the_keyboard_alone(visit: Visit) -> None:
    who = visit()
    page = who.open("/accounts/login/")
    tab_to(page, lambda each: each["name"] == "login")
    page.keyboard.type("tianbao")
    tab_to(page, lambda each: each["name"] == "password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/accounts/login/" not in url)
    who.username = "tianbao"
    # the first stop of a page leads past the menu to its content
    page.keyboard.press("Tab")
    assert focused(page)["text"] == "跳到正文"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    tab_to(page, lambda each: each["text"] == "目标编制" or "编制目标" in each["text"])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("目标编制")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    tab_to(page, lambda each: each["text"].split() == ["修改", "O2"])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("O2")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    # every field is reached, in the order in which it is read
    way = tab_to(page, lambda each: each["name"] == "note")
    fields = [each for each in way if each["name"] and each["tag"] in {"INPUT", "SELECT", "TEXTAREA"}]
    assert all(each["label"] for each in fields), fields
    in_page: list[str] = page.locator(
        "#row-form :is(input, select, textarea):not([type=hidden])"
    ).evaluate_all("all => all.filter(each => each.offsetParent).map(each => each.name)")
    assert [each["name"] for each in fields] == in_page[: len(fields)]
    assert {"code", "name", "target_sign", "target_value", "points", "evidence_required"} <= {
        each["name"] for each in fields
    }

    # back to the value; a fault first, which takes the focus to the list of what is wrong
    tab_to(page, lambda each: each["name"] == "target_value", key="Shift+Tab")
    old = page.locator("#field-target_value").input_value()
    replace_text(page, "很多台")
    tab_to(page, lambda each: each["text"] == "保存")
    with who.refused(422):
        page.keyboard.press("Enter")
        expect(page.locator("#field-target_value_error")).to_be_visible()
    expect(page.locator("main .problems").first).to_be_focused()
    tab_to(page, lambda each: each["name"] == "target_value")
    replace_text(page, old)
    # a choice by arrows, and back
    tab_to(page, lambda each: each["name"] == "target_sign", key="Shift+Tab")
    sign = page.locator("#field-target_sign")
    before = sign.input_value()
    page.keyboard.press("ArrowDown")
    assert sign.input_value() != before
    page.keyboard.press("ArrowUp")
    assert sign.input_value() == before
    tab_to(page, lambda each: each["name"] == "evidence_required")
    replace_text(page, "抽查记录")
    tab_to(page, lambda each: each["text"] == "保存")
    page.keyboard.press("Space")
    expect(page.get_by_role("main")).to_contain_text("已保存")
    who.open(f"/plan/{CASE}/")
    page.get_by_role("link", name="修改 O2", exact=True).click()
    expect(page.get_by_label("佐证要求")).to_have_value("抽查记录")
    expect(page.get_by_label("目标值", exact=True)).to_have_value(old)


def test_the_same_form_without_scripts(visit: Visit) -> None:
    who = visit("tianbao", java_script_enabled=False)
    page = who.open(f"/plan/{CASE}/")
    page.get_by_role("link", name="修改 O2", exact=True).click()
    page.get_by_label("目标值", exact=True).fill("许多")
    page.get_by_label("佐证要求").fill("抽查记录和照片")
    with who.refused(422):
        page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator("#field-target_value_error")).to_be_visible()
    expect(page.get_by_label("佐证要求")).to_have_value("抽查记录和照片")
    page.get_by_label("目标值", exact=True).fill("150")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("已保存")
    page.get_by_role("link", name="修改 O2", exact=True).click()
    expect(page.get_by_label("佐证要求")).to_have_value("抽查记录和照片")
