"""The menu stands beside the page where there is room for it, behind a button where there is not."""

from collections.abc import Iterator

import pytest
from pages_shown import ShownSite, Walk, views
from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]
(VIEW,) = [each for each in views() if str(each) == "indicator-data"]


@pytest.fixture(scope="module")
def page(browser: Browser, shown: ShownSite) -> Iterator[Page]:
    walk = Walk(browser, shown)
    with walk.opened(VIEW) as found:
        yield found
    walk.close()


@pytest.mark.parametrize(
    ("width", "large", "beside"),
    [
        (1440, False, True),
        (992, False, True),
        (991, False, False),
        (390, False, False),
        (1440, True, True),
        (1240, True, True),
        (1239, True, False),
        (390, True, False),
    ],
)
def test_the_menu_is_beside_the_page_or_behind_a_button(
    page: Page, width: int, large: bool, beside: bool
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate("large => { document.documentElement.dataset.type = large ? 'large' : '' }", large)
    menu, button = page.locator("#menu"), page.get_by_role("button", name="菜单", exact=True)
    if beside:
        expect(menu).to_be_visible()
        expect(button).to_be_hidden()
        words, content = menu.bounding_box(), page.locator("main").bounding_box()
        assert words is not None
        assert content is not None
        assert words["x"] + words["width"] <= content["x"] + 1
        return
    expect(menu).to_be_hidden()
    button.focus()
    page.keyboard.press("Enter")
    expect(menu).to_be_visible()
    expect(button).to_have_attribute("aria-expanded", "true")
    current = menu.locator("[aria-current]")
    expect(current).to_have_text("指标")
    page.keyboard.press("Enter")
    expect(menu).to_be_hidden()
