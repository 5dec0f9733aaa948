"""What the first page is made of, read in a number of queries that does not grow with the years."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Max, Q
from django.db.models.fields.json import KT

from zhunsheng.assembly.evaluating import facts
from zhunsheng.kernel.money import Money
from zhunsheng.plans.choices import ActualStatus, EvidenceStatus
from zhunsheng.plans.roles import EvaluationState, Role, TargetState
from zhunsheng.store.database.case_rows import ROW_MODELS
from zhunsheng.store.database.models import (
    Assignment,
    Engagement,
    Evidence,
    Organisation,
    Remark,
    ReportVersion,
    StoredCase,
    StoredEvaluation,
)
from zhunsheng.workflow.actor import Actor
from zhunsheng.workflow.collecting.execution import EXECUTED
from zhunsheng.workflow.collecting.items import wanted_facts
from zhunsheng.workflow.planning.visible import visible_cases

MOST_SHOWN = 12
"""Years whose state is shown on the page; the rest stands in the list of years."""

_FILLING = frozenset({Role.FILLER, Role.DIVISION_HEAD, Role.FINANCE})
_COLLECTING = (EvaluationState.CLOSED, EvaluationState.OPEN)


@dataclass(frozen=True, slots=True)
class Owed:
    """A value that is owed and not given yet."""

    case: StoredCase
    code: str
    label: str
    owner: Organisation
    person: int | None
    due: date | None
    reminder: str


@dataclass(frozen=True, slots=True)
class Scored:
    """The newest evaluation of a year in a few figures, as they are kept: texts of decimals.

    Attributes:
        current: whether the year has not changed since.
    """

    total: str
    full: str
    unscored: str
    grade: str
    at_risk: str
    current: bool


@dataclass(slots=True)
class Gathered:
    """Everything the page needs.

    Attributes:
        cases: all years somebody may see.
        shown: those whose state is shown.
        owed: values that are missing in years where the person fills in.
        indicators: by year the number of its indicators.
        statuses: by year, how many actuals of each status.
        spent: by year, expenditure executed and planned.
        unspent: by year, how many budget lines and projects have no executed amount, where the person fills in.
        engaged: years somebody reviews as a third party.
    """

    cases: list[StoredCase]
    shown: list[StoredCase]
    owed: list[Owed] = field(default_factory=list)
    indicators: dict[int, int] = field(default_factory=dict)
    statuses: dict[int, dict[str, int]] = field(default_factory=dict)
    spent: dict[int, tuple[Money | None, Money | None]] = field(default_factory=dict)
    scored: dict[int, Scored] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    evidence: dict[int, int] = field(default_factory=dict)
    unspent: dict[int, int] = field(default_factory=dict)
    engaged: set[int] = field(default_factory=set)
    reports: dict[int, tuple[int, int]] = field(default_factory=dict)


def gather(actor: Actor, today: date) -> Gathered:
    """Read it all."""
    cases = list(visible_cases(actor, today))
    current = [each for each in cases if each.evaluation is not EvaluationState.RELEASED]
    found = Gathered(cases, [*current, *(each for each in cases if each not in current)][:MOST_SHOWN])
    if not cases:
        return found
    filling = [each for each in current if _fills_in(actor, each) and _is_collected(each)][:MOST_SHOWN]
    wanted = {each.pk: each for each in (*found.shown, *filling)}
    rows = _Rows(wanted)
    found.indicators = {pk: len(each) for pk, each in rows.indicators.items()}
    found.statuses = {pk: rows.status_counts(pk) for pk in wanted}
    found.owed = [each for case in filling for each in rows.owed(case)]
    found.spent = _spent(wanted)
    found.scored = _scored(wanted)
    found.remarks = _remarks(cases)
    found.evidence = _evidence(cases)
    found.unspent = _unspent(each.pk for each in filling)
    found.engaged = _engaged(actor, cases, today)
    found.reports = _reports(cases)
    return found


def _fills_in(actor: Actor, case: StoredCase) -> bool:
    return any(actor.holds_within(role, case.organisation) for role in _FILLING)


def _is_collected(case: StoredCase) -> bool:
    return case.targets is TargetState.APPROVED and case.evaluation in _COLLECTING


def _values(section: str, cases: Iterable[int], *columns: str) -> Any:  # noqa: ANN401 - rows of a query
    model = ROW_MODELS[section]
    names = ["case_id", *(f"f_{each}" for each in columns)]
    return model._default_manager.filter(case__in=list(cases)).values_list(*names)


class _Rows:
    """The rows of several years, each table read once."""

    def __init__(self, cases: Mapping[int, StoredCase]) -> None:
        self.indicators: dict[int, list[tuple[str, str, str]]] = {pk: [] for pk in cases}
        for pk, code, name, task in _values("indicators", cases, "code", "name", "task"):
            self.indicators[pk].append((code, name, task))
        self.given: dict[tuple[int, str], str] = {}
        self.actuals: dict[int, list[str]] = {}
        for pk, code, status in _values("actuals", cases, "indicator", "status"):
            self.given[pk, code] = status
            self.actuals.setdefault(pk, []).append(status)
        self.facts: dict[tuple[int, str], str] = {
            (pk, code): status for pk, code, status in _values("management", cases, "fact", "status")
        }
        self.rubrics = dict(_values("about", cases, "rubric"))
        self.divisions = {(pk, code): name for pk, code, name in _values("tasks", cases, "code", "division")}
        assigned = Assignment.objects.filter(case__in=list(cases)).select_related("organisation")
        self.assignments = {(each.case_id, each.item): each for each in assigned}
        below = Q(pk__in=())
        for path in {each.organisation.path for each in cases.values()}:
            below |= Q(path__startswith=path)
        self.named: dict[str, list[Organisation]] = {}
        for each in Organisation.objects.filter(below, is_active=True):
            self.named.setdefault(each.name, []).append(each)

    def status_counts(self, pk: int) -> dict[str, int]:
        """How many actuals of each status a year has; what was not said counts as not collected."""
        found: dict[str, int] = {}
        for status in self.actuals.get(pk, ()):
            found[status] = found.get(status, 0) + 1
        silent = len(self.indicators.get(pk, ())) - len(self.actuals.get(pk, ()))
        if silent > 0:
            missing = ActualStatus.NOT_COLLECTED.value
            found[missing] = found.get(missing, 0) + silent
        return found

    def owed(self, case: StoredCase) -> Iterable[Owed]:
        """The values that are missing in a year."""
        missing = {None, "", ActualStatus.NOT_COLLECTED.value}
        for code, name, task in self.indicators[case.pk]:
            if self.given.get((case.pk, code)) in missing:
                yield self._owed(case, code, name, self.divisions.get((case.pk, task), ""))
        rubric, known = self.rubrics.get(case.pk, ""), facts()
        wanted = wanted_facts(rubric) if rubric else {}
        for code in (*wanted, *(code for pk, code in self.facts if pk == case.pk and code not in wanted)):
            if code in known and self.facts.get((case.pk, code)) in missing:
                yield self._owed(case, code, known[code].label, "")

    def _owed(self, case: StoredCase, code: str, label: str, division: str) -> Owed:
        assignment = self.assignments.get((case.pk, code))
        named = [
            each
            for each in self.named.get(division, ())
            if each.path.startswith(case.organisation.path) and each.pk != case.organisation_id
        ]
        owner = assignment.organisation if assignment else named[0] if named else case.organisation
        return Owed(
            case,
            code,
            label,
            owner,
            None if assignment is None else assignment.person_id,
            (assignment.due if assignment is not None else None) or case.actual_due,
            assignment.reminder if assignment is not None and assignment.reminded is not None else "",
        )


def _spent(cases: Iterable[int]) -> dict[int, tuple[Money | None, Money | None]]:
    found = {}
    columns = ("side", "category", "initial", "adjusted", "executed")
    for pk, side, category, initial, adjusted, executed in _values("budget", cases, *columns):
        if (side, category) == ("expenditure", "total"):
            found[pk] = (executed, adjusted if adjusted is not None else initial)
    return found


def _scored(cases: Mapping[int, StoredCase]) -> dict[int, Scored]:
    kept = (
        StoredEvaluation.objects.filter(case__in=list(cases))
        .annotate(
            full=KT("content__full"),
            unscored=KT("content__unscored"),
            at_risk=KT("content__review__points_at_risk"),
        )
        .order_by("revision", "moment", "pk")
        .values_list("case_id", "rubric", "revision", "total", "grade", "full", "unscored", "at_risk")
    )
    own = dict(_values("about", cases, "rubric"))
    found = {}
    for pk, rubric, revision, total, grade, full, unscored, at_risk in kept:
        if rubric == own.get(pk):
            current = revision == cases[pk].revision
            found[pk] = Scored(total, full or "", unscored or "", grade, at_risk or "", current)
    return found


def _remarks(cases: Iterable[StoredCase]) -> list[Remark]:
    open_ones = Remark.objects.filter(case__in=[each.pk for each in cases], settled__isnull=True)
    return list(open_ones.select_related("who").order_by("moment", "pk"))


def _evidence(cases: Iterable[StoredCase]) -> dict[int, int]:
    waiting = Evidence.objects.filter(
        case__in=[each.pk for each in cases], withdrawn__isnull=True, status=EvidenceStatus.PROVIDED.value
    )
    return dict(waiting.order_by().values_list("case").annotate(Count("pk")))


def _unspent(cases: Iterable[int]) -> dict[int, int]:
    wanted = list(cases)
    first, *others = (
        _values(section, wanted).filter(f_executed__isnull=True).order_by() for section in EXECUTED
    )
    # one query for all of them
    return Counter(pk for (pk,) in first.union(*others, all=True))


def _engaged(actor: Actor, cases: Iterable[StoredCase], today: date) -> set[int]:
    firms = Q(pk__in=())
    for each in actor.holdings:
        if each.role is Role.THIRD_PARTY:
            firms |= Q(organisation__path__startswith=each.organisation.path)
    valid = Q(until__isnull=True) | Q(until__gte=today)
    asked = Engagement.objects.filter(firms, valid, case__in=[each.pk for each in cases])
    return set(asked.values_list("case", flat=True))


def _reports(cases: Iterable[StoredCase]) -> dict[int, tuple[int, int]]:
    """By year the number of its newest report and the revision of the year it was made from."""
    newest = ReportVersion.objects.filter(case__in=[each.pk for each in cases]).order_by()
    counted = newest.values_list("case").annotate(Max("number"), Max("revision"))
    return {pk: (number, revision) for pk, number, revision in counted}
