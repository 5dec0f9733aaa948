"""Wholes and parts in running text: 其中, 包括, 分别为, 由……组成, 按……分.

其中 may name only some parts. The list counts as complete when its parts add up to the whole, when words
say so, when its shares add up to 100 %, or when the parts are opposites (地上 and 地下).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from zhunsheng.audit.passages import Passage
from zhunsheng.audit.quantities.numeral import Numeral, Role
from zhunsheng.audit.reading import Reading, once
from zhunsheng.audit.relations.additions import (
    Addition,
    Part,
    Strength,
    agreement_of,
    digits_of,
    explained_by_slip,
    sum_of,
)
from zhunsheng.audit.relations.sum_figures import Figure, depths, figures_of, full_sentences
from zhunsheng.kernel.quantity import Hedge

_OPENER = re.compile(
    r"其中[：，]?|包括(?!但不限于)[：]?|包含|(?:主要)?(?:用于|投向)(?:以下(?:几个)?方面|如下)[：，]?|由(?=[^，。；]{0,12}\d)|分为|具体(?:为|包括|如下|是)[：，]?|"
    r"分产业看[，：]|(?:按|分)[^，。；：]{1,14}(?:分|看|划分|分类|统计)[，：]|从[^，。；：]{1,14}(?:看|分)[，：]|分别[为是]?|即(?=[^，。；]{0,12}\d)|构成(?:为|如下)?[：，]"
)
_COMPLETE = re.compile(r"分别|组成|构成|分为|由|以下|具体|按|看|分产业|即")
_TOTAL_BEFORE = re.compile(r"合计|总计|共计|总共|总[额量数值]|共|总投资|总面积|总预算")
_MOST_PARTS = 40
_SHORT_CELL = 15
_LEAST_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A list of parts and the wholes it may belong to.

    Attributes:
        opener: the words that open the list.
        wholes: possible wholes, the likeliest first.
        parts: the figures listed.
        shares: for each part the percentage printed with it, or None.
        start, end: characters of the passage that hold the list.
    """

    passage: Passage
    opener: str
    wholes: tuple[Figure, ...]
    parts: tuple[Figure, ...]
    shares: tuple[Numeral | None, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Scope:
    opener: str
    position: int
    start: int
    end: int
    depth: int


@once
def breakdowns(reading: Reading) -> tuple[Breakdown, ...]:
    """Every list of parts in the running text."""
    return tuple(_breakdowns(reading))


def _breakdowns(reading: Reading) -> Iterator[Breakdown]:
    for passage in reading.passages:
        if passage.cell is not None and len(passage.text) < _SHORT_CELL:
            continue
        figures = figures_of(reading, passage)
        if len(figures) < 2:
            continue
        scopes = _scopes(passage)
        for scope in scopes:
            yield from _breakdowns_of(reading, passage, figures, scope, scopes)


def _scopes(passage: Passage) -> list[_Scope]:
    """Where each list begins and ends: at the bracket that closes it, or with its sentence."""
    text = passage.text
    matches = list(_OPENER.finditer(text))
    if not matches:
        return []
    depth = depths(text)
    sentences = full_sentences(text)
    found: list[_Scope] = []
    for match in matches:
        position = match.start()
        level = depth[position]
        end = next(stop for start, stop in sentences if start <= position < stop)
        if level:
            end = next((index for index in range(match.end(), len(text)) if depth[index] < level), len(text))
        elif any(
            other.depth == level and other.position < position < other.end and "其中" in match[0]
            for other in found
        ):
            stop = text.find("；", match.end(), end)
            end = stop if stop >= 0 else end
        found.append(_Scope(match[0], position, match.end(), end, level))
    return found


def _breakdowns_of(
    reading: Reading, passage: Passage, figures: Sequence[Figure], scope: _Scope, scopes: Sequence[_Scope]
) -> Iterator[Breakdown]:
    inner = [
        other
        for other in scopes
        if other.position > scope.position and other.end <= scope.end and "其中" in other.opener
    ]
    inside = [
        figure
        for figure in figures
        if scope.start <= figure.numeral.start < scope.end
        and figure.depth == scope.depth
        and not any(other.start <= figure.numeral.start < other.end for other in inner)
    ]
    before = [
        figure for figure in figures if figure.numeral.start < scope.position and figure.depth <= scope.depth
    ]
    if not before:
        return
    for kind in dict.fromkeys(figure.kind for figure in inside):
        for change in (False, True):
            parts = [
                figure
                for figure in inside
                if figure.kind == kind and figure.is_change == change and figure.is_part
            ]
            wholes = _wholes(passage, before, kind, scope, change=change)
            if parts and wholes and len(parts) <= _MOST_PARTS:
                yield Breakdown(
                    passage,
                    scope.opener,
                    wholes,
                    tuple(parts),
                    tuple(_share_of(reading, passage, figure, parts, scope.end) for figure in parts),
                    scope.start,
                    scope.end,
                )


def _wholes(
    passage: Passage, before: Sequence[Figure], kind: object, scope: _Scope, *, change: bool
) -> tuple[Figure, ...]:
    """Possible wholes: the nearest figures of the kind in the sentence, else in the sentences before."""
    start = next(first for first, stop in full_sentences(passage.text) if first <= scope.position < stop)
    fitting = [
        figure
        for figure in before
        if figure.kind == kind and figure.is_change == change and not figure.is_other
    ]
    same = [figure for figure in fitting if figure.numeral.start >= start]
    if scope.depth:
        same = [figure for figure in same if figure.numeral.end >= scope.position - 12] or same
        return tuple(reversed(same[-2:]))
    if same:
        return tuple(reversed(same[-3:]))
    earlier = [figure for figure in fitting if figure.depth == 0]
    return tuple(dict.fromkeys([*reversed(earlier[-3:]), *earlier[:1]]))


def _share_of(
    reading: Reading, passage: Passage, figure: Figure, parts: Sequence[Figure], end: int
) -> Numeral | None:
    """The percentage that stands with a part (占……%), before the next part."""
    following = [other.numeral.start for other in parts if other.numeral.start > figure.numeral.start]
    stop = min([*following, end])
    for numeral in reading.numerals_in(passage):
        if figure.numeral.end <= numeral.start < stop and numeral.role is Role.SHARE:
            return numeral
    return None


def text_additions(reading: Reading, complements: Sequence[str] = ()) -> list[Addition]:
    """The sums of all lists of parts, as far as they hold or their failing says something."""
    opposites = [tuple(each.split("/")) for each in complements]
    found: list[Addition] = []
    for breakdown in breakdowns(reading):
        addition = _judged(breakdown, opposites)
        if addition is not None:
            found.append(addition)
    return found


def holding(breakdown: Breakdown) -> Addition | None:
    """The first reading of a list under which its sum holds: all parts, or those up to a semicolon."""
    parts = breakdown.parts
    counts = [len(parts)] if len(parts) > 1 else []
    counts.extend(
        count
        for count in range(len(parts) - 1, 1, -1)
        if "；" in breakdown.passage.text[parts[count - 1].numeral.end : parts[count].numeral.start]
        or _is_long(parts[:count])
    )
    for count in counts:
        for whole in breakdown.wholes:
            addition = _addition(whole, parts[:count], Strength.CERTAIN, breakdown.opener)
            if agreement_of(addition).holds and (whole.numeral.amount or count == len(parts)):
                return addition
    return None


def _addition(whole: Figure, parts: Sequence[Figure], strength: Strength, opener: str) -> Addition:
    return Addition(
        whole.numeral,
        whole.label[-20:],
        tuple(Part(part.numeral, part.label[-20:]) for part in parts),
        strength,
        opener.strip("：，"),
        ("text",),
    )


def _is_long(parts: Sequence[Figure]) -> bool:
    """Whether figures have digits enough for their sum not to hold by chance."""
    return all(digits_of(part.numeral) >= _LEAST_DIGITS for part in parts if part.numeral.amount)


def _judged(breakdown: Breakdown, opposites: Sequence[tuple[str, ...]]) -> Addition | None:
    found = holding(breakdown)
    if found is not None:
        return found
    whole = breakdown.wholes[0]
    parts = breakdown.parts
    if _is_hedged(parts):
        return None
    complete = is_complete(breakdown, opposites)
    if len(parts) < 2 and not complete:
        return _single(breakdown)
    total = sum_of(Part(part.numeral) for part in parts)
    options = [_addition(each, parts, Strength.LIKELY, breakdown.opener) for each in breakdown.wholes]
    if complete and len(parts) > 1:
        near = [option for option in options if explained_by_slip(option)]
        closest = min(options, key=lambda each: abs(each.whole.amount - total.exact))
        return replace(near[0] if near else closest, strength=Strength.CERTAIN)
    first = _up_to_semicolon(breakdown)
    if 1 < len(first) < len(parts):
        options += [_addition(each, first, Strength.LIKELY, breakdown.opener) for each in breakdown.wholes]
    for option in options:
        exceeds = option.total.low > option.whole.amount
        if option.whole.amount and explained_by_slip(option, _LEAST_DIGITS if exceeds else _LEAST_DIGITS + 1):
            return replace(option, strength=Strength.LIKELY if exceeds else Strength.POSSIBLE)
    if (
        len(breakdown.wholes) == 1
        and "其中" not in breakdown.opener
        and _TOTAL_BEFORE.search(whole.label)
        and len(parts) > 2
        and _close(whole.numeral, total.exact)
    ):
        return _addition(whole, parts, Strength.POSSIBLE, breakdown.opener)
    return _single(breakdown)


def _up_to_semicolon(breakdown: Breakdown) -> list[Figure]:
    """The parts before the first semicolon; what follows may be another list."""
    found = [breakdown.parts[0]]
    for part in breakdown.parts[1:]:
        if "；" in breakdown.passage.text[found[-1].numeral.end : part.numeral.start]:
            break
        found.append(part)
    return found


def _single(breakdown: Breakdown) -> Addition | None:
    """A part named in the brackets right after its whole and greater than it."""
    whole = breakdown.wholes[0]
    between = breakdown.passage.text[whole.numeral.end : breakdown.start]
    if between != f"（{breakdown.opener}" or "其中" not in breakdown.opener or whole.depth:
        return None
    for part in breakdown.parts:
        addition = _addition(whole, [part], Strength.POSSIBLE, breakdown.opener)
        if part.numeral.amount > whole.numeral.amount and not agreement_of(addition).holds:
            return addition
    return None


def is_complete(breakdown: Breakdown, opposites: Sequence[tuple[str, ...]]) -> bool:
    """Whether the parts listed are all there are."""
    shares = [share for share in breakdown.shares if share is not None]
    if len(shares) == len(breakdown.parts) > 1:
        added = sum((share.amount for share in shares), start=shares[0].amount * 0)
        if abs(added - 100) <= len(shares) / 10:
            return True
    return are_all([part.label for part in breakdown.parts], opposites)


def are_all(labels: Sequence[str], opposites: Sequence[tuple[str, ...]]) -> bool:
    """Whether labels are those of a complete list: opposites, or a list that ends with 其他."""
    if len(labels) > 2 and re.match(r"(?:其中)?其[他它余]", labels[-1]):
        return True
    for group in opposites:
        if len(labels) != len(group):
            continue
        places = [next((index for index, label in enumerate(labels) if word in label), -1) for word in group]
        if -1 not in places and len(set(places)) == len(group):
            return True
    return False


def _is_hedged(parts: Sequence[Figure]) -> bool:
    return any(
        part.numeral.quantity is not None and part.numeral.quantity.hedge is not Hedge.NONE for part in parts
    )


def _close(whole: Numeral, total: Fraction) -> bool:
    return abs(whole.amount - total) * 20 <= whole.amount
