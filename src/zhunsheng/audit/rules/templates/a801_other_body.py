"""A801: the report speaks of its own body, not of the one whose report it was copied from."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from zhunsheng.audit.document import Span
from zhunsheng.audit.finding import Check, Outcome
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.rule import AuditRule, place_at

CODE = "A801"

_KIND = (
    "人民政府办公室|人民政府|市场监督管理局|财政局|教育局|民政局|商务委员会|卫生健康委员会|发展和改革委员会|规划和自然资源局|"
    "街道办事处|管理委员会|委员会|办公室|[\u4e00-\u9fff]{2,8}局|[\u4e00-\u9fff]{2,6}厅|[\u4e00-\u9fff]{2,6}中心"
)
_PLACE = r"(?:[\u4e00-\u9fff]{2,4}省)?(?:[\u4e00-\u9fff]{2,4}市)?(?:[\u4e00-\u9fff]{1,5}[区县旗])?(?:[\u4e00-\u9fff]{2,5}(?:街道|镇|乡))?"
_SUBJECT = re.compile(
    rf"(?P<name>{_PLACE}(?:{_KIND}))(?=(?:部门|单位)?(?:（[^）]{{0,12}}）)?(?:20\d\d)年度?(?:部门|单位|收入|支出|财政|预算|决算|“三公”|机关|政府采购|整体|项目|本年|一般公共预算))"
)
_MENTION_LEAST = 2
_COMMON_ENDING = 6


@dataclass(frozen=True, slots=True)
class _Mention:
    name: str
    span: Span


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """The body most often named as subject of the year's figures is the report's own; others are foreign."""
    mentions = list(_mentions(reading))
    counted = Counter(each.name for each in mentions)
    if not counted:
        return
    own, times = counted.most_common(1)[0]
    if times < _MENTION_LEAST:
        return
    for mention in mentions:
        if _same(mention.name, own):
            yield Check(rule.code, Outcome.PASSED, ())
            continue
        if counted[mention.name] * 3 > times:
            continue  # a report about several bodies
        yield rule.failed(
            rule.finding(
                f"全文主体是“{own}”，此处写成“{mention.name}”",
                [place_at(reading, mention.span, "另一单位的名称")],
                confidence="0.85",
                printed=mention.name,
                computed=own,
            )
        )


def _mentions(reading: Reading) -> Iterator[_Mention]:
    for passage in reading.passages:
        for match in _SUBJECT.finditer(passage.text):
            name = match["name"]
            if name[0] in "和与及对由为" or len(name) < 5:
                continue
            yield _Mention(name, passage.span(match.start("name"), match.end("name")))


def _same(name: str, own: str) -> bool:
    """Whether two names can mean one body.

    A name taken from running text may carry words before it, so a long common ending is enough.
    """
    if name in own or own in name:
        return True
    common = 0
    while common < min(len(name), len(own)) and name[-1 - common] == own[-1 - common]:
        common += 1
    return common >= _COMMON_ENDING
