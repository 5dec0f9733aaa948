"""Markup typed into every field of the forms about people, organisations, the report and the release.

The forms are read from the pages, so a field that comes later is tried too. Whatever is refused is shown again, and
whatever is taken is looked at where it is shown afterwards; nowhere does it act.
"""

import html
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from urllib.parse import parse_qs

import pytest
from demonstrated import client_of, in_state
from django.db import transaction
from django.test import Client
from lxml import html as trees
from markup import acting
from pytest_django import DjangoDbBlocker
from released import released_year

from zhunsheng.plans.roles import EvaluationState, TargetState
from zhunsheng.store.database.case_content import SECTION_OF, row_with_key
from zhunsheng.store.database.models import StoredCase, User
from zhunsheng.workflow.jobs import do_all

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

YEAR, BODY = "huadu-2023", "huadu-amr"
SHORT = "<img src=x onerror=alert(1)>\"'"
EVIL = (SHORT, f"</textarea></title></option><script>alert(1)</script>{SHORT}")
PEOPLE = ("/people/", "/people/PERSON/", "/people/organisations/", "/trail/", "/")
PLACES = (
    "/people/organisations/",
    f"/people/organisations/{BODY}/",
    "/people/",
    "/people/new/",
    "/trail/",
    "/",
)
REPORT = (
    f"/report/{YEAR}/",
    f"/report/{YEAR}/preview/page.html",
    f"/report/{YEAR}/texts/achievements/",
    "/trail/",
)
RELEASE = (
    f"/release/{YEAR}/",
    f"/public/{YEAR}/corrections/",
    f"/public/{YEAR}/",
    "/public/",
    "/trail/",
    "/jobs/",
)


@dataclass(frozen=True)
class Place:
    """A page with forms.

    Attributes:
        fields: fields for text that are there at least.
        shown: where what was taken stands afterwards.
        evaluation: state of the year in which somebody may send them.
    """

    who: str
    path: str
    fields: frozenset[str]
    shown: tuple[str, ...]
    evaluation: EvaluationState = EvaluationState.OPEN


def place(who: str, path: str, fields: str, shown: tuple[str, ...], **more: EvaluationState) -> Place:
    return Place(who, path, frozenset(fields.split()), shown, **more)


MATTERS = f"/report/{YEAR}/matters/shortcomings"
PAGES = (
    place("guanli", "/people/", "q", PEOPLE),
    place("guanli", "/people/new/", "username name", PEOPLE),
    place("guanli", "/people/PERSON/", "name", PEOPLE),
    place("guanli", "/people/PERSON/active/", "", PEOPLE),
    place("guanli", "/people/PERSON/password/", "", PEOPLE),
    place("guanli", f"/people/organisations/{BODY}/", "name short_name", PLACES),
    place("guanli", f"/people/organisations/{BODY}/active/", "", PLACES),
    place("caiwu", f"/report/{YEAR}/", "", REPORT),
    place("caiwu", f"/report/{YEAR}/texts/achievements/", "text q", REPORT),
    place("caiwu", f"{MATTERS}/new/?about=A3", "code title text", REPORT),
    place("caiwu", f"{MATTERS}/MATTER/", "code title text", REPORT),
    place("caiwu", f"{MATTERS}/MATTER/remove/", "", REPORT),
    place("juzhang", f"/release/{YEAR}/", "correction why", RELEASE, evaluation=EvaluationState.RELEASED),
)


@pytest.fixture(scope="module")
def _released(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    from django.conf import settings  # noqa: PLC0415 - set up by then

    before = settings.FILES_DIRECTORY
    settings.FILES_DIRECTORY = tmp_path_factory.mktemp("files")
    with django_db_blocker.unblock(), transaction.atomic():
        released_year()
        yield
        transaction.set_rollback(True)
    settings.FILES_DIRECTORY = before


def addressed(path: str) -> str:
    """The address with the numbers of this database."""
    matter = row_with_key(StoredCase.objects.get(), SECTION_OF["shortcomings"], {"code": "Q2"})
    assert matter is not None
    person = User.objects.get(username="tianbao")
    return path.replace("PERSON", str(person.pk)).replace("MATTER", str(matter.pk))


@dataclass(frozen=True)
class Sent:
    """One form with one field filled with markup."""

    method: str
    action: str
    field: str
    values: tuple[tuple[str, str], ...]
    typed: bool


def filled(form: trees.FormElement) -> list[tuple[str, str]]:
    """What a browser would send, with something sound in every empty field that is required."""
    found = [(name, str(value)) for name, value in form.form_values()]
    named = {name for name, value in found if value}
    for each in form.inputs:
        if not each.name or each.name in named or each.get("required") is None:
            continue
        found = [(name, value) for name, value in found if name != each.name]
        options = [one for one in each.value_options if one] if each.tag == "select" else ["kept-1"]
        found.append((each.name, options[0]))
    return found


def forms_of(client: Client, path: str) -> list[Sent]:
    """Every form of a page with every field of it in turn."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    found = []
    page = trees.document_fromstring(answer.content.decode())
    assert isinstance(page, trees.HtmlElement)
    for form in [each for each in page.forms if next(each.iterancestors("main"), None) is not None]:
        values = filled(form)
        names = dict.fromkeys(
            each.name for each in form.inputs if each.name and each.name != "csrfmiddlewaretoken"
        )
        for name in names:
            one = next(each for each in form.inputs if each.name == name)
            is_line = one.tag == "input" and one.get("type", "text") in {"text", "search"}
            typed = one.tag == "textarea" or is_line
            others = tuple(each for each in values if each[0] != name)
            action = form.get("action") or path
            found.append(Sent(form.method, action, name, others, typed))
    return found


def send(client: Client, sent: Sent, evil: str) -> tuple[int, str, list[str]]:
    """Status, text and what acts of the answer."""
    given: dict[str, list[str]] = {}
    for name, value in (*sent.values, (sent.field, evil)):
        given.setdefault(name, []).append(value)
    path, _mark, query = sent.action.partition("?")
    answer = (
        client.get(path, given)
        if sent.method == "GET"
        else client.post(path, given, query_params=parse_qs(query))
    )
    return answer.status_code, answer.content.decode(), acting(answer)


def looked_at(found: Place, evil: str) -> tuple[bool, list[str]]:
    """Whether it stands as text on a page, and what acts there."""
    seen, wrong = False, []
    for who in (found.who, "shenji"):
        for path in found.shown:
            answer = client_of(who).get(addressed(path))
            # the report brings its own look, in a frame in which nothing can run
            framed = "sandbox" in answer.headers.get("Content-Security-Policy", "")
            acts = [each for each in acting(answer) if not (framed and " style=" in each)]
            wrong += [f"{who} {path}: {each}" for each in acts]
            seen = seen or html.escape(evil) in answer.content.decode()
    return seen, wrong


@pytest.mark.usefixtures("_released")
@pytest.mark.parametrize("found", PAGES, ids=lambda each: each.path)
def test_what_is_typed_stays_text_where_it_is_refused_and_where_it_is_shown(found: Place) -> None:
    in_state(TargetState.APPROVED, found.evaluation)
    wrong: list[str] = []
    seen: dict[str, bool] = {}
    for sent, evil in product(forms_of(client_of(found.who), addressed(found.path)), EVIL):
        with transaction.atomic():
            status, text, acts = send(client_of(found.who), sent, evil)
            assert status < 500, sent
            wrong += [f"{sent.action} {sent.field} {status}: {each}" for each in acts]
            shown = html.escape(evil)[:60] in text
            if sent.method == "POST" and status in {200, 302}:
                do_all()
                afterwards, acts = looked_at(found, evil)
                wrong += acts
                shown = shown or afterwards
            if sent.typed:
                seen[sent.field] = seen.get(sent.field, False) or shown
            transaction.set_rollback(True)
    assert not wrong, "\n".join(wrong)
    assert set(seen) >= found.fields
    # a test that never sees what it typed would find nothing
    assert all(seen.values()), seen
