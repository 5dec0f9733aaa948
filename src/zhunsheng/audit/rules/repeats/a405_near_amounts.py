"""A405: two figures of kindred things that differ by next to nothing, where nothing explains the difference."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from zhunsheng.audit.facts.collecting import facts_of
from zhunsheng.audit.facts.comparing import Sameness, difference_share, significant
from zhunsheng.audit.facts.fact import Fact, Nature
from zhunsheng.audit.facts.qualifiers import Stage, usual_stage
from zhunsheng.audit.facts.subjects import core_of, grams, is_specific
from zhunsheng.audit.finding import Check
from zhunsheng.audit.quantities.numeral import Role
from zhunsheng.audit.quantities.units import INDIVISIBLE, Dimension
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.budget_forms import form_tables
from zhunsheng.audit.relations.repeated_facts import comparable, same
from zhunsheng.audit.rule import AuditRule, place_of

CODE = "A405"

_FLOWS = ("支出", "收入")
_KINDS = ("基本支出", "项目支出", "人员经费", "公用经费")
_SHARE_OF = re.compile(r"^，?占(?P<whole>[^，。；\d]{2,30}?)(?:的)?$")
_MONEY_DIGITS = 6
_COUNT_DIGITS = 4
_RARE = 4


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Compare amounts of money by flow of funds, and counts by their unit."""
    forms = form_tables(reading)
    facts = [
        each
        for each in facts_of(reading)
        if each.nature is Nature.LEVEL and each.is_plain and each.table not in forms
    ]
    usual = usual_stage(" ".join(each.text for each in reading.prose[:3]))
    yield from _money(reading, rule, facts, usual)
    yield from _counts(reading, rule, facts)


def _money(reading: Reading, rule: AuditRule, facts: Sequence[Fact], usual: Stage) -> Iterator[Check]:
    """Amounts of one flow and kind, nearly equal though printed to the same place."""
    amounts = {abs(each.amount) for each in reading.numerals if each.dimension is Dimension.MONEY}
    groups: dict[tuple[object, ...], list[Fact]] = defaultdict(list)
    for fact in facts:
        quantity = fact.numeral.quantity
        if quantity is None or fact.numeral.dimension is not Dimension.MONEY:
            continue
        if significant(quantity) < _MONEY_DIGITS:
            continue
        named = replace(fact, core=_whole(reading, fact) or fact.core)
        flow = next((word for word in _FLOWS if word in named.core), None)
        if flow is None or sum(word in named.core for word in _FLOWS) > 1:
            continue
        kind = next((word for word in _KINDS if word in named.core), "")
        stage = usual if fact.stage is Stage.NONE else fact.stage
        groups[(flow, kind, fact.year, fact.part, stage, quantity.multiplier)].append(named)
    for group in groups.values():
        ordered = sorted(group, key=lambda each: each.numeral.amount)
        for one, other in pairwise(ordered):
            if _explained(one, other, amounts) or not comparable(one, other):
                continue
            if (
                same(one, other) is Sameness.DIFFERENT
                and difference_share(one, other) <= rule.numbers["money"]
            ):
                yield _failed(reading, rule, one, other)


def _whole(reading: Reading, fact: Fact) -> str:
    """What a figure is called when it is said to be 100 % of something, or ""."""
    passage = reading.passages[fact.numeral.passage]
    for numeral in reading.numerals_in(passage):
        if numeral.start < fact.numeral.end:
            continue
        if numeral.role is not Role.SHARE or numeral.amount != 100:
            return ""
        match = _SHARE_OF.match(passage.text[fact.numeral.end : numeral.start])
        return core_of(match["whole"]) if match else ""
    return ""


def _explained(one: Fact, other: Fact, amounts: set[Fraction]) -> bool:
    """Whether the difference of two amounts is itself stated somewhere."""
    difference = abs(one.numeral.amount - other.numeral.amount)
    quantity = one.numeral.quantity
    step = Fraction(quantity.multiplier) / 10**quantity.places if quantity else Fraction(0)
    return any(abs(each - difference) <= step for each in amounts if each)


def _counts(reading: Reading, rule: AuditRule, facts: Sequence[Fact]) -> Iterator[Check]:
    """Counts of one rare unit and one rare word, in different chapters, nearly equal."""
    whole = [
        each
        for each in facts
        if each.numeral.quantity is not None
        and each.numeral.dimension is Dimension.COUNT
        and each.unit in INDIVISIBLE
        and each.numeral.quantity.multiplier == 1
        and significant(each.numeral.quantity) >= _COUNT_DIGITS
    ]
    spread: Counter[str] = Counter(gram for each in facts for gram in grams(each.core))
    groups: dict[tuple[object, ...], list[Fact]] = defaultdict(list)
    for fact in whole:
        groups[(fact.unit, fact.year, fact.part)].append(fact)
    for group in groups.values():
        if len(group) > _RARE:
            continue
        for index, one in enumerate(group):
            for other in group[index + 1 :]:
                shared = grams(one.core) & grams(other.core)
                telling = any(spread[each] <= _RARE for each in shared)
                if (
                    telling
                    and one.core != other.core
                    and is_specific(one.core)
                    and _apart(reading, one, other)
                    and comparable(one, other)
                    and same(one, other) is Sameness.DIFFERENT
                    and difference_share(one, other) <= rule.numbers["count"]
                ):
                    yield _failed(reading, rule, one, other)


def _apart(reading: Reading, one: Fact, other: Fact) -> bool:
    """Whether two facts stand in different sections and neither is a part of a list."""
    first, second = reading.passages[one.numeral.passage], reading.passages[other.numeral.passage]
    return first.section != second.section and not any("其中" in each.phrase for each in (one, other))


def _failed(reading: Reading, rule: AuditRule, one: Fact, other: Fact) -> Check:
    later, earlier = sorted((one, other), key=lambda each: -each.numeral.number)
    return rule.failed(
        rule.finding(
            f"“{later.core}”{later.numeral.text} 与“{earlier.core}”{earlier.numeral.text} 相差极小，"
            "疑为同一数的两种写法，两处口径或有不同",
            [place_of(reading, later.numeral, "一处"), place_of(reading, earlier.numeral, "另一处")],
            confidence="0.55",
            printed=later.numeral.text,
            computed=earlier.numeral.text,
        ),
        [(reading, one.numeral), (reading, other.numeral)],
    )
