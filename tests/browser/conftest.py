"""One browser and one site for the whole folder."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack

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


class _Desks(dict[str, Visitor]):
    """People by user name, with what lets them go in the end."""

    def __init__(self, desks: ExitStack) -> None:
        super().__init__()
        self.desks = desks


@pytest.fixture(scope="session")
def _known() -> Iterator[_Desks]:
    """People who have signed in and stay at their desk."""
    with ExitStack() as desks:
        yield _Desks(desks)


@pytest.fixture
def visit(browser: Browser, site: Site, _known: _Desks) -> Iterator[Callable[..., Visitor]]:
    """People for a test: visit("caiwu") signs in once and stays, visit() is nobody; all are looked over at the end."""
    came: list[Visitor] = []
    with ExitStack() as leaving:

        def come(username: str = "", *, fresh: bool = False, **options: object) -> Visitor:
            if username and not fresh and not options:
                if username not in _known:
                    _known[username] = _known.desks.enter_context(signed_in(browser, site, username))
                came.append(_known[username])
                return came[-1]
            way = signed_in(browser, site, username, **options) if username else visiting(browser, site, **options)
            return leaving.enter_context(way)

        yield come
        for each in came:
            each.whole()
