"""The way of the targets: sent on, reviewed, checked, signed, approved, returned, adjusted."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from django.utils import timezone

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem, Severity
from zhunsheng.plans.case import Case
from zhunsheng.plans.roles import TargetState
from zhunsheng.store.database.case_content import case_of
from zhunsheng.store.database.models import CaseVersion, Remark, StoredCase, TrailEntry
from zhunsheng.workflow.action import Action, Change, Invalid, Refused, Setting, Stale
from zhunsheng.workflow.actor import Actor
from zhunsheng.workflow.planning.checking import plan_problems
from zhunsheng.workflow.planning.incompatible import own_words
from zhunsheng.workflow.planning.kinds import EMPTY_REMARK, NO_REASON, UNKNOWN_FIELD
from zhunsheng.workflow.planning.places import SECTION_OF, place_of
from zhunsheng.workflow.planning.versions import case_of_version, freeze, last_approved

STAGE = "targets"
"""The stage of remarks that are made while targets are reviewed."""


def approved_before(stored: StoredCase) -> Case | None:
    """The targets as approved before, when they are being adjusted; None otherwise."""
    version = last_approved(stored)
    return None if version is None else case_of_version(version)


@dataclass(frozen=True)
class _Step(Action):
    """The targets go from one state to another.

    Attributes:
        seen: revision of the content the person has looked at.
    """

    becomes: ClassVar[TargetState]

    case: StoredCase
    seen: int

    def case_id(self) -> int:
        """The year."""
        return self.case.pk

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Go."""
        if setting.year.revision != self.seen:
            raise Stale("您打开本页之后，目标又有修改；请重新查看后再办理")
        yield from self.effect(setting)
        before = setting.year.targets
        setting.year.target_state = self.becomes.value
        yield Change("targets/state", before.value, self.becomes.value)

    def effect(self, _setting: Setting) -> Iterator[Change]:
        """What happens besides."""
        yield from ()


@dataclass(frozen=True)
class SubmitTargets(_Step):
    """The targets are complete and go to the head of the division."""

    code = "plan.submit"
    label = "送审目标"
    right = "plan.submit"
    becomes = TargetState.SUBMITTED

    note: str = ""

    def reason(self) -> str:
        """What the sender says."""
        return self.note

    def effect(self, setting: Setting) -> Iterator[Change]:
        """Check the whole and keep it."""
        case = case_of(setting.year)
        problems = plan_problems(case, approved_before(setting.year))
        if any(each.severity is Severity.ERROR for each in problems):
            raise Invalid(problems)
        setting.year.submitted_by = setting.actor.user
        version = freeze(setting, "submitted", self.note, case)
        yield _version(version)


def _version(version: CaseVersion) -> Change:
    return Change(f"versions/{version.number}", None, {"why": version.why, "sha256": version.sha256})


@dataclass(frozen=True)
class _Passing(_Step):
    """A reviewer lets the targets pass; never one's own."""

    opinion: str = ""

    def reason(self) -> str:
        """What the reviewer says."""
        return self.opinion

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Go, unless it is one's own."""
        sender = setting.year.submitted_by
        if sender is not None and sender == setting.actor.user:
            raise Refused(own_words(setting.year, sender, timezone.localdate(setting.moment)))
        earlier = step_passed_by(setting.year, setting.actor)
        if earlier:
            raise Refused(passed_words(earlier))
        yield from super().carry_out(setting)


def step_passed_by(case: StoredCase, actor: Actor) -> str:
    """The step of this round that a person has passed already, in Chinese; "" when there is none.

    Whoever holds several roles passes one step only: the next one is there so that somebody else looks.
    """
    if actor.user is None:
        return ""
    lines = TrailEntry.objects.filter(case=case.code, action__in=[SubmitTargets.code, *_LABELS])
    sent = (
        lines.filter(action=SubmitTargets.code).order_by("-number").values_list("number", flat=True).first()
    )
    mine = lines.filter(number__gt=sent or 0, who=actor.user.username).exclude(action=SubmitTargets.code)
    found = mine.order_by("number").values_list("action", flat=True).first()
    return "" if found is None else _LABELS[found]


def passed_words(step: str) -> str:
    """Why somebody who passed a step does not pass another one, in Chinese; "" without such a step."""
    return f"本轮的“{step}”由您办理，后面的审核和批复须由别人办理" if step else ""


@dataclass(frozen=True)
class ReviewTargets(_Passing):
    """The head of the division has reviewed them."""

    code = "plan.review"
    label = "处室审核通过"
    right = "plan.review"
    becomes = TargetState.REVIEWED


@dataclass(frozen=True)
class CheckTargets(_Passing):
    """Finance has checked them."""

    code = "plan.check"
    label = "财务审核通过"
    right = "plan.check"
    becomes = TargetState.CHECKED


@dataclass(frozen=True)
class SignTargets(_Passing):
    """The leader has signed them."""

    code = "plan.sign"
    label = "局领导审定"
    right = "plan.sign"
    becomes = TargetState.SIGNED


@dataclass(frozen=True)
class ApproveTargets(_Passing):
    """The finance bureau has approved them: they are what the year is judged by."""

    code = "plan.approve"
    label = "批复目标"
    right = "plan.approve"
    becomes = TargetState.APPROVED

    def effect(self, setting: Setting) -> Iterator[Change]:
        """Keep them, and settle what was remarked on the way."""
        again = last_approved(setting.year) is not None
        version = freeze(setting, "adjusted" if again else "approved", self.opinion)
        Remark.objects.filter(case=setting.year, stage=STAGE, settled=None).update(settled=setting.moment)
        yield _version(version)


@dataclass(frozen=True, slots=True)
class FieldRemark:
    """A remark about a place in the plan; all empty but the text for the whole."""

    section: str
    key: str
    column: str
    text: str

    def faults(self) -> Iterator[Problem]:
        """What is wrong with it."""
        section = SECTION_OF.get(self.section)
        if section is None:
            place = Place("意见")
            known = not self.section and not self.column
        else:
            place = place_of(section, self.key, self.column)
            known = not self.column or self.column in {each.name for each in section.columns}
        if not known:
            named = (
                self.column if section is not None else "/".join(filter(None, (self.section, self.column)))
            )
            where = "目标" if section is None else f"“{section.label}”"
            yield UNKNOWN_FIELD.at(place, f"{where}中没有“{named[:60]}”这个字段", value=named[:60])
        if not self.text.strip():
            yield EMPTY_REMARK.at(place, "选了字段，没有写意见" if self.column else "没有写意见")


@dataclass(frozen=True)
class ReturnTargets(_Step):
    """Whoever has to act now sends the targets back, with a reason and remarks at fields."""

    code = "plan.return"
    label = "退回目标"
    right = "plan.return"
    becomes = TargetState.RETURNED

    why: str
    remarks: tuple[FieldRemark, ...] = field(default=())

    def reason(self) -> str:
        """Why."""
        return self.why

    def effect(self, setting: Setting) -> Iterator[Change]:
        """Keep the remarks."""
        problems = []
        if not self.why.strip():
            problems.append(NO_REASON.at(Place("退回理由"), "没有写退回理由"))
        for each in self.remarks:
            problems += each.faults()
        if problems:
            raise Invalid(problems)
        if setting.actor.user is None:
            raise Refused("请先登录")
        for each in self.remarks:
            Remark.objects.create(
                case=setting.year,
                stage=STAGE,
                section=each.section,
                key=each.key[:80],
                column=each.column,
                text=each.text.strip(),
                who=setting.actor.user,
                moment=setting.moment,
            )
            subject = "/".join(("remarks", *filter(None, (each.section, each.key, each.column))))
            yield Change(subject[:200], None, each.text.strip())


@dataclass(frozen=True)
class AdjustTargets(_Step):
    """Approved targets are opened again, with the reason."""

    code = "plan.adjust"
    label = "发起目标调整"
    right = "plan.adjust"
    becomes = TargetState.DRAFT

    why: str

    def reason(self) -> str:
        """Why."""
        return self.why

    def effect(self, setting: Setting) -> Iterator[Change]:
        """See to it that what was approved is kept, so that it can be compared."""
        if not self.why.strip():
            raise Invalid((NO_REASON.at(Place("调整理由"), "没有写调整理由"),))
        if last_approved(setting.year) is None:
            version = freeze(setting, "approved", "调整前的目标")
            case_of_version(version)  # what cannot be read later could not be compared with
            yield _version(version)
        setting.year.submitted_by = None


PASSING: dict[TargetState, type[_Passing]] = {
    TargetState.SUBMITTED: ReviewTargets,
    TargetState.REVIEWED: CheckTargets,
    TargetState.CHECKED: SignTargets,
    TargetState.SIGNED: ApproveTargets,
}
"""What lets the targets pass in each state."""
_LABELS = {each.code: each.label for each in PASSING.values()}
