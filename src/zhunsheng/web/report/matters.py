"""Pages: the problems and measures of the report, each with what it is about."""

from collections.abc import Mapping, Sequence

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhunsheng.kernel.problem import Problem
from zhunsheng.plans.sections import Section
from zhunsheng.store.database.case_content import record_of
from zhunsheng.store.database.case_rows import CaseRow
from zhunsheng.store.database.models import StoredCase
from zhunsheng.web.language import shown
from zhunsheng.web.numbers_sent import revision_sent
from zhunsheng.web.page import PageRequest, page
from zhunsheng.web.report.ways import way_to
from zhunsheng.workflow.action import Invalid, Stale, perform
from zhunsheng.workflow.planning.cells import RowInput, texts_of
from zhunsheng.workflow.planning.following import hindrances
from zhunsheng.workflow.planning.places import key_text, spot_of
from zhunsheng.workflow.reporting.matters import (
    ABOUT,
    FILLED,
    MATTERS,
    RemoveMatter,
    WriteMatter,
    matter_of,
    next_code,
    subjects,
)
from zhunsheng.workflow.reporting.year import evaluated_year


def _section(name: str) -> Section:
    if name not in MATTERS:
        raise Http404(_("没有这个部分"))
    return MATTERS[name]


def _row(case: StoredCase, section: Section, identity: int) -> CaseRow:
    found = matter_of(case, section, identity)
    if found is None:
        raise Stale(_("这一条已被删除；请返回报告页面"))
    return found


def _typed(post: QueryDict, section: Section) -> dict[str, str]:
    cells: dict[str, str] = {name: str(post[name]) for name in FILLED if name in post}
    return {**cells, ABOUT[section.name]: "、".join(post.getlist("about"))}


@page("report.edit", write="report.edit")
def add(request: PageRequest, case: StoredCase, section: str) -> HttpResponse:
    """The form of a new problem or measure; `about` in the address is chosen already."""
    chosen = _section(section)
    if request.method != "POST":
        texts = {
            "code": next_code(case, chosen),
            ABOUT[section]: "、".join(request.GET.getlist("about")[:50]),
        }
        return _form(request, case, chosen, texts, None)
    return _carry_out(request, case, chosen, RowInput(_typed(request.POST, chosen)), None)


@page("report.edit", write="report.edit")
def edit(request: PageRequest, case: StoredCase, section: str, row: int) -> HttpResponse:
    """The form of a problem or measure."""
    chosen = _section(section)
    found = _row(case, chosen, row)
    if request.method != "POST":
        return _form(request, case, chosen, texts_of(chosen, record_of(chosen, found)), found)
    given = RowInput(_typed(request.POST, chosen), row, revision_sent(request.POST.get("revision")))
    return _carry_out(request, case, chosen, given, found)


def _carry_out(
    request: PageRequest, case: StoredCase, section: Section, given: RowInput, row: CaseRow | None
) -> HttpResponse:
    try:
        perform(WriteMatter(case, section.name, given), request.actor)
    except Invalid as error:
        return _form(request, case, section, given.cells, row, given.revision, error.problems, status=422)
    except Stale as error:
        now = None if row is None else matter_of(case, section, row.pk)
        if now is None:
            raise
        # what was typed stays in the form; saving again replaces what the other wrote, who is named
        return _form(request, case, section, given.cells, now, overtaken=error.what, status=409)
    messages.success(request, _("已保存。"))
    return redirect(reverse("report", args=[case.code]) + "#matters")


def _form(
    request: PageRequest,
    case: StoredCase,
    section: Section,
    texts: Mapping[str, str],
    row: CaseRow | None,
    revision: int | None = None,
    problems: Sequence[Problem] = (),
    *,
    overtaken: str = "",
    status: int = 200,
) -> HttpResponse:
    year = evaluated_year(case)
    known = subjects(section, year.evaluation, year.case.shortcomings)
    about = [each for each in texts.get(ABOUT[section.name], "").split("、") if each]
    labels = {each.name: each.label for each in section.columns}
    label = shown(section)
    fields = {
        name: {
            "label": _(labels[name]),
            "value": texts.get(name, ""),
            "problems": [each for each in problems if spot_of(each.place).column == name],
        }
        for name in (*FILLED, ABOUT[section.name])
    }
    context = {
        "section": section,
        "row": row,
        "title": _("新增“%s”") % label if row is None else f"{label} {row}",
        "revision": revision if revision is not None else (0 if row is None else row.revision),
        "fields": fields,
        "about": ABOUT[section.name],
        "about_field": fields[ABOUT[section.name]],
        "choices": [(code, name, code in about) for code, name in known.items()],
        "problems": problems,
        "overtaken": overtaken,
        "now": None if row is None or not overtaken else texts_of(section, record_of(section, row)),
        "trail_of_pages": way_to(case, label),
    }
    return render(request, "report/matter.html", context, status=status)


@page("report.edit", write="report.edit")
def remove(request: PageRequest, case: StoredCase, section: str, row: int) -> HttpResponse:
    """The question before a problem or measure is removed, and its removal."""
    chosen = _section(section)
    found = _row(case, chosen, row)
    key = key_text(chosen, record_of(chosen, found))
    back = reverse("report", args=[case.code]) + "#matters"
    problems: Sequence[Problem] = tuple(hindrances(case, chosen, key))
    if request.method == "POST":
        try:
            perform(
                RemoveMatter(case, section, row, revision_sent(request.POST.get("revision"))), request.actor
            )
        except Invalid as error:
            problems = error.problems
        else:
            messages.success(request, _("已删除“%s”。") % key)
            return redirect(back)
    context: dict[str, object] = {
        "question": _("删除“%(section)s”的“%(key)s”？") % {"section": shown(chosen), "key": key},
        "heading": _("删除一条"),
        "consequences": [_("删除后可在操作记录和历次版本中查到")],
        "button": _("删除"),
        "danger": True,
        "back": back,
        "values": [("revision", found.revision)],
        "action": request.path,
        "trail_of_pages": way_to(case, shown(chosen)),
    }
    if problems:
        context = {
            "problems": problems,
            "title": _("“%s”不能删除") % key,
            "back": back,
            "trail_of_pages": way_to(case, shown(chosen)),
        }
        status = 422 if request.method == "POST" else 200
        return render(request, "plan/hindered.html", context, status=status)
    return render(request, "components/confirm_page.html", context)
