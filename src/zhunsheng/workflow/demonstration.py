"""The demonstration: the shipped year of Huadu with one account for each role. Never in production."""

from dataclasses import replace
from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from zhunsheng.plans.case import Case
from zhunsheng.plans.choices import CaseStatus, DivisionKind
from zhunsheng.plans.roles import EvaluationState, Role, TargetState
from zhunsheng.store.case_directory import read_case_directory
from zhunsheng.store.database.case_content import put_case
from zhunsheng.store.database.models import (
    Assignment,
    Engagement,
    Grant,
    Organisation,
    OrganisationKind,
    StoredCase,
    User,
)
from zhunsheng.store.definition_files import definitions_directory
from zhunsheng.workflow.actor import Actor
from zhunsheng.workflow.trail import record

CASE, BODY, FINANCE_BUREAU, THIRD_PARTY = "huadu-2023", "huadu-amr", "huadu-czj", "review-firm"
PASSWORD = "zhunsheng-demo"  # noqa: S105 - of accounts that production refuses

RESPONSIBLE = {
    "T1": "知识产权促进与保护科",
    "T2": "执法监督与应急科",
    "T3": "审批管理科",
    "T4": "特种设备安全监察科",
    "T5": "食品安全综合协调科",
    "T6": "市场主体监督管理科",
}
"""Which division answers for which task; the report does not say it, so it is an assumption of the demonstration."""

PEOPLE: dict[str, tuple[str, Role, str]] = {
    "tianbao": ("陈填报", Role.FILLER, "特种设备安全监察科"),
    "chushi": ("李科长", Role.DIVISION_HEAD, "特种设备安全监察科"),
    "caiwu": ("王财务", Role.FINANCE, BODY),
    "juzhang": ("赵局长", Role.LEADER, BODY),
    "caizheng": ("周财政", Role.FINANCE_BUREAU, FINANCE_BUREAU),
    "sanfang": ("吴评审", Role.THIRD_PARTY, THIRD_PARTY),
    "shenji": ("郑审计", Role.AUDITOR, BODY),
    "guanli": ("孙管理", Role.ADMINISTRATOR, BODY),
}
"""User name: name, role, and where it is held (code of a body or name of a division)."""


def shipped_case(code: str = CASE) -> Case:
    """A case of the package.

    Raises:
        LookupError: it is not there or broken.
    """
    found, problems = read_case_directory(definitions_directory() / "cases" / code)
    if found is None:
        raise LookupError(f"{code}: {[each.what for each in problems]}")
    return found


@transaction.atomic
def set_up(
    moment: datetime,
    *,
    store: str = "",
    targets: TargetState = TargetState.APPROVED,
    evaluation: EvaluationState = EvaluationState.OPEN,
) -> StoredCase:
    """Put the demonstration into an empty database.

    Args:
        moment: when.
        store: directory of the record store, relative to the directory of stores.
        targets, evaluation: where the year stands.

    Raises:
        PermissionError: in production.
    """
    if settings.ENVIRONMENT.production:
        raise PermissionError("no demonstration in production")
    case = shipped_case()
    bodies = _bodies(case, store)
    _people(bodies)
    stored = StoredCase.objects.create(
        code=CASE,
        organisation=bodies[BODY],
        fiscal_year=case.year,
        title=case.about.title,
        target_state=targets.value,
        evaluation_state=evaluation.value,
        target_due=date(case.year - 1, 12, 20),
        actual_due=date(case.year + 1, 1, 31),
        report_due=date(case.year + 1, 3, 31),
        created=moment,
    )
    case = replace(
        case,
        about=replace(case.about, status=CaseStatus.DRAFT),
        tasks=tuple(replace(each, division=RESPONSIBLE.get(each.code, "")) for each in case.tasks),
    )
    put_case(stored, case, None, moment)
    Engagement.objects.create(case=stored, organisation=bodies[THIRD_PARTY])
    for each in case.indicators:
        task = case.task_by_code.get(each.task)
        division = bodies.get(task.division) if task is not None else None
        Assignment.objects.create(
            case=stored, item=each.code, organisation=division or bodies[BODY], due=stored.actual_due
        )
    record(Actor(None, channel="command"), moment, action="demonstration.set_up", subject=CASE, case=stored)
    return stored


def _bodies(case: Case, store: str) -> dict[str, Organisation]:
    region = Organisation.objects.create(code="huadu", name="广州市花都区", kind=OrganisationKind.REGION)
    above = Organisation.objects.create(
        code=FINANCE_BUREAU, name="花都区财政局", kind=OrganisationKind.FINANCE_BUREAU, parent=region
    )
    body = Organisation.objects.create(
        code=BODY,
        name=case.body.name,
        short_name=case.body.short_name,
        kind=OrganisationKind.BUREAU,
        parent=region,
        overseer=above,
        area="440114",
        store=store,
    )
    firm = Organisation.objects.create(
        code=THIRD_PARTY, name="第三方绩效评价机构（演示）", kind=OrganisationKind.THIRD_PARTY
    )
    found = {FINANCE_BUREAU: above, BODY: body, THIRD_PARTY: firm}
    for place, each in enumerate(case.divisions, 1):
        kind = OrganisationKind.STATION if each.kind is DivisionKind.DISPATCHED else OrganisationKind.DIVISION
        found[each.name] = Organisation.objects.create(
            code=f"{BODY}-{place:02d}", name=each.name, kind=kind, parent=body
        )
    return found


def _people(bodies: dict[str, Organisation]) -> None:
    for username, (name, role, where) in PEOPLE.items():
        user = User(username=username, name=name, is_demo=True)
        user.set_password(PASSWORD)
        user.save()
        Grant.objects.create(user=user, role=role.value, organisation=bodies[where])
