"""Finding every numeral of a passage: digits with sign, separators, multiplier, unit, hedge; Chinese numerals."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from zhunsheng.audit.quantities.numeral import Bound, Role
from zhunsheng.audit.quantities.structure import StructuralNumeral, structural_numerals
from zhunsheng.audit.quantities.units import MULTIPLIERS, unit_at
from zhunsheng.kernel.quantity import Hedge, Quantity
from zhunsheng.kernel.written import chinese_numeral

_NUMBER = re.compile(r"(?<![\d.])(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?")
# a cell that holds one plain figure; longer ones may be telephone numbers or codes
_ALONE = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_LONGEST_FIGURE = 11
_MULTIPLIER = re.compile(r"万亿|百万|千万|[十百千万亿]")
_CHINESE = r"[一二三四五六七八九十百千万零两〇]"
_CHINESE_NUMBER = re.compile(rf"(?<![一-龥]{{0}}第)({_CHINESE}+)")
_FRACTION = re.compile(rf"({_CHINESE}+)分之({_CHINESE}+)")
_PERCENT = re.compile(rf"百分之({_CHINESE}+(?:点{_CHINESE}+)?)")
# what may follow a numeral in Chinese characters for it to count something
_CHINESE_UNITS = frozenset(
    [
        "项",
        "个",
        "家",
        "件",
        "次",
        "人",
        "名",
        "条",
        "份",
        "批",
        "户",
        "宗",
        "所",
        "篇",
        "场",
        "天",
        "年",
        "个月",
        "小时",
        "分钟",
        "周年",
        "届",
        "批次",
        "户次",
        "人次",
        "万元",
        "元",
        "亿元",
        "支",
        "台",
        "辆",
        "套",
        "部",
        "本",
        "种",
        "张",
        "面",
    ]
)
# a character after the unit that makes a word of it: 分别, 年度, 名单, 次日
_NOT_THE_UNIT = {
    "分": "别为类成布析局级支管工期批配解发列期层送页包钟",
    "名": "单称录牌优义额誉",
    "次": "日年月序",
    "条": "件例款",
    "件": "事",
    "人": "均口民才力工社员大防物身",
    "日": "常报均前起益",
    "年": "度报检审均鉴代初末底中",
    "天": "然津气河",
    "场": "所地景",
    "所": "有属得在以谓需",
    "处": "理置罚分于室长级",
    "所有": "",
    "面": "积向对临",
    "部": "门分署委队长",
    "本": "级年次地市区身部局市着科",
    "支": "出付撑持援队",
    "开": "展始设办放发",
    "成": "立为功果效员本年",
    "方": "面案式便向位针法",
    "度": "过假",
    "期": "间末初限望",
    "类": "似型别",
    "级": "别以联",
    "号": "召称码",
    "项": "目",
    "份": "额",
    "位": "于置居次列",
    "米": "粉面",
    "家": "庭长具用电属乡居",
    "门": "店户类诊",
    "种": "植子类",
    "首": "次个创批家",
    "线": "上下索",
    "国": "家务内际标产有",
    "单": "位独",
    "网": "络",
    "站": "点",
    "行": "业政动为",
    "街": "道",
    "安": "全",
    "代": "表码理",
    "页": "",
    "席": "",
    "角": "度色",
    "克": "服",
    "时": "",
    "平台": "",
    "环节": "",
    "单位": "",
    "成本": "",
    "折": "合算旧",
    "只": "有能要是需",
    "例": "如行",
    "起": "来草到步诉点",
    "口": "径岸",
    "周": "边围期密转",
    "根": "据本",
    "把": "握关",
    "对": "于应比象外",
    "双": "方创向",
    "组": "织成长建",
    "副": "本局主",
    "通": "过知报告",
    "台": "账阶",
    "扇": "",
    "亩": "产",
    "岁": "末",
    "节": "约能日点省",
    "卷": "烟入",
    "个": "体别人税性案",
    "笔": "",
    "斤": "",
}
_BEFORE = (
    ("不少于", Hedge.NONE, Bound.AT_LEAST),
    ("不低于", Hedge.NONE, Bound.AT_LEAST),
    ("不小于", Hedge.NONE, Bound.AT_LEAST),
    ("大于等于", Hedge.NONE, Bound.AT_LEAST),
    ("大于或等于", Hedge.NONE, Bound.AT_LEAST),
    ("至少", Hedge.NONE, Bound.AT_LEAST),
    ("≥", Hedge.NONE, Bound.AT_LEAST),
    ("不超过", Hedge.NONE, Bound.AT_MOST),
    ("不高于", Hedge.NONE, Bound.AT_MOST),
    ("不多于", Hedge.NONE, Bound.AT_MOST),
    ("不大于", Hedge.NONE, Bound.AT_MOST),
    ("小于等于", Hedge.NONE, Bound.AT_MOST),
    ("小于或等于", Hedge.NONE, Bound.AT_MOST),
    ("最多", Hedge.NONE, Bound.AT_MOST),
    ("控制在", Hedge.NONE, Bound.NONE),
    ("≤", Hedge.NONE, Bound.AT_MOST),
    ("大于", Hedge.NONE, Bound.ABOVE),
    ("高于", Hedge.NONE, Bound.ABOVE),
    ("多于", Hedge.NONE, Bound.ABOVE),
    (">", Hedge.NONE, Bound.ABOVE),
    ("小于", Hedge.NONE, Bound.BELOW),
    ("低于", Hedge.NONE, Bound.BELOW),
    ("少于", Hedge.NONE, Bound.BELOW),
    ("<", Hedge.NONE, Bound.BELOW),
    ("大约", Hedge.ABOUT, Bound.NONE),
    ("约为", Hedge.ABOUT, Bound.NONE),
    ("约", Hedge.ABOUT, Bound.NONE),
    ("接近", Hedge.NEARLY, Bound.NONE),
    ("近", Hedge.NEARLY, Bound.NONE),
    ("超过", Hedge.OVER, Bound.NONE),
    ("突破", Hedge.OVER, Bound.NONE),
    ("超", Hedge.OVER, Bound.NONE),
    ("逾", Hedge.OVER, Bound.NONE),
)
_AFTER = re.compile(
    r"(?:（含）)?(?:(?P<least>或?及?以上|及以上|起)|(?P<most>或?及?以下|以内|之内)|(?P<about>左右|上下))(?:（含）)?"
)
_SIGN_AFTER = frozenset("，。；：（=、\n “为是达到至率约 ")
_RANGE = re.compile(r"[-—–~～至]|——|—")


@dataclass(frozen=True, slots=True)
class Scanned:
    """A numeral as found, its role not yet settled (except structural ones)."""

    start: int
    end: int
    digits_end: int
    quantity: Quantity | None
    role: Role
    bound: Bound = Bound.NONE
    day: date | None = None
    year: int | None = None
    in_range: bool = False
    impossible_date: bool = False


def scan(text: str, mark_length: int = 0) -> list[Scanned]:
    """All numerals of a cleaned passage in order.

    >>> [text_of.quantity.printed_unit for text_of in scan("约44.68万户、近62.7%")]
    ['万户', '%']
    """
    if not mark_length and len(text) < _LONGEST_FIGURE and (alone := _ALONE.fullmatch(text)):
        value = Decimal(text.replace(",", ""))
        return [_with_unit(text, 0, alone.end(), value)]
    structural = list(structural_numerals(text, mark_length))
    taken = [(each.start, each.end) for each in structural]
    found = [_structural(each) for each in structural]
    found.extend(
        _digits(text, match)
        for match in _NUMBER.finditer(_without_marks(text, structural))
        if not any(start < match.end() and match.start() < end for start, end in taken)
    )
    taken.extend((each.start, each.end) for each in found)
    found.extend(_chinese(text, taken))
    found.sort(key=lambda each: each.start)
    return _ranges(text, found)


def _without_marks(text: str, structural: list[StructuralNumeral]) -> str:
    """The text with the numbers of items blanked: in 3.15个 the 15 does not belong to the 3."""
    for each in structural:
        if each.role is Role.NUMBERING and each.end < len(text) and text[each.end].isdigit():
            text = text[: each.start] + " " * (each.end - each.start) + text[each.end :]
    return text


def _structural(one: StructuralNumeral) -> Scanned:
    return Scanned(
        one.start,
        one.end,
        one.end,
        None,
        one.role,
        day=one.day,
        year=one.year,
        impossible_date=one.impossible_date,
    )


def _digits(text: str, match: re.Match[str]) -> Scanned:
    start, end = match.span()
    value = Decimal(match[0].replace(",", ""))
    if text[start - 1 : start] == "-" and (start == 1 or text[start - 2] in _SIGN_AFTER):
        value, start = -value, start - 1
    elif text[start - 1 : start] == "+" and (start == 1 or text[start - 2] in _SIGN_AFTER):
        start -= 1
    return _with_unit(text, start, end, value)


def _with_unit(text: str, start: int, digits_end: int, value: Decimal) -> Scanned:
    measured = _measured(text, digits_end)
    hedge, bound = _before(text, start)
    if measured.more:
        hedge = Hedge.MORE
    after = _AFTER.match(text, measured.end)
    if after and after["least"] and after["least"] != "起":
        bound = bound or Bound.AT_LEAST
    elif after and after["most"]:
        bound = bound or Bound.AT_MOST
    elif after and after["about"]:
        hedge = Hedge.ABOUT
    quantity = Quantity(value, measured.unit, measured.multiplier, hedge)
    return Scanned(start, measured.end, digits_end, quantity, Role.UNKNOWN, bound)


@dataclass(frozen=True, slots=True)
class _Measured:
    """What follows the digits: 余 or 多, multiplier, unit, and where they end."""

    multiplier: int
    unit: str
    end: int
    more: bool = False


def _measured(text: str, position: int) -> _Measured:
    """Multiplier and unit after some digits, with 余 or 多 before or after the multiplier."""
    while text[position : position + 1] == " ":
        position += 1
    more = text[position : position + 1] in {"余", "多"}
    begin = position + 1 if more else position
    match = _MULTIPLIER.match(text, begin)
    if match:
        after = match.end()
        if not more and text[after : after + 1] in {"余", "多"} and _unit(text, after + 1)[1]:
            more, after = True, after + 1
        unit, word = _unit(text, after)
        stands = word or len(match[0]) > 1 or match[0] in "万亿" or not text[after : after + 1].isalnum()
        if stands:
            return _Measured(MULTIPLIERS[match[0]], unit, after + len(word), more)
    unit, word = _unit(text, begin)
    if more and not word:
        return _Measured(1, "", position)
    return _Measured(1, unit, begin + len(word), more)


def _unit(text: str, position: int) -> tuple[str, str]:
    """The unit at a position and the characters it takes; empty when a longer word stands there."""
    word = unit_at(text, position)
    if word and text[position + len(word) : position + len(word) + 1] in set(_NOT_THE_UNIT.get(word, "")):
        return "", ""
    return word, word


def _before(text: str, start: int) -> tuple[Hedge, Bound]:
    before = text[max(0, start - 5) : start]
    for word, hedge, bound in _BEFORE:
        if before.endswith(word):
            return hedge, bound
    return Hedge.NONE, Bound.NONE


class _Claims:
    """The stretches of a passage that numerals already take."""

    def __init__(self, taken: list[tuple[int, int]]) -> None:
        self._taken = list(taken)

    def take(self, start: int, end: int) -> bool:
        """Claim a stretch; False when another numeral has part of it."""
        if any(low < end and start < high for low, high in self._taken):
            return False
        self._taken.append((start, end))
        return True


def _chinese(text: str, taken: list[tuple[int, int]]) -> Iterator[Scanned]:
    claims = _Claims(taken)
    yield from _chinese_percents(text, claims)
    yield from _chinese_fractions(text, claims)
    yield from _chinese_counts(text, claims)


def _chinese_percents(text: str, claims: _Claims) -> Iterator[Scanned]:
    for match in _PERCENT.finditer(text):
        whole, _, decimals = match[1].partition("点")
        number = chinese_numeral(whole)
        if number is None or not claims.take(*match.span()):
            continue
        digits = "".join(str(chinese_numeral(each) or 0) for each in decimals)
        value = Decimal(f"{number}.{digits}" if digits else number)
        yield Scanned(match.start(), match.end(), match.end(), Quantity(value, "%"), Role.UNKNOWN)


def _chinese_fractions(text: str, claims: _Claims) -> Iterator[Scanned]:
    for match in _FRACTION.finditer(text):
        below, above = chinese_numeral(match[1]), chinese_numeral(match[2])
        if not below or not above or not claims.take(*match.span()):
            continue
        hedge, bound = _before(text, match.start())
        if text.startswith(("以上", "强", "多"), match.end()):
            bound = Bound.AT_LEAST
        # a fraction in words is rough; it is kept as a share in whole per cent
        share = (Decimal(above) * 100 / Decimal(below)).quantize(Decimal(1))
        quantity = Quantity(share, "%", 1, Hedge.ABOUT if hedge is Hedge.NONE else hedge)
        yield Scanned(match.start(), match.end(), match.end(), quantity, Role.SHARE, bound)


def _chinese_counts(text: str, claims: _Claims) -> Iterator[Scanned]:
    for match in _CHINESE_NUMBER.finditer(text):
        unit, word = _unit(text, match.end())
        if unit not in _CHINESE_UNITS or not _counts(text, match):
            continue
        number = chinese_numeral(match[1])
        end = match.end() + len(word)
        if not number or not claims.take(match.start(), end):
            continue
        hedge, bound = _before(text, match.start())
        quantity = Quantity(Decimal(number), unit, 1, hedge)
        yield Scanned(match.start(), end, match.end(), quantity, Role.UNKNOWN, bound)


def _counts(text: str, match: re.Match[str]) -> bool:
    """Whether a Chinese number before a unit counts something and is not part of a word or a name."""
    written = match[1]
    if text[match.start() - 1 : match.start()] in {"第", "之", "点"} or written == "一":
        return False
    if len(written) == 1 and _quoted(text, match.start()):
        return False
    return not (written[0] in "百千万" and chinese_numeral(written) in {100, 1000, 10000})


def _quoted(text: str, position: int) -> bool:
    opening = text.rfind("“", 0, position)
    return opening >= 0 and "”" not in text[opening:position]


def _ranges(text: str, found: list[Scanned]) -> list[Scanned]:
    """Mark both ends of 3—5个, and give the first end the unit of the second."""
    result = list(found)
    for index in range(len(result) - 1):
        one, other = result[index], result[index + 1]
        if one.quantity is None or other.quantity is None:
            continue
        between = text[one.end : other.start]
        if other.quantity.value < 0 and between == "":
            continue
        if _RANGE.fullmatch(between) and (not one.quantity.unit or one.quantity.unit == other.quantity.unit):
            quantity = one.quantity
            if not quantity.unit:
                quantity = replace(quantity, unit=other.quantity.unit, multiplier=other.quantity.multiplier)
            result[index] = replace(one, quantity=quantity, in_range=True)
            result[index + 1] = replace(other, in_range=True)
    return result
