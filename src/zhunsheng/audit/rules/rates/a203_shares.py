"""A203: a stated share is the part divided by the whole."""

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from zhunsheng.audit.agreement import Agreement, total
from zhunsheng.audit.finding import Check
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.shares import Share, shares_in
from zhunsheng.audit.relations.verdicts import (
    Member,
    Relation,
    best,
    figure_range,
    quotient,
    ratio_relation,
    scale_of,
    scaled,
    verdict,
)
from zhunsheng.audit.rule import AuditRule
from zhunsheng.kernel.problem import Severity

CODE = "A203"


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Recompute every share of running text."""
    groups: defaultdict[int, list[Share]] = defaultdict(list)
    for share in shares_in(reading):
        if share.bases:
            yield _judged(reading, rule, share)
        else:
            groups[share.skeleton.passage.number].append(share)
    for group in groups.values():
        yield from _by_their_sum(reading, rule, group)


def _judged(reading: Reading, rule: AuditRule, share: Share) -> Check:
    stated, part = Member("占比", share.share), Member("部分", share.part)
    relations = [
        relation
        for base in share.bases
        if (relation := ratio_relation(stated, part, Member("总体", base))) is not None
    ]
    chosen = best(relations)
    if chosen is None or (chosen.agreement is Agreement.WRONG and len(relations) > 1 and not share.named):
        return rule.insufficient(reading, share.share, share.part, detail="总体的数值不能确定")
    if chosen.agreement is Agreement.WRONG:
        weight = (Severity.ERROR, "0.94") if share.named else (Severity.WARNING, "0.60")
        first = ratio_relation(
            stated, part, Member("总体", share.bases[0]), severity=weight[0], confidence=weight[1]
        )
        chosen = first or chosen
    return verdict(rule, reading, chosen, share.skeleton.label)


def _by_their_sum(reading: Reading, rule: AuditRule, group: list[Share]) -> Iterator[Check]:
    """Shares of an unstated whole that make 100 together: each against the sum of the parts."""
    units = {each.part.quantity.unit for each in group if each.part.quantity is not None}
    whole = sum((each.share.amount for each in group), Fraction(0))
    slack = Fraction(len(group), 10)
    if len(group) < 2 or len(units) != 1 or abs(whole - 100) > slack:
        for each in group:
            yield rule.insufficient(reading, each.share, each.part, detail="文中没有总体的数值")
        return
    parts = [Member("部分", each.part) for each in group]
    everything = total(figure_range(each.figure) for each in parts)
    for each in group:
        value = quotient(figure_range(each.part), everything)
        if value is None:
            yield rule.insufficient(reading, each.share, each.part, detail="各部分之和为 0")
            continue
        relation = Relation(
            Member("占比", each.share),
            scaled(value, scale_of(each.share)),
            tuple(parts),
            f"{each.part.text}÷各部分之和",
            severity=Severity.WARNING,
            confidence="0.80",
        )
        yield verdict(rule, reading, relation)
