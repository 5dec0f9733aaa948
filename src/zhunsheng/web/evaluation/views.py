"""Pages: the scoring sheet, what a reviewer would say, values from records, another rubric."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from zhunsheng.assembly.evaluating import load_sound_rubric
from zhunsheng.assembly.rejections import Rejected
from zhunsheng.kernel.place import Place
from zhunsheng.plans.roles import EvaluationState
from zhunsheng.scores.review.rule import RuleGroup
from zhunsheng.store.database.models import StoredCase, StoredEvaluation
from zhunsheng.store.definition_files import rubric_codes
from zhunsheng.store.review_rule_files import load_review_rules
from zhunsheng.web.evaluation.sheet import lines_of, ways_to_mend
from zhunsheng.web.language import shown
from zhunsheng.web.page import PageRequest, may, page
from zhunsheng.workflow.evaluating import kinds
from zhunsheng.workflow.evaluating.computing import lineage_for
from zhunsheng.workflow.evaluating.evaluated import evaluation_of, rubric_of
from zhunsheng.workflow.evaluating.remarks import remarks_of
from zhunsheng.workflow.evaluating.running import ask_to_compute, computing_job
from zhunsheng.workflow.planning.progress import evaluation_steps

TABS = (
    ("evaluation", noop("评分表")),
    ("evaluation_review", noop("复核要点")),
    ("evaluation_computed", noop("台账对照")),
    ("evaluation_compare", noop("换评分体系比较")),
    ("evaluation_remarks", noop("复核意见")),
)
_STEPS = (
    # address, label, right, the state in which it is the usual next step
    ("evaluation_open", noop("开始自评"), "evaluation.open", EvaluationState.CLOSED),
    ("evaluation_submit", noop("送审"), "evaluation.submit", EvaluationState.OPEN),
    ("evaluation_agree", noop("同意"), "evaluation.review", EvaluationState.SCORED),
    ("evaluation_return", noop("退回"), "evaluation.review", None),
    ("evaluation_freeze", noop("复核并锁定"), "evaluation.freeze", EvaluationState.REVIEWED),
    ("evaluation_send_back", noop("退回"), "evaluation.freeze", None),
    ("evaluation_unfreeze", noop("解除锁定"), "evaluation.unfreeze", None),
)


def tabs_of(case: StoredCase, current: str) -> list[dict[str, object]]:
    """The pages of the evaluation, for the line of tabs."""
    return [
        {"label": _(label), "url": reverse(name, args=[case.code]), "current": name == current}
        for name, label in TABS
    ]


def steps_for(request: PageRequest, case: StoredCase) -> list[dict[str, object]]:
    """What the person who looks may do next with the evaluation as a whole."""
    return [
        {"label": _(label), "url": reverse(name, args=[case.code]), "primary": state is not None}
        for name, label, right, state in _STEPS
        if may(request, right)
    ]


def way_to(case: StoredCase, *labels: str) -> Sequence[Mapping[str, str]]:
    """Where a page of the evaluation stands."""
    return [
        {"label": str(case), "url": reverse("case", args=[case.code])},
        {"label": _("自评打分"), "url": reverse("evaluation", args=[case.code])},
        *({"label": each, "url": ""} for each in labels),
    ]


def frame(request: PageRequest, case: StoredCase, current: str) -> dict[str, Any]:
    """What every page of the evaluation shows around its content."""
    return {
        "tabs": tabs_of(case, current),
        "next_steps": steps_for(request, case),
        "may_compute": may(request, "evaluation.compute"),
        "job": computing_job(case),
        "problems": (),
        "trail_of_pages": way_to(case) if current == "evaluation" else way_to(case, _(dict(TABS)[current])),
    }


@page("case.read")
def evaluation(request: PageRequest, case: StoredCase) -> HttpResponse:
    """The scoring sheet."""
    context = frame(request, case, "evaluation")
    try:
        found = evaluation_of(case)
        context |= _sheet(found)
        if may(request, "evaluation.submit"):
            context["hindered"] = found.content.get("hindrances", ())
            context["ways"] = ways_to_mend(case, context["hindered"])
    except Rejected as error:
        context["problems"] = error.problems
    context["steps"] = evaluation_steps(case)
    context["open_remarks"] = sum(each.settled is None for each in remarks_of(case))
    return render(request, "evaluation/sheet.html", context, status=422 if context["problems"] else 200)


def _sheet(found: StoredEvaluation) -> dict[str, Any]:
    content = found.content
    lines = lines_of(found)
    printed = content["printed_total"]
    return {
        "found": found,
        "content": content,
        "lines": lines,
        "unscored": Decimal(content["unscored"]),
        "without_value": sum(each.data["status"] == "no_actual" for each in lines),
        "unexplained": sum(each.unexplained for each in lines),
        "printed_same": None if printed is None else Decimal(printed) == Decimal(content["total"]),
        "at_risk": Decimal(content["review"]["points_at_risk"]),
        "warnings": [each for each in content["problems"] if each["severity"] != "note"],
        "has_errors": any(each["severity"] == "error" for each in content["problems"]),
        "notes": [each for each in content["problems"] if each["severity"] == "note"],
    }


@page("case.read")
def review(request: PageRequest, case: StoredCase) -> HttpResponse:
    """What a reviewer would say, with the points at risk, and which rules could not run."""
    context = frame(request, case, "evaluation_review")
    try:
        found = evaluation_of(case)
    except Rejected as error:
        return render(request, "evaluation/review.html", context | {"problems": error.problems}, status=422)
    rules, _problems = load_review_rules()
    known = {each.code: each for each in rules}
    names = {each["code"]: each["name"] for each in found.content["nodes"]}
    content = found.content["review"]
    context |= {
        "review": content,
        "at_risk": Decimal(content["points_at_risk"]),
        "findings": [
            (
                each,
                known.get(each["rule"]),
                [(code, names.get(code, code), code in names) for code in each["items"]],
            )
            for each in content["findings"]
        ],
        "ran": sum(each["state"] == "ran" for each in content["ledger"]),
        "not_run": [each for each in content["ledger"] if each["state"] != "ran"],
        "groups": {each.value: shown(each) for each in RuleGroup},
    }
    return render(request, "evaluation/review.html", context)


@page("case.read")
def computed(request: PageRequest, case: StoredCase) -> HttpResponse:
    """Values from records beside what was stated, with the way to the records."""
    context = frame(request, case, "evaluation_computed")
    figures = lineage_for(case)
    lines = {} if figures is None else figures.lineage
    context |= {
        "figures": figures,
        "lines": [(code, each) for code, each in lines.items() if each["value"] is not None],
        "without": [(code, each) for code, each in lines.items() if each["value"] is None],
        "has_store": bool(case.organisation.store),
    }
    return render(request, "evaluation/computed.html", context)


@page("case.read")
def compare(request: PageRequest, case: StoredCase) -> HttpResponse:
    """The year by another rubric."""
    context = frame(request, case, "evaluation_compare")
    own = rubric_of(case)
    names = _rubrics()
    others = [each for each in names if each[0] != own]
    chosen = request.GET.get("rubric", "")
    context |= {"own": own, "others": others, "names": dict(names), "chosen": chosen}
    if chosen and chosen not in dict(others):
        context["problems"] = (kinds.NO_RUBRIC.at(Place(field=_("评分体系")), _("没有“%s”") % chosen[:60]),)
    elif chosen:
        try:
            found = evaluation_of(case, chosen)
        except Rejected as error:
            context["problems"] = error.problems
        else:
            context |= {"found": found, "comparison": found.content["comparison"]}
    return render(request, "evaluation/compare.html", context, status=422 if context["problems"] else 200)


def _rubrics() -> list[tuple[str, str]]:
    """The rubrics that are sound, with their names."""
    found = []
    for code in rubric_codes():
        try:
            rubric = load_sound_rubric(code)
        except Rejected:
            continue
        found.append((rubric.code, shown(rubric)))
    return found


@page("case.read", write="evaluation.compute")
def compute(request: PageRequest, case: StoredCase) -> HttpResponse:
    """Ask for values from records."""
    if request.method == "POST":
        job = ask_to_compute(case, request.actor)
        messages.success(request, _("已开始由台账计算，完成后完成值自动更新。"))
        return redirect("job", job.pk)
    return redirect("evaluation_computed", case.code)
