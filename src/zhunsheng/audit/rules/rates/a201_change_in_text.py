"""A201: a stated difference or growth follows from the figures stated with it."""

from collections.abc import Iterator
from dataclasses import replace

from zhunsheng.audit.agreement import Agreement
from zhunsheng.audit.finding import Check
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.changes import Change, changes_in, is_percentage
from zhunsheng.audit.relations.growth import relations_of
from zhunsheng.audit.relations.verdicts import verdict
from zhunsheng.audit.rule import AuditRule, place_of
from zhunsheng.kernel.problem import Severity

CODE = "A201"


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Recompute every difference and growth rate of running text."""
    for change in changes_in(reading):
        yield from _judged(reading, rule, change)


def _judged(reading: Reading, rule: AuditRule, change: Change) -> Iterator[Check]:
    if change.rate is not None and is_percentage(change.now) and is_percentage(change.before):
        yield from _rate_of_rates(reading, rule, change)
        return
    relations = relations_of(change)
    if not relations or not change.comparable:
        if change.rate is not None and (change.now is not None or change.amount is not None):
            yield rule.insufficient(reading, *change.figures, detail="缺少基数或增减额，增减率无法验算")
        return
    for relation in relations:
        yield verdict(rule, reading, relation, change.skeleton.label)


def _rate_of_rates(reading: Reading, rule: AuditRule, change: Change) -> Iterator[Check]:
    """由85%提高到90%，提高5%: the writer meant percentage points."""
    if change.rate is None:
        return
    relative = relations_of(change)
    as_points = relations_of(replace(change, rate=None, points=change.rate))
    if any(each.agreement is not Agreement.WRONG for each in relative):
        yield rule.passed(reading, *change.figures)
    elif as_points and all(each.agreement is not Agreement.WRONG for each in as_points):
        yield rule.passed(
            reading,
            *change.figures,
            note=rule.finding(
                f"两个百分比相差 {change.rate.text[:-1]} 个百分点，不宜写成 {change.rate.text}",
                [place_of(reading, change.rate)],
                severity=Severity.NOTE,
                confidence="0.85",
                printed=change.rate.text,
                computed=f"{change.rate.text[:-1]}个百分点",
                remedy="将“%”改为“个百分点”。",
            ),
        )
    else:
        for relation in as_points:
            yield verdict(rule, reading, relation, change.skeleton.label)
