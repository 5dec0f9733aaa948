"""The findings of an audit as the page lists them: filtered, paged, with what was accepted."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zhunsheng.audit.holding import HELD
from zhunsheng.kernel.problem import Severity
from zhunsheng.store.database.models import Acceptance, AuditedDocument
from zhunsheng.workflow.auditing.results import findings_of


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding with its number among all, which the marks in the original link to."""

    number: int
    data: Mapping[str, Any]
    acceptance: Acceptance | None

    @property
    def severity(self) -> Severity:
        """How serious it is."""
        return Severity(self.data["severity"])

    @property
    def is_held(self) -> bool:
        """Whether it comes from the year the document is held against, not from a rule."""
        return self.data["code"] in HELD

    @property
    def places(self) -> list[dict[str, Any]]:
        """Its places with the ids they have in the original."""
        return [
            {**place, "anchor": f"p{self.number}-{position}"}
            for position, place in enumerate(self.data["places"])
        ]


@dataclass(frozen=True, slots=True)
class Filter:
    """What of the findings is shown.

    Attributes:
        severity: "error", "warning", "note", or "" for all.
        rule: code of a rule, or "" for all.
        state: "open", "accepted", or "" for both.
        origin: "year", "rules", or "" for both.
    """

    severity: str = ""
    rule: str = ""
    state: str = ""
    origin: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Filter":
        """From the address; what is not known is not filtered by."""
        severity, state = given.get("severity", ""), given.get("state", "")
        origin = given.get("origin", "")
        return cls(
            severity if severity in {each.value for each in Severity} else "",
            given.get("rule", "")[:20],
            state if state in {"open", "accepted"} else "",
            origin if origin in {"year", "rules"} else "",
        )

    def passes(self, finding: ShownFinding) -> bool:
        """Whether a finding is shown."""
        accepted = finding.acceptance is not None
        return (
            (not self.severity or finding.data["severity"] == self.severity)
            and (not self.rule or finding.data["code"] == self.rule)
            and (not self.state or accepted is (self.state == "accepted"))
            and (not self.origin or finding.is_held is (self.origin == "year"))
        )


def shown_findings(document: AuditedDocument) -> list[ShownFinding]:
    """All findings with their acceptances."""
    accepted = {each.finding: each for each in document.acceptances.select_related("who")}
    return [
        ShownFinding(number, each, accepted.get(each["key"]))
        for number, each in enumerate(findings_of(document))
    ]


@dataclass(frozen=True, slots=True)
class Figures:
    """An audit in figures.

    Attributes:
        counts: findings that nobody accepted, by severity.
        accepted: how many were accepted.
        coverage: what became of the numerals; empty when nothing was read.
        content: numerals that are no dates, marks or codes.
        rules: codes of rules with a finding, and how many.
        obligations: how often each rule applied, those that applied first.
        is_held, is_by_rules: what was run: the document held against its year, the rules; before anything was, what
            will be.
    """

    counts: Sequence[tuple[Severity, int]]
    accepted: int
    coverage: Mapping[str, int]
    content: int
    rules: Sequence[tuple[str, int]]
    obligations: Sequence[Mapping[str, Any]]
    is_held: bool
    is_by_rules: bool


def figures_of(document: AuditedDocument, findings: Sequence[ShownFinding]) -> Figures:
    """Count."""
    left = Counter(each.severity for each in findings if each.acceptance is None)
    coverage: Mapping[str, int] = document.content.get("coverage", {})
    obligations = document.content.get("obligations", [])
    run = {each["rule"] for each in obligations}
    return Figures(
        [(each, left[each]) for each in Severity],
        sum(each.acceptance is not None for each in findings),
        coverage,
        coverage.get("numerals", 0) - coverage.get("structural", 0),
        sorted(Counter(str(each.data["code"]) for each in findings).items()),
        sorted(obligations, key=lambda each: (each["applied"] == 0, each["rule"])),
        not HELD.isdisjoint(run) if run else document.case is not None,
        bool(run - HELD) or not run,
    )
