"""The demonstration with one of each thing that addresses name, a stranger of another bureau, and all states."""

from dataclasses import dataclass
from typing import Any

from demonstrated import MOMENT, actor, demonstration
from django.utils import timezone

from zhunsheng.plans.choices import EvidenceStatus
from zhunsheng.plans.roles import Role
from zhunsheng.store.database.file_store import keep
from zhunsheng.store.database.models import (
    ROW_MODELS,
    AuditedDocument,
    CaseVersion,
    Evidence,
    Grant,
    Organisation,
    OrganisationKind,
    Remark,
    ReportVersion,
    StoredCase,
    StoredEvaluation,
    User,
)
from zhunsheng.store.indicator_files import indicator_codes
from zhunsheng.workflow.actor import PUBLIC, Actor, actor_of
from zhunsheng.workflow.demonstration import BODY
from zhunsheng.workflow.evaluating.evaluated import evaluation_of
from zhunsheng.workflow.jobs import enqueue

PEOPLE: dict[str, str] = {
    "filler": "tianbao",
    "division_head": "chushi",
    "finance": "caiwu",
    "leader": "juzhang",
    "finance_bureau": "caizheng",
    "third_party": "sanfang",
    "auditor": "shenji",
    "administrator": "guanli",
    "outsider": "wairen",
    "anonymous": "",
}
"""Who the matrix is about: user name, "" for somebody who is not signed in."""

STATES: tuple[tuple[str, str], ...] = (
    ("draft", "closed"),
    ("submitted", "closed"),
    ("reviewed", "closed"),
    ("checked", "closed"),
    ("signed", "closed"),
    ("returned", "closed"),
    ("approved", "closed"),
    ("approved", "open"),
    ("approved", "scored"),
    ("approved", "reviewed"),
    ("approved", "frozen"),
    ("approved", "released"),
    # the targets are being adjusted while the evaluation has begun
    ("draft", "open"),
    ("signed", "open"),
)
"""States of the targets and of the evaluation that occur together."""


@dataclass(frozen=True)
class World:
    """What stands in addresses, by the names of the matrix; and who acts."""

    objects: dict[str, Any]
    actors: dict[str, Actor]


def world() -> World:
    """Everything, made once."""
    year = demonstration()
    _stranger()
    filler = User.objects.get(username="tianbao")
    file = keep([b"evidence"])
    evidence = Evidence.objects.create(
        case=year,
        item="O2",
        file=file,
        name="a.txt",
        who=filler,
        moment=MOMENT,
        status=EvidenceStatus.PROVIDED.value,
    )
    leader = User.objects.get(username="juzhang")
    remark, of_targets = (
        Remark.objects.create(
            case=year, stage=stage, section="indicators", key="O2", text="请说明", who=leader, moment=MOMENT
        )
        for stage in ("evaluation", "targets")
    )
    document = AuditedDocument.objects.create(
        organisation=year.organisation, name="a.txt", file=file, who=filler, moment=MOMENT
    )
    CaseVersion.objects.create(
        case=year, number=1, why="submitted", moment=MOMENT, content={}, sha256="0" * 64
    )
    report = ReportVersion.objects.create(case=year, number=1, revision=0, moment=MOMENT)
    job = enqueue("records.check", "核对", {}, actor("tianbao"), organisation=year.organisation)
    evaluation_of(StoredCase.objects.get(pk=year.pk))
    assert StoredEvaluation.objects.exists()
    row = ROW_MODELS["indicators"]._default_manager.get(case=year, f_code="O2")
    chief = User.objects.get(username="chushi")
    objects = {
        "case": year.code,
        "organisation": BODY,
        "ledger": "market_entity",
        "code": "O2",
        "year": year.code,
        "name": "none.docx",
        "provider_id": "sso",
        "number": 99,
        "batch": 1,
        "row": 1,
        "place": 0,
        "$row": row.pk,
        "$matter": ROW_MODELS["shortcomings"]._default_manager.filter(case=year)[0].pk,
        "$evidence": evidence.pk,
        "$remark": remark.pk,
        "$targets_remark": of_targets.pk,
        "$document": document.pk,
        "$report": report.number,
        "$job": job.pk,
        "$person": chief.pk,
        "$grant": chief.grants.get().pk,
        "$indicator": indicator_codes()[0],
    }
    empty = Organisation.objects.create(
        code="huadu-amr-99", name="空科室", kind=OrganisationKind.DIVISION, parent=year.organisation
    )
    objects["$empty"] = empty.code
    today = timezone.localdate()
    actors = {
        who: actor_of(User.objects.get(username=name), today) if name else PUBLIC
        for who, name in PEOPLE.items()
    }
    return World(objects, actors)


def _stranger() -> None:
    """Somebody with every role of a bureau that goes together, at another bureau of the same region."""
    region = Organisation.objects.get(code="huadu")
    other = Organisation.objects.create(
        code="other", name="另一个局", kind=OrganisationKind.BUREAU, parent=region
    )
    user = User.objects.create(username="wairen", name="外人")
    user.set_password("zhunsheng-demo")
    user.save()
    for role in (Role.FILLER, Role.DIVISION_HEAD, Role.FINANCE, Role.LEADER):
        Grant.objects.create(user=user, role=role.value, organisation=other)


def put_in(targets: str, evaluation: str) -> None:
    """The year in states, past all rights."""
    StoredCase.objects.update(target_state=targets, evaluation_state=evaluation)
