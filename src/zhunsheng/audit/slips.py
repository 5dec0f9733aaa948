"""What kind of slip turns one figure into another: swapped digits, a moved point, a lost digit, a sign."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Slip:
    """A likely cause of a wrong figure.

    Attributes:
        name: short English name.
        explanation: in Chinese, for the reader of a finding.
    """

    name: str
    explanation: str


def slip_between(printed: Decimal, true: Decimal | Fraction) -> Slip | None:
    """The slip that explains `printed` when `true` was meant, or None.

    >>> slip_between(Decimal("8013"), Decimal("8103")).name
    'swapped'
    """
    wanted = Fraction(true)
    have = Fraction(printed)
    if have == wanted:
        return None
    if have == -wanted:
        return Slip("sign", "正负号写反")
    return _moved_point(have, wanted) or _other_digits(_digits(have, printed), _digits(wanted, printed))


def _moved_point(have: Fraction, wanted: Fraction) -> Slip | None:
    if not have or not wanted:
        return None
    for power in range(1, 9):
        if have / wanted in {Fraction(10) ** power, Fraction(1, 10**power)}:
            return Slip("point", f"小数点或单位错位 10 的 {power} 次方" if power > 1 else "小数点错位一位")
    return None


def _other_digits(one: str | None, other: str | None) -> Slip | None:
    if one is None or other is None:
        return None
    if len(one) == len(other):
        different = [index for index in range(len(one)) if one[index] != other[index]]
        if len(different) == 1:
            return Slip("digit", "一位数字写错")
        if len(different) == 2 and different[1] == different[0] + 1:
            first, second = different
            if one[first] == other[second] and one[second] == other[first]:
                return Slip("swapped", "相邻两位数字颠倒")
    if abs(len(one) - len(other)) == 1:
        longer, shorter = (one, other) if len(one) > len(other) else (other, one)
        if any(longer[:index] + longer[index + 1 :] == shorter for index in range(len(longer))):
            return Slip("lost" if len(one) < len(other) else "extra", "漏写或多写一位数字")
    return None


def _digits(value: Fraction, like: Decimal) -> str | None:
    """The digits of a value with the decimals of a printed figure; None when it has more."""
    exponent = like.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    scaled = abs(value) * 10**places
    return str(scaled.numerator) if scaled.denominator == 1 else None
