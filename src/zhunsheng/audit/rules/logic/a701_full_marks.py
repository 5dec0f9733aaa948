"""A701: full marks go with a target that was met."""

from collections.abc import Iterator

from zhunsheng.audit.finding import Check, Finding
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.scoring_items import named
from zhunsheng.audit.relations.targets import TargetPair, inverse, target_pairs
from zhunsheng.audit.rule import AuditRule, place_of
from zhunsheng.kernel.problem import Severity

CODE = "A701"


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Compare what was reached with the target, and the score with the points."""
    for pair in target_pairs(reading):
        item = pair.item
        if item is None or item.points is None or item.score is None or item.is_bonus:
            continue
        figures = (pair.target, pair.actual, item.points, item.score)
        if pair.lower is None or pair.hedged or (pair.lower and inverse(item.name) and not pair.target.bound):
            yield rule.insufficient(reading, *figures, detail="目标的方向不明")
            continue
        direction = "不低于" if pair.lower else "不高于"
        if pair.missed and not item.lost:
            yield rule.failed(
                rule.finding(
                    f"{named(item)}目标{direction} {pair.target.text}，实际 {pair.actual.text}，没有达到，却得满分 {item.score.text}",
                    [
                        place_of(reading, item.score, "满分"),
                        place_of(reading, pair.actual, "实际完成"),
                        place_of(reading, pair.target, "目标"),
                        place_of(reading, item.points, "分值"),
                    ],
                    confidence="0.85",
                    printed=item.score.text,
                    computed=f"低于 {item.points.text}",
                ),
                [(reading, each) for each in figures],
            )
            continue
        yield rule.passed(reading, *figures, note=_deducted_though_met(reading, rule, pair))


def _deducted_though_met(reading: Reading, rule: AuditRule, pair: TargetPair) -> Finding | None:
    item = pair.item
    if item is None or item.score is None or item.points is None or pair.missed or not item.lost:
        return None
    return rule.finding(
        f"{named(item)}目标 {pair.target.text} 已达到（实际 {pair.actual.text}），仍扣分：分值 {item.points.text}，得分 {item.score.text}",
        [
            place_of(reading, item.score, "得分"),
            place_of(reading, pair.actual, "实际完成"),
            place_of(reading, pair.target, "目标"),
        ],
        severity=Severity.NOTE,
        confidence="0.6",
        remedy="写明扣分原因，或核对得分。",
    )
