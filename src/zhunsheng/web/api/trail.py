"""The trail: what somebody may read of it, newest first."""

from datetime import date
from typing import Annotated, Any

from django.utils import timezone
from ninja import Query, Router, Schema

from zhunsheng.store.database.models import TrailEntry
from zhunsheng.web.api.operations import operation
from zhunsheng.web.api.paging import Cursor, Limit, page_by_number
from zhunsheng.web.api.tokens import ApiRequest
from zhunsheng.workflow.trail_reading import Choice, seen_by

ROUTER = Router(tags=["trail"])
Text = Annotated[str, Query(max_length=60, pattern=r"^[^\x00]*$")]


class EntryShape(Schema):
    """A line; `hash` is over everything above it in the order of the columns, with the hash of the line before."""

    number: int
    moment: str
    who: str
    name: str
    role: str
    channel: str
    address: str
    organisation: str
    case: str
    action: str
    subject: str
    before: Any
    after: Any
    reason: str
    before_hash: str
    hash: str


class EntriesShape(Schema):
    """A page of lines."""

    items: list[EntryShape]
    next: str | None


_NAMES = tuple(EntryShape.model_fields)


def _entry(found: TrailEntry) -> dict[str, object]:
    return {name: getattr(found, name) for name in _NAMES}


@operation(ROUTER, "GET", "/trail", "self.use", EntriesShape, summary="可以查看的操作记录")
def trail(
    request: ApiRequest,
    limit: Limit = 50,
    cursor: Cursor = "",
    case: Text = "",
    organisation: Text = "",
    who: Text = "",
    action: Text = "",
    since: date | None = None,
    until: date | None = None,
) -> dict[str, object]:
    """The lines of oneself, and of the bodies whose trail one may read."""
    chosen = Choice(who=who, action=action, case=case, organisation=organisation, since=since, until=until)
    found = chosen.of(seen_by(request.actor, timezone.localdate()))
    shown, following = page_by_number(found, "number", limit, cursor, newest_first=True)
    return {"items": [_entry(each) for each in shown], "next": following}
