"""What a mark in the original says about a finding: the same words in Word comments and PDF annotations."""

from collections.abc import Iterator
from typing import Final

from zhunsheng.audit.finding import Finding, FoundPlace

_MOST_PLACES: Final = 12
_QUOTED: Final = 40


def remark_lines(finding: Finding, place: FoundPlace, index: int, astray: str = "") -> Iterator[str]:
    """The lines of the mark at one place of a finding.

    Args:
        index: the document's position in the audit.
        astray: said before the quotation where the mark cannot stand at the very words; "" where it does.
    """
    yield f"【{finding.severity.label}】{finding.code}"
    yield finding.message
    if astray:
        yield f"{astray}：“{_quoted(place.text)}”"
    figures = (("原文", finding.printed), ("重算", finding.computed), ("相差", finding.difference))
    if words := "；".join(f"{label} {figure}" for label, figure in figures if figure):
        yield words
    if finding.remedy:
        yield f"处理办法：{finding.remedy}"
    if place.note:
        yield f"此处：{place.note}"
    others = [each for each in finding.places if each is not place]
    for other in others[:_MOST_PLACES]:
        elsewhere = "" if other.document == index else "（在另一文件中）"
        note = f"{other.note}：" if other.note else ""
        yield f"另一处：{note}“{_quoted(other.text)}”{elsewhere}"
    if len(others) > _MOST_PLACES:
        yield f"共有 {len(others)} 个相关位置，其余见问题清单"


def _quoted(text: str) -> str:
    plain = " ".join(text.split())
    return plain[:_QUOTED] + ("…" if len(plain) > _QUOTED else "")
