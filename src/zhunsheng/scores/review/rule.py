"""A review rule as data, and what it finds."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from zhunsheng.kernel.citation import Citation
from zhunsheng.kernel.located import MISSING, Fields, Located
from zhunsheng.kernel.problem import Problem, Problems, Severity

ZERO = Decimal(0)


class RuleGroup(StrEnum):
    """Where a rule belongs."""

    TARGET_QUALITY = "target_quality"
    REVIEW = "review"
    SOFTWARE_CHECK = "software_check"

    @property
    def label(self) -> str:
        """The Chinese word shown to users."""
        return {"target_quality": "目标质量", "review": "复核口径", "software_check": "系统校验"}[self.value]


class Applies(StrEnum):
    """What a rule needs to run."""

    CASE = "case"
    DOCUMENT = "document"
    NEVER_YET = "never_yet"


@dataclass(frozen=True, slots=True)
class ReviewRule:
    """A rule: what it asks, how serious a breach is, what a reviewer does, and its parameters.

    Attributes:
        numbers: named parameters, exact; shares as fractions of the points.
        words: named word lists.
        applies: CASE when a case is enough; DOCUMENT when the written report or other papers are needed;
            NEVER_YET when there is no check for it.
        reason: why it does not run on a case alone, unless `applies` is CASE.
        needs: sections of the case without which it cannot run, such as "projects".
        note: what is a proposal of this product, such as a share of the points nobody has published.
    """

    code: str
    label: str
    group: RuleGroup
    severity: Severity
    description: str
    consequence: str
    remedy: str
    applies: Applies
    source: Citation
    numbers: Mapping[str, Fraction]
    words: Mapping[str, tuple[str, ...]]
    reason: str
    example_bad: str
    example_good: str
    needs: tuple[str, ...] = ()
    note: str = ""
    label_en: str = ""

    def found(
        self,
        what: str,
        *items: str,
        risk: Decimal = ZERO,
        places: tuple[str, ...] = (),
        remedy: str = "",
        severity: Severity | None = None,
    ) -> "Finding":
        """A finding of this rule about some items.

        Args:
            risk: points of the first item that a reviewer following the rule could take.
        """
        return Finding(
            self.code,
            severity or self.severity,
            items,
            what,
            remedy or self.remedy,
            risk,
            tuple(place for place in places if place),
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found.

    Attributes:
        items: codes of indicators, projects or nodes; the first one carries the risk.
        what: a sentence with both values or places that were compared.
        points_at_risk: points of the first item's score at stake.
    """

    rule: str
    severity: Severity
    items: tuple[str, ...]
    what: str
    remedy: str
    points_at_risk: Decimal
    places: tuple[str, ...]


def read_review_rule(node: Located) -> tuple[ReviewRule | None, tuple[Problem, ...]]:
    """Read a review rule from its file."""
    problems = Problems()
    fields = Fields(node, problems, "复核规则")
    label_en = fields.text("label_en", required=True)
    numbers: dict[str, Fraction] = {}
    words: dict[str, tuple[str, ...]] = {}
    parameters = fields.fields("parameters", "规则参数")
    if parameters is not None:
        for name, value in parameters.mapping.items():
            if isinstance(value.value, list):
                words[name] = parameters.texts(name)
            else:
                numbers[name] = Fraction(parameters.decimal(name, required=True) or 0)
    rule = ReviewRule(
        code=fields.text("code", required=True),
        label=fields.text("label", required=True),
        group=RuleGroup(
            fields.choice("group", [each.value for each in RuleGroup], required=True) or "review"
        ),
        severity=Severity(
            fields.choice("severity", [each.value for each in Severity], required=True) or "note"
        ),
        description=fields.text("description", required=True),
        consequence=fields.text("consequence", required=True),
        remedy=fields.text("remedy", required=True),
        applies=Applies(fields.choice("applies", [each.value for each in Applies], required=True) or "case"),
        source=fields.citation(required=True),
        numbers=numbers,
        words=words,
        reason=fields.text("reason"),
        example_bad=fields.text("example_bad", required=True),
        example_good=fields.text("example_good", required=True),
        needs=fields.texts("needs"),
        note=fields.text("note"),
        label_en=label_en,
    )
    if rule.applies is not Applies.CASE and not rule.reason:
        problems.add(MISSING.at(node.place, "不在档案上运行的规则须写明 reason"))
    fields.finish()
    return (None if problems.has_errors else rule), problems.as_tuple()
