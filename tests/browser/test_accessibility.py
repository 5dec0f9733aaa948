"""Every page in every state, wide and narrow: nothing axe objects to, nothing wider than the screen.

The rules are those of WCAG 2.2, levels A and AA.
"""

import json
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import NARROW, WIDE
from pages_shown import ShownSite, View, Walk, in_order, views
from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
AXE = Axe()


@pytest.fixture(scope="module")
def walk(browser: Browser, shown: ShownSite) -> Iterator[Walk]:
    found = Walk(browser, shown)
    yield found
    found.close()


def violations(page: Page) -> list[str]:
    """What axe objects to, with where."""
    found = AXE.run(page, options=RULES).response["violations"]
    return [
        f"{each['id']}: {node['target']} {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
        for each in found
        for node in each["nodes"]
    ]


def too_wide(page: Page) -> list[str]:
    """What reaches beyond the screen: the page itself, and outermost elements that no frame of their own scrolls."""
    found = page.evaluate(
        """() => {
          const wide = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= wide) return [];
          const beyond = [...document.querySelectorAll('body *')].filter(each => each.getBoundingClientRect().right > wide + 1);
          return [`page ${document.documentElement.scrollWidth} of ${wide}`,
            ...beyond.slice(0, 4).map(each => `${each.tagName}.${each.className} ${each.textContent.trim().slice(0, 40)}`)];
        }"""
    )
    return [str(each) for each in found]


def faults(page: Page, when: str) -> list[str]:
    return [f"{when}: {each}" for each in (*violations(page), *too_wide(page))]


@pytest.mark.parametrize("view", in_order(views()), ids=str)
def test_a_page_is_for_everybody(view: View, walk: Walk) -> None:
    with walk.opened(view) as page:
        found = []
        for size in (WIDE, NARROW):
            page.set_viewport_size(size)
            found += faults(page, str(size["width"]))
        if view.main:
            # as the setting of a person or the button of a public page puts it
            page.evaluate("() => { document.documentElement.dataset.type = 'large' }")
            for size in (WIDE, NARROW):
                page.set_viewport_size(size)
                found += faults(page, f"{size['width']}, large type")
    assert not found, f"{view} {walk.site.path(view)}\n" + "\n".join(found)


def test_a_page_that_is_not_there_is_for_everybody(walk: Walk) -> None:
    for who in ("", "caiwu"):
        page = walk.context(who).new_page()
        answer = page.goto(f"{walk.site.address}/no-such-page/")
        assert answer is not None
        assert answer.status == 404
        assert not faults(page, who)
        page.close()


def test_what_is_judged_would_be_found(browser: Browser) -> None:
    """The judge objects to a picture without words and to a page that is too wide."""
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.set_content(
        "<html lang='zh'><title>a</title><main><img src='data:,'><div style='width: 500px'>b</div></main>"
    )
    assert any(each.startswith("image-alt") for each in violations(page))
    assert too_wide(page)[0] == "page 508 of 390", json.dumps(too_wide(page))
    page.close()
