"""Carrying an actual over to the unit of its target: only what is certain, nothing guessed."""

import unicodedata
from fractions import Fraction

_MULTIPLIERS = (
    ("万亿", 10**12),
    ("亿", 10**8),
    ("百万", 10**6),
    ("万", 10**4),
    ("千", 10**3),
)
# how many of the first unit of its line one of each unit is
_KINDS: tuple[dict[str, Fraction], ...] = (
    {"克": Fraction(1), "千克": Fraction(1000), "公斤": Fraction(1000), "kg": Fraction(1000)}
    | {"吨": Fraction(10**6), "t": Fraction(10**6)},
    {"秒": Fraction(1), "分钟": Fraction(60), "小时": Fraction(3600), "天": Fraction(86400)}
    | {"日": Fraction(86400)},
    {"米": Fraction(1), "m": Fraction(1), "千米": Fraction(1000), "公里": Fraction(1000)}
    | {"km": Fraction(1000)},
    {"%": Fraction(1), "‰": Fraction(1, 10)},
)


def conversion(actual_unit: str, target_unit: str) -> Fraction | None:
    """By what an actual must be multiplied to be in the target's unit; None when nobody can say.

    A unit left out on one side means the same unit, except where the other side has a multiplier (万元)
    or a percent sign: then the bare figure could be meant either way.

    >>> conversion("天", "小时"), conversion("万户", "户"), conversion("万元", "")
    (Fraction(24, 1), Fraction(10000, 1), None)
    """
    actual, target = _tidy(actual_unit), _tidy(target_unit)
    if actual == target:
        return Fraction(1)
    if not actual or not target:
        written = actual or target
        return None if written in {"%", "‰"} or _split(written)[0] != 1 else Fraction(1)
    (actual_factor, actual_bare), (target_factor, target_bare) = _split(actual), _split(target)
    if actual_bare == target_bare:
        return Fraction(actual_factor, target_factor)
    for kind in _KINDS:
        if actual_bare in kind and target_bare in kind:
            return kind[actual_bare] * actual_factor / (kind[target_bare] * target_factor)
    return None


def _tidy(unit: str) -> str:
    return unicodedata.normalize("NFKC", unit).strip()


def _split(unit: str) -> tuple[int, str]:
    """Multiplier and bare unit: 万元 is 10,000 of 元, but 千克 is a unit of its own."""
    if any(unit in kind for kind in _KINDS):
        return 1, unit
    for word, factor in _MULTIPLIERS:
        if unit.startswith(word):
            return factor, unit.removeprefix(word)
    return 1, unit
