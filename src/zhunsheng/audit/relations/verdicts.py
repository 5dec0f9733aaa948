"""From a relation between printed figures to a check: passed, passed with a note, or failed with a finding."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from zhunsheng.audit.agreement import Agreement, Range, agree, as_printed, exactly, range_of, whole
from zhunsheng.audit.finding import Check, Finding
from zhunsheng.audit.quantities.numeral import Numeral
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.suspects import Implied, suspect_of
from zhunsheng.audit.rule import AuditRule, place_of
from zhunsheng.kernel.problem import Severity
from zhunsheng.kernel.rounding import exact_decimal

_SCALES = {"%": 100, "‰": 1000, "倍": 1, "个百分点": 1, "百分点": 1, "个千分点": 1}
_SHOWN_PLACES = 4


@dataclass(frozen=True, slots=True)
class Member:
    """A figure of a relation and what it is: "上年数"."""

    word: str
    figure: Numeral


@dataclass(frozen=True)
class Relation:
    """A printed figure and the computation it should be the result of.

    Attributes:
        stated: the result as printed.
        computed: the result as computed, in the bare unit of `stated`.
        inputs: the figures it was computed from.
        formula: the computation in the figures as printed.
        implied: for the inputs, the values the relation leaves for each.
        severity: how grave a failure is.
        confidence: of a failure, "0.00" to "1.00".
    """

    stated: Member
    computed: Range
    inputs: tuple[Member, ...]
    formula: str
    implied: tuple[Implied, ...] = ()
    severity: Severity = Severity.ERROR
    confidence: str = "0.93"
    remedy: str = ""

    @property
    def agreement(self) -> Agreement:
        """How the printed result stands to the computed one."""
        quantity = self.stated.figure.quantity
        return agree(quantity, self.computed) if quantity is not None else Agreement.WRONG

    @property
    def numerals(self) -> tuple[Numeral, ...]:
        """All figures of the relation, the stated one first."""
        return (self.stated.figure, *(each.figure for each in self.inputs))


def figure_range(figure: Numeral) -> Range:
    """All amounts a figure can stand for; a whole number without multiplier is exact.

    Raises:
        ValueError: the numeral is not a quantity.
    """
    if figure.quantity is None:
        raise ValueError(f"not a quantity: {figure.text!r}")
    return whole(figure.quantity)


def signed_range(figure: Numeral, direction: int) -> Range:
    """The range of a change with the sign of its verb; a minus written after 减少 is not counted twice."""
    value = figure_range(figure)
    if direction < 0:
        return -value if value.exact >= 0 else value
    return value


def stated_range(figure: Numeral) -> Range:
    """The range of a printed result with its rounding.

    Raises:
        ValueError: the numeral is not a quantity.
    """
    if figure.quantity is None:
        raise ValueError(f"not a quantity: {figure.text!r}")
    return range_of(figure.quantity)


def scale_of(figure: Numeral) -> int:
    """What 1 is in the unit of a rate: 100 for %, 1000 for ‰, 1 for 倍."""
    return _SCALES.get(figure.quantity.unit, 100) if figure.quantity is not None else 100


def scaled(value: Range, factor: Fraction | int) -> Range:
    """A range times an exact number."""
    return value * exactly(factor)


def quotient(above: Range, below: Range) -> Range | None:
    """The quotient, or None when the divisor can be 0."""
    if below.low <= 0 <= below.high:
        return None
    return above / below


def verdict(
    rule: AuditRule,
    reading: Reading,
    relation: Relation,
    label_of: Callable[[Numeral], str] | None = None,
) -> Check:
    """Judge a relation."""
    agreement = relation.agreement
    if agreement is Agreement.WRONG:
        return _failed(rule, reading, relation, label_of)
    note = None
    if agreement in {Agreement.TRUNCATION, Agreement.LAST_DIGIT}:
        note = _note(rule, reading, relation, agreement)
    return rule.passed(reading, *relation.numerals, detail=relation.formula, note=note)


def _note(rule: AuditRule, reading: Reading, relation: Relation, agreement: Agreement) -> Finding:
    printed = relation.stated.figure
    computed = shown(relation.computed.exact, printed)
    kind = "像是截断而不是四舍五入" if agreement is Agreement.TRUNCATION else "末位相差 1，属尾差"
    return rule.finding(
        f"{relation.stated.word} {printed.text} 按 {relation.formula} 应写 {computed}，{kind}",
        [place_of(reading, printed, relation.stated.word)],
        severity=Severity.NOTE,
        confidence="0.80",
        printed=printed.text,
        computed=computed,
        remedy="可按四舍五入改写末位；不改也不影响理解。",
    )


def _failed(
    rule: AuditRule,
    reading: Reading,
    relation: Relation,
    label_of: Callable[[Numeral], str] | None,
) -> Check:
    stated = relation.stated
    suspect = suspect_of(
        reading,
        (*relation.implied, Implied(stated.figure, relation.computed)),
        Implied(stated.figure, relation.computed),
        label_of,
    )
    computed = shown(relation.computed.exact, stated.figure)
    message = f"{stated.word} {stated.figure.text} 与 {relation.formula} = {computed} 不符"
    members = [stated, *relation.inputs]
    blamed = next((each for each in members if each.figure.number == suspect.figure.number), stated)
    if blamed is not stated:
        message += f"；可能是{blamed.word} {blamed.figure.text} 有误，应为 {suspect.true}（{suspect.reason}）"
    elif suspect.reason:
        message += f"（{suspect.reason}）"
    order = [blamed, *[each for each in members if each is not blamed]]
    places = [place_of(reading, each.figure, each.word) for each in order]
    if suspect.witness is not None:
        places.append(place_of(reading, suspect.witness, "另一处"))
    printed = stated.figure.quantity
    difference = Fraction(printed.amount) - relation.computed.exact if printed is not None else Fraction(0)
    return rule.failed(
        rule.finding(
            message,
            places,
            severity=relation.severity,
            confidence=relation.confidence,
            printed=stated.figure.text,
            computed=computed,
            difference=exact_decimal(
                difference / (printed.multiplier if printed is not None else 1), _SHOWN_PLACES
            ),
            remedy=relation.remedy,
        ),
        [(reading, each) for each in relation.numerals],
    )


def shown(value: Fraction, like: Numeral) -> str:
    """A computed amount written like a printed figure."""
    return as_printed(value, like.quantity) if like.quantity is not None else ""


def ratio_relation(
    stated: Member,
    above: Member,
    below: Member,
    *,
    severity: Severity = Severity.ERROR,
    confidence: str = "0.93",
) -> Relation | None:
    """A printed share or rate: above ÷ below; None when the divisor can be 0."""
    scale = scale_of(stated.figure)
    top, bottom = figure_range(above.figure), figure_range(below.figure)
    value = quotient(top, bottom)
    if value is None:
        return None
    rate = stated_range(stated.figure)
    implied = [Implied(above.figure, scaled(bottom * rate, Fraction(1, scale)))]
    if (divisor := quotient(scaled(top, scale), rate)) is not None:
        implied.append(Implied(below.figure, divisor))
    return Relation(
        stated,
        scaled(value, scale),
        (above, below),
        f"{above.figure.text}÷{below.figure.text}",
        tuple(implied),
        severity,
        confidence,
    )


def best(relations: Sequence[Relation]) -> Relation | None:
    """The relation that agrees best, the first of equals."""
    order = list(Agreement)
    return min(relations, key=lambda each: order.index(each.agreement), default=None)
