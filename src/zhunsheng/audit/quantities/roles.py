"""Which part a numeral plays, from the words around it or the headers above and beside it."""

import re

from zhunsheng.audit.quantities.numeral import Bound, Role
from zhunsheng.audit.quantities.scanning import Scanned
from zhunsheng.audit.quantities.units import Dimension, dimension_of

_WINDOW = 24
_LINK = r"(?:了|约|近|超|超过|达|达到|为|至|到|幅度为|比例为|率为|分别为|分别|\s|：|“|高达|逾|不低于|不少于|\+|-)*"
_SHARE = re.compile(rf"(?:占[^，。；]*?|比重|占比|比例|份额|份额的){_LINK}(?:的)?{_LINK}$")
_GROWTH = re.compile(
    r"(?:增长|下降|上升|减少|增加|提高|降低|增幅|降幅|增速|提升|节省|节约|缩短|压减|压缩|下浮|上浮|同比|环比|差异率|变动率|增减率|"
    rf"增|降|减)(?:比例|率|幅度)?{_LINK}$"
)
_CHANGE = re.compile(
    r"(?:增加|减少|增长|下降|上升|多支出|少支出|追加|调增|调减|增|减|多|少|提高|降低|净增|压减|核减|节约|节省|差异|差额|"
    rf"新增额|缩短|提升|超支)(?:额|数|金额)?{_LINK}$"
)
_FULL = re.compile(rf"(?:分值|满分|总分值|权重|标准分|总分|赋分|分数|设置分值|基础分){_LINK}$")
# 下降至1% names the level reached, not the change
_REACHED = re.compile(r"(?:至|到|降为|升为|增为)(?:了|约|近|超过?|\s)*$")
_FACTOR_BEFORE = re.compile(r"[×*÷/]$")
# 分别增长11.97%和20.77%: the second has the words of the first
_LISTED_BEFORE = re.compile(r"(?:-?[\d.]+%(?:和|、|及|与))+$")
_OPERATOR = "×*÷/=+"

_HEADERS: tuple[tuple[Role, re.Pattern[str]], ...] = (
    (Role.NUMBERING, re.compile(r"^(?:序号|编号|行次|栏次|排序|No\.?)$")),
    (Role.CODE, re.compile(r"编码|代码|科目编号|文号|电话|邮编|身份证")),
    (Role.FULL_SCORE, re.compile(r"分值|满分|权重|标准分")),
    (Role.SCORE, re.compile(r"得分|评分|自评分|扣分")),
    (
        Role.GROWTH,
        re.compile(
            r"差异率|增减率|增长率|增幅|降幅|增减[(（]?%|同比|变动率|增速|增长(?:[(（]?%|$)|比上年[^额数]*%"
        ),
    ),
    (Role.SHARE, re.compile(r"占比|比重|构成|占[^，]*%|所占")),
    (Role.RATE, re.compile(r"率|完成比例|%|％|进度|程度")),
    (Role.CHANGE, re.compile(r"差异|差额|增减|增加|减少|变动|结余差")),
    (Role.TARGET, re.compile(r"目标值|指标值|预期|计划值|年度目标|标准值")),
)


def role_in_text(text: str, one: Scanned) -> Role:
    """The role of a scanned numeral in a sentence."""
    if one.role is not Role.UNKNOWN or one.quantity is None:
        return one.role
    before = re.split(r"[。；\n]", text[max(0, one.start - _WINDOW) : one.start])[-1]
    dimension = dimension_of(one.quantity.unit)
    if dimension is Dimension.NONE:
        return _bare(text, one, before)
    return _with_unit(text, one, before, dimension)


_BY_DIMENSION = {
    Dimension.PERCENTAGE_POINT: Role.POINTS,
    Dimension.MULTIPLE: Role.MULTIPLE,
    Dimension.DURATION: Role.DURATION,
}


def _with_unit(text: str, one: Scanned, before: str, dimension: Dimension) -> Role:
    if dimension in _BY_DIMENSION:
        return _BY_DIMENSION[dimension]
    if dimension is Dimension.PERCENT:
        return _percentage(text, one, before)
    near = re.split(r"[，、（）]", before)[-1]
    if dimension is Dimension.SCORE:
        return Role.FULL_SCORE if _FULL.search(near) else Role.SCORE
    if one.bound in {Bound.AT_LEAST, Bound.AT_MOST}:
        return Role.TARGET
    return Role.CHANGE if _CHANGE.search(near) else Role.LEVEL


def _percentage(text: str, one: Scanned, before: str) -> Role:
    before = _LISTED_BEFORE.sub("", before)
    if _FACTOR_BEFORE.search(before) and text[one.end : one.end + 1] in {"=", "", "，", "）", "。"}:
        return Role.FACTOR
    if one.bound is not Bound.NONE:
        return Role.TARGET
    if _SHARE.search(before):
        return Role.SHARE
    if _REACHED.search(before):
        return Role.RATE
    return Role.GROWTH if _GROWTH.search(before) else Role.RATE


def _bare(text: str, one: Scanned, before: str) -> Role:
    quantity = one.quantity
    if quantity is None:
        return Role.UNKNOWN
    after = text[one.end : one.end + 1]
    if (before[-1:] and before[-1] in _OPERATOR) or (after and after in _OPERATOR):
        return Role.FACTOR
    if re.match(r"-\d", text[one.end : one.end + 2]) or re.search(r"\d-$", before):
        return Role.FACTOR
    if _FULL.search(before):
        return Role.FULL_SCORE
    if re.search(r"得分(?:为|是|：)?$", before):
        return Role.SCORE
    if one.bound is not Bound.NONE:
        return Role.TARGET
    if quantity.multiplier > 1 or re.search(r"(?:为|是|达|达到|共|共计|合计|总计|约|至|数)$", before):
        return Role.LEVEL
    return Role.UNKNOWN


def role_in_cell(one: Scanned, header: str, alone: bool) -> Role:
    """The role of a scanned numeral in a table cell.

    Args:
        header: the words of the column's headers, outermost first, joined.
        alone: whether the cell holds nothing but this figure.
    """
    if one.quantity is None:
        return one.role
    unit = dimension_of(one.quantity.unit)
    if one.bound in {Bound.AT_LEAST, Bound.AT_MOST}:
        return Role.TARGET
    for role, pattern in _HEADERS:
        if pattern.search(header):
            if role in {Role.NUMBERING, Role.CODE} and not alone:
                continue
            if role is Role.RATE and unit not in {Dimension.PERCENT, Dimension.NONE}:
                continue
            return role
    if unit is Dimension.PERCENT:
        return Role.TARGET if one.bound is not Bound.NONE else Role.RATE
    if unit is Dimension.DURATION:
        return Role.DURATION
    if unit is Dimension.SCORE:
        return Role.SCORE
    return Role.LEVEL if alone or unit is not Dimension.NONE else Role.UNKNOWN
