"""What every page shows around its content: who is signed in, the menu, the year."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from zhunsheng.store.database.models import StoredCase
from zhunsheng.web.page import PageRequest, may
from zhunsheng.workflow.actor import PUBLIC


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A line of the menu.

    Attributes:
        current: whether it is the page that is shown.
        above: whether the page that is shown stands below it.
    """

    label: str
    url: str
    current: bool = False
    above: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class MenuGroup:
    """A group of the menu."""

    label: str
    items: tuple[MenuItem, ...]


CASE_PAGES: tuple[tuple[str, str, str], ...] = (
    # name of the address, label, right
    ("case", noop("年度概况"), "case.read"),
    ("plan", noop("目标编制"), "case.read"),
    ("collect", noop("完成值与佐证"), "case.read"),
    ("evaluation", noop("自评打分"), "case.read"),
    ("report", noop("自评报告"), "case.read"),
    ("indicator_board", noop("指标看板"), "case.read"),
    ("release", noop("公开"), "case.read"),
)
GENERAL_PAGES: tuple[tuple[str, str, str], ...] = (
    ("home", noop("我的工作"), "self.use"),
    ("cases", noop("年度档案"), "self.use"),
    ("ledgers", noop("业务台账"), "self.use"),
    ("indicators", noop("指标"), "library.read"),
    ("audits", noop("文件核对"), "self.use"),
    ("jobs", noop("后台任务"), "jobs.read"),
    ("trail", noop("操作记录"), "self.use"),
    ("people", noop("用户和授权"), "people.read"),
)


def of_page(request: HttpRequest) -> dict[str, object]:
    """Context of every template."""
    site = settings.ENVIRONMENT.about
    if not isinstance(getattr(request, "actor", None), type(PUBLIC)):
        return {"actor": PUBLIC, "menu": (), "site": site}
    asked: PageRequest = request  # type: ignore[assignment] # the middleware made it one
    case = asked.case
    return {"actor": asked.actor, "case": case, "menu": _menu(asked, case), "site": site}


def _menu(request: PageRequest, case: StoredCase | None) -> tuple[MenuGroup, ...]:
    if request.actor.user is None:
        return ()
    of_case = [] if case is None else _addresses(request, CASE_PAGES, [case.code])
    general = _addresses(request, GENERAL_PAGES, [])
    nearest = _nearest(request.path, [url for url, _label in (*of_case, *general)])

    def items(found: Sequence[tuple[str, str]]) -> tuple[MenuItem, ...]:
        return tuple(
            MenuItem(_(label), url, current=url == request.path, above=url == nearest != request.path)
            for url, label in found
        )

    groups = [] if case is None else [MenuGroup(str(case), items(of_case))]
    return (*groups, MenuGroup(_("工作台"), items(general)))


def _addresses(
    request: PageRequest, pages: Sequence[tuple[str, str, str]], arguments: list[str]
) -> list[tuple[str, str]]:
    """Address and label of the pages the person may open."""
    return [(reverse(name, args=arguments), label) for name, label, right in pages if may(request, right)]


def _nearest(path: str, urls: Iterable[str]) -> str:
    """The page of the menu a page is or stands below: of several the one that says most; "" when there is none."""
    above = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
    return max(above, key=len, default="")
