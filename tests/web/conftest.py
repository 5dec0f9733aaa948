"""One demonstration for all tests of a module; each test's own changes are rolled back."""

from collections.abc import Iterator

import pytest
from demonstrated import demonstration
from django.db import transaction
from pytest_django import DjangoDbBlocker


@pytest.fixture(scope="module")
def standing(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The year of Huadu, made once."""
    with django_db_blocker.unblock(), transaction.atomic():
        demonstration()
        yield
        transaction.set_rollback(True)
