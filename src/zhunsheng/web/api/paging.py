"""Long lists a page at a time: a limit, and a cursor that says where to go on."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

from django.db.models import QuerySet
from ninja import Query

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Severity
from zhunsheng.workflow.action import Invalid

CURSOR = Kind(
    "API-002", Severity.ERROR, "cursor 只能是上一页返回的 next", "不带 cursor 从头读取，或使用上一页的 next。"
)
_LARGEST = 2**63 - 1

Limit = Annotated[int, Query(ge=1, le=200, description="每页条数")]
Cursor = Annotated[
    str, Query(max_length=200, pattern=r"^[-A-Za-z0-9_=]*$", description="上一页返回的 next；第一页不填")
]

Row = TypeVar("Row", bound=Any)


def cursor_of(position: int | str) -> str:
    """A cursor that stands after a position."""
    return urlsafe_b64encode(str(position).encode()).decode().rstrip("=")


def text_of(cursor: str) -> str:
    """The position of a cursor.

    Raises:
        Invalid: it is none of ours.
    """
    try:
        return urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (Error, ValueError):
        raise Invalid((CURSOR.at(Place(field="cursor"), "cursor 不能识别"),)) from None


def number_of(cursor: str) -> int:
    """The position of a cursor as a number; 0 for none.

    Raises:
        Invalid: it is none of ours.
    """
    if not cursor:
        return 0
    text = text_of(cursor)
    if not (text.isascii() and text.isdecimal() and int(text) <= _LARGEST):
        raise Invalid((CURSOR.at(Place(field="cursor"), "cursor 不能识别"),))
    return int(text)


def page_by_number(
    rows: "QuerySet[Row]", field: str, limit: int, cursor: str, *, newest_first: bool = False
) -> tuple[list[Row], str | None]:
    """A page of rows in the order of a number that each has once.

    Args:
        rows: unordered.
        field: name of the number.
        limit: how many at most.
        cursor: of the page before, or "".
        newest_first: largest number first.
    """
    start = number_of(cursor)
    if start:
        rows = rows.filter(**{f"{field}__{'lt' if newest_first else 'gt'}": start})
    found = list(rows.order_by(f"-{field}" if newest_first else field)[: limit + 1])
    shown = found[:limit]
    more = len(found) > limit
    return shown, cursor_of(getattr(shown[-1], field)) if more else None


def page_of(
    items: Sequence[Row], key: Callable[[Row], str], limit: int, cursor: str
) -> tuple[list[Row], str | None]:
    """A page of things that are all at hand, in their order.

    Args:
        items: all of them.
        key: a text that each has once.
        limit: how many at most.
        cursor: of the page before, or "".

    Raises:
        Invalid: the thing the cursor stands after is not there.
    """
    start = 0
    if cursor:
        wanted = text_of(cursor)
        places = [place for place, each in enumerate(items) if key(each) == wanted]
        if not places:
            raise Invalid((CURSOR.at(Place(field="cursor"), "cursor 所指的位置已经不在"),))
        start = places[0] + 1
    shown = list(items[start : start + limit])
    more = start + limit < len(items)
    return shown, cursor_of(key(shown[-1])) if more and shown else None
