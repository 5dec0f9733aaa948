"""Mending what recognition often gets wrong inside numerals, where only one reading is possible.

Digits are never changed into other digits; a numeral that could be read in two ways stays as it is.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from zhunsheng.documents.reading.recognition_models import Glyph

# a gap narrower than this share of the height of the line is no space: beside a separator or before a
# percent sign, where half-wide marks leave room; and between two digits
_SPACE_AT_MARK: Final = 0.7
_SPACE_AT_DIGIT: Final = 0.3
_AFTER_ROOM: Final = re.compile(r"[,.，．]")
_BEFORE_ROOM: Final = re.compile(r"[,.，．%％]")
_NARROW: Final = 0.8
_FLAT: Final = 5.5
_EVEN: Final = 0.75
_INSIDE: Final = re.compile(r"[0-9０-９,.%，．％]")
_LOOKS_LIKE: Final = {"O": "0", "o": "0", "〇": "0", "○": "0", "l": "1", "I": "1", "|": "1"}
_NOUGHTS: Final = re.compile(r"[Oo〇○]")
# a stretch that holds digits and what is taken for digits; no Latin letter touches it
_STRETCH: Final = re.compile(r"(?<![A-Za-z〇○])[0-9Oo〇○lI|.,]*[0-9][0-9Oo〇○lI|.,]*(?![A-Za-z〇○])")
_GROUPED: Final = re.compile(r"(?<![0-9,.，．])[0-9]{1,3}(?:[,，][0-9]{3})+(?![0-9])")
_POINT: Final = re.compile(r"(?<=[0-9])[．。·](?=[0-9]{1,2}(?![0-9年月日个项家户人次、.．。·]))")
_MARKS: Final = {"，": ",", "．": ".", "。": ".", "·": "."}


def without_false_spaces(glyphs: Sequence[Glyph], gap: Callable[[float, float], float]) -> list[Glyph]:
    """Drop the spaces inside numerals that are only the room beside a comma or point.

    Args:
        glyphs: the characters of a line.
        gap: the widest empty stretch between two places of the line, in heights of its ink.
    """
    kept: list[Glyph] = []
    for index, glyph in enumerate(glyphs):
        if glyph.text == " " and kept and index + 1 < len(glyphs):
            before, after = kept[-1], glyphs[index + 1]
            inside = _INSIDE.match(before.text) and _INSIDE.match(after.text)
            at_mark = _AFTER_ROOM.match(before.text) or _BEFORE_ROOM.match(after.text)
            least = _SPACE_AT_MARK if at_mark else _SPACE_AT_DIGIT
            if inside and gap(before.x, after.x) < least:
                continue
        kept.append(glyph)
    return kept


def mend(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Letters taken for digits, and Chinese punctuation taken for separators, set right in numerals.

    The confidence stays that of what was seen.
    """
    text = "".join(glyph.text for glyph in glyphs)
    new = list(text)
    for stretch in _STRETCH.finditer(text):
        for at in range(stretch.start(), stretch.end()):
            if text[at] in _LOOKS_LIKE and _is_digit(stretch[0], at - stretch.start()):
                new[at] = _LOOKS_LIKE[text[at]]
    mended = "".join(new)
    for pattern in (_GROUPED, _POINT):
        for found in pattern.finditer(mended):
            for at in range(found.start(), found.end()):
                new[at] = _MARKS.get(new[at], new[at])
    return [
        glyph if glyph.text == text_now else replace(glyph, text=text_now)
        for glyph, text_now in zip(glyphs, new, strict=True)
    ]


def _is_digit(text: str, at: int) -> bool:
    """Whether a letter can only be a digit: a one between digits, a nought after a digit or before a point.

    A nought at the beginning stays: “O7” may be a code.
    """
    before, after = text[max(0, at - 2) : at], text[at + 1 : at + 3]
    if _NOUGHTS.match(text[at]):
        return bool(re.search(r"[0-9][.,]?$", before) or (not before and re.match(r"\.[0-9]", after)))
    return bool(re.search(r"[0-9]$", before) and re.match(r"[0-9]", after))


def is_nought(seen: str, high: int, wide: int) -> bool:
    """Whether a lone round sign is the digit, which is narrow, and not a full stop or a circle.

    Args:
        seen: what the line was read as.
        high, wide: pixels of its ink.
    """
    return bool(_NOUGHTS.fullmatch(seen)) and wide <= _NARROW * high


def is_dash(high: int, wide: int, filled: float) -> bool:
    """Whether a lone stroke is a dash, not the number one: a bar, flat and even.

    Args:
        high, wide: pixels of its ink.
        filled: share of the box around the ink that is dark.
    """
    return wide >= _FLAT * high and filled >= _EVEN
