"""Numbers in cells: comma groups, multipliers, money with its unit; never a binary float."""

import re
from decimal import Decimal, localcontext
from typing import Final

from zhunsheng.kernel.problem import Kind
from zhunsheng.ledgers import value_kinds as kinds
from zhunsheng.ledgers.field import FieldDefinition, FieldType, Level
from zhunsheng.ledgers.value_texts import NUMERIC_MARK, folded

_NUMBER: Final = re.compile(
    r"^(?P<sign>[-+−]?)(?P<currency>[¥￥]?)(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?P<rest>\.\d*)?\s*(?P<unit>\D*)$",
    re.ASCII,
)
_SCIENTIFIC: Final = re.compile(r"^[-+]?\d+(?:\.\d+)?[eE][-+]?\d+$", re.ASCII)
_PERCENT: Final = re.compile(r"^[-+]?[\d,.]+\s*[%％‰]$|^百分之", re.ASCII)
_MULTIPLIERS: Final = {
    "": 0, "千": 3, "万": 4, "十万": 5, "百万": 6, "千万": 7, "亿": 8, "万亿": 12
}  # fmt: skip
_LARGEST: Final = 2**63 - 1
# the digits a spreadsheet guarantees; those beyond are noise of its binary arithmetic
_SHOWN_DIGITS: Final = 15
_LONGEST: Final = 60


class NotANumber(ValueError):  # noqa: N818 - it says what the text is
    """A text that is not one acceptable number.

    Attributes:
        level: what this does to the record.
        kind: the rule that is broken.
        what: what was found, to follow the label of the field.
    """

    def __init__(self, level: Level, kind: Kind, what: str) -> None:
        super().__init__(what)
        self.level = level
        self.kind = kind
        self.what = what


def read_number(text: str, field: FieldDefinition, scale: int = 0) -> Decimal:
    """The number of a cleaned text, exactly, at the decimal places of the field.

    Args:
        text: not empty.
        scale: tens by which the column is larger than the field: 4 for a column headed 万元.

    Raises:
        NotANumber: it is not a number, or not one the field can hold.
    """
    shown = folded(text.removeprefix(NUMERIC_MARK)).strip()
    if len(shown) > _LONGEST:
        raise NotANumber(Level.REJECT, kinds.NO_NUMBER, "不是一个数")
    if _PERCENT.match(shown) and field.unit not in {"%", "％"}:
        raise NotANumber(Level.QUARANTINE, kinds.PERCENT, f"填的是百分数“{shown}”")
    if _SCIENTIFIC.match(shown):
        raise NotANumber(Level.QUARANTINE, kinds.SCIENTIFIC, f"“{shown}”是科学计数法")
    match = _NUMBER.match(shown)
    power = None if match is None else _power(match["unit"].strip(), field)
    if match is None or power is None or (match["currency"] and field.type is not FieldType.MONEY):
        raise NotANumber(Level.REJECT, kinds.NO_NUMBER, f"“{shown}”不是一个数")
    # a column in 万元 and a figure with its own unit would be multiplied twice
    if scale and match["unit"].strip() and power != scale:
        raise NotANumber(Level.QUARANTINE, kinds.NO_NUMBER, f"“{shown}”的单位与列标题的单位不同")
    if scale:
        power = scale
    sign = "-" if match["sign"] in {"-", "−"} else ""
    number = Decimal(f"{sign}{match['digits'].replace(',', '')}{(match['rest'] or '').rstrip('.')}")
    return _at_places(number.scaleb(power), field, shown)


def _power(unit: str, field: FieldDefinition) -> int | None:
    """Tens by which a written unit multiplies; None for a unit that is not the field's."""
    own = {"元", "人民币", "元整", ""} if field.type is FieldType.MONEY else {field.unit, ""}
    for name in sorted(own, key=len, reverse=True):
        if unit.endswith(name) and unit[: len(unit) - len(name)] in _MULTIPLIERS:
            return _MULTIPLIERS[unit[: len(unit) - len(name)]]
    return None


def _at_places(number: Decimal, field: FieldDefinition, shown: str) -> Decimal:
    with localcontext(prec=_LONGEST + 20):
        unit = Decimal(1).scaleb(-field.places)
        kept = number.quantize(unit)
        noisy = len(number.as_tuple().digits) > _SHOWN_DIGITS and abs(number) < 10**_SHOWN_DIGITS
        if kept != number and noisy:
            number = Decimal(f"{number:.{_SHOWN_DIGITS}g}")
            kept = number.quantize(unit)
        if kept != number:
            if field.type is FieldType.INTEGER:
                raise NotANumber(Level.REJECT, kinds.NO_NUMBER, f"应为整数，现为“{shown}”")
            raise NotANumber(Level.QUARANTINE, kinds.PLACES, f"“{shown}”超过 {field.places} 位小数")
        if abs(int(kept.scaleb(field.places))) > _LARGEST:
            raise NotANumber(Level.REJECT, kinds.TOO_BIG, f"“{shown}”过大")
        kept = abs(kept) if kept.is_zero() else kept
    if field.least is not None and kept < field.least:
        raise NotANumber(Level.REJECT, kinds.TOO_SMALL, f"“{shown}”小于 {field.least}")
    return kept
