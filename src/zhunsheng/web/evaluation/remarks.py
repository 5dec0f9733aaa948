"""Pages: what reviewers say about the evaluation, and what is answered."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhunsheng.kernel.problem import Problem
from zhunsheng.store.database.models import Remark, StoredCase
from zhunsheng.web.evaluation.views import frame
from zhunsheng.web.page import PageRequest, may, page
from zhunsheng.workflow.action import Invalid, perform
from zhunsheng.workflow.collecting.items import owner_of
from zhunsheng.workflow.evaluating.evaluated import evaluation_of
from zhunsheng.workflow.evaluating.remarks import (
    STAGES,
    AnswerRemark,
    RemarkOnEvaluation,
    SettleRemark,
    remarks_of,
)


@page("case.read", write="evaluation.remark")
def remarks(request: PageRequest, case: StoredCase) -> HttpResponse:
    """All remarks, and a new one."""
    if request.method != "POST":
        return _shown(request, case)
    item, text = request.POST.get("item", ""), request.POST.get("text", "")
    try:
        perform(RemarkOnEvaluation(case, item, text), request.actor)
    except Invalid as error:
        return _shown(request, case, error.problems)
    messages.success(request, _("意见已提出。"))
    return redirect("evaluation_remarks", case.code)


def _found(case: StoredCase, number: int) -> Remark:
    found = Remark.objects.filter(case=case, pk=number, stage__in=STAGES).select_related("case").first()
    if found is None:
        raise Http404
    return found


@page("case.read", write="remark.answer")
def answer(request: PageRequest, case: StoredCase, number: int) -> HttpResponse:
    """Answer a remark."""
    found = _found(case, number)
    if request.method == "POST":
        answering = AnswerRemark(found, request.POST.get("answer", ""), request.POST.get("seen", ""))
        try:
            perform(answering, request.actor)
        except Invalid as error:
            return _shown(request, case, error.problems)
        messages.success(request, _("已答复。"))
    return redirect("evaluation_remarks", case.code)


@page("case.read", write="evaluation.remark")
def settle(request: PageRequest, case: StoredCase, number: int) -> HttpResponse:
    """Settle a remark of one's own."""
    found = _found(case, number)
    if request.method == "POST":
        perform(SettleRemark(found), request.actor)
        messages.success(request, _("意见已了结。"))
    return redirect("evaluation_remarks", case.code)


def _shown(request: PageRequest, case: StoredCase, problems: Sequence[Problem] = ()) -> HttpResponse:
    nodes = evaluation_of(case).content["nodes"]
    names = {each["code"]: each["name"] for each in nodes}
    user = request.actor.user
    context = frame(request, case, "evaluation_remarks") | {
        "remarks": [
            {
                "remark": each,
                "name": names.get(each.key, ""),
                "may_answer": each.settled is None
                and may(
                    request, "remark.answer", owner_of(case, each.key) if each.key else case.organisation
                ),
                "may_settle": each.settled is None and user is not None and each.who_id == user.pk,
            }
            for each in remarks_of(case)
        ],
        "items": [("", _("整个自评")), *((each["code"], f"{each['code']} {each['name']}") for each in nodes)],
        "chosen": request.POST.get("item", request.GET.get("item", "")),
        "text": request.POST.get("text", ""),
        "may_remark": may(request, "evaluation.remark"),
        "problems": problems,
    }
    return render(request, "evaluation/remarks.html", context, status=422 if problems else 200)
