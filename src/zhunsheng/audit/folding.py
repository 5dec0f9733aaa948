"""One spelling for every character, without moving any: offsets stay valid.

Digits, letters, signs and the decimal point become half width; brackets, colon, semicolon and the marks
that end a sentence become full width, so that every later pattern needs one spelling only.
"""

import unicodedata
from functools import lru_cache

_SAME = {
    "﹪": "%",
    "−": "-",
    "–": "-",
    "‐": "-",
    "‑": "-",
    "﹣": "-",
    "⁃": "-",
    "╳": "×",
    "✕": "×",
    "∶": "：",
    "\u3000": " ",
    "\xa0": " ",
    "•": "·",
    "‧": "·",
    "(": "（",
    ")": "）",
    "〈": "《",
    "〉": "》",
    ";": "；",
    ":": "：",
    "!": "！",
    "?": "？",
    "，": "，",
    "（": "（",
    "）": "）",
    "；": "；",
    "：": "：",
    "！": "！",
    "？": "？",
    "[": "〔",
    "]": "〕",
    "［": "〔",
    "］": "〕",
    "【": "〔",
    "】": "〕",
    "≧": "≥",
    "≦": "≤",
    "⩾": "≥",
    "⩽": "≤",
    "﹥": ">",
    "﹤": "<",
}


@lru_cache(maxsize=8192)
def folded_character(character: str) -> str:
    """One character for one character: full width to half width, radicals to ideographs.

    >>> folded_character("８"), folded_character("％"), folded_character("⼀")
    ('8', '%', '一')
    """
    if character in _SAME:
        return _SAME[character]
    if "①" <= character <= "⓿" or "㈠" <= character <= "㊿" or character in "²³¹":
        return character  # list marks and exponents are not digits of a number
    folded = unicodedata.normalize("NFKC", character)
    return folded if len(folded) == 1 else character


def folded(text: str) -> str:
    """The text with every character folded; same length.

    >>> folded("１００％(万元)")
    '100%（万元）'
    """
    return "".join(map(folded_character, text))
