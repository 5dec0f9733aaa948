"""A503: tables, figures, annexes and parts that the text refers to exist."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from zhunsheng.audit.document import BlockKind
from zhunsheng.audit.finding import Check, Finding
from zhunsheng.audit.marks import MarkStyle
from zhunsheng.audit.passages import Passage
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.rule import AuditRule, place_at
from zhunsheng.kernel.problem import Severity
from zhunsheng.kernel.written import chinese_numeral

CODE = "A503"

_NUMBER = r"(\d{1,2}(?:[-—.]\d{1,2})?|[一二三四五六七八九十]{1,3})"
_NAMED = re.compile(rf"^(?:《)?(附?表|附?图|附件|附录){_NUMBER}(?![\d.]|[个张份是])")
_REFERRED = re.compile(
    rf"(?:详见|参见|见|如|根据|按照|对照|（)(?:本报告|本文|报告|上述|下述|后附|所附|附)?(附?表|附?图|附件|附录){_NUMBER}(?![\d.])"
)
_PART = re.compile(r"(?:详见|参见|见|如|按)(?:本报告|本文|报告)?第([一二三四五六七八九十]{1,3})(部分|章)")


@dataclass(frozen=True, slots=True)
class _Thing:
    kind: str
    number: str


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Compare what is referred to with what is there; only where things of that kind are numbered at all."""
    there = _things(reading)
    kinds = {thing.kind for thing in there}
    parts = {
        (heading.mark.style, heading.mark.number) for heading in reading.headings if heading.mark is not None
    }
    styles = {style for style, _ in parts}
    for passage in reading.passages:
        for match in _REFERRED.finditer(passage.text):
            thing = _Thing(_kind(match[1]), _digits(match[2]))
            if thing.kind not in kinds:
                continue
            if thing in there:
                yield rule.passed(reading)
            else:
                yield rule.failed(_finding(reading, rule, passage, match.start(1), match.end()))
        for match in _PART.finditer(passage.text):
            style = MarkStyle.PART if match[2] == "部分" else MarkStyle.CHAPTER
            if style in styles:
                number = chinese_numeral(match[1]) or 0
                if (style, number) in parts:
                    yield rule.passed(reading)
                else:
                    yield rule.failed(_finding(reading, rule, passage, match.start(1) - 1, match.end()))


def _things(reading: Reading) -> set[_Thing]:
    """The numbered tables, figures and annexes of the document, by their captions and headings."""
    found = set()
    for passage in reading.passages:
        if len(passage.text) > 60 and passage.kind is not BlockKind.CAPTION:
            continue
        match = _NAMED.match(passage.text.lstrip("【（"))
        if match and not passage.text.endswith(("。", "；")):
            found.add(_Thing(_kind(match[1]), _digits(match[2])))
    return found


def _kind(word: str) -> str:
    return word if word in {"附件", "附录"} else word.removeprefix("附")


def _digits(written: str) -> str:
    if written[0].isdigit():
        return written.replace("—", "-")
    return str(chinese_numeral(written) or written)


def _finding(reading: Reading, rule: AuditRule, passage: Passage, start: int, end: int) -> Finding:
    words = passage.text[start:end]
    return rule.finding(
        f"引用的“{words}”在文中找不到",
        [place_at(reading, passage.span(start, end), "引用")],
        severity=Severity.NOTE if words.startswith("附") else None,
        confidence="0.6" if words.startswith("附") else "0.75",
        printed=words,
    )
