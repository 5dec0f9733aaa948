"""Page: indicators in a table of fields, for many at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhunsheng.kernel.problem import Problem
from zhunsheng.plans.columns import Column, Holds
from zhunsheng.store.database.case_content import record_of
from zhunsheng.store.database.models import StoredCase
from zhunsheng.web.lines_touched import mark_of
from zhunsheng.web.numbers_sent import number_sent, revision_sent
from zhunsheng.web.page import PageRequest, page
from zhunsheng.web.plan.fields import Choices, definition_options, references
from zhunsheng.web.plan.ways import way_to
from zhunsheng.workflow.action import Invalid, Stale, perform
from zhunsheng.workflow.planning.cells import RowInput, cell_text
from zhunsheng.workflow.planning.divisions import may_edit, parts_of
from zhunsheng.workflow.planning.editing import EditRows, row_of, rows_of
from zhunsheng.workflow.planning.places import SECTION_OF, spot_of

_SECTION = SECTION_OF["indicators"]
_NAMES = (
    "code",
    "name",
    "task",
    "group",
    "kind",
    "nature",
    "target_sign",
    "target_value",
    "target_unit",
    "points",
    "previous_actual",
    "definition",
)
PAGE_ROWS = 100
_BLANK_ROWS = 5
_NUMBERS = frozenset({"target_value", "points", "previous_actual"})


@dataclass(frozen=True, slots=True)
class GridCell:
    """A field of the table."""

    name: str
    id: str
    column: str
    label: str
    value: str
    options: str
    number: bool
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GridLine:
    """A line of the table.

    Attributes:
        shown: hash of the texts as they were shown, so that a line nobody touched is not written.
    """

    number: int
    row: int | None
    revision: int
    shown: str
    cells: tuple[GridCell, ...]


def columns() -> tuple[Column, ...]:
    """The columns of the table."""
    by_name = {each.name: each for each in _SECTION.columns}
    return tuple(by_name[name] for name in _NAMES)


def _hash(texts: Mapping[str, str]) -> str:
    return mark_of((texts.get(name, ""), True) for name in _NAMES)


def _line(
    number: int,
    row: int | None,
    revision: int,
    texts: Mapping[str, str],
    shown: str,
    faults: Sequence[Problem],
) -> GridLine:
    cells = []
    for each in columns():
        wrong = tuple(
            problem.what
            for problem in faults
            if (spot := spot_of(problem.place)).line == number and spot.column == each.name
        )
        cells.append(
            GridCell(
                f"{number}.{each.name}",
                f"cell-{number}-{each.name}",
                each.name,
                _("第 %(line)s 行 %(label)s") % {"line": number, "label": _(each.label)},
                texts.get(each.name, ""),
                f"options-{each.name}" if each.holds is Holds.CHOICE or each.name in _OPTIONS else "",
                each.name in _NUMBERS,
                wrong,
            )
        )
    return GridLine(number, row, revision, shown, tuple(cells))


_OPTIONS = frozenset({"task", "definition"})


def _options(case: StoredCase) -> list[tuple[str, Choices]]:
    """What is proposed in each column."""
    words = [
        (each.name, tuple((str(getattr(member, "label", member)), "") for member in each.choices))
        for each in columns()
        if each.choices is not None
    ]
    return [*words, ("task", references(case, "tasks")), ("definition", definition_options())]


def _stored_lines(request: PageRequest, case: StoredCase) -> tuple[list[GridLine], int, int]:
    """The lines of a page of stored rows, blank ones after the last, and the number of pages."""
    task = request.GET.get("task", "")
    mine, parts = [], parts_of(case)
    for row in rows_of(case, _SECTION):
        record = record_of(_SECTION, row)
        if (not task or record.task == task) and may_edit(request.actor, parts, _SECTION, record):
            mine.append((row, record))
    pages = Paginator(mine, PAGE_ROWS)
    at = pages.get_page(request.GET.get("page"))
    lines = []
    for number, (row, record) in enumerate(at.object_list, 1):
        texts = {each.name: cell_text(each, getattr(record, each.name), labels=True) for each in columns()}
        lines.append(_line(number, row.pk, row.revision, texts, _hash(texts), ()))
    if not at.has_next():
        for number in range(len(lines) + 1, len(lines) + 1 + _BLANK_ROWS):
            texts = {"task": task} if task else {}
            lines.append(_line(number, None, 0, texts, _hash(texts), ()))
    return lines, at.number, pages.num_pages


def _typed(request: PageRequest) -> list[tuple[int, RowInput, str]]:
    """The lines that were sent: number, input, hash of what was shown."""
    found = []
    numbers = {number_sent(name.partition(".")[0]) for name in request.POST if "." in name}
    for number in sorted(each for each in numbers if each):
        cells = {
            name: request.POST[f"{number}.{name}"] for name in _NAMES if f"{number}.{name}" in request.POST
        }
        if not cells:
            continue
        row = number_sent(request.POST.get(f"{number}.row"))
        given = RowInput(cells, row, revision_sent(request.POST.get(f"{number}.revision")), number)
        found.append((number, given, request.POST.get(f"{number}.shown", "")))
    return found


@page("plan.edit", write="plan.edit")
def grid(request: PageRequest, case: StoredCase) -> HttpResponse:
    """The table of indicators."""
    if request.method != "POST":
        lines, at, pages = _stored_lines(request, case)
        return _shown(request, case, lines, at=at, pages=pages)
    typed = _typed(request)
    touched = tuple(
        given
        for _number, given, shown in typed
        if _hash(given.cells) != shown and not (given.row is None and given.is_blank)
    )
    if not touched:
        messages.info(request, _("没有修改。"))
        return redirect(request.get_full_path())
    try:
        changes = perform(EditRows(case, "indicators", touched), request.actor)
    except Invalid as error:
        lines = [
            _line(number, given.row, given.revision, given.cells, shown, error.problems)
            for number, given, shown in typed
        ]
        return _shown(request, case, lines, problems=error.problems, status=422)
    except Stale as error:
        return _shown(request, case, _refreshed(case, typed), overtaken=error.what, status=409)
    messages.success(request, _("已保存 %s 行。") % len(changes))
    return redirect(request.get_full_path())


def _refreshed(case: StoredCase, typed: Sequence[tuple[int, RowInput, str]]) -> list[GridLine]:
    """The lines as typed, with the revisions of now: what nobody touched here shows what others have written."""
    lines = []
    for number, given, shown in typed:
        row = None if given.row is None else row_of(case, _SECTION, given.row)
        if row is None:
            lines.append(_line(number, None, 0, given.cells, shown, ()))
            continue
        record = record_of(_SECTION, row)
        now = {each.name: cell_text(each, getattr(record, each.name), labels=True) for each in columns()}
        texts = now if _hash(given.cells) == shown else given.cells
        lines.append(_line(number, row.pk, row.revision, texts, _hash(now), ()))
    return lines


def _shown(
    request: PageRequest,
    case: StoredCase,
    lines: Sequence[GridLine],
    *,
    problems: Sequence[Problem] = (),
    overtaken: str = "",
    at: int = 1,
    pages: int = 1,
    status: int = 200,
) -> HttpResponse:
    context = {
        "columns": [(each, each.name in _NUMBERS) for each in columns()],
        "lines": lines,
        "options": _options(case),
        "problems": problems,
        "overtaken": overtaken,
        "tasks": references(case, "tasks"),
        "task": request.GET.get("task", ""),
        # fields are named after their line, so each choice of lines keeps its own text
        "kept_as": f"{request.GET.get('task', '')}-{request.GET.get('page', '1')}",
        "at": at,
        "pages": range(1, pages + 1),
        "trail_of_pages": way_to(case, (_("成批填写"), "")),
    }
    return render(request, "plan/grid.html", context, status=status)
