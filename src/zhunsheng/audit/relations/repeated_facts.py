"""Pairs of facts that speak of the same thing, found through the rarest words of their subjects."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from zhunsheng.audit.facts.comparing import bounds_agree, unit_group
from zhunsheng.audit.facts.fact import Fact, Nature
from zhunsheng.audit.facts.subjects import grams, is_specific, likeness

_COMMON = 24
_ALIKE = 0.6


@dataclass(frozen=True, slots=True)
class Pair:
    """Two facts in reading order.

    Attributes:
        alike: 1.0 for the same words, else how much the words share.
        inside: whether the words of one are all within the other's.
    """

    one: Fact
    other: Fact
    alike: float
    inside: bool

    @property
    def same_words(self) -> bool:
        """Whether both subjects are the same words."""
        return self.one.core == self.other.core


def pairs_of(facts: Iterable[Fact]) -> Iterator[Pair]:
    """All pairs of comparable facts whose subjects are alike, each once."""
    groups: dict[tuple[object, ...], list[Fact]] = defaultdict(list)
    for fact in facts:
        if is_specific(fact.core):
            groups[(fact.nature, unit_group(fact), fact.year, fact.part)].append(fact)
    for group in groups.values():
        if len(group) > 1:
            yield from _pairs(group)


def _pairs(group: Sequence[Fact]) -> Iterator[Pair]:
    by_gram: dict[str, list[int]] = defaultdict(list)
    for index, fact in enumerate(group):
        for gram in grams(fact.core):
            by_gram[gram].append(index)
    for index, fact in enumerate(group):
        rare = sorted(grams(fact.core), key=lambda gram: (len(by_gram[gram]), gram))
        near: set[int] = set()
        for gram in rare[:4]:
            if len(by_gram[gram]) <= _COMMON:
                near.update(each for each in by_gram[gram] if each > index)
        # a long list of the same words is a form, not a repeated fact; its first members suffice
        for other_index in sorted(near)[:_COMMON]:
            other = group[other_index]
            alike = 1.0 if fact.core == other.core else likeness(fact.core, other.core)
            inside = grams(fact.core) <= grams(other.core) or grams(other.core) <= grams(fact.core)
            if (alike >= _ALIKE or inside) and comparable(fact, other):
                yield Pair(fact, other, alike, inside)


def comparable(one: Fact, other: Fact) -> bool:
    """Whether nothing written with two facts sets them apart: stage, place, sentence, table."""
    if one.sentence == other.sentence or (one.table is not None and one.table == other.table):
        return False
    if not one.stage.may_equal(other.stage):
        return False
    if one.nature is Nature.TARGET and not bounds_agree(one, other):
        return False
    included = {each for each in one.scopes ^ other.scopes if each.startswith(("含", "不含"))}
    if included and one.scopes and other.scopes:
        return False
    places = {"全国", "全省", "全市", "全区", "全县", "本级", "中央", "上级"}
    first, second = one.scopes & places, other.scopes & places
    if first and second and first != second:
        return False
    kinds = {"规上", "城镇", "农村"}
    return one.scopes & kinds == other.scopes & kinds
