"""A702: a deduction has a reason, and the reason does not say that all was well."""

import re
from collections.abc import Iterator

from zhunsheng.audit.finding import Check
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.scoring_items import ScoredItem, named, scored_trees, words_of
from zhunsheng.audit.relations.targets import target_pairs
from zhunsheng.audit.rule import AuditRule, place_of
from zhunsheng.kernel.problem import Severity

CODE = "A702"

# what says that all was well; taken away before a reason is looked for
_WELL = re.compile(
    r"未(?:发现|发生|出现|存在|收到|被)[^，。；]*|(?:没有|无)(?:发现|发生|出现|违规|违反|投诉|问题)[^，。；]*|(?:均|全部|都)(?:已)?(?:符合|完成|达到|按)[^，。；]*|"
    r"已(?:按|全部|严格)[^，。；]*(?:完成|公开|执行|落实|报送)[^，。；]*|按[^，。；]*(?:要求|规定|计划|时)[^，。；]*(?:完成|公开|执行)[^，。；]*|(?:完成|达到|符合)(?:了)?(?:预期|规定|相关规定|年度目标|要求)[^，。；]*"
)
_REASON = re.compile(
    r"原因|由于|因为|因(?!素|此|果)|未|不足|不够|不到位|不完善|不完整|不规范|不及时|不符|不准确|超期|超过|超出|超支|扣|逾期|滞后|延迟|推迟|低于|偏差|偏低|偏高|较低|较大|较差|较慢|无法|"
    r"部分|个别|尚|缺|少于|差距|错误|遗漏|漏|问题|压减|取消|没有|影响|有待|待|仅|只|迟|暂|无"
)


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Read the words between points and score of every item that lost points."""
    shortfalls = {
        pair.item.score.number
        for pair in target_pairs(reading)
        if pair.item is not None and pair.item.score is not None and pair.missed
    }
    for tree in scored_trees(reading):
        for item in tree.walk():
            if item.children or item.is_total or item.points is None or item.score is None or not item.lost:
                continue
            yield _judged(reading, rule, item, item.score.number in shortfalls)


def _judged(reading: Reading, rule: AuditRule, item: ScoredItem, shortfall: bool) -> Check:
    text = words_of(reading, item)
    points, score = item.points, item.score
    if points is None or score is None:
        return rule.insufficient(reading)
    head = points.end - item.start
    explanation = text[head:] if head < len(text) else ""
    rest = _WELL.sub("", explanation)
    rest = re.sub(r"自评得分[\d.]+分?|得分率[^，。；]*", "", rest)
    praise = next(reversed(list(_WELL.finditer(explanation))), None)
    if shortfall or _REASON.search(rest) or _proportional(rest):
        return rule.passed(reading, points, score)
    lost = f"{named(item)}分值 {points.text}、得分 {score.text}"
    if praise is not None:
        finding = rule.finding(
            f"{lost}，有扣分，说明却写“{praise[0][:30]}”，没有写扣分原因",
            [place_of(reading, score, "得分"), place_of(reading, points, "分值")],
            confidence="0.85",
            printed=score.text,
            computed=f"{points.text}或写明扣分原因",
        )
    else:
        finding = rule.finding(
            f"{lost}，有扣分，没有写扣分原因",
            [place_of(reading, score, "得分"), place_of(reading, points, "分值")],
            severity=Severity.NOTE,
            confidence="0.6",
            printed=score.text,
        )
    return rule.failed(finding, [(reading, points), (reading, score)])


def _proportional(text: str) -> bool:
    """A rate below 100 % explains a proportional score."""
    return any(not match[0].startswith("100") for match in re.finditer(r"\d+(?:\.\d+)?%", text))
