"""Pages: the targets are sent on, passed, returned, adjusted; remarks are answered."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zhunsheng.kernel.problem import Problem, Severity
from zhunsheng.plans.case import Case
from zhunsheng.store.database.case_content import case_of, record_of
from zhunsheng.store.database.case_rows import ROW_MODELS
from zhunsheng.store.database.models import StoredCase
from zhunsheng.web.language import shown
from zhunsheng.web.numbers_sent import revision_sent
from zhunsheng.web.page import PageRequest, may, page
from zhunsheng.web.plan.ways import way_to
from zhunsheng.workflow.action import Invalid, Refused, perform
from zhunsheng.workflow.planning.advice import finding_problem, point_sums, target_findings
from zhunsheng.workflow.planning.cells import EDITABLE
from zhunsheng.workflow.planning.checking import JUDGED, part_of_case, plan_problems
from zhunsheng.workflow.planning.editing import rows_of
from zhunsheng.workflow.planning.incompatible import alone_at, own_words
from zhunsheng.workflow.planning.kinds import NO_REASON
from zhunsheng.workflow.planning.places import SECTION_OF, key_text, spot_of
from zhunsheng.workflow.planning.remarks import AnswerRemark
from zhunsheng.workflow.planning.transitions import (
    PASSING,
    AdjustTargets,
    FieldRemark,
    ReturnTargets,
    SubmitTargets,
    approved_before,
    passed_words,
    step_passed_by,
)

_LONGEST = 2000
"""Characters of a reason, opinion or remark."""


def _text(request: PageRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\r\n", "\n").strip()[:_LONGEST]


def _seen(request: PageRequest) -> int:
    return revision_sent(request.POST.get("seen"))


@dataclass(frozen=True, slots=True)
class Pointed:
    """A problem with the address where it can be mended; "" where the person cannot mend it."""

    problem: Problem
    place: str
    url: str


def pointed(request: PageRequest, case: StoredCase, problems: Sequence[Problem]) -> list[Pointed]:
    """Problems with the forms of the rows they are about."""
    spots = [spot_of(each.place) for each in problems]
    known: dict[tuple[str, str], int] = {}
    if may(request, "plan.edit"):
        for name in {each.section for each in spots} & set(EDITABLE):
            section = SECTION_OF[name]
            known |= {
                (name, key_text(section, record_of(section, each))): each.pk
                for each in rows_of(case, section)
            }
    found = []
    for problem, spot in zip(problems, spots, strict=True):
        row = known.get((spot.section, spot.key))
        url = "" if row is None else reverse("plan-row", args=[case.code, spot.section, row])
        found.append(Pointed(problem, str(problem.place), url))
    return found


@page("case.read", write="plan.submit")
def submit(request: PageRequest, case: StoredCase) -> HttpResponse:
    """Everything that is wrong or doubtful, and the sending on."""
    if request.method == "POST":
        try:
            perform(SubmitTargets(case, _seen(request), note=_text(request, "note")), request.actor)
        except Invalid as error:
            return _submission(request, case, case_of(case), error.problems, status=422)
        messages.success(request, _("目标已送审，等待处室审核。"))
        return redirect("plan", case.code)
    content = case_of(case)
    return _submission(request, case, content, plan_problems(content, approved_before(case)))


def _submission(
    request: PageRequest,
    case: StoredCase,
    content: Case,
    problems: Sequence[Problem],
    *,
    status: int = 200,
) -> HttpResponse:
    findings = target_findings(content) or ()
    doubts = [each for each in problems if each.severity is not Severity.ERROR]
    wrong = {each.place.file for each in problems if each.severity is Severity.ERROR}
    # where something is wrong already, doubts only say it again
    doubts += [each for each in map(finding_problem, findings) if each.place.file not in wrong]
    user = request.actor.user
    context = {
        "refused": status != 200,
        "errors": pointed(request, case, [each for each in problems if each.severity is Severity.ERROR]),
        "doubts": pointed(request, case, doubts),
        "sums": point_sums(content),
        "note": _text(request, "note"),
        "may_submit": may(request, "plan.submit"),
        "alone": [] if user is None else alone_at(case, user, timezone.localdate()),
        "trail_of_pages": way_to(case, (_("检查和送审"), "")),
    }
    return render(request, "plan/submit.html", context, status=status)


@page("case.read", write="plan.return")
def let_pass(request: PageRequest, case: StoredCase) -> HttpResponse:
    """The next reviewer lets the targets pass."""
    kind = PASSING.get(case.targets)
    if kind is None:
        raise Refused(_("目标状态为“%s”，现在没有要审核的内容") % shown(case.targets))
    if request.method == "POST":
        perform(kind(case, _seen(request), opinion=_text(request, "opinion")), request.actor)
        case.refresh_from_db()
        messages.success(request, _("已办理，目标状态为“%s”。") % shown(case.targets))
        return redirect("plan", case.code)
    content = part_of_case(case, JUDGED)
    findings = target_findings(content) or ()
    own = case.submitted_by if case.submitted_by == request.actor.user else None
    earlier = step_passed_by(case, request.actor)
    context = {
        "step": _(kind.label),
        "sums": point_sums(content),
        "doubts": pointed(request, case, [finding_problem(each) for each in findings]),
        "own": own_words(case, own, timezone.localdate()) if own else passed_words(earlier),
        "may_pass": may(request, "plan.return"),
        "trail_of_pages": way_to(case, (_(kind.label), "")),
    }
    return render(request, "plan/pass.html", context)


@page("plan.return", write="plan.return")
def send_back(request: PageRequest, case: StoredCase) -> HttpResponse:
    """The targets go back with a reason and remarks at fields."""
    rows = _remark_rows(request, case)
    why, status = _text(request, "why"), 200
    problems: Sequence[Problem] = ()
    if request.method == "POST":
        remarks = tuple(
            FieldRemark(each.section, each.key, each.column, each.text)
            for each in rows
            if each.column or each.text
        )
        try:
            perform(ReturnTargets(case, _seen(request), why=why, remarks=remarks), request.actor)
        except Invalid as error:
            problems, status = error.problems, 422
        else:
            messages.success(request, _("目标已退回。"))
            return redirect("plan", case.code)
    context = {
        "rows": rows,
        "why": why,
        "why_problems": [each for each in problems if each.code == NO_REASON.code],
        "problems": problems,
        "trail_of_pages": way_to(case, (_("退回"), "")),
    }
    return render(request, "plan/return.html", context, status=status)


@dataclass(frozen=True, slots=True)
class RemarkRow:
    """A line of the form in which remarks are made.

    Attributes:
        columns: the fields a remark may be about, by name and label.
        column, text: what was chosen and typed.
    """

    section: str
    key: str
    title: str
    columns: tuple[tuple[str, str], ...]
    column: str
    text: str

    @property
    def at(self) -> str:
        """Names the line in the form."""
        return f"{self.section}/{self.key}"


def _remark_rows(request: PageRequest, case: StoredCase) -> list[RemarkRow]:
    """A line for each row of the plan a remark may be about, with what was typed."""
    rows: list[RemarkRow] = []
    for name in ("tasks", "indicators", *(each for each in EDITABLE if each not in {"tasks", "indicators"})):
        section = SECTION_OF[name]
        columns = (("", _("整行")), *((each.name, _(each.label)) for each in section.columns))
        found = ROW_MODELS[name]._default_manager.filter(case=case)
        # of long lists only the plan itself; the rest is remarked on as a whole
        listed = (
            [(str(each), f"{each} {getattr(each, 'f_name', '')}".strip()) for each in found]
            if name in {"tasks", "indicators"}
            else [("", _(section.label))]
        )
        for key, title in listed:
            at = f"{name}/{key}"
            column = request.POST.get(f"column:{at}", "")
            known = column if column in dict(columns) else ""
            rows.append(RemarkRow(name, key, title, columns, known, _text(request, f"text:{at}")))
    return rows


@page("plan.adjust", write="plan.adjust")
def adjust(request: PageRequest, case: StoredCase) -> HttpResponse:
    """Approved targets are opened again."""
    problems: Sequence[Problem] = ()
    if request.method == "POST":
        action = AdjustTargets(case, _seen(request), why=_text(request, "reason"))
        try:
            perform(action, request.actor)
        except Invalid as error:
            problems = error.problems
        else:
            messages.success(request, _("已发起目标调整，可以修改目标了。批复的版本已留存。"))
            return redirect("plan", case.code)
    context = {
        "heading": _("发起目标调整"),
        "question": _("把已批复的目标打开修改？"),
        "consequences": [
            _("批复的版本留存，可随时并排比较"),
            _("调整期间不能填报完成值和评分"),
            _("改动的目标须写明依据，重新逐级审核后才生效"),
        ],
        "action": request.path,
        "button": _("发起调整"),
        "back": way_to(case)[-1]["url"],
        "reason_label": _("调整理由"),
        "reason": _text(request, "reason"),
        "problems": problems,
        "values": [("seen", case.revision)],
    }
    return render(request, "components/confirm_page.html", context, status=422 if problems else 200)


@page("case.read", write="remark.answer")
def answer(request: PageRequest, case: StoredCase, remark: int) -> HttpResponse:
    """Answer a remark."""
    if request.method == "POST":
        try:
            perform(AnswerRemark(case, remark, _text(request, "answer")), request.actor)
        except Invalid as error:
            messages.error(request, "；".join(each.what for each in error.problems))
        else:
            messages.success(request, _("答复已保存。"))
    return redirect("plan", case.code)
