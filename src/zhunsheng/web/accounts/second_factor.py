"""Turning the second factor on or off leaves a line of the trail."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from zhunsheng.store.database.models import User
from zhunsheng.workflow.action import perform
from zhunsheng.workflow.actor import actor_of
from zhunsheng.workflow.people.own_settings import NoteSecondFactor

_KINDS = {Authenticator.Type.TOTP: "authenticator", Authenticator.Type.RECOVERY_CODES: "recovery codes"}


def _note(request: HttpRequest, user: Any, authenticator: Authenticator, done: str) -> None:  # noqa: ANN401 - a person, perhaps lazily
    person = User.objects.get(pk=user.pk)
    address = str(request.META.get("REMOTE_ADDR", ""))
    what = f"{_KINDS.get(authenticator.type, authenticator.type)} {done}"
    perform(NoteSecondFactor(person, what), actor_of(person, timezone.localdate(), "web", address))


@receiver(authenticator_added)
def _added(request: HttpRequest, user: Any, authenticator: Authenticator, **_: object) -> None:  # noqa: ANN401
    _note(request, user, authenticator, "added")


@receiver(authenticator_removed)
def _removed(request: HttpRequest, user: Any, authenticator: Authenticator, **_: object) -> None:  # noqa: ANN401
    _note(request, user, authenticator, "removed")


@receiver(authenticator_reset)
def _renewed(request: HttpRequest, user: Any, authenticator: Authenticator, **_: object) -> None:  # noqa: ANN401
    _note(request, user, authenticator, "renewed")
