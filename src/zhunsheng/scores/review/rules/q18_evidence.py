"""Q18: every actual value has at least one file or register behind it.

Not acceptable: a score without any evidence; a statement alone (said once, for all such indicators).
Acceptable: provided or verified evidence; a value computed from a register; an indicator that is not
due or does not apply.
"""

from collections.abc import Iterator

from zhunsheng.kernel.problem import Severity
from zhunsheng.kernel.rounding import score_text
from zhunsheng.plans.choices import ActualStatus, EvidenceStatus, SourceKind
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.year import ReviewedYear

CODE = "Q18"
_NOTHING_TO_SHOW = frozenset({ActualStatus.NOT_DUE, ActualStatus.NOT_APPLICABLE})


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Find scores without evidence, and values that rest on a statement alone."""
    claimed = []
    for indicator, actual in year.indicators():
        if actual is not None and (
            actual.status in _NOTHING_TO_SHOW or actual.source_kind is SourceKind.COMPUTED
        ):
            continue
        status = EvidenceStatus.NONE if actual is None else actual.evidence_status
        score = year.score(indicator.code)
        if status is EvidenceStatus.NONE and score:
            shown = f"{actual.value}{actual.unit}" if actual and actual.value else "没有完成值"
            yield rule.found(
                f"指标“{indicator.name}”得 {score_text(score)} 分，完成值：{shown}，佐证：{status.label}",
                indicator.code,
                risk=score,
                places=(indicator.place, actual.place if actual else ""),
            )
        elif status is EvidenceStatus.CLAIMED:
            claimed.append(indicator)
    if claimed:
        yield rule.found(
            f"{len(year.case.indicators)} 项指标中有 {len(claimed)} 项{EvidenceStatus.CLAIMED.label}，"
            "没有文件或台账",
            *(indicator.code for indicator in claimed),
            severity=Severity.NOTE,
        )
