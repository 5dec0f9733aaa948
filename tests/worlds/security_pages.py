"""Every page with somebody who may use it, from the list of the rights matrix."""

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from django.test import Client
from rights_world import PEOPLE

from zhunsheng.store.database.models import User

sys.path.insert(0, str(Path(__file__).parents[1] / "web"))
_matrix: Any = import_module("test_rights_matrix")  # lies where it can be read beside its cases
arguments, pages, views = _matrix.arguments, _matrix.pages, _matrix.views


def people_and_states(name: str, method: str) -> Iterator[tuple[str, tuple[str, str]]]:
    """Somebody who may, in a state in which they may."""
    for rule in pages()[name].methods[method]:
        for person in PEOPLE:
            if rule.holds(person, rule.a_state):
                yield person, rule.a_state
                break


def client_for(person: str) -> Client:
    client = Client(raise_request_exception=False)
    if PEOPLE[person]:
        client.force_login(
            User.objects.get(username=PEOPLE[person]), backend="django.contrib.auth.backends.ModelBackend"
        )
    return client
