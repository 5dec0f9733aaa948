"""A401: a fact stated twice in one document has one value."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from zhunsheng.audit.facts.collecting import facts_of
from zhunsheng.audit.facts.comparing import Sameness, difference_share, significant, slip_of
from zhunsheng.audit.facts.fact import Fact, Nature
from zhunsheng.audit.facts.qualifiers import Stage, usual_stage
from zhunsheng.audit.facts.subjects import is_specific
from zhunsheng.audit.finding import Check
from zhunsheng.audit.quantities.units import Dimension
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.budget_forms import form_tables
from zhunsheng.audit.relations.repeated_facts import (
    Surroundings,
    comparable,
    groups_of,
    is_long_name,
    same,
    values_of,
)
from zhunsheng.audit.rule import AuditRule, place_of
from zhunsheng.kernel.problem import Severity

CODE = "A401"

_MOST = 40


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Compare all mentions of the same subject in the same period, scope and unit."""
    forms = form_tables(reading)
    facts = [
        each
        for each in facts_of(reading)
        if each.table not in forms and not _is_few_years(each) and not _is_bare_whole(each)
    ]
    around = Surroundings.of(facts)
    for exact, group in groups_of(facts):
        if len(group) <= _MOST:
            yield from _compared(reading, rule, group, around, exact=exact)


def _is_few_years(fact: Fact) -> bool:
    """Whether the figure is a small number of years or days (连续3年), which many things have."""
    return fact.numeral.dimension is Dimension.DURATION and _digits(fact) < 2


def _is_bare_whole(fact: Fact) -> bool:
    """Whether the figure is a whole number without a unit: a year, a number of a list, a code."""
    quantity = fact.numeral.quantity
    return quantity is None or (fact.numeral.dimension is Dimension.NONE and quantity.places == 0)


def _compared(
    reading: Reading, rule: AuditRule, group: Sequence[Fact], around: Surroundings, *, exact: bool
) -> Iterator[Check]:
    usual = usual_stage(" ".join(each.text for each in reading.prose[:3]))
    by_stage: dict[Stage, list[Fact]] = defaultdict(list)
    for fact in group:
        stage = Stage.NONE if fact.nature is Nature.TARGET else _stage(fact, usual)
        by_stage[stage].append(fact)
    for members in by_stage.values():
        if len(members) > 1:
            yield from _of_one_stage(reading, rule, members, around, exact=exact)


def _of_one_stage(
    reading: Reading, rule: AuditRule, group: Sequence[Fact], around: Surroundings, *, exact: bool
) -> Iterator[Check]:
    classes = values_of(group)
    for members in classes:
        specific = [each for each in members if is_specific(each.core)]
        told = members if len(classes) == 1 and _digits(members[0]) >= 3 else specific
        if exact and len(classes) <= 2 and _repeats(told):
            yield rule.passed(reading, *(each.numeral for each in told))
    right = classes[0]
    for wrong in classes[1:]:
        several = len(classes) > 2
        found = _contradiction(rule, right, wrong, around, several=several, exact=exact)
        if found is not None:
            severity, confidence, one, other = found
            yield _failed(reading, rule, one, other, severity, confidence, len(right) - len(wrong))


def _repeats(members: Sequence[Fact]) -> bool:
    """Whether at least two mentions can be one fact told twice."""
    return any(comparable(members[0], each) for each in members[1:]) if members else False


def _contradiction(
    rule: AuditRule,
    right: Sequence[Fact],
    wrong: Sequence[Fact],
    around: Surroundings,
    *,
    several: bool,
    exact: bool,
) -> tuple[Severity, str, Fact, Fact] | None:
    """The gravest contradiction between two values of one subject, the doubtful fact first."""
    best: tuple[Severity, str, Fact, Fact] | None = None
    for one in wrong:
        for other in right:
            if not comparable(one, other) or same(one, other) is not Sameness.DIFFERENT:
                continue
            unsettled = several and (one.nature is Nature.TARGET or len(right) < 2 or not is_long_name(one))
            judged = _judged(rule, one, other, around, several=unsettled, exact=exact)
            if judged is not None and (best is None or judged[1] > best[1]):
                best = (*judged, one, other)
    return best


def _judged(
    rule: AuditRule,
    one: Fact,
    other: Fact,
    around: Surroundings,
    *,
    several: bool,
    exact: bool,
) -> tuple[Severity, str] | None:
    """How grave it is that one subject has two values; None when they may be two things."""
    if one.nature is Nature.SCORE:
        return None
    specific = is_specific(one.core) and is_specific(other.core)
    if one.nature is Nature.TARGET:
        return _two_targets(one, other) if exact and specific and not several else None
    tabled = one.table is not None and other.table is not None
    if tabled or not (one.is_plain and other.is_plain):
        # rows of the same name in two tables usually belong to two projects or two bodies
        return None
    share = difference_share(one, other)
    near = share <= rule.numbers["near"]
    if exact and around.restated(one, other):
        return (Severity.ERROR, "0.92") if specific or near else (Severity.WARNING, "0.7")
    if not specific or several or one.nature is not Nature.LEVEL:
        return None
    slip = slip_of(one, other)
    slipped = bool(slip) and (min(_digits(one), _digits(other)) >= 4 or "错位" in slip)
    kindred = (near or slipped) and not (one.context or other.context)
    far = share > rule.numbers["far"]
    return _of_same_words(one, other, kindred, far) if exact else _of_like_words(one, other, kindred, far)


def _two_targets(one: Fact, other: Fact) -> tuple[Severity, str] | None:
    """Two targets for one thing, at least one of them told in a sentence."""
    told = one.table is None or other.table is None
    meant = Stage.TARGET in {one.stage, other.stage}
    return (Severity.WARNING, "0.7") if told and meant and len(one.core) >= 5 else None


def _of_same_words(one: Fact, other: Fact, kindred: bool, far: bool) -> tuple[Severity, str] | None:
    """The same words, and figures that look like one figure miswritten or stand for a particular thing."""
    particular = one.leads and other.leads and is_long_name(one)
    short = min(_digits(one), _digits(other)) < 3
    if one.numeral.dimension is Dimension.PERCENT and (short or not kindred):
        # many projects have a rate of the same name
        return None
    if kindred:
        return (Severity.ERROR, "0.88") if particular and not short else (Severity.WARNING, "0.7")
    return (Severity.WARNING, "0.6") if particular and not far and not short else None


def _of_like_words(one: Fact, other: Fact, kindred: bool, far: bool) -> tuple[Severity, str] | None:
    """Words that differ only by neutral ones."""
    if kindred:
        return Severity.WARNING, "0.65"
    return (Severity.NOTE, "0.4") if not far and min(_digits(one), _digits(other)) >= 3 else None


def _stage(fact: Fact, usual: Stage) -> Stage:
    """The stage of a fact; initial budgets and budgets are one."""
    stage = usual if fact.stage is Stage.NONE else fact.stage
    return Stage.BUDGET if stage is Stage.INITIAL_BUDGET else stage


def _digits(fact: Fact) -> int:
    return significant(fact.numeral.quantity) if fact.numeral.quantity else 0


def _failed(
    reading: Reading,
    rule: AuditRule,
    one: Fact,
    other: Fact,
    severity: Severity,
    confidence: str,
    majority: int,
) -> Check:
    name = one.core if len(one.core) >= len(other.core) else other.core
    slip = slip_of(one, other)
    hint = f"（{slip}）" if slip and min(_digits(one), _digits(other)) >= 3 else ""
    word = "目标" if one.nature is Nature.TARGET else "数"
    message = f"“{name}”前后两处的{word}不一致：{one.numeral.text} 与 {other.numeral.text}{hint}"
    if severity is not Severity.ERROR:
        message += "，两处口径或有不同"
    if majority > 0:
        message += f"；另有 {majority + 1} 处写 {other.numeral.text}" if majority > 1 else ""
    return rule.failed(
        rule.finding(
            message,
            [place_of(reading, one.numeral, "一处"), place_of(reading, other.numeral, "另一处")],
            severity=severity,
            confidence=confidence,
            printed=one.numeral.text,
            computed=other.numeral.text,
        ),
        [(reading, one.numeral), (reading, other.numeral)],
    )
