"""Reporting a value: reading what was typed with the readers of files, and checking it against the rest of the year."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from zhunsheng.assembly.evaluating import facts
from zhunsheng.kernel.problem import Problem, Problems, Severity
from zhunsheng.plans.case import Actual, Case, ManagementFact
from zhunsheng.plans.checks import HAS_VALUE, VALUE_WITHOUT_STATUS
from zhunsheng.plans.choices import EvidenceStatus, SourceKind
from zhunsheng.plans.sections import Section
from zhunsheng.scores.inputs import case_inputs
from zhunsheng.store.database.case_content import SECTION_OF, case_of, record_of, row_with_key
from zhunsheng.store.database.case_rows import CaseRow
from zhunsheng.store.database.models import Evidence, Organisation, StoredCase
from zhunsheng.workflow.action import Action, Change, Invalid, Setting
from zhunsheng.workflow.collecting import kinds
from zhunsheng.workflow.collecting.items import Item, is_computed, item_of, key_column, owner_of
from zhunsheng.workflow.collecting.rows import require_as_seen, write_row
from zhunsheng.workflow.planning.cells import RowInput, filled_texts, read_input
from zhunsheng.workflow.planning.checking import edited_faults
from zhunsheng.workflow.planning.places import located_row, place_of

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "actuals": (
        "status",
        "value",
        "unit",
        "tier",
        "source_kind",
        "printed",
        "why_used",
        "evidence",
        "sample_size",
        "survey",
        "note",
    ),
    "management": ("status", "value", "printed", "why_used", "evidence"),
}
"""The fields people fill in, by section, in the order of the form."""
_SUBSTANCE: Final = ("status", "value", "unit", "tier")
"""What evidence proves; when it changes, what was accepted must be looked at again."""


def wanted_item(case: StoredCase, code: str) -> Item:
    """An item of the year.

    Raises:
        Invalid: there is none.
    """
    found = item_of(case, code)
    if found is None:
        place = place_of(SECTION_OF["actuals"], code)
        raise Invalid(
            (kinds.NO_ITEM.at(place, f"本年度没有编码为“{code[:60]}”的指标或管理事实", value=code),)
        )
    return found


def row_of(case: StoredCase, item: Item) -> CaseRow | None:
    """The row that holds what was reported."""
    return row_with_key(case, SECTION_OF[item.section], {key_column(item): item.code})


@dataclass(frozen=True)
class ReportActual(Action):
    """Says what the actual value of an item is.

    Attributes:
        cells: texts by column; a column that is absent keeps its value.
        seen: revision of the row the person has seen; None when there was none.
    """

    code = "collect.report"
    label = "填报完成值"
    right = "collect.report"
    touches_content = True

    case: StoredCase
    item: str
    cells: Mapping[str, str]
    seen: int | None

    def case_id(self) -> int:
        """The year."""
        return self.case.pk

    def division(self, case: StoredCase | None) -> Organisation | None:
        """Who owes the value."""
        return owner_of(case or self.case, self.item)

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Read, check, write."""
        item = wanted_item(setting.year, self.item)
        section, row = SECTION_OF[item.section], row_of(setting.year, item)
        require_as_seen(row, self.seen, f"“{item.label}”的完成值")
        before = None if row is None else record_of(section, row)
        record = self._read(item, section, before)
        if before is not None and record == before:
            return
        changed = before is None or any(
            getattr(before, name, "") != getattr(record, name, "") for name in _SUBSTANCE
        )
        if isinstance(record, Actual):
            record = replace(record, evidence_status=_evidence_after(setting.year, record, changed=changed))
        write_row(setting, section, row, record)
        yield Change(
            f"{section.name}/{item.code}",
            None if before is None else filled_texts(section, before),
            filled_texts(section, record),
        )
        if changed:
            yield from judged_again(setting.year, item.code, "完成值已修改，须重新审核")

    def _read(self, item: Item, section: Section, before: Any | None) -> Any:  # noqa: ANN401 - a record
        problems = Problems()
        cells = {name: text for name, text in self.cells.items() if name in COLUMNS[section.name]}
        if before is None:
            cells[key_column(item)] = item.code
        record = read_input(section, before, RowInput(cells), item.code, problems)
        record = _with_source(item, before, record, problems)
        if not problems.has_errors:
            problems.extend(_faults(self.case, item, section, record))
        errors = tuple(each for each in problems.found if each.severity is Severity.ERROR)
        if errors:
            raise Invalid(errors)
        return record


def _with_source(item: Item, before: Any | None, record: Any, problems: Problems) -> Any:  # noqa: ANN401
    """The record with where its value comes from: one typed over a computed one is reported, and says why."""
    section = SECTION_OF[item.section]
    computed = before if before is not None and is_computed(before) else None
    same = computed is not None and all(
        getattr(computed, name, "") == getattr(record, name, "") for name in _SUBSTANCE
    )
    if computed is not None and not same and record.why_used == computed.why_used:
        place = place_of(section, item.code, "why_used")
        problems.add(kinds.NO_OWN_REASON.at(place, f"“{item.label}”由台账算出，改填后没有写新的理由"))
    if isinstance(record, ManagementFact):
        keeps_mark = computed is not None and not same and record.evidence == computed.evidence
        return replace(record, evidence="") if keeps_mark else record
    if same:
        return replace(record, source_kind=SourceKind.COMPUTED)
    if record.source_kind is not SourceKind.COMPUTED:
        return record
    if computed is None:
        place = place_of(section, item.code, "source_kind")
        problems.add(kinds.NOT_FROM_RECORDS.at(place, f"“{item.label}”的取值方式选了“由台账计算”"))
        return record
    evidence = "" if record.evidence == computed.evidence else record.evidence
    return replace(record, source_kind=SourceKind.REPORTED, evidence=evidence)


def _faults(case: StoredCase, item: Item, section: Section, record: Any) -> Iterator[Problem]:  # noqa: ANN401
    row = located_row(section, item.code)
    yield from edited_faults(case, section, (), [(record, row)])
    if isinstance(record, ManagementFact):
        yield from _fact_faults(case_of(case), item, section, record)


def _fact_faults(case: Case, item: Item, section: Section, record: ManagementFact) -> Iterator[Problem]:
    if (record.status in HAS_VALUE) != bool(record.value):
        name = "value" if not record.value else "status"
        what = f"状态是“{record.status.label}”，" + (
            "却没有采用值" if not record.value else f"却填有“{record.value}”"
        )
        yield VALUE_WITHOUT_STATUS.at(place_of(section, item.code, name), what)
        return
    others = tuple(each for each in case.management if each.fact != record.fact)
    _, problems = case_inputs(replace(case, management=(*others, record)), facts())
    for each in problems:
        if each.place.field == f"管理事实 {item.code}" and each.severity is Severity.ERROR:
            yield replace(each, place=place_of(section, item.code, "value"))


def _evidence_after(case: StoredCase, record: Actual, *, changed: bool) -> EvidenceStatus:
    """State of the evidence after a value was reported."""
    if record.source_kind is SourceKind.COMPUTED:
        return record.evidence_status
    given = Evidence.objects.filter(case=case, item=record.indicator, withdrawn=None)
    if given.exclude(status=EvidenceStatus.NONE.value).exists():
        verified = record.evidence_status is EvidenceStatus.VERIFIED and not changed
        return EvidenceStatus.VERIFIED if verified else EvidenceStatus.PROVIDED
    if not record.evidence:
        return EvidenceStatus.NONE
    stands = record.evidence_status is not EvidenceStatus.NONE and not changed
    return record.evidence_status if stands else EvidenceStatus.CLAIMED


def judged_again(case: StoredCase, item: str, why: str) -> Iterator[Change]:
    """Files that were accepted for another value have to be judged for this one."""
    accepted = Evidence.objects.filter(
        case=case, item=item, withdrawn=None, status=EvidenceStatus.VERIFIED.value
    )
    for each in accepted:
        each.status, each.judged_by = EvidenceStatus.PROVIDED.value, None
        each.judgement = why
        each.save()
        yield Change(
            f"evidence/{item}/{each.name}"[:200],
            EvidenceStatus.VERIFIED.value,
            EvidenceStatus.PROVIDED.value,
        )
