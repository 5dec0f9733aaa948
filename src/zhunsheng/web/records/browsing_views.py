"""Pages: the records of a ledger, one record with its versions, records as a file."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem
from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.field import FieldDefinition, FieldType
from zhunsheng.ledgers.values import shown_value
from zhunsheng.store.database.models import Organisation
from zhunsheng.store.intake.typed_rows import from_physical
from zhunsheng.store.records.browsing import Browser, FoundRecord, Order, Page, records_in_force
from zhunsheng.store.records.history import history_of
from zhunsheng.store.records.record_store import RecordStore
from zhunsheng.store.records.shared_engine import cursor
from zhunsheng.store.records.versions import key_of_version
from zhunsheng.web.numbers_sent import number_sent
from zhunsheng.web.page import PageRequest, page
from zhunsheng.web.records import places
from zhunsheng.web.records.access import hidden, is_personal, ledger_named, own_bodies, way
from zhunsheng.workflow.importing import kinds
from zhunsheng.workflow.importing.actions import ExportRecords
from zhunsheng.workflow.importing.exporting import FORMS
from zhunsheng.workflow.importing.places import HIDDEN, has_records, hidden_fields, opened
from zhunsheng.workflow.importing.searching import (
    FROM,
    ORDER,
    PREFIX,
    UNTIL,
    Search,
    is_range,
    is_searched,
    order_name,
    orders_of,
    read_search,
    words_of,
)
from zhunsheng.workflow.job_acts import job_asked

SIZE = 50
COUNTED = 300_000
"""Records of a ledger up to which those that are looked for are counted at once."""
_LOOKS = 40
"""How many times a page goes on looking by itself: some four seconds of work, several million records."""
_WIDE = 8
_FIRST_FILTERS = 6
_NUMBERS = frozenset({FieldType.INTEGER, FieldType.DECIMAL, FieldType.MONEY})


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table of records."""

    field: FieldDefinition
    is_hidden: bool

    @property
    def is_number(self) -> bool:
        """Whether figures stand in it."""
        return self.field.type in _NUMBERS

    @property
    def unit(self) -> str:
        """Its unit."""
        return _("元") if self.field.type is FieldType.MONEY else self.field.unit

    def shown(self, value: Any) -> str:  # noqa: ANN401 - canonical value of any field
        """A canonical value for people."""
        if self.is_hidden:
            return HIDDEN
        if self.field.type is FieldType.MONEY and value is not None:
            return f"{value:,f}"
        return shown_value(self.field, value)


@dataclass(frozen=True, slots=True)
class FilterField:
    """A condition as the form shows it.

    Attributes:
        parameter: its name in the address.
        choices: pairs of value and word; empty for free input.
        kind: of input.
    """

    field: FieldDefinition
    parameter: str
    value: str = ""
    since: str = ""
    until: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    kind: str = "text"

    @property
    def is_range(self) -> bool:
        """Whether it lies between two values."""
        return is_range(self.field)

    @property
    def is_used(self) -> bool:
        """Whether something is looked for in it."""
        return bool(self.value or self.since or self.until)


@page("records.read")
def records(request: PageRequest, organisation: Organisation, ledger: str) -> HttpResponse:
    """The records in force: looked for, in an order, page by page."""
    definition = ledger_named(ledger)
    masked = hidden(request, organisation, definition)
    search = read_search(definition, request.GET.dict(), masked)
    context: dict[str, Any] = {
        "body": organisation,
        "ledger": definition,
        "masked": [each.label for each in definition.fields if each.name in masked],
        "problems": search.problems,
        "forms": FORMS,
        "trail_of_pages": way(organisation, definition, (_("记录"), "")),
    }
    if has_records(organisation):
        with opened(organisation) as store:
            context |= _found(request, organisation, store, search, masked)
    context["filters"] = filters_of(definition, search, masked)
    return render(request, "records/records.html", context)


def _found(
    request: PageRequest,
    organisation: Organisation,
    store: RecordStore,
    search: Search,
    masked: Collection[str],
) -> dict[str, Any]:
    ledger, everything = search.ledger, request.GET.get("columns") == "all"
    columns = columns_of(ledger, masked, everything=everything)
    with cursor() as connection:
        snapshot = store.snapshot()
        total = records_in_force(connection, ledger.code, snapshot)
        criteria, unknown = search.criteria(connection, snapshot)
        browser = Browser(connection, ledger, snapshot, criteria)
        own = own_bodies(request, organisation, store)
        revealed = revealed_columns(ledger, columns) if own else columns
        fields = [each.field for each in revealed if not each.is_hidden]
        found, links = leafed(request, browser, fields, search.order, total)
        matching = browser.count() if criteria and total <= COUNTED else None
    given = {**search.given, **({"columns": "all"} if everything else {})}
    return {
        "total": total,
        "matching": total if not criteria else matching,
        "columns": columns,
        "rows": [
            (each, cells(each, revealed if each.values.get(ledger.organisation) in own else columns))
            for each in found.records
        ],
        "own": bool(own),
        "page": found,
        "links": links,
        "further": further(request, found, links),
        "query": urlencode(given),
        "given": search.given,
        "is_searched": bool(search.given),
        "order": order_name(search.order),
        "orders": orders_of(ledger, masked, total),
        "everything": everything,
        "without_columns": urlencode(search.given),
        "problems": (*search.problems, *unknown),
    }


def leafed(
    request: PageRequest, browser: Browser, fields: Sequence[FieldDefinition], order: Order, total: int
) -> tuple[Page, dict[str, str]]:
    """The page that an address names, and the parts of the addresses of the pages before and after it."""
    if total > COUNTED and order.field not in {"", browser.ledger.date}:
        order = Order(browser.ledger.date)
    before = places.read(request.GET.get("before", ""), browser.ledger, order)
    if before is not None:
        found = browser.page(fields, replace(order, backwards=True), before, SIZE)
        page = replace(found, records=tuple(reversed(found.records)))
        links = {"next": _link("after", page.records[-1]) if page.records else ""}
        if found.following is not None:
            links["previous"] = (
                _link("before", page.records[0])
                if found.is_full
                else f"before={places.written(found.following)}"
            )
        return page, links
    after = places.read(request.GET.get("after", ""), browser.ledger, order)
    found = browser.page(fields, order, after, SIZE)
    links = {}
    if found.following is not None:
        links["next"] = f"after={places.written(found.following)}"
    if after is not None:
        links["first"] = "first"
        links["previous"] = (
            _link("before", found.records[0]) if found.records else f"before={places.written(after)}"
        )
    return found, links


def further(request: PageRequest, page: Page, links: Mapping[str, str]) -> int:
    """The number of the next look, when a page with scripts goes on looking by itself; 0 when it does not.

    It goes on where what was looked at held nothing, and a limited number of times, for looking is not free.
    """
    looks = (number_sent(request.GET.get("further"), digits=3) or 0) + 1
    goes_on = not page.is_full and not page.records and bool(links.get("next")) and looks <= _LOOKS
    return looks if goes_on else 0


def _link(side: str, record: FoundRecord) -> str:
    return f"{side}={places.written(record.position)}"


def columns_of(
    ledger: LedgerDefinition, masked: Collection[str], *, everything: bool, first: Sequence[str] = ()
) -> list[Column]:
    """The columns of a table of records: what tells which record it is first.

    Args:
        everything: all fields; otherwise as many as a page is wide.
        first: fields that come next.
    """
    names = [*ledger.key, *([ledger.date] if ledger.date else []), *first]
    if ledger.organisation in ledger.by_name:
        names.append(ledger.organisation)
    rest = [
        each.name for each in ledger.fields if each.name not in masked and each.type is not FieldType.JSON
    ]
    if everything:
        rest = [each.name for each in ledger.fields]
    chosen = list(dict.fromkeys([*names, *rest]))
    return [Column(ledger.by_name[each], each in masked) for each in chosen[: None if everything else _WIDE]]


def revealed_columns(ledger: LedgerDefinition, columns: Sequence[Column]) -> list[Column]:
    """The columns as they are shown for records one may see with personal data; informants stay hidden."""
    strictly = hidden_fields(ledger, personal=True)
    return [replace(each, is_hidden=each.field.name in strictly) for each in columns]


def cells(record: FoundRecord, columns: Sequence[Column]) -> list[tuple[Column, str]]:
    """The values of a record in the order of the columns."""
    return [
        (each, each.shown(from_physical(each.field, record.values.get(each.field.name)))) for each in columns
    ]


def filters_of(
    ledger: LedgerDefinition, search: Search, masked: Collection[str]
) -> tuple[list[FilterField], list[FilterField]]:
    """The conditions that are shown at once, and those that are unfolded."""
    given = search.given
    usual = [*ledger.key, ledger.date, ledger.organisation]
    fields = [each for each in ledger.fields if is_searched(each) and each.name not in masked]
    fields.sort(key=lambda each: (each.name not in usual, each.type is not FieldType.ENUM))
    found = [_filter(each, given) for each in fields]
    first = [each for place, each in enumerate(found) if place < _FIRST_FILTERS or each.is_used]
    return first, [each for each in found if each not in first]


def _filter(definition: FieldDefinition, given: Mapping[str, str]) -> FilterField:
    name = f"{PREFIX}{definition.name}"
    choices: tuple[tuple[str, str], ...] = ()
    if definition.members:
        choices = (("", _("不限")), *definition.members.items())
    elif definition.type is FieldType.BOOLEAN:
        choices = (("", _("不限")), ("是", _("是")), ("否", _("否")))
    kind = "date" if definition.type in {FieldType.DATE, FieldType.TIME} else "text"
    return FilterField(
        definition,
        name,
        given.get(name, ""),
        given.get(f"{name}{FROM}", ""),
        given.get(f"{name}{UNTIL}", ""),
        choices,
        kind,
    )


@dataclass(frozen=True, slots=True)
class VersionColumn:
    """A version of a record as its page shows it.

    Attributes:
        values: for each field the text and whether it differs from the version before.
    """

    number: int
    version: Any
    values: tuple[tuple[str, bool], ...]


@page("records.read")
def record(
    request: PageRequest, organisation: Organisation, ledger: str, batch: int, row: int
) -> HttpResponse:
    """One record with all its versions.

    It is named by one of its versions, so that the address of what somebody saw stays.
    """
    definition = ledger_named(ledger)
    masked = hidden(request, organisation, definition)
    if not has_records(organisation):
        raise Http404
    with opened(organisation) as store:
        key = _key_of(store, definition, batch, row)
        versions = history_of(store, definition.code, key)
        own = own_bodies(request, organisation, store)
    columns = [Column(each, each.name in masked) for each in definition.fields]
    # whoever answers for the record now sees all of its history
    if versions[-1].values.get(definition.organisation) in own:
        columns = revealed_columns(definition, columns)
        masked = frozenset(each.field.name for each in columns if each.is_hidden)
    shown: list[VersionColumn] = []
    before: tuple[str, ...] = ()
    for number, each in enumerate(versions, 1):
        texts = tuple(column.shown(each.values.get(column.field.name)) for column in columns)
        differs = tuple(
            bool(before) and text != old for text, old in zip(texts, before or texts, strict=True)
        )
        shown.append(VersionColumn(number, each, tuple(zip(texts, differs, strict=True))))
        before = texts
    title = "，".join(
        HIDDEN if name in masked else shown_value(definition.by_name[name], versions[-1].values.get(name))
        for name in definition.key
    )
    context = {
        "body": organisation,
        "ledger": definition,
        "versions": shown,
        "lines": [(column, [each.values[place] for each in shown]) for place, column in enumerate(columns)],
        "current": next((each for each in reversed(shown) if each.version.is_current), None),
        "title": title,
        "trail_of_pages": way(
            organisation,
            definition,
            (_("记录"), reverse("records", args=[organisation.code, definition.code])),
            (title, ""),
        ),
    }
    return render(request, "records/record.html", context)


def _key_of(store: RecordStore, ledger: LedgerDefinition, batch: int, row: int) -> list[object]:
    """The key of the record that a version belongs to, whether it is in force or not.

    Raises:
        Http404: there is no such version.
    """
    fields = [ledger.by_name[each] for each in ledger.key]
    with cursor() as connection:
        found = key_of_version(connection, store.snapshot(), ledger, batch, row)
    if found is None:
        raise Http404
    return [from_physical(each, value) for each, value in zip(fields, found, strict=True)]


@page("records.read", write="records.read")
def export(request: PageRequest, organisation: Organisation, ledger: str) -> HttpResponse:
    """Ask for the records that are looked for as a file."""
    definition = ledger_named(ledger)
    if request.method != "POST" or not has_records(organisation):
        return redirect("records", organisation=organisation.code, ledger=definition.code)
    form = request.POST.get("form", "")
    search = read_search(definition, request.POST.dict(), hidden(request, organisation, definition))
    problems: list[Problem] = list(search.problems)
    if form not in FORMS:
        problems.append(kinds.BAD_FORM.at(Place(field="form"), _("没有这种格式")))
    if problems:
        return render(request, "errors/422.html", {"problems": problems}, status=422)
    with opened(organisation) as store:
        # part of what is asked for: after an import the same conditions are another export
        state = store.snapshot().token
    order = search.given.get(ORDER, "")
    given = {**search.given, **({ORDER: order} if order else {})}
    number = job_asked(
        ExportRecords(
            organisation,
            definition.code,
            words_of(search.wanted),
            {"given": given, "form": form, "state": state},
            is_personal(request, organisation),
        ),
        request.actor,
    )
    return redirect("job", number=number)
