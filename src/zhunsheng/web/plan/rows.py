"""Pages: one section of the plan with its rows, and the form of a row."""

from collections.abc import Mapping, Sequence

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhunsheng.kernel.problem import Problem, Problems
from zhunsheng.plans.sections import Section
from zhunsheng.store.database.case_content import record_of
from zhunsheng.store.database.case_rows import CaseRow
from zhunsheng.store.database.models import Remark, StoredCase
from zhunsheng.store.indicator_files import indicator_of
from zhunsheng.web.language import shown
from zhunsheng.web.numbers_sent import revision_sent
from zhunsheng.web.page import PageRequest, may, page
from zhunsheng.web.plan.advising import advised, said_about
from zhunsheng.web.plan.fields import field_groups, typed
from zhunsheng.web.plan.listing import filled, listed_columns, listed_rows
from zhunsheng.web.plan.ways import way_to
from zhunsheng.workflow.action import Action, Invalid, Stale, perform
from zhunsheng.workflow.planning.cells import EDITABLE, RowInput, open_columns, read_input, texts_of
from zhunsheng.workflow.planning.divisions import may_edit, parts_of, require
from zhunsheng.workflow.planning.editing import AddRow, EditRow, MoveRow, RemoveRow, row_of, rows_of
from zhunsheng.workflow.planning.following import hindrances, owned
from zhunsheng.workflow.planning.places import SECTION_OF, key_text


def section_named(name: str) -> Section:
    """A section that is edited while planning.

    Raises:
        Http404: there is none of that name.
    """
    if name not in EDITABLE:
        raise Http404
    return SECTION_OF[name]


def _section_url(case: StoredCase, section: Section) -> str:
    return reverse("plan-section", args=[case.code, section.name])


@page("case.read")
def section(request: PageRequest, case: StoredCase, section: str) -> HttpResponse:
    """The rows of a section."""
    chosen = section_named(section)
    context: dict[str, object] = {
        "section": chosen,
        "sections": [(SECTION_OF[name], name == section) for name in EDITABLE],
        "trail_of_pages": way_to(case, (_(chosen.label), "")),
        "may_edit": may(request, "plan.edit"),
        "remarks": Remark.objects.filter(case=case, stage="targets", section=section, settled=None),
    }
    if chosen.shape == "record":
        row = rows_of(case, chosen)[0]
        record = record_of(chosen, row)
        context |= {"row": row, "facts": filled(chosen, record)}
        context["editable"] = may_edit(request.actor, parts_of(case), chosen, record)
        return render(request, "plan/record.html", context)
    context |= {"columns": listed_columns(chosen), "rows": listed_rows(request, case, chosen)}
    return render(request, "plan/section.html", context)


def _found(case: StoredCase, section: Section, identity: int) -> CaseRow:
    row = row_of(case, section, identity)
    if row is None:
        raise Stale(_("这一行已被删除；请返回列表查看"))
    return row


@page("plan.edit", write="plan.edit")
def edit(request: PageRequest, case: StoredCase, section: str, row: int) -> HttpResponse:
    """The form of a row."""
    chosen = section_named(section)
    found = _found(case, chosen, row)
    record = record_of(chosen, found)
    require(request.actor, parts_of(case), chosen, record)
    if request.method != "POST":
        return _form(request, case, chosen, texts_of(chosen, record), found)
    given = RowInput(typed(request.POST, chosen), row, revision_sent(request.POST.get("revision")))
    return _carry_out(request, case, chosen, EditRow(case, section, given), given, found)


@page("plan.edit", write="plan.edit")
def add(request: PageRequest, case: StoredCase, section: str) -> HttpResponse:
    """The form of a new row."""
    chosen = section_named(section)
    if chosen.shape == "record":
        raise Http404
    if request.method != "POST":
        return _form(request, case, chosen, _beginning(request, chosen), None)
    given = RowInput(typed(request.POST, chosen))
    return _carry_out(request, case, chosen, AddRow(case, section, given), given, None)


def _beginning(request: PageRequest, section: Section) -> dict[str, str]:
    """What stands in a new row: defaults, what the address says, and what the library knows."""
    texts = texts_of(section, section.record())
    names = {each.name for each in open_columns(section)}
    texts |= {name: str(text) for name, text in request.GET.items() if name in names}
    definition = indicator_of(texts.get("definition", "")) if section.name == "indicators" else None
    if definition is not None:
        direction = {"at_least": (">=", "positive"), "at_most": ("<=", "inverse"), "exact": ("=", "exact")}
        sign, nature = direction.get(definition.direction.value, ("", ""))
        known = {
            "name": definition.label,
            "target_unit": definition.unit,
            "target_sign": sign,
            "nature": nature,
            "formula": definition.description,
        }
        texts |= {name: text for name, text in known.items() if text and not request.GET.get(name)}
    return texts


def _carry_out(
    request: PageRequest,
    case: StoredCase,
    section: Section,
    action: Action,
    given: RowInput,
    row: CaseRow | None,
) -> HttpResponse:
    try:
        changes = perform(action, request.actor)
    except Invalid as error:
        return _form(request, case, section, given.cells, row, given.revision, error.problems, status=422)
    except Stale as error:
        return _overtaken(request, case, section, given, error)
    if changes:
        messages.success(request, _("已保存。"))
        for words in advised(case, section, changes):
            messages.warning(request, words)
    else:
        messages.info(request, _("没有修改。"))
    if "another" in request.POST:
        return redirect("plan-row-new", case.code, section.name)
    if section.name in {"tasks", "indicators"}:
        return redirect("plan", case.code)
    return redirect(_section_url(case, section))


def _overtaken(
    request: PageRequest, case: StoredCase, section: Section, given: RowInput, error: Stale
) -> HttpResponse:
    """The form again, with what was typed and, beside it, what somebody else has written meanwhile."""
    row = None if given.row is None else row_of(case, section, given.row)
    if row is None:
        raise error
    now = texts_of(section, record_of(section, row), labels=True)
    by_name = {each.name: each for each in section.columns}
    plain = texts_of(section, record_of(section, row))
    notes = {
        name: _("现已改为：%s") % (now[name] or _("（空）"))
        for name, text in given.cells.items()
        if text.replace("\r\n", "\n").strip() != plain[name] and name in by_name
    }
    return _form(
        request, case, section, given.cells, row, row.revision, overtaken=error.what, notes=notes, status=409
    )


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
    notes: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    title = _("新增“%s”") % shown(section) if row is None else f"{_(section.label)} {row}"
    key = "" if row is None else key_text(section, record_of(section, row))
    remarks = Remark.objects.filter(case=case, stage="targets", section=section.name, key=key, settled=None)
    labels = {each.name: each.label for each in section.columns}
    context: dict[str, object] = {
        "section": section,
        "row": row,
        "title": title,
        "revision": revision if revision is not None else (0 if row is None else row.revision),
        "groups": field_groups(case, section, texts, problems, notes),
        "problems": problems,
        "overtaken": overtaken,
        "remarks": [(each, labels.get(each.column, "")) for each in remarks] if key else [],
        "trail_of_pages": way_to(case, (_(section.label), _section_url(case, section)), (title, "")),
    }
    if section.name == "indicators":
        before = None if row is None else record_of(section, row)
        typed_record = read_input(section, before, RowInput(texts), "", Problems())
        context |= said_about(request, case, typed_record, before)
    return render(request, "plan/row.html", context, status=status)


@page("plan.edit", write="plan.edit")
def remove(request: PageRequest, case: StoredCase, section: str, row: int) -> HttpResponse:
    """The question before a row is removed, and its removal."""
    chosen = section_named(section)
    found = _found(case, chosen, row)
    record = record_of(chosen, found)
    require(request.actor, parts_of(case), chosen, record)
    key = key_text(chosen, record)
    problems: Sequence[Problem] = tuple(hindrances(case, chosen, key))
    if request.method == "POST":
        action = RemoveRow(case, section, row, revision_sent(request.POST.get("revision")))
        try:
            perform(action, request.actor)
        except Invalid as error:
            problems = error.problems
        else:
            messages.success(request, _("已删除“%s”。") % key)
            return redirect(_section_url(case, chosen))
    if problems:
        hindered = {
            "problems": problems,
            "title": _("“%s”不能删除") % key,
            "back": _section_url(case, chosen),
            "trail_of_pages": way_to(case, (_(chosen.label), _section_url(case, chosen)), (_("删除"), "")),
        }
        return render(
            request, "plan/hindered.html", hindered, status=422 if request.method == "POST" else 200
        )
    with_it = [_("“%s”中关于它的内容一并删除") % shown(each.section) for each in owned(case, chosen, key)]
    context: dict[str, object] = {
        "question": _("删除“%(section)s”的“%(key)s”？") % {"section": shown(chosen), "key": key},
        "heading": _("删除一行"),
        "consequences": list(dict.fromkeys([*with_it, _("删除后可在操作记录和历次版本中查到")])),
        "button": _("删除"),
        "danger": True,
        "back": _section_url(case, chosen),
        "values": [("revision", found.revision)],
        "action": request.path,
    }
    return render(request, "components/confirm_page.html", context)


@page("case.read", write="plan.edit")
def move(request: PageRequest, case: StoredCase, section: str, row: int) -> HttpResponse:
    """Move a row up or down."""
    chosen = section_named(section)
    if request.method == "POST":
        perform(MoveRow(case, section, row, -1 if "up" in request.POST else 1), request.actor)
    back = reverse("plan", args=[case.code]) if request.POST.get("back") == "plan" else None
    return redirect(back or _section_url(case, chosen))
