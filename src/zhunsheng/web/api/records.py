"""Ledgers and their records: read a page at a time, imported from a file."""

from typing import Annotated, Any

from django.http import Http404
from ninja import File, Form, Path, Query, Router, Schema, Status
from ninja.files import UploadedFile

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Severity
from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.values import shown_value
from zhunsheng.store.database.file_store import TooLarge, keep
from zhunsheng.store.database.models import Job, Organisation
from zhunsheng.store.intake.typed_rows import from_physical
from zhunsheng.store.records.browsing import Browser
from zhunsheng.store.records.shared_engine import cursor as engine
from zhunsheng.web.api.jobs import JobShape, job_data
from zhunsheng.web.api.once import Key, fingerprint, once
from zhunsheng.web.api.operations import Number, operation
from zhunsheng.web.api.paging import CURSOR, Limit
from zhunsheng.web.api.tokens import ApiRequest
from zhunsheng.web.records import places
from zhunsheng.web.records.access import all_ledgers, hidden, is_own, ledger_named
from zhunsheng.web.sizes import largest_upload
from zhunsheng.workflow.action import Invalid, perform
from zhunsheng.workflow.collecting.file_names import safe_name
from zhunsheng.workflow.importing import kinds
from zhunsheng.workflow.importing.actions import CHECK, CheckFile, ImportFile
from zhunsheng.workflow.importing.places import has_records, opened
from zhunsheng.workflow.importing.searching import FROM, ORDER, PREFIX, UNTIL, read_search

ROUTER = Router(tags=["records"])
WHERE = Kind(
    "API-003",
    Severity.ERROR,
    "条件写作 字段=值、字段>=值 或 字段<=值",
    "字段名见 /ledgers/{ledger}；改正条件。",
)
_MOST_CONDITIONS = 20
_SIGNS = ((">=", FROM), ("<=", UNTIL), ("=", ""))

LedgerCode = Annotated[str, Path(pattern=r"^[a-z0-9_]{1,80}$")]
Place_ = Annotated[str, Query(max_length=2000, pattern=r"^[-A-Za-z0-9_]*$", description="上一页返回的 next")]
Order_ = Annotated[
    str,
    Query(
        max_length=80, pattern=r"^-?[a-z0-9_]*$", description="字段名，前加 - 为降序；不填为业务日期由近及远"
    ),
]
Conditions = Annotated[
    list[Annotated[str, Query(max_length=300, pattern=r"^[^\x00]*$")]],
    Query(max_length=_MOST_CONDITIONS, description="可重复；写作 字段=值、字段>=值、字段<=值"),
]
Short = Annotated[str, Form(max_length=60, pattern=r"^[^\x00]*$")]


class FieldShape(Schema):
    """A field of a ledger."""

    name: str
    label: str
    type: str
    unit: str
    privacy: str


class LedgerShape(Schema):
    """A ledger."""

    code: str
    label: str
    key: list[str]
    date: str


class LedgersShape(Schema):
    """All ledgers."""

    items: list[LedgerShape]


class LedgerContentShape(LedgerShape):
    """A ledger with its fields."""

    fields: list[FieldShape]


class RecordShape(Schema):
    """A record in force: which version it is, and its values as texts; what is empty is left out."""

    batch: int
    row: int
    values: dict[str, str]


class RecordsShape(Schema):
    """A page of records; `masked` names fields whose values you may not see.

    `complete` is false when time ran out before the page was full; go on with `next`.
    """

    items: list[RecordShape]
    next: str | None
    masked: list[str]
    complete: bool


def _ledger(found: LedgerDefinition) -> dict[str, Any]:
    return {"code": found.code, "label": found.label, "key": list(found.key), "date": found.date or ""}


@operation(ROUTER, "GET", "/ledgers", "library.read", LedgersShape, summary="业务台账目录")
def ledgers(request: ApiRequest) -> dict[str, object]:  # noqa: ARG001 - every operation takes it
    """All ledgers."""
    return {"items": [_ledger(each) for each in all_ledgers()]}


@operation(ROUTER, "GET", "/ledgers/{ledger}", "library.read", LedgerContentShape, summary="一个台账的字段")
def ledger(request: ApiRequest, ledger: LedgerCode) -> dict[str, object]:  # noqa: ARG001
    """One ledger."""
    found = _named(ledger)
    fields = [
        {
            "name": each.name,
            "label": each.label,
            "type": each.type.value,
            "unit": each.unit,
            "privacy": each.privacy.value,
        }
        for each in found.fields
    ]
    return {**_ledger(found), "fields": fields}


def _named(code: str) -> LedgerDefinition:
    try:
        return ledger_named(code)
    except Http404:
        raise Http404(f"没有编码为“{code}”的台账") from None


def _given(where: list[str], order: str) -> dict[str, str]:
    found = {ORDER: order} if order else {}
    for each in where:
        sign, suffix = next(((sign, suffix) for sign, suffix in _SIGNS if sign in each), ("", ""))
        name, _, value = each.partition(sign) if sign else ("", "", "")
        if not name.strip() or not value.strip():
            raise Invalid((WHERE.at(Place(field="where"), f"“{each[:60]}”不是条件", value=each[:60]),))
        found[f"{PREFIX}{name.strip()}{suffix}"] = value.strip()
    return found


@operation(
    ROUTER,
    "GET",
    "/organisations/{organisation}/ledgers/{ledger}/records",
    "records.read",
    RecordsShape,
    summary="台账中有效的记录",
)
def records(
    request: ApiRequest,
    organisation: Organisation,
    ledger: LedgerCode,
    limit: Limit = 50,
    cursor: Place_ = "",
    order: Order_ = "",
    where: Conditions = [],  # noqa: B006 - read only; the library copies it
) -> dict[str, object]:
    """The records of a ledger, masked as on the pages."""
    definition = _named(ledger)
    masked = hidden(request, organisation, definition)
    given = _given(where, order)
    search = read_search(definition, given, masked)
    unread = sorted(set(given) - set(search.given) - {ORDER})
    problems = [*search.problems]
    if not problems and unread:
        name = unread[0].removeprefix(PREFIX).removesuffix(FROM).removesuffix(UNTIL)
        problems = [WHERE.at(Place(field="where"), f"不能按“{name}”查找：没有这个字段，或您不能查看它")]
    if problems:
        raise Invalid(problems)
    if not has_records(organisation):
        return {"items": [], "next": None, "masked": sorted(masked), "complete": True}
    shown = [each for each in definition.fields if each.name not in masked]
    with opened(organisation) as store, engine() as connection:
        snapshot = store.snapshot()
        criteria, unknown = search.criteria(connection, snapshot)
        if unknown:
            raise Invalid(unknown)
        after = places.read(cursor, definition, search.order)
        if cursor and after is None:
            raise Invalid((CURSOR.at(Place(field="cursor"), "cursor 不能识别"),))
        found = Browser(connection, definition, snapshot, criteria).page(shown, search.order, after, limit)
    items = []
    for each in found.records:
        values = {
            field.name: shown_value(field, from_physical(field, each.values.get(field.name)))
            for field in shown
        }
        present = {name: text for name, text in values.items() if text}
        items.append({"batch": each.batch, "row": each.row, "values": present})
    following = None if found.following is None else places.written(found.following)
    return {"items": items, "next": following, "masked": sorted(masked), "complete": found.is_full}


class ImportGiven(Schema):
    """What a file is; sent as form fields beside it."""

    ledger: Short
    org: Short = ""
    again: bool = False


@operation(
    ROUTER,
    "POST",
    "/organisations/{organisation}/imports",
    "records.import",
    JobShape,
    status=202,
    summary="上传台账文件并核对",
)
def check_import(
    request: ApiRequest,
    organisation: Organisation,
    key: Key,
    given: Form[ImportGiven],
    file: File[UploadedFile],
) -> Status[dict[str, object]]:
    """Keep a file and have it checked; nothing is imported before the check is confirmed."""
    definition = _named(given.ledger)
    name = safe_name(file.name or "")
    place = Place(name, field="file")
    if not file.size:
        raise Invalid((kinds.EMPTY_FILE.at(place, "文件是空的"),))
    try:
        kept = keep(file.chunks())
    except TooLarge:
        raise Invalid(
            (kinds.FILE_TOO_LARGE.at(place, f"“{name}”超过 {largest_upload()} MB，没有上传"),)
        ) from None
    asked = {
        "body": organisation.code,
        "ledger": definition.code,
        "file": kept.sha256,
        "name": name,
        "org": given.org,
        "again": given.again,
    }
    action = CheckFile(organisation, definition.code, name, kept, given.org.strip(), again=given.again)
    return _accepted(request, key, asked, action)


@operation(
    ROUTER,
    "POST",
    "/organisations/{organisation}/imports/{number}/confirm",
    "records.import",
    JobShape,
    status=202,
    summary="导入核对过的文件",
)
def confirm_import(
    request: ApiRequest, organisation: Organisation, number: Number, key: Key
) -> Status[dict[str, object]]:
    """Import what a check found sound."""
    check = Job.objects.filter(pk=number, organisation=organisation, kind=CHECK).first()
    if check is None or not is_own(request, check):
        raise Http404(f"没有编号为 {number} 的核对，或不是您发起的")
    return _accepted(
        request, key, {"body": organisation.code, "check": number}, ImportFile(organisation, check)
    )


def _accepted(
    request: ApiRequest, key: str, asked: dict[str, Any], action: CheckFile | ImportFile
) -> Status[dict[str, object]]:
    assert request.actor.user is not None  # noqa: S101 - the right asks for a person
    job = once(
        request.actor.user,
        key,
        fingerprint(asked),
        lambda: int(perform(action, request.actor)[-1].after["job"]),
    )
    found = Job.objects.select_related("case", "organisation", "who").get(pk=job.pk)
    return Status(202, job_data(found, request.actor.user))
