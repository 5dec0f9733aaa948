"""What is owed in a year: the actual value of every indicator and the management facts its rubric asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from django.db.models import Count

from zhunsheng.assembly.evaluating import facts, load_sound_rubric
from zhunsheng.plans.case import Actual, Indicator, ManagementFact
from zhunsheng.plans.checks import HAS_VALUE
from zhunsheng.plans.choices import ActualStatus, EvidenceStatus, SourceKind
from zhunsheng.plans.roles import Role
from zhunsheng.rubrics.facts import FactDefinition
from zhunsheng.scores.indicator_scoring import shown_actual, shown_target
from zhunsheng.store.database.case_content import SECTION_OF, record_of, row_with_key
from zhunsheng.store.database.case_rows import ROW_MODELS, CaseRow
from zhunsheng.store.database.models import Assignment, Evidence, Organisation, StoredCase, User
from zhunsheng.workflow.actor import Actor

Kind = Literal["indicator", "fact"]
_SECTION: Mapping[Kind, str] = {"indicator": "actuals", "fact": "management"}
_KEY: Mapping[Kind, str] = {"indicator": "indicator", "fact": "fact"}
COMPUTED_EVIDENCE = "台账计算（"
"""How the evidence of a value from records begins; a management fact has no other mark."""


@dataclass(frozen=True, slots=True)
class Item:
    """A value that is owed.

    Attributes:
        code: of the indicator or of the definition of the fact.
        owner: the division that owes it; the body itself when nobody else does.
        record: what was reported; None while nothing was.
        revision: of the row; None while there is none.
        files: how many files prove it.
        accepted: how many of them were accepted.
        computable: whether it can come from records.
    """

    code: str
    label: str
    kind: Kind
    target: str
    owner: Organisation
    assignment: Assignment | None
    due: date | None
    record: Actual | ManagementFact | None
    revision: int | None
    files: int
    accepted: int
    computable: bool

    @property
    def section(self) -> str:
        """The section of the case that holds the value."""
        return _SECTION[self.kind]

    @property
    def person(self) -> User | None:
        """Who owes it by name."""
        return None if self.assignment is None else self.assignment.person

    @property
    def reminded(self) -> datetime | None:
        """When it was last asked for."""
        return None if self.assignment is None else self.assignment.reminded

    @property
    def status(self) -> ActualStatus | None:
        """What is known about the value; None when nothing was said."""
        return None if self.record is None else self.record.status

    @property
    def value(self) -> str:
        """The value as people read it; "" while nothing was said."""
        if isinstance(self.record, Actual):
            return shown_actual(self.record)
        if self.record is None:
            return ""
        return fact_shown(self.record, facts()[self.code])

    @property
    def source(self) -> SourceKind:
        """Where the value comes from, or will come from."""
        if isinstance(self.record, Actual):
            return self.record.source_kind
        if self.record is None:
            return SourceKind.COMPUTED if self.computable else SourceKind.REPORTED
        return SourceKind.COMPUTED if is_computed(self.record) else SourceKind.REPORTED

    @property
    def evidence(self) -> EvidenceStatus:
        """State of the evidence."""
        if isinstance(self.record, Actual):
            return self.record.evidence_status
        if self.files:
            return EvidenceStatus.VERIFIED if self.accepted else EvidenceStatus.PROVIDED
        if self.record is not None and is_computed(self.record):
            return EvidenceStatus.PROVIDED
        has_words = self.record is not None and bool(self.record.evidence)
        return EvidenceStatus.CLAIMED if has_words else EvidenceStatus.NONE

    @property
    def missing(self) -> bool:
        """Whether a value is still wanted."""
        return self.record is None or self.record.status is ActualStatus.NOT_COLLECTED

    def days_late(self, today: date) -> int:
        """Days since the value was due; 0 when it is given or not due yet."""
        if not self.missing or self.due is None:
            return 0
        return max((today - self.due).days, 0)


def fact_shown(record: ManagementFact, definition: FactDefinition) -> str:
    """A management fact as people read it."""
    if record.status not in HAS_VALUE:
        return record.status.label
    words = {"true": "是", "false": "否"}
    return words.get(record.value.lower(), f"{record.value}{definition.unit}")


def is_computed(record: Actual | ManagementFact) -> bool:
    """Whether a value came from records."""
    if isinstance(record, Actual):
        return record.source_kind is SourceKind.COMPUTED
    return record.evidence.startswith(COMPUTED_EVIDENCE)


def wanted_facts(rubric: str) -> dict[str, FactDefinition]:
    """The management facts a rubric asks for, in its order."""
    known = facts()
    return {name: known[name] for name in load_sound_rubric(rubric).fact_names() if name in known}


def items_of(case: StoredCase) -> tuple[Item, ...]:
    """Everything owed in a year, indicators first."""
    return _Items(case).all()


def item_of(case: StoredCase, code: str) -> Item | None:
    """One of them, or None."""
    return next((each for each in _Items(case, code).all() if each.code == code), None)


class _Items:
    """Reads the tables once each, however many items there are.

    Args:
        code: of the only item that is wanted.
    """

    def __init__(self, case: StoredCase, code: str | None = None) -> None:
        self.case = case
        self.indicators = [
            _record("indicators", row) for row in _rows(case, "indicators", **_only("f_code", code))
        ]
        self.given = {
            section: {
                getattr(record, key): (record, row.revision)
                for record, row in _pairs(case, section, **_only(f"f_{key}", code))
            }
            for section, key in (("actuals", "indicator"), ("management", "fact"))
        }
        found = Assignment.objects.filter(case=case, **_only("item", code))
        self.assignments = {each.item: each for each in found.select_related("organisation", "person")}
        self.files = _files(case, **_only("item", code))
        self.owners = _owners_by_task(case)

    def all(self) -> tuple[Item, ...]:
        about = _rows(self.case, "about").first()
        rubric = "" if about is None else about.f_rubric
        wanted = wanted_facts(rubric) if rubric else {}
        known = facts()
        extra = {code: known[code] for code in self.given["management"] if code in known}
        return (
            *(self._indicator(each) for each in self.indicators),
            *(self._fact(each) for each in {**wanted, **extra}.values()),
        )

    def _indicator(self, indicator: Indicator) -> Item:
        owner = self.owners.get(indicator.task)
        target = shown_target(indicator)
        computable = bool(indicator.definition)
        return self._item(indicator.code, indicator.name, "indicator", target, owner, computable=computable)

    def _fact(self, definition: FactDefinition) -> Item:
        computable = bool(definition.computed_by)
        return self._item(definition.code, definition.label, "fact", "", None, computable=computable)

    def _item(
        self, code: str, label: str, kind: Kind, target: str, owner: Organisation | None, *, computable: bool
    ) -> Item:
        assignment = self.assignments.get(code)
        record, revision = self.given[_SECTION[kind]].get(code, (None, None))
        files, accepted = self.files.get(code, (0, 0))
        return Item(
            code=code,
            label=label,
            kind=kind,
            target=target,
            owner=assignment.organisation if assignment is not None else owner or self.case.organisation,
            assignment=assignment,
            due=(assignment.due if assignment is not None else None) or self.case.actual_due,
            record=record,
            revision=revision,
            files=files,
            accepted=accepted,
            computable=computable,
        )


def _only(column: str, value: str | None) -> dict[str, str]:
    """The condition that a column has a value; none when no value is asked for."""
    return {} if value is None else {column: value}


def _rows(case: StoredCase, section: str, **only: str) -> Any:  # noqa: ANN401 - a query set of one of the row models
    return ROW_MODELS[section]._default_manager.filter(case=case, **only)


def _record(section: str, row: CaseRow) -> Any:  # noqa: ANN401 - one of the record classes
    return record_of(SECTION_OF[section], row)


def _pairs(case: StoredCase, section: str, **only: str) -> list[tuple[Any, CaseRow]]:
    return [(_record(section, row), row) for row in _rows(case, section, **only)]


def _files(case: StoredCase, **only: str) -> dict[str, tuple[int, int]]:
    counted = (
        Evidence.objects.filter(case=case, withdrawn=None, **only)
        .order_by()
        .values_list("item", "status")
        .annotate(count=Count("pk"))
    )
    found: dict[str, tuple[int, int]] = {}
    for item, status, count in counted:
        files, accepted = found.get(item, (0, 0))
        found[item] = (files + count, accepted + (count if status == EvidenceStatus.VERIFIED.value else 0))
    return found


def _owners_by_task(case: StoredCase) -> dict[str, Organisation]:
    """By task the division that answers for it."""
    body = case.organisation
    below = Organisation.objects.filter(path__startswith=body.path, is_active=True).exclude(pk=body.pk)
    by_name = {each.name: each for each in below}
    named = _rows(case, "tasks").values_list("f_code", "f_division")
    return {code: by_name[division] for code, division in named if division in by_name}


def owner_of(case: StoredCase, code: str) -> Organisation:
    """The division that owes an item, or the body."""
    assignment = Assignment.objects.filter(case=case, item=code).select_related("organisation").first()
    if assignment is not None:
        return assignment.organisation
    row = row_with_key(case, SECTION_OF["indicators"], {"code": code})
    task = "" if row is None else row.f_task  # type: ignore[attr-defined] # made from the columns
    return _owners_by_task(case).get(task, case.organisation)


def is_mine(item: Item, actor: Actor) -> bool:
    """Whether somebody owes an item: by name, or as one of the division that owes it."""
    if item.person is not None:
        return actor.user is not None and item.person.pk == actor.user.pk
    at_owner = {each.role for each in actor.holdings if each.organisation.pk == item.owner.pk}
    return bool(at_owner & {Role.FILLER, Role.DIVISION_HEAD, Role.FINANCE})


def key_column(item: Item) -> str:
    """The column that names the item in its section."""
    return _KEY[item.kind]
