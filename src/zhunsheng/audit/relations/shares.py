"""Shares as sentences state them: A支出X，占总支出的P; 其中：A为X，占P."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from zhunsheng.audit.quantities.numeral import Numeral
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.changes import amount_places
from zhunsheng.audit.relations.names import Names
from zhunsheng.audit.relations.skeleton import LEVEL, PERCENT, SIGNS, Skeleton, skeletons

_SHARE = re.compile(
    rf"占(?![有地用道领])(?P<base>[^，。；：\n{SIGNS}]{{0,40}}?)(?:（?(?P<value>{LEVEL})）?(?P<mid>[^，。；：\n{SIGNS}]{{0,16}}))?"
    rf"(?P<shares>{PERCENT}(?:(?:、|和|，|及|与)+{PERCENT})*)"
)
_TAIL = re.compile(
    r"(?:的|总)?(?:比重|比例|份额|比率|比)?(?:分别)?(?:为|达到|达|约|近|超过|超|仅|是|到|各|均|共|“|：|的)*$"
)
_FILLER = re.compile(r"^(?:[，；、]|同时|约|且|共|也|分别|各|均|合计|总额|金额|仅|则|即|，|\s)*$")
_MARKER = re.compile(r"其中|主要用于|包括|具体(?:为|是|如下|情况)|分别为|如下|以下方面|分为|构成")
_CLAUSE = re.compile(rf"[，。；：\n（）{SIGNS}]")


@dataclass(frozen=True)
class Share:
    """A stated share.

    Attributes:
        share: the percentage.
        part: the figure that has the share.
        bases: the figures that may be the whole, the most probable first.
        named: whether the whole was named (or its value given) and only one figure has that name.
    """

    skeleton: Skeleton
    share: Numeral
    part: Numeral
    bases: tuple[Numeral, ...]
    named: bool


def shares_in(reading: Reading) -> Iterator[Share]:
    """All shares with the figure they belong to; `bases` is empty where no whole is stated."""
    names = Names(reading)
    earlier: Skeleton | None = None
    for skeleton in skeletons(reading, _ANY, 1):
        if "占" in skeleton.text:
            for match in _SHARE.finditer(skeleton.text):
                yield from _shares(skeleton, match, names, earlier)
        earlier = skeleton


_ANY = re.compile(r"占|[：；]$")


def _shares(
    skeleton: Skeleton, match: re.Match[str], names: Names, earlier: Skeleton | None
) -> Iterator[Share]:
    text = skeleton.text
    offset = match.start("shares")
    shares = [skeleton.at(offset + index) for index, sign in enumerate(match["shares"]) if sign == PERCENT]
    before = text[: match.start()]
    clause = list(_CLAUSE.finditer(before))
    if not _FILLER.match(before[clause[-1].end() :] if clause else before):
        return
    spoken = amount_places(text)
    start = skeleton.sentence(match.start())[0]
    parts = [
        figure
        for place, figure in skeleton.before(match.start(), start)
        if text[place] == LEVEL and place not in spoken
    ][: len(shares)][::-1]
    if len(parts) != len(shares):
        return
    words = _TAIL.sub("", match["base"] + (match["mid"] or "")) if not match["value"] else match["base"]
    for share, part in zip(shares, parts, strict=True):
        bases, named = _bases(skeleton, match, part, words, names, earlier)
        yield Share(skeleton, share, part, bases, named)


def _bases(
    skeleton: Skeleton,
    match: re.Match[str],
    part: Numeral,
    words: str,
    names: Names,
    earlier: Skeleton | None,
) -> tuple[tuple[Numeral, ...], bool]:
    if match["value"]:
        figure = skeleton.at(match.start("value"))
        return ((figure,), True) if _unit(figure) == _unit(part) else ((), False)
    if words:
        return _named_bases(skeleton, part, words, names)
    return _list_totals(skeleton, part, earlier)


def _named_bases(
    skeleton: Skeleton, part: Numeral, words: str, names: Names
) -> tuple[tuple[Numeral, ...], bool]:
    fitting = [
        each.figure
        for each in names.exactly(words)
        if _unit(each.figure) == _unit(part) and each.figure.number != part.number
    ]
    here = skeleton.passage.number
    if not any(each.passage == here for each in fitting):
        # a longer name in the same paragraph (货物进出口总额) is meant before the same name elsewhere
        near = [
            each.figure
            for each in names.ending(words)
            if each.figure.passage == here
            and _unit(each.figure) == _unit(part)
            and each.figure.number < part.number
        ]
        fitting = [*_distinct(near[::-1]), *fitting] if near else fitting
        if near:
            return tuple(_distinct(fitting)), len(near) == 1
    if fitting:
        fitting.sort(key=lambda each: (each.number > part.number, abs(each.number - part.number)))
        amounts = {each.amount for each in fitting}
        sure = len(amounts) == 1 or fitting[0].passage == skeleton.passage.number
        return tuple(_distinct(fitting)), sure
    loose = [
        each.figure
        for each in names.ending(words)
        if _unit(each.figure) == _unit(part) and each.figure.number < part.number
    ]
    return tuple(_distinct(loose[::-1])), False


def _list_totals(
    skeleton: Skeleton, part: Numeral, earlier: Skeleton | None
) -> tuple[tuple[Numeral, ...], bool]:
    """The totals before 其中 and the like."""
    place = skeleton.place(part)
    spoken = amount_places(skeleton.text)
    found: list[Numeral] = []
    for marker in reversed(list(_MARKER.finditer(skeleton.text, 0, place))):
        total = next(
            (
                figure
                for at, figure in skeleton.before(marker.start())
                if skeleton.text[at] == LEVEL and at not in spoken and _unit(figure) == _unit(part)
            ),
            None,
        )
        if total is not None and total not in found and total.number != part.number:
            found.append(total)
    if not found and earlier is not None and earlier.passage.number == skeleton.passage.number - 1:
        markers = list(_MARKER.finditer(earlier.text))
        if earlier.text.endswith(("：", "；")) and markers:
            total = next(
                (
                    figure
                    for at, figure in earlier.before(markers[-1].start())
                    if earlier.text[at] == LEVEL and _unit(figure) == _unit(part)
                ),
                None,
            )
            if total is not None:
                found.append(total)
    return tuple(found), len(found) == 1


def _distinct(figures: list[Numeral]) -> list[Numeral]:
    """One figure for each amount, the first kept."""
    seen: dict[object, Numeral] = {}
    for each in figures:
        seen.setdefault(each.amount, each)
    return list(seen.values())[:6]


def _unit(figure: Numeral) -> str:
    return figure.quantity.unit if figure.quantity is not None else ""
