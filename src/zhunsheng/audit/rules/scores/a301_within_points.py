"""A301: a score is not greater than the points of its item."""

from collections.abc import Iterator

from zhunsheng.audit.finding import Check
from zhunsheng.audit.quantities.numeral import Numeral
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.score_tables import trees_in_tables
from zhunsheng.audit.relations.scoring_items import Statement, items_in_text, statement_of
from zhunsheng.audit.rule import AuditRule, place_of
from zhunsheng.kernel.rounding import exact_decimal

CODE = "A301"


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Compare every score and every deduction with the points of its item, in text and tables."""
    for item in items_in_text(reading):
        if item.points is None or item.is_bonus:
            continue
        for score in [item.score, *item.again]:
            if score is not None:
                yield _compared(reading, rule, item.points, score, "得分")
    yield from _deductions(reading, rule)
    for tree in trees_in_tables(reading):
        for item in tree.walk():
            if item.points is not None and item.score is not None and not item.is_bonus:
                yield _compared(reading, rule, item.points, item.score, "得分")


def _deductions(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """A deduction is not greater than the points stated before it."""
    for item in items_in_text(reading):
        if item.points is None or item.is_bonus or item.children:
            continue
        passage = reading.passages[item.passage]
        for numeral in reading.numerals_in(passage):
            if (
                item.points.end <= numeral.start < item.end
                and statement_of(passage, numeral) is Statement.DEDUCTION
                and passage.text[numeral.start - 1] in "扣减分"
                and "加" not in passage.text[max(0, numeral.start - 3) : numeral.start]
            ):
                yield _compared(reading, rule, item.points, numeral, "扣分")


def _compared(reading: Reading, rule: AuditRule, points: Numeral, score: Numeral, word: str) -> Check:
    if score.amount <= points.amount:
        return rule.passed(reading, points, score)
    excess = score.amount - points.amount
    return rule.failed(
        rule.finding(
            f"{word} {score.text} 大于分值 {points.text}",
            [place_of(reading, score, word), place_of(reading, points, "分值")],
            confidence="0.98",
            printed=score.text,
            computed=f"不超过 {points.text}",
            difference=exact_decimal(excess),
        ),
        [(reading, score), (reading, points)],
    )
