"""The marks that number headings and list items: 一、 （一） 1. （1） ① 第一部分 一是."""

import re
from dataclasses import dataclass
from enum import StrEnum

from zhunsheng.kernel.written import chinese_numeral


class MarkStyle(StrEnum):
    """A way of numbering, from the outermost to the innermost of official documents."""

    PART = "第一部分"
    CHAPTER = "第一章"
    CHINESE = "一、"
    CHINESE_BRACKET = "（一）"
    ARABIC = "1."
    DECIMAL = "1.1"
    ARABIC_BRACKET = "（1）"
    ARABIC_HALF_BRACKET = "1）"
    CIRCLED = "①"
    SPOKEN = "一是"


_ORDER = list(MarkStyle)

_CHINESE = "[一二三四五六七八九十百]+"
_PATTERNS: tuple[tuple[MarkStyle, re.Pattern[str]], ...] = (
    (MarkStyle.PART, re.compile(rf"第({_CHINESE})(?:部分|篇)[:：、\s]?")),
    (MarkStyle.CHAPTER, re.compile(rf"第({_CHINESE})[章节][:：、\s]?")),
    (MarkStyle.CHINESE, re.compile(rf"({_CHINESE})[、.．]")),
    (MarkStyle.CHINESE_BRACKET, re.compile(rf"（({_CHINESE})）[、.]?")),
    (MarkStyle.ARABIC_BRACKET, re.compile(r"（(\d{1,2})）[、.]?")),
    (
        MarkStyle.DECIMAL,
        re.compile(
            r"(\d{1,2}(?:\.\d{1,2}){1,3})(?=[、\s\u4e00-\u9fff])(?![万亿千百元个户家件人批吨天倍分年月])[、\s]?"
        ),
    ),
    (MarkStyle.ARABIC, re.compile(r"(\d{1,2})(?:[、．]|\.(?!\d))")),
    (MarkStyle.ARABIC_HALF_BRACKET, re.compile(r"(\d{1,2})）")),
    (MarkStyle.CIRCLED, re.compile(r"([①-⑳])")),
    (MarkStyle.SPOKEN, re.compile(r"([一二三四五六七八九十]{1,2})(?:是(?!否)|则)[，,]?")),
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A numbering mark at the beginning of a text.

    Attributes:
        style: how it is written.
        number: 1-based place in its list; for 2.3 the last part.
        length: characters taken, following punctuation included.
        text: as written.
        stem: the parts before the last for 2.3.4 ("2.3"), else "".
    """

    style: MarkStyle
    number: int
    length: int
    text: str
    stem: str = ""

    @property
    def rank(self) -> int:
        """Depth among the usual styles; smaller is further out."""
        return _ORDER.index(self.style)


def mark_of(text: str) -> Mark | None:
    """The mark a folded text starts with, or None.

    >>> mark_of("（二）主要工作成效").number
    2
    >>> mark_of("2.3 项目支出").stem
    '2'
    >>> mark_of("一是突出重点").style.value
    '一是'
    """
    for style, pattern in _PATTERNS:
        match = pattern.match(text)
        if match is None:
            continue
        written = match[1]
        if style is MarkStyle.CIRCLED:
            number: int | None = ord(written) - ord("①") + 1
        elif style is MarkStyle.DECIMAL:
            number = int(written.rpartition(".")[2])
        elif written.isdigit():
            number = int(written)
        else:
            number = chinese_numeral(written)
        if number is None:
            continue
        stem = written.rpartition(".")[0] if style is MarkStyle.DECIMAL else ""
        return Mark(style, number, match.end(), match[0], stem)
    return None
