"""Rights: predicates over who somebody is, where, and the state of the year. Nothing is allowed that is not said here.

A right answers with a `Verdict`: allowed, or the reason why not, which is shown to the person.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

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
            return Verdict(allowed=False, reason="请先登录")
        if self.writes and not actor.may_write:
            return Verdict(allowed=False, reason="这个令牌只能读取，不能修改")
        role = next((found for each in self.who if (found := each(actor, asked)) is not None), None)
        if role is None and not self.signed_in:
            named = "、".join(each.label for each in self.roles)
            return Verdict(allowed=False, reason=f"“{self.label}”须由本单位的{named}办理")
        case = asked.case
        if case is not None and self.targets is not None and case.targets not in self.targets:
            wanted = "、".join(each.label for each in TargetState if each in self.targets)
            reason = f"目标状态为“{case.targets.label}”，“{self.label}”只能在“{wanted}”时办理"
            return Verdict(allowed=False, role=role, reason=reason)
        if case is not None and self.evaluation is not None and case.evaluation not in self.evaluation:
            wanted = "、".join(each.label for each in EvaluationState if each in self.evaluation)
            reason = f"自评状态为“{case.evaluation.label}”，“{self.label}”只能在“{wanted}”时办理"
            return Verdict(allowed=False, role=role, reason=reason)
        return Verdict(allowed=True, role=role)


def at_body(role: Role) -> Who:
    """Holds the role at the body or above it."""

    def who(actor: Actor, asked: Asked) -> Role | None:
        return role if asked.body is not None and actor.holds(role, asked.body) else None

    return who


def within_body(role: Role) -> Who:
    """Holds the role at the body, above it, or in any division of it."""

    def who(actor: Actor, asked: Asked) -> Role | None:
        return role if asked.body is not None and actor.holds_within(role, asked.body) else None

    return who


def for_division(role: Role) -> Who:
    """Holds the role for the part that is touched: at its division, or at the body."""

    def who(actor: Actor, asked: Asked) -> Role | None:
        if asked.body is None:
            return None
        if asked.some_part and asked.division is None:
            return role if actor.holds_within(role, asked.body) else None
        return role if actor.holds(role, asked.division or asked.body) else None

    return who


def overseeing(actor: Actor, asked: Asked) -> Role | None:
    """Belongs to the finance bureau above the body."""
    if asked.case is not None:
        return Role.FINANCE_BUREAU if actor.oversees(asked.case) else None
    above = None if asked.organisation is None else asked.organisation.overseer
    return Role.FINANCE_BUREAU if above is not None and actor.holds(Role.FINANCE_BUREAU, above) else None


def engaged(actor: Actor, asked: Asked) -> Role | None:
    """Belongs to a third party that reviews the year."""
    if asked.case is None:
        return None
    return Role.THIRD_PARTY if actor.is_engaged(asked.case, asked.today) else None


def anywhere(role: Role) -> Who:
    """Holds the role at any organisation."""
    return lambda actor, _asked: role if role in actor.roles else None
