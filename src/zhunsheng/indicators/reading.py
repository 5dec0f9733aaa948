"""From the content of a definition file to an indicator; everything that is wrong with it at once."""

import re
from decimal import Decimal, InvalidOperation

from zhunsheng.expressions.nodes import Column, Expression, Operation, walk
from zhunsheng.expressions.parsing import Refused, Scope, parse
from zhunsheng.expressions.types import DATE, INTEGER, TEXT, Kind, Type
from zhunsheng.indicators.definition import (
    Direction,
    IndicatorDefinition,
    IndicatorVersion,
    ParameterDefinition,
    ResultKind,
)
from zhunsheng.indicators.measure import Aggregate, Grouping, Measure, Span
from zhunsheng.indicators.sources import LedgerSource
from zhunsheng.kernel.located import MISSING, Fields, Located, is_reasonable
from zhunsheng.kernel.problem import Kind as ProblemKind
from zhunsheng.kernel.problem import Problem, Problems, Severity

BAD_EXPRESSION = ProblemKind(
    "INDI-001",
    Severity.ERROR,
    "条件和公式只能用规定的语言",
    "按指出的位置改写：只用字段名、数值、比较和规定的函数。",
)
NO_SUCH_LEDGER = ProblemKind("INDI-002", Severity.ERROR, "度量应取自目录中的台账", "改成台账的编码。")
BAD_MEASURE = ProblemKind(
    "INDI-003", Severity.ERROR, "度量的定义不完整或自相矛盾", "按指出的内容补全或改正定义。"
)
BAD_VERSION = ProblemKind("INDI-004", Severity.ERROR, "指标的版本应首尾相接，不重叠", "改正 from 和 to。")
BAD_PARAMETER = ProblemKind("INDI-005", Severity.ERROR, "参数的定义自相矛盾", "按指出的内容补全或改正定义。")
UNUSED = ProblemKind("INDI-006", Severity.ERROR, "定义的内容应当用到", "用在公式里，或删去。")

PERIOD: dict[str, Type] = {"start": DATE, "end": DATE, "year": INTEGER}
"""Parameters that every condition may use: first and last day of the period, and its year."""

_NAME = re.compile(r"[a-z][a-z_0-9]*")
_FURTHEST_SHIFT = 10
# what an engine can work out for each thing, and over the things, in one statement
_WITHIN = frozenset({Aggregate.COUNT, Aggregate.DISTINCT, Aggregate.SUM, Aggregate.LEAST, Aggregate.GREATEST})
_OVER = frozenset({Aggregate.COUNT, Aggregate.SUM, Aggregate.LEAST, Aggregate.GREATEST})


def read_indicator(
    node: Located, ledgers: LedgerSource, digest: str = ""
) -> tuple[IndicatorDefinition | None, tuple[Problem, ...]]:
    """Read one indicator; None when there is an error."""
    problems = Problems()
    content = Fields(node, problems, "指标定义")
    kind = ResultKind(content.choice("kind", [each.value for each in ResultKind], default="number"))
    versions = tuple(
        _read_version(each, kind, ledgers, problems) for each in content.items("versions", required=True)
    )
    words = content.fields("words")
    found = IndicatorDefinition(
        code=content.text("code", required=True),
        label=content.text("label", required=True),
        label_en=content.text("label_en", required=True),
        description=content.text("description", required=True),
        chapter=content.integer("chapter", required=True) or 0,
        kind=kind,
        unit=content.text("unit"),
        multiplier=_multiplier(content),
        places=content.integer("places") or 0,
        direction=Direction(
            content.choice("direction", [each.value for each in Direction], required=True, default="none")
        ),
        numerator=content.texts("numerator"),
        denominator=content.texts("denominator"),
        stands_for=content.texts("stands_for"),
        words={} if words is None else {name: str(each.value) for name, each in words.mapping.items()},
        versions=versions,
        digest=digest,
    )
    content.finish()
    _check_versions(found, content, problems)
    _check_words(found, content, problems)
    return (None if problems.has_errors else found), problems.as_tuple()


def _multiplier(content: Fields) -> str:
    text = content.text("multiplier", default="1")
    try:
        parts = [Decimal(part) for part in text.split("/")]
    except InvalidOperation:
        parts = []
    if not 1 <= len(parts) <= 2 or not all(is_reasonable(part) and part > 0 for part in parts):
        content.problems.add(BAD_MEASURE.at(content.place("multiplier"), f"multiplier“{text}”应是正数或分数"))
        return "1"
    return text


def _check_words(found: IndicatorDefinition, content: Fields, problems: Problems) -> None:
    """Words belong to yes or no, and to the values a word can have."""
    if found.kind is ResultKind.YES_NO:
        known = {"true", "false"}
    elif found.kind is ResultKind.WORD:
        known = {name for each in found.versions for name in each.formula.type.members} or set(found.words)
    else:
        known = set()
    for name in found.words:
        if name not in known:
            problems.add(BAD_MEASURE.at(content.place("words"), f"“{name}”不是结果可有的值", value=name))


def _check_versions(found: IndicatorDefinition, content: Fields, problems: Problems) -> None:
    last: int | None = None
    if not found.versions and content.has("versions"):
        problems.add(BAD_VERSION.at(content.place("versions"), "至少要有一个版本"))
    for position, each in enumerate(found.versions):
        if position and (last is None or each.first_year is None or each.first_year <= last):
            problems.add(BAD_VERSION.at(content.place("versions"), f"第 {position + 1} 个版本与前一个重叠"))
        elif position and last is not None and each.first_year is not None and each.first_year > last + 1:
            problems.add(BAD_VERSION.at(content.place("versions"), f"第 {position + 1} 个版本之前缺了年度"))
        if each.first_year is not None and each.last_year is not None and each.last_year < each.first_year:
            problems.add(
                BAD_VERSION.at(content.place("versions"), f"第 {position + 1} 个版本的 to 早于 from")
            )
        last = each.last_year
        names = {measure.name for measure in each.measures}
        for name in (*found.numerator, *found.denominator):
            if name not in names:
                problems.add(BAD_MEASURE.at(content.place("numerator"), f"没有度量“{name}”", value=name))


def _read_version(
    node: Located, kind: ResultKind, ledgers: LedgerSource, problems: Problems
) -> IndicatorVersion:
    content = Fields(node, problems, "指标版本")
    parameters = tuple(_read_parameter(each, problems) for each in content.items("parameters"))
    known = dict(PERIOD)
    for parameter in parameters:
        if parameter.name in known:
            problems.add(BAD_PARAMETER.at(content.place("parameters"), f"参数名“{parameter.name}”已有"))
        known[parameter.name] = INTEGER if isinstance(parameter.default, int) else TEXT
    declared = content.fields("measures")
    if declared is None or not declared.mapping:
        problems.add(BAD_MEASURE.at(content.place("measures"), "至少要有一个度量"))
    measures = tuple(
        each
        for name, item in (declared.mapping.items() if declared is not None else ())
        if (each := _read_measure(name, item, ledgers, known, problems)) is not None
    )
    scope = _formula_scope(measures, known)
    formula = _expression(content, "formula", scope, problems)
    undefined = _expression(content, "undefined_when", scope, problems, Kind.BOOLEAN)
    if formula is None:
        content.text("formula", required=True)
        formula = parse("0", scope)
    elif not _fits(kind, formula.type):
        problems.add(
            BAD_EXPRESSION.at(
                content.place("formula"), f"公式的结果是{formula.type.kind.label}，不合“{kind.label}”"
            )
        )
    _check_use(content, measures, (formula, undefined), problems)
    version = IndicatorVersion(
        first_year=content.integer("from"),
        last_year=content.integer("to"),
        measures=measures,
        formula=formula,
        undefined_when=undefined,
        why_undefined=content.text("why_undefined"),
        parameters=parameters,
        source=content.citation(required=True),
        notes=content.texts("notes"),
    )
    content.finish()
    return version


def _check_use(
    content: Fields,
    measures: tuple[Measure, ...],
    expressions: tuple[Expression | None, ...],
    problems: Problems,
) -> None:
    """A measure that nothing names would be computed for nothing, and is a slip."""
    used = {column.name for each in expressions if each is not None for column in each.columns}
    for each in measures:
        if each.name not in used:
            problems.add(UNUSED.at(content.place("measures"), f"度量“{each.name}”没有用到", value=each.name))


def _fits(kind: ResultKind, found: Type) -> bool:
    match kind:
        case ResultKind.NUMBER:
            return found.is_number
        case ResultKind.YES_NO:
            return found.kind is Kind.BOOLEAN
        case ResultKind.DATE:
            return found.is_time
        case ResultKind.WORD:
            return found.is_word


def _read_parameter(node: Located, problems: Problems) -> ParameterDefinition:
    content = Fields(node, problems, "参数")
    declared = content.raw("default")
    written = "" if declared is None else declared.value
    # a plain whole number is a number, a quoted one is text
    default: int | str = content.text("default", required=True)
    if isinstance(written, Decimal) and written == written.to_integral_value() and is_reasonable(written):
        default = int(written)
    elif isinstance(written, bool | Decimal):
        problems.add(BAD_PARAMETER.at(content.place("default"), f"默认值“{default}”应是整数或文字"))
    choices = content.fields("choices")
    found = ParameterDefinition(
        content.text("name", required=True),
        content.text("label", required=True),
        default,
        {} if choices is None else {code: str(label.value) for code, label in choices.mapping.items()},
        content.text("note"),
    )
    content.finish()
    if found.choices and str(found.default) not in found.choices:
        problems.add(BAD_PARAMETER.at(content.place("default"), f"默认值“{found.default}”不在 choices 之内"))
    return found


def _formula_scope(measures: tuple[Measure, ...], parameters: dict[str, Type]) -> Scope:
    kinds: dict[tuple[str, ...], Type] = {(each.name,): _result(each) for each in measures}
    return Scope(kinds.get, parameters, [each.name for each in measures])


def _result(measure: Measure) -> Type:
    """The type of a measure in a formula."""
    if measure.aggregate in {Aggregate.COUNT, Aggregate.DISTINCT} or measure.of is None:
        return INTEGER
    if measure.aggregate in {Aggregate.MEAN, Aggregate.QUANTILE}:
        return Type(Kind.DECIMAL, places=-1)
    return measure.of.type


def _expression(
    content: Fields, name: str, scope: Scope, problems: Problems, expected: Kind | None = None
) -> Expression | None:
    text = content.text(name)
    if not text:
        return None
    try:
        return parse(text, scope, expected)
    except Refused as refused:
        problems.add(BAD_EXPRESSION.at(content.place(name), str(refused), value=text))
        return None


def _read_measure(
    name: str, node: Located, ledgers: LedgerSource, parameters: dict[str, Type], problems: Problems
) -> Measure | None:
    content = Fields(node, problems, f"度量“{name}”")
    _check_name(name, node, problems)
    code = content.text("ledger", required=True)
    scope = ledgers.scope(code, parameters)
    if scope is None:
        problems.add(NO_SUCH_LEDGER.at(content.place("ledger"), f"没有台账“{code}”", value=code))
        return None
    grouped = content.has("each")
    grouping, things = _read_grouping(content, scope, parameters, problems)
    aggregate, of, share = _aggregate(content, things or scope, problems, grouped=grouped)
    if grouped and aggregate not in _OVER:
        problems.add(BAD_MEASURE.at(node.place, f"{content.what}按对象分组，不能用 {aggregate.value}"))
    date = content.text("date", default=ledgers.date_of(code))
    span = Span(content.choice("span", [each.value for each in Span], default="during" if date else "any"))
    if span is not Span.ANY and not date:
        problems.add(
            BAD_MEASURE.at(node.place, f"台账“{code}”没有业务日期，度量“{name}”应写 span: any 或 date")
        )
    if date and (found := scope.columns((date,))) is not None and not found.is_time:
        problems.add(BAD_MEASURE.at(content.place("date"), f"“{date}”不是日期字段", value=date))
    elif date and scope.columns((date,)) is None:
        problems.add(BAD_MEASURE.at(content.place("date"), f"没有字段“{date}”", value=date))
    shift = content.integer("shift") or 0
    if abs(shift) > _FURTHEST_SHIFT:
        problems.add(BAD_MEASURE.at(content.place("shift"), f"shift 最多相隔 {_FURTHEST_SHIFT} 年"))
    measure = Measure(
        name=name,
        ledger=code,
        aggregate=aggregate,
        of=of,
        where=_condition(content, "where", scope, problems),
        date=date,
        span=span,
        shift=shift,
        quantile=share,
        grouping=grouping,
    )
    content.finish()
    return measure


def _check_name(name: str, node: Located, problems: Problems) -> None:
    if not _NAME.fullmatch(name):
        problems.add(
            BAD_MEASURE.at(node.place, f"名称“{name}”应由小写英文字母、数字和下划线组成", value=name)
        )


def _aggregate(
    content: Fields, scope: Scope, problems: Problems, *, grouped: bool
) -> tuple[Aggregate, Expression | None, int]:
    """What is done, over what, and of a quantile its share in thousandths."""
    named = [each for each in Aggregate if content.has(each.value)]
    if len(named) != 1:
        choices = "、".join(each.value for each in Aggregate)
        problems.add(BAD_MEASURE.at(content.node.place, f"{content.what}应写且只写 {choices} 之一"))
        return Aggregate.COUNT, None, 0
    aggregate = named[0]
    if aggregate is Aggregate.COUNT:
        what = content.text("count")
        if what not in {"records", "groups"} or (what == "groups") is not grouped:
            problems.add(
                BAD_MEASURE.at(content.place("count"), "count 只能写 records；写了 each 的写 groups")
            )
        return aggregate, None, 0
    share = 0
    if aggregate is Aggregate.QUANTILE:
        share, of = _quantile(content, scope, problems)
    else:
        content.text(aggregate.value, required=True)
        of = _expression(content, aggregate.value, scope, problems)
    if of is None:
        return aggregate, None, share
    if _divides(of):
        problems.add(BAD_MEASURE.at(content.node.place, f"{content.what}中不能相除，比率写在公式里"))
    numeric = aggregate in {Aggregate.SUM, Aggregate.MEAN, Aggregate.QUANTILE}
    if numeric and not of.type.is_number:
        problems.add(BAD_MEASURE.at(content.node.place, f"{content.what}要相加的“{of.text}”不是数"))
    ordered = aggregate in {Aggregate.LEAST, Aggregate.GREATEST}
    if of.type.kind in {Kind.LIST, Kind.JSON, Kind.NULL} or (
        ordered and not (of.type.is_number or of.type.is_time)
    ):
        problems.add(BAD_MEASURE.at(content.node.place, f"{content.what}不能汇总“{of.text}”"))
    return aggregate, of, share


def _quantile(content: Fields, scope: Scope, problems: Problems) -> tuple[int, Expression | None]:
    """The share in thousandths, and of what."""
    inner = content.fields("quantile", f"{content.what}的分位数")
    if inner is None:
        problems.add(MISSING.at(content.place("quantile"), f"{content.what}缺少“quantile”的内容"))
        return 0, None
    share = (inner.decimal("share", required=True) or Decimal(0)) * 1000
    inner.text("of", required=True)
    of = _expression(inner, "of", scope, problems)
    inner.finish()
    if not 0 <= share <= 1000 or share != share.to_integral_value():
        problems.add(BAD_MEASURE.at(inner.place("share"), "share 应在 0 至 1 之间，最多三位小数"))
        return 0, of
    return int(share), of


def _divides(found: Expression) -> bool:
    return any(isinstance(each, Operation) and each.operator == "/" for each in walk(found.root))


def _condition(content: Fields, name: str, scope: Scope, problems: Problems) -> Expression | None:
    """A condition over records; a quotient in it would have to be cut somewhere, so there is none."""
    found = _expression(content, name, scope, problems, Kind.BOOLEAN)
    if found is not None and _divides(found):
        problems.add(BAD_MEASURE.at(content.place(name), f"条件“{found.text}”中不能相除，改用乘法"))
    return found


def _read_grouping(
    content: Fields, scope: Scope, parameters: dict[str, Type], problems: Problems
) -> tuple[Grouping | None, Scope | None]:
    """The grouping, and the names there are over the things."""
    inner = content.fields("each", f"{content.what}的分组")
    if inner is None:
        if content.has("each"):
            problems.add(MISSING.at(content.place("each"), f"{content.what}缺少“each”的内容"))
        return None, None
    by = inner.text("by", required=True)
    kind = scope.columns((by,))
    if kind is None or kind.kind in {Kind.LIST, Kind.JSON}:
        problems.add(BAD_MEASURE.at(inner.place("by"), f"没有可以分组的字段“{by}”", value=by))
        return None, None
    values: list[tuple[str, Measure]] = []
    declared = inner.fields("values")
    for name, item in declared.mapping.items() if declared is not None else ():
        _check_name(name, item, problems)
        one = Fields(item, problems, f"分组值“{name}”")
        aggregate, of, _ = _aggregate(one, scope, problems, grouped=False)
        if aggregate not in _WITHIN:
            problems.add(BAD_MEASURE.at(item.place, f"{one.what}不能用 {aggregate.value}"))
        where = _condition(one, "where", scope, problems)
        one.finish()
        values.append((name, Measure(name, content.text("ledger"), aggregate, of, where)))
    names: dict[tuple[str, ...], Type] = {(name,): _result(each) for name, each in values}

    def resolve(path: tuple[str, ...]) -> Type | None:
        """A value of the thing, or a field of its own record."""
        return names.get(path) or (scope.columns(path) if len(path) == 2 and path[0] == by else None)

    things = Scope(resolve, parameters, list(map(".".join, names)))
    having = _condition(inner, "having", things, problems)
    inner.finish()
    return Grouping(Column((by,), kind), tuple(values), having), things
