"""Facts that speak of the same thing: grouped by the words of their subjects."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from zhunsheng.audit.facts.comparing import Sameness, bounds_agree, sameness, significant, unit_group
from zhunsheng.audit.facts.fact import Fact, Nature
from zhunsheng.audit.facts.subjects import grams, is_specific
from zhunsheng.audit.quantities.units import Dimension

_PLACES = frozenset({"全国", "全省", "全市", "全区", "全县", "本级", "中央", "上级"})
_KINDS = frozenset({"规上", "城镇", "农村", "累计"})
# words that may stand in one mention and be left out in another without changing what is meant
_NEUTRAL = re.compile(
    "安全|工作|任务|质量|专项|有关|相关|总(?!计)|年度|公共|监督|推进|处理|通过|获得|市民|群众|广大|[的和与及]"
)
_NEIGHBOURS = 5
_TELLING = 2
_LONG_NAME = 6

GroupKey = tuple[object, ...]


def group_key(fact: Fact) -> GroupKey:
    """What must be equal before two facts are compared: nature, unit, period."""
    return (fact.nature, unit_group(fact), fact.year, fact.part)


def soft_core(core: str) -> str:
    """A core without the words that are often left out.

    >>> soft_core("食品安全抽检") == soft_core("食品抽检")
    True
    """
    shorter = _NEUTRAL.sub("", core)
    return shorter if len(shorter) >= 3 else core


def groups_of(facts: Iterable[Fact]) -> Iterator[tuple[bool, tuple[Fact, ...]]]:
    """Facts with the same subject, first by the same words, then by the same words but for neutral ones.

    Yields:
        whether the words are exactly the same, and two or more facts.
    """
    exact: dict[GroupKey, list[Fact]] = defaultdict(list)
    soft: dict[GroupKey, list[Fact]] = defaultdict(list)
    for fact in facts:
        key = group_key(fact)
        exact[(*key, fact.core)].append(fact)
        soft[(*key, soft_core(fact.core))].append(fact)
    for group in exact.values():
        if len(group) > 1:
            yield True, tuple(group)
    for group in soft.values():
        if len({each.core for each in group}) > 1:
            yield False, tuple(group)


def comparable(one: Fact, other: Fact) -> bool:
    """Whether nothing written with two facts sets them apart: stage, place, sentence, table."""
    if one.sentence == other.sentence or (one.table is not None and one.table == other.table):
        return False
    if one.nature is Nature.TARGET:
        if not bounds_agree(one, other):
            return False
    elif not one.stage.may_equal(other.stage):
        return False
    first = {each for each in one.scopes if each.startswith(("含", "不含"))}
    second = {each for each in other.scopes if each.startswith(("含", "不含"))}
    if first != second and ((first and second) or any(each.startswith("不含") for each in first | second)):
        return False
    here, there = one.scopes & _PLACES, other.scopes & _PLACES
    if here and there and here != there:
        return False
    return one.scopes & _KINDS == other.scopes & _KINDS


def same(one: Fact, other: Fact) -> Sameness:
    """How the figures of two facts stand to each other.

    Raises:
        ValueError: a fact without a quantity.
    """
    if one.numeral.quantity is None or other.numeral.quantity is None:
        raise ValueError("a fact has a quantity")
    if one.unit != other.unit and unit_group(one)[0] == Dimension.RATIO.value:
        equal = one.numeral.amount == other.numeral.amount
        return Sameness.EQUAL if equal else Sameness.DIFFERENT
    return sameness(one.numeral.quantity, other.numeral.quantity)


def values_of(group: Sequence[Fact]) -> list[list[Fact]]:
    """The facts of a group gathered by value, the value stated most often first."""
    classes: list[list[Fact]] = []
    # a rough figure (超300万) fits many values and joins the exact ones last
    for fact in sorted(group, key=lambda each: not each.is_plain):
        for each in classes:
            if same(each[0], fact) in {Sameness.EQUAL, Sameness.ROUNDED}:
                each.append(fact)
                break
        else:
            classes.append([fact])
    return sorted(classes, key=len, reverse=True)


@dataclass(frozen=True)
class Surroundings:
    """What stands beside each fact, to tell restated paragraphs from forms filled in several times."""

    order: dict[int, int]
    facts: Sequence[Fact]

    @classmethod
    def of(cls, facts: Sequence[Fact]) -> "Surroundings":
        """The surroundings of all facts of a document."""
        return cls({each.numeral.number: index for index, each in enumerate(facts)}, facts)

    def near(self, fact: Fact) -> tuple[Fact, ...]:
        """The facts of the same paragraph beside a fact."""
        at = self.order[fact.numeral.number]
        around = (*self.facts[max(0, at - _NEIGHBOURS) : at], *self.facts[at + 1 : at + 1 + _NEIGHBOURS])
        return tuple(each for each in around if each.numeral.passage == fact.numeral.passage)

    def restated(self, one: Fact, other: Fact) -> bool:
        """Whether something telling beside one fact stands with the same value beside the other."""
        if one.numeral.passage == other.numeral.passage:
            return False
        there = {self._what(each): self._telling(each) for each in self.near(other)}
        common = [
            each
            for each in self.near(one)
            if there.get(self._what(each), 0) and each.numeral.number != one.numeral.number
        ]
        return sum(self._telling(each) for each in common) >= _TELLING

    @staticmethod
    def _what(fact: Fact) -> tuple[object, ...]:
        return (fact.core, fact.numeral.amount, fact.unit)

    @staticmethod
    def _telling(fact: Fact) -> int:
        """How telling an equal value is: one long figure is enough, of short ones it takes two."""
        quantity = fact.numeral.quantity
        if quantity is None or fact.nature is Nature.SCORE or not is_specific(fact.core) or is_round(fact):
            return 0
        return _TELLING if significant(quantity) >= 3 else 1


def is_round(fact: Fact) -> bool:
    """Whether a figure is so round that two things share it by chance."""
    quantity = fact.numeral.quantity
    if quantity is None:
        return True
    digits = "".join(str(each) for each in quantity.value.as_tuple().digits).rstrip("0")
    return len(digits) < 2


def shares_words(one: Fact, other: Fact) -> bool:
    """Whether two subjects have a pair of characters in common."""
    return bool(grams(one.core) & grams(other.core))


def is_long_name(fact: Fact) -> bool:
    """Whether the subject is so particular that it hardly names two things."""
    return len(fact.core) >= _LONG_NAME and not fact.context and is_specific(fact.core)
