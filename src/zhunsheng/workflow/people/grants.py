"""Roles given and taken. A role that is taken ends; it is never deleted, so that it stays known who held what."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem
from zhunsheng.plans.roles import Role
from zhunsheng.store.database.models import Grant, Organisation, OrganisationKind, User
from zhunsheng.workflow.action import Action, Change, Invalid, Refused, Setting, Stale
from zhunsheng.workflow.people import wording
from zhunsheng.workflow.people.reach import beyond, valid_grants
from zhunsheng.workflow.people.separation import PLACES, conflict


def shown_grant(grant: Grant) -> dict[str, str]:
    """A role for the trail."""
    until = "" if grant.until is None else grant.until.isoformat()
    return {"role": grant.role, "organisation": grant.organisation.code, "until": until}


def grant_problems(
    held: Iterable[Role], role: str, at: Organisation, until: date | None, today: date
) -> list[Problem]:
    """What is wrong with giving a role to somebody who holds others."""
    if role not in set(Role):
        return [wording.ROLE.at(Place(field="role"), "没有这个角色")]
    wanted, found = Role(role), []
    if OrganisationKind(at.kind) not in PLACES[wanted]:
        kind = OrganisationKind(at.kind).label
        found.append(
            wording.PLACE.at(Place(field="organisation"), f"“{at}”是{kind}，不能在这里授予“{wanted.label}”")
        )
    if not at.is_active:
        found.append(wording.PLACE.at(Place(field="organisation"), f"“{at}”已停用"))
    if until is not None and until < today:
        found.append(wording.UNTIL.at(Place(field="until"), f"{until.isoformat()} 已经过去"))
    against = conflict(held, wanted)
    if against:
        found.append(wording.TOGETHER.at(Place(field="role"), against))
    return found


@dataclass(frozen=True)
class GiveRole(Action):
    """Gives a person a role at an organisation, or changes until when it is held."""

    code = "people.grant"
    label = "授予角色"
    right = "people.manage"

    person: User
    role: str
    at: Organisation
    until: date | None = None

    def organisation(self) -> Organisation:
        """Where it is given."""
        return self.at

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Give."""
        today = timezone.localdate(setting.moment)
        person = User.objects.select_for_update().get(pk=self.person.pk)
        why = beyond(setting.actor, person, today)
        if why:
            raise Refused(why)
        held = {Role(each.role) for each in valid_grants(person, today)}
        problems = grant_problems(held, self.role, self.at, self.until, today)
        if problems:
            raise Invalid(problems)
        known = Grant.objects.filter(user=person, role=self.role, organisation=self.at).first()
        before = None if known is None else shown_grant(known)
        grant = known or Grant(user=person, role=self.role, organisation=self.at)
        grant.until = self.until
        grant.save()
        if before != shown_grant(grant):
            yield Change(f"people/{person.username}", before, shown_grant(grant))


@dataclass(frozen=True)
class TakeRole(Action):
    """Ends a role at once."""

    code = "people.take"
    label = "收回角色"
    right = "people.manage"

    grant: Grant

    def organisation(self) -> Organisation:
        """Where it is held."""
        return self.grant.organisation

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """End it."""
        today = timezone.localdate(setting.moment)
        grant = Grant.objects.select_for_update().get(pk=self.grant.pk)
        if grant.user_id == getattr(setting.actor.user, "pk", None):
            raise Refused("不能收回自己的授权；请由另一位管理员办理")
        if grant.until is not None and grant.until < today:
            raise Stale("这项授权已经收回或到期；请刷新页面")
        before, grant.until = shown_grant(grant), today - timedelta(days=1)
        grant.save(update_fields=["until"])
        yield Change(f"people/{grant.user.username}", before, shown_grant(grant))
