"""Operations and the right each asks: declared together, so that none is without.

The list of operations is what the test of the rights matrix goes through.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from inspect import Parameter, signature
from typing import Annotated, Any, TypeVar

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Path, Router

from zhunsheng.store.database.models import Organisation, StoredCase
from zhunsheng.web.api.failures import Failure
from zhunsheng.web.api.tokens import PerMinute, Token
from zhunsheng.workflow.action import Refused
from zhunsheng.workflow.actor import PUBLIC
from zhunsheng.workflow.catalogue import RIGHTS
from zhunsheng.workflow.rights import Asked

Code = Annotated[str, Path(pattern=r"^[-a-zA-Z0-9_]{1,60}$")]
"""The code of a year or a body in an address."""

Number = Annotated[int, Path(ge=1, le=2_147_483_647)]
"""A number in an address."""

_OBJECTS = (StoredCase, Organisation)
TOKEN, THROTTLE = Token(), PerMinute()
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of the interface.

    Attributes:
        method: "GET", "POST", "PUT".
        path: below /api/v1, with names in braces.
        right: code of the right it asks.
        name: of the operation in the description.
    """

    method: str
    path: str
    right: str
    name: str


OPERATIONS: list[Operation] = []
"""All operations, in the order in which they were declared."""


def operation(
    router: Router, method: str, path: str, right: str, answer: object, *, status: int = 200, summary: str
) -> Callable[[View], View]:
    """Declare an operation with its right.

    A parameter that is a `StoredCase` or an `Organisation` stands for the code in the address and arrives as the object.

    Args:
        router: where it belongs.
        method: of HTTP.
        path: below /api/v1.
        right: code of the right; asked for some part before the view is called, and again by the action it performs.
        answer: schema of the answer.
        status: of the answer.
        summary: one line, in Chinese.

    Raises:
        LookupError: there is no such right.
    """
    public = RIGHTS[right].public

    def declare(view: View) -> View:
        failing = (400, 403, 404, 422, 429, 500) if public else (400, 401, 403, 404, 409, 422, 429, 500)
        router.add_api_operation(
            path,
            [method],
            _asking(view, right),
            auth=None if public else TOKEN,
            throttle=THROTTLE,
            response={status: answer, **dict.fromkeys(failing, Failure)},
            operation_id=view.__name__,
            summary=summary,
        )
        OPERATIONS.append(Operation(method, path, right, view.__name__))
        return view

    return declare


def _asking(view: Callable[..., Any], code: str) -> Callable[..., Any]:
    shape = signature(view)
    objects = {name for name, each in shape.parameters.items() if each.annotation in _OBJECTS}

    @wraps(view)
    def asked(request: Any, **given: Any) -> Any:  # noqa: ANN401 - any operation
        request.actor = getattr(request, "auth", None) or PUBLIC
        request.case = request.organisation = None
        if "case" in objects:
            request.case = given["case"] = _case(given["case"])
            request.organisation = request.case.organisation
        if "organisation" in objects:
            request.organisation = given["organisation"] = _organisation(given["organisation"])
        question = Asked(timezone.localdate(), request.case, request.organisation, some_part=True)
        verdict = RIGHTS[code].judge(request.actor, question)
        if not verdict.allowed:
            raise Refused(verdict.reason)
        return view(request, **given)

    asked.__signature__ = shape.replace(  # type: ignore[attr-defined] # functions may carry it
        parameters=[_outside(each) for each in shape.parameters.values()]
    )
    return asked


def _outside(parameter: Parameter) -> Parameter:
    if parameter.annotation in _OBJECTS:
        return parameter.replace(annotation=Code)
    return parameter.replace(annotation=HttpRequest) if parameter.name == "request" else parameter


def _case(code: str) -> StoredCase:
    found = StoredCase.objects.select_related("organisation__overseer").filter(code=code).first()
    if found is None:
        raise Http404(f"没有编码为“{code}”的年度档案")
    return found


def _organisation(code: str) -> Organisation:
    found = Organisation.objects.select_related("overseer").filter(code=code).first()
    if found is None:
        raise Http404(f"没有编码为“{code}”的单位")
    return found
