"""Lists in running text that a stated number counts: 34个，分别是A、B、C."""

import re
from dataclasses import dataclass

from zhunsheng.audit.quantities.numeral import Bound, Numeral, Role
from zhunsheng.audit.quantities.units import Dimension
from zhunsheng.kernel.quantity import Hedge
from zhunsheng.kernel.written import chinese_numeral

_BRACKETED = re.compile(r"（[^（）]*）|“[^“”]*”|《[^《》]*》|‘[^‘’]*’|【[^【】]*】")
# after the number: perhaps the thing counted, then a word that opens an exhaustive list
_LEAD = re.compile(
    r"(?P<noun>[^，。；：、\d]{0,16}?)(?P<open>[，]?(?:分别(?:是|为|有|包括|由)?|具体(?:是|为|包括|有|如下)|包括|即|依次(?:是|为))[：]?|[：])"
)
_PARTIAL = re.compile(r"^(?:其中|主要|重点|例如|如|比如)")
_OPEN_END = re.compile(r"等(?:等|[^、，。；]{0,14})?$")
_JOINED = re.compile(r"以及|(?<=[\u4e00-\u9fff”》）])(?:和|及|与|或)(?=[\u4e00-\u9fff“《])")
_SPOKEN = re.compile(r"(?:(?<=[，。；：、\n）])|^)([一二三四五六七八九十]{1,3})是(?!否)")
_NUMBERED = re.compile(
    r"(?:(?<=[，。；：、\n])|^)(?:（([一二三四五六七八九十]{1,3}|\d{1,2})）|([①-⑳])|(\d{1,2})(?:[、．]|\.(?!\d)))"
)
# 2家（甲公司、乙公司）: the names stand in the bracket right after the number and its noun
_IN_BRACKET = re.compile(
    r"[^，。；：、（）\d]{0,14}（(?:包括|分别(?:为|是)|即|为)?(?P<names>[^（）\d：，；。]+)）"
)
_NOT_NAMES = re.compile(r"含|其中|不包括|折合|例如|如|比|较|占|共|以上|以下|简称|截至|详见|见附")
# “甲”和“乙”两个平台: quoted names right before the number
_QUOTED_BEFORE = re.compile(r"(?:“[^“”]{1,30}”(?:、|以及|和|及|与)?){2,}$")
_NAME_LENGTH = 16
_MOST = 80
_VERBS = re.compile(r"(?:开展|推进|加强|负责|完成|实施|推动|组织|落实|做好|强化|实现|提升|确保|进行)")


@dataclass(frozen=True, slots=True)
class Listing:
    """What is listed after a number.

    Attributes:
        fewest, most: how many things are listed; a joined last pair (A和B) may be one or two.
        alike: the things are of one kind, so that their number is certain.
        open_end: the list ends with 等 and need not be complete.
        start, end: its characters in the passage.
        marked: the things are numbered (一是……二是……).
    """

    fewest: int
    most: int
    alike: bool
    open_end: bool
    start: int
    end: int
    marked: bool = False


def counts_things(numeral: Numeral) -> bool:
    """Whether a numeral counts things that may be listed."""
    quantity = numeral.quantity
    return (
        quantity is not None
        and numeral.dimension in {Dimension.COUNT, Dimension.OTHER}
        and numeral.role in {Role.LEVEL, Role.UNKNOWN, Role.CHANGE}
        and quantity.hedge is Hedge.NONE
        and numeral.bound is Bound.NONE
        and not numeral.in_range
        and quantity.multiplier == 1
        and quantity.places == 0
        and 1 <= quantity.value <= _MOST
    )


def masked(text: str) -> str:
    """The text with everything in brackets and quotation marks blanked, positions kept."""
    previous = ""
    while previous != text:
        previous = text
        text = _BRACKETED.sub(lambda match: match[0][0] + "·" * (len(match[0]) - 2) + "·", text)
    return text


def listing_after(text: str, end: int) -> Listing | None:
    """The list that follows a number whose unit ends at `end`, or None."""
    plain = masked(text)
    lead = _LEAD.match(plain, end)
    if lead is None or re.search(r"[是为]$", lead["noun"]) or "其中" in lead["noun"]:
        return None
    start = lead.end()
    if _PARTIAL.match(plain[start:]):
        return None
    marked = _marked(plain, start)
    if marked is not None:
        return marked
    stop = re.compile(r"[。；\n]").search(plain, start)
    finish = stop.start() if stop else len(plain)
    content = plain[start:finish]
    if "、" in content:
        comma = content.find("，", content.rfind("、"))
        first = content.find("，")
        if 0 <= first < content.rfind("、"):
            return None  # commas between the things: several lists or a sentence
        content = content[:comma] if comma >= 0 else content
    elif "，" in content or not content:
        return None
    if re.search(r"\d", content) and re.search(r"\d+(?:\.\d+)?(?:个|家|项|名|%|万|元)", content):
        return None  # the things carry figures of their own
    pieces = [piece for piece in content.split("、") if piece]
    open_end = _OPEN_END.search(pieces[-1]) is not None
    joined = len(_JOINED.findall(pieces[-1]))
    return Listing(
        len(pieces),
        len(pieces) + joined,
        _alike(pieces),
        open_end,
        start,
        start + len(content),
    )


def listing_in_bracket(text: str, end: int) -> Listing | None:
    """The names in the bracket after a number whose unit ends at `end`: 2家（甲公司、乙公司）."""
    match = _IN_BRACKET.match(text, end)
    if match is None or "、" not in match["names"] or _NOT_NAMES.search(match["names"]):
        return None
    pieces = [piece for piece in match["names"].split("、") if piece]
    if any(len(piece) > _NAME_LENGTH for piece in pieces):
        return None
    open_end = _OPEN_END.search(pieces[-1]) is not None
    joined = len(_JOINED.findall(pieces[-1]))
    start, stop = match.span("names")
    return Listing(len(pieces), len(pieces) + joined, True, open_end, start, stop, marked=True)


def listing_before(text: str, start: int) -> Listing | None:
    """The quoted names right before a number: “甲”和“乙”两个平台."""
    match = _QUOTED_BEFORE.search(text[max(0, start - 120) : start])
    if match is None:
        return None
    count = match[0].count("“")
    begin = start - len(match[0])
    return Listing(count, count, alike=True, open_end=False, start=begin, end=start, marked=True)


def _marked(plain: str, start: int) -> Listing | None:
    """A list numbered in the text itself."""
    for pattern in (_SPOKEN, _NUMBERED):
        first = pattern.match(plain, start)
        if first is None:
            continue
        count = 0
        last = start
        for match in pattern.finditer(plain, start):
            number = _number(next(group for group in match.groups() if group))
            if number != count + 1:
                if number == 1:
                    continue
                break
            count, last = count + 1, match.end()
        return Listing(count, count, alike=True, open_end=False, start=start, end=last, marked=True)
    return None


def _number(written: str) -> int:
    if written.isdigit():
        return int(written)
    if "①" <= written <= "⑳":
        return ord(written) - ord("①") + 1
    return chinese_numeral(written) or 0


def _alike(pieces: list[str]) -> bool:
    """Whether the listed things are names of one kind: same ending, or all quoted."""
    if len(pieces) < 2 or any(len(piece) > 40 for piece in pieces):
        return False
    if sum(bool(_VERBS.match(piece)) for piece in pieces):
        return False
    bare = [re.sub(r"[（(].*$", "", piece) or piece for piece in pieces]
    endings: dict[str, int] = {}
    for piece in bare:
        endings[piece[-1]] = endings.get(piece[-1], 0) + 1
    quoted = sum(piece[0] in "“《" for piece in pieces)
    return max(endings.values()) * 3 >= len(pieces) * 2 or quoted == len(pieces)
