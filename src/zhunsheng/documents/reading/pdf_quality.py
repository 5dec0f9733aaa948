"""Whether the characters of a page's text layer are text at all, or come from fonts without a mapping."""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

_FEWEST: Final = 8
_FEWEST_HAN: Final = 20
_FEWEST_LATIN: Final = 40
_UNMAPPED: Final = 0.15
_COMMON_HAN: Final = 0.6
_STRANGE: Final = 0.3
_SIGNS: Final = 0.35
_ONE: Final = 0.6
# signs that stand in reports of any language
_USUAL: Final = frozenset("°±²³×÷·§©®µ¥£€")
_PLAIN_SIGNS: Final = frozenset(".,%-()/:;'\"+=_ ")


def is_garbled(characters: Sequence[str], unmapped: int) -> bool:
    """Whether the characters of a page cannot be what is printed on it.

    Args:
        characters: what the text layer gives, without white space.
        unmapped: how many of them have no text of their own.

    >>> is_garbled("全年执行数为二千九百四十万元，完成年初预算的百分之九十八。", 0)
    False
    >>> is_garbled("ĀāĂăĄąĆćĈĉĊċČčĎďĐđĒē", 0)
    True
    """
    count = len(characters)
    if not count:
        return False
    if count < _FEWEST:
        return unmapped * 2 > count
    if unmapped > _UNMAPPED * count:
        return True
    if sum(map(_is_strange, characters)) > _STRANGE * count:
        return True
    han = [each for each in characters if "\u4e00" <= each <= "\u9fff"]
    if len(han) >= _FEWEST_HAN and sum(map(_is_common, han)) < _COMMON_HAN * len(han):
        return True
    if han or count < _FEWEST_LATIN:
        return False
    signs = sum(each.isascii() and not each.isalnum() and each not in _PLAIN_SIGNS for each in characters)
    if signs > _SIGNS * count:
        return True
    one, times = Counter(characters).most_common(1)[0]
    return times > _ONE * count and one.isalpha()


@lru_cache(maxsize=8192)
def _is_common(character: str) -> bool:
    """Whether an ideograph is among the some five thousand in everyday use, simplified or traditional."""
    try:
        if 0xB0 <= character.encode("gb2312")[0] <= 0xD7:
            return True
    except UnicodeEncodeError:
        pass
    try:
        return 0xA4 <= character.encode("big5")[0] <= 0xC6
    except UnicodeEncodeError:
        return False


@lru_cache(maxsize=8192)
def _is_strange(character: str) -> bool:
    """Whether a letter belongs to none of the scripts that reports are written in."""
    code = ord(character)
    if code < 0x80 or character in _USUAL:
        return False
    # from accented Latin to the last alphabet before punctuation, then between kana and ideographs
    return code < 0x2000 or 0x2C00 <= code < 0x2E80 or 0xA000 <= code < 0xF900 or 0xFB00 <= code < 0xFE10
