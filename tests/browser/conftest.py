"""One browser and one site for the whole folder."""

import os
import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from browsing import Site, Visitor, chromium, fresh_directory, needs_chromium, running, signed_in, visiting
from pages_shown import ShownSite, shown_site
from playwright.sync_api import Browser

FAILED = pytest.StashKey[str]()


def _step(item: pytest.Item) -> int:
    """Which part of the year a test is of, 0 for none."""
    name = item.path.stem
    return int(name.split("_")[2]) if name.startswith("test_year_") else 0


def pytest_runtest_setup(item: pytest.Item) -> None:
    """The parts of the year build on each other: nothing is tried where an earlier one is missing or failed."""
    step = _step(item)
    if not step:
        return
    there = {_step(each) for each in item.session.items}
    if "PYTEST_XDIST_WORKER" in os.environ or not set(range(1, step)) <= there:
        pytest.fail("年度的各步前后相接，须在一个进程中一起运行：pytest -n 0 tests/browser", pytrace=False)
    failed = item.session.stash.get(FAILED, "")
    if failed:
        pytest.fail(f"前面的一步没有通过：{failed}", pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember the first step of the year that failed."""
    report = yield
    if report.failed and _step(item):
        item.session.stash.setdefault(FAILED, item.name)
    return report


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


@pytest.fixture(scope="module")
def evaluating(spare: Site) -> None:
    """The year is past its approval."""
    spare.python(
        "from zhunsheng.store.database.models import StoredCase\n"
        "StoredCase.objects.update(target_state='approved', evaluation_state='open')"
    )


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
