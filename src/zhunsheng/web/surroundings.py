"""What every page shows around its content: who is signed in, the menu, the year."""

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
    """A line of the menu."""

    label: str
    url: str
    current: bool = False
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
    groups = []
    if case is not None:
        items = tuple(
            _item(request, reverse(name, args=[case.code]), label)
            for name, label, right in CASE_PAGES
            if may(request, right)
        )
        groups.append(MenuGroup(str(case), items))
    general = tuple(
        _item(request, reverse(name), label) for name, label, right in GENERAL_PAGES if may(request, right)
    )
    return (*groups, MenuGroup(_("工作台"), general))


def _item(request: PageRequest, url: str, label: str) -> MenuItem:
    exact = url == "/" or url.count("/") <= 3
    current = request.path == url if exact else request.path.startswith(url)
    return MenuItem(_(label), url, current)
