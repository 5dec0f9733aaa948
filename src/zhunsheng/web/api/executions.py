"""What was really spent and received: all budget lines and projects of a year, and reporting many in one go."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from ninja import Router, Schema
from pydantic import ConfigDict, Field, StringConstraints

from zhunsheng.store.database.case_content import SECTION_OF
from zhunsheng.store.database.models import StoredCase
from zhunsheng.web.api.operations import operation
from zhunsheng.web.api.tokens import ApiRequest
from zhunsheng.workflow.action import perform
from zhunsheng.workflow.collecting.execution import EXECUTED, Spending, spendings_of
from zhunsheng.workflow.collecting.recording import Executed, RecordExecutions
from zhunsheng.workflow.planning.cells import texts_of

ROUTER = Router(tags=["cases"])

_MOST = 1_000
Line = Annotated[str, StringConstraints(max_length=4000, pattern=r"^[^\x00]*$")]
Item = Annotated[str, StringConstraints(max_length=80, pattern=r"^(budget|projects)/[^\x00]+$")]
Revision = Annotated[int, Field(ge=0, le=2_147_483_647)]


class ExecutionShape(Schema):
    """A budget line or project; amounts in 万元, "" where there is none.

    Attributes:
        organisation: who reports it.
        evidence_status: state of what proves the executed amount.
        files: how many files prove it.
    """

    item: str
    name: str
    organisation: str
    revision: int
    adjusted: str
    executed: str
    executed_source: str
    executed_evidence: str
    result: str | None
    explanation: str
    evidence_status: str
    files: int


class ExecutionsShape(Schema):
    """Several of them."""

    items: list[ExecutionShape]


class ExecutionGiven(Schema):
    """What is reported of one; a field that is left out keeps its value.

    Attributes:
        item: as it was read, such as "projects/P2".
        revision: of the row as it was read. If somebody else has changed one of them since, nothing is written.
    """

    model_config = ConfigDict(extra="forbid")

    item: Item
    revision: Revision
    executed: Line | None = None
    executed_source: Line | None = None
    executed_evidence: Line | None = None
    result: Line | None = None
    explanation: Line | None = None


class ExecutionsGiven(Schema):
    """What is reported: all of it is written, or nothing.

    Attributes:
        unit: of the executed amounts.
    """

    model_config = ConfigDict(extra="forbid")

    unit: Literal["万元", "元"] = "万元"
    items: Annotated[list[ExecutionGiven], Field(min_length=1, max_length=_MOST)]


def _execution(found: Spending) -> dict[str, Any]:
    texts = texts_of(SECTION_OF[found.section], found.record)
    return {
        "item": found.item,
        "name": found.label,
        "organisation": found.owner.code,
        "revision": found.revision,
        "adjusted": texts["adjusted"],
        **{name: texts.get(name) for name in EXECUTED["projects"]},
        "evidence_status": found.evidence.value,
        "files": found.files,
    }


def _executions(found: Sequence[Spending]) -> dict[str, Any]:
    return {"items": [_execution(each) for each in found]}


@operation(
    ROUTER, "GET", "/cases/{case}/executions", "case.read", ExecutionsShape, summary="收支和项目的执行数"
)
def executions(request: ApiRequest, case: StoredCase) -> dict[str, Any]:  # noqa: ARG001 - every operation takes it
    """All budget lines, then all projects."""
    return _executions(spendings_of(case))


@operation(
    ROUTER, "PUT", "/cases/{case}/executions", "collect.report", ExecutionsShape, summary="成批填报执行数"
)
def report_executions(request: ApiRequest, case: StoredCase, given: ExecutionsGiven) -> dict[str, Any]:
    """Report many at once, by the same action as the page; the answer has those that were given, as they stand."""
    rows = tuple(
        Executed(
            each.item,
            {name: text for name in EXECUTED["projects"] if (text := getattr(each, name)) is not None},
            each.revision,
            given.unit,
        )
        for each in given.items
    )
    perform(RecordExecutions(case, rows), request.actor)
    wanted = {each.item for each in rows}
    return _executions([each for each in spendings_of(case) if each.item in wanted])
