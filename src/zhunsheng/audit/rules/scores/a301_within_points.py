"""A301: a score is not greater than the points of its item."""

from collections.abc import Iterator

from zhunsheng.audit.finding import Check
from zhunsheng.audit.quantities.numeral import Numeral, Role
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.rule import AuditRule, place_of
from zhunsheng.kernel.rounding import exact_decimal

CODE = "A301"


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Compare every score with the points printed before it in the sentence, or in its table row."""
    for points, score in _pairs(reading):
        if score.amount <= points.amount:
            yield rule.passed(reading, points, score)
            continue
        excess = score.amount - points.amount
        yield rule.failed(
            rule.finding(
                f"得分 {score.text} 大于分值 {points.text}",
                [place_of(reading, score, "得分"), place_of(reading, points, "分值")],
                confidence="0.98",
                printed=score.text,
                computed=f"不超过 {points.text}",
                difference=exact_decimal(excess),
            ),
            [(reading, score), (reading, points)],
        )


def _pairs(reading: Reading) -> Iterator[tuple[Numeral, Numeral]]:
    for passage in reading.prose:
        latest: Numeral | None = None
        for numeral in reading.numerals_in(passage):
            if numeral.role is Role.FULL_SCORE:
                latest = numeral
            elif numeral.role is Role.SCORE and latest is not None:
                yield latest, numeral
                latest = None
    for view in reading.tables:
        for row in range(view.header_rows, view.table.rows):
            cells = [
                figure
                for column in range(view.table.columns)
                if (figure := reading.numeral_in_cell(view.table.index, row, column)) is not None
            ]
            full = [each for each in cells if each.role is Role.FULL_SCORE]
            scores = [each for each in cells if each.role is Role.SCORE]
            if len(full) == 1 and len(scores) == 1:
                yield full[0], scores[0]
