"""Pages: the evaluation is opened, submitted, agreed, returned, frozen, unfrozen; each asks before it does it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from zhunsheng.kernel.problem import Problem
from zhunsheng.plans.roles import EvaluationState
from zhunsheng.store.database.models import StoredCase
from zhunsheng.web.evaluation.sheet import ways_to_mend
from zhunsheng.web.evaluation.views import way_to
from zhunsheng.web.numbers_sent import revision_sent
from zhunsheng.web.page import PageRequest, page
from zhunsheng.workflow.action import Action, Invalid, perform
from zhunsheng.workflow.evaluating.evaluated import evaluation_of
from zhunsheng.workflow.evaluating.states import (
    FreezeEvaluation,
    OpenEvaluation,
    ReviewEvaluation,
    SendBackEvaluation,
    SubmitEvaluation,
    UnfreezeEvaluation,
)

Make = Callable[[StoredCase, int, str], Action]


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the evaluation as its page asks for it; the texts are Chinese and translated when shown.

    Attributes:
        reason: label of the reason; "" when none is asked for.
    """

    heading: str
    question: str
    consequences: tuple[str, ...]
    button: str
    done: str
    make: Make
    reason: str = ""
    danger: bool = False


_OPEN = Step(
    noop("开始自评"),
    noop("开始本年度的自评吗？"),
    (noop("处室可以填写扣分原因，财务可以人工评分。"), noop("完成值和佐证仍可修改。")),
    noop("开始自评"),
    noop("自评已开始。"),
    lambda case, seen, _why: OpenEvaluation(case, seen),
)
_SUBMIT = Step(
    noop("送审自评"),
    noop("把自评送局领导审核吗？"),
    (noop("送审后不能再修改完成值、评分和扣分原因，退回后才能修改。"), noop("送审人不能再审核。")),
    noop("送审"),
    noop("自评已送审，等待局领导审核。"),
    lambda case, seen, _why: SubmitEvaluation(case, seen),
)
_AGREE = Step(
    noop("审核自评"),
    noop("同意这份自评，报财政部门复核吗？"),
    (noop("同意后由财政部门复核并锁定。"),),
    noop("同意"),
    noop("已同意，等待财政部门复核。"),
    lambda case, seen, _why: ReviewEvaluation(case, seen, agreed=True),
)
_RETURN = Step(
    noop("退回自评"),
    noop("把自评退回修改吗？"),
    (noop("退回后可以修改完成值、评分和扣分原因。"), noop("退回原因作为复核意见保留，须答复。")),
    noop("退回"),
    noop("自评已退回。"),
    lambda case, seen, why: ReviewEvaluation(case, seen, agreed=False, why=why),
    reason=noop("退回原因"),
    danger=True,
)
_FREEZE = Step(
    noop("复核并锁定自评"),
    noop("复核通过，锁定这份自评吗？"),
    (
        noop("档案内容、得分和计算所用的台账快照一并保存，以后重算数字不变。"),
        noop("锁定后只有财政部门可以解除。"),
    ),
    noop("锁定"),
    noop("自评已锁定。"),
    lambda case, seen, _why: FreezeEvaluation(case, seen),
)
_SEND_BACK = Step(
    noop("退回自评"),
    noop("把自评退回单位修改吗？"),
    (noop("退回后单位可以修改，并须重新送审。"), noop("退回原因作为复核意见保留，须答复。")),
    noop("退回"),
    noop("自评已退回单位。"),
    SendBackEvaluation,
    reason=noop("退回原因"),
    danger=True,
)
_UNFREEZE = Step(
    noop("解除锁定"),
    noop("解除锁定，让单位修改自评吗？"),
    (noop("已锁定的版本和得分仍然保留。"), noop("已公开的内容不变，更正后须重新公开。")),
    noop("解除锁定"),
    noop("已解除锁定，单位可以修改。"),
    UnfreezeEvaluation,
    reason=noop("解除锁定的原因"),
    danger=True,
)


@page("case.read", write="evaluation.open")
def begin(request: PageRequest, case: StoredCase) -> HttpResponse:
    """Begin."""
    return _step(request, case, _OPEN)


@page("case.read", write="evaluation.submit")
def submit(request: PageRequest, case: StoredCase) -> HttpResponse:
    """Submit to the leader."""
    return _step(request, case, _SUBMIT)


@page("case.read", write="evaluation.review")
def agree(request: PageRequest, case: StoredCase) -> HttpResponse:
    """The leader agrees."""
    return _step(request, case, _AGREE)


@page("case.read", write="evaluation.review")
def give_back(request: PageRequest, case: StoredCase) -> HttpResponse:
    """The leader returns it."""
    return _step(request, case, _RETURN)


@page("case.read", write="evaluation.freeze")
def freeze(request: PageRequest, case: StoredCase) -> HttpResponse:
    """The finance bureau freezes it."""
    return _step(request, case, _FREEZE)


@page("case.read", write="evaluation.freeze")
def send_back(request: PageRequest, case: StoredCase) -> HttpResponse:
    """The finance bureau returns it."""
    return _step(request, case, _SEND_BACK)


@page("case.read", write="evaluation.unfreeze")
def unfreeze(request: PageRequest, case: StoredCase) -> HttpResponse:
    """The finance bureau opens it again."""
    return _step(request, case, _UNFREEZE)


def _step(request: PageRequest, case: StoredCase, step: Step) -> HttpResponse:
    if request.method != "POST":
        return _asked(request, case, step)
    revision = revision_sent(request.POST.get("seen"))
    try:
        perform(step.make(case, revision, request.POST.get("reason", "")), request.actor)
    except Invalid as error:
        return _asked(request, case, step, error.problems)
    messages.success(request, _(step.done))
    return redirect("evaluation", case.code)


def _asked(
    request: PageRequest, case: StoredCase, step: Step, problems: tuple[Problem, ...] = ()
) -> HttpResponse:
    consequences = [_(each) for each in step.consequences]
    if case.evaluation is not EvaluationState.CLOSED:
        found = evaluation_of(case)
        grade = found.grade or _("等级待定")
        consequences.insert(
            0, _("现在的总分 %(total)s 分，%(grade)s。") % {"total": found.total, "grade": grade}
        )
    context = {
        "heading": _(step.heading),
        "question": _(step.question),
        "consequences": consequences,
        "action": request.path,
        "button": _(step.button),
        "danger": step.danger,
        "back": reverse("evaluation", args=[case.code]),
        "reason_label": _(step.reason) if step.reason else "",
        "reason": request.POST.get("reason", ""),
        "values": [("seen", request.POST.get("seen") or case.revision)],
        "problems": problems,
        "ways": ways_to_mend(case, [each.as_data() for each in problems]),
        "trail_of_pages": way_to(case, _(step.heading)),
    }
    return render(request, "evaluation/step.html", context, status=422 if problems else 200)
