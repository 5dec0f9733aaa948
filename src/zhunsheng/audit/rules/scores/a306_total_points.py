"""A306: the points of a whole evaluation are 100."""

import re
from collections.abc import Iterator
from fractions import Fraction

from zhunsheng.audit.finding import Check
from zhunsheng.audit.quantities.numeral import Numeral
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.score_tables import trees_in_tables
from zhunsheng.audit.relations.scoring_items import ScoredItem, scored_trees
from zhunsheng.audit.rule import AuditRule, place_of
from zhunsheng.kernel.problem import Severity
from zhunsheng.kernel.rounding import exact_decimal

CODE = "A306"

_OTHER_SCALE = re.compile(r"附加|加分|折算|换算|占比|权重系数")


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Compare the stated total of points, or the sum of all items of a table with a total row, with 100."""
    full = rule.numbers["full_points"]
    for tree in [*scored_trees(reading), *trees_in_tables(reading)]:
        if not tree.is_total:
            continue
        figures = [each.points for each in tree.children if each.points is not None]
        listed = sum((each.amount for each in figures), Fraction(0))
        if tree.points is None:
            if tree.row is not None and figures and len(figures) == len(tree.children) and listed == full:
                yield rule.passed(reading, *figures)
            continue
        if tree.points.amount == full:
            yield rule.passed(reading, tree.points)
        elif tree.points.amount.denominator != 1:
            continue  # 总分93.86 is a score, not what can be scored
        elif not _bonus(tree) and abs(tree.points.amount - full) <= rule.numbers["near"]:
            adds_up = bool(figures) and listed == tree.points.amount
            yield _failed(reading, rule, tree.points, full, listed, adds_up=adds_up)


def _bonus(tree: ScoredItem) -> bool:
    return any(_OTHER_SCALE.search(item.name) for item in tree.walk())


def _failed(
    reading: Reading, rule: AuditRule, points: Numeral, full: Fraction, listed: Fraction, *, adds_up: bool
) -> Check:
    listed_full = listed == full
    proof = "，而所列各项分值之和正是100分" if listed_full else ""
    usual = Severity.NOTE if adds_up else Severity.WARNING
    return rule.failed(
        rule.finding(
            f"总分值为 {points.text}，通常应为 {exact_decimal(full)}分{proof}",
            [place_of(reading, points, "总分值")],
            severity=Severity.ERROR if listed_full else usual,
            confidence="0.95" if listed_full else "0.75",
            printed=points.text,
            computed=f"{exact_decimal(full)}分",
            difference=exact_decimal(points.amount - full),
        ),
        [(reading, points)],
    )
