"""A real browser before a real site: `zhunsheng serve` with a worker, and people who sign in through its page.

Playwright keeps an event loop in the thread of the tests; `chromium` tells Django that its own calls there are meant.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote, urlparse

import pytest
from playwright.sync_api import (
    APIResponse,
    Browser,
    BrowserContext,
    Page,
    Response,
    ViewportSize,
    expect,
    sync_playwright,
)
from site_by_command import command, python, surroundings

PASSWORD = "zhunsheng-demo"  # noqa: S105 - of accounts that production refuses
CASE = "huadu-2023"
BODY = "huadu-amr"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SLOWEST = 30_000
"""Milliseconds anything on a page may take before a test gives up."""
expect.set_options(timeout=SLOWEST)
WIDE: ViewportSize = {"width": 1440, "height": 900}
NARROW: ViewportSize = {"width": 390, "height": 844}


# ---- the browser


def chromium_path() -> str | None:
    """Where Chromium is, None where there is none."""
    named = os.environ.get("ZHUNSHENG_CHROMIUM")
    return named or shutil.which("chromium") or shutil.which("chromium-browser")


def needs_chromium() -> str:
    """Where Chromium is; without it the test is skipped aloud, and fails where the build counts on it."""
    found = chromium_path()
    if found is not None:
        return found
    words = "没有 Chromium，浏览器测试未运行。Debian 上：apt-get install chromium；在别处的用 ZHUNSHENG_CHROMIUM 指定"
    if os.environ.get("ZHUNSHENG_NEEDS_BROWSER") == "1":
        pytest.fail(words, pytrace=False)
    pytest.skip(words)


def _fonts(folder: Path) -> dict[str, str]:
    """The stand-in fonts of the project beside those of the machine, which may have no Chinese one."""
    own = Path(__file__).resolve().parents[2] / "var" / "fonts"
    if not own.is_dir():
        return {}
    wanted = folder / "fonts.conf"
    wanted.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig>'
        f'<include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>{own}</dir></fontconfig>'
    )
    return {"FONTCONFIG_FILE": str(wanted)}


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser that talks to nobody by itself."""
    path = needs_chromium()
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    try:
        with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
            browser = playwright.chromium.launch(
                executable_path=path, args=list(FLAGS), env={**os.environ, **_fonts(Path(folder))}
            )
            try:
                yield browser
            finally:
                browser.close()
    finally:
        if before is None:
            del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
        else:
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


# ---- the site


@dataclass(frozen=True, slots=True)
class Site:
    """A running site.

    Attributes:
        address: without a slash at its end.
        data: its directory.
        more: what it is told besides, by names of the environment.
    """

    address: str
    data: Path
    more: dict[str, str] = field(default_factory=dict)

    def command(self, *arguments: str) -> tuple[int, str, str]:
        """Run a command of the site; its exit code, output and messages."""
        return command(self.data, *arguments, **self.more)

    def python(self, program: str) -> str:
        """Run a few lines inside the site; what they print."""
        return python(self.data, program, **self.more)


@contextmanager
def running(
    data: Path,
    *,
    targets: str = "approved",
    evaluation: str = "open",
    records: bool = True,
    afterwards: str = "",
) -> Iterator[Site]:
    """The demonstration in a fresh directory and database, served with a worker.

    Args:
        data: the directory, made here.
        targets: where the targets of the year stand.
        evaluation: where its evaluation stands.
        records: whether a small generated record store belongs to it.
        afterwards: lines of Python run inside the site before it is served.
    """
    with _database() as more:
        store = "huadu" if records else ""
        making = threading.Thread(target=_records, args=(data / "stores" / "huadu",))
        if records:
            making.start()
        python(
            data,
            "from django.utils import timezone\n"
            "from zhunsheng.plans.roles import EvaluationState, TargetState\n"
            "from zhunsheng.web.upgrading import upgrade\n"
            "from zhunsheng.workflow.demonstration import set_up\n"
            "upgrade()\n"
            f"set_up(timezone.now(), store={store!r}, targets=TargetState({targets!r}),"
            f" evaluation=EvaluationState({evaluation!r}))\n" + afterwards,
            **more,
        )
        if records:
            making.join()
        with served(data, more) as address:
            yield Site(address, data, more)


def _records(place: Path) -> None:
    part = place.with_name("huadu.part")
    arguments = ("city", "generate", "--profile", CASE, "--scale", "0.01", "--store", str(part), "--json")
    code, _, said = command(place.parent, *arguments)
    if code == 0:
        part.rename(place)
    else:
        sys.stderr.write(said)


@contextmanager
def _database() -> Iterator[dict[str, str]]:
    """A database of its own on the server under test; nothing to tell where the site has its own file."""
    server = os.environ.get("ZHUNSHENG_TEST_DATABASE", "")
    if not server:
        yield {}
        return
    import psycopg  # noqa: PLC0415 - only where the driver is installed

    name = f"browser_{os.getpid()}_{os.urandom(3).hex()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield {"ZHUNSHENG_DATABASE": f"{server.rpartition('/')[0]}/{name}"}
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(data: Path, more: dict[str, str]) -> Iterator[str]:
    port = free_port()
    told = data / "logs" / "serve.err"
    with told.open("w") as stream:
        process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "zhunsheng", "serve", "--port", str(port), "--workers", "1", "--json"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stream,
            text=True,
            env=surroundings(data, **more),
        )
        try:
            assert process.stdout is not None
            said = ""
            while not said.rstrip().endswith("}"):
                line = process.stdout.readline()
                assert line, told.read_text()
                said += line
            yield str(json.loads(said)["address"]).rstrip("/")
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=60)


# ---- a person before the browser


@dataclass
class Visitor:
    """One person in a browser context of their own, watched: what goes wrong on a page is a fault of the test.

    Attributes:
        username: "" for somebody who is not signed in.
        faults: errors of the console, failed requests, requests to another host, dialogs, in the order they came.
        refusals: answers with a status of 400 and more, until a test says that it expected them.
    """

    site: Site
    context: BrowserContext
    page: Page
    username: str = ""
    faults: list[str] = field(default_factory=list)
    refusals: list[tuple[int, str]] = field(default_factory=list)
    visited: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        host = urlparse(self.site.address).netloc

        def asked(address: str) -> None:
            parts = urlparse(address)
            if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != host:
                self.faults.append(f"request to another host: {address}")

        def answered(response: Response) -> None:
            if response.status >= 400:
                self.refusals.append((response.status, response.url))
            elif response.request.is_navigation_request():
                self.visited.add(urlparse(response.url).path)

        self.context.on("request", lambda each: asked(each.url))
        self.context.on("response", answered)
        self.context.on("requestfailed", lambda each: self._request_failed(each.url, each.failure or ""))
        self.context.on("console", lambda each: self._console(each.type, each.text))
        self.context.on("weberror", lambda each: self.faults.append(f"script: {each.error}"))
        self.context.on("dialog", self._dialog)

    def _request_failed(self, address: str, why: str) -> None:
        # a download and a page that is left both end a request from the browser's side
        if "ERR_ABORTED" not in why:
            self.faults.append(f"request failed: {address}: {why}")

    def _console(self, kind: str, text: str) -> None:
        # the browser repeats each answer of 400 and more here; `refusals` has them with their address
        if kind == "error" and not text.startswith("Failed to load resource: the server responded"):
            self.faults.append(f"console: {text}")

    def _dialog(self, dialog: Any) -> None:
        if dialog.type == "beforeunload":
            # a page with something unsaved is left on purpose
            dialog.accept()
            return
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def open(self, path: str) -> Page:
        """Go to a page of the site."""
        self.page.goto(self.site.address + quote(path, safe="/%?=&#"))
        return self.page

    @contextmanager
    def refused(self, status: int) -> Iterator[None]:
        """What is done inside is answered with this status, once."""
        before = len(self.refusals)
        yield
        came = self.refusals[before:]
        assert [each[0] for each in came] == [status], came
        del self.refusals[before:]

    def token(self) -> str:
        """A valid token against forged forms."""
        cookies = self.context.cookies(self.site.address)
        return next((str(each.get("value")) for each in cookies if each.get("name") == "csrftoken"), "")

    def post(
        self, path: str, form: dict[str, str] | None = None, files: dict[str, Any] | None = None
    ) -> APIResponse:
        """Send a form past the page, as this person, with a valid token; redirects are not followed."""
        address = self.site.address + quote(path, safe="/%?=&")
        headers = {"Referer": address, "Origin": self.site.address}
        given: dict[str, Any] = {"csrfmiddlewaretoken": self.token(), **(form or {})}
        if files:
            return self.context.request.post(
                address, multipart={**given, **files}, headers=headers, max_redirects=0
            )
        return self.context.request.post(address, form=given, headers=headers, max_redirects=0)

    def get(self, path: str) -> APIResponse:
        """Fetch an address as this person."""
        return self.context.request.get(self.site.address + quote(path, safe="/%?=&"))

    def sign_in(self, username: str, password: str = PASSWORD) -> Self:
        """Sign in through the page."""
        self.open("/accounts/login/")
        self.page.locator("input[name=login]").fill(username)
        self.page.locator("input[name=password]").fill(password)
        self.page.locator("main form button[type=submit]").first.click()
        self.page.wait_for_url(lambda url: "/accounts/login/" not in url)
        self.username = username
        return self

    def whole(self) -> None:
        """Nothing went wrong that no test expected.

        Raises:
            AssertionError: with everything that did.
        """
        found = [*self.faults, *(f"answer {status}: {url}" for status, url in self.refusals)]
        assert not found, f"{self.username or 'nobody'}: " + "; ".join(found)


@contextmanager
def visiting(browser: Browser, site: Site, **options: Any) -> Iterator[Visitor]:
    """Somebody who is not signed in, in a context of their own; looked over at the end."""
    context = browser.new_context(
        **{"viewport": WIDE, "locale": "zh-CN", "timezone_id": "Asia/Shanghai", **options}
    )
    context.set_default_timeout(SLOWEST)
    try:
        visitor = Visitor(site, context, context.new_page())
        yield visitor
        visitor.whole()
    finally:
        context.close()


@contextmanager
def signed_in(browser: Browser, site: Site, username: str, **options: Any) -> Iterator[Visitor]:
    """A person of the demonstration, signed in through the page, in a context of their own."""
    with visiting(browser, site, **options) as visitor:
        yield visitor.sign_in(username)


def fresh_directory() -> Path:
    """A directory that does not exist yet, short enough for whatever is put below it."""
    return Path(tempfile.mkdtemp(prefix="zhunsheng-browser-")) / "data"
