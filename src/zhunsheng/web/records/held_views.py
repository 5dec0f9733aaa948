"""Pages: the rows that were held at import, and settling one: corrected and put in, or given up with the reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhunsheng.assembly.held_rows import checked_again
from zhunsheng.assembly.stores import ledger_label
from zhunsheng.kernel.problem import Problem, Severity
from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.field import FieldDefinition, FieldType, Level
from zhunsheng.ledgers.value_kinds import Fault
from zhunsheng.ledgers.values import shown_value
from zhunsheng.store.database.models import JobState, Organisation
from zhunsheng.store.intake.releasing import texts_of
from zhunsheng.store.records.entries import HeldRow, HoldReason, HoldState
from zhunsheng.store.records.overview import held_page
from zhunsheng.web.language import shown
from zhunsheng.web.numbers_sent import number_sent
from zhunsheng.web.page import PageRequest, may, page
from zhunsheng.web.plan.fields import FormField
from zhunsheng.web.records.access import hidden, ledger_named, way
from zhunsheng.workflow.action import Invalid, Stale, perform
from zhunsheng.workflow.importing.holding import (
    MOST_AT_ONCE,
    DiscardHeldRow,
    DiscardHeldRows,
    ReleaseHeldRow,
    StillFaulty,
    corrections_of,
    held_row_of,
    rows_in_hand,
    settling_of,
)
from zhunsheng.workflow.importing.places import HIDDEN, has_records, opened, signature
from zhunsheng.workflow.job_acts import job_asked

_HELD_PER_PAGE = MOST_AT_ONCE
_PREFIX = "f-"
"""Begins the names of controls for fields, so that none is taken for something else that the form sends."""
_LARGEST_NUMBER, _DIGITS = 10**15, 14
_LONG = 80


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A held row: which record it is about, why it is held, what is wrong."""

    row: HeldRow
    key: str
    why: str
    problems: tuple[dict[str, Any], ...]


@page("records.read")
def held(request: PageRequest, organisation: Organisation, ledger: str) -> HttpResponse:
    """The rows that were read and not stored: in quarantine, or waiting for a record they point to."""
    definition = ledger_named(ledger)
    reason = next((each for each in HoldReason if each.value == request.GET.get("reason")), None)
    after = request.GET.get("after", "")
    masked = hidden(request, organisation, definition)
    context: dict[str, Any] = {
        "body": organisation,
        "ledger": definition,
        "reason": reason,
        "reasons": list(HoldReason),
        "lines": [],
        "may_import": may(request, "records.import"),
        "trail_of_pages": way(organisation, definition, (_("待核和等待的行"), "")),
    }
    if has_records(organisation):
        with opened(organisation) as store:
            number = number_sent(after, digits=_DIGITS) or 0
            found = held_page(store.snapshot(), definition.code, reason, number, _HELD_PER_PAGE)
        context |= {
            "lines": [_held_line(definition, each, masked) for each in found.rows],
            "following": found.following,
            "is_first": not number,
            "total": found.total,
            "busy": rows_in_hand(organisation, definition.code),
        }
    return render(request, "records/held.html", context)


def _held_line(ledger: LedgerDefinition, row: HeldRow, masked: frozenset[str]) -> HeldLine:
    key = _key_of(ledger, row, masked)
    if row.reason is HoldReason.WAITING:
        return HeldLine(row, key, _waits(ledger, row, masked), ())
    found = [each for each in row.problems if isinstance(each, dict)]
    problems = tuple(_masked(each, ledger, masked) for each in found)
    return HeldLine(row, key, "；".join(each["what"] for each in problems), problems)


def _key_of(ledger: LedgerDefinition, row: HeldRow, masked: frozenset[str]) -> str:
    """Which record a row is about: the fields of its key with their values."""
    texts = texts_of(ledger, row)
    return "，".join(
        f"{shown(ledger.by_name[name])} {HIDDEN if name in masked else shown_value(ledger.by_name[name], texts[name])}"
        for name in ledger.key
        if texts.get(name)
    )


def _waits(ledger: LedgerDefinition, row: HeldRow, masked: frozenset[str]) -> str:
    protected = {ledger.by_name[each].target for each in masked}
    key = HIDDEN if row.waits_for_ledger in protected else row.waits_for_key
    return _("等待台账“%(ledger)s”的“%(key)s”") % {
        "ledger": ledger_label(row.waits_for_ledger),
        "key": key,
    }


def _masked(problem: dict[str, Any], ledger: LedgerDefinition, masked: frozenset[str]) -> dict[str, Any]:
    """A problem of a held row without the values of fields that are not shown."""
    fields = [str(each) for each in problem.get("fields") or ()]
    labels = "、".join(shown(ledger.by_name[each]) for each in fields if each in ledger.by_name)
    if not masked & set(fields):
        return {**problem, "labels": labels}
    return {**problem, "labels": labels, "value": HIDDEN, "what": problem.get("why") or HIDDEN}


# ---- one row


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person has sent that was not taken, to be shown again."""

    cells: Mapping[str, str]
    confirmed: bool = False
    faults: tuple[Fault, ...] | None = None
    problems: tuple[Problem, ...] = ()
    status: int = 200


@page("records.read", write="records.import")
def held_row(request: PageRequest, organisation: Organisation, ledger: str, number: int) -> HttpResponse:
    """A held row with the form to correct it; sent, it is checked at once and put in by a job."""
    definition, row = _found(organisation, ledger, number)
    address = reverse("held_row", args=[organisation.code, definition.code, number])
    if request.method != "POST":
        return _shown(request, organisation, definition, row, Typed({}))
    masked = hidden(request, organisation, definition)
    cells = {
        each.name: request.POST[f"{_PREFIX}{each.name}"]
        for each in definition.entered
        if f"{_PREFIX}{each.name}" in request.POST
    }
    confirmed = request.POST.get("confirmed") == "1"
    corrections = corrections_of(definition, row, cells, masked)
    try:
        perform(
            ReleaseHeldRow(organisation, definition, number, corrections, confirmed=confirmed), request.actor
        )
    except StillFaulty as error:
        typed = Typed(cells, confirmed, error.faults, status=422)
        return _shown(request, organisation, definition, row, typed)
    except Invalid as error:
        typed = Typed(cells, confirmed, problems=error.problems, status=422)
        return _shown(request, organisation, definition, row, typed)
    except Stale as error:
        messages.warning(request, error.what)
    else:
        messages.success(request, _("已核对，正在入库。"))
    return redirect(address)


@page("records.read", write="records.import")
def discard(request: PageRequest, organisation: Organisation, ledger: str, number: int) -> HttpResponse:
    """Ask, and give the row up."""
    definition, row = _found(organisation, ledger, number)
    address = reverse("held_row", args=[organisation.code, definition.code, number])
    why = request.POST.get("reason", "")
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        try:
            perform(DiscardHeldRow(organisation, definition, number, why), request.actor)
        except Invalid as error:
            problems = error.problems
        except Stale as error:
            messages.warning(request, error.what)
            return redirect(address)
        else:
            messages.success(request, _("正在弃用这一行。"))
            return redirect(address)
    elif row.state is not HoldState.OPEN:
        return redirect(address)
    context = {
        "heading": _("弃用待核的行"),
        "question": _("弃用第 %(number)s 号行？") % {"number": number},
        "consequences": [
            _("这一行不再入库，不计入任何数字；它的内容、弃用人和原因仍然保留。"),
            _("以后再导入同样的内容，也不会再要求处理。"),
        ],
        "action": request.path,
        "button": _("弃用"),
        "danger": True,
        "back": address,
        "reason_label": _("弃用的原因"),
        "reason": why,
        "problems": problems,
        "trail_of_pages": _way(organisation, definition, number, address, _("弃用")),
    }
    return render(request, "components/confirm_page.html", context, status=422 if problems else 200)


@page("records.read", write="records.import")
def discard_rows(request: PageRequest, organisation: Organisation, ledger: str) -> HttpResponse:
    """Ask, and give the chosen rows up: all of them or none."""
    definition = ledger_named(ledger)
    address = reverse("held_rows", args=[organisation.code, definition.code])
    is_sent = request.method == "POST"
    given = (request.POST if is_sent else request.GET).getlist("row")
    # what is no number is no row: 0 is the number of none
    numbers = tuple(sorted({number_sent(each, digits=_DIGITS) or 0 for each in given}))
    why = request.POST.get("reason", "")
    problems: tuple[Problem, ...] = ()
    if is_sent:
        try:
            number = job_asked(DiscardHeldRows(organisation, definition, numbers, why), request.actor)
        except Invalid as error:
            problems = error.problems
        except Stale as error:
            messages.warning(request, error.what)
            return redirect(address)
        else:
            return redirect("job", number=number)
    rows = _chosen(organisation, definition, numbers)
    if not problems and (wrong := _not_to_be_chosen(rows, numbers)):
        messages.warning(request, wrong)
        return redirect(address)
    masked = hidden(request, organisation, definition)
    named = [
        (_("第 %(number)s 号行") % {"number": each.number}, _key_of(definition, each, masked))
        for each in rows
    ]
    context = {
        "heading": _("弃用待核的行"),
        "question": _("弃用选中的 %(number)s 行？") % {"number": len(rows)},
        "consequences": [
            *(f"{row}：{key}" if key else row for row, key in named),
            _("这些行不再入库，不计入任何数字；内容、弃用人和原因仍然保留。"),
            _("以后再导入同样的内容，也不会再要求处理。"),
            _("其中有一行已被别人处理时，一行也不弃用。"),
        ],
        "action": request.path,
        "button": _("弃用"),
        "danger": True,
        "back": address,
        "reason_label": _("弃用的原因"),
        "reason": why,
        "values": [("row", each) for each in numbers],
        "problems": problems,
        "trail_of_pages": way(
            organisation, definition, (_("待核和等待的行"), address), (_("弃用选中的行"), "")
        ),
    }
    return render(request, "components/confirm_page.html", context, status=422 if problems else 200)


def _chosen(body: Organisation, ledger: LedgerDefinition, numbers: Sequence[int]) -> list[HeldRow]:
    """The chosen rows that are still held; none of more than may be chosen."""
    if not has_records(body) or len(numbers) > MOST_AT_ONCE:
        return []
    with opened(body) as store:
        found = [held_row_of(store, ledger, each) for each in numbers]
    return [each for each in found if each is not None and each.state is HoldState.OPEN]


def _not_to_be_chosen(rows: Sequence[HeldRow], numbers: Sequence[int]) -> str:
    """Why rows cannot be given up together; "" when they can."""
    if not numbers:
        return _("没有选择行。先勾选要弃用的行。")
    if len(numbers) > MOST_AT_ONCE:
        return _("一次最多弃用 %(number)s 行。请分几次办理。") % {"number": MOST_AT_ONCE}
    gone = set(numbers) - {each.number for each in rows}
    if gone:
        names = "、".join(str(each) for each in sorted(gone))
        return _("第 %(numbers)s 号行已经处理；请重新选择。") % {"numbers": names}
    return ""


def _found(body: Organisation, ledger: str, number: int) -> tuple[LedgerDefinition, HeldRow]:
    """A row that was held.

    Raises:
        Http404: there is none.
    """
    definition = ledger_named(ledger)
    if not has_records(body) or number >= _LARGEST_NUMBER:
        raise Http404
    with opened(body) as store:
        row = held_row_of(store, definition, number)
    if row is None:
        raise Http404
    return definition, row


def _way(body: Organisation, ledger: LedgerDefinition, number: int, address: str, last: str = "") -> Any:  # noqa: ANN401
    rows = (_("待核和等待的行"), reverse("held_rows", args=[body.code, ledger.code]))
    row = _("第 %(number)s 号行") % {"number": number}
    return way(body, ledger, rows, *([(row, address), (last, "")] if last else [(row, "")]))


def _shown(
    request: PageRequest, body: Organisation, ledger: LedgerDefinition, row: HeldRow, typed: Typed
) -> HttpResponse:
    masked = hidden(request, body, ledger)
    job = settling_of(body, ledger.code, row.number)
    is_busy = job is not None and not job.is_over
    is_open = row.state is HoldState.OPEN
    faults = typed.faults
    if faults is None and is_open:
        with opened(body) as store:
            found = checked_again(store, row, signature(request.actor)).faults
        faults = tuple(each for each in found if each.level is not Level.WARN)
    texts = texts_of(ledger, row) | dict(typed.cells)
    fields = [_field(each, texts, masked, faults or ()) for each in ledger.entered]
    # what is faulty, what was typed, what is waited for; the rest is folded
    chosen = set(ledger.key) | {name for fault in faults or () for name in fault.fields}
    chosen |= set(corrections_of(ledger, row, typed.cells, masked))
    chosen |= {each.name for each in ledger.entered if each.target and each.target == row.waits_for_ledger}
    context = {
        "body": body,
        "ledger": ledger,
        "row": row,
        "key": _key_of(ledger, row, masked),
        "why": _waits(ledger, row, masked) if row.reason is HoldReason.WAITING else "",
        # a failed attempt is told until another one has settled the row
        "job": job if job is not None and (is_busy or (is_open and job.state == JobState.FAILED)) else None,
        "is_open": is_open,
        "may_settle": is_open and not is_busy and may(request, "records.import"),
        "fields": [each for each in fields if each.name.removeprefix(_PREFIX) in chosen],
        "others": [each for each in fields if each.name.removeprefix(_PREFIX) not in chosen],
        "problems": typed.problems or _told(ledger, row, faults or (), masked, is_new=typed.status != 200),
        "confirmed": typed.confirmed,
        "is_refused": typed.status != 200,
        "trail_of_pages": _way(body, ledger, row.number, ""),
    }
    return render(request, "records/held_row.html", context, status=typed.status)


def _told(
    ledger: LedgerDefinition, row: HeldRow, faults: Sequence[Fault], masked: frozenset[str], *, is_new: bool
) -> list[Problem | dict[str, Any]]:
    """What is wrong, without the values of fields that are not shown.

    Args:
        is_new: only what was found now; otherwise also why it was held, such as that it contradicts another record.
    """
    found: list[Problem | dict[str, Any]] = [_unvalued(each, masked) for each in faults]
    codes = {each.problem.code for each in faults}
    kept = [
        {**each, "severity": Severity.WARNING.value}
        for each in row.problems
        if isinstance(each, dict) and each.get("code") not in codes and each.get("level") != Level.WARN.value
    ]
    return found if is_new else [*found, *(_masked(each, ledger, masked) for each in kept)]


def _unvalued(fault: Fault, masked: frozenset[str]) -> Problem:
    problem = fault.problem
    if not masked & set(fault.fields):
        return problem
    return replace(problem, what=problem.why or HIDDEN, value=None)


def _field(
    definition: FieldDefinition,
    texts: Mapping[str, str],
    masked: frozenset[str],
    faults: Sequence[Fault],
) -> FormField:
    name = definition.name
    is_hidden = name in masked
    value = "" if is_hidden else texts.get(name, "")
    notes = [_("现在的值不显示；填写即改为新值，留空不变")] if is_hidden else []
    notes += [definition.description] if definition.description else []
    return FormField(
        id=f"{_PREFIX}{name}",
        name=f"{_PREFIX}{name}",
        label=shown(definition),
        value=value,
        note="；".join(notes),
        required=definition.required,
        rows=3 if definition.type is FieldType.JSON or len(value) > _LONG else 0,
        type="date" if definition.type is FieldType.DATE and _is_day(value) else "text",
        inputmode="decimal" if definition.type in {FieldType.DECIMAL, FieldType.MONEY} else "",
        unit=_("元") if definition.type is FieldType.MONEY else definition.unit,
        choices=_choices(definition, value),
        problems=tuple(_unvalued(each, masked) for each in faults if name in each.fields),
    )


def _is_day(text: str) -> bool:
    """Whether a control for days can hold a text: one that is no day must stay to be seen."""
    try:
        return not text or date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _choices(definition: FieldDefinition, value: str) -> tuple[tuple[str, str], ...]:
    """What may be chosen; a text that is no choice stays to be seen."""
    if definition.type is FieldType.BOOLEAN:
        known: tuple[tuple[str, str], ...] = (("是", _("是")), ("否", _("否")))
    elif definition.type is FieldType.ENUM and definition.members:
        known = tuple((code, _(label)) for code, label in definition.members.items() if label != value)
    else:
        return ()
    nothing = () if definition.required and value else (("", _("（不填）")),)
    if value and value not in dict(known):
        known = ((value, value), *known)
    return (*nothing, *known)
