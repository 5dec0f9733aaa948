"""A607: words that say a target was met or missed, or that all was done, agree with the figures."""

import re
from collections.abc import Iterator

from zhunsheng.audit.finding import Check
from zhunsheng.audit.passages import Passage
from zhunsheng.audit.quantities.numeral import Bound, Numeral
from zhunsheng.audit.quantities.units import Dimension
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.targets import TargetPair, target_pairs
from zhunsheng.audit.rule import AuditRule, place_of

CODE = "A607"

_MISSED = re.compile(
    r"未(?:能)?(?:按计划|按时|按要求|如期|全部)?(?:完成|达到|达成|实现|达标)|没有(?:完成|达到|实现)|无法完成|不达标"
)
_MET = re.compile(
    r"已(?:按计划|按时|按要求|全部|如期|超额|圆满)*(?:完成|达到|达成|实现)|超额完成|(?:按计划|按时|按要求|全部|均)完成|达到(?:了)?(?:预期|年度)?目标"
)
_NEAR = 40
# 全部工单已办结，办结率达到100%
_ALL = re.compile(
    r"(?:全部|均|全数|悉数)[^，。；]{0,10}?已?(?P<what>办结|整改|完成|合格|公开|覆盖|处置|检查|达标|回访|反馈|报送)[^，。；]{0,4}[，（][^，。；]{0,6}?(?P=what)率(?:达到|达|为|是|均)*$"
)


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Compare targets and results with the verdict the text gives; 全部 with the rate after it."""
    for pair in target_pairs(reading):
        yield from _verdict(reading, rule, pair)
    for passage in reading.passages:
        if "率" in passage.text and re.search("全部|均|全数|悉数", passage.text):
            yield from _all(reading, rule, passage)


def _verdict(reading: Reading, rule: AuditRule, pair: TargetPair) -> Iterator[Check]:
    if pair.hedged or pair.lower is False:
        return
    passage = reading.passage_of(pair.actual)
    if passage.cell is not None or pair.target.passage != pair.actual.passage:
        return
    after = re.split(r"[。；]", passage.text[pair.actual.end : pair.actual.end + _NEAR])[0]
    missed, met = _MISSED.search(after), _MET.search(after)
    if (missed is None) == (met is None):
        return
    reached = pair.actual.amount >= pair.target.amount
    figures = (pair.target, pair.actual)
    if reached == (met is not None):
        yield rule.passed(reading, *figures)
        return
    said = met[0] if met is not None else missed[0] if missed is not None else ""
    state = "已达到" if reached else "低于"
    yield rule.failed(
        rule.finding(
            f"文中说“{said}”，但实际 {pair.actual.text} {state}目标 {pair.target.text}",
            [place_of(reading, pair.actual, "实际完成"), place_of(reading, pair.target, "目标")],
            confidence="0.8",
            printed=said,
            computed="已完成" if reached else "未完成",
        ),
        [(reading, each) for each in figures],
    )


def _all(reading: Reading, rule: AuditRule, passage: Passage) -> Iterator[Check]:
    for numeral in reading.numerals_in(passage):
        if numeral.dimension is not Dimension.PERCENT or numeral.bound is not Bound.NONE:
            continue
        match = _ALL.search(passage.text[max(0, numeral.start - _NEAR) : numeral.start])
        if match is None:
            continue
        counted = _counted(reading, passage, numeral)
        if numeral.amount == 100:
            yield rule.passed(reading, numeral, *counted)
            continue
        yield rule.failed(
            rule.finding(
                f"文中说全部{match['what']}，{match['what']}率却是 {numeral.text}",
                [place_of(reading, numeral, "比率")],
                confidence="0.8",
                printed=numeral.text,
                computed="100%",
            ),
            [(reading, numeral)],
        )


def _counted(reading: Reading, passage: Passage, rate: Numeral) -> list[Numeral]:
    """The figure of all the things: the nearest count before the rate in its sentence."""
    start = passage.sentence_at(rate.start)[0]
    found = [
        each
        for each in reading.numerals_in(passage)
        if start <= each.start < rate.start and each.dimension is Dimension.COUNT
    ]
    return found[-1:]
