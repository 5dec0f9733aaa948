"""The arithmetic of a change: this year's figure, the base, the difference, the rate."""

from fractions import Fraction

from zhunsheng.audit.agreement import Range, exactly
from zhunsheng.audit.relations.changes import Change
from zhunsheng.audit.relations.suspects import Implied
from zhunsheng.audit.relations.verdicts import (
    Member,
    Relation,
    figure_range,
    quotient,
    scale_of,
    scaled,
    signed_range,
    stated_range,
)
from zhunsheng.kernel.problem import Severity


def relations_of(change: Change) -> tuple[Relation, ...]:
    """Everything a change claims that can be recomputed from its own figures."""
    found = [
        _difference(change),
        _points(change),
        _rate_from_both(change),
        None if change.now is not None and change.before is not None else _rate_from_difference(change),
    ]
    if change.now is None and change.before is not None:
        found.append(_rate_of_base(change))
    return tuple(each for each in found if each is not None)


def _word(change: Change, rate: bool) -> str:
    if rate:
        return "增长率" if change.direction > 0 else "下降率"
    return "增加额" if change.direction > 0 else "减少额"


def _weight(change: Change) -> tuple[Severity, str]:
    return (Severity.ERROR, "0.94") if change.sure else (Severity.WARNING, "0.70")


def _turned(value: Range, direction: int) -> Range:
    """A signed change as it is printed behind its verb."""
    return -value if direction < 0 else value


def _difference(change: Change) -> Relation | None:
    """X − Y = D."""
    now, before, amount = change.now, change.before, change.amount
    if now is None or before is None or amount is None:
        return None
    x, y = figure_range(now), figure_range(before)
    d = signed_range(amount, change.direction)
    severity, confidence = _weight(change)
    big, small = (now, before) if change.direction > 0 else (before, now)
    return Relation(
        Member(_word(change, rate=False), amount),
        _as_written(_turned(x - y, change.direction), amount.amount),
        (Member("本年数", now), Member("基数", before)),
        f"{big.text}-{small.text}",
        (Implied(now, y + d), Implied(before, x - d)),
        severity,
        confidence,
    )


def _as_written(value: Range, printed: Fraction) -> Range:
    """A change behind 减少 written with a minus of its own is compared without it."""
    return -value if printed < 0 < value.exact else value


def _points(change: Change) -> Relation | None:
    """A rate that moves by percentage points."""
    now, before, points = change.now, change.before, change.points
    if now is None or before is None or points is None:
        return None
    x, y = stated_range(now), stated_range(before)
    d = stated_range(points)
    d = -d if change.direction < 0 else d
    severity, confidence = _weight(change)
    big, small = (now, before) if change.direction > 0 else (before, now)
    return Relation(
        Member("变动的百分点", points),
        _turned(x - y, change.direction),
        (Member("本年比率", now), Member("上年比率", before)),
        f"{big.text}-{small.text}",
        (Implied(now, y + d), Implied(before, x - d)),
        severity,
        confidence,
    )


def _rate_from_both(change: Change) -> Relation | None:
    """P = (X − Y) ÷ Y."""
    now, before, rate = change.now, change.before, change.rate
    if now is None or before is None or rate is None:
        return None
    x, y = figure_range(now), figure_range(before)
    value = quotient(x, y)
    if value is None:
        return None
    scale = scale_of(rate)
    computed = scaled(value - exactly(1), scale)
    p = _signed_stated(change)
    implied = [Implied(now, y * (exactly(1) + scaled(p, Fraction(1, scale))))]
    base = quotient(x, exactly(1) + scaled(p, Fraction(1, scale)))
    if base is not None:
        implied.append(Implied(before, base))
    severity, confidence = _weight(change)
    formula = f"({now.text}-{before.text})÷{before.text}"
    if change.direction < 0:
        formula = f"({before.text}-{now.text})÷{before.text}"
    return Relation(
        Member(_word(change, rate=True), rate),
        _as_written(_turned(computed, change.direction), rate.amount),
        (Member("本年数", now), Member("基数", before)),
        formula,
        tuple(implied),
        severity,
        confidence,
    )


def _signed_stated(change: Change) -> Range:
    if change.rate is None:
        return exactly(0)
    value = stated_range(change.rate)
    return -value if change.direction < 0 and value.exact >= 0 else value


def _rate_from_difference(change: Change) -> Relation | None:
    """P = D ÷ (X − D), the base not being printed."""
    now, amount, rate = change.now, change.amount, change.rate
    if now is None or amount is None or rate is None:
        return None
    x, d = figure_range(now), signed_range(amount, change.direction)
    base = x - d
    if base.low <= 0:
        return None
    scale = scale_of(rate)
    # D ÷ (X − D) is monotonous in each, so its ends are reached at ends of both
    ends = [one / (other - one) for one in (d.low, d.high) for other in (x.low, x.high)]
    value = Range(min(ends), d.exact / base.exact, max(ends))
    computed = scaled(value, scale)
    p = _signed_stated(change)
    grown = exactly(1) + scaled(p, Fraction(1, scale))
    implied = []
    if p.low * p.high > 0 and (implied_now := quotient(scaled(d * grown, scale), p)) is not None:
        implied.append(Implied(now, implied_now))
    if (part := quotient(scaled(x * p, Fraction(1, scale)), grown)) is not None:
        implied.append(Implied(amount, _as_written(_turned(part, change.direction), amount.amount)))
    severity, confidence = _weight(change)
    sign = "-" if change.direction > 0 else "+"
    return Relation(
        Member(_word(change, rate=True), rate),
        _as_written(_turned(computed, change.direction), rate.amount),
        (Member(_word(change, rate=False), amount), Member("本年数", now)),
        f"{amount.text}÷({now.text}{sign}{amount.text})",
        tuple(implied),
        severity,
        confidence,
    )


def _rate_of_base(change: Change) -> Relation | None:
    """P = D ÷ Y when only the base is printed."""
    before, amount, rate = change.before, change.amount, change.rate
    if before is None or amount is None or rate is None:
        return None
    scale = scale_of(rate)
    value = quotient(figure_range(amount), figure_range(before))
    if value is None:
        return None
    severity, confidence = _weight(change)
    p = stated_range(rate)
    implied = [Implied(amount, scaled(figure_range(before) * p, Fraction(1, scale)))]
    return Relation(
        Member(_word(change, rate=True), rate),
        scaled(value, scale),
        (Member(_word(change, rate=False), amount), Member("基数", before)),
        f"{amount.text}÷{before.text}",
        tuple(implied),
        severity,
        confidence,
    )
