"""A206: the formula of an indicator gives what its name and its target promise."""

from collections.abc import Iterator
from fractions import Fraction

from zhunsheng.audit.finding import Check
from zhunsheng.audit.quantities.numeral import Numeral
from zhunsheng.audit.quantities.units import Dimension
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.indicator_formulas import IndicatorFormula, indicator_formulas
from zhunsheng.audit.rule import AuditRule, place_at, place_of
from zhunsheng.kernel.rounding import exact_decimal

CODE = "A206"


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Look at the factors of every formula in words."""
    for formula in indicator_formulas(reading):
        if formula.scale is not None:
            yield from _scaled(reading, rule, formula, formula.scale)
        elif formula.is_rate and formula.factors:
            yield from _per_cent(reading, rule, formula)


def _per_cent(reading: Reading, rule: AuditRule, formula: IndicatorFormula) -> Iterator[Check]:
    """A rate is multiplied by 100 %, and its target is a percentage."""
    operator, factor = formula.factors[-1]
    if factor.dimension is not Dimension.PERCENT or formula.divisors == 0:
        return
    figures = [factor]
    target = formula.target
    if target is not None and target.dimension is Dimension.PERCENT:
        figures.append(target)
    if operator == "×" and factor.amount == 100:
        yield rule.passed(reading, *figures)
        return
    yield rule.failed(
        rule.finding(
            f"“{formula.name}”的公式乘以 {factor.text}，比率应乘以 100%",
            [place_of(reading, factor, "公式中的系数")],
            confidence="0.9",
            printed=factor.text,
            computed="100%",
        ),
        [(reading, each) for each in figures],
    )


def _scaled(reading: Reading, rule: AuditRule, formula: IndicatorFormula, scale: int) -> Iterator[Check]:
    """So many per 10,000: the number of things is divided by 10,000 before it divides."""
    whole = [
        (index, operator, figure)
        for index, (operator, figure) in enumerate(formula.factors)
        if figure.dimension is Dimension.NONE
    ]
    if not whole or not _is_power_of_ten(whole[0][2]):
        return
    _, operator, factor = whole[0]
    figures: list[Numeral] = [figure for _, _, figure in whole]
    if factor.amount not in {Fraction(scale), Fraction(scale) / 10_000}:
        yield _failed(
            reading,
            rule,
            formula,
            factor,
            f"名称或单位按每 {scale} 计，公式中却是 {factor.text}",
            exact_decimal(Fraction(scale)),
        )
        return
    if operator == "÷" and formula.divisors > 1 and factor.amount == scale:
        words = reading.document.quote(formula.passage.span(formula.start, formula.end))
        first, _, rest = words.partition("/") if "/" in words else words.partition("÷")
        second = rest.rsplit("/", 1)[0] if "/" in rest else rest.rsplit("÷", 1)[0]
        power = len(str(scale * scale)) - 1
        yield _failed(
            reading,
            rule,
            formula,
            factor,
            f"公式照字面连除两次，除以 {factor.text} 应作用于分母，结果差 10 的 {power} 次方",
            f"{first.strip()}÷（{second.strip()}÷{factor.text}）",
        )
        return
    multiplier = [figure for _, sign, figure in whole[1:] if sign == "×"]
    target = formula.target
    if multiplier and target is not None and target.dimension is Dimension.RATIO:
        figures.append(target)
        if multiplier[0].amount != target.amount:
            yield _failed(
                reading,
                rule,
                formula,
                multiplier[0],
                f"目标是 {target.text}，公式中却乘以 {multiplier[0].text}",
                exact_decimal(target.amount),
            )
            return
    yield rule.passed(reading, *figures)


def _failed(
    reading: Reading,
    rule: AuditRule,
    formula: IndicatorFormula,
    factor: Numeral,
    reason: str,
    computed: str,
) -> Check:
    place = place_at(reading, formula.passage.span(formula.start, formula.end), "公式")
    return rule.failed(
        rule.finding(
            f"“{formula.name}”的公式与名称不符：{reason}",
            [place, place_of(reading, factor, "公式中的系数")],
            confidence="0.85",
            printed=place.text,
            computed=computed,
        ),
        [(reading, factor)],
    )


def _is_power_of_ten(figure: Numeral) -> bool:
    """Whether a factor turns one scale into another; other numbers are values put into the formula."""
    return figure.amount >= 10 and str(figure.amount).strip("0") == "1"
