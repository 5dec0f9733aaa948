"""Pages in English: their frame has no Chinese but what the body itself wrote and what documents say."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.apps import apps
from django.db import models, transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse
from lxml import html
from pytest_django import DjangoDbBlocker
from rights_world import PEOPLE, World, put_in, world

from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.store.database.models import User
from zhunsheng.store.definition_files import load_facts, load_rubric, rubric_codes
from zhunsheng.store.indicator_files import indicator_codes, indicator_of
from zhunsheng.store.ledger_files import ledger_codes, ledger_of
from zhunsheng.store.review_rule_files import load_review_rules
from zhunsheng.web.start_checks import all_views

_HAN = re.compile("[\u4e00-\u9fff]+")
FRAME = (
    "//nav//a | //h1 | //h2 | //h3 | //button | //label | //legend | //summary | //caption | //dt"
    " | //th[@scope='col'] | //*[contains(@class, 'btn')] | //*[@class='state'] | //option"
    " | //*[@class='empty-title'] | //*[@class='step-label'] | //*[@class='tile-label']"
)
DOCUMENTS = {"report_preview_page", "evidence_file", "audit_original", "audit_export"}
"""Answers that are documents, not pages."""
pytestmark = pytest.mark.django_db
ASKED = (
    ("draft", "closed", "finance"),
    ("approved", "open", "finance"),
    ("approved", "open", "filler"),
    ("approved", "open", "administrator"),
    ("approved", "frozen", "leader"),
    ("approved", "frozen", "anonymous"),
)
"""States of the year, and who looks."""
PAGES = Path(__file__).parents[2] / "cases/rights/pages.yaml"


@pytest.fixture(scope="module")
def site(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    from django.conf import settings  # noqa: PLC0415 - set up by then

    before = settings.FILES_DIRECTORY, settings.STORES_DIRECTORY
    settings.FILES_DIRECTORY = tmp_path_factory.mktemp("files")
    settings.STORES_DIRECTORY = tmp_path_factory.mktemp("stores")
    with django_db_blocker.unblock(), transaction.atomic():
        made = world()
        User.objects.update(language="en")
        yield made
        transaction.set_rollback(True)
    settings.FILES_DIRECTORY, settings.STORES_DIRECTORY = before


@pytest.mark.slow
def test_the_frame_of_every_page_is_english(site: World) -> None:
    data = own_words()
    wrong: dict[str, set[str]] = {}
    seen = set()
    for targets, evaluation, person in ASKED:
        put_in(targets, evaluation)
        client = client_of(person)
        for name, path in addresses(site):
            # what is looked at leaves nothing behind
            with transaction.atomic():
                answer = client.get(path)
                transaction.set_rollback(True)
            if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                seen.add(name)
                found = chinese_in(answer.content.decode(), data)
                if found:
                    wrong.setdefault(name, set()).update(found)
            answer.close()
    assert len(seen) > 60
    assert wrong == {}, "\n".join(f"{name}: {sorted(texts)}" for name, texts in sorted(wrong.items()))


@pytest.mark.parametrize(("name", "status"), [("none", 404), ("plan/none/", 404)])
def test_error_pages_are_english_too(name: str, status: int, site: World) -> None:
    answer = client_of("finance").get(f"/{name}")
    assert answer.status_code == status
    assert chinese_in(answer.content.decode(), own_words()) == set()
    assert "There is no such page" in answer.content.decode()


def test_a_refusal_names_the_right_in_english(site: World) -> None:
    put_in("draft", "closed")
    answer = client_of("filler").get("/people/")
    assert answer.status_code == 403
    text = answer.content.decode()
    assert "“See users” is for the organisation&#x27;s Administrator, Auditor (read only)" in text


def test_visitors_read_the_language_their_browser_asks_for(site: World) -> None:
    asked = {"HTTP_ACCEPT_LANGUAGE": "en-GB,en;q=0.8"}
    assert "Sign in" in Client().get("/accounts/login/", **asked).content.decode()
    assert "登录" in Client().get("/accounts/login/").content.decode()


def client_of(person: str) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    if PEOPLE[person]:
        client.force_login(
            User.objects.get(username=PEOPLE[person]), backend="django.contrib.auth.backends.ModelBackend"
        )
    return client


def addresses(site: World) -> Iterator[tuple[str, str]]:
    """Every page that can be addressed in the world of the rights matrix."""
    given = yaml.safe_load(PAGES.read_text(encoding="utf-8"))["pages"]
    for address, name, view in all_views():
        if address.startswith("api/") or name in DOCUMENTS or not hasattr(view, "read_right"):
            continue
        named = given.get(name, {}).get("with", {})
        values = {}
        for key in re.findall(r"<(?:\w+:)?(\w+)>", address):
            value = named.get(key, site.objects.get(key))
            values[key] = site.objects.get(value, value) if isinstance(value, str) else value
        try:
            yield name, reverse(name, kwargs=values)
        except NoReverseMatch:
            continue


def chinese_in(page: str, data: tuple[str, ...]) -> set[str]:
    """Chinese texts of the frame, without what is data."""
    found: set[str] = set()
    if not page.strip():
        return found
    elements = html.document_fromstring(page).xpath(FRAME)
    assert isinstance(elements, list)
    for element in elements:
        assert isinstance(element, html.HtmlElement)
        text = " ".join(element.text_content().split())
        left = text
        for each in data:
            left = left.replace(each, "") if _HAN.search(left) else left
        if _HAN.search(left):
            found.add(text)
    return found


@cache
def _definitions() -> frozenset[str]:
    """Names of indicators, rules and fields; they are data and Chinese."""
    found = {each.label for each in load_facts()[0].values()}
    found |= {each.label for each in load_review_rules()[0]}
    for code in rubric_codes():
        rubric, _problems = load_rubric(code)
        assert rubric is not None
        found |= {rubric.label, *(each.name for each in rubric.walk())}
    for code in indicator_codes():
        indicator = indicator_of(code)
        assert indicator is not None
        found.add(indicator.unit)
    for code in ledger_codes():
        ledger = ledger_of(code)
        assert isinstance(ledger, LedgerDefinition)
        for field in ledger.fields:
            found |= {field.label, field.unit, *field.members.values()}
    return frozenset(found)


def own_words() -> tuple[str, ...]:
    """What the body wrote and what definitions are called, the longest first; languages name themselves."""
    found: set[str] = {"简体中文", *_definitions()}
    for model in apps.get_app_config("database").get_models():
        texts = [
            each.name
            for each in model._meta.fields
            if isinstance(each, models.CharField | models.TextField | models.JSONField)
        ]
        for row in model._default_manager.all():
            found.add(str(row))
            for name in texts:
                found |= set(_texts(getattr(row, name)))
    spaced = {" ".join(each.split()) for each in found}
    return tuple(sorted((each for each in spaced if _HAN.search(each)), key=len, reverse=True))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, str):
        yield value
        yield from (each.removeprefix("## ") for each in value.split("\n"))
