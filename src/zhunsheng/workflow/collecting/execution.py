"""What was really spent and received: executed amounts of budget lines and projects, after the targets were approved.

Only the columns of execution are filled in then. What was approved (names, budgets, purposes, goals) is not touched.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from zhunsheng.plans.case import BudgetLine, Project
from zhunsheng.plans.choices import EvidenceStatus
from zhunsheng.store.database.case_content import SECTION_OF, record_of, row_with_key
from zhunsheng.store.database.case_rows import ROW_MODELS, CaseRow
from zhunsheng.store.database.models import Evidence, Organisation, StoredCase
from zhunsheng.workflow.planning.divisions import Parts, parts_of

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
        row: where it is kept.
        files: how many files prove the executed amount.
        accepted: how many of them were accepted.
    """

    section: str
    record: BudgetLine | Project
    owner: Organisation
    row: CaseRow
    files: int = 0
    accepted: int = 0

    @property
    def code(self) -> str:
        """Its code."""
        return self.record.code

    @property
    def revision(self) -> int:
        """Of its row."""
        return self.row.revision

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
    return Spending(section, record, named or case.organisation, row, len(given), accepted)
