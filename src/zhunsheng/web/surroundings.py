"""What every page shows around its content: who is signed in, the menu, the year."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

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
    ("case", "年度概况", "case.read"),
    ("plan", "目标编制", "case.read"),
    ("collect", "完成值与佐证", "case.read"),
    ("evaluation", "自评打分", "case.read"),
    ("report", "自评报告", "case.read"),
    ("release", "公开", "case.read"),
)
GENERAL_PAGES: tuple[tuple[str, str, str], ...] = (
    ("home", "我的工作", "self.use"),
    ("cases", "年度档案", "self.use"),
    ("ledgers", "业务台账", "self.use"),
    ("indicators", "指标", "library.read"),
    ("audits", "文件核对", "self.use"),
    ("jobs", "后台任务", "jobs.read"),
    ("trail", "操作记录", "self.use"),
    ("people", "用户和授权", "people.read"),
)


def of_page(request: HttpRequest) -> dict[str, object]:
    """Context of every template."""
    if not isinstance(getattr(request, "actor", None), type(PUBLIC)):
        return {"actor": PUBLIC, "menu": ()}
    asked: PageRequest = request  # type: ignore[assignment] # the middleware made it one
    case = asked.case
    return {"actor": asked.actor, "case": case, "menu": _menu(asked, case), "site": {}}


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
