"""The site's database for the benchmark: one city bureau with 300 people in a tree, five years, one of them computed.

Run as a program in the environment of the site: `python benchmarks/site/world.py [--records]`. With `--records` the
year of 2021 takes its values from the record store by the site's own job before it is frozen; without, there is no
store, for the trial of parallel savers on a database that is thrown away.
"""

import argparse
import json
import sys
from dataclasses import replace
from datetime import date, datetime
from itertools import cycle
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from zhunsheng.web.starting import prepare

prepare()

from benchmarks.site import places  # noqa: E402 - the models below need the framework
from django.conf import settings  # noqa: E402
from django.contrib.auth.hashers import make_password  # noqa: E402
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from zhunsheng.plans.case import Case  # noqa: E402
from zhunsheng.plans.choices import CaseStatus, DivisionKind  # noqa: E402
from zhunsheng.plans.roles import EvaluationState, Role, TargetState  # noqa: E402
from zhunsheng.store.database.case_content import put_case  # noqa: E402
from zhunsheng.store.database.models import (  # noqa: E402
    Assignment,
    Engagement,
    Grant,
    JobState,
    Organisation,
    OrganisationKind,
    StoredCase,
    User,
)
from zhunsheng.store.records.reading import scan_sql  # noqa: E402
from zhunsheng.store.records.record_store import RecordStore  # noqa: E402
from zhunsheng.store.records.shared_engine import cursor  # noqa: E402
from zhunsheng.web.upgrading import upgrade  # noqa: E402
from zhunsheng.workflow.action import perform  # noqa: E402
from zhunsheng.workflow.actor import Actor, actor_of  # noqa: E402
from zhunsheng.workflow.demonstration import shipped_case  # noqa: E402
from zhunsheng.workflow.evaluating.evaluated import evaluation_of  # noqa: E402
from zhunsheng.workflow.evaluating.running import ask_to_compute  # noqa: E402
from zhunsheng.workflow.evaluating.states import FreezeEvaluation  # noqa: E402
from zhunsheng.workflow.jobs import do_all  # noqa: E402
from zhunsheng.workflow.trail import record  # noqa: E402

_STATIONS = (
    "越秀", "海珠", "荔湾", "天河", "白云", "黄埔", "番禺", "花都", "南沙", "从化", "增城", "空港",
)  # fmt: skip
_AT_BUREAU = (
    *(Role.FINANCE,) * 4,
    *(Role.LEADER,) * 3,
    Role.AUDITOR,
    Role.ADMINISTRATOR,
)
_ABOVE, _OUTSIDE = 4, 3
"""People of the finance bureau and of the third party."""
_STATES = {
    **dict.fromkeys(places.EARLIER, (TargetState.APPROVED, EvaluationState.REVIEWED)),
    places.RECORDED: (TargetState.APPROVED, EvaluationState.OPEN),
    places.COLLECTED: (TargetState.APPROVED, EvaluationState.OPEN),
    places.PLANNED: (TargetState.DRAFT, EvaluationState.CLOSED),
}
_SAMPLES = 60


def build(*, records: bool) -> None:
    """Fill the database."""
    now = timezone.now()
    upgrade()
    with transaction.atomic():
        case = shipped_case("guangzhou-2021")
        bodies, parts = _bodies(case, records=records)
        _people(bodies, parts)
        for code, (targets, evaluation) in _STATES.items():
            _year(code, case, targets, evaluation, bodies, parts, now)
        record(Actor(None, channel="command"), now, action="benchmark.set_up", subject="site")
    if records:
        _compute(places.RECORDED)
        _write_samples()
    for code in (*places.EARLIER, places.RECORDED):
        _freeze(code)
    # the evaluation of an open year is kept when somebody has looked at it once
    evaluation_of(StoredCase.objects.get(code=places.COLLECTED))


def _bodies(case: Case, *, records: bool) -> tuple[dict[str, Organisation], list[Organisation]]:
    kind = OrganisationKind
    city = Organisation.objects.create(code="gz", name="广州市", kind=kind.REGION)
    above = Organisation.objects.create(
        code=places.FINANCE_BUREAU, name="广州市财政局", kind=kind.FINANCE_BUREAU, parent=city
    )
    bureau = Organisation.objects.create(
        code=places.BUREAU,
        name=case.body.name,
        short_name=case.body.short_name,
        kind=kind.BUREAU,
        parent=city,
        overseer=above,
        area="440100",
        store=places.STORE if records else "",
    )
    firm = Organisation.objects.create(code=places.THIRD_PARTY, name="第三方评价机构", kind=kind.THIRD_PARTY)
    named = [
        (each.name, kind.UNIT if each.kind is DivisionKind.SUBORDINATE else kind.DIVISION)
        for each in case.divisions
    ]
    named += [(f"{each}市场监督管理所", kind.STATION) for each in _STATIONS]
    parts = [
        Organisation.objects.create(code=f"{places.BUREAU}-{place:02d}", name=name, kind=which, parent=bureau)
        for place, (name, which) in enumerate(named, 1)
    ]
    if len(parts) != places.PARTS:
        raise SystemExit(f"{len(parts)} parts of the bureau; benchmarks/site/places.py says {places.PARTS}")
    return {each.code: each for each in (above, bureau, firm)}, parts


def _people(bodies: dict[str, Organisation], parts: list[Organisation]) -> None:
    """In each part a head and three who fill in; the rest at the bureau, above it and outside."""
    held: list[tuple[Role, Organisation]] = []
    for each in parts:
        held += [(Role.DIVISION_HEAD, each), *((Role.FILLER, each),) * 3]
    held += [(role, bodies[places.BUREAU]) for role in _AT_BUREAU]
    held += [(Role.FINANCE_BUREAU, bodies[places.FINANCE_BUREAU])] * _ABOVE
    held += [(Role.THIRD_PARTY, bodies[places.THIRD_PARTY])] * _OUTSIDE
    if len(held) != places.PEOPLE:
        raise SystemExit(f"{len(held)} people; benchmarks/site/places.py says {places.PEOPLE}")
    # the same password with the same salt, made once: made for each it would take minutes, checked it costs the same
    password = make_password(places.PASSWORD)
    names = places.user_names(places.PEOPLE)
    users = User.objects.bulk_create(
        User(username=name, name=f"{role.label}{name}", password=password)
        for name, (role, _) in zip(names, held, strict=True)
    )
    Grant.objects.bulk_create(
        Grant(user=user, role=role.value, organisation=body)
        for user, (role, body) in zip(users, held, strict=True)
    )


def _year(
    code: str,
    case: Case,
    targets: TargetState,
    evaluation: EvaluationState,
    bodies: dict[str, Organisation],
    parts: list[Organisation],
    now: datetime,
) -> None:
    year = int(code.rsplit("-", 1)[-1])
    responsible = cycle(parts)
    tasks = tuple(replace(each, division=next(responsible).name) for each in case.tasks)
    about = replace(
        case.about,
        code=code,
        title=f"广州市市场监督管理局{year}年度部门整体绩效自评报告",
        fiscal_year=year,
        status=CaseStatus.DRAFT,
    )
    stored = StoredCase.objects.create(
        code=code,
        organisation=bodies[places.BUREAU],
        fiscal_year=year,
        title=about.title,
        target_state=targets.value,
        evaluation_state=evaluation.value,
        target_due=date(year - 1, 12, 20),
        actual_due=date(year + 1, 1, 31),
        report_due=date(year + 1, 3, 31),
        created=now,
    )
    put_case(stored, replace(case, about=about, tasks=tasks), None, now)
    Engagement.objects.create(case=stored, organisation=bodies[places.THIRD_PARTY])
    # those who answer for no task fill in the values
    owners = cycle(parts[places.TASKS :])
    Assignment.objects.bulk_create(
        Assignment(case=stored, item=each.code, organisation=next(owners), due=stored.actual_due)
        for each in case.indicators
    )


def _compute(code: str) -> None:
    """Take the values from the record store, by the job that the page asks for."""
    stored = StoredCase.objects.select_related("organisation").get(code=code)
    ask_to_compute(stored, _somebody(Role.FINANCE))
    for each in do_all():
        if each.state != JobState.DONE:
            raise SystemExit(f"job {each.kind}: {each.state} {each.message} {each.problems}")


def _freeze(code: str) -> None:
    StoredCase.objects.filter(code=code).update(evaluation_state=EvaluationState.REVIEWED.value)
    stored = StoredCase.objects.get(code=code)
    perform(FreezeEvaluation(stored, stored.revision), _somebody(Role.FINANCE_BUREAU))


def _somebody(role: Role) -> Actor:
    user = User.objects.filter(grants__role=role.value).order_by("pk").first()
    assert user is not None  # noqa: S101 - made above
    return actor_of(user, timezone.localdate(), "command")


def _write_samples() -> None:
    """Keys and names of entities that are really there, to look for."""
    with RecordStore.open(settings.STORES_DIRECTORY / places.STORE) as store, cursor() as connection:
        source = scan_sql(places.LEDGER, store.snapshot(), ["entity_id", "name"])
        found = connection.execute(
            f"SELECT entity_id, name FROM {source} WHERE name IS NOT NULL"
            f" USING SAMPLE reservoir({_SAMPLES} ROWS) REPEATABLE (2021)"
        ).fetchall()
    content = {"keys": [key for key, _ in found], "names": [name[2:6] for _, name in found]}
    text = json.dumps(content, ensure_ascii=False, indent=1)
    (settings.DATA_DIRECTORY / "samples.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", action="store_true")
    build(records=parser.parse_args().records)
