"""Running the rules over a year: findings, points at risk, and the list of what ran and what could not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from zhunsheng.kernel.problem import Severity
from zhunsheng.kernel.rounding import plain
from zhunsheng.plans.case import Case
from zhunsheng.plans.sections import SECTIONS
from zhunsheng.scores.evaluation import Evaluation
from zhunsheng.scores.review.registry import checks
from zhunsheng.scores.review.rule import Applies, Finding, ReviewRule
from zhunsheng.scores.review.year import ZERO, ReviewedYear

State = Literal["ran", "not_applicable", "could_not_run"]

_LABELS = {section.name: section.label for section in SECTIONS}
_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


@dataclass(frozen=True, slots=True)
class Obligation:
    """A rule that had to be asked: with how many findings it ended, or why it did not run.

    Attributes:
        state: it ran; it does not apply to a case alone; or the case lacks a part it needs.
    """

    rule: str
    label: str
    state: State
    findings: int = 0
    reason: str = ""

    @property
    def ran(self) -> bool:
        """Whether the rule was run."""
        return self.state == "ran"


@dataclass(frozen=True, slots=True)
class Review:
    """The result of a review.

    Attributes:
        items: points at risk per item; several findings on one item never add beyond its score.
        points_at_risk: their sum; a node and its parts are never counted twice.
        obligations: every rule of the catalogue.
    """

    findings: tuple[Finding, ...]
    items: Mapping[str, Decimal]
    points_at_risk: Decimal
    obligations: tuple[Obligation, ...]


def review(case: Case, evaluation: Evaluation, rules: Iterable[ReviewRule]) -> Review:
    """Run all rules that a case is enough for."""
    year = ReviewedYear(case, evaluation)
    known = checks()
    findings: list[Finding] = []
    obligations = []
    for rule in sorted(rules, key=lambda each: each.code):
        if rule.applies is not Applies.CASE:
            obligations.append(Obligation(rule.code, rule.label, "not_applicable", reason=rule.reason))
            continue
        lacking = [_LABELS[name] for name in rule.needs if not getattr(case, name)]
        if lacking:
            reason = f"档案没有填写{'、'.join(f'“{label}”' for label in lacking)}，无法检查"
            obligations.append(Obligation(rule.code, rule.label, "could_not_run", reason=reason))
            continue
        found = list(known[rule.code](year, rule))
        findings.extend(found)
        obligations.append(Obligation(rule.code, rule.label, "ran", len(found)))
    findings.sort(key=lambda each: (_RANK[each.severity], each.rule, each.items))
    items = _at_risk(year, findings)
    at_stake = sum((_below(year, items, each.code) for each in evaluation.children("")), ZERO)
    return Review(tuple(findings), items, min(at_stake, evaluation.total), tuple(obligations))


def _below(year: ReviewedYear, items: Mapping[str, Decimal], code: str) -> Decimal:
    """Points at risk in a node: its own or those of its parts, whichever is more, and no more than its score."""
    parts = sum((_below(year, items, each.code) for each in year.evaluation.children(code)), ZERO)
    return min(year.score(code), max(items.get(code, ZERO), parts))


def _at_risk(year: ReviewedYear, findings: Iterable[Finding]) -> dict[str, Decimal]:
    items: dict[str, Decimal] = {}
    for finding in findings:
        if finding.items and finding.points_at_risk > 0:
            code = finding.items[0]
            # the heaviest finding counts: a reviewer takes points of an item once
            items[code] = min(year.score(code), max(items.get(code, ZERO), finding.points_at_risk))
    return dict(sorted(items.items()))


def review_data(result: Review) -> dict[str, object]:
    """The review in the documented JSON shape."""
    return {
        "points_at_risk": plain(result.points_at_risk),
        "items": {code: plain(points) for code, points in result.items.items()},
        "findings": [
            {
                "rule": each.rule,
                "severity": each.severity.value,
                "items": list(each.items),
                "what": each.what,
                "remedy": each.remedy,
                "points_at_risk": plain(each.points_at_risk),
                "places": list(each.places),
            }
            for each in result.findings
        ],
        "ledger": [
            {
                "rule": each.rule,
                "label": each.label,
                "state": each.state,
                "findings": each.findings,
                "reason": each.reason or None,
            }
            for each in result.obligations
        ],
    }
