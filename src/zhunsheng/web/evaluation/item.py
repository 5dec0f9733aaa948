"""Pages: one item of the scoring sheet: how its score came about, a score by hand, the reason of a deduction."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhunsheng.assembly.rejections import Rejected
from zhunsheng.kernel.problem import Problem
from zhunsheng.plans.columns import Column
from zhunsheng.rubrics.judgement import Basis
from zhunsheng.store.database.case_content import SECTION_OF
from zhunsheng.store.database.models import StoredCase, StoredEvaluation
from zhunsheng.web.evaluation.sheet import Line, findings_about, line_of
from zhunsheng.web.evaluation.views import way_to
from zhunsheng.web.numbers_sent import number_sent
from zhunsheng.web.page import PageRequest, may, page
from zhunsheng.web.plan.fields import FormField
from zhunsheng.workflow.action import Action, Invalid, Stale, perform
from zhunsheng.workflow.collecting.items import owner_of
from zhunsheng.workflow.evaluating.computing import lineage_for
from zhunsheng.workflow.evaluating.evaluated import evaluation_of
from zhunsheng.workflow.evaluating.remarks import remarks_of
from zhunsheng.workflow.evaluating.scoring import BY_HAND, ExplainDeviation, ScoreManually, row_for
from zhunsheng.workflow.planning.places import spot_of


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person has sent that was not taken, to be shown again.

    Attributes:
        section: of the row: "manual_scores" or "deviations"; "" when nothing was sent.
    """

    section: str = ""
    texts: Mapping[str, str] | None = None
    problems: tuple[Problem, ...] = ()
    overtaken: str = ""
    status: int = 200


NOTHING = Typed()


def _found(case: StoredCase, code: str) -> tuple[StoredEvaluation, Line]:
    try:
        found = evaluation_of(case)
    except Rejected as error:
        raise Invalid(error.problems) from error
    line = line_of(found, code)
    if line is None:
        raise Http404
    return found, line


@page("case.read")
def item(request: PageRequest, case: StoredCase, code: str) -> HttpResponse:
    """How the score of an item came about."""
    return _shown(request, case, code)


@page("case.read")
def trace(request: PageRequest, case: StoredCase, code: str) -> HttpResponse:
    """The same as a piece of the sheet, unfolded below the line of the item."""
    found, line = _found(case, code)
    if not request.htmx:
        return redirect("evaluation_item", case.code, code)
    figures = lineage_for(case)
    context = {
        "line": line,
        "computed": None if figures is None else figures.lineage.get(code),
        "findings": list(findings_about(found, code)),
    }
    return render(request, "evaluation/trace_row.html", context)


@page("case.read", write="evaluation.score")
def score(request: PageRequest, case: StoredCase, code: str) -> HttpResponse:
    """Give a score by hand."""
    texts = {"score": request.POST.get("score", ""), "reason": request.POST.get("reason", "")}
    action = ScoreManually(
        case, code, texts["score"], texts["reason"], seen=number_sent(request.POST.get("seen"))
    )
    return _written(request, case, code, action, Typed("manual_scores", texts))


@page("case.read", write="evaluation.score")
def explain(request: PageRequest, case: StoredCase, code: str) -> HttpResponse:
    """Say why points are lost, and what will be done."""
    texts = {name: request.POST.get(name, "") for name in ("reason", "remedy")}
    action = ExplainDeviation(
        case, code, texts["reason"], texts["remedy"], seen=number_sent(request.POST.get("seen"))
    )
    return _written(request, case, code, action, Typed("deviations", texts))


def _written(request: PageRequest, case: StoredCase, code: str, action: Action, typed: Typed) -> HttpResponse:
    if request.method == "POST":
        try:
            changes = perform(action, request.actor)
        except Invalid as error:
            sent = Typed(typed.section, typed.texts, error.problems, "", 422)
            return _shown(request, case, code, sent)
        except Stale as error:
            return _shown(request, case, code, Typed(typed.section, typed.texts, (), error.what, 409))
        messages.success(request, _("已保存。") if changes else _("内容没有变化。"))
    return redirect("evaluation_item", case.code, code)


def _shown(request: PageRequest, case: StoredCase, code: str, typed: Typed = NOTHING) -> HttpResponse:
    found, line = _found(case, code)
    owner = owner_of(case, code)
    may_score = may(request, "evaluation.score", owner)
    figures = lineage_for(case)
    by_hand = line.leaf and Basis(line.data["basis"]) in BY_HAND
    context = {
        "line": line,
        "node": line.data,
        "owner": owner,
        "content": found.content,
        "computed": None if figures is None else figures.lineage.get(code),
        "findings": list(findings_about(found, code)),
        "remarks": [each for each in remarks_of(case) if each.key == code],
        "typed": typed,
        "problems": typed.problems,
        "manual": _form(case, "manual_scores", code, ("score", "reason"), typed)
        if may_score and by_hand
        else None,
        "deviation": _form(case, "deviations", code, ("reason", "remedy"), typed)
        if may_score and line.leaf and (line.lost > 0 or line.data["deviation"])
        else None,
        "may_remark": may(request, "evaluation.remark"),
        "trail_of_pages": way_to(case, f"{code} {line.data['name']}"),
    }
    return render(request, "evaluation/item.html", context, status=typed.status)


def _form(
    case: StoredCase, section_name: str, code: str, names: tuple[str, ...], typed: Typed
) -> dict[str, Any]:
    """The form of the row of an item in a section."""
    section, row = SECTION_OF[section_name], row_for(case, section_name, code)
    sent = typed.texts if typed.section == section_name else None
    columns = {each.name: each for each in section.columns}
    fields = []
    for name in names:
        stored = "" if row is None else getattr(row, f"f_{name}")
        value = sent.get(name, "") if sent is not None else _text(stored)
        fields.append(_field(section_name, columns[name], value, typed if sent is not None else NOTHING))
    return {"fields": fields, "seen": "" if row is None else row.revision}


def _text(value: object) -> str:
    return "" if value is None else format(value, "f") if hasattr(value, "as_tuple") else str(value)


def _field(section: str, column: Column, value: str, typed: Typed) -> FormField:
    return FormField(
        id=f"{section}-{column.name}",
        name=column.name,
        label=_(column.label),
        value=value,
        rows=0 if column.name == "score" else 3,
        inputmode="decimal" if column.name == "score" else "",
        unit=_("分") if column.name == "score" else "",
        problems=tuple(each for each in typed.problems if spot_of(each.place).column == column.name),
    )
