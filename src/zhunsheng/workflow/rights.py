"""Rights: predicates over who somebody is, where, and the state of the year. Nothing is allowed that is not said here.

A right answers with a `Verdict`: allowed, or the reason why not, which is shown to the person.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from zhunsheng.plans.choices import Labelled
from zhunsheng.plans.roles import EvaluationState, Role, TargetState
from zhunsheng.store.database.models import Organisation, StoredCase
from zhunsheng.workflow.actor import Actor


@dataclass(frozen=True, slots=True)
class Asked:
    """What a right is asked about.

    Attributes:
        case: the year, if it is about one.
        organisation: the body, if it is about one; that of the case otherwise.
        division: the organisation below the body whose part is touched; None when it is about the whole.
        today: the day, for rights that end.
        some_part: whether it is enough that it is allowed for some division; for menus and before the part is known.
    """

    today: date
    case: StoredCase | None = None
    organisation: Organisation | None = None
    division: Organisation | None = None
    some_part: bool = False

    @property
    def body(self) -> Organisation | None:
        """The body it is about."""
        return self.case.organisation if self.case is not None else self.organisation


_AFTER_LOCKING = noop("；需要更正的，请财政部门写明原因解除锁定，改正后重新送审、锁定")
_WAYS_BACK = {
    EvaluationState.SCORED: noop("；需要更正的，请局领导写明原因退回自评"),
    EvaluationState.REVIEWED: noop("；需要更正的，请财政部门写明原因退回自评"),
    EvaluationState.FROZEN: _AFTER_LOCKING,
    EvaluationState.RELEASED: _AFTER_LOCKING,
}
"""How what can no longer be changed is corrected all the same, by the state of the evaluation."""

Who = Callable[[Actor, Asked], Role | None]
"""Gives the role somebody acts in, or None."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether something is allowed.

    Attributes:
        role: the role it is done in.
        reason: why not, in Chinese; "" when it is allowed.
    """

    allowed: bool
    role: Role | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Right:
    """A right.

    Attributes:
        code: stable; named by pages and actions.
        label: what it lets one do, in Chinese.
        who: any of these; each gives a role.
        roles: the roles named in a refusal.
        targets, evaluation: states of the year in which it may be used; None for any.
        signed_in: enough to be signed in.
        public: nobody needs to sign in.
        writes: changes something, so a token that only reads may not.
    """

    code: str
    label: str
    who: tuple[Who, ...] = ()
    roles: tuple[Role, ...] = ()
    targets: frozenset[TargetState] | None = None
    evaluation: frozenset[EvaluationState] | None = None
    signed_in: bool = False
    public: bool = False
    writes: bool = False

    def judge(self, actor: Actor, asked: Asked) -> Verdict:
        """Whether the actor may."""
        if self.public:
            return Verdict(allowed=True)
        if actor.user is None:
            return Verdict(allowed=False, reason=_("请先登录"))
        if self.writes and not actor.may_write:
            return Verdict(allowed=False, reason=_("这个令牌只能读取，不能修改"))
        role = next((found for each in self.who if (found := each(actor, asked)) is not None), None)
        if role is None and not self.signed_in:
            named = _("、").join(_(each.label) for each in self.roles)
            return Verdict(
                allowed=False,
                reason=_("“%(right)s”须由本单位的%(roles)s办理") % {"right": _(self.label), "roles": named},
            )
        case = asked.case
        if case is not None and self.targets is not None and case.targets not in self.targets:
            reason = _("目标状态为“%(state)s”，“%(right)s”只能在“%(wanted)s”时办理")
            wanted = [each for each in TargetState if each in self.targets]
            return self._untimely(reason, case.targets, wanted, role)
        if case is not None and self.evaluation is not None and case.evaluation not in self.evaluation:
            reason = _("自评状态为“%(state)s”，“%(right)s”只能在“%(wanted)s”时办理")
            wanted_ones = [each for each in EvaluationState if each in self.evaluation]
            back = _WAYS_BACK.get(case.evaluation, "") if EvaluationState.OPEN in self.evaluation else ""
            reason = f"{reason}{_(back)}" if back else reason
            return self._untimely(reason, case.evaluation, wanted_ones, role)
        return Verdict(allowed=True, role=role)

    def _untimely(
        self, reason: str, state: Labelled, wanted: Sequence[Labelled], role: Role | None
    ) -> Verdict:
        words = {
            "state": _(state.label),
            "right": _(self.label),
            "wanted": _("、").join(_(each.label) for each in wanted),
        }
        return Verdict(allowed=False, role=role, reason=reason % words)


class Reach(Labelled):
    """Where a role has to be held."""

    BODY = "body", "在该单位或其上级任职"
    WITHIN = "within", "在该单位、其上级或其下任一处室任职"
    DIVISION = "division", "只办本处室负责的部分；在该单位任职的不限"
    ABOVE = "above", "该单位的上级财政部门"
    ENGAGED = "engaged", "受委托评审该年度，且委托没有到期"
    ANYWHERE = "anywhere", "在任一单位任职；办理时再看具体单位"


@dataclass(frozen=True, slots=True)
class Holder:
    """Whoever holds a role within reach of what is asked about."""

    role: Role
    reach: Reach

    def __call__(self, actor: Actor, asked: Asked) -> Role | None:
        """The role, if the actor holds it there."""
        return self.role if self._holds(actor, asked) else None

    def _holds(self, actor: Actor, asked: Asked) -> bool:
        body = asked.body
        match self.reach:
            case Reach.ANYWHERE:
                return self.role in actor.roles
            case Reach.ENGAGED:
                return asked.case is not None and actor.is_engaged(asked.case, asked.today)
            case _ if body is None:
                return False
            case Reach.BODY:
                return actor.holds(self.role, body)
            case Reach.WITHIN:
                return actor.holds_within(self.role, body)
            case Reach.DIVISION if asked.some_part and asked.division is None:
                return actor.holds_within(self.role, body)
            case Reach.DIVISION:
                return actor.holds(self.role, asked.division or body)
            case Reach.ABOVE:
                return body.overseer is not None and actor.holds(self.role, body.overseer)


def at_body(role: Role) -> Holder:
    """Holds the role at the body or above it."""
    return Holder(role, Reach.BODY)


def within_body(role: Role) -> Holder:
    """Holds the role at the body, above it, or in any division of it."""
    return Holder(role, Reach.WITHIN)


def for_division(role: Role) -> Holder:
    """Holds the role for the part that is touched: at its division, or at the body."""
    return Holder(role, Reach.DIVISION)


def anywhere(role: Role) -> Holder:
    """Holds the role at any organisation."""
    return Holder(role, Reach.ANYWHERE)


overseeing = Holder(Role.FINANCE_BUREAU, Reach.ABOVE)
"""Belongs to the finance bureau above the body."""
engaged = Holder(Role.THIRD_PARTY, Reach.ENGAGED)
"""Belongs to a third party that reviews the year."""
