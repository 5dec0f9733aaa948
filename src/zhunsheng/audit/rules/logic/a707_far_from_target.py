"""A707: results far beyond their targets point at a target set without care, or at a wrong figure."""

import re
from collections.abc import Iterator

from zhunsheng.audit.finding import Check
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.targets import TargetPair, target_pairs
from zhunsheng.audit.rule import AuditRule, place_of
from zhunsheng.kernel.problem import Severity
from zhunsheng.kernel.rounding import half_up

CODE = "A707"

_EXPLAINED = re.compile(
    r"保守|超出预期|远高于预期|远低于预期|设置(?:较|过)?(?:为)?(?:低|高)|不够准确|准确性不足|偏差原因"
)


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Measure how far every result is from its target."""
    for pair in target_pairs(reading):
        if pair.lower is None or not pair.target.amount or pair.hedged:
            continue
        ratio = pair.actual.amount / pair.target.amount
        far = (
            ratio >= rule.numbers["multiple"]
            if pair.lower
            else pair.actual.amount > 0 and ratio <= rule.numbers["fraction_of_limit"]
        )
        if not far:
            yield rule.passed(reading, pair.target, pair.actual)
            continue
        explained = _EXPLAINED.search(pair.words) is not None
        extreme = ratio >= rule.numbers["extreme"]
        if pair.lower:
            message = f"实际 {pair.actual.text} 是目标 {pair.target.text} 的 {half_up(ratio, 2)} 倍"
        else:
            message = f"实际 {pair.actual.text} 不到上限 {pair.target.text} 的十分之一"
        message += "，报告称目标设置保守" if explained else "，目标可能偏低，或有一个数写错"
        yield rule.failed(
            rule.finding(
                message,
                [place_of(reading, pair.actual, "实际完成"), place_of(reading, pair.target, "目标")],
                severity=Severity.WARNING if _serious(pair, explained=explained, extreme=extreme) else None,
                confidence="0.7",
                printed=pair.actual.text,
            ),
            [(reading, pair.actual), (reading, pair.target)],
        )


def _serious(pair: TargetPair, *, explained: bool, extreme: bool) -> bool:
    """A result of many times the target that nothing explains is probably a slip."""
    return bool(pair.lower) and extreme and not explained
