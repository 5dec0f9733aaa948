"""Markup in every text that people or files bring: no page takes it for its own."""

from collections.abc import Iterator

import pytest
from demonstrated import MOMENT
from django.db import transaction
from django.urls import reverse
from markup import acting
from pytest_django import DjangoDbBlocker
from rights_matrix import arguments, client_for, pages, people_and_states, views
from rights_world import World, put_in, world

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Severity
from zhunsheng.plans.columns import Holds
from zhunsheng.plans.sections import SECTIONS
from zhunsheng.store.database.case_rows import ROW_MODELS, field_of
from zhunsheng.store.database.models import (
    ApiToken,
    Assignment,
    AuditedDocument,
    CaseVersion,
    Evidence,
    Job,
    JobState,
    Organisation,
    Remark,
    StoredCase,
    StoredEvaluation,
    TrailEntry,
    User,
)
from zhunsheng.workflow.actor import actor_of
from zhunsheng.workflow.evaluating.evaluated import evaluation_of
from zhunsheng.workflow.trail import record

EVIL = """</script></textarea><img src=x onerror=alert(1)>"'><svg/onload=alert(1)>{{7*7}}"""
_FREE = {Holds.TEXT, Holds.LONG}
_KEPT = frozenset({"unit", "target_unit", "evidence", "printed", "place"})
"""Columns whose words decide what is computed."""


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
        _poison()
        yield made
        transaction.set_rollback(True)
    settings.FILES_DIRECTORY, settings.STORES_DIRECTORY = before


def _poison() -> None:
    for section in SECTIONS:
        names = [
            each.name
            for each in section.columns
            if each.holds in _FREE
            and each.name not in _KEPT
            and each.name not in section.key
            and not each.refers
            and not (section.name in {"tasks", "divisions", "body"} and each.name in {"division", "name"})
        ]
        for row in ROW_MODELS[section.name]._default_manager.all():
            for name in names:
                setattr(row, field_of(name), f"{getattr(row, field_of(name)) or ''}{EVIL}")
            row.save()
    User.objects.update(name=EVIL[:60])
    Organisation.objects.update(short_name=EVIL[:40])
    StoredCase.objects.update(title=EVIL)
    Evidence.objects.update(name=EVIL, note=EVIL, judgement=EVIL)
    Remark.objects.update(text=EVIL, answer=EVIL)
    Assignment.objects.update(reminder=EVIL)
    AuditedDocument.objects.update(name=EVIL, failed=EVIL)
    CaseVersion.objects.update(note=EVIL)
    problem = Kind("EVIL", Severity.ERROR, EVIL, EVIL).at(Place(EVIL, field=EVIL), EVIL, value=EVIL).as_data()
    Job.objects.update(label=EVIL, message=EVIL, state=JobState.FAILED, problems=[problem])
    user = User.objects.get(username="caiwu")
    ApiToken.objects.create(
        user=user, name=EVIL[:60], digest="0" * 64, scope="read", created=MOMENT, expires=MOMENT
    )
    year = StoredCase.objects.get()
    for subject in ("indicators/O2", EVIL):
        record(
            actor_of(user, MOMENT.date()),
            MOMENT,
            action="plan.edit_row",
            subject=subject,
            before={"name": EVIL},
            after={"name": EVIL + EVIL, EVIL: EVIL},
            reason=EVIL,
            organisation=year.organisation,
            case=year,
        )
    StoredEvaluation.objects.all().delete()
    year.revision += 1
    year.save()
    evaluation_of(year)


@pytest.mark.slow
@pytest.mark.django_db
def test_no_page_runs_what_a_text_says(site: World) -> None:
    wrong, seen = [], 0
    for name, line in pages().items():
        address, _view = views()[name]
        for person, state in people_and_states(name, "GET"):
            put_in(*state)
            path = reverse(name, kwargs=arguments(site, address, line.given))
            answer = client_for(person).get(path)
            text = "" if answer.streaming else answer.content.decode("utf-8", "replace")
            seen += "&lt;img src=x onerror" in text
            # the report brings its own look, in a frame in which nothing can run
            framed = "sandbox" in answer.headers["Content-Security-Policy"]
            wrong += [
                f"{name} {path}: {each}" for each in acting(answer) if not (framed and " style=" in each)
            ]
            assert answer.status_code < 500, path
    assert not wrong, "\n".join(wrong)
    assert seen > 30, f"the texts stood on {seen} pages only"


@pytest.mark.django_db
def test_a_line_of_the_trail_shows_it_as_text(site: World) -> None:
    number = TrailEntry.objects.filter(subject="indicators/O2").latest("number").number
    answer = client_for("auditor").get(f"/trail/{number}/")
    assert "&lt;img src=x onerror" in answer.content.decode()
    assert acting(answer) == []
