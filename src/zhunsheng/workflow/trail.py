"""Writing and verifying the trail.

Each line holds the hash of the line before it; the head holds how many lines there are and the hash of the last. So a
line that was changed, taken out, put in or taken off the end is noticed. Whoever can write the tables could make a
whole new chain: only a head that was noted elsewhere (an export, a backup) tells that.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import DatabaseError, connection

from zhunsheng.plans.roles import Role
from zhunsheng.store.database.models import Organisation, StoredCase, TrailEntry, TrailHead
from zhunsheng.store.database.trail_guard import standing
from zhunsheng.workflow.actor import Actor

HASHED = (
    "number",
    "moment",
    "who",
    "name",
    "role",
    "channel",
    "address",
    "organisation",
    "case",
    "action",
    "subject",
    "before",
    "after",
    "reason",
    "before_hash",
)
"""What the hash of a line is over, in this order."""


def plain_data(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """The value as every database gives it back, so that its hash is that of what is kept.

    PostgreSQL writes floats in its own way and keeps no NUL and no half of a surrogate pair.
    """
    return _steady(json.loads(json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)))


def _steady(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        return {_text(key): _steady(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_steady(each) for each in value]
    if isinstance(value, float):
        return repr(value)
    return _text(value) if isinstance(value, str) else value


def _text(value: str) -> str:
    return value.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()


def _fitting(name: str, value: str) -> str:
    """A text as long as its column: what SQLite would keep and PostgreSQL refuse."""
    return _text(value)[: getattr(TrailEntry._meta.get_field(name), "max_length", None)]


def hash_of_content(content: dict[str, Any]) -> str:
    """The hash of a line given by the names of `HASHED`."""
    values = [content[name] for name in HASHED]
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def hash_of(entry: TrailEntry) -> str:
    """The hash of a line: over its content and the hash of the line before it."""
    return hash_of_content({name: getattr(entry, name) for name in HASHED})


def record(
    actor: Actor,
    moment: datetime,
    *,
    action: str,
    subject: str,
    before: Any = None,  # noqa: ANN401 - any JSON
    after: Any = None,  # noqa: ANN401 - any JSON
    reason: str = "",
    role: Role | None = None,
    organisation: Organisation | None = None,
    case: StoredCase | None = None,
) -> TrailEntry:
    """Add a line, last in its transaction: from here on every other writer of the trail waits.

    Raises:
        RuntimeError: outside a transaction, where the line and what it tells of might part; or the head is gone.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a line of the trail needs the transaction of what it tells of")
    head = _locked_head()
    entry = TrailEntry(
        number=head.count + 1,
        moment=moment.astimezone(UTC).isoformat(timespec="microseconds"),
        who="" if actor.user is None else actor.user.username,
        name=_fitting("name", actor.name),
        role="" if role is None else role.value,
        channel=actor.channel,
        address=_fitting("address", actor.address),
        organisation="" if organisation is None else organisation.code,
        case="" if case is None else case.code,
        action=_fitting("action", action),
        subject=_fitting("subject", subject),
        before=plain_data(before),
        after=plain_data(after),
        reason=_text(reason),
        before_hash=head.hash,
    )
    entry.hash = hash_of(entry)
    entry.save()
    head.count, head.hash = entry.number, entry.hash
    head.save(force_update=True)
    return entry


def _locked_head() -> TrailHead:
    found = TrailHead.objects.select_for_update().filter(pk=TrailHead.ONLY).first()
    if found is not None:
        return found
    if TrailEntry.objects.exists():
        raise RuntimeError("the head of the trail is gone; see trail verify")
    # two may come here at once in a new database; one of them makes it
    TrailHead.objects.bulk_create([TrailHead()], ignore_conflicts=True)
    return TrailHead.objects.select_for_update().get(pk=TrailHead.ONLY)


@dataclass(frozen=True, slots=True)
class Head:
    """How long the trail is and the hash of its last line; to be noted elsewhere."""

    count: int
    hash: str

    def __str__(self) -> str:
        return f"{self.count}:{self.hash}"

    @classmethod
    def parsed(cls, text: str) -> "Head":
        """From its text.

        Raises:
            ValueError: it is none.
        """
        count, _, found = text.strip().partition(":")
        if len(found) != 64 and (int(count) or found):
            raise ValueError(text)
        return cls(int(count), found)


def head() -> Head:
    """The head as it stands."""
    found = TrailHead.objects.filter(pk=TrailHead.ONLY).first()
    return Head(0, "") if found is None else Head(found.count, found.hash)


@dataclass(frozen=True, slots=True)
class Breach:
    """A place where the trail is not what was written."""

    number: int
    what: str


def verify(noted: Head | None = None) -> Iterator[Breach]:
    """Every place where a line was changed, taken out, put in or taken off the end. Writers may go on meanwhile.

    Args:
        noted: a head that was noted earlier, elsewhere.
    """
    known = [each for each in (head(), noted) if each is not None and each.count]
    expected, before_hash, last = 1, "", 0
    try:
        for entry in TrailEntry.objects.order_by("number").iterator(2000):
            yield from _faults_of(entry, expected, before_hash, known)
            expected, before_hash, last = entry.number + 1, entry.hash, entry.number
    except DatabaseError:
        yield Breach(expected, f"第 {expected} 条起不能读取：内容已破坏")
        return
    longest = max((each.count for each in known), default=0)
    if longest > last:
        yield Breach(longest, f"末尾缺少第 {last + 1} 条到第 {longest} 条")
    if head().count < last:
        yield Breach(
            last, f"末条登记为第 {head().count} 条，实有 {last} 条：登记被改动，或有记录绕过程序写入"
        )


def _faults_of(entry: TrailEntry, expected: int, before_hash: str, known: Sequence[Head]) -> Iterator[Breach]:
    if entry.number != expected:
        yield Breach(entry.number, f"第 {expected} 条到第 {entry.number - 1} 条缺失")
    elif entry.before_hash != before_hash:
        yield Breach(entry.number, f"第 {entry.number} 条与上一条不衔接")
    if entry.hash != hash_of(entry):
        yield Breach(entry.number, f"第 {entry.number} 条的内容被改动")
    if any(each.count == entry.number and each.hash != entry.hash for each in known):
        yield Breach(entry.number, f"第 {entry.number} 条与登记的哈希值不符，这一条或之前的各条被重写")


def is_guarded() -> bool:
    """Whether the database itself refuses to change the trail."""

    def first_column(statement: str) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return [row[0] for row in cursor.fetchall()]

    return standing(connection.vendor, first_column)
