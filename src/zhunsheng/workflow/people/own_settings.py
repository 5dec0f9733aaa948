"""What people change about themselves."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone

from zhunsheng.kernel.place import Place
from zhunsheng.store.database.models import Organisation, User
from zhunsheng.workflow.action import Action, Change, Invalid, Refused, Setting
from zhunsheng.workflow.people import wording
from zhunsheng.workflow.people.reach import place_of

LANGUAGES = ("zh-hans", "en")


@dataclass(frozen=True)
class OwnAction(Action):
    """What somebody does about themselves; it stands in the trail of the body they belong to."""

    right = "self.write"

    person: User

    def organisation(self) -> Organisation | None:
        """Where the person belongs."""
        return place_of(self.person, timezone.localdate())

    def locked(self, setting: Setting) -> User:
        """The person, locked.

        Raises:
            Refused: it is somebody else.
        """
        if setting.actor.user is None or setting.actor.user.pk != self.person.pk:
            raise Refused("只能修改自己的设置")
        return User.objects.select_for_update().get(pk=self.person.pk)


@dataclass(frozen=True)
class ChangeSettings(OwnAction):
    """Changes how pages are shown to a person. The name is theirs in the trail, so an administrator keeps it."""

    code = "self.settings"
    label = "修改个人设置"

    large_type: bool
    language: str

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Change."""
        if self.language not in LANGUAGES:
            raise Invalid((wording.LANGUAGE.at(Place(field="language"), "没有这种语言"),))
        user = self.locked(setting)
        before = {"large_type": user.large_type, "language": user.language}
        after = {"large_type": self.large_type, "language": self.language}
        if before != after:
            user.large_type, user.language = self.large_type, self.language
            user.save(update_fields=["large_type", "language"])
            yield Change(f"people/{user.username}", before, after)


@dataclass(frozen=True)
class ChangePassword(OwnAction):
    """Sets one's own password after the old one was given."""

    code = "self.password"
    label = "修改密码"

    password: str

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Set it; a password given by an administrator is done with."""
        self.locked(setting)
        self.person.set_password(self.password)
        self.person.must_change_password = False
        self.person.save(update_fields=["password", "must_change_password"])
        yield Change(f"people/{self.person.username}", None, {"password": "changed"})


@dataclass(frozen=True)
class NoteSecondFactor(OwnAction):
    """Keeps in the trail that the second factor was turned on or off, or its codes made anew."""

    code = "self.second_factor"
    label = "两步验证"

    what: str

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Note it."""
        self.locked(setting)
        yield Change(f"people/{self.person.username}", None, {"second_factor": self.what})
