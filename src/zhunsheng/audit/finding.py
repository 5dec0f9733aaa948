"""What the audit says: findings with all their places, and the checks they come from."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from zhunsheng.audit.document import Span
from zhunsheng.kernel.problem import Severity


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A place a finding speaks of.

    Attributes:
        document: index of the document among those audited together.
        span: the characters meant, usually one figure.
        text: what stands there.
        note: what the place is to the finding, such as "合计" or "另一处".
    """

    document: int
    span: Span
    text: str
    note: str = ""


class Outcome(StrEnum):
    """How one application of a rule ended."""

    PASSED = "passed"
    FAILED = "failed"
    INSUFFICIENT = "insufficient"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that cannot be true, is probably not, or deserves a look.

    Attributes:
        code: stable code of the rule, such as "A101".
        severity: ERROR when not all places can be true; WARNING when probably not; NOTE otherwise.
        confidence: how sure the program is, 0 to 1, with two decimals.
        message: one Chinese sentence with the figures compared.
        places: the first is the figure most probably wrong.
        printed: the figure as printed, or "".
        computed: what it should be by recomputation, with the printed precision, or "".
        difference: printed minus computed, or "".
        remedy: what to do, in Chinese.
    """

    code: str
    severity: Severity
    confidence: Decimal
    message: str
    places: tuple[FoundPlace, ...]
    remedy: str
    printed: str = ""
    computed: str = ""
    difference: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One application of a rule to some figures.

    Attributes:
        rule: code of the rule.
        numerals: identifiers (document, number in the document) of the figures that took part.
        finding: what is wrong, when the outcome is FAILED; a PASSED check may carry a NOTE
            (a tail difference, a truncation).
    """

    rule: str
    outcome: Outcome
    numerals: tuple[tuple[int, int], ...]
    finding: Finding | None = None
    detail: str = field(default="")
