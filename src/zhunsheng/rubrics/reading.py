"""From a rubric file to a `Rubric`: all faults at once."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from zhunsheng.kernel.interval import Interval
from zhunsheng.kernel.located import MISSING, NOT_A_CHOICE, WRONG_TYPE, Fields, Located
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Problem, Problems, Severity
from zhunsheng.rubrics.curve import Direction
from zhunsheng.rubrics.formula import Formula, FormulaError
from zhunsheng.rubrics.judgement import KnownCase, Rule
from zhunsheng.rubrics.rubric import (
    Ceiling,
    Gathering,
    Gathers,
    GradeBand,
    Inapplicable,
    Move,
    OverAchievement,
    OverBand,
    OverMode,
    OverObservation,
    Rubric,
    RubricNode,
    RubricObject,
)
from zhunsheng.rubrics.rules.achievement import Exact, InverseLinear, InverseRatio, Proportional
from zhunsheng.rubrics.rules.judged import (
    Boolean,
    Checklist,
    ChecklistItem,
    Deadline,
    Manual,
    PerCase,
    TierBand,
    Tiers,
)
from zhunsheng.rubrics.rules.ratios import Band, Bands, BudgetExecution, Condition, ZeroRule

BAD_INTERVAL = Kind(
    "RUBRIC-001", Severity.ERROR, "区间写法不正确", "写成 [0, 60) 或 (90, ∞) 的形式，左端不大于右端。"
)
BAD_FORMULA = Kind("RUBRIC-002", Severity.ERROR, "公式只能用事实编码、数字和 + - * / ( )", "改正公式。")
NODE_SHAPE = Kind(
    "RUBRIC-003", Severity.ERROR, "节点应恰有一种内容：下级节点、自设指标或评分规则", "保留其中一种。"
)

_NATURES = ("positive", "inverse", "exact", "qualitative", "yes_no", "deadline", "satisfaction")
_WHOLE = Interval(None, None, low_closed=False, high_closed=False)


def read_rubric(node: Located, sha256: str = "") -> tuple[Rubric | None, tuple[Problem, ...]]:
    """Read a rubric from its located file content."""
    problems = Problems()
    fields = Fields(node, problems, "评分体系")
    label_en = fields.text("label_en", required=True)
    fields.text("description", required=True)
    rubric = Rubric(
        code=fields.text("code", required=True),
        label=fields.text("label", required=True),
        version=fields.text("version", required=True),
        object=RubricObject(
            fields.choice("object", [each.value for each in RubricObject], required=True) or "department"
        ),
        jurisdiction=fields.text("jurisdiction", required=True),
        valid_years=_years(fields),
        total=fields.decimal("total", required=True) or Decimal(0),
        places=fields.integer("places", required=True) or 0,
        grades=tuple(_grade(item, problems) for item in fields.items("grades", required=True)),
        over_achievement=_over(fields),
        leaf_rules=_leaf_rules(fields, problems),
        nodes=tuple(_node(item, problems) for item in fields.items("nodes", required=True)),
        source=fields.citation(required=True),
        ceilings=tuple(_ceiling(item, problems) for item in fields.items("ceilings")),
        verified=fields.choice("verified", ("no", "partial", "yes"), required=True),
        note=fields.text("note"),
        inapplicable=Inapplicable(
            fields.choice("inapplicable_indicators", [each.value for each in Inapplicable], default="share")
        ),
        sha256=sha256,
        grades_source=fields.citation("grades_source"),
        places_of=_places_of(node),
        label_en=label_en,
    )
    fields.finish()
    return (None if problems.has_errors else rubric), problems.as_tuple()


def _places_of(node: Located) -> dict[str, Place]:
    """Where the parts of a rubric stand, for the proof."""
    found = {"": node.place}
    if isinstance(node.value, Mapping):
        for name, each in node.value.items():
            found[name] = each.place
            if name == "leaf_rules" and isinstance(each.value, Mapping):
                found |= {f"{name}.{nature}": rule.place for nature, rule in each.value.items()}
    return found


def _years(fields: Fields) -> tuple[int, ...]:
    found = []
    for item in fields.items("valid_years", required=True):
        if isinstance(item.value, Decimal) and item.value == item.value.to_integral_value():
            found.append(int(item.value))
        else:
            fields.problems.add(WRONG_TYPE.at(item.place, f"年份应为整数，现为“{item.shown}”"))
    if not found:
        fields.problems.add(
            MISSING.at(fields.place("valid_years"), "评分体系没有写明适用年度（valid_years）")
        )
    return tuple(found)


def _interval(fields: Fields, name: str, *, required: bool = True) -> Interval:
    text = fields.text(name, required=required)
    if not text:
        return _WHOLE
    try:
        return Interval.parse(text)
    except (ValueError, ArithmeticError):
        fields.problems.add(BAD_INTERVAL.at(fields.place(name), f"“{text}”不是区间", value=text))
        return _WHOLE


def _fraction(fields: Fields, name: str, *, required: bool = False) -> Fraction | None:
    number = fields.decimal(name, required=required)
    return None if number is None else Fraction(number)


def _formula(fields: Fields, name: str) -> Formula:
    text = fields.text(name, required=True)
    try:
        return Formula(text or "0")
    except FormulaError:
        fields.problems.add(BAD_FORMULA.at(fields.place(name), f"“{text}”不是公式", value=text))
        return Formula("0")


def _grade(item: Located, problems: Problems) -> GradeBand:
    fields = Fields(item, problems, "等级")
    grade = GradeBand(fields.text("name", required=True), _interval(fields, "range"))
    fields.citation()
    fields.finish()
    return grade


def _ceiling(item: Located, problems: Problems) -> Ceiling:
    fields = Fields(item, problems, "总分上限")
    ceiling = Ceiling(_interval(fields, "range"), fields.decimal("most", required=True) or Decimal(0))
    fields.citation()
    fields.finish()
    return ceiling


def _over(outer: Fields) -> OverAchievement:
    fields = outer.fields("over_achievement", "超额完成规则")
    if fields is None:
        outer.problems.add(MISSING.at(outer.node.place, "缺少“over_achievement”"))
        return OverAchievement()
    over = OverAchievement(
        OverMode(fields.choice("mode", [each.value for each in OverMode], required=True) or "ignore"),
        _fraction(fields, "explain_from"),
        tuple(_over_band(item, fields.problems) for item in fields.items("bands")),
        tuple(_over_band(item, fields.problems) for item in fields.items("examples")),
        fields.citation(required=True),
        _fraction(fields, "explain_at_zero"),
        tuple(_observation(item, fields.problems) for item in fields.items("observations")),
    )
    fields.finish()
    return over


def _observation(item: Located, problems: Problems) -> OverObservation:
    fields = Fields(item, problems, "超额实例")
    seen = OverObservation(
        _fraction(fields, "degree", required=True) or Fraction(0),
        _fraction(fields, "deduct_share", required=True) or Fraction(0),
    )
    fields.text("note")
    fields.finish()
    return seen


def _over_band(item: Located, problems: Problems) -> OverBand:
    fields = Fields(item, problems, "超额扣减区间")
    band = OverBand(
        _interval(fields, "range"), _fraction(fields, "deduct_share"), _fraction(fields, "deduct_points")
    )
    fields.finish()
    return band


def _leaf_rules(outer: Fields, problems: Problems) -> dict[str, Rule]:
    fields = outer.fields("leaf_rules", "指标评分规则")
    rules: dict[str, Rule] = {}
    if fields is None:
        return rules
    for nature in _NATURES:
        found = fields.raw(nature)
        if found is not None:
            rules[nature] = read_rule(found, problems)
    fields.finish()
    return rules


def _node(item: Located, problems: Problems) -> RubricNode:
    fields = Fields(item, problems, "评分节点")
    children = tuple(_node(child, problems) for child in fields.items("children"))
    rule_node = fields.raw("rule")
    rule = None if rule_node is None else read_rule(rule_node, problems)
    gathering_fields = fields.fields("indicators", "自设指标")
    gathering = None if gathering_fields is None else _gathering(gathering_fields)
    if sum((bool(children), rule is not None, gathering is not None)) != 1:
        problems.add(NODE_SHAPE.at(item.place, f"节点“{fields.text('name')}”的内容不是恰好一种"))
    node = RubricNode(
        code=fields.text("code", required=True),
        name=fields.text("name", required=True),
        points=fields.decimal("points", required=True) or Decimal(0),
        children=children,
        rule=rule,
        gathering=gathering,
        not_applicable_full=fields.choice("not_applicable", ("full", "score"), default="score") == "full",
        evidence=fields.texts("evidence"),
        note=fields.text("note"),
        source=fields.citation(required=not children),
        place=item.place,
        rule_place=item.place if rule_node is None else rule_node.place,
    )
    fields.finish()
    return node


def _gathering(fields: Fields) -> Gathering:
    gathering = Gathering(
        Gathers(fields.choice("by", [each.value for each in Gathers], required=True) or "group"),
        fields.texts("groups"),
        fields.boolean("optional"),
        _moves(fields),
    )
    fields.finish()
    return gathering


def _moves(fields: Fields) -> tuple[Move, ...]:
    """`moves_to: F` for everything, or a list of `{node, points}` for a split."""
    found = fields.raw("moves_to")
    if found is None or not isinstance(found.value, list):
        code = fields.text("moves_to")
        return (Move(code),) if code else ()
    moves = []
    for item in found.value:
        inner = Fields(item, fields.problems, "分值转移")
        moves.append(Move(inner.text("node", required=True), inner.decimal("points", required=True)))
        inner.finish()
    return tuple(moves)


def read_rule(node: Located, problems: Problems) -> Rule:
    """Read a `{type: …}` mapping as a rule; `Manual` when it cannot be read."""
    fields = Fields(node, problems, "评分规则")
    kind = fields.text("type", required=True)
    reader = _RULES.get(kind)
    if reader is None:
        problems.add(
            NOT_A_CHOICE.at(
                fields.place("type"), f"没有名为“{kind}”的规则类型（可用：{'、'.join(_RULES)}）", value=kind
            )
        )
        return Manual()
    rule = reader(fields)
    fields.text("note")
    fields.finish()
    return rule


def _proportional(fields: Fields) -> Rule:
    return Proportional(
        _fraction(fields, "pass_threshold"),
        fields.citation(required=True),
        _fraction(fields, "candidate_pass_threshold"),
    )


def _inverse_linear(fields: Fields) -> Rule:
    zero_at = _fraction(fields, "zero_at", required=True)
    return InverseLinear(Fraction(2) if zero_at is None else zero_at, fields.citation(required=True))


def _inverse_ratio(fields: Fields) -> Rule:
    return InverseRatio(fields.citation(required=True))


def _exact(fields: Fields) -> Rule:
    otherwise = fields.choice("otherwise", ("proportional", "all_or_nothing", "manual"), required=True)
    return Exact(otherwise or "proportional", fields.citation(required=True))


def _tiers(fields: Fields) -> Rule:
    return Tiers(_tier_bands(fields), fields.citation(required=True))


def _tier_bands(fields: Fields) -> tuple[TierBand, ...]:
    tiers = []
    for item in fields.items("tiers", required=True):
        inner = Fields(item, fields.problems, "档次")
        tiers.append(
            TierBand(
                inner.text("code", required=True),
                inner.text("name", required=True),
                _interval(inner, "range"),
            )
        )
        inner.finish()
    return tuple(tiers)


def _boolean(fields: Fields) -> Rule:
    return Boolean(fields.text("fact", default="actual"), fields.citation(required=True))


def _deadline(fields: Fields) -> Rule:
    late = fields.choice("late", ("zero", "per_day", "tiers", "manual"), required=True)
    source = fields.citation(required=True)
    tiers = Tiers(_tier_bands(fields), source) if fields.raw("tiers") is not None else None
    return Deadline(late or "zero", _fraction(fields, "per_day"), source, tiers)


def _checklist(fields: Fields) -> Rule:
    items = []
    for item in fields.items("items", required=True):
        inner = Fields(item, fields.problems, "核对项")
        items.append(
            ChecklistItem(
                inner.text("fact", required=True),
                inner.text("name", required=True),
                _fraction(inner, "share"),
                inner.choice("not_applicable", ("full", "score"), default="score") == "full",
            )
        )
        inner.finish()
    return Checklist(tuple(items), fields.citation(required=True))


def _manual(fields: Fields) -> Rule:
    return Manual(fields.citation(required=True))


def _per_case(fields: Fields) -> Rule:
    candidates: list[Fraction | None] = []
    for item in fields.items("candidates"):
        inner = Fields(item, fields.problems, "候选规则")
        mode = inner.choice("mode", ("all_or_nothing", "per_case"), required=True)
        deduct = _fraction(inner, "deduct", required=mode == "per_case")
        candidates.append(None if mode == "all_or_nothing" else deduct)
        inner.finish()
    return PerCase(
        fields.text("cases", required=True),
        fields.text("of"),
        _fraction(fields, "deduct"),
        fields.boolean("all_or_nothing"),
        tuple(candidates),
        fields.citation(required=True),
    )


def _bands(fields: Fields) -> Rule:
    zeros = []
    for item in fields.items("when_zero"):
        inner = Fields(item, fields.problems, "除数为零的处理")
        then = inner.choice("then", ("full", "zero", "manual"), required=True)
        zeros.append(ZeroRule(_formula(inner, "divisor").canonical, then or "manual"))
        inner.finish()
    return Bands(
        _formula(fields, "formula"),
        tuple(_band(item, fields.problems) for item in fields.items("bands", required=True)),
        _interval(fields, "domain"),
        Direction(fields.choice("direction", [each.value for each in Direction], required=True) or "any"),
        tuple(zeros),
        tuple(_known(item, fields.problems) for item in fields.items("known")),
        fields.boolean("percent", default=True),
        fields.citation(required=True),
    )


def _band(item: Located, problems: Problems) -> Band:
    fields = Fields(item, problems, "区间")
    share_node = fields.raw("share")
    proportional = share_node is not None and share_node.value == "proportional"
    band = Band(
        _interval(fields, "range"),
        None if proportional else _fraction(fields, "share"),
        proportional,
        _fraction(fields, "candidate"),
    )
    fields.finish()
    return band


def _known(item: Located, problems: Problems) -> KnownCase:
    fields = Fields(item, problems, "已知实例")
    inputs: dict[str, Fraction] = {}
    inner = fields.fields("inputs", "已知实例的数据")
    if inner is not None:
        for name in inner.mapping:
            inputs[name] = _fraction(inner, name, required=True) or Fraction(0)
    case = KnownCase(
        inputs, _fraction(fields, "share", required=True) or Fraction(0), fields.citation(required=True)
    )
    fields.finish()
    return case


def _satisfaction(fields: Fields) -> Rule:
    """Bands on the actual value of an indicator, which is written in percent."""
    return replace(
        Bands(
            Formula("actual / 100"),
            tuple(_band(item, fields.problems) for item in fields.items("bands", required=True)),
            Interval(Fraction(0), Fraction(1)),
            Direction.RISING,
        ),
        source=fields.citation(required=True),
    )


def _condition(fields: Fields) -> Rule:
    return Condition(
        _formula(fields, "left"),
        _formula(fields, "right"),
        _fraction(fields, "when_true"),
        _fraction(fields, "when_false"),
        fields.citation(required=True),
    )


def _budget_execution(fields: Fields) -> Rule:
    cap = _fraction(fields, "cap")
    return BudgetExecution(
        fields.text("executed", default="budget_executed"),
        fields.text("budget", default="budget_adjusted"),
        Fraction(1) if cap is None else cap,
        _fraction(fields, "zero_budget") or Fraction(0),
        fields.citation(required=True),
    )


_RULES: dict[str, Callable[[Fields], Rule]] = {
    "proportional": _proportional,
    "inverse_linear": _inverse_linear,
    "inverse_ratio": _inverse_ratio,
    "exact": _exact,
    "tiers": _tiers,
    "boolean": _boolean,
    "deadline": _deadline,
    "bands": _bands,
    "satisfaction_bands": _satisfaction,
    "checklist": _checklist,
    "per_case": _per_case,
    "condition": _condition,
    "budget_execution": _budget_execution,
    "manual": _manual,
}
RULE_TYPES = tuple(_RULES)
