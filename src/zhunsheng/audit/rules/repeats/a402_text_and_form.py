"""A402: what the explanations of a budget or final account say stands in its tables."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction

from zhunsheng.audit.facts.comparing import Sameness, sameness, slip_of_quantities
from zhunsheng.audit.facts.periods import years_of_sections
from zhunsheng.audit.facts.qualifiers import Stage
from zhunsheng.audit.finding import Check, Finding
from zhunsheng.audit.quantities.numeral import Numeral
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.budget_forms import Form, FormFigure, Source, form_figures
from zhunsheng.audit.relations.form_statements import Statement, statements
from zhunsheng.audit.rule import AuditRule, place_of
from zhunsheng.kernel.problem import Severity
from zhunsheng.kernel.rounding import exact_decimal

CODE = "A402"

Key = tuple[Source, str, str]

# which table is asked first when several hold a total of the same name
_FIRST = [
    Form.TOTALS,
    Form.SPENDING,
    Form.INCOME,
    Form.FISCAL,
    Form.GENERAL,
    Form.BASIC,
    Form.FUND,
    Form.STATE_CAPITAL,
    Form.THREE_PUBLIC,
]


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Compare the explanations with the tables, and the tables with one another."""
    figures = list(form_figures(reading))
    if not figures:
        return
    yield from _tables(reading, rule, figures)
    totals, items = _indexed(figures)
    usual = figures[0].stage
    years = years_of_sections(reading)
    told = [
        (statement, candidates)
        for statement in statements(reading)
        if (candidates := _candidates(reading, statement, totals, items, usual, years))
    ]
    confirmed = {
        _told_key(statement)
        for statement, candidates in told
        if any(_same(statement.numeral, each.numeral) is not Sameness.DIFFERENT for each in candidates)
    }
    mixed: set[int] = set()
    for statement, candidates in told:
        if not statement.path and _told_key(statement) in confirmed and _may_be_a_part(statement, candidates):
            yield rule.insufficient(
                reading, statement.numeral, detail="同名合计另有一处与表相符，此处可能是其中一部分"
            )
            continue
        others = [] if statement.path else _of_other_money(totals, statement)
        yield _compared(reading, rule, statement, candidates, others, mixed)


def _told_key(statement: Statement) -> tuple[object, ...]:
    return (statement.source, statement.kind, statement.path, statement.stage)


def _may_be_a_part(statement: Statement, candidates: Sequence[FormFigure]) -> bool:
    """Whether a total that stands right elsewhere may here be that of a part (a subordinate unit)."""
    for each in candidates:
        if _same(statement.numeral, each.numeral) is not Sameness.DIFFERENT:
            return False
        first, second = statement.numeral.amount, each.numeral.amount
        if abs(first - second) <= max(abs(first), abs(second)) * Fraction(3, 100):
            return False
        if slip_of_quantities(statement.numeral, each.numeral):
            return False
    return True


def _candidates(
    reading: Reading,
    statement: Statement,
    totals: dict[Key, list[FormFigure]],
    items: dict[str, list[FormFigure]],
    usual: Stage,
    years: dict[int, int | None],
) -> list[FormFigure]:
    """The figures of the tables a statement may speak of; none when it speaks of another year."""
    year = _year_beside(reading, statement)
    if year is not None and year not in {years[statement.numeral.passage], reading.fiscal_year}:
        return []
    found = _item_candidates(items, statement) if statement.path else _total_candidates(totals, statement)
    budget = (usual if statement.stage is Stage.NONE else statement.stage) is not Stage.ACTUAL
    return [each for each in found if (each.stage is not Stage.ACTUAL) is budget]


def _year_beside(reading: Reading, statement: Statement) -> int | None:
    """The year written in the figure's own sentence nearest before it."""
    passage = reading.passage_of(statement.numeral)
    start, _ = passage.sentence_at(statement.numeral.start)
    named = [
        each.year
        for each in reading.numerals_in(passage)
        if each.year is not None and start <= each.start < statement.numeral.start
    ]
    return named[-1] if named else None


def _indexed(
    figures: Sequence[FormFigure],
) -> tuple[dict[Key, list[FormFigure]], dict[str, list[FormFigure]]]:
    """Totals by money, side and kind; rows of the classification by the name of their last level."""
    totals: dict[Key, list[FormFigure]] = defaultdict(list)
    items: dict[str, list[FormFigure]] = defaultdict(list)
    for figure in figures:
        if figure.path:
            if figure.side == "支出" and figure.kind == "合计":
                items[figure.path[-1]].append(figure)
            continue
        totals[figure.source, figure.side, figure.kind].append(figure)
        if (
            figure.form in {Form.TOTALS, Form.FISCAL}
            and figure.kind not in {"合计", "总计"}
            and figure.side == "支出"
        ):
            items[figure.kind].append(figure)
    return totals, items


_THREE_PUBLIC = frozenset(
    {"三公经费", "因公出国", "公务接待", "公务用车购置及运行", "公务用车购置", "公务用车运行", "机关运行经费"}
)


def _total_candidates(totals: dict[Key, list[FormFigure]], statement: Statement) -> list[FormFigure]:
    """The figures a total may have been taken from, the nearest table first."""
    found = [
        figure for key in _keys(totals, statement.source, statement.kind) for figure in totals.get(key, ())
    ]
    return sorted(found, key=lambda figure: _FIRST.index(figure.form))


def _keys(totals: dict[Key, list[FormFigure]], source: Source, kind: str) -> list[Key]:
    if kind in _THREE_PUBLIC:
        return [(Source.ALL, "三公", kind)]
    side = kind[:2]
    match kind:
        case "收支总计":
            return [(source, "收入", "总计"), (source, "支出", "总计")]
        case "收入总计" | "支出总计":
            return [(source, side, "总计")]
        case "收入合计" | "支出合计":
            return [(source, side, "合计") if (source, side, "合计") in totals else (source, side, "总计")]
        case "收入" | "支出":
            named = (
                [(Source.ALL, "收入", "财政拨款收入")] if (source, kind) == (Source.FISCAL, "收入") else []
            )
            return [(source, side, "合计"), (source, side, "总计"), *named]
        case "基本支出" | "项目支出":
            general = [] if source is Source.GENERAL else [(Source.GENERAL, "支出", kind)]
            return [(source, "支出", kind), *general]
        case "人员经费" | "公用经费":
            return [(Source.GENERAL, "支出", kind)]
        case _:
            return [(source, "支出" if kind in {"年末结转和结余", "结余分配"} else "收入", kind)]


def _of_other_money(totals: dict[Key, list[FormFigure]], statement: Statement) -> list[FormFigure]:
    """Figures of the same kind for other money, to explain a figure taken from the wrong table."""
    return [
        figure
        for (source, _, kind), group in totals.items()
        if kind == statement.kind and source is not statement.source
        for figure in group
    ]


def _item_candidates(items: dict[str, list[FormFigure]], statement: Statement) -> list[FormFigure]:
    """Rows with the same last name whose other names do not contradict."""
    path = statement.path
    found = []
    for figure in items.get(path[-1], ()):
        full = figure.path or (figure.kind,)
        if len(full) == len(path) and all(
            not said or said.endswith(named) for said, named in zip(path, full, strict=True)
        ):
            found.append(figure)
    order = [Form.GENERAL, Form.FUND, Form.STATE_CAPITAL, Form.FISCAL, Form.SPENDING, Form.TOTALS]
    return sorted(found, key=lambda figure: order.index(figure.form))


def _compared(
    reading: Reading,
    rule: AuditRule,
    statement: Statement,
    candidates: Sequence[FormFigure],
    others: Sequence[FormFigure],
    mixed: set[int],
) -> Check:
    """The figure agrees with one of the places it may come from, or it is wrong.

    Args:
        others: figures of the same kind for other money.
        mixed: passages found to speak of other money than they say; grows.
    """
    numeral = statement.numeral
    results = [(_same(numeral, each.numeral), each) for each in candidates]
    for wanted in (Sameness.EQUAL, Sameness.ROUNDED):
        for result, figure in results:
            if result is wanted:
                return rule.passed(reading, numeral, figure.numeral)
    for result, figure in results:
        if result is Sameness.TAIL:
            return rule.passed(
                reading, numeral, figure.numeral, note=_tail(reading, rule, numeral, figure.numeral)
            )
    figure = candidates[0]
    values = {each.numeral.amount for each in candidates}
    name = statement.path[-1] if statement.path else _name(statement)
    slip = slip_of_quantities(numeral, figure.numeral)
    hint = f"（{slip}）" if slip else ""
    taken = next((each for each in others if _same(numeral, each.numeral) is Sameness.EQUAL), None)
    if taken is not None:
        hint = f"；说明中的数与“{taken.source.value or '全部资金'}”的{statement.kind}相同，疑混用口径"
        mixed.add(numeral.passage)
    certain = len(values) == 1 and numeral.passage not in mixed
    return rule.failed(
        rule.finding(
            f"“{name}”说明中为 {numeral.text}，表中为 {_printed(figure.numeral)}{hint}",
            [place_of(reading, numeral, "文字说明"), place_of(reading, figure.numeral, "表中")],
            severity=Severity.ERROR if certain else Severity.WARNING,
            confidence="0.93" if certain else "0.8",
            printed=numeral.text,
            computed=_in_unit_of(figure.numeral, numeral),
            difference=_difference(numeral, figure.numeral),
        ),
        [(reading, numeral), (reading, figure.numeral)],
    )


def _name(statement: Statement) -> str:
    return f"{statement.source.value}{statement.kind}"


def _same(one: Numeral, other: Numeral) -> Sameness:
    if one.quantity is None or other.quantity is None:
        return Sameness.DIFFERENT
    return sameness(one.quantity, other.quantity)


def _printed(numeral: Numeral) -> str:
    if numeral.quantity is None or not numeral.unit_inherited:
        return numeral.text
    return f"{numeral.text}{numeral.quantity.printed_unit}"


def _in_unit_of(numeral: Numeral, like: Numeral) -> str:
    """A table figure written with the unit of the text."""
    if like.quantity is None:
        return _printed(numeral)
    scaled = Fraction(numeral.amount) / like.quantity.multiplier
    return (
        f"{exact_decimal(scaled)}{like.quantity.printed_unit}" if _terminates(scaled) else _printed(numeral)
    )


def _terminates(value: Fraction) -> bool:
    denominator = value.denominator
    for prime in (2, 5):
        while denominator % prime == 0:
            denominator //= prime
    return denominator == 1


def _difference(one: Numeral, other: Numeral) -> str:
    if one.quantity is None:
        return ""
    scaled = (one.amount - other.amount) / one.quantity.multiplier
    return exact_decimal(scaled) if _terminates(scaled) else ""


def _tail(reading: Reading, rule: AuditRule, one: Numeral, other: Numeral) -> Finding:
    return rule.finding(
        f"两处相差末位一个单位（尾差）：{_printed(one)} 与 {_printed(other)}",
        [place_of(reading, one, "一处"), place_of(reading, other, "另一处")],
        severity=Severity.NOTE,
        confidence="0.6",
        printed=one.text,
        computed=_in_unit_of(other, one),
        difference=_difference(one, other),
        remedy="尾差一般由四舍五入造成，核对即可。",
    )


def _tables(reading: Reading, rule: AuditRule, figures: Sequence[FormFigure]) -> Iterator[Check]:
    """The same figure in two tables of the form: class totals and grand totals of the same money."""
    groups: dict[tuple[object, ...], list[FormFigure]] = defaultdict(list)
    for figure in figures:
        key = _table_key(figure)
        if key is not None:
            groups[key].append(figure)
    for group in groups.values():
        first = group[0]
        for other in group[1:]:
            if other.numeral.number == first.numeral.number or other.form is first.form:
                continue
            yield _tables_compared(reading, rule, first, other)


def _table_key(figure: FormFigure) -> tuple[object, ...] | None:
    """What makes two figures of different tables the same; None for figures that stand once."""
    if len(figure.path) > 1:
        return None
    if figure.path:
        if figure.kind != "合计":
            return None
        return (figure.stage, figure.source, figure.side, figure.path[0])
    if figure.form is Form.FISCAL and figure.source is Source.FISCAL:
        return None
    if figure.kind == "总计":
        return None
    if figure.kind in {"合计", "基本支出", "项目支出"} or figure.form in {Form.TOTALS, Form.FISCAL}:
        return (figure.stage, figure.source, figure.side, figure.kind)
    return None


def _tables_compared(reading: Reading, rule: AuditRule, one: FormFigure, other: FormFigure) -> Check:
    result = _same(one.numeral, other.numeral)
    if result in {Sameness.EQUAL, Sameness.ROUNDED}:
        return rule.passed(reading, one.numeral, other.numeral)
    if result is Sameness.TAIL:
        return rule.passed(
            reading, one.numeral, other.numeral, note=_tail(reading, rule, one.numeral, other.numeral)
        )
    name = one.path[0] if one.path else f"{one.source.value}{one.side}{one.kind}"
    return rule.failed(
        rule.finding(
            f"“{name}”在两张表中不一致：{_printed(one.numeral)} 与 {_printed(other.numeral)}",
            [place_of(reading, other.numeral, "一表"), place_of(reading, one.numeral, "另一表")],
            confidence="0.9",
            printed=other.numeral.text,
            computed=_in_unit_of(one.numeral, other.numeral),
            difference=_difference(other.numeral, one.numeral),
        ),
        [(reading, one.numeral), (reading, other.numeral)],
    )
