"""The demonstration in a database, and people signed in to it."""

from datetime import UTC, datetime

from django.test import Client

from zhunsheng.plans.roles import EvaluationState, TargetState
from zhunsheng.store.database.models import StoredCase, User
from zhunsheng.workflow.actor import Actor, actor_of
from zhunsheng.workflow.demonstration import CASE, set_up

MOMENT = datetime(2024, 1, 15, 1, 0, tzinfo=UTC)


def demonstration(
    targets: TargetState = TargetState.APPROVED,
    evaluation: EvaluationState = EvaluationState.OPEN,
    store: str = "",
) -> StoredCase:
    """The year of Huadu in the given states."""
    return set_up(MOMENT, store=store, targets=targets, evaluation=evaluation)


def actor(username: str) -> Actor:
    """A person of the demonstration."""
    return actor_of(User.objects.get(username=username), MOMENT.date())


def client_of(username: str) -> Client:
    """A browser in which a person is signed in."""
    client = Client()
    client.force_login(
        User.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def in_state(targets: TargetState, evaluation: EvaluationState = EvaluationState.CLOSED) -> StoredCase:
    """Put the year into states, past all rights."""
    StoredCase.objects.filter(code=CASE).update(target_state=targets.value, evaluation_state=evaluation.value)
    return StoredCase.objects.get(code=CASE)
