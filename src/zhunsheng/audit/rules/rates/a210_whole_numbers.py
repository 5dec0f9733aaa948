"""A210: a rate printed beside a count can be the quotient of two whole numbers."""

import re
from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor

from zhunsheng.audit.agreement import last_place
from zhunsheng.audit.finding import Check
from zhunsheng.audit.quantities.numeral import Numeral
from zhunsheng.audit.quantities.units import INDIVISIBLE
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.completions import Completion, completions_in
from zhunsheng.audit.rule import AuditRule, place_of
from zhunsheng.kernel.quantity import Hedge
from zhunsheng.kernel.rounding import half_up

CODE = "A210"

_DONE = re.compile(r"完成|执行|达成|进度")
_BETWEEN = re.compile(r"[，（]?[^，。；：（）]{0,10}(?:率|比例)(?:达到|达|为|是|约)*")


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Look for a whole number that gives the rate, where few numbers can."""
    for completion in completions_in(reading):
        part = completion.part
        if (
            part is None
            or completion.wholes
            or not _is_whole(part)
            or not _follows(reading, completion, part)
        ):
            continue
        rate = completion.rate
        if rate.quantity is None or rate.quantity.hedge is not Hedge.NONE or rate.amount in {0, 100}:
            continue
        telling, holds = _possible(part.amount, rate, done=_DONE.search(completion.name) is not None)
        if not telling:
            continue
        if holds:
            yield rule.passed(reading, part, rate)
        else:
            yield _failed(reading, rule, part, rate)


def _is_whole(part: Numeral) -> bool:
    quantity = part.quantity
    return (
        quantity is not None
        and quantity.unit in INDIVISIBLE
        and quantity.multiplier == 1
        and quantity.places == 0
        and quantity.hedge is Hedge.NONE
        and not part.in_range
        and quantity.value > 0
    )


def _follows(reading: Reading, completion: Completion, part: Numeral) -> bool:
    """Whether the rate stands right after the count."""
    passage = reading.passage_of(completion.rate)
    return (
        part.passage == passage.number
        and _BETWEEN.fullmatch(passage.text[part.end : completion.rate.start]) is not None
    )


def _possible(count: Fraction, rate: Numeral, *, done: bool) -> tuple[bool, bool]:
    """Whether the rate narrows the other number to less than one apart, and whether a whole one fits.

    Args:
        done: the count is what was done, so that the other is the target; else the count may as well be
            the whole (抽检100批次，合格率98%) and the other the part.
    """
    if rate.quantity is None:
        return False, True
    step = last_place(rate.quantity)
    low, high = (rate.amount - step / 2) / 100, (rate.amount + step) / 100
    if low <= 0:
        return False, True
    as_part = count / high, count / low
    as_whole = count * low, count * high
    options = [as_part] if done else [as_part, as_whole]
    telling = all(most - least < 1 for least, most in options)
    return telling, any(ceil(least) <= floor(most) for least, most in options)


def _failed(reading: Reading, rule: AuditRule, part: Numeral, rate: Numeral) -> Check:
    whole = part.amount * 100 / rate.amount
    near = max(1, round(whole))
    places = max(2, rate.quantity.places if rate.quantity else 0)
    return rule.failed(
        rule.finding(
            f"{part.text} 与 {rate.text} 对不上：没有一个整数的总数能得出这个比率"
            f"（最接近的总数 {near} 得 {half_up(part.amount * 100 / near, places)}%）",
            [place_of(reading, rate, "比率"), place_of(reading, part, "个数")],
            confidence="0.6",
            printed=rate.text,
            computed=f"总数应约为 {half_up(whole, 2)}",
        ),
        [(reading, part), (reading, rate)],
    )
