"""Who acts: a person with what they hold where, as it is at this moment."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from zhunsheng.plans.roles import Role
from zhunsheng.store.database.models import Organisation, StoredCase, User

Channel = Literal["web", "api", "command"]


@dataclass(frozen=True, slots=True)
class Holding:
    """A role at an organisation and everything below it."""

    role: Role
    organisation: Organisation

    def covers(self, other: Organisation) -> bool:
        """Whether an organisation is the one of the role or below it."""
        return other.path.startswith(self.organisation.path)


@dataclass(frozen=True, slots=True)
class Actor:
    """A person who acts.

    Attributes:
        user: None for the public.
        holdings: what they hold today.
        channel: how they come.
        may_write: False for programs with a token that only reads.
    """

    user: User | None
    holdings: tuple[Holding, ...] = ()
    channel: Channel = "web"
    address: str = ""
    may_write: bool = True

    @property
    def large_type(self) -> bool:
        """Whether pages are shown in large type."""
        return self.user is not None and self.user.large_type

    @property
    def name(self) -> str:
        """Name for people."""
        return "" if self.user is None else str(self.user)

    @property
    def roles(self) -> frozenset[Role]:
        """All roles held anywhere."""
        return frozenset(each.role for each in self.holdings)

    def holds(self, role: Role, organisation: Organisation) -> bool:
        """Whether a role is held at an organisation or above it."""
        return any(each.role is role and each.covers(organisation) for each in self.holdings)

    def holds_within(self, role: Role, organisation: Organisation) -> bool:
        """Whether a role is held at an organisation, above it or somewhere below it."""
        return any(
            each.role is role
            and (each.covers(organisation) or each.organisation.path.startswith(organisation.path))
            for each in self.holdings
        )

    def oversees(self, case: StoredCase) -> bool:
        """Whether the case is approved and reviewed by the actor's finance bureau."""
        above = case.organisation.overseer
        return above is not None and self.holds(Role.FINANCE_BUREAU, above)

    def is_engaged(self, case: StoredCase, today: date) -> bool:
        """Whether the actor's third party is asked to review the case and its time has not run out."""
        return any(
            self.holds(Role.THIRD_PARTY, each.organisation) and (each.until is None or today <= each.until)
            for each in case.engagements.select_related("organisation")
        )


def actor_of(user: User, today: date, channel: Channel = "web", address: str = "") -> Actor:
    """The actor a person is today."""
    held = user.grants.select_related("organisation").all()
    holdings = tuple(
        Holding(Role(each.role), each.organisation)
        for each in held
        if each.organisation.is_active and (each.until is None or today <= each.until)
    )
    return Actor(user, holdings if user.is_active else (), channel, address)


PUBLIC = Actor(None)
"""Anybody."""
