"""The year and the part of the year a figure speaks of."""

import re
from dataclasses import dataclass

from zhunsheng.audit.passages import Passage
from zhunsheng.audit.quantities.numeral import Numeral, Role
from zhunsheng.audit.reading import Reading, once

_TITLE = re.compile(
    r"((?:19|20)\d{2})年(?:度)?[^，。；]{0,40}(?:公报|报告|决算|预算|自评|总结|情况|汇总|材料|说明|方案)"
)
_TITLE_LENGTH = 50
_YEAR = re.compile(r"((?:19|20)\d{2})年?(?:度)?")
_LAST = re.compile(r"上年|去年|上一年|上年度|年初结转")
_COMPARED = re.compile(r"(?:比|较|与|同|对比|相比|超|自|从|高于|低于)$")
_WHOLE_YEAR = re.compile(r"12月(?:31[日号]|底|末|份)?$|1(?:-|—|至|~|～)12月")
_PART = re.compile(
    r"上半年|下半年|第?[一二三四1234]季度|前[一二三四五六七八九十\d]+(?:个月|季度)|月均|每月|每季|日均|每日|春节|国庆|五一|期间"
)


@dataclass(frozen=True, slots=True)
class Period:
    """A year, or a part of one.

    Attributes:
        stated: whether the words beside the figure name the year, and not only the document.
    """

    year: int | None
    part: str = ""
    stated: bool = False


@once
def years_of_sections(reading: Reading) -> dict[int, int | None]:
    """For each passage the year its document or section speaks of."""
    current = reading.fiscal_year
    found: dict[int, int | None] = {}
    for passage in reading.passages:
        if passage.cell is None and len(passage.text) <= _TITLE_LENGTH and "。" not in passage.text:
            match = _TITLE.search(passage.text)
            if match and passage.text[-1:] not in "；，" and not re.search(r"[《》]", passage.text):
                current = int(match[1])
        found[passage.number] = current
    return found


def period_in_text(
    reading: Reading, passage: Passage, numeral: Numeral, clause: int, usual: int | None
) -> Period:
    """The period of a figure in running text.

    Args:
        clause: where the figure's own clause begins.
        usual: the year of the section.
    """
    start, _ = passage.sentence_at(numeral.start)
    year: int | None = None
    part = ""
    for other in reading.numerals_in(passage):
        if other.start < start or other.role not in {Role.YEAR, Role.DATE}:
            continue
        if other.start >= numeral.start:
            break
        if _COMPARED.search(passage.text[max(0, other.start - 3) : other.start]):
            continue
        if other.year is not None:
            year, part = other.year, ""
        if other.role is Role.DATE:
            part = _part(other.text)
    own = passage.text[clause : numeral.start]
    if _LAST.search(own) and not re.search(r"[比较]上年|[比较]去年|与上年", own):
        return Period(usual - 1 if usual is not None else None, part, stated=True)
    seasons = _PART.findall(passage.text[start : numeral.start])
    if seasons:
        part = seasons[-1]
    return Period(year if year is not None else usual, part, stated=year is not None)


def _part(text: str) -> str:
    """The part of a year a date names; the end of December stands for the year."""
    return "" if _WHOLE_YEAR.search(text) else _YEAR.sub("", text)


def period_in_header(header: str, usual: int | None) -> Period:
    """The period of a table column."""
    part = _PART.search(header)
    years = _YEAR.findall(header)
    name = part[0] if part else ""
    if years:
        return Period(int(years[-1]), name, stated=True)
    if _LAST.search(header):
        return Period(usual - 1 if usual is not None else None, name, stated=True)
    return Period(usual, name)
