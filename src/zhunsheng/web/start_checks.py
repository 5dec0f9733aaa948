"""Checks that run before the site starts: every view declares a right that exists; production is safe."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError
from django.urls import URLPattern, URLResolver, get_resolver

from zhunsheng.web.page import LIBRARIES, rights_of
from zhunsheng.workflow.catalogue import RIGHTS


def all_views(
    resolver: URLResolver | None = None, prefix: str = ""
) -> Iterator[tuple[str, str, Callable[..., Any]]]:
    """Every address with its name and view."""
    for each in (resolver or get_resolver()).url_patterns:
        address = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from all_views(each, address)
        elif isinstance(each, URLPattern):
            yield address, each.name or "", each.callback


@register(Tags.security)
def every_view_declares_a_right(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001 - as Django calls it
    **_: object,
) -> list[CheckMessage]:
    """A view without a right is a fault of the program."""
    faults: list[CheckMessage] = []
    for address, _name, view in all_views():
        declared = rights_of(view)
        if declared is None:
            if not view.__module__.startswith(LIBRARIES) and not getattr(view, "asks_itself", False):
                faults.append(Error(f"/{address} 的页面没有声明权限", id="zhunsheng.E001"))
            continue
        faults += [
            Error(f"/{address} 声明了没有的权限 {code}", id="zhunsheng.E002")
            for code in declared
            if code and code not in RIGHTS
        ]
    return faults


@register(Tags.security, deploy=True)
def no_demonstration_in_production(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001 - as Django calls it
    **_: object,
) -> list[CheckMessage]:
    """Demo accounts have known passwords."""
    from zhunsheng.store.database.models import User  # noqa: PLC0415 - models are not ready when this is imported

    if not settings.ENVIRONMENT.production:
        return []
    try:
        demo = list(User.objects.filter(is_demo=True, is_active=True).values_list("username", flat=True))
    except DatabaseError:
        return []
    if not demo:
        return []
    return [
        Error(
            f"正式运行的数据库中有演示账号：{'、'.join(demo)}",
            hint="停用或删除这些账号，或改用空的数据库。",
            id="zhunsheng.E003",
        )
    ]
