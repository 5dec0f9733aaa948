"""A407: a clause that stands twice with the same words has the same figures."""

from collections.abc import Iterator

from zhunsheng.audit.facts.comparing import Sameness, sameness, slip_of_quantities
from zhunsheng.audit.finding import Check
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.restated_clauses import Restated, restated
from zhunsheng.audit.rule import AuditRule, place_of

CODE = "A407"


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Compare the figures of all clauses that are the same word for word."""
    for each in restated(reading):
        one, other = each.first.quantity, each.second.quantity
        if one is None or other is None:
            continue
        if sameness(one, other) is not Sameness.DIFFERENT:
            if each.first.amount and (each.anchored or each.words >= rule.numbers["long"]):
                yield rule.passed(reading, each.first, each.second)
        elif each.anchored and each.words >= rule.numbers["least"]:
            yield _failed(reading, rule, each)


def _failed(reading: Reading, rule: AuditRule, each: Restated) -> Check:
    slip = slip_of_quantities(each.first, each.second)
    hint = f"（{slip}）" if slip else ""
    return rule.failed(
        rule.finding(
            f"同一句话在两处的数不一致：{each.first.text} 与 {each.second.text}{hint}",
            [place_of(reading, each.second, "一处"), place_of(reading, each.first, "另一处")],
            confidence="0.7",
            printed=each.second.text,
            computed=each.first.text,
        ),
        [(reading, each.first), (reading, each.second)],
    )
