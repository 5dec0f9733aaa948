"""Q15: satisfaction is asked of those who are served, in a survey that can be shown.

Not acceptable: a score without a survey or a sample; a survey among the body's own staff.
Acceptable: a described survey with a sample of at least the parameter's size. An indicator that has
neither a value nor a score is silent.
"""

from collections.abc import Iterator

from zhunsheng.kernel.rounding import score_text
from zhunsheng.plans.case import Actual
from zhunsheng.plans.choices import IndicatorKind, Nature
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.year import ReviewedYear

CODE = "Q15"


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Find satisfaction that was not surveyed, was asked inside, or rests on few answers."""
    for indicator, actual in year.indicators():
        if indicator.nature is not Nature.SATISFACTION and indicator.kind is not IndicatorKind.SATISFACTION:
            continue
        score = year.score(indicator.code)
        if not year.has_actual(indicator.code) and not score:
            continue
        reason = _reason(actual, rule)
        if reason:
            shown = f"{actual.value}{actual.unit}" if actual and actual.value else "没有完成值"
            yield rule.found(
                f"指标“{indicator.name}”完成值：{shown}，得 {score_text(score)} 分；{reason}",
                indicator.code,
                risk=score,
                places=(indicator.place, actual.place if actual else ""),
            )


def _reason(actual: Actual | None, rule: ReviewRule) -> str:
    if actual is None:
        return "没有调查方法和样本量"
    inside = next((word for word in rule.words["inside_words"] if word in actual.survey), "")
    if inside:
        return f"调查对象含“{inside}”：“{actual.survey}”"
    lacking = [
        name
        for name, absent in (("调查方法", not actual.survey), ("样本量", actual.sample_size is None))
        if absent
    ]
    if lacking:
        return f"没有{'和'.join(lacking)}"
    smallest = rule.numbers["smallest_sample"]
    if actual.sample_size is not None and actual.sample_size < smallest:
        return f"样本量 {actual.sample_size}，少于 {smallest}"
    return ""
