"""Pages: the free text of the report, with numbers that stay live."""

from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhunsheng.kernel.problem import Problem
from zhunsheng.plans.sections import NARRATIVE_SECTIONS
from zhunsheng.store.database.models import StoredCase
from zhunsheng.web.numbers_sent import number_sent
from zhunsheng.web.page import PageRequest, may, page
from zhunsheng.web.report.blocks import shown_blocks
from zhunsheng.web.report.ways import way_to
from zhunsheng.workflow.action import Invalid, Stale, perform
from zhunsheng.workflow.reporting.actions import EditNarrative, narrative_row
from zhunsheng.workflow.reporting.paragraphs import shown_text
from zhunsheng.workflow.reporting.references import reference_groups
from zhunsheng.workflow.reporting.year import EvaluatedYear, evaluated_year

_LONGEST: Final = 60
_MOST: Final = 30
_MOST_FOUND: Final = 200
"""How many numbers of a kind are listed, at first and when they are looked for."""


@page("case.read", write="report.edit")
def text(request: PageRequest, case: StoredCase, section: str) -> HttpResponse:
    """A section: its text, its paragraphs as the report prints them, the numbers one may refer to."""
    _known(section)
    row = narrative_row(case, section)
    written = "" if row is None else str(row.f_text)  # type: ignore[attr-defined] # made from the columns
    seen = "" if row is None else str(row.revision)
    if request.method != "POST":
        return _form(request, case, section, written, seen)
    typed, sent = request.POST.get("text", ""), request.POST.get("seen", "")
    if request.POST.get("do") == "preview":
        return _form(request, case, section, typed, sent)
    revision = number_sent(sent)
    try:
        perform(EditNarrative(case, section, typed, revision), request.actor)
    except Invalid as error:
        return _form(request, case, section, typed, sent, error.problems, 422)
    except Stale as error:
        # what was typed stays on the page, what the other wrote stands beside it
        return _form(request, case, section, typed, seen, (), 409, changed=(error.what, written))
    return redirect("report", case=case.code)


def _form(
    request: PageRequest,
    case: StoredCase,
    section: str,
    typed: str,
    seen: str,
    problems: tuple[Problem, ...] = (),
    status: int = 200,
    changed: tuple[str, str] | None = None,
) -> HttpResponse:
    year = evaluated_year(case)
    blocks, found = shown_text(year, section, typed)
    wanted = request.GET.get("q", "")
    context = {
        "section": section,
        "label": NARRATIVE_SECTIONS[section],
        "trail_of_pages": way_to(case, _(NARRATIVE_SECTIONS[section])),
        "typed": typed,
        "seen": seen,
        "blocks": shown_blocks(blocks),
        "problems": problems or found,
        "changed": changed,
        **_references(year, wanted),
        "may_edit": may(request, "report.edit"),
    }
    return render(request, "report/text.html", context, status=status)


@page("case.read", write="report.edit")
def shown(request: PageRequest, case: StoredCase, section: str) -> HttpResponse:
    """The paragraphs of a text that is being typed; nothing is kept."""
    _known(section)
    if request.method != "POST":
        return redirect("report_text", case=case.code, section=section)
    blocks, problems = shown_text(evaluated_year(case), section, request.POST.get("text", ""))
    return render(request, "report/shown.html", {"blocks": shown_blocks(blocks), "problems": problems})


@page("case.read")
def references(request: PageRequest, case: StoredCase, section: str) -> HttpResponse:
    """The numbers one may refer to, searched."""
    _known(section)
    year, wanted = evaluated_year(case), request.GET.get("q", "")
    context = {
        **_references(year, wanted),
        "may_edit": may(request, "report.edit"),
    }
    return render(request, "report/references.html", context)


def _references(year: EvaluatedYear, wanted: str) -> dict[str, Any]:
    """The numbers one may refer to: the first of each kind; what is looked for is shown further."""
    wanted = wanted.strip()[:_LONGEST]
    most = _MOST_FOUND if wanted else _MOST
    return {
        "groups": [
            {"label": each.label, "references": each.references[:most], "number": len(each.references)}
            for each in reference_groups(year.case, year.evaluation, wanted)
        ],
        "wanted": wanted,
    }


def _known(section: str) -> None:
    if section not in NARRATIVE_SECTIONS:
        raise Http404(_("没有这个段落"))
