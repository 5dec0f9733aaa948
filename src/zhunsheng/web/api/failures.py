"""The one shape of every failure: a stable code, a sentence for people, the problems at their places."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

from zhunsheng.assembly.rejections import Rejected
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Severity
from zhunsheng.store.records.faults import StoreFault
from zhunsheng.workflow.action import Invalid, Refused, Stale
from zhunsheng.workflow.mishaps import noted

ARGUMENT = Kind(
    "API-001", Severity.ERROR, "参数须符合接口文件的规定", "按 /api/v1/openapi.json 中该接口的说明改正参数。"
)


class ProblemShape(Schema):
    """What is wrong where, why, and what to do."""

    code: str
    severity: str
    place: dict[str, str | int]
    value: str | None
    what: str
    why: str
    remedy: str


class Failure(Schema):
    """Why a request was not answered; `code` is stable, `message` is for people."""

    code: str
    message: str
    problems: list[ProblemShape]


CODES: dict[int, str] = {
    400: "malformed",
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    413: "too_large",
    422: "invalid",
    429: "too_many_requests",
    500: "internal",
}
"""The stable code of each status."""

_PLACES = {"path": "路径参数", "query": "查询参数", "body": "请求正文", "header": "请求头", "file": "文件"}
_KINDS: tuple[tuple[str, str], ...] = (
    ("missing", "没有提供"),
    ("int", "不是规定范围内的整数"),
    ("greater_than", "小于下限"),
    ("less_than", "超过上限"),
    ("string_too_long", "太长"),
    ("string_too_short", "太短"),
    ("string", "不是可用的文字"),
    ("date", "不是日期，日期写作 2024-01-31"),
    ("bool", "不是 true 或 false"),
    ("literal", "不是允许的值"),
    ("enum", "不是允许的值"),
    ("json", "不是正确的 JSON"),
    ("extra", "不是这个接口的参数"),
)


def failure(status: int, message: str, problems: list[dict[str, object]] | None = None) -> HttpResponse:
    """A failure as an answer."""
    content = {"code": CODES[status], "message": message, "problems": problems or []}
    response = JsonResponse(content, status=status)
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _said(error: dict[str, Any]) -> dict[str, object]:
    kind = str(error.get("type", ""))
    words = next((said for beginning, said in _KINDS if kind.startswith(beginning)), "不符合规定")
    where = [str(each) for each in error.get("loc", ())]
    source = _PLACES.get(where[0], "参数") if where else "参数"
    name = ".".join(each for each in where[1:] if each)
    return ARGUMENT.at(Place(field=name or None), f"{source}“{name}”{words}").as_data()


def _invalid_arguments(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    return failure(422, "参数有误", [_said(each) for each in error.errors])


def _http(_request: HttpRequest, error: HttpError) -> HttpResponse:
    status = error.status_code if error.status_code in CODES else 400
    words = {400: "请求正文不能读取；请检查格式和字符编码（UTF-8）"}
    return failure(status, words.get(status, str(error)))


def _unauthenticated(_request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    return failure(401, "没有令牌，或令牌无效、已到期、已吊销；请在“个人设置”中建立新的令牌")


def _throttled(_request: HttpRequest, _error: Throttled) -> HttpResponse:
    return failure(429, "请求太频繁；请按 Retry-After 等待后再试")


def _missing(_request: HttpRequest, error: Http404) -> HttpResponse:
    return failure(404, str(error) or "没有这个对象；请检查地址中的编码")


def _refused(_request: HttpRequest, error: Refused) -> HttpResponse:
    return failure(403, error.reason)


def _stale(_request: HttpRequest, error: Stale) -> HttpResponse:
    return failure(409, error.what)


def _invalid(_request: HttpRequest, error: Invalid) -> HttpResponse:
    return failure(422, "内容有误，没有写入", [each.as_data() for each in error.problems])


def _unusable(_request: HttpRequest, error: Rejected | StoreFault) -> HttpResponse:
    problems = error.problems if isinstance(error, Rejected) else (error.problem,)
    return failure(422, "要用的内容读不出来，什么也没有改动", [each.as_data() for each in problems])


def _malformed(_request: HttpRequest, _error: Exception) -> HttpResponse:
    return failure(400, "请求不能读取；请检查格式、大小和字符编码（UTF-8）")


def _forbidden(_request: HttpRequest, _error: PermissionDenied) -> HttpResponse:
    return failure(403, "没有权限")


def _broken(request: HttpRequest, error: Exception) -> HttpResponse:
    reference = noted(error, f"api {request.method} {request.path}")
    return failure(500, f"系统出错，没有写入；请把编号 {reference} 告诉管理员")


_HANDLERS: tuple[tuple[type[Exception], Callable[..., HttpResponse]], ...] = (
    (Exception, _broken),
    (ValidationError, _invalid_arguments),
    (HttpError, _http),
    (AuthenticationError, _unauthenticated),
    (Throttled, _throttled),
    (Http404, _missing),
    (Refused, _refused),
    (Stale, _stale),
    (Invalid, _invalid),
    (Rejected, _unusable),
    (StoreFault, _unusable),
    (PermissionDenied, _forbidden),
    (BadRequest, _malformed),
    (SuspiciousOperation, _malformed),
    (MultiPartParserError, _malformed),
    (UnreadablePostError, _malformed),
    (UnicodeError, _malformed),
)


def answer_failures(api: NinjaAPI) -> None:
    """Have every failure of an interface answered in the one shape."""
    for kind, handler in _HANDLERS:
        api.add_exception_handler(kind, handler)
