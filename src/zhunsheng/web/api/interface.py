"""The interface for programs: what it is made of, its description, its failures in one shape."""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import URLPattern, URLResolver, path, re_path
from ninja import NinjaAPI

from zhunsheng import __version__
from zhunsheng.web.api import cases, evaluations, executions, jobs, library, me, records, releases, trail
from zhunsheng.web.api.failures import answer_failures, failure

ROUTERS = (
    me.ROUTER,
    cases.ROUTER,
    executions.ROUTER,
    evaluations.ROUTER,
    library.ROUTER,
    records.ROUTER,
    jobs.ROUTER,
    trail.ROUTER,
    releases.ROUTER,
)


def _made() -> NinjaAPI:
    api = NinjaAPI(
        title="准绳",
        version=__version__,
        description="预算绩效管理接口。令牌在“个人设置”中建立；权限与令牌的主人相同。",
        docs_url=None,
        openapi_url="",
        urls_namespace="api",
    )
    for router in ROUTERS:
        api.add_router("", router)
    answer_failures(api)
    return api


API = _made()


@cache
def description() -> dict[str, Any]:
    """The description of the interface (OpenAPI 3.1)."""
    return dict(API.get_openapi_schema(path_prefix="/api/v1"))


def _described(request: HttpRequest) -> HttpResponse:
    if request.method not in {"GET", "HEAD"}:
        refused = failure(405, "接口说明只能读取")
        refused.headers["Allow"] = "GET"
        return refused
    return JsonResponse(description())


def _nothing_here(_request: HttpRequest) -> HttpResponse:
    return failure(404, "接口没有这个地址；全部地址见 /api/v1/openapi.json")


def _shaped(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view of the library that asks rights by itself and says in our shape that a method is not allowed."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401 - any operation
        response = view(request, *args, **kwargs)
        if response.status_code != 405:
            return response
        refused = failure(405, "这个地址不能这样使用；允许的方法见响应头 Allow")
        refused.headers["Allow"] = response.headers.get("Allow", "GET")
        return refused

    answer.asks_itself = True  # type: ignore[attr-defined] # see web.page
    answer.csrf_exempt = True  # type: ignore[attr-defined] # there are no cookies here
    return answer


def _patterns() -> list[URLPattern | URLResolver]:
    found: list[URLPattern | URLResolver] = [path("openapi.json", _described, name="openapi-json")]
    for each in API.urls[0]:
        if isinstance(each, URLPattern) and each.name != "api-root":
            each.callback = _shaped(each.callback)
            found.append(each)
    return found


for _view in (_nothing_here, _described):
    vars(_view).update(asks_itself=True, csrf_exempt=True)

URLS: tuple[list[URLPattern | URLResolver], str] = (_patterns(), "api")
NOTHING = re_path(r"^.*$", _nothing_here, name="api-nothing")
