"""Whether a report may be called final: every lost point has a reason, a problem and a remedy."""

from collections.abc import Iterator
from dataclasses import dataclass

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Problem, Severity
from zhunsheng.kernel.rounding import score_text
from zhunsheng.plans.case import Case
from zhunsheng.scores.evaluation import Evaluation, ScoredNode

NO_REASON = Kind(
    "REPORT-010", Severity.ERROR, "扣分项须在第二部分写明原因", "在“扣分原因”中为该评分项补充原因。"
)
NO_PROBLEM = Kind(
    "REPORT-011",
    Severity.ERROR,
    "扣分项须在第三部分有对应的问题",
    "在“存在问题”中补一条，并在“涉及的评分项”列出该编码。",
)
NO_REMEDY = Kind(
    "REPORT-012",
    Severity.ERROR,
    "第三部分的问题须在第四部分有对应的措施",
    "在“改进措施”中补一条，并在“针对的问题”列出该编码。",
)
UNKNOWN_ITEM = Kind(
    "REPORT-015",
    Severity.ERROR,
    "“涉及的评分项”应是指标、任务或评分体系节点的编码",
    "改成已有的编码。",
)
UNSCORED = Kind("REPORT-013", Severity.ERROR, "还有评分项没有得分", "补充数据或人工评分。")
OPEN_ERROR = Kind("REPORT-014", Severity.ERROR, "评分中还有未解决的错误", "先解决评分结果中列出的错误。")


@dataclass(frozen=True, slots=True)
class Completeness:
    """What keeps the report a draft; empty means final."""

    missing: tuple[Problem, ...]

    @property
    def is_draft(self) -> bool:
        """Whether the report must be marked 草稿."""
        return bool(self.missing)


def check_completeness(case: Case, evaluation: Evaluation) -> Completeness:
    """Hold the report's parts 二(二), 三 and 四 against each other."""
    return Completeness(tuple(_missing(case, evaluation)))


def _missing(case: Case, evaluation: Evaluation) -> Iterator[Problem]:
    for problem in evaluation.problems:
        if problem.severity is Severity.ERROR:
            yield OPEN_ERROR.at(problem.place, problem.what)
    for node in evaluation.leaves():
        if node.score is None:
            yield UNSCORED.at(
                _place(node), f"{node.code} {node.name}（{score_text(node.points)} 分）没有得分"
            )
    covered = {item for row in case.shortcomings for item in row.covers}
    for node in evaluation.deducted():
        yield from _unanswered(node, node.code in covered)
    yield from _shortcomings(case, evaluation)


def _shortcomings(case: Case, evaluation: Evaluation) -> Iterator[Problem]:
    answered = {code for remedy in case.remedies for code in remedy.answers}
    for row in case.shortcomings:
        place = Place(field=f"存在问题 {row.code}")
        for item in row.covers:
            if evaluation.node(item) is None:
                yield UNKNOWN_ITEM.at(place, f"没有编码为“{item}”的评分项", value=item)
        if row.code not in answered:
            yield NO_REMEDY.at(place, f"“{row.title}”没有对应的改进措施")


def _unanswered(node: ScoredNode, covered: bool) -> Iterator[Problem]:
    lost = f"{node.code} {node.name}扣 {score_text(node.lost)} 分"
    if not node.deviation:
        yield NO_REASON.at(_place(node), f"{lost}，没有写明原因")
    if not covered:
        yield NO_PROBLEM.at(_place(node), f"{lost}，第三部分没有提到")


def _place(node: ScoredNode) -> Place:
    return Place(field=f"{node.code} {node.name}")
