"""One browser and one site for the whole folder."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from browsing import Site, Visitor, chromium, fresh_directory, needs_chromium, running, signed_in, visiting
from pages_shown import ShownSite, shown_site
from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """The year of Huadu before anything was sent on."""
    needs_chromium()
    data = fresh_directory()
    try:
        with running(data, targets="draft", evaluation="closed") as found:
            yield found
    finally:
        shutil.rmtree(data.parent, ignore_errors=True)


@pytest.fixture(scope="session")
def shown() -> Iterator[ShownSite]:
    """Another site, with something on every page; it is looked at and not changed."""
    needs_chromium()
    with shown_site() as found:
        yield found


@pytest.fixture(scope="session")
def spare() -> Iterator[Site]:
    """A third site at the same point, without records: for what would spoil the year."""
    needs_chromium()
    data = fresh_directory()
    try:
        with running(data, targets="draft", evaluation="closed", records=False) as found:
            yield found
    finally:
        shutil.rmtree(data.parent, ignore_errors=True)


class _Desks(dict[tuple[str, str], Visitor]):
    """People by site and user name, with what lets them go in the end."""

    def __init__(self, leaving: ExitStack) -> None:
        super().__init__()
        self.leaving = leaving


@pytest.fixture(scope="session")
def _desks() -> Iterator[_Desks]:
    """People who have signed in and stay at their desk."""
    with ExitStack() as leaving:
        yield _Desks(leaving)


@contextmanager
def _visits(browser: Browser, site: Site, desks: _Desks) -> Iterator[Callable[..., Visitor]]:
    came: list[Visitor] = []
    with ExitStack() as leaving:

        def come(username: str = "", *, fresh: bool = False, **options: Any) -> Visitor:
            if username and not fresh and not options:
                place = (site.address, username)
                if place not in desks:
                    desks[place] = desks.leaving.enter_context(signed_in(browser, site, username))
                came.append(desks[place])
                return came[-1]
            way = (
                signed_in(browser, site, username, **options)
                if username
                else visiting(browser, site, **options)
            )
            return leaving.enter_context(way)

        yield come
        for each in came:
            each.whole()


@pytest.fixture
def visit(browser: Browser, site: Site, _desks: _Desks) -> Iterator[Callable[..., Visitor]]:
    """People for a test: visit("caiwu") signs in once and stays, visit() is nobody; all are looked over at the end.

    A fresh one, or one with options of the context (java_script_enabled=False), signs in anew and leaves after the test.
    """
    with _visits(browser, site, _desks) as come:
        yield come


@pytest.fixture
def visit_spare(browser: Browser, spare: Site, _desks: _Desks) -> Iterator[Callable[..., Visitor]]:
    """The same, at the spare site."""
    with _visits(browser, spare, _desks) as come:
        yield come
