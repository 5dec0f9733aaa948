"""How much a page weighs for somebody who comes for the first time: everything that goes over the wire, compressed."""

import pytest
from pages_shown import USUAL, ShownSite, View, Walk, views
from playwright.sync_api import Browser, Request

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MOST, MOST_WITH_CHARTS = 300_000, 700_000
PAGES = [each for each in views() if each.name == "data" and each.state == USUAL and not each.press]


def weight(walk: Walk, view: View) -> tuple[int, list[str]]:
    """Bytes of all answers, heads included, and the heaviest of them; nothing is kept from before."""
    context = walk.context(view.who)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    asked: list[Request] = []
    page.on("requestfinished", lambda each: asked.append(each))  # noqa: PLW0108 - a method of a list cannot be marked
    page.goto(walk.site.address + walk.site.path(view))
    page.wait_for_load_state("networkidle")
    sizes = {each.url: each.sizes() for each in asked}
    page.close()
    each_of = {url: found["responseBodySize"] + found["responseHeadersSize"] for url, found in sizes.items()}
    heaviest = sorted(each_of, key=lambda url: -each_of[url])[:5]
    return sum(each_of.values()), [f"{each_of[url]:>8} {url}" for url in heaviest]


@pytest.mark.parametrize("view", PAGES, ids=str)
def test_a_page_is_light(view: View, browser: Browser, shown: ShownSite) -> None:
    walk = Walk(browser, shown)
    try:
        total, heaviest = weight(walk, view)
    finally:
        walk.close()
    # the page itself and its styles at least
    assert total > 30_000, heaviest
    assert total <= (MOST_WITH_CHARTS if view.chart else MOST), "\n".join([f"{total} bytes", *heaviest])
