"""Years: which there are, their rows, their frozen versions, and reporting an actual value."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.http import Http404
from django.utils import timezone
from ninja import Path, Query, Router, Schema
from pydantic import ConfigDict, Field, StringConstraints

from zhunsheng.kernel.rounding import plain
from zhunsheng.plans.columns import Holds
from zhunsheng.plans.sections import SECTIONS
from zhunsheng.plans.writing import Plain, plain_value
from zhunsheng.store.database.case_content import SECTION_OF, record_of
from zhunsheng.store.database.case_rows import ROW_MODELS, CaseRow
from zhunsheng.store.database.models import CaseVersion, StoredCase
from zhunsheng.web.api.operations import Number, operation
from zhunsheng.web.api.paging import Cursor, Limit, page_by_number, page_of
from zhunsheng.web.api.tokens import ApiRequest
from zhunsheng.workflow.action import perform
from zhunsheng.workflow.collecting.reporting import COLUMNS, ReportActual, row_of, wanted_item
from zhunsheng.workflow.planning.visible import visible_cases

ROUTER = Router(tags=["cases"])

Line = Annotated[str, StringConstraints(max_length=4000, pattern=r"^[^\x00]*$")]
Value = str | int | bool | list[str] | None
Year = Annotated[int | None, Query(ge=1900, le=2200, description="年度")]
SectionName = Annotated[str, Path(pattern=r"^[a-z_]{1,40}$")]
ItemCode = Annotated[str, Path(pattern=r"^[^\x00/]{1,60}$")]


class CaseShape(Schema):
    """A year."""

    code: str
    title: str
    organisation: str
    organisation_name: str
    fiscal_year: int
    targets: str
    targets_label: str
    evaluation: str
    evaluation_label: str
    revision: int
    target_due: date | None
    actual_due: date | None
    report_due: date | None


class CasesShape(Schema):
    """A page of years."""

    items: list[CaseShape]
    next: str | None


def _case(case: StoredCase) -> dict[str, object]:
    return {
        "code": case.code,
        "title": case.title,
        "organisation": case.organisation.code,
        "organisation_name": case.organisation.name,
        "fiscal_year": case.fiscal_year,
        "targets": case.targets.value,
        "targets_label": case.targets.label,
        "evaluation": case.evaluation.value,
        "evaluation_label": case.evaluation.label,
        "revision": case.revision,
        "target_due": case.target_due,
        "actual_due": case.actual_due,
        "report_due": case.report_due,
    }


@operation(ROUTER, "GET", "/cases", "self.use", CasesShape, summary="可以查看的年度档案")
def cases(
    request: ApiRequest, limit: Limit = 50, cursor: Cursor = "", fiscal_year: Year = None
) -> dict[str, object]:
    """The years somebody may see, newest entries first."""
    found = visible_cases(request.actor, timezone.localdate())
    if fiscal_year is not None:
        found = found.filter(fiscal_year=fiscal_year)
    shown, following = page_by_number(found, "pk", limit, cursor, newest_first=True)
    return {"items": [_case(each) for each in shown], "next": following}


@operation(ROUTER, "GET", "/cases/{case}", "case.read", CaseShape, summary="一个年度档案")
def case(request: ApiRequest, case: StoredCase) -> dict[str, object]:  # noqa: ARG001 - every operation takes it
    """One year."""
    return _case(case)


class ColumnShape(Schema):
    """A column of a section."""

    name: str
    label: str
    holds: str
    required: bool


class SectionShape(Schema):
    """A section: what a row of it is made of, and what identifies one."""

    name: str
    label: str
    key: list[str]
    columns: list[ColumnShape]


class SectionsShape(Schema):
    """All sections."""

    items: list[SectionShape]


class RowShape(Schema):
    """A row: its revision, for those who change it, and its values; what is empty is left out.

    Decimals and amounts (in 万元) are texts, so that no digit is lost.
    """

    revision: int
    values: dict[str, Value]


class RowsShape(Schema):
    """A page of rows in their order."""

    items: list[RowShape]
    next: str | None


@operation(
    ROUTER, "GET", "/cases/{case}/sections", "case.read", SectionsShape, summary="年度档案的各部分及其字段"
)
def sections(request: ApiRequest, case: StoredCase) -> dict[str, object]:  # noqa: ARG001
    """The sections of a year."""
    return {
        "items": [
            {
                "name": each.name,
                "label": each.label,
                "key": list(each.key),
                "columns": [
                    {
                        "name": column.name,
                        "label": column.label,
                        "holds": Holds(column.holds).name.lower(),
                        "required": column.required,
                    }
                    for column in each.columns
                ],
            }
            for each in SECTIONS
        ]
    }


def json_value(value: Plain) -> Value:
    """A value of a row as JSON: decimals and dates as texts."""
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _row(name: str, row: CaseRow) -> dict[str, object]:
    section = SECTION_OF[name]
    record = record_of(section, row)
    found = {column.name: plain_value(getattr(record, column.name)) for column in section.columns}
    values = {each: json_value(value) for each, value in found.items() if value is not None and value != ""}
    return {
        "revision": row.revision,
        "values": {each: value for each, value in values.items() if value != []},
    }


@operation(
    ROUTER,
    "GET",
    "/cases/{case}/sections/{section}",
    "case.read",
    RowsShape,
    summary="年度档案一个部分的各行",
)
def rows(
    request: ApiRequest,  # noqa: ARG001
    case: StoredCase,
    section: SectionName,
    limit: Limit = 100,
    cursor: Cursor = "",
) -> dict[str, object]:
    """The rows of a section."""
    if section not in SECTION_OF:
        raise Http404(f"年度档案没有“{section}”这一部分")
    model = ROW_MODELS[section]
    order = list(
        model._default_manager.filter(case=case).order_by("position", "pk").values_list("pk", flat=True)
    )
    wanted, following = page_of(order, str, limit, cursor)
    found = model._default_manager.in_bulk(wanted)
    return {"items": [_row(section, found[each]) for each in wanted if each in found], "next": following}


class VersionShape(Schema):
    """A frozen version: the whole content as it stood."""

    number: int
    why: str
    moment: datetime
    who: str | None
    note: str
    sha256: str


class VersionsShape(Schema):
    """All versions, newest first."""

    items: list[VersionShape]
    next: str | None


class VersionContentShape(VersionShape):
    """A version with its content: the files of the directory form by name."""

    content: dict[str, str]


def _version(found: CaseVersion) -> dict[str, object]:
    return {
        "number": found.number,
        "why": found.why,
        "moment": found.moment,
        "who": None if found.who is None else found.who.username,
        "note": found.note,
        "sha256": found.sha256,
    }


@operation(ROUTER, "GET", "/cases/{case}/versions", "case.read", VersionsShape, summary="锁定的各个版本")
def versions(
    request: ApiRequest,  # noqa: ARG001
    case: StoredCase,
    limit: Limit = 50,
    cursor: Cursor = "",
) -> dict[str, object]:
    """The frozen versions, newest first."""
    found = case.versions.select_related("who").defer("content")
    shown, following = page_by_number(found, "number", limit, cursor, newest_first=True)
    return {"items": [_version(each) for each in shown], "next": following}


@operation(
    ROUTER,
    "GET",
    "/cases/{case}/versions/{number}",
    "case.read",
    VersionContentShape,
    summary="一个版本的全部内容",
)
def version(request: ApiRequest, case: StoredCase, number: Number) -> dict[str, object]:  # noqa: ARG001
    """One version with its content."""
    found = case.versions.select_related("who").filter(number=number).first()
    if found is None:
        raise Http404(f"没有第 {number} 版")
    return {**_version(found), "content": found.content}


class ActualGiven(Schema):
    """What is reported; a field that is left out keeps its value.

    Attributes:
        revision: of the row as it was read; null when there was none. If somebody else has changed it since, nothing
            is written.
    """

    model_config = ConfigDict(extra="forbid")

    revision: Annotated[int | None, Field(ge=0, le=2_147_483_647)]
    status: Line | None = None
    value: Line | None = None
    unit: Line | None = None
    tier: Line | None = None
    source_kind: Line | None = None
    printed: Line | None = None
    why_used: Line | None = None
    evidence: Line | None = None
    sample_size: Line | None = None
    survey: Line | None = None
    note: Line | None = None


class ActualShape(Schema):
    """The row as it stands."""

    item: str
    section: str
    revision: int
    values: dict[str, Value]


def _actual(case: StoredCase, item: str) -> dict[str, Any]:
    owed = wanted_item(case, item)
    row = row_of(case, owed)
    if row is None:
        raise Http404(f"“{owed.label}”还没有填报")
    return {"item": owed.code, "section": owed.section, **_row(owed.section, row)}


@operation(
    ROUTER, "GET", "/cases/{case}/actuals/{item}", "case.read", ActualShape, summary="一项指标或事实的完成值"
)
def actual(request: ApiRequest, case: StoredCase, item: ItemCode) -> dict[str, Any]:  # noqa: ARG001
    """The value of an indicator or a management fact."""
    return _actual(case, item)


@operation(ROUTER, "PUT", "/cases/{case}/actuals/{item}", "collect.report", ActualShape, summary="填报完成值")
def report_actual(
    request: ApiRequest, case: StoredCase, item: ItemCode, given: ActualGiven
) -> dict[str, Any]:
    """Report the value, by the same action as the page."""
    cells: Mapping[str, str] = {
        name: text for name in COLUMNS["actuals"] if (text := getattr(given, name)) is not None
    }
    perform(ReportActual(case, item, cells, given.revision), request.actor)
    return _actual(case, item)
