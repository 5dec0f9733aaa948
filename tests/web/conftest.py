"""One demonstration for all tests of a module; each test's own changes are rolled back."""

from collections.abc import Iterator

import pytest
from demonstrated import demonstration
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from pytest_django import DjangoDbBlocker
from rights_world import World, world


@pytest.fixture(scope="module")
def standing(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The year of Huadu, made once."""
    with django_db_blocker.unblock(), transaction.atomic():
        demonstration()
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def site(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """One of everything that pages and operations are about, and the people of the rights matrix."""
    from django.conf import settings  # noqa: PLC0415 - set up by then

    before = settings.FILES_DIRECTORY, settings.STORES_DIRECTORY
    settings.FILES_DIRECTORY = tmp_path_factory.mktemp("files")
    settings.STORES_DIRECTORY = tmp_path_factory.mktemp("stores")
    with django_db_blocker.unblock(), transaction.atomic():
        yield world()
        transaction.set_rollback(True)
    settings.FILES_DIRECTORY, settings.STORES_DIRECTORY = before


@pytest.fixture(autouse=True)
def _connection_of_the_test_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file answer that a test closes ends its request, and would take the connection of the transaction with it."""
    usual = BaseDatabaseWrapper.close_if_unusable_or_obsolete

    def close(connection: BaseDatabaseWrapper) -> None:
        if not connection.in_atomic_block:
            usual(connection)

    monkeypatch.setattr(BaseDatabaseWrapper, "close_if_unusable_or_obsolete", close)
