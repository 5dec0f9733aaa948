"""Numerals that belong to the form of a text: dates, document numbers, marks, codes, names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from zhunsheng.audit.quantities.numeral import Role

_YEAR = r"(?:19|20)\d{2}"
_PATTERNS: tuple[tuple[Role, re.Pattern[str]], ...] = (
    (Role.CODE, re.compile(r"(?:https?://|www\.)[^\s，。；）]+|[\w.+-]+@[\w-]+\.[\w.]+")),
    (
        Role.DOCUMENT_NUMBER,
        re.compile(rf"[〔（《]{_YEAR}[〕）》]第?\d+号?|令第?\d+号|公告\d*年?第\d+号|第\d+号令?"),
    ),
    (Role.PHONE, re.compile(r"(?<![\d.])(?:0\d{2,3}-\d{7,8}|1[3-9]\d{9}|400-?\d{3}-?\d{4})(?![\d.])")),
    (Role.CODE, re.compile(r"(?<![0-9A-Z])(?=[0-9A-Z]*[A-Z])[0-9A-HJ-NPQRTUWXY]{18}(?![0-9A-Z])")),
    (Role.DATE, re.compile(rf"(?<!\d){_YEAR}年\d{{1,2}}月\d{{1,2}}[日号]?")),
    (Role.DATE, re.compile(rf"(?<![\d.]){_YEAR}([-/.])\d{{1,2}}\1\d{{1,2}}(?![\d.])")),
    (Role.DATE, re.compile(rf"(?<!\d){_YEAR}年\d{{1,2}}(?:[-—~至]\d{{1,2}})?月(?:份|末|底|初)?")),
    (Role.DATE, re.compile(r"(?<!\d)(?:[1-9]|1[0-2])月\d{1,2}[日号](?:[-—~至](?:\d{1,2}月)?\d{1,2}[日号])?")),
    (
        Role.DATE,
        re.compile(
            r"(?<![\d.])(?:[1-9]|1[0-2])(?:[-—~至、](?:[1-9]|1[0-2]))?月(?:份|末|底|初|中旬|上旬|下旬)?(?!\d)"
        ),
    ),
    (Role.DATE, re.compile(r"(?<![\d.])(?:[01]?\d|2[0-3])：[0-5]\d(?!\d)")),
    (Role.YEAR, re.compile(rf"(?<!\d){_YEAR}年?(?:[-—~～至、和与及]|——){_YEAR}(?!\d)(?:年度?|学年)?")),
    (Role.YEAR, re.compile(rf"(?<!\d){_YEAR}(?:年度|年末|年底|年初|年中|年)")),
    (Role.YEAR, re.compile(rf"(?<=[（《〔]){_YEAR}(?=[）》〕])")),
    (
        Role.ARTICLE,
        re.compile(
            r"第[\d一二三四五六七八九十百零]+[条款](?:第[\d一二三四五六七八九十]+[款项])?|第[一二三四五六七八九十]+[章节]"
        ),
    ),
    (
        Role.RANK,
        re.compile(
            r"(?:排名?|列|位居|居|名列)[^，。；\d]{0,8}?第(?:\d+|[一二三四五六七八九十]+)[名位]?|第\d+[名位](?!额)"
        ),
    ),
    (
        Role.ORDINAL,
        re.compile(
            r"第(?:\d+|[一二三四五六七八九十百零]+)(?:[届次期批轮个位名期季代类产部]|季度|部分|[\u4e00-\u9fff])?"
        ),
    ),
    (
        Role.NAME,
        re.compile(
            r"“[^“”]{0,20}?\d[^“”]{0,20}?”(?=[^，。；]{0,2}(?:工程|行动|计划|体系|模式|制度|举措|思路|工作|部署|平台|机制|格局|战略|专项|规划|品牌|热线|目标))"
        ),
    ),
    (Role.NAME, re.compile(r"(?<![于到])“(?:[^“”\d%]{0,6}\d{1,6}[^“”\d%元万亿]{0,6}|\d{3,5})”")),
    (
        Role.NAME,
        re.compile(
            r"[“《][^“”《》]{0,30}[十一二三四五六七八九]{2,3}五[^“”《》]{0,20}[”》]|[一二三四五六七八九十]{1,3}五规划"
        ),
    ),
    (
        Role.CODE,
        re.compile(
            r"(?<!\d)(?:12[0-9]{3}|96\d{3}|110|119|122|95\d{3})(?=(?:消费|投诉|热线|平台|渠道|电话|举报|、|，?12\d{3}|和12|与12|电梯|应急|政务|效能))"
        ),
    ),
    (
        Role.CODE,
        re.compile(
            r"(?<![A-Za-z])[A-Za-z]{1,8}(?:/[A-Z])?[-.]?\d+(?:[-.\d]*\d)?[A-Za-z]*|(?<![\d.])\d{1,3}(?:[GS](?![A-Za-zB])|D(?=[\u4e00-\u9fff打])|[A-Z]{2,})"
        ),
    ),
    (Role.CODE, re.compile(r"〔\d{1,3}〕|［\d{1,3}］")),
)
_FULL_DATE = re.compile(rf"({_YEAR})(?:年|[-/.])(\d{{1,2}})(?:月|[-/.])(\d{{1,2}})")
_ANY_YEAR = re.compile(_YEAR)


@dataclass(frozen=True, slots=True)
class StructuralNumeral:
    """A piece of text that holds digits but no quantity."""

    role: Role
    start: int
    end: int
    day: date | None = None
    year: int | None = None
    impossible_date: bool = False


def structural_numerals(text: str, mark_length: int = 0) -> Iterator[StructuralNumeral]:
    """All structural numerals of a passage, in order, not overlapping.

    Args:
        mark_length: characters of the numbering mark the passage starts with.
    """
    taken = [False] * len(text)
    found: list[StructuralNumeral] = []
    if mark_length and any(character.isdigit() for character in text[:mark_length]):
        found.append(StructuralNumeral(Role.NUMBERING, 0, mark_length))
    for index in range(min(mark_length, len(text))):
        taken[index] = True
    for match in _LISTED.finditer(text):
        _claim(found, taken, StructuralNumeral(Role.NUMBERING, *match.span(match.lastindex or 0)))
    for role, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if "/T" in match[0] and role is not Role.CODE:
                continue
            _claim(found, taken, _described(role, match))
    return iter(sorted((each for each in found), key=lambda each: each.start))


# items inside a passage: after a line end or a full stop
_LISTED = re.compile(
    r"(?:^|\n|(?<=[。；：]))(\d{1,2}(?:[、．]|\.(?!\d))|（\d{1,2}）|[①-⑳])(?=\D)"
    r"|(?<=，)(\d{1,2}\.)(?=[\u4e00-\u9fff]{2})"
    # 3.15个 at the beginning of a line: half things are not counted, so that 3. is the number of an item
    r"|(?:^|(?<=\n))([12]?\d\.)(?=\d{1,4}(?:个|家|件|户|宗|名|人|项|台|所|批次|条|份)[\u4e00-\u9fff]{3})"
    # 1.9,800.00: decimals are not grouped, so that 1. is the number of an item
    r"|(?<![\d.,])(\d{1,2}\.)(?=\d{1,3}(?:,\d{3})+(?!\d))"
)


def _claim(found: list[StructuralNumeral], taken: list[bool], one: StructuralNumeral) -> None:
    if any(taken[one.start : one.end]):
        return
    for index in range(one.start, one.end):
        taken[index] = True
    found.append(one)


def _described(role: Role, match: re.Match[str]) -> StructuralNumeral:
    start, end = match.span()
    year = _ANY_YEAR.search(match[0]) if role in {Role.DATE, Role.YEAR} else None
    day = None
    impossible = False
    full = _FULL_DATE.search(match[0]) if role is Role.DATE else None
    if full:
        try:
            day = date(int(full[1]), int(full[2]), int(full[3]))
        except ValueError:
            impossible = True
    return StructuralNumeral(role, start, end, day, int(year[0]) if year else None, impossible)
