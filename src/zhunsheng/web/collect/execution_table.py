"""Page: executed amounts in a table of fields, for all lines somebody reports at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from zhunsheng.kernel.problem import Problem
from zhunsheng.kernel.rounding import plain
from zhunsheng.plans.columns import Holds
from zhunsheng.store.database.case_content import SECTION_OF
from zhunsheng.store.database.models import StoredCase
from zhunsheng.web.collect.execution import rate_shown, refusal, way_to_all
from zhunsheng.web.collect.item import way_to
from zhunsheng.web.lines_touched import as_shown, mark_of
from zhunsheng.web.numbers_sent import number_sent
from zhunsheng.web.page import PageRequest, may, page
from zhunsheng.workflow.action import Invalid, Stale, perform
from zhunsheng.workflow.collecting.execution import Spending, spendings_of
from zhunsheng.workflow.collecting.recording import Executed, RecordExecutions
from zhunsheng.workflow.planning.cells import texts_of
from zhunsheng.workflow.planning.places import spot_of

NAMES: Final = ("executed", "executed_source", "executed_evidence")
"""The columns of the table; the others have their place on the page of each line."""
PAGE_ROWS: Final = 100
_LONG: Final = frozenset(each.name for each in SECTION_OF["projects"].columns if each.holds is Holds.LONG)
_UNITS: Final = {"": noop("万元"), "yuan": noop("元")}
"""What an amount is written in, by what the address says."""


_SEEN: Final = ".seen"


@dataclass(frozen=True, slots=True)
class TableCell:
    """A field of the table.

    Attributes:
        now: what somebody else has written there meanwhile; None when nobody has.
    """

    name: str
    id: str
    column: str
    heading: str
    label: str
    value: str
    long: bool
    problems: tuple[str, ...]
    now: str | None


@dataclass(frozen=True, slots=True)
class TableLine:
    """A line of the table.

    Attributes:
        seen: revision of the row.
        shown: hash of the texts as they were shown, so that a line nobody touched is not written.
    """

    number: int
    spending: Spending
    rate: str
    seen: int
    shown: str
    cells: tuple[TableCell, ...]


@dataclass(frozen=True, slots=True)
class _Sent:
    """A line that was sent."""

    number: int
    item: str
    texts: Mapping[str, str]
    seen: int | None
    shown: str

    @property
    def is_touched(self) -> bool:
        """Whether somebody has changed anything."""
        return _mark(self.texts) != self.shown


def _folded(name: str, text: str) -> str:
    return as_shown(text, one_line=name not in _LONG)


def _mark(texts: Mapping[str, str]) -> str:
    return mark_of((texts.get(name, ""), name not in _LONG) for name in NAMES)


def _texts(found: Spending, unit: str) -> dict[str, str]:
    """What stands in the fields of a line."""
    texts = texts_of(SECTION_OF[found.section], found.record)
    if found.record.executed is not None:
        texts["executed"] = plain(found.record.executed.in_unit(unit))
    return {name: texts[name] for name in NAMES}


def _line(
    number: int,
    found: Spending,
    texts: Mapping[str, str],
    shown: str,
    *,
    seen: int | None = None,
    problems: Sequence[Problem] = (),
    now: Mapping[str, str] | None = None,
) -> TableLine:
    section = SECTION_OF[found.section]
    columns = {each.name: each for each in section.columns}
    cells = []
    for name in NAMES:
        spots = [(spot_of(each.place), each.what) for each in problems]
        current = None if now is None else now[name]
        if current is not None and _folded(name, current) == _folded(name, texts.get(name, "")):
            current = None
        cells.append(
            TableCell(
                f"{found.item}.{name}",
                f"cell-{number}-{name}",
                name,
                _(columns[name].label),
                f"{found.label} {_(columns[name].label)}",
                texts.get(name, ""),
                name in _LONG,
                tuple(
                    what
                    for spot, what in spots
                    if (spot.section, spot.key, spot.column) == (section.name, found.code, name)
                ),
                current,
            )
        )
    revision = found.revision if seen is None else seen
    return TableLine(number, found, rate_shown(found), revision, shown, tuple(cells))


@page("case.read", write="collect.report")
def table(request: PageRequest, case: StoredCase) -> HttpResponse:
    """All budget lines and projects somebody reports, with what was spent of them."""
    unit = _UNITS.get(request.GET.get("unit", ""), _UNITS[""])
    if request.method != "POST":
        return _stored(request, case, unit)
    sent = _sent(request)
    touched = [each for each in sent if each.is_touched]
    if not touched:
        messages.info(request, _("没有修改。"))
        return redirect(request.get_full_path())
    rows = tuple(Executed(each.item, each.texts, each.seen, unit) for each in touched)
    try:
        changes = perform(RecordExecutions(case, rows), request.actor)
    except Invalid as error:
        problems = error.problems

        def refused(each: _Sent, found: Spending) -> TableLine:
            return _line(each.number, found, each.texts, each.shown, seen=each.seen, problems=problems)

        lines = _lines_sent(case, sent, refused)
        return _shown(request, case, unit, lines, problems=problems, status=422)
    except Stale as error:
        lines = _lines_sent(case, sent, lambda each, found: _refreshed(each, found, unit))
        return _shown(request, case, unit, lines, overtaken=error.what, status=409)
    written = sum(each.subject.startswith(("budget/", "projects/")) for each in changes)
    messages.success(request, _("已保存 %s 行。") % written if written else _("内容没有变化。"))
    return redirect(request.get_full_path())


def _sent(request: PageRequest) -> list[_Sent]:
    """The lines that were sent; fields are named after their item, so that kept text finds its line again."""
    items = [name.removesuffix(_SEEN) for name in request.POST if name.endswith(_SEEN)]
    found = []
    for number, item in enumerate(items, 1):
        texts = {name: request.POST[f"{item}.{name}"] for name in NAMES if f"{item}.{name}" in request.POST}
        seen, shown = number_sent(request.POST[f"{item}{_SEEN}"]), request.POST.get(f"{item}.shown", "")
        found.append(_Sent(number, item, texts, seen, shown))
    return found


def _lines_sent(
    case: StoredCase, sent: Sequence[_Sent], made: Callable[[_Sent, Spending], TableLine]
) -> list[TableLine]:
    known = {each.item: each for each in spendings_of(case)}
    return [made(each, known[each.item]) for each in sent if each.item in known]


def _refreshed(each: _Sent, found: Spending, unit: str) -> TableLine:
    """A line with the revision of now: what nobody touched here shows what others have written."""
    now = _texts(found, unit)
    if not each.is_touched:
        return _line(each.number, found, now, _mark(now))
    changed = now if found.revision != each.seen else None
    return _line(each.number, found, each.texts, _mark(now), now=changed)


def _stored(request: PageRequest, case: StoredCase, unit: str) -> HttpResponse:
    found = spendings_of(case)
    mine = {each for each in {each.owner for each in found} if may(request, "collect.report", each)}
    pages = Paginator([each for each in found if each.owner in mine], PAGE_ROWS)
    at = pages.get_page(request.GET.get("page"))
    lines = []
    for number, each in enumerate(at.object_list, 1):
        texts = _texts(each, unit)
        lines.append(_line(number, each, texts, _mark(texts)))
    return _shown(request, case, unit, lines, at=at.number, pages=pages.num_pages)


def _shown(
    request: PageRequest,
    case: StoredCase,
    unit: str,
    lines: Sequence[TableLine],
    *,
    problems: Sequence[Problem] = (),
    overtaken: str = "",
    at: int = 1,
    pages: int = 1,
    status: int = 200,
) -> HttpResponse:
    columns = {each.name: each for each in SECTION_OF["projects"].columns}
    context = {
        "lines": lines,
        "columns": [(columns[name], name == "executed") for name in NAMES],
        "unit": unit,
        # each page of lines keeps its own unsent text
        "kept_as": f"{unit}-{request.GET.get('page') or '1'}",
        "units": list(_UNITS.items()),
        "unit_code": next(code for code, each in _UNITS.items() if each == unit),
        "problems": problems,
        "overtaken": overtaken,
        "refused": refusal(request, case),
        "at": at,
        "pages": range(1, pages + 1),
        "trail_of_pages": way_to(case, way_to_all(case), (_("成批填报"), "")),
    }
    return render(request, "collect/execution_table.html", context, status=status)
