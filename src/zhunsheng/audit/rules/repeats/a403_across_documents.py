"""A403: documents of one body given together agree with one another."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations

from zhunsheng.audit.facts.bodies import body_of
from zhunsheng.audit.facts.collecting import facts_of
from zhunsheng.audit.facts.comparing import (
    Sameness,
    difference_share,
    sameness,
    significant,
    slip_of_quantities,
)
from zhunsheng.audit.facts.fact import Fact, Nature
from zhunsheng.audit.facts.qualifiers import Stage, usual_stage
from zhunsheng.audit.facts.subjects import is_specific
from zhunsheng.audit.finding import Check
from zhunsheng.audit.quantities.numeral import Numeral
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.budget_forms import FormFigure, form_figures, form_tables
from zhunsheng.audit.relations.form_statements import Statement, statements
from zhunsheng.audit.relations.repeated_facts import comparable, group_key, is_long_name, values_of
from zhunsheng.audit.rule import AuditRule, place_of
from zhunsheng.kernel.problem import Severity

CODE = "A403"

_CHANGE_FROM_BUDGET = re.compile(
    r"^，?(?:比|较)(?P<year>(?:19|20)\d{2})年(?:年初)?预算(?:数)?(?P<way>增加|减少|增长|下降)?(?P<flat>持平)?"
)
_TOP = 8


@dataclass(frozen=True)
class _Given:
    """A document with what its comparison with others needs."""

    reading: Reading

    @cached_property
    def body(self) -> str:
        """The name of the body: the one named most often."""
        return body_of(self.reading)

    @cached_property
    def stage(self) -> Stage:
        return usual_stage(" ".join(each.text for each in self.reading.prose[:_TOP]))

    @property
    def year(self) -> int | None:
        return self.reading.fiscal_year

    @cached_property
    def figures(self) -> dict[tuple[object, ...], FormFigure]:
        """The figures of the form by what they are; the first of each."""
        found: dict[tuple[object, ...], FormFigure] = {}
        for figure in form_figures(self.reading):
            key = (
                figure.form,
                figure.stage,
                figure.source,
                figure.side,
                figure.path,
                figure.code,
                figure.kind,
            )
            found.setdefault(key, figure)
        return found

    @cached_property
    def facts(self) -> dict[tuple[object, ...], list[Fact]]:
        """Levels that name one thing, by their subject."""
        forms = form_tables(self.reading)
        found: dict[tuple[object, ...], list[Fact]] = defaultdict(list)
        for fact in facts_of(self.reading):
            if fact.table not in forms and fact.nature is Nature.LEVEL and is_specific(fact.core):
                found[(*group_key(fact), fact.core)].append(fact)
        return found

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        return tuple(statements(self.reading))


def check_together(readings: Sequence[Reading], rule: AuditRule) -> Iterator[Check]:
    """Compare every two documents of one body: of the same year, and of two years that follow."""
    given = [_Given(each) for each in readings]
    for one, other in combinations(given, 2):
        if not one.body or one.body != other.body or one.year is None or other.year is None:
            continue
        if one.year == other.year:
            if one.stage is not other.stage:
                yield from _same_year(rule, one, other)
            elif _are_versions(rule, one, other):
                yield from _versions(rule, one, other)
                yield from _same_year(rule, one, other)
        elif abs(one.year - other.year) == 1:
            before, after = sorted((one, other), key=lambda each: each.year or 0)
            yield from _same_year(rule, before, after)
            yield from _base_of_change(rule, before, after)
            yield from _stale(rule, before, after)


def _are_versions(rule: AuditRule, one: _Given, other: _Given) -> bool:
    """Whether most figures are the same; the account of a body and that of its office share only the name."""
    common = [key for key in one.figures if key in other.figures]
    if not common:
        return True
    equal = sum(
        _same(one.figures[key].numeral, other.figures[key].numeral) is not Sameness.DIFFERENT
        for key in common
    )
    return equal >= len(common) * rule.numbers["versions"]


def _versions(rule: AuditRule, one: _Given, other: _Given) -> Iterator[Check]:
    """Two versions of one budget or account: the same tables hold the same figures."""
    for key, figure in one.figures.items():
        second = other.figures.get(key)
        if second is not None:
            yield _compared(rule, one, figure.numeral, other, second.numeral, _figure_name(figure), sure=True)


def _figure_name(figure: FormFigure) -> str:
    name = figure.path[-1] if figure.path else f"{figure.source.value}{figure.side}"
    return name if figure.path and figure.kind == "合计" else f"{name}{figure.kind}"


def _same_year(rule: AuditRule, one: _Given, other: _Given) -> Iterator[Check]:
    """Facts of the same subject and year stated in both documents."""
    for key, group in one.facts.items():
        second = other.facts.get(key)
        if not second or len(values_of(group)) > 1 or len(values_of(second)) > 1:
            continue
        first, fact = group[0], second[0]
        stated = _stage(first, one.stage) is _stage(fact, other.stage) and comparable_apart(first, fact)
        if not stated or not first.is_plain or not fact.is_plain:
            continue
        near = difference_share(first, fact) <= rule.numbers["near"]
        long = is_long_name(first) and first.leads and fact.leads
        if _same(first.numeral, fact.numeral) is not Sameness.DIFFERENT or near or long:
            yield _compared(rule, one, first.numeral, other, fact.numeral, first.core, sure=near and long)


def comparable_apart(one: Fact, other: Fact) -> bool:
    """Whether two facts of different documents can be one: as in one document, but places do not count."""
    return one.scopes == other.scopes or comparable(one, other)


def _stage(fact: Fact, usual: Stage) -> Stage:
    stage = usual if fact.stage is Stage.NONE else fact.stage
    return Stage.BUDGET if stage is Stage.INITIAL_BUDGET else stage


def _same(one: Numeral, other: Numeral) -> Sameness:
    if one.quantity is None or other.quantity is None:
        return Sameness.DIFFERENT
    return sameness(one.quantity, other.quantity)


def _compared(
    rule: AuditRule, one: _Given, first: Numeral, other: _Given, second: Numeral, name: str, *, sure: bool
) -> Check:
    numerals = [(one.reading, first), (other.reading, second)]
    if _same(first, second) is not Sameness.DIFFERENT:
        return Check(
            rule.code,
            rule.passed(one.reading, first).outcome,
            tuple((reading.index, numeral.number) for reading, numeral in numerals),
        )
    slip = slip_of_quantities(second, first)
    return rule.failed(
        rule.finding(
            f"“{name}”在两份文件中不一致：{_printed(first)} 与 {_printed(second)}"
            + (f"（{slip}）" if slip else ""),
            [place_of(other.reading, second, "一份文件"), place_of(one.reading, first, "另一份文件")],
            severity=Severity.ERROR if sure else Severity.WARNING,
            confidence="0.88" if sure else "0.65",
            printed=second.text,
            computed=_printed(first),
        ),
        numerals,
    )


def _printed(numeral: Numeral) -> str:
    if numeral.quantity is None or not numeral.unit_inherited:
        return numeral.text
    return f"{numeral.text}{numeral.quantity.printed_unit}"


def _base_of_change(rule: AuditRule, before: _Given, after: _Given) -> Iterator[Check]:
    """This year’s figure less its change against last year’s budget is the figure of that budget."""
    if before.stage is not Stage.BUDGET:
        return
    known: dict[tuple[object, ...], Statement] = {}
    for statement in before.statements:
        known.setdefault((statement.source, statement.kind, statement.path), statement)
    for statement in after.statements:
        base = known.get((statement.source, statement.kind, statement.path))
        change = _change_after(after.reading, statement.numeral, before.year)
        if base is None or change is None:
            continue
        amount, numeral = change
        wanted = statement.numeral.amount - base.numeral.amount
        members = [(after.reading, statement.numeral), (before.reading, base.numeral)]
        if numeral is not None:
            members.append((after.reading, numeral))
        step = _step(statement.numeral) + _step(base.numeral)
        if abs(amount - wanted) <= step:
            yield Check(
                rule.code,
                rule.passed(after.reading, statement.numeral).outcome,
                tuple((reading.index, each.number) for reading, each in members),
            )
            continue
        told = numeral or statement.numeral
        yield rule.failed(
            rule.finding(
                f"本年 {statement.numeral.text}，上年预算文件中为 {_printed(base.numeral)}，"
                f"与所写增减（{told.text if numeral else '持平'}）不符",
                [
                    place_of(after.reading, told, "增减额"),
                    place_of(after.reading, statement.numeral, "本年数"),
                    place_of(before.reading, base.numeral, "上年文件"),
                ],
                severity=Severity.WARNING,
                confidence="0.75",
                printed=told.text,
            ),
            members,
        )


def _step(numeral: Numeral) -> Fraction:
    quantity = numeral.quantity
    return Fraction(quantity.multiplier) / 10**quantity.places if quantity else Fraction(0)


def _change_after(
    reading: Reading, numeral: Numeral, year: int | None
) -> tuple[Fraction, Numeral | None] | None:
    """The change against last year's budget stated right after a figure, signed."""
    passage = reading.passage_of(numeral)
    match = _CHANGE_FROM_BUDGET.match(passage.text[numeral.end :])
    if match is None or int(match["year"]) != year:
        return None
    if match["flat"]:
        return Fraction(0), None
    at = numeral.end + match.end()
    change = next((each for each in reading.numerals_in(passage) if each.start == at), None)
    if change is None or match["way"] is None or change.dimension is not numeral.dimension:
        return None
    return (change.amount if match["way"] in {"增加", "增长"} else -change.amount), change


def _stale(rule: AuditRule, before: _Given, after: _Given) -> Iterator[Check]:
    """A value that contradicts its own document and is last year's value of the same thing."""
    year = before.year
    for key, group in after.facts.items():
        if key[2] != after.year:
            continue
        classes = values_of(group)
        if len(classes) != 2:
            continue
        last = before.facts.get((*key[:2], year, *key[3:]), ())
        for members, others in (classes, classes[::-1]):
            fact = members[0]
            quantity = fact.numeral.quantity
            old = next((each for each in last if each.numeral.amount == fact.numeral.amount), None)
            if old is None or quantity is None or significant(quantity) < 3:
                continue
            yield rule.failed(
                rule.finding(
                    f"“{fact.core}”{fact.numeral.text} 与本文件另处 {others[0].numeral.text} 不一致，"
                    "而与上年文件相同，疑沿用上年数",
                    [
                        place_of(after.reading, fact.numeral, "疑为上年数"),
                        place_of(after.reading, others[0].numeral, "本文件另处"),
                        place_of(before.reading, old.numeral, "上年文件"),
                    ],
                    severity=Severity.WARNING,
                    confidence="0.85",
                    printed=fact.numeral.text,
                    computed=others[0].numeral.text,
                ),
                [(after.reading, fact.numeral), (before.reading, old.numeral)],
            )
            break
    yield from _stale_statements(rule, before, after)


def _stale_statements(rule: AuditRule, before: _Given, after: _Given) -> Iterator[Check]:
    """An explanation that gives last year's figure where this year's table has another."""
    if before.stage is not after.stage:
        return
    last: dict[tuple[object, ...], set[Fraction]] = defaultdict(set)
    this: dict[tuple[object, ...], list[FormFigure]] = defaultdict(list)
    for figure in before.figures.values():
        last[figure.path].add(figure.numeral.amount)
    for figure in after.figures.values():
        this[figure.path].append(figure)
    for statement in after.statements:
        path = statement.path
        if len(path) < 3 or path not in this or path not in last:
            continue
        if any(_same(statement.numeral, each.numeral) is not Sameness.DIFFERENT for each in this[path]):
            continue
        quantity = statement.numeral.quantity
        step = _step(statement.numeral)
        if quantity is None or not any(
            abs(each - statement.numeral.amount) <= step / 2 for each in last[path]
        ):
            continue
        if _earlier_year(after.reading, statement, after.year):
            continue
        figure = this[path][0]
        yield rule.failed(
            rule.finding(
                f"“{path[-1]}”{statement.numeral.text} 是上年文件中的数，本年表中为 {_printed(figure.numeral)}，疑沿用上年数",
                [
                    place_of(after.reading, statement.numeral, "疑为上年数"),
                    place_of(after.reading, figure.numeral, "本年表中"),
                ],
                severity=Severity.WARNING,
                confidence="0.9",
                printed=statement.numeral.text,
                computed=_printed(figure.numeral),
            ),
            [(after.reading, statement.numeral), (after.reading, figure.numeral)],
        )


def _earlier_year(reading: Reading, statement: Statement, year: int | None) -> bool:
    """Whether the figure is said to be of an earlier year."""
    passage = reading.passage_of(statement.numeral)
    start, _ = passage.sentence_at(statement.numeral.start)
    named = [
        each.year
        for each in reading.numerals_in(passage)
        if each.year is not None and start <= each.start < statement.numeral.start
    ]
    before = passage.text[max(0, statement.numeral.start - 12) : statement.numeral.start]
    return bool(named and named[-1] != year) or "上年" in before
