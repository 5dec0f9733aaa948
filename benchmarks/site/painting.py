"""How long until Chromium paints a page for the first time, with nothing in its cache, and how much comes over the wire."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.site import places
from benchmarks.site.browser import Browser

CHROMIUM = "/usr/bin/chromium"
_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_ROUNDS = 5
_PAINT = """() => {
  const paint = performance.getEntriesByName('first-contentful-paint')[0] || performance.getEntriesByName('first-paint')[0];
  const all = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
  return [paint ? paint.startTime : null, all.reduce((sum, each) => sum + each.transferSize, 0)];
}"""


@dataclass(frozen=True, slots=True)
class Painted:
    """First contentful paint in milliseconds, the median and the worst of the rounds, and bytes on the wire."""

    median: float
    worst: float
    size: float


def paint(port: int, person: Browser, addresses: Mapping[str, Sequence[str]]) -> dict[str, Painted]:
    """Open each page in a new, empty browser context, five times, in turns.

    Args:
        person: signed in; their session is used.
    """
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where it is asked for

    root = f"http://127.0.0.1:{port}"
    wanted = [each for each in places.PAGES if each.painted and each.name in addresses]
    times: dict[str, list[float]] = {each.name: [] for each in wanted}
    sizes: dict[str, float] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(_QUIET))
        # the first page a browser ever opens starts its helpers; it does not count
        for turn in range(_ROUNDS + 1):
            for each in wanted:
                context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
                if not each.baseline:
                    context.add_cookies(
                        [{"name": "sessionid", "value": person.cookies["sessionid"], "url": root}]
                    )
                page = context.new_page()
                page.goto(root + addresses[each.name][0], wait_until="load")
                page.wait_for_function("performance.getEntriesByType('paint').length > 0")
                moment, size = page.evaluate(_PAINT)
                if turn:
                    times[each.name].append(moment)
                    sizes[each.name] = size
                context.close()
        browser.close()
    return {name: Painted(statistics.median(found), max(found), sizes[name]) for name, found in times.items()}
