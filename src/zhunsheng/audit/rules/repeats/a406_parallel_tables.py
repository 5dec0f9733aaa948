"""A406: rows of the classification that stand in several tables of one document agree."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from zhunsheng.audit.facts.comparing import Sameness, sameness
from zhunsheng.audit.finding import Check
from zhunsheng.audit.quantities.numeral import Numeral
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.budget_forms import Form, FormFigure, form_figures
from zhunsheng.audit.rule import AuditRule, place_of
from zhunsheng.kernel.problem import Severity

CODE = "A406"

# a column of a table: which table, which of its columns
Column = tuple[Form, str]
# code of the row, "" for the grand total
Rows = dict[str, FormFigure]

_COMPARED: tuple[tuple[Column, Column], ...] = (
    ((Form.SPENDING, "合计"), (Form.GENERAL, "合计")),
    ((Form.SPENDING, "基本支出"), (Form.GENERAL, "基本支出")),
    ((Form.SPENDING, "项目支出"), (Form.GENERAL, "项目支出")),
    ((Form.INCOME, "合计"), (Form.SPENDING, "合计")),
    ((Form.INCOME, "财政拨款收入"), (Form.GENERAL, "合计")),
)
_LEVELS = (7, 5, 3, 0)


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Compare each row with the same row of the other tables, where the rows around it agree.

    Tables of different money may differ; then the difference runs up to the grand total. A row that
    differs alone, between an equal parent and equal children, is wrong.
    """
    columns: dict[Column, Rows] = defaultdict(dict)
    for figure in form_figures(reading):
        if figure.form in {Form.SPENDING, Form.GENERAL, Form.INCOME}:
            columns[figure.form, figure.kind].setdefault(figure.code, figure)
    votes = _votes(columns)
    seen: set[tuple[str, int]] = set()
    for one, other in _COMPARED:
        first, second = columns.get(one, {}), columns.get(other, {})
        common = [code for code in first if code in second]
        differing = {code for code in common if _different(first[code], second[code])}
        for code in common:
            left, right = first[code], second[code]
            if code not in differing:
                yield rule.passed(reading, left.numeral, right.numeral)
            elif _stands_alone(code, common, differing):
                wrong, true = _which(left, right, votes)
                if (code, wrong.numeral.number) not in seen:
                    seen.add((code, wrong.numeral.number))
                    yield _failed(reading, rule, wrong, true, income=Form.INCOME in {one[0], other[0]})


def _different(one: FormFigure, other: FormFigure) -> bool:
    first, second = one.numeral.quantity, other.numeral.quantity
    return first is not None and second is not None and sameness(first, second) is Sameness.DIFFERENT


def _parent(code: str, common: Sequence[str]) -> str | None:
    """The code of the next row above that both tables have."""
    for size in _LEVELS:
        if size < len(code) and code[:size] in common:
            return code[:size]
    return None


def _stands_alone(code: str, common: Sequence[str], differing: set[str]) -> bool:
    """Whether nothing around a differing row differs as well."""
    parent = _parent(code, common)
    children = [each for each in common if _parent(each, common) == code]
    if children and not any(each in differing for each in children):
        return True
    if parent is None or parent in differing or children:
        return False
    siblings = [each for each in common if each != code and _parent(each, common) == parent]
    return not any(each in differing for each in siblings)


def _votes(columns: Mapping[Column, Rows]) -> dict[str, Counter[Fraction]]:
    """How many tables give each value for the total of a row."""
    found: dict[str, Counter[Fraction]] = defaultdict(Counter)
    for (_, kind), rows in columns.items():
        if kind in {"合计", "财政拨款收入"}:
            for code, figure in rows.items():
                found[code][figure.numeral.amount] += 1
    return found


def _which(
    one: FormFigure, other: FormFigure, votes: Mapping[str, Counter[Fraction]]
) -> tuple[FormFigure, FormFigure]:
    """The figure probably wrong and the one probably right, by the other tables."""
    counted = votes.get(one.code, Counter())
    return (one, other) if counted[one.numeral.amount] < counted[other.numeral.amount] else (other, one)


def _failed(reading: Reading, rule: AuditRule, wrong: FormFigure, true: FormFigure, *, income: bool) -> Check:
    name = wrong.path[-1] if wrong.path else "合计"
    kind = "" if wrong.kind == "合计" else f"的{wrong.kind}"
    places = [place_of(reading, wrong.numeral, "一表"), place_of(reading, true.numeral, "另一表")]
    return rule.failed(
        rule.finding(
            f"“{name}”{kind}在两张表中不一致：{_printed(wrong.numeral)} 与 {_printed(true.numeral)}，而上下级各行均一致",
            places,
            severity=Severity.WARNING if income else Severity.ERROR,
            confidence="0.8" if income else "0.92",
            printed=wrong.numeral.text,
            computed=true.numeral.text,
        ),
        [(reading, wrong.numeral), (reading, true.numeral)],
    )


def _printed(numeral: Numeral) -> str:
    if numeral.quantity is None or not numeral.unit_inherited:
        return numeral.text
    return f"{numeral.text}{numeral.quantity.printed_unit}"
