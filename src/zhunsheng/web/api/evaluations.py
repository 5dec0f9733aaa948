"""The evaluation of a year as it was computed last."""

from datetime import datetime
from typing import Annotated, Any

from django.http import Http404
from ninja import Query, Router, Schema

from zhunsheng.store.database.models import StoredCase
from zhunsheng.web.api.operations import operation
from zhunsheng.web.api.tokens import ApiRequest

ROUTER = Router(tags=["evaluation"])
Rubric = Annotated[str, Query(pattern=r"^[-a-z0-9_.]{0,100}$", description="评分体系编码；不填为最近一次")]


class EvaluationShape(Schema):
    """An evaluation; `content` is described in docs/json.md.

    `current` is false when the year has changed since; then the page of the evaluation computes it anew.
    """

    case: str
    revision: int
    current: bool
    frozen: bool
    rubric: str
    moment: datetime
    total: str
    grade: str
    content: dict[str, Any]


@operation(
    ROUTER, "GET", "/cases/{case}/evaluation", "case.read", EvaluationShape, summary="年度自评得分和计算过程"
)
def evaluation(request: ApiRequest, case: StoredCase, rubric: Rubric = "") -> dict[str, object]:  # noqa: ARG001
    """The evaluation that was computed last; nothing is computed in a request."""
    kept = case.evaluations.order_by("-revision", "-moment", "-pk")
    found = (kept.filter(rubric=rubric) if rubric else kept).first()
    if found is None:
        raise Http404("这个年度还没有算过得分；请先打开自评打分页面或运行计算")
    return {
        "case": case.code,
        "revision": found.revision,
        "current": found.revision == case.revision,
        "frozen": found.version_id is not None,
        "rubric": found.rubric,
        "moment": found.moment,
        "total": found.total,
        "grade": found.grade,
        "content": found.content,
    }
