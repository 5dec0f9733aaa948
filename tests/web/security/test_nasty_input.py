"""Every page with parameters, fields and addresses that nobody means well by: an answer, never a breakdown."""

import re
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from rights_matrix import arguments, client_for, pages, people_and_states, views
from rights_world import World, put_in

LONG_NUMBER = "9" * 5_000
NASTY = (
    "a\x00b",
    LONG_NUMBER,
    "1e999999",
    "NaN",
    "²",
    "' OR 1=1 --",
    "\u202e",
    "0001-01-01",
    "9999-12-31",
    "99999999999999999999",
)
PARAMETERS = (
    *["about", "after", "again", "all", "at", "before", "body", "case", "columns", "confirmed", "constants", "correction", "finding", "form", "formats", "indicator", "item", "items", "known", "language", "large_type", "level", "licence", "measure", "month", "name", "note", "now", "one", "opinion", "order", "org", "organisation", "other", "page", "part", "q", "reason", "remark", "revision", "role", "row", "rubric", "rule", "scope", "score", "section", "seen", "severity", "show", "shown", "since", "sort", "state", "task", "text", "title", "to", "until", "username", "value", "verdict", "which", "who", "why", "year", "active", "file", "next", "action", "kind", "short_name", "days"],
    "f.name", "f.amount.from", "f.reg_date.until", "1.code", "1.points", "1.row", "text:tasks/1",
)  # fmt: skip

NUMBERS = ("before", "after", "page", "number", "year", "month", "revision", "seen", "row", "at", "q", "one")
"""Parameters that are read as numbers somewhere."""


def status_of(client: Client, method: str, path: str, given: dict[str, Any]) -> int:
    with transaction.atomic():
        try:
            answer = client.get(path, given) if method == "GET" else client.post(path, given)
            answer.close()
        finally:
            transaction.set_rollback(True)
    return int(answer.status_code)


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("value", NASTY, ids=lambda each: ascii(each)[:20])
def test_no_parameter_of_any_page_breaks_it(value: str, site: World) -> None:
    broken = []
    for name, line in pages().items():
        address, _view = views()[name]
        for person, state in people_and_states(name, "GET"):
            put_in(*state)
            path = reverse(name, kwargs=arguments(site, address, line.given))
            client = client_for(person)
            # an address that is too long is refused before a page sees it
            names = PARAMETERS if len(value) < 1_000 else NUMBERS
            parts = [names] if len(value) < 1_000 else [names[at : at + 2] for at in range(0, len(names), 2)]
            for part in parts:
                status = status_of(client, "GET", path, dict.fromkeys(part, value))
                if status >= 500:
                    broken.append(f"{name} {path} {part}: {status}")
    assert not broken, "\n".join(broken)


_NAME = re.compile(r'<(?:input|select|textarea)[^>]*?\bname="([^"]+)"')


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("value", NASTY, ids=lambda each: ascii(each)[:20])
def test_no_field_of_any_form_breaks_it(value: str, site: World) -> None:
    broken = []
    for name, line in pages().items():
        address, _view = views()[name]
        for person, state in people_and_states(name, "POST"):
            put_in(*state)
            path = reverse(name, kwargs=arguments(site, address, line.given))
            client = client_for(person)
            with transaction.atomic():
                shown = client.get(path, follow=True)
                fields = (
                    set(_NAME.findall(shown.content.decode("utf-8", "replace")))
                    if not shown.streaming
                    else set()
                )
                transaction.set_rollback(True)
            text = value
            for given in ({**dict.fromkeys((*PARAMETERS, *fields), text), **line.sent},):
                status = status_of(client_for(person), "POST", path, given)
                if status >= 500:
                    broken.append(f"{name} {path}: {status}")
    assert not broken, "\n".join(broken)
