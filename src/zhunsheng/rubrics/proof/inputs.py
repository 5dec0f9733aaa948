"""What rules ask for against what facts are: kinds, and sums or ratios of unlike things."""

from collections.abc import Iterator, Mapping

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem
from zhunsheng.rubrics.facts import FactDefinition, FactKind
from zhunsheng.rubrics.formula import Dimension, Formula, FormulaError
from zhunsheng.rubrics.judgement import Rule, Wanted
from zhunsheng.rubrics.proof.kinds import FACT_KIND, UNKNOWN_FACT, problems_of
from zhunsheng.rubrics.rules.judged import PerCase
from zhunsheng.rubrics.rules.ratios import Bands, Condition

BUDGET_INPUTS = ("budget_initial", "budget_adjusted", "budget_executed")
_NUMBERS = {FactKind.COUNT, FactKind.MONEY, FactKind.RATE}
_FITS = {
    Wanted.NUMBER: _NUMBERS,
    Wanted.MEASURED: _NUMBERS,
    Wanted.COUNT: {FactKind.COUNT},
    Wanted.MONEY: {FactKind.MONEY},
    Wanted.YES_NO: {FactKind.YES_NO},
}
_LABELS = {
    FactKind.COUNT: "个数",
    FactKind.MONEY: "金额",
    FactKind.RATE: "百分数",
    FactKind.YES_NO: "是或否",
}


def input_flaws(rule: Rule, facts: Mapping[str, FactDefinition], place: Place) -> Iterator[Problem]:
    """Facts a rule asks for that do not exist or are of another kind than it can use."""
    kinds = {code: fact.kind for code, fact in facts.items()} | dict.fromkeys(BUDGET_INPUTS, FactKind.MONEY)
    for name, wanted in rule.wants.items():
        kind = kinds.get(name)
        if kind is None:
            yield UNKNOWN_FACT.at(place, f"没有名为“{name}”的事实", value=name)
        elif kind not in _FITS.get(wanted, set()):
            words = f"事实“{name}”是{_LABELS[kind]}，规则“{rule.label}”要求{wanted.label}"
            yield FACT_KIND.at(place, words, value=name)
    if isinstance(rule, Bands):
        most = {code: fact.most for code, fact in facts.items() if fact.most is not None}
        whole_of = {code: fact.part_of for code, fact in facts.items() if fact.part_of}
        yield from problems_of(rule.outside(rule.formula.bounds(most, whole_of)), place)
    if isinstance(rule, PerCase) and rule.of and rule.of != _whole(facts, rule.cases):
        words = f"“{rule.cases}”不是“{rule.of}”的一部分（事实定义的 part_of），不能作为其中的例数"
        yield FACT_KIND.at(place, words, value=rule.of)
    yield from _formulas(rule, {name: kind.value for name, kind in kinds.items()}, place)


def _whole(facts: Mapping[str, FactDefinition], code: str) -> str:
    fact = facts.get(code)
    return "" if fact is None else fact.part_of


def _formulas(rule: Rule, kinds: Mapping[str, str], place: Place) -> Iterator[Problem]:
    if isinstance(rule, Bands):
        made = list(_made_of(rule.formula, kinds, place))
        yield from (each for each in made if isinstance(each, Problem))
        if rule.percent and any(each for each in made if not isinstance(each, Problem)):
            words = f"公式 {rule.formula.text} 的结果不是比率，不能按百分比划分区间（百分数须除以 100）"
            yield FACT_KIND.at(place, words, value=rule.formula.text)
    if isinstance(rule, Condition):
        sides = [each for side in (rule.left, rule.right) for each in _made_of(side, kinds, place)]
        yield from (each for each in sides if isinstance(each, Problem))
        dimensions = [each for each in sides if not isinstance(each, Problem)]
        if len(dimensions) == 2 and dimensions[0] != dimensions[1]:
            words = f"{rule.left.text} 与 {rule.right.text} 不是同一种数，不能比较"
            yield FACT_KIND.at(place, words)


def _made_of(formula: Formula, kinds: Mapping[str, str], place: Place) -> Iterator[Dimension | Problem]:
    """The dimension of a formula, or the problem that it adds unlike things."""
    try:
        yield formula.dimension(kinds)
    except FormulaError as error:
        yield FACT_KIND.at(place, f"公式中的 {error} 把不同种类的数相加减", value=formula.text)
