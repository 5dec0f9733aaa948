"""Whom and what an administrator looks after."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from zhunsheng.plans.roles import Role
from zhunsheng.store.database.models import Grant, Organisation, User
from zhunsheng.workflow.actor import Actor

NOBODY = Q(pk__in=())


def below(organisations: Iterable[Organisation], field: str = "path") -> Q:
    """A condition: at one of the organisations or below it."""
    found = NOBODY
    for each in organisations:
        found |= Q(**{f"{field}__startswith": each.path})
    return found


def administered(actor: Actor) -> tuple[Organisation, ...]:
    """The organisations at which a person is administrator."""
    return tuple(each.organisation for each in actor.holdings if each.role is Role.ADMINISTRATOR)


def watched(actor: Actor) -> tuple[Organisation, ...]:
    """The organisations whose people a person may see: as administrator or auditor."""
    return tuple(
        each.organisation for each in actor.holdings if each.role in {Role.ADMINISTRATOR, Role.AUDITOR}
    )


def visible_organisations(actor: Actor) -> QuerySet[Organisation]:
    """All organisations a person may see in the administration, in the order of the tree."""
    return Organisation.objects.filter(below(watched(actor)))


def visible_people(actor: Actor) -> QuerySet[User]:
    """Everybody who holds or held something there."""
    held = Grant.objects.filter(below(watched(actor), "organisation__path"))
    return User.objects.filter(pk__in=held.values("user"))


def valid_grants(person: User, today: date) -> tuple[Grant, ...]:
    """What a person holds on a day, in the order of the tree."""
    found = person.grants.filter(Q(until__isnull=True) | Q(until__gte=today))
    return tuple(found.select_related("organisation").order_by("organisation__path", "role"))


def place_of(person: User, today: date) -> Organisation | None:
    """The organisation at which the right over an account is asked: where something is held, or was."""
    valid = valid_grants(person, today)
    if valid:
        return valid[0].organisation
    last = person.grants.select_related("organisation").order_by("-until").first()
    return None if last is None else last.organisation


def beyond(actor: Actor, person: User, today: date) -> str:
    """Why an administrator does not look after an account, in Chinese; "" when they do.

    Whoever can set a password can sign in as that person, so everything the person holds must be in reach.
    """
    if person.pk == getattr(actor.user, "pk", None):
        return "不能管理自己的账号：自己的姓名、密码在“个人设置”中修改，授权由另一位管理员办理"
    if person.is_superuser:
        return f"“{person}”是系统账号，不能在页面上管理"
    outside = [
        each.organisation
        for each in valid_grants(person, today)
        if not actor.holds(Role.ADMINISTRATOR, each.organisation)
    ]
    if outside:
        return f"“{person}”在“{outside[0]}”也有授权，不归您管理；请由上级管理员办理"
    return ""
