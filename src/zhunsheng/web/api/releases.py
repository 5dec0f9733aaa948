"""What is public; nobody needs a token."""

from datetime import datetime
from typing import Annotated, Any

from django.http import Http404
from ninja import Path, Router, Schema

from zhunsheng.store.database.models import Release
from zhunsheng.web.api.operations import operation
from zhunsheng.web.api.tokens import ApiRequest
from zhunsheng.web.public.released import current_releases, release_of

ROUTER = Router(tags=["public"])
YearCode = Annotated[str, Path(pattern=r"^[-a-zA-Z0-9_]{1,60}$")]


class ReleaseShape(Schema):
    """A public year."""

    year: str
    number: int
    moment: datetime
    correction: str


class ReleasesShape(Schema):
    """All public years."""

    items: list[ReleaseShape]


class ReleaseContentShape(ReleaseShape):
    """A public year with everything that is public of it."""

    content: dict[str, Any]


def _release(found: Release) -> dict[str, object]:
    return {
        "year": found.case.code,
        "number": found.number,
        "moment": found.moment,
        "correction": found.correction,
    }


@operation(ROUTER, "GET", "/public/releases", "public.read", ReleasesShape, summary="已公开的年度")
def releases(request: ApiRequest) -> dict[str, object]:  # noqa: ARG001 - every operation takes it
    """The public years, newest first."""
    return {"items": [_release(each) for each in current_releases()]}


@operation(
    ROUTER, "GET", "/public/releases/{year}", "public.read", ReleaseContentShape, summary="一个已公开的年度"
)
def release(request: ApiRequest, year: YearCode) -> dict[str, object]:  # noqa: ARG001
    """One public year; what was withdrawn is not there."""
    found = release_of(year)
    if found.withdrawn is not None:
        raise Http404("这个年度的公开内容已经撤下")
    return {**_release(found), "content": found.content}
