"""What was really spent and received: executed amounts of budget lines and projects, after the targets were approved.

Only the columns of execution are written here. What was approved (names, budgets, purposes, goals) is not touched.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from zhunsheng.kernel.money import Money
from zhunsheng.kernel.problem import Problems, Severity
from zhunsheng.plans.case import BudgetLine, Project
from zhunsheng.plans.choices import EvidenceStatus
from zhunsheng.plans.sections import Section
from zhunsheng.store.database.case_content import SECTION_OF, record_of, row_with_key
from zhunsheng.store.database.case_rows import ROW_MODELS, CaseRow
from zhunsheng.store.database.models import Evidence, Organisation, StoredCase
from zhunsheng.workflow.action import Action, Change, Invalid, Setting, Stale
from zhunsheng.workflow.collecting import kinds
from zhunsheng.workflow.collecting.reporting import judged_again, write_row
from zhunsheng.workflow.planning.cells import RowInput, filled_texts, read_input
from zhunsheng.workflow.planning.divisions import Parts, parts_of
from zhunsheng.workflow.planning.places import place_of, subject_of

EXECUTED: Final[Mapping[str, tuple[str, ...]]] = {
    "budget": ("executed", "executed_source", "executed_evidence", "explanation"),
    "projects": ("executed", "executed_source", "executed_evidence", "result", "explanation"),
}
"""The columns that are filled in after approval, by section, in the order of the form."""


def item_code(section: str, code: str) -> str:
    """What evidence of an executed amount is filed under: "budget/expenditure"."""
    return f"{section}/{code}"


@dataclass(frozen=True, slots=True)
class Spending:
    """A budget line or project with what was spent of it.

    Attributes:
        section: "budget" or "projects".
        owner: who reports it: the division that carries out a project, otherwise the body.
        revision: of its row.
        files: how many files prove the executed amount.
        accepted: how many of them were accepted.
    """

    section: str
    record: BudgetLine | Project
    owner: Organisation
    revision: int
    files: int = 0
    accepted: int = 0

    @property
    def code(self) -> str:
        """Its code."""
        return self.record.code

    @property
    def label(self) -> str:
        """Its name."""
        return self.record.name

    @property
    def item(self) -> str:
        """What its evidence is filed under."""
        return item_code(self.section, self.record.code)

    @property
    def rate(self) -> Fraction | None:
        """Executed by the whole year's budget; None where one is not known or the budget is zero."""
        executed, budget = self.record.executed, self.record.adjusted
        if executed is None or budget is None or not budget.in_unit("元"):
            return None
        return Fraction(executed.in_unit("元")) / Fraction(budget.in_unit("元"))

    @property
    def evidence(self) -> EvidenceStatus:
        """State of the evidence."""
        if self.files:
            return EvidenceStatus.VERIFIED if self.accepted else EvidenceStatus.PROVIDED
        return EvidenceStatus.CLAIMED if self.record.executed_evidence else EvidenceStatus.NONE


def spendings_of(case: StoredCase) -> list[Spending]:
    """All budget lines, then all projects, in their order."""
    parts, files = parts_of(case), _files(case)
    return [
        _spending(case, parts, name, row, files)
        for name in EXECUTED
        for row in ROW_MODELS[name]._default_manager.filter(case=case)
    ]


def spending_of(case: StoredCase, item: str) -> Spending | None:
    """One of them by what its evidence is filed under; None when there is none such."""
    section, _, code = item.partition("/")
    if section not in EXECUTED or not code:
        return None
    row = row_with_key(case, SECTION_OF[section], {"code": code})
    return None if row is None else _spending(case, parts_of(case), section, row, _files(case, item))


def _files(case: StoredCase, item: str = "") -> dict[str, list[str]]:
    given = Evidence.objects.filter(case=case, withdrawn=None)
    given = given.filter(item=item) if item else given.filter(item__contains="/")
    found: dict[str, list[str]] = {}
    for code, status in given.values_list("item", "status"):
        found.setdefault(code, []).append(status)
    return found


def _spending(
    case: StoredCase, parts: Parts, section: str, row: CaseRow, files: Mapping[str, list[str]]
) -> Spending:
    record = record_of(SECTION_OF[section], row)
    named = parts.named(record.unit) if isinstance(record, Project) else None
    given = files.get(item_code(section, record.code), [])
    accepted = given.count(EvidenceStatus.VERIFIED.value)
    return Spending(section, record, named or case.organisation, row.revision, len(given), accepted)


def wanted_spending(case: StoredCase, item: str) -> Spending:
    """One of the year's budget lines or projects.

    Raises:
        Invalid: there is none.
    """
    found = spending_of(case, item)
    if found is None:
        place = place_of(SECTION_OF["budget"], item[:60])
        what = f"本年度没有编码为“{item[:60]}”的收支项目"
        raise Invalid((kinds.NO_SPENDING.at(place, what, value=item),))
    return found


@dataclass(frozen=True)
class RecordExecution(Action):
    """Says what was really spent or received, where the amount comes from and what proves it.

    Attributes:
        item: "budget/<code>" or "projects/<code>".
        cells: texts by column of `EXECUTED`; a column that is absent keeps its value, every other one is passed over.
        seen: revision of the row the person has seen.
    """

    code = "collect.execution"
    label = "填报执行数"
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
        """Who reports it."""
        found = spending_of(case or self.case, self.item)
        return None if found is None else found.owner

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Read, check, write."""
        found = wanted_spending(setting.year, self.item)
        section = SECTION_OF[found.section]
        row = row_with_key(setting.year, section, {"code": found.code})
        assert row is not None  # noqa: S101 - it was found a moment ago in the same transaction
        if row.revision != self.seen:
            who = row.changed_by or "别人"
            raise Stale(f"“{found.label}”的执行数已被{who}修改；请对照现在的内容，再决定是否保存您填的内容")
        record = self._read(found, section)
        if record == found.record:
            return
        write_row(setting, section, row, record)
        before, after = filled_texts(section, found.record), filled_texts(section, record)
        names = [name for name in EXECUTED[section.name] if before.get(name) != after.get(name)]
        yield Change(
            subject_of(section, found.code),
            {name: before.get(name, "") for name in names},
            {name: after.get(name, "") for name in names},
        )
        if record.executed != found.record.executed:
            yield from judged_again(setting.year, self.item, "执行数已修改，须重新审核")

    def _read(self, found: Spending, section: Section) -> Any:  # noqa: ANN401 - one of the two records
        problems = Problems()
        cells = {name: text for name, text in self.cells.items() if name in EXECUTED[section.name]}
        record = read_input(section, found.record, RowInput(cells), found.code, problems)
        if not problems.has_errors and record.executed is not None:
            _proved(found, section, record, problems)
        errors = tuple(each for each in problems.found if each.severity is Severity.ERROR)
        if errors:
            raise Invalid(errors)
        return record


def _proved(found: Spending, section: Section, record: BudgetLine | Project, problems: Problems) -> None:
    """An amount says where it comes from and what proves it."""
    amount: Money | None = record.executed
    assert amount is not None  # noqa: S101 - asked before
    if not record.executed_source.strip():
        place = place_of(section, found.code, "executed_source")
        problems.add(kinds.NO_SOURCE.at(place, f"“{found.label}”的执行数没有写来源"))
    if not record.executed_evidence.strip() and not found.files:
        place = place_of(section, found.code, "executed_evidence")
        problems.add(kinds.NO_PROOF.at(place, f"“{found.label}”的执行数既没有佐证说明，也没有佐证文件"))
