"""Accounts: made, renamed, closed, opened again, given a password that must be changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from secrets import choice

from django.db import IntegrityError, transaction
from django.utils import timezone

from zhunsheng.kernel.place import Place
from zhunsheng.store.database.models import Grant, Organisation, User
from zhunsheng.workflow.action import Action, Change, Invalid, Refused, Setting, Stale
from zhunsheng.workflow.people import wording
from zhunsheng.workflow.people.grants import grant_problems, shown_grant
from zhunsheng.workflow.people.reach import beyond, place_of

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 4, 4


def one_time_password() -> str:
    """A password to be told once: letters and digits that are not mistaken for each other, over 79 bits."""
    return "-".join("".join(choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))


@dataclass(frozen=True)
class CreatePerson(Action):
    """Makes an account with its first role."""

    code = "people.create"
    label = "新建用户"
    right = "people.manage"

    username: str
    name: str
    password: str
    role: str
    at: Organisation
    until: date | None = None

    def organisation(self) -> Organisation:
        """Where the first role is held."""
        return self.at

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Make it."""
        today = timezone.localdate(setting.moment)
        problems = [
            *wording.username_problems(self.username),
            *wording.text_problems(wording.NAME, "name", self.name, 60),
            *grant_problems((), self.role, self.at, self.until, today),
        ]
        if problems:
            raise Invalid(problems)
        user = User(username=self.username, name=self.name.strip(), must_change_password=True)
        user.set_password(self.password)
        try:
            with transaction.atomic():
                user.save()
        except IntegrityError as error:
            place = Place(field="username")
            raise Invalid(
                (wording.USERNAME_TAKEN.at(place, f"用户名“{self.username}”已经有人使用"),)
            ) from error
        grant = Grant.objects.create(user=user, role=self.role, organisation=self.at, until=self.until)
        yield Change(f"people/{user.username}", None, {"name": user.name, "grant": shown_grant(grant)})


@dataclass(frozen=True)
class _OfPerson(Action):
    """An act upon somebody's account."""

    right = "people.manage"

    person: User

    def organisation(self) -> Organisation | None:
        """Where the person belongs."""
        return place_of(self.person, timezone.localdate())

    def locked(self, setting: Setting) -> User:
        """The account, locked.

        Raises:
            Refused: the actor does not look after it.
        """
        person = User.objects.select_for_update().get(pk=self.person.pk)
        why = beyond(setting.actor, person, timezone.localdate(setting.moment))
        if why:
            raise Refused(why)
        return person


@dataclass(frozen=True)
class RenamePerson(_OfPerson):
    """Corrects a person's name."""

    code = "people.rename"
    label = "修改姓名"

    name: str

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Rename."""
        person = self.locked(setting)
        problems = wording.text_problems(wording.NAME, "name", self.name, 60)
        if problems:
            raise Invalid(problems)
        before, person.name = person.name, self.name.strip()
        if before != person.name:
            person.save(update_fields=["name"])
            yield Change(f"people/{person.username}", {"name": before}, {"name": person.name})


@dataclass(frozen=True)
class SetActive(_OfPerson):
    """Closes an account or opens it again; a closed one is signed out everywhere at once."""

    code = "people.active"
    label = "停用、启用用户"

    active: bool
    why: str = ""

    def reason(self) -> str:
        """The reason."""
        return self.why.strip()

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Close or open."""
        person = self.locked(setting)
        if person.is_active == self.active:
            raise Stale("这个账号已经是" + ("启用" if self.active else "停用") + "状态；请刷新页面")
        person.is_active = self.active
        person.save(update_fields=["is_active"])
        yield Change(f"people/{person.username}", {"is_active": not self.active}, {"is_active": self.active})


@dataclass(frozen=True)
class SetOneTimePassword(_OfPerson):
    """Gives an account a password that must be changed at the next sign-in; signs it out everywhere.

    Tokens end as well: whoever knew the old password may have made one.
    """

    code = "people.password"
    label = "重置密码"

    password: str

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Set it; the trail tells that it was set, never what it is."""
        person = self.locked(setting)
        person.set_password(self.password)
        person.must_change_password = True
        person.save(update_fields=["password", "must_change_password"])
        ended = person.tokens.filter(revoked__isnull=True).update(revoked=setting.moment)
        after = {"password": "reset", "must_change": True, "tokens_revoked": ended}
        yield Change(f"people/{person.username}", None, after)
