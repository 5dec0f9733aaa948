"""Pages: the records behind a number, leafed through, as a file."""

from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zhunsheng.assembly.explaining import version_for
from zhunsheng.assembly.rejections import Rejected, WrongRequest
from zhunsheng.indicators.definition import IndicatorVersion
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem
from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.measures.describing import measure_words
from zhunsheng.measures.period import Window
from zhunsheng.store.database.models import Organisation, StoredCase
from zhunsheng.store.engines.rows import Part
from zhunsheng.store.ledger_files import ledger_of
from zhunsheng.store.records.browsing import Browser, records_in_force
from zhunsheng.store.records.faults import StoreFault
from zhunsheng.store.records.opened_store import Snapshot
from zhunsheng.store.records.record_store import RecordStore
from zhunsheng.store.records.shared_engine import cursor
from zhunsheng.web import language
from zhunsheng.web.indicators.catalogue import Entry
from zhunsheng.web.indicators.views import entry_named, progress_context, way
from zhunsheng.web.numbers_sent import number_sent
from zhunsheng.web.page import PageRequest, page
from zhunsheng.web.records.access import hidden, is_personal
from zhunsheng.web.records.browsing_views import COUNTED, cells, columns_of, filters_of, further, leafed
from zhunsheng.workflow.importing import kinds as record_kinds
from zhunsheng.workflow.importing.actions import ExportRecords
from zhunsheng.workflow.importing.exporting import FORMS
from zhunsheng.workflow.importing.places import bureaus_seen, has_records, opened
from zhunsheng.workflow.importing.searching import ORDER, Search, order_name, orders_of, read_search, words_of
from zhunsheng.workflow.indicators import kinds
from zhunsheng.workflow.indicators.asking import ask_for_rows
from zhunsheng.workflow.indicators.kept import kept_values
from zhunsheng.workflow.indicators.listing import Listing, listing_now, used
from zhunsheng.workflow.job_acts import job_asked

_FIRST_YEAR, _LAST_YEAR = 1949, 2200
_LONGEST = 200
_NAMED = ("year", "month", "part", "measure", "body", "known")


@page("library.read")
def rows_of(request: PageRequest, code: str) -> HttpResponse:
    """The address by which other pages name the records: leads to those of the body it names, or of the only one.

    Without a state of the records it is the one that the values of the year were taken from.
    """
    entry_named(code)
    query = request.GET.copy()
    named = query.pop("organisation", [""])[0]
    seen = bureaus_seen(request.actor, timezone.localdate())
    body = named or next((each.code for each in seen), "")
    if not body or not body.replace("-", "").replace("_", "").isalnum() or not body.isascii():
        return redirect("indicator", code=code)
    own = next((each for each in seen if each.code == body), None)
    if own is not None and not query.get("known"):
        known = _used_by_year(own, query.get("year", ""))
        if known:
            query["known"] = known
    address = reverse("indicator_rows", args=[code, body])
    return redirect(f"{address}?{query.urlencode()}" if query else address)


def _used_by_year(body: Organisation, year: str) -> str:
    """The state of the records that the values of a year were taken from; "" when there is none any more."""
    number = number_sent(year, digits=4)
    case = (
        None if number is None else StoredCase.objects.filter(organisation=body, fiscal_year=number).first()
    )
    if case is None or not case.snapshot or not has_records(body):
        return ""
    try:
        with opened(body) as store:
            return store.snapshot_of(case.snapshot).token
    except (StoreFault, Rejected):
        return ""


@page("records.read")
def rows(request: PageRequest, code: str, organisation: Organisation) -> HttpResponse:
    """The records behind a number."""
    entry = entry_named(code)
    context: dict[str, Any] = {
        "entry": entry,
        "indicator": entry.definition,
        "body": organisation,
        "forms": FORMS,
        "trail_of_pages": way(
            (
                language.shown(entry.definition),
                f"{reverse('indicator', args=[code])}?organisation={organisation.code}",
            ),
            (_("记录"), ""),
        ),
    }
    if not has_records(organisation):
        return render(request, "indicators/rows.html", context)
    try:
        with opened(organisation) as store:
            listing = _listing(request.GET, entry, store)
            snapshot = store.snapshot_of(listing.known)
            context |= _about(organisation, listing, store, snapshot)
            ledger = context["ledger"]
            if listing.path(store).is_file():
                used(listing.path(store))
                context |= _found(
                    request, store, snapshot, listing, ledger, hidden(request, organisation, ledger)
                )
    except (WrongRequest, StoreFault, Rejected) as wrong:
        context["problems"], context["failed"] = _problems_of(wrong), True
        if request.GET.get("known"):
            query = request.GET.copy()
            del query["known"]
            context["newest"] = f"?{query.urlencode()}"
        return render(request, "indicators/rows.html", context, status=404)
    if "rows" not in context:
        job = listing_now(organisation, listing)
        context |= {"job": job} if job is None else progress_context(request, job, context["here"])
    return render(request, "indicators/rows.html", context)


def _problems_of(wrong: Exception) -> tuple[Problem, ...]:
    if isinstance(wrong, Rejected):
        return wrong.problems
    if isinstance(wrong, StoreFault):
        return (wrong.problem,)
    return (kinds.NO_ROWS.at(Place(), str(wrong).rstrip("。")),)


def _listing(given: Mapping[str, str], entry: Entry, store: RecordStore) -> Listing:
    """What the address names.

    Raises:
        WrongRequest: the year or month is none.
    """
    texts = {name: given.get(name, "").strip()[:_LONGEST] for name in _NAMED}
    year = number_sent(texts["year"], digits=4) or timezone.localdate().year
    month = number_sent(texts["month"], digits=4) or 0
    if not (_FIRST_YEAR <= year <= _LAST_YEAR and 0 <= month <= 12):
        raise WrongRequest(_("没有这样的年度或月份。"))
    parts = {each.value: each for each in Part}
    return Listing(
        entry.definition,
        Window(year, month),
        Part.NUMERATOR if texts["measure"] else parts.get(texts["part"], Part.NUMERATOR),
        texts["measure"],
        texts["body"],
        texts["known"] or store.snapshot().token,
    )


def _query(listing: Listing, **other: str) -> str:
    found = {
        "year": listing.window.year,
        "month": listing.window.month,
        "part": "" if listing.measure else listing.part.value,
        "measure": listing.measure,
        "body": listing.body,
        "known": listing.known,
        **other,
    }
    return urlencode({name: value for name, value in found.items() if value})


def _about(
    organisation: Organisation, listing: Listing, store: RecordStore, snapshot: Snapshot
) -> dict[str, Any]:
    """Which records they are, in words, with the ways to the other ones.

    Raises:
        WrongRequest: there is no such measure or part.
    """
    request = listing.behind().request
    ledger = ledger_of(request.measure.ledger)
    if ledger is None:
        raise WrongRequest(_("没有这个台账。"))
    address = reverse("indicator_rows", args=[listing.indicator.code, organisation.code])
    version = version_for(listing.indicator, listing.window)
    return {
        "listing": listing,
        "body_name": _body_name(organisation, listing),
        "ledger": ledger,
        "version": version,
        "words": measure_words(request.measure, ledger_of, version.parameters),
        "ways": _ways(listing, version),
        "fixed": [(name, value) for name, value in listing.parameters().items() if name in _NAMED and value],
        "here": f"{address}?{_query(listing)}",
        "newer": store.snapshot().seq - snapshot.seq,
        "newest": f"?{_query(listing, known='')}",
    }


def _body_name(organisation: Organisation, listing: Listing) -> str:
    """The body whose records they are, by its name where its value was computed."""
    if not listing.body:
        return ""
    kept = kept_values(organisation, listing.window.year, listing.indicator.code)
    found = None if kept is None else kept.breakdown(listing.indicator)
    bodies = () if found is None else found.bodies
    return next((each.name for each in bodies if each.code == listing.body), listing.body)


def _ways(listing: Listing, version: IndicatorVersion) -> list[dict[str, Any]]:
    """The parts and measures whose records can be looked at; none when there is only one."""
    definition = listing.indicator
    named = {
        Part.NUMERATOR: definition.numerator[0] if definition.numerator else version.measures[0].name,
        Part.DENOMINATOR: definition.denominator[0] if definition.denominator else "",
    }
    made = [
        {
            "label": language.shown(each)
            if each is Part.DIFFERENCE
            else f"{language.shown(each)} {named[each]}",
            "url": f"?{_query(listing, part=each.value, measure='')}",
            "current": listing.part is each if not listing.measure else listing.measure == named.get(each),
        }
        for each in Part
        if definition.denominator
    ]
    shown = set(named.values()) if definition.denominator else set()
    made += [
        {
            "label": each.name,
            "url": f"?{_query(listing, part='', measure=each.name)}",
            "current": (listing.measure or named[Part.NUMERATOR]) == each.name,
        }
        for each in version.measures
        if each.name not in shown
    ]
    return made if len(made) > 1 else []


def _found(
    request: PageRequest,
    store: RecordStore,
    snapshot: Snapshot,
    listing: Listing,
    ledger: LedgerDefinition,
    masked: Collection[str],
) -> dict[str, Any]:
    search = read_search(ledger, request.GET.dict(), masked)
    everything = request.GET.get("columns") == "all"
    columns = columns_of(ledger, masked, everything=everything, first=listing.behind().telling_fields)
    path = listing.path(store)
    with cursor() as connection:
        criteria, unknown = search.criteria(connection, snapshot)
        listed = Browser(connection, ledger, snapshot, (), path)
        total = listed.identities()
        browser = Browser(connection, ledger, snapshot, criteria, path)
        fields = [each.field for each in columns if not each.is_hidden]
        found, links = leafed(
            request, browser, fields, search.order, records_in_force(connection, ledger.code, snapshot)
        )
        matching = browser.count() if criteria and total <= COUNTED else None
    fixed = _query(listing)
    given = urlencode({**search.given, **({"columns": "all"} if everything else {})})
    return {
        "total": total,
        "matching": total if not criteria else matching,
        "columns": columns,
        "rows": [(each, cells(each, columns)) for each in found.records],
        "page": found,
        "links": links,
        "further": further(request, found, links),
        "query": f"{fixed}&{given}" if given else fixed,
        "given": search.given,
        "is_searched": bool(criteria),
        "everything": everything,
        "without_columns": f"{fixed}&{urlencode(search.given)}",
        "order": order_name(search.order),
        "orders": orders_of(ledger, masked, total),
        "filters": filters_of(ledger, search, masked),
        "masked": [each.label for each in ledger.fields if each.name in masked],
        "problems": (*search.problems, *unknown),
    }


@page("records.read", write="records.read")
def list_rows(request: PageRequest, code: str, organisation: Organisation) -> HttpResponse:
    """Ask for the records to be listed."""
    entry = entry_named(code)
    address = reverse("indicator_rows", args=[code, organisation.code])
    if request.method != "POST" or not has_records(organisation):
        return redirect(address)
    try:
        with opened(organisation) as store:
            listing = _listing(request.POST, entry, store)
            store.snapshot_of(listing.known)
        listing.behind()
    except WrongRequest as wrong:
        return render(request, "errors/422.html", {"problems": _problems_of(wrong)}, status=422)
    here = f"{address}?{_query(listing)}"
    job = ask_for_rows(organisation, listing, request.actor)
    if request.htmx:
        return render(request, "components/progress.html", progress_context(request, job, here))
    return redirect(here)


@page("records.read", write="records.read")
def export(request: PageRequest, code: str, organisation: Organisation) -> HttpResponse:
    """Ask for the listed records as a file."""
    entry = entry_named(code)
    address = reverse("indicator_rows", args=[code, organisation.code])
    if request.method != "POST" or not has_records(organisation):
        return redirect(address)
    form = request.POST.get("form", "")
    try:
        with opened(organisation) as store:
            listing = _listing(request.POST, entry, store)
            ledger = ledger_of(listing.behind().request.measure.ledger)
            is_listed = ledger is not None and listing.path(store).is_file()
    except WrongRequest as wrong:
        return render(request, "errors/422.html", {"problems": _problems_of(wrong)}, status=422)
    problems: list[Problem] = []
    if form not in FORMS:
        problems.append(record_kinds.BAD_FORM.at(Place(field="form"), _("没有这种格式")))
    if not is_listed or ledger is None:
        problems.append(kinds.NOT_LISTED.at(Place(), _("这些记录还没有列出")))
        return render(request, "errors/422.html", {"problems": problems}, status=422)
    search = read_search(ledger, request.POST.dict(), hidden(request, organisation, ledger))
    problems += search.problems
    if problems:
        return render(request, "errors/422.html", {"problems": problems}, status=422)
    number = job_asked(_exporting(request, organisation, listing, search, form), request.actor)
    return redirect("job", number=number)


def _exporting(
    request: PageRequest, organisation: Organisation, listing: Listing, search: Search, form: str
) -> ExportRecords:
    order = search.given.get(ORDER, "")
    words = words_of(search.wanted)
    return ExportRecords(
        organisation,
        search.ledger.code,
        f"{listing.words()}{f'，{words}' if words else ''}",
        {
            "given": {**search.given, **({ORDER: order} if order else {})},
            "form": form,
            "within": listing.name,
            "snapshot": listing.known,
        },
        is_personal(request, organisation),
    )
