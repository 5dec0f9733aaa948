"""A total in one paragraph and its parts in the numbered items below it."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from zhunsheng.audit.agreement import last_place
from zhunsheng.audit.marks import MarkStyle
from zhunsheng.audit.passages import Passage
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.additions import (
    Addition,
    Part,
    Strength,
    agreement_of,
    explained_by_slip,
    sum_of,
)
from zhunsheng.audit.relations.sum_figures import Figure, figures_of
from zhunsheng.audit.relations.text_additions import are_all

_INTRODUCES = re.compile(r"(?:其中|如下|包括|以下(?:几个)?方面|主要用于|情况|分别为)[：。]?$|：$")
_BACK = 4
_LEAST_ITEMS = 2
_ITEM_LENGTH = 5
_LEAST_SURE = 3
_LEAST_LONG = 5
_LEAST_DIGITS = 4


def list_additions(reading: Reading, complements: Sequence[str] = ()) -> list[Addition]:
    """The sums of all numbered lists of amounts that belong to a total above them."""
    opposites = [tuple(each.split("/")) for each in complements]
    found: list[Addition] = []
    for lead, items in _lists(reading):
        figures = [[figure for passage in item for figure in figures_of(reading, passage)] for item in items]
        wholes = _wholes(reading, lead)
        if wholes:
            found.extend(_of_list(wholes, figures, opposites))
    return found


def _lists(reading: Reading) -> Iterator[tuple[Passage, list[list[Passage]]]]:
    """Numbered items, each with the paragraphs that continue it, and the paragraph before the first."""
    prose = reading.prose
    open_lists: dict[MarkStyle, tuple[Passage, list[list[Passage]]]] = {}
    current: list[Passage] = []
    for index, passage in enumerate(prose):
        mark = passage.mark
        if mark is None:
            if current and len(current) < _ITEM_LENGTH:
                current.append(passage)
            continue
        for style in [style for style in open_lists if list(MarkStyle).index(style) > mark.rank]:
            yield open_lists.pop(style)
        current = [passage]
        if mark.number == 1 and index:
            if mark.style in open_lists:
                yield open_lists.pop(mark.style)
            open_lists[mark.style] = (prose[index - 1], [current])
        elif mark.style in open_lists and mark.number == len(open_lists[mark.style][1]) + 1:
            open_lists[mark.style][1].append(current)
        elif mark.style in open_lists:
            yield open_lists.pop(mark.style)
    yield from open_lists.values()


def _wholes(reading: Reading, lead: Passage) -> list[Figure]:
    """Figures in the paragraph before a list, and before that in the same section."""
    if not _INTRODUCES.search(lead.text) and not figures_of(reading, lead):
        return []
    found: list[Figure] = []
    number = lead.number
    for passage in reversed(reading.passages[max(0, number - _BACK) : number + 1]):
        if passage.cell is not None:
            break
        found.extend(
            figure
            for figure in figures_of(reading, passage)
            if not figure.is_change and not figure.is_other and figure.depth == 0
        )
        if passage.is_heading and passage.number != number:
            break
    return found


def _of_list(
    wholes: Sequence[Figure], items: Sequence[Sequence[Figure]], opposites: Sequence[tuple[str, ...]]
) -> Iterator[Addition]:
    used: set[int] = set()
    for key, series in _series(items):
        if len(series) < _LEAST_ITEMS or len(series) * 5 < len(items) * 4:
            continue
        parts = tuple(Part(figure.numeral, figure.label[-20:]) for figure in series)
        if parts[0].numeral.number in used:
            continue
        fitting = [whole for whole in wholes if whole.kind == series[0].kind]
        options = [
            Addition(whole.numeral, whole.label[-20:], parts, Strength.CERTAIN, "逐项列出", ("list",))
            for whole in fitting
        ]
        holding = next((each for each in options if each.whole.amount and agreement_of(each).holds), None)
        if holding is not None:
            used.add(parts[0].numeral.number)
            yield holding
            continue
        if options and are_all([part.label for part in parts], opposites):
            near = [option for option in options if explained_by_slip(option, 2)]
            yield (near or options)[0]
            used.add(parts[0].numeral.number)
            continue
        keyed = [
            option for option, whole in zip(options, fitting, strict=True) if key and whole.key.endswith(key)
        ]
        yield from _near(keyed or ([] if key else options), len(items), sure=bool(keyed))


def _series(items: Sequence[Sequence[Figure]]) -> Iterator[tuple[str, list[Figure]]]:
    """The same thing told of every item: by its key words, or the first figure of each item."""
    usable = [
        [figure for figure in item if not figure.is_change and not figure.is_other and figure.depth == 0]
        for item in items
    ]
    counted = Counter(key for item in usable for key in {figure.key[-4:] for figure in item} if key)
    for key, count in counted.items():
        if count * 5 >= len(items) * 4:
            yield (
                key,
                [
                    next(figure for figure in item if figure.key[-4:] == key)
                    for item in usable
                    if any(f.key[-4:] == key for f in item)
                ],
            )
    first = [item[0] for item in usable if item]
    if first and len({figure.kind for figure in first}) == 1:
        yield "", first


def _near(options: Sequence[Addition], count: int, *, sure: bool) -> Iterator[Addition]:
    """A list that misses its total by one slip."""
    for option in options:
        gap = abs(option.whole.amount - sum_of(option.parts).exact)
        if not option.whole.amount or count < _LEAST_SURE:
            continue
        if explained_by_slip(option, _LEAST_DIGITS):
            likely = sure or count >= _LEAST_LONG or gap * 20 <= option.whole.amount
            yield replace(option, strength=Strength.LIKELY if likely else Strength.POSSIBLE)
            return
        quantity = option.whole.quantity
        if sure and quantity is not None and gap <= 100 * last_place(quantity):
            yield replace(option, strength=Strength.POSSIBLE)
            return
