"""What is due for a person: what their roles let them do next in each year, and what they owe."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhunsheng.plans.roles import EvaluationState, Role
from zhunsheng.store.database.models import StoredCase
from zhunsheng.web.home.gathering import Gathered, Owed
from zhunsheng.workflow.actor import Actor
from zhunsheng.workflow.catalogue import judge
from zhunsheng.workflow.rights import Asked


@dataclass(frozen=True, slots=True)
class Due:
    """Something to do.

    Attributes:
        what: one line.
        where: the year.
        url: the page where it is done.
        due: until when; None without a day.
        late: days since then; 0 when there is time.
        note: more about it, such as a reminder.
    """

    what: str
    where: str
    url: str
    due: date | None = None
    late: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Step:
    """A step of the year that somebody may take when they have its right in its state."""

    right: str
    page: str
    due: str


_STEPS: tuple[_Step, ...] = (
    _Step("plan.submit", "plan", "target_due"),
    _Step("plan.review", "plan", "target_due"),
    _Step("plan.check", "plan", "target_due"),
    _Step("plan.sign", "plan", "target_due"),
    _Step("plan.approve", "plan", ""),
    _Step("evaluation.open", "evaluation", ""),
    _Step("evaluation.submit", "evaluation", "report_due"),
    _Step("evaluation.review", "evaluation", "report_due"),
    _Step("evaluation.freeze", "evaluation", ""),
    _Step("release.make", "release", ""),
)
_MOST_LISTED = 100


def _words(right: str) -> str:
    return {
        "plan.submit": _("编制目标，完成后送审"),
        "plan.review": _("审核目标（处室）"),
        "plan.check": _("审核目标（财务）"),
        "plan.sign": _("审定目标"),
        "plan.approve": _("批复目标"),
        "evaluation.open": _("开始自评"),
        "evaluation.submit": _("完成自评打分，送审"),
        "evaluation.review": _("审核自评"),
        "evaluation.freeze": _("复核并锁定自评"),
        "release.make": _("公开自评结果"),
    }[right]


def days_late(due: date | None, today: date) -> int:
    """Days since a day; 0 while it has not passed."""
    return 0 if due is None else max((today - due).days, 0)


def due_for(actor: Actor, found: Gathered, today: date) -> list[Due]:
    """Everything that is due, what is latest first, then what is due first."""
    listed = [
        *_steps(actor, found.cases, today),
        *_owed(actor, found.owed, today),
        *_spending(actor, found, today),
        *_evidence(actor, found, today),
        *_reviews(found),
        *_remarks(actor, found, today),
        *_reports(actor, found, today),
    ]
    return sorted(listed, key=lambda each: (-each.late, each.due or date.max, each.where, each.what))


def _steps(actor: Actor, cases: Iterable[StoredCase], today: date) -> Iterator[Due]:
    for case in cases:
        for step in _STEPS:
            if step.right == "release.make" and case.evaluation is EvaluationState.RELEASED:
                continue
            if step.right == "evaluation.open" and case.fiscal_year >= today.year:
                # the year is not over, so there is nothing to evaluate yet
                continue
            if judge(step.right, actor, Asked(today, case, some_part=True)).allowed:
                due = getattr(case, step.due) if step.due else None
                url = reverse(step.page, args=[case.code])
                yield Due(_words(step.right), str(case), url, due, days_late(due, today))


def is_mine(owed: Owed, actor: Actor) -> bool:
    """Whether somebody owes a value by name, or as one of the very division that owes it."""
    if owed.person is not None:
        return actor.user is not None and owed.person == actor.user.pk
    return any(
        each.organisation.pk == owed.owner.pk and each.role in {Role.FILLER, Role.DIVISION_HEAD, Role.FINANCE}
        for each in actor.holdings
    )


def _owed(actor: Actor, owed: Iterable[Owed], today: date) -> Iterator[Due]:
    others: dict[StoredCase, list[Owed]] = {}
    listed = 0
    for each in owed:
        if is_mine(each, actor) and listed < _MOST_LISTED:
            listed += 1
            note = _("催报：%(text)s") % {"text": each.reminder} if each.reminder else ""
            what = _("填报“%(label)s”") % {"label": each.label}
            url = reverse("collect_item", args=[each.case.code, each.code])
            yield Due(what, str(each.case), url, each.due, days_late(each.due, today), note)
        elif actor.holds(Role.FINANCE, each.case.organisation):
            others.setdefault(each.case, []).append(each)
    for case, missing in others.items():
        late = [days for each in missing if (days := days_late(each.due, today))]
        what = ngettext("处室还有 %(count)d 项未填报", "处室还有 %(count)d 项未填报", len(missing))
        note = _("其中 %(count)d 项已逾期，可以催报") % {"count": len(late)} if late else ""
        earliest = min((each.due for each in missing if each.due is not None), default=None)
        url = reverse("collect", args=[case.code])
        yield Due(what % {"count": len(missing)}, str(case), url, earliest, max(late, default=0), note)


def _spending(actor: Actor, found: Gathered, today: date) -> Iterator[Due]:
    for case in found.cases:
        count = found.unspent.get(case.pk, 0)
        if count and actor.holds(Role.FINANCE, case.organisation):
            what = ngettext("填报 %(count)d 项执行数", "填报 %(count)d 项执行数", count) % {"count": count}
            late = days_late(case.actual_due, today)
            yield Due(what, str(case), reverse("collect_executions", args=[case.code]), case.actual_due, late)


def _evidence(actor: Actor, found: Gathered, today: date) -> Iterator[Due]:
    for case in found.cases:
        count = found.evidence.get(case.pk, 0)
        if not count:
            continue
        inside = actor.holds(Role.FINANCE, case.organisation) or actor.oversees(case)
        if not (inside or case.pk in found.engaged):
            continue
        allowed = case.evaluation in {
            EvaluationState.CLOSED,
            EvaluationState.OPEN,
            EvaluationState.SCORED,
            EvaluationState.REVIEWED,
        }
        if allowed:
            what = ngettext("审核 %(count)d 份佐证材料", "审核 %(count)d 份佐证材料", count) % {
                "count": count
            }
            yield Due(what, str(case), reverse("collect", args=[case.code]))
    del today


def _reviews(found: Gathered) -> Iterator[Due]:
    for case in found.cases:
        if case.pk in found.engaged and case.evaluation in {EvaluationState.SCORED, EvaluationState.REVIEWED}:
            yield Due(_("评审自评，提出意见"), str(case), reverse("evaluation", args=[case.code]))


def _remarks(actor: Actor, found: Gathered, today: date) -> Iterator[Due]:
    by_pk = {each.pk: each for each in found.cases}
    to_answer: dict[tuple[int, str], int] = {}
    answered: dict[tuple[int, str], int] = {}
    for each in found.remarks:
        case = by_pk[each.case_id]
        key = (case.pk, _page_of(each.stage))
        if each.answer:
            if actor.user is not None and each.who_id == actor.user.pk:
                answered[key] = answered.get(key, 0) + 1
        elif judge("remark.answer", actor, Asked(today, case, some_part=True)).allowed:
            to_answer[key] = to_answer.get(key, 0) + 1
    for (pk, page), count in to_answer.items():
        what = ngettext("答复 %(count)d 条意见", "答复 %(count)d 条意见", count) % {"count": count}
        yield Due(what, str(by_pk[pk]), reverse(page, args=[by_pk[pk].code]))
    for (pk, page), count in answered.items():
        what = ngettext("%(count)d 条意见已有答复，请了结", "%(count)d 条意见已有答复，请了结", count)
        yield Due(what % {"count": count}, str(by_pk[pk]), reverse(page, args=[by_pk[pk].code]))


def _page_of(stage: str) -> str:
    return {"targets": "plan", "evidence": "collect", "report": "report"}.get(stage, "evaluation")


def _reports(actor: Actor, found: Gathered, today: date) -> Iterator[Due]:
    written = {EvaluationState.SCORED, EvaluationState.REVIEWED, EvaluationState.FROZEN}
    for case in found.cases:
        if case.evaluation not in written or not actor.holds(Role.FINANCE, case.organisation):
            continue
        known = found.reports.get(case.pk)
        if known is None or known[1] < case.revision:
            what = _("生成自评报告") if known is None else _("内容有改动，重新生成自评报告")
            late = days_late(case.report_due, today)
            yield Due(what, str(case), reverse("report", args=[case.code]), case.report_due, late)
