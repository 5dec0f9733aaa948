"""A404: another mention of the same fact confirms a figure; a shorter one is rounded, not cut."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction

from zhunsheng.audit.agreement import as_printed, last_place
from zhunsheng.audit.facts.collecting import facts_of
from zhunsheng.audit.facts.comparing import Sameness, significant, unit_group
from zhunsheng.audit.facts.fact import Fact
from zhunsheng.audit.facts.subjects import is_specific
from zhunsheng.audit.finding import Check
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.repeated_facts import comparable, groups_of, is_round, same, shares_words
from zhunsheng.audit.rule import AuditRule, place_of

CODE = "A404"

_TELLING = 3
_MOST = 12


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Gather figures of the same value, unit and period whose subjects share words."""
    buckets: dict[tuple[object, ...], list[Fact]] = defaultdict(list)
    for fact in facts_of(reading):
        quantity = fact.numeral.quantity
        if quantity is None or is_round(fact) or significant(quantity) < _TELLING:
            continue
        buckets[(fact.numeral.amount, unit_group(fact), fact.year, fact.part)].append(fact)
    for exact, group in groups_of(facts_of(reading)):
        if exact and len(group) <= _MOST:
            yield from _cut(reading, rule, group)
    for bucket in buckets.values():
        if 1 < len(bucket) <= _MOST:
            yield from _confirmed(reading, rule, bucket)


def _confirmed(reading: Reading, rule: AuditRule, bucket: list[Fact]) -> Iterator[Check]:
    """Each mention with the first other one that speaks of the same thing in another sentence or cell."""
    done: set[int] = set()
    for fact in bucket:
        if fact.numeral.number in done:
            continue
        for other in bucket:
            if other is fact or other.sentence == fact.sentence:
                continue
            in_one_row = fact.table is not None and fact.table == other.table and fact.row == other.row
            if not in_one_row and shares_words(fact, other) and fact.stage.may_equal(other.stage):
                yield rule.passed(reading, fact.numeral, other.numeral)
                done |= {fact.numeral.number, other.numeral.number}
                break


def _cut(reading: Reading, rule: AuditRule, group: Sequence[Fact]) -> Iterator[Check]:
    """A shorter mention that was cut instead of rounded."""
    for index, one in enumerate(group):
        for other in group[index + 1 :]:
            if not is_specific(one.core) or not comparable(one, other):
                continue
            short, full = sorted((one, other), key=lambda each: -_step(each))
            wanted = _rounded(short, full)
            if (
                same(one, other) is Sameness.ROUNDED
                and short.is_plain
                and wanted not in {"", _written(short)}
            ):
                yield rule.passed(
                    reading,
                    short.numeral,
                    full.numeral,
                    note=rule.finding(
                        f"“{short.core}”另处为 {full.numeral.text}，此处 {short.numeral.text} 系截断，"
                        f"四舍五入应为 {wanted}",
                        [
                            place_of(reading, short.numeral, "截断的数"),
                            place_of(reading, full.numeral, "完整的数"),
                        ],
                        confidence="0.6",
                        printed=short.numeral.text,
                        computed=wanted,
                    ),
                )


def _step(fact: Fact) -> Fraction:
    return last_place(fact.numeral.quantity) if fact.numeral.quantity else Fraction(0)


def _written(fact: Fact) -> str:
    quantity = fact.numeral.quantity
    return as_printed(Fraction(quantity.amount), quantity) if quantity else ""


def _rounded(short: Fact, full: Fact) -> str:
    """The full figure rounded as the short one is printed."""
    quantity = short.numeral.quantity
    return as_printed(full.numeral.amount, quantity) if quantity else ""
