"""Whoever has lost a right reads nothing any more by it: not by an address kept, a job asked for, or a token."""

from datetime import date, timedelta
from typing import Any

import pytest
from calling import call, token_of
from demonstrated import actor, client_of
from django.test import Client
from django.utils import timezone

from zhunsheng.store.database.file_store import keep
from zhunsheng.store.database.models import Engagement, Grant, Job, JobState, StoredCase, User
from zhunsheng.store.ledger_files import ledger_of
from zhunsheng.workflow.demonstration import CASE
from zhunsheng.workflow.importing.places import hidden_fields
from zhunsheng.workflow.jobs import enqueue

pytestmark = pytest.mark.django_db
LEDGER = "complaint"


@pytest.fixture(autouse=True)
def _year(standing: None) -> None:
    pass


def done(kind: str, username: str, parameters: dict[str, Any], **result: Any) -> Job:
    """A job that has made a file."""
    year = StoredCase.objects.get(code=CASE)
    of_year = kind.startswith("plan.")
    job = enqueue(
        kind,
        "test",
        parameters,
        actor(username),
        case=year if of_year else None,
        organisation=None if of_year or kind.startswith("trail.") else year.organisation,
    )
    job.state = JobState.DONE
    job.result = {"file": keep([b"what it made"]).sha256, "name": "a.csv", **result}
    job.save()
    return job


def end_grants(username: str) -> None:
    Grant.objects.filter(user__username=username).update(until=timezone.localdate() - timedelta(days=1))


def left_out(*, personal: bool) -> list[str]:
    ledger = ledger_of(LEDGER)
    assert ledger is not None
    hidden = hidden_fields(ledger, personal=personal)
    return [each.label for each in ledger.fields if each.name in hidden]


KINDS: tuple[tuple[str, dict[str, Any], dict[str, Any]], ...] = (
    ("plan.workbook", {}, {}),
    ("records.export", {"ledger": LEDGER}, {"left_out": left_out(personal=True)}),
    ("trail.export", {"year": 2026, "form": "csv"}, {"bodies": ["huadu-amr"]}),
)


@pytest.mark.parametrize(("kind", "parameters", "result"), KINDS, ids=[each[0] for each in KINDS])
def test_the_file_of_a_job_is_fetched_while_the_right_lasts_and_not_afterwards(
    kind: str, parameters: dict[str, Any], result: dict[str, Any]
) -> None:
    job = done(kind, "caiwu", parameters, **result)
    address = f"/jobs/{job.pk}/file/"
    kept = client_of("caiwu").get(address)
    assert b"".join(kept) == b"what it made"
    end_grants("caiwu")
    assert client_of("caiwu").get(address).status_code == 403


def test_personal_data_taken_out_in_another_role_is_not_fetched_without_that_role() -> None:
    with_personal = done("records.export", "caiwu", {"ledger": LEDGER}, left_out=left_out(personal=True))
    without = done("records.export", "caiwu", {"ledger": LEDGER}, left_out=left_out(personal=False))
    assert set(left_out(personal=True)) < set(left_out(personal=False))
    end_grants("caiwu")
    user, year = User.objects.get(username="caiwu"), StoredCase.objects.get(code=CASE)
    Grant.objects.create(user=user, role="leader", organisation=year.organisation)
    assert client_of("caiwu").get(f"/jobs/{with_personal.pk}/file/").status_code == 403
    assert b"".join(client_of("caiwu").get(f"/jobs/{without.pk}/file/")) == b"what it made"


def test_nobody_else_fetches_the_file_of_a_job_not_even_who_may_see_the_job() -> None:
    job = done("plan.workbook", "tianbao", {})
    for name in ("caiwu", "guanli", "juzhang", "caizheng", "sanfang", "shenji"):
        assert client_of(name).get(f"/jobs/{job.pk}/file/").status_code == 404, name


def test_what_is_wrong_in_a_file_is_told_to_whoever_sent_it_alone() -> None:
    job = done("records.import", "tianbao", {"ledger": LEDGER})
    problem = {
        "code": "X",
        "severity": "error",
        "what": "13800000000 不是日期",
        "why": "",
        "remedy": "",
        "place": {},
    }
    Job.objects.filter(pk=job.pk).update(state=JobState.FAILED, problems=[problem])
    assert "13800000000" in client_of("tianbao").get(f"/jobs/{job.pk}/").content.decode()
    for address in (f"/jobs/{job.pk}/", f"/jobs/{job.pk}/progress/"):
        answer = client_of("guanli").get(address)
        assert answer.status_code == 200
        assert "13800000000" not in answer.content.decode()


def test_who_is_not_signed_in_cannot_tell_a_year_that_exists_from_one_that_does_not() -> None:
    for address in ("/cases/{}/", "/plan/{}/", "/records/{}/"):
        there, not_there = (Client().get(address.format(code)) for code in (CASE, "no-such-code"))
        assert (there.status_code, not_there.status_code) == (302, 302), address


PAGES = (
    "/cases/{}/",
    "/plan/{}/",
    "/collect/{}/",
    "/evaluation/{}/",
    "/report/{}/preview/page.html",
    "/release/{}/",
)


def test_an_engagement_that_has_run_out_closes_the_year_on_pages_and_for_programs() -> None:
    token = token_of("sanfang")
    client = client_of("sanfang")
    assert client.get(f"/cases/{CASE}/").status_code == 200
    Engagement.objects.update(until=date(2020, 1, 1))
    for each in PAGES:
        assert client.get(each.format(CASE)).status_code in {403, 404}, each
    assert CASE not in client.get("/cases/").content.decode()
    assert call("GET", f"/cases/{CASE}", token).status_code == 403
    assert call("GET", "/cases", token).json()["items"] == []


def test_a_session_that_is_open_does_nothing_once_the_grant_has_ended_or_the_account_is_closed() -> None:
    client, token = client_of("caiwu"), token_of("caiwu")
    assert client.get(f"/cases/{CASE}/").status_code == 200
    end_grants("caiwu")
    assert client.get(f"/cases/{CASE}/").status_code == 403
    assert call("GET", f"/cases/{CASE}", token).status_code == 403
    User.objects.filter(username="caiwu").update(is_active=False)
    assert client.get("/").status_code == 302
    assert call("GET", "/me", token).status_code == 401


def test_a_token_of_somebody_else_is_not_revoked() -> None:
    token_of("caiwu")
    other = User.objects.get(username="caiwu").tokens.get()
    client_of("tianbao").post(f"/me/tokens/{other.pk}/revoke/")
    other.refresh_from_db()
    assert other.revoked is None
