"""Clauses that stand twice in a document with the same words around their figures.

Two mentions are aligned where a long clause is word for word the same; from there the clauses before and
after are followed as long as they are the same too.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from zhunsheng.audit.facts.periods import years_of_sections
from zhunsheng.audit.quantities.numeral import Numeral, Role
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.skeleton import SIGNS, Skeleton, skeleton_of

_CUT = re.compile(r"[，。；：！？\n]")
_TIMES = re.compile(
    r"^(?:一|二|三|四|五|六|七|八|九|十)是|(?:19|20)\d{2}年(?:度|末|底)?|全年|本年度?|截[至止]到?|[我本](?:局|市|区|部门|单位)|[\s“”]"
)
_NOT_COMPARED = frozenset({Role.SCORE, Role.FULL_SCORE, Role.FACTOR})
_LONG = 10
_MOST_PLACES = 4
_FARTHEST = 8


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause with its figures.

    Attributes:
        key: its words, one sign for each figure, times left out.
        words: how many characters of the key are words.
    """

    passage: int
    key: str
    words: int
    figures: tuple[Numeral, ...]
    year: int | None


@dataclass(frozen=True, slots=True)
class Restated:
    """A figure that stands in the same clause twice.

    Attributes:
        first, second: the figure in both places.
        anchored: another figure of the aligned clauses is the same in both places, so that one statement
            is told twice.
        words: length of the clause.
    """

    first: Numeral
    second: Numeral
    anchored: bool
    words: int


def restated(reading: Reading) -> Iterator[Restated]:
    """All figures of clauses that stand twice, each pair once."""
    clauses = _clauses(reading)
    places: defaultdict[str, list[int]] = defaultdict(list)
    for index, clause in enumerate(clauses):
        if clause.words >= _LONG and clause.figures:
            places[clause.key].append(index)
    seen: set[tuple[int, int]] = set()
    for found in places.values():
        if not 1 < len(found) <= _MOST_PLACES:
            continue
        for position, one in enumerate(found):
            for other in found[position + 1 :]:
                if (
                    clauses[one].passage != clauses[other].passage
                    and clauses[one].year == clauses[other].year
                ):
                    yield from _aligned(clauses, one, other, seen)


def _siblings(reading: Reading, one: int, other: int) -> bool:
    """Whether two passages are one, or items of one list: those say the same of different things."""
    first, second = reading.passages[one], reading.passages[other]
    if one == other:
        return True
    if first.mark is None or second.mark is None or first.mark.style is not second.mark.style:
        return False
    return first.section[:-1] == second.section[:-1]


def _clauses(reading: Reading) -> list[Clause]:
    years = years_of_sections(reading)
    found: list[Clause] = []
    for passage in reading.passages:
        skeleton = skeleton_of(reading, passage)
        found.extend(_of_passage(skeleton, passage.number, years[passage.number]))
    return found


def _of_passage(skeleton: Skeleton, passage: int, year: int | None) -> Iterator[Clause]:
    start = 0
    text = skeleton.text
    figures = list(zip(skeleton.places, skeleton.figures, strict=True))
    taken = 0
    for end in [*(match.start() for match in _CUT.finditer(text)), len(text)]:
        key = _TIMES.sub("", text[start:end])
        inside = []
        while taken < len(figures) and figures[taken][0] < end:
            inside.append(figures[taken][1])
            taken += 1
        if key:
            words = len(re.sub(f"[{SIGNS}]", "", key))
            yield Clause(passage, key, words, tuple(inside), year)
        start = end + 1


def _aligned(clauses: list[Clause], one: int, other: int, seen: set[tuple[int, int]]) -> Iterator[Restated]:
    pairs = [(one, other)]
    for step in (-1, 1):
        for away in range(1, _FARTHEST):
            left, right = one + step * away, other + step * away
            if not _same_clause(clauses, left, right, one, other):
                break
            pairs.append((left, right))
    pairs = sorted(set(pairs))
    figures = [
        (first, second, clauses[left].words)
        for left, right in pairs
        for first, second in zip(clauses[left].figures, clauses[right].figures, strict=True)
        if _comparable(first, second)
    ]
    equal = sum(first.amount == second.amount for first, second, _ in figures if _tells(first))
    for first, second, words in figures:
        if (first.number, second.number) in seen:
            continue
        seen.add((first.number, second.number))
        others = equal - (first.amount == second.amount and _tells(first))
        yield Restated(first, second, others > 0, words)


def _tells(figure: Numeral) -> bool:
    """Whether an equal figure shows that one thing is spoken of: not 0, 3 or 100, which many things have."""
    return figure.quantity is not None and len(str(figure.quantity.value).strip("0.-").replace(".", "")) > 1


def _same_clause(clauses: list[Clause], first: int, second: int, one: int, other: int) -> bool:
    if min(first, second) < 0 or max(first, second) >= len(clauses):
        return False
    left, right = clauses[first], clauses[second]
    return (
        left.key == right.key
        and left.passage == clauses[one].passage
        and right.passage == clauses[other].passage
    )


def _comparable(one: Numeral, other: Numeral) -> bool:
    return (
        one.quantity is not None
        and other.quantity is not None
        and one.quantity.unit == other.quantity.unit
        and not {one.role, other.role} & _NOT_COMPARED
        and not one.in_range
    )
