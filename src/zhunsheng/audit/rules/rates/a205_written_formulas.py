"""A205: a computation written out in the text comes to the result printed after it."""

from collections.abc import Iterator

from zhunsheng.audit.agreement import Agreement, Range, agree
from zhunsheng.audit.finding import Check
from zhunsheng.audit.quantities.units import Dimension
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.verdicts import Member, Relation, scale_of, scaled, verdict
from zhunsheng.audit.relations.written_formulas import WrittenFormula, written_formulas
from zhunsheng.audit.rule import AuditRule
from zhunsheng.kernel.problem import Severity

CODE = "A205"

_SHOWN = 60


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Work out every computation that is written with numbers and an equals sign."""
    for formula in written_formulas(reading):
        if formula.torn:
            yield rule.insufficient(reading, *formula.figures, formula.result, detail="算式的开头分不清")
            continue
        relation = _relation(formula, formula.value)
        if relation.agreement is Agreement.WRONG and formula.unmarked is not None:
            other = _relation(formula, formula.unmarked)
            relation = relation if other.agreement is Agreement.WRONG else other
        yield verdict(rule, reading, relation)


def _relation(formula: WrittenFormula, value: Range) -> Relation:
    """The result against the computation."""
    text = formula.passage.text[formula.start : formula.end]
    return Relation(
        Member("计算结果", formula.result),
        _as_printed(formula, value),
        tuple(Member("算式中的数", each) for each in formula.figures),
        text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}…",
        severity=Severity.ERROR,
        confidence="0.95",
    )


def _as_printed(formula: WrittenFormula, value: Range) -> Range:
    """The value as the result may be written.

    A rate may be written with ×100, ×100% or neither, and with or without its sign; a unit may be written
    once, behind the result.
    """
    stated = formula.result
    quantity = stated.quantity
    if quantity is None or (agree(quantity, value) is not Agreement.WRONG and not formula.per_cent):
        return value
    if stated.dimension is Dimension.PERCENT:
        return scaled(value, scale_of(stated))
    if any(each.dimension is not Dimension.NONE for each in formula.figures):
        return value
    per_cent = scaled(value, 100)
    if (
        stated.dimension is Dimension.NONE
        and formula.divides
        and agree(quantity, per_cent) is not Agreement.WRONG
    ):
        return per_cent
    return scaled(value, quantity.multiplier)
