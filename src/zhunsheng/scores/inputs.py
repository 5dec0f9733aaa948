"""From a case to the inputs of rules: management facts and budget figures, each with its source."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from zhunsheng.kernel.located import is_reasonable
from zhunsheng.kernel.money import Money
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Problem, Severity
from zhunsheng.kernel.rounding import exact_decimal, plain
from zhunsheng.kernel.unknown import NOT_COLLECTED, Absence, Unknown
from zhunsheng.kernel.written import normalised, parse_decimal
from zhunsheng.plans.case import BudgetLine, Case, ManagementFact, Project
from zhunsheng.plans.choices import ActualStatus, BudgetSide
from zhunsheng.rubrics.facts import FactDefinition, FactKind
from zhunsheng.rubrics.judgement import Given

UNKNOWN_FACT = Kind(
    "SCORE-020",
    Severity.ERROR,
    "管理事实应是已定义的编码",
    "改成“完成值与佐证”中列出的管理事实的编码，或删除这一条。",
)
BAD_FACT = Kind(
    "SCORE-021", Severity.ERROR, "管理事实的值不符合其类型", "是/否写 true 或 false；数量写整数，其余写数字。"
)
NEGATIVE_FACT = Kind("SCORE-022", Severity.ERROR, "数量和金额不能为负", "核对后改正。")
ABOVE_MOST = Kind("SCORE-035", Severity.ERROR, "管理事实的值超过可能的最大值", "核对后改正。")
RATE_AS_SHARE = Kind(
    "SCORE-036",
    Severity.NOTE,
    "百分数写成了很小的数，按百分数计",
    "比率按百分数填写，100% 写 100；写 1% 的加上百分号。",
)

_ABSENT = {
    ActualStatus.NOT_COLLECTED: Absence.NOT_COLLECTED,
    ActualStatus.NOT_DUE: Absence.NOT_DUE,
    ActualStatus.NOT_APPLICABLE: Absence.NOT_APPLICABLE,
    ActualStatus.UNDEFINED: Absence.UNDEFINED,
}
_LONGEST_SHOWN = 60
_TRUE, _FALSE = {"true", "是"}, {"false", "否"}


def case_inputs(
    case: Case, facts: Mapping[str, FactDefinition]
) -> tuple[dict[str, Given], tuple[Problem, ...]]:
    """All inputs a rubric's leaves may ask for: `budget_…` and management facts.

    Money is in 万元, rates in percent as written, counts as they are.
    """
    inputs = budget_inputs(case.budget_total(BudgetSide.EXPENDITURE), "收支")
    problems: list[Problem] = []
    for code, definition in facts.items():
        inputs[code] = Given(NOT_COLLECTED, "未填报", definition.unit, definition.label)
    for fact in case.management:
        found = facts.get(fact.fact)
        place = Place(field=f"管理事实 {fact.fact}")
        if found is None:
            problems.append(UNKNOWN_FACT.at(place, f"没有名为“{fact.fact}”的管理事实", value=fact.fact))
            continue
        given = _fact(fact, found)
        if given is None:
            problems.append(
                BAD_FACT.at(
                    place, f"“{found.label}”的值“{_short(fact.value)}”读不出来", value=_short(fact.value)
                )
            )
        else:
            inputs[fact.fact] = given
            problems.extend(_doubts(fact, found, given, place))
    problems.extend(_parts_above_wholes(facts, inputs))
    return inputs, tuple(problems)


def _doubts(
    fact: ManagementFact, definition: FactDefinition, given: Given, place: Place
) -> Iterator[Problem]:
    """What cannot be, or is probably meant otherwise, about one number."""
    value, words = given.value, f"“{definition.label}”为 {given.shown}{given.unit}"
    if not isinstance(value, Fraction):
        return
    if value < 0:
        yield NEGATIVE_FACT.at(place, words, value=fact.value)
    elif definition.most is not None and value > definition.most:
        most = exact_decimal(definition.most)
        yield ABOVE_MOST.at(place, f"{words}，最大为 {most}{given.unit}", value=fact.value)
    elif definition.kind is FactKind.RATE and 0 < value <= 1 and "%" not in normalised(fact.value):
        meant = exact_decimal(value * 100)
        yield RATE_AS_SHARE.at(place, f"{words}；如果是 {meant}%，应写 {meant}", value=fact.value)


def _parts_above_wholes(
    facts: Mapping[str, FactDefinition], inputs: Mapping[str, Given]
) -> Iterator[Problem]:
    for code, definition in facts.items():
        whole = inputs.get(definition.part_of)
        part = inputs[code]
        if whole is None or not isinstance(part.value, Fraction) or not isinstance(whole.value, Fraction):
            continue
        if part.value > whole.value:
            words = f"“{part.label}”{part.shown} 多于“{whole.label}”{whole.shown}"
            yield ABOVE_MOST.at(Place(field=f"管理事实 {code}"), words, value=part.shown)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def _fact(fact: ManagementFact, definition: FactDefinition) -> Given | None:
    source = "、".join(part for part in (fact.evidence, fact.place) if part) or "管理事实"
    label, unit = definition.label, definition.unit
    if fact.status in _ABSENT:
        return Given(Unknown(_ABSENT[fact.status], fact.why_used), fact.status.label, unit, label, source)
    text = normalised(fact.value).lower()
    if definition.kind is FactKind.YES_NO:
        if text in _TRUE | _FALSE:
            return Given(text in _TRUE, "是" if text in _TRUE else "否", "", label, source)
        return None
    number = parse_decimal(text.removesuffix("%"))
    if number is None or not is_reasonable(number):
        return None
    if definition.kind is FactKind.COUNT and number != number.to_integral_value():
        return None
    shown = f"{number:,f}" if definition.kind is FactKind.MONEY else plain(number)
    return Given(Fraction(number), shown, unit, label, source)


def budget_inputs(line: BudgetLine | Project | None, section: str) -> dict[str, Given]:
    """Initial, adjusted and executed amounts of a budget line or project, in 万元."""
    labels = {"initial": "年初预算数", "adjusted": "全年预算数", "executed": "执行数"}
    inputs: dict[str, Given] = {}
    for name, label in labels.items():
        amount: Money | None = getattr(line, name) if line is not None else None
        if amount is None:
            inputs[f"budget_{name}"] = Given(NOT_COLLECTED, "未填报", "万元", label)
        else:
            assert line is not None  # noqa: S101 - an amount comes from a line
            where = (line.executed_source if name == "executed" else "", line.place)
            named = "、".join(filter(None, where))
            source = f"{section} {line.code}" + (f"（{named}）" if named else "")
            inputs[f"budget_{name}"] = Given(
                Fraction(amount.in_unit("万元")), amount.shown("万元"), "万元", label, source
            )
    return inputs
