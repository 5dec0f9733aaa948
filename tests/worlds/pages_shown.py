"""Every page as it is looked at: which there are, and a walk over them in a real browser.

The list stands in tests/cases/shown/pages.yaml; the site they are looked at in is made by shown_world.py.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml
from browsing import PASSWORD, SLOWEST, WIDE, served
from playwright.sync_api import Browser, BrowserContext, Page, Response
from site_by_command import KEY, command, python, surroundings

LIST = Path(__file__).parent.parent / "cases" / "shown" / "pages.yaml"
PRODUCTION = {
    "ZHUNSHENG_MODE": "production",
    "ZHUNSHENG_SECRET_KEY": KEY,
    "ZHUNSHENG_HOSTS": "127.0.0.1",
    # reached without a proxy here, so without https
    "ZHUNSHENG_SECURE": "0",
    "ZHUNSHENG_SITE_NAME": "花都区预算绩效信息公开",
    "ZHUNSHENG_SITE_ORGANISER": "广州市花都区市场监督管理局",
}
USUAL = ("approved", "open")
_STATUS = {"errors": 422, "refused": 403}
_KEYS = {"who", "with", "query", "state", "status", "type", "press", "untick", "note", "address"}


@dataclass(frozen=True)
class View:
    """A page in one of its states.

    Attributes:
        page: name of the address.
        name: data, empty, errors, refused or another word.
        label: Chinese, what the page is.
        note: Chinese, what is to be seen.
        address: name of the address that is opened, the page itself unless typing leads to it.
        given: what stands in the address.
        status: of the answer that is shown.
        typed: by name of a field.
        press: words of the button that is pressed in the end; "" for none.
        untick: name of the boxes that are emptied.
    """

    page: str
    name: str
    label: str
    note: str
    who: str
    address: str
    given: Mapping[str, Any]
    query: str
    state: tuple[str, str]
    status: int
    typed: Mapping[str, str]
    press: str
    untick: str
    main: bool
    chart: bool

    def __str__(self) -> str:
        return f"{self.page}-{self.name}".replace("_", "-")


@cache
def listed() -> Mapping[str, Any]:
    """The file as it is written."""
    found: Mapping[str, Any] = yaml.safe_load(LIST.read_text(encoding="utf-8"))
    assert set(found) == {"pages", "elsewhere"}
    return found


@cache
def views() -> tuple[View, ...]:
    """Every page in every state, in the order of the list."""
    found = []
    for page, content in listed()["pages"].items():
        assert set(content) <= {"label", "main", "chart", "with", "views"}, page
        for name, each in content["views"].items():
            assert set(each) <= _KEYS, f"{page} {name}: {set(each) - _KEYS}"
            found.append(
                View(
                    page,
                    name,
                    content["label"],
                    each.get("note", ""),
                    each["who"],
                    each.get("address", page),
                    {**content.get("with", {}), **each.get("with", {})},
                    each.get("query", ""),
                    tuple(each.get("state", USUAL)),
                    each.get("status", _STATUS.get(name, 200)),
                    each.get("type", {}),
                    each.get("press", ""),
                    each.get("untick", ""),
                    bool(content.get("main")) and name == "data",
                    bool(content.get("chart")),
                )
            )
    return tuple(found)


@dataclass
class ShownSite:
    """The site with something on every page.

    Attributes:
        objects: what stands in addresses.
        patterns: addresses by their names.
    """

    address: str
    data: Path
    objects: Mapping[str, Any]
    patterns: Mapping[str, str]

    def path(self, view: View) -> str:
        """The address of a page, with what stands in it."""

        def put(found: "re.Match[str]") -> str:
            name = found["name"]
            wanted = view.given.get(name, self.objects.get(name))
            assert wanted is not None, f"{view}: what is {name}?"
            return quote(str(self.objects.get(wanted, wanted) if isinstance(wanted, str) else wanted))

        path = re.sub(r"<(?:\w+:)?(?P<name>\w+)>", put, self.patterns[view.address])
        return f"/{path}" + (f"?{quote(view.query, safe='=&')}" if view.query else "")

    def put_in(self, state: tuple[str, str]) -> None:
        """The year in states, past all rights."""
        values = f"target_state={state[0]!r}, evaluation_state={state[1]!r}"
        python(
            self.data,
            "from zhunsheng.store.database.models import StoredCase\n"
            f"StoredCase.objects.filter(code={self.objects['case']!r}).update({values})",
            **PRODUCTION,
        )


@contextmanager
def shown_site(scale: str = "0.01") -> Iterator[ShownSite]:
    """The site, served until the end as people meet it: in production mode, its files compressed.

    Args:
        scale: of the generated records.
    """
    data = Path(tempfile.mkdtemp(prefix="zhunsheng-shown-")) / "data"
    try:
        store = data / "stores" / "huadu"
        arguments = (
            "city",
            "generate",
            "--profile",
            "huadu-2023",
            "--scale",
            scale,
            "--store",
            str(store),
            "--json",
        )
        store.parent.mkdir(parents=True)
        code, _, said = command(data, *arguments)
        assert code == 0, said
        made = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, str(Path(__file__).with_name("shown_world.py"))],
            capture_output=True,
            text=True,
            check=False,
            env=surroundings(data, ZHUNSHENG_SECRET_KEY=KEY),
        )
        assert made.returncode == 0, made.stderr
        with served(data, PRODUCTION) as address:
            yield ShownSite(address, data, json.loads(made.stdout), _patterns(data))
    finally:
        shutil.rmtree(data.parent, ignore_errors=True)


def _patterns(data: Path) -> dict[str, str]:
    said = python(
        data,
        "import json\nfrom zhunsheng.web.start_checks import all_views\n"
        "print(json.dumps({name: each for each, name, _ in all_views() if not each.startswith('api/')}))",
    )
    found: dict[str, str] = json.loads(said)
    return found


class Walk:
    """People before the browser, who open pages; states of the year change only when a page needs another."""

    def __init__(self, browser: Browser, site: ShownSite, **options: Any) -> None:
        self.browser, self.site = browser, site
        self.options = {
            "viewport": WIDE,
            "locale": "zh-CN",
            "timezone_id": "Asia/Shanghai",
            "reduced_motion": "reduce",
            **options,
        }
        self._contexts: dict[str, BrowserContext] = {}
        self._state: tuple[str, str] | None = None

    def context(self, username: str) -> BrowserContext:
        """The browser of a person, signed in once."""
        if username not in self._contexts:
            found = self._contexts[username] = self.browser.new_context(**self.options)
            found.set_default_timeout(SLOWEST)
            cookie = self.site.objects["sessions"].get(username)
            if cookie:
                found.add_cookies([{"name": "sessionid", "value": cookie, "url": self.site.address}])
            elif username:
                page = found.new_page()
                page.goto(f"{self.site.address}/accounts/login/")
                page.locator("input[name=login]").fill(username)
                page.locator("input[name=password]").fill(PASSWORD)
                page.locator("main form button[type=submit]").first.click()
                page.wait_for_url(lambda url: "/accounts/login/" not in url)
                page.close()
        return self._contexts[username]

    @contextmanager
    def opened(self, view: View) -> Iterator[Page]:
        """A page in its state, loaded, with what is typed and pressed.

        Raises:
            AssertionError: it answers with another status.
        """
        if view.state != self._state:
            self.site.put_in(view.state)
            self._state = view.state
        # whoever is on the way of signing in is somebody new each time
        alone = not view.who and bool(view.press)
        context = self.browser.new_context(**self.options) if alone else self.context(view.who)
        page = context.new_page()
        try:
            answer = page.goto(self.site.address + self.site.path(view))
            if view.typed or view.press or view.untick:
                answer = self._sent(page, view)
            _settled(page)
            assert answer is not None, view
            assert answer.status == view.status, f"{view}: {answer.status} {answer.url}"
            yield page
        finally:
            page.close()
            if alone:
                context.close()

    def _sent(self, page: Page, view: View) -> Response | None:
        # what the browser itself would not send is what the server has to answer
        page.evaluate("() => document.querySelectorAll('form').forEach(each => { each.noValidate = true })")
        for name, text in view.typed.items():
            page.locator(f"main [name='{name}']").first.fill(text)
        for each in page.locator(f"main [name='{view.untick}']").all() if view.untick else ():
            each.uncheck()
        button = page.locator("main").get_by_role("button", name=view.press, exact=True).first
        with page.expect_navigation() as found:
            button.click()
        return found.value

    def close(self) -> None:
        """Everybody leaves."""
        for each in self._contexts.values():
            each.close()


def _settled(page: Page) -> None:
    page.wait_for_load_state("load")
    page.evaluate("() => document.fonts.ready")
    pictures = page.locator("[data-chart-picture]")
    for number in range(pictures.count()):
        pictures.nth(number).locator("svg").wait_for(state="attached", timeout=10_000)


def in_order(found: tuple[View, ...]) -> list[View]:
    """Sorted so that the year changes its state as seldom as possible."""
    return sorted(found, key=lambda each: (each.state != USUAL, each.state))
