"""How often a page asks the database does not depend on how much there is to show."""

from datetime import timedelta
from hashlib import sha256

import pytest
from demonstrated import MOMENT, actor, client_of, in_state
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from zhunsheng.plans.roles import EvaluationState, Role, TargetState
from zhunsheng.store.database.models import (
    ROW_MODELS,
    Assignment,
    Evidence,
    Grant,
    Job,
    JobState,
    Organisation,
    OrganisationKind,
    Remark,
    ReportVersion,
    StoredCase,
    StoredFile,
    User,
)
from zhunsheng.workflow.trail import record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing")]
CODE = "huadu-2023"
_KEYS = {
    "indicators": "f_code",
    "actuals": "f_indicator",
    "tasks": "f_code",
    "projects": "f_code",
    "budget": "f_code",
}
MORE = 12
SPARE = 2
"""Queries more that are allowed: something that was not there before may have to be looked at once."""
PAGES = [
    ("caiwu", "/cases/"),
    ("caiwu", f"/cases/{CODE}/"),
    ("caiwu", f"/cases/{CODE}/versions/"),
    ("caiwu", f"/plan/{CODE}/"),
    ("tianbao", f"/plan/{CODE}/"),
    ("caiwu", f"/plan/{CODE}/sections/indicators/"),
    ("caiwu", f"/plan/{CODE}/sections/budget/"),
    ("caiwu", f"/plan/{CODE}/grid/"),
    ("caiwu", f"/collect/{CODE}/"),
    ("tianbao", f"/collect/{CODE}/"),
    ("caiwu", f"/collect/{CODE}/items/O1/"),
    ("caiwu", f"/collect/{CODE}/execution/"),
    ("caiwu", f"/collect/{CODE}/execution/all/"),
    ("caiwu", f"/evaluation/{CODE}/"),
    ("sanfang", f"/evaluation/{CODE}/review/"),
    ("sanfang", f"/evaluation/{CODE}/remarks/"),
    ("caiwu", f"/report/{CODE}/"),
    ("juzhang", f"/release/{CODE}/"),
    ("caiwu", "/jobs/"),
    ("shenji", "/trail/"),
    ("guanli", "/people/"),
    ("guanli", "/people/organisations/"),
    ("caiwu", "/audit/"),
    ("caiwu", "/indicators/"),
]


def _asked(client: Client, address: str) -> list[str]:
    # what is made at the first look and kept is not what is counted
    client.get(address)
    with CaptureQueriesContext(connection) as found:
        answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return [each["sql"] for each in found]


def _grow() -> None:
    case = StoredCase.objects.get(code=CODE)
    for name, column in _KEYS.items():
        model = ROW_MODELS[name]
        rows = list(model._default_manager.filter(case=case))
        for number in range(2):
            for each in rows:
                each.pk = None
                setattr(each, column, f"{str(getattr(each, column)).split('~')[0]}~{number}")
            model._default_manager.bulk_create(rows)
    body = case.organisation
    parts = [
        Organisation.objects.create(
            code=f"more-{number}", name=f"处 {number}", kind=OrganisationKind.DIVISION, parent=body
        )
        for number in range(MORE)
    ]
    people = User.objects.bulk_create(
        User(username=f"more{number}", name=f"人 {number}") for number in range(MORE)
    )
    Grant.objects.bulk_create(
        Grant(user=user, role=Role.FILLER.value, organisation=part)
        for user, part in zip(people, parts, strict=True)
    )
    for number, (user, part) in enumerate(zip(people, parts, strict=True)):
        moment = MOMENT + timedelta(minutes=number)
        Assignment.objects.create(case=case, item=f"more{number}", organisation=part, person=user)
        file = StoredFile.objects.create(
            sha256=sha256(str(number).encode()).hexdigest(), size=1, media_type="text/plain", created=moment
        )
        for item in ("O1", f"more{number}"):
            Evidence.objects.create(
                case=case, item=item, file=file, name=f"{number}.txt", who=user, moment=moment
            )
        for stage in ("targets", "evaluation"):
            Remark.objects.create(
                case=case, stage=stage, text="意见", who=user, moment=moment, answered_by=user
            )
        Job.objects.create(
            kind="report.write",
            label="报告",
            case=case,
            organisation=body,
            who=user,
            created=moment,
            state=JobState.DONE,
        )
        ReportVersion.objects.create(
            case=case, number=number + 1, revision=case.revision, moment=moment, who=user
        )
        StoredCase.objects.create(
            code=f"more-{number}",
            organisation=body,
            fiscal_year=1990 + number,
            title=f"{1990 + number}",
            target_state=TargetState.APPROVED.value,
            evaluation_state=EvaluationState.OPEN.value,
            created=moment,
        )
        record(actor("caiwu"), moment, action="collect.report", subject=f"actuals/{number}", case=case)


@pytest.mark.parametrize(("username", "address"), PAGES)
def test_a_page_asks_no_more_often_when_there_is_more_to_show(username: str, address: str) -> None:
    client = client_of(username)
    if address.endswith("/grid/"):
        in_state(TargetState.DRAFT)
    few = _asked(client, address)
    _grow()
    many = _asked(client, address)
    again = [each for each in many if many.count(each) > 1]
    assert len(many) <= len(few) + SPARE, "\n".join(each[:160] for each in sorted(many))
    assert len(many) <= 60, again[:5]
