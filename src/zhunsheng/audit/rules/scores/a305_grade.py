"""A305: the grade named with a total score is the grade of that score."""

import re
from collections.abc import Iterator
from fractions import Fraction

from zhunsheng.audit.finding import Check
from zhunsheng.audit.quantities.numeral import Numeral
from zhunsheng.audit.quantities.units import Dimension
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.rule import AuditRule, place_at, place_of
from zhunsheng.kernel.problem import Severity
from zhunsheng.kernel.rounding import exact_decimal

CODE = "A305"

# the grades from best to worst, with the words used for them
_GRADES = (("优秀", "优"), ("良好", "良"), ("中等", "一般", "合格", "中"), ("不合格", "较差", "差"))
_WORD = r"(?:优秀|良好|中等|一般|不合格|合格|较差|优|良|中|差)"
_GRADE = re.compile(
    rf"^(?:分)?[^。；]{{0,16}}?(?:等级|级别|结果|等次|档次|评级|评定|评价|结论)[^。；，“”]{{0,6}}?"
    rf"(?:为|是|：|属于|达到)?(?P<quote>“)?(?P<word>{_WORD})(?(quote)”|(?=等|[，。；）”]|$))"
)
_SCORE = re.compile(r"(?:得分|评分|总分|分数|自评分)(?:为|是|：|达|达到)*$")
_LOWER = (
    re.compile(
        rf"(?<![\d.])(\d{{2,3}})分?（?(?:含|包含)?）?(?:[-—~～至]+|以上)[^。；优良中差]{{0,16}}?(?:为|的为|评为|：|属于?|是)?“?({_WORD})"
    ),
    re.compile(rf"({_WORD})”?(?:等)?[（：]?(?:≥|>=)?(\d{{2,3}})分?（?(?:含)?）?(?:[-—~～至]+|以上)"),
    re.compile(rf"(?:≥|不低于)(\d{{2,3}})分?[^。；优良中差]{{0,12}}?(?:为|评为|：)?“?({_WORD})”?"),
)


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Compare grades with the bounds the document states itself, else with the usual ones."""
    stated = _stated_bounds(reading)
    bounds = stated or {index: rule.numbers[name] for index, name in enumerate(("first", "second", "third"))}
    for passage in reading.passages:
        for numeral in reading.numerals_in(passage):
            if numeral.dimension not in {Dimension.SCORE, Dimension.NONE} or numeral.quantity is None:
                continue
            if not _SCORE.search(passage.text[max(0, numeral.start - 8) : numeral.start]):
                continue
            match = _GRADE.match(passage.text[numeral.end : numeral.end + 40])
            if match is None or not _of_hundred(numeral, rule):
                continue
            rank = _rank(match["word"])
            right = next(
                (index for index in range(3) if index in bounds and numeral.amount >= bounds[index]), 3
            )
            if rank == right or any(index not in bounds for index in range(min(rank, 3))):
                yield rule.passed(reading, numeral)
                continue
            start = numeral.end + match.start("word")
            yield rule.failed(
                rule.finding(
                    f"得分 {numeral.text} 对应的等级是“{_GRADES[right][1]}”"
                    f"（{_described(bounds)}），写成“{match['word']}”",
                    [
                        place_at(reading, passage.span(start, start + len(match["word"])), "等级"),
                        place_of(reading, numeral, "得分"),
                    ],
                    severity=Severity.ERROR if stated else Severity.WARNING,
                    confidence="0.95" if stated else "0.8",
                    printed=match["word"],
                    computed=_GRADES[right][1],
                ),
                [(reading, numeral)],
            )


def _of_hundred(numeral: Numeral, rule: AuditRule) -> bool:
    """Whether the score is out of 100: scores of parts are not graded by these bounds."""
    return rule.numbers["least"] <= numeral.amount <= rule.numbers["most"]


def _rank(word: str) -> int:
    return next(index for index, words in enumerate(_GRADES) if word in words)


def _described(bounds: dict[int, Fraction]) -> str:
    return "，".join(f"{exact_decimal(bounds[index])}分以上为{_GRADES[index][1]}" for index in sorted(bounds))


def _stated_bounds(reading: Reading) -> dict[int, Fraction]:
    """The lowest score of each grade as the document states it."""
    for passage in reading.passages:
        if sum(word in passage.text for word in "优良中差") < 2 or "分" not in passage.text:
            continue
        found: dict[int, Fraction] = {}
        for pattern in _LOWER:
            for match in pattern.finditer(passage.text):
                number, word = sorted(match.groups(), key=lambda each: not each.isdigit())
                found.setdefault(_rank(word), Fraction(int(number)))
            if len(found) >= 2:
                break
        values = [found[index] for index in range(3) if index in found]
        if 0 in found and len(values) >= 2 and values == sorted(values, reverse=True):
            return {index: found[index] for index in range(3) if index in found}
    return {}
