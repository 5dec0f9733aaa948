"""An audit rule as data, and how its module says what it found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from zhunsheng.audit.document import Span
from zhunsheng.audit.finding import Check, Finding, FoundPlace, Outcome
from zhunsheng.audit.quantities.numeral import Numeral
from zhunsheng.audit.reading import Reading
from zhunsheng.kernel.citation import Citation
from zhunsheng.kernel.located import Fields, Located
from zhunsheng.kernel.problem import Problem, Problems, Severity


class Subject(StrEnum):
    """What a rule is about; also the folder of its module."""

    SUMS = "sums"
    RATES = "rates"
    SCORES = "scores"
    REPEATS = "repeats"
    COUNTS = "counts"
    DIRECTIONS = "directions"
    LOGIC = "logic"
    TEMPLATES = "templates"
    UNITS = "units"

    @property
    def label(self) -> str:
        """The Chinese word shown to users."""
        return {
            "sums": "合计",
            "rates": "比率与增减",
            "scores": "得分",
            "repeats": "前后一致",
            "counts": "个数与编号",
            "directions": "方向与范围",
            "logic": "事理",
            "templates": "套用与错位",
            "units": "单位",
        }[self.value]


@dataclass(frozen=True, slots=True)
class AuditRule:
    """A rule of the audit.

    Attributes:
        description: what must hold.
        applicability: where it applies, and where it deliberately does not.
        example_bad, example_good: short documents (as a txt file would read) that must and must not be found.
        numbers: named parameters, exact.
        words: named word lists.
    """

    code: str
    label: str
    subject: Subject
    severity: Severity
    description: str
    applicability: str
    remedy: str
    source: Citation
    example_bad: str
    example_good: str
    numbers: Mapping[str, Fraction]
    words: Mapping[str, tuple[str, ...]]
    label_en: str = ""

    def passed(
        self, reading: Reading, *numerals: Numeral, detail: str = "", note: Finding | None = None
    ) -> Check:
        """The rule was applied to these figures of one document and holds."""
        return Check(self.code, Outcome.PASSED, _identifiers(reading, numerals), note, detail)

    def insufficient(self, reading: Reading, *numerals: Numeral, detail: str = "") -> Check:
        """The rule would apply, but something it needs is missing."""
        return Check(self.code, Outcome.INSUFFICIENT, _identifiers(reading, numerals), None, detail)

    def failed(self, finding: Finding, numerals: Sequence[tuple[Reading, Numeral]] = ()) -> Check:
        """The rule does not hold."""
        identifiers = tuple((reading.index, numeral.number) for reading, numeral in numerals)
        return Check(self.code, Outcome.FAILED, identifiers, finding)

    def finding(
        self,
        message: str,
        places: Sequence[FoundPlace],
        *,
        confidence: str = "0.9",
        severity: Severity | None = None,
        printed: str = "",
        computed: str = "",
        difference: str = "",
        remedy: str = "",
    ) -> Finding:
        """A finding of this rule; the first place is the figure most probably wrong."""
        return Finding(
            self.code,
            severity or self.severity,
            Decimal(confidence),
            message,
            tuple(places),
            remedy or self.remedy,
            printed,
            computed,
            difference,
        )


def _identifiers(reading: Reading, numerals: Sequence[Numeral]) -> tuple[tuple[int, int], ...]:
    return tuple((reading.index, numeral.number) for numeral in numerals)


def place_of(reading: Reading, numeral: Numeral, note: str = "") -> FoundPlace:
    """The place of a figure."""
    return FoundPlace(reading.index, numeral.span, numeral.text, note)


def place_at(reading: Reading, span: Span, note: str = "") -> FoundPlace:
    """The place of any characters."""
    return FoundPlace(reading.index, span, reading.document.quote(span), note)


def read_audit_rule(node: Located) -> tuple[AuditRule | None, tuple[Problem, ...]]:
    """Read a rule from its file."""
    problems = Problems()
    fields = Fields(node, problems, "审核规则")
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
    rule = AuditRule(
        code=fields.text("code", required=True),
        label=fields.text("label", required=True),
        subject=Subject(fields.choice("subject", [each.value for each in Subject], required=True) or "sums"),
        severity=Severity(
            fields.choice("severity", [each.value for each in Severity], required=True) or "note"
        ),
        description=fields.text("description", required=True),
        applicability=fields.text("applicability", required=True),
        remedy=fields.text("remedy", required=True),
        source=fields.citation(required=True),
        example_bad=fields.text("example_bad", required=True),
        example_good=fields.text("example_good", required=True),
        numbers=numbers,
        words=words,
        label_en=label_en,
    )
    fields.finish()
    return (None if problems.has_errors else rule), problems.as_tuple()
