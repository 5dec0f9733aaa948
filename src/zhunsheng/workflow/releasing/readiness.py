"""What stands in the way of a release, each with what to do about it."""

from collections.abc import Iterator
from dataclasses import dataclass

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Problem, Severity
from zhunsheng.plans.roles import EvaluationState
from zhunsheng.store.database.models import ReportVersion, StoredCase, StoredEvaluation
from zhunsheng.workflow.auditing.results import open_errors
from zhunsheng.workflow.releasing.frozen import FrozenYear, frozen_year

NOT_FROZEN = Kind(
    "RELEASE-001", Severity.ERROR, "只有锁定的年度可以公开", "由财政部门复核并锁定自评后再公开。"
)
NO_EVALUATION = Kind(
    "RELEASE-002",
    Severity.ERROR,
    "公开须有锁定时保存的评分结果",
    "由财政部门解除锁定后重新锁定，使评分结果保存下来。",
)
NO_REPORT = Kind(
    "RELEASE-003", Severity.ERROR, "公开须有按锁定内容生成的报告", "在“自评报告”页面生成一次报告。"
)
DRAFT = Kind(
    "RELEASE-004", Severity.ERROR, "草稿不能公开", "按报告版本页面列出的缺项补充后重新锁定、重新生成报告。"
)
NOT_AUDITED = Kind("RELEASE-005", Severity.ERROR, "公开前须核对报告本身", "重新生成报告，格式中选上 Word。")
OPEN_FINDINGS = Kind(
    "RELEASE-006",
    Severity.ERROR,
    "报告核对出的错误须更正，或写明理由后接受",
    "打开报告的核对结果，逐条处理“错误”级的问题。",
)
PERSONAL = Kind(
    "RELEASE-007", Severity.ERROR, "公开内容不得含个人信息", "修改这段文字，去掉姓名、电话或身份证号码。"
)
DIFFERENT_SCORES = Kind(
    "RELEASE-008",
    Severity.ERROR,
    "公开的得分须与锁定时的得分一致",
    "联系管理员核对程序和评分体系的版本；核清以前不要公开。",
)
NO_CORRECTION = Kind(
    "RELEASE-009", Severity.ERROR, "再次公开须写明更正说明", "写明改了什么、为什么改，公众会看到这段文字。"
)
LONG_CORRECTION = Kind("RELEASE-010", Severity.ERROR, "更正说明不超过 2000 字", "写得简短些。")
NO_REASON = Kind("RELEASE-011", Severity.ERROR, "撤下须写明原因", "写明为什么撤下。")
NOTHING_PUBLIC = Kind("RELEASE-012", Severity.ERROR, "没有可以撤下的公开内容", "刷新页面看看当前状态。")
UNKNOWN_CHOICE = Kind("RELEASE-013", Severity.ERROR, "只能选择列出的选项", "从页面列出的选项中选择。")
DAMAGED = Kind("RELEASE-014", Severity.ERROR, "锁定的版本必须完整可读", "联系管理员，从备份恢复这个版本。")

RELEASABLE = frozenset({EvaluationState.FROZEN, EvaluationState.RELEASED})


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether a year may become public.

    Attributes:
        year: what would be released; None while nothing is locked.
        blocks: what stands in the way; empty when nothing does.
    """

    year: FrozenYear | None
    blocks: tuple[Problem, ...]

    @property
    def is_ready(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.blocks


def readiness(stored: StoredCase) -> Readiness:
    """Everything that can be said without making the public content."""
    year = frozen_year(stored)
    return Readiness(year, tuple(_blocks(stored, year)))


def _blocks(stored: StoredCase, year: FrozenYear | None) -> Iterator[Problem]:
    if stored.evaluation not in RELEASABLE or year is None:
        yield NOT_FROZEN.at(Place(field="自评状态"), f"自评状态为“{stored.evaluation.label}”")
        return
    if year.evaluation is None:
        yield NO_EVALUATION.at(Place(field="评分结果"), f"锁定的第 {year.version.number} 版没有保存评分结果")
        return
    yield from _report_blocks(year.evaluation, year.report)


def _report_blocks(evaluation: StoredEvaluation, report: ReportVersion | None) -> Iterator[Problem]:
    place = Place(field="自评报告")
    if report is None:
        yield NO_REPORT.at(place, f"锁定的内容（修订号 {evaluation.revision}）还没有生成报告")
        return
    if report.draft:
        yield DRAFT.at(place, f"报告第 {report.number} 版是草稿")
    if report.audited is None or report.audited.failed:
        yield NOT_AUDITED.at(place, f"报告第 {report.number} 版没有核对过")
        return
    left = open_errors(report.audited)
    if left:
        first = "；".join(str(each["message"]) for each in left[:3])
        more = "等" if len(left) > 3 else ""
        yield OPEN_FINDINGS.at(
            place, f"报告第 {report.number} 版有 {len(left)} 条错误没有处理：{first}{more}"
        )
