"""From text to a checked tree. A kept SQL parser reads the text; whatever is not in the language is refused by name."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeAlias

import sqlglot
from sqlglot import expressions as sql
from sqlglot.errors import SqlglotError

from zhunsheng.expressions.functions import FUNCTIONS
from zhunsheng.expressions.nodes import Call, Column, Expression, Literal, Node, Operation, Parameter, walk
from zhunsheng.expressions.screening import Refused, screened, shortened
from zhunsheng.expressions.types import BOOLEAN, DATE, INTEGER, NULL, TEXT, Kind, Type, common

__all__ = ["Refused", "Resolver", "Scope", "parse"]

_DEEPEST = 40
_HEAVIEST = 5000
# how often the SQL of these names an argument
_REPEATED: Mapping[str, int] = {"least": 2, "greatest": 2, "years": 3, "contains": 2}
# the smallest unit of a product of decimals; beyond this whole numbers of 64 bits do not reach far enough
_MOST_PLACES = 12
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Resolver: TypeAlias = Callable[[tuple[str, ...]], Type | None]


@dataclass(frozen=True, slots=True)
class Scope:
    """What names mean.

    Attributes:
        columns: the type of a path of names, or None when there is no such field.
        parameters: values handed in with the evaluation.
        known: names to list in a message.
    """

    columns: Resolver
    parameters: Mapping[str, Type] = field(default_factory=dict)
    known: Sequence[str] = ()


def parse(text: str, scope: Scope, expected: Kind | None = None) -> Expression:
    """Read an expression.

    Args:
        text: such as `excluded_reason IS NULL AND submitted_at < :end`.
        scope: the fields and parameters there are.
        expected: the kind the result must have; None when any will do.

    Raises:
        Refused: it cannot be read, names something unknown, or compares what cannot be compared.
    """
    shown = screened(text)
    try:
        tree = sqlglot.parse_one(shown, read="duckdb", into=sql.Condition)
    except (SqlglotError, RecursionError) as error:
        raise Refused(f"表达式“{shortened(text)}”读不懂") from error
    root = _Reader(scope, shortened(text)).node(tree, 0)
    if expected is not None and root.type.kind is not expected:
        raise Refused(f"“{shortened(text)}”的结果是{root.type.kind.label}，应为{expected.label}")
    columns: dict[str, Column] = {each.name: each for each in walk(root) if isinstance(each, Column)}
    return Expression(text, root, tuple(columns.values()))


_COMPARISONS: Mapping[type, str] = {
    sql.EQ: "=",
    sql.NEQ: "<>",
    sql.LT: "<",
    sql.LTE: "<=",
    sql.GT: ">",
    sql.GTE: ">=",
}
# side by side without parentheses, engines disagree about which of two comes first
_TESTS = (*_COMPARISONS, sql.Is, sql.In, sql.Between, sql.Not)
_ARITHMETIC: Mapping[type, str] = {sql.Add: "+", sql.Sub: "-", sql.Mul: "*", sql.Div: "/"}
# the parser turns some calls into classes of their own
_NAMES: Mapping[type, str] = {
    sql.Coalesce: "coalesce",
    sql.Least: "least",
    sql.Greatest: "greatest",
    sql.Year: "year",
    sql.Month: "month",
    sql.Day: "day",
    sql.Length: "length",
    sql.StartsWith: "starts_with",
    sql.Contains: "contains",
}


@dataclass(slots=True)
class _Reader:
    scope: Scope
    text: str
    weights: dict[int, tuple[Node, int]] = field(default_factory=dict)

    def node(self, tree: sql.Expr, depth: int) -> Node:
        """A node of the language for a node of the parser."""
        found = self._node(tree, depth)
        if self._weight(found) > _HEAVIEST:
            raise Refused("表达式过于复杂")
        return found

    def _weight(self, node: Node) -> int:
        """How often nodes are computed for this one: some engines can express a function only by repeating a value."""
        known = self.weights.get(id(node))
        if known is not None:
            return known[1]
        weight = 1
        if isinstance(node, Operation):
            weight += sum(map(self._weight, node.operands))
        elif isinstance(node, Call):
            times = _REPEATED.get(node.function, 1)
            weight += times * sum(map(self._weight, node.arguments))
        self.weights[id(node)] = node, weight
        return weight

    def _node(self, tree: sql.Expr, depth: int) -> Node:
        if depth > _DEEPEST:
            raise Refused("表达式嵌套过深")
        deeper = depth + 1
        match tree:
            case sql.Paren():
                return self.node(tree.this, deeper)
            case sql.Literal() | sql.Boolean() | sql.Null() | sql.Cast():
                return self._literal(tree)
            case sql.Neg():
                return self._negated(self.node(tree.this, deeper))
            case sql.Column() | sql.Dot():
                return self._named(tree)
            case sql.Case():
                return self._case(tree, deeper)
        found = self._connected(tree, deeper)
        if found is None and isinstance(tree, sql.Func):
            found = self._call(tree, deeper)
        if found is None:
            raise Refused(f"“{_shown(tree)}”不在表达式的语言之内")
        return found

    def _connected(self, tree: sql.Expr, deeper: int) -> Node | None:
        """Connectives, comparisons and sums."""
        match tree:
            case sql.And() | sql.Or():
                operator = "and" if isinstance(tree, sql.And) else "or"
                sides = tuple(self._truth(each, deeper) for each in _chain(tree))
                return Operation(operator, sides, BOOLEAN)
            case sql.Not():
                return Operation("not", (self._truth(tree.this, deeper),), BOOLEAN)
            case sql.Is():
                if not isinstance(tree.expression, sql.Null):
                    raise Refused("IS 之后只能是 NULL 或 NOT NULL")
                return Operation("is_null", (self._apart(tree.this, deeper),), BOOLEAN)
            case sql.In():
                return self._membership(tree, deeper)
            case sql.Between():
                value, low, high = (self._apart(tree.args[each], deeper) for each in ("this", "low", "high"))
                sides = self._comparison(">=", value, low), self._comparison("<=", value, high)
                return Operation("and", sides, BOOLEAN)
            case sql.Binary():
                return self._of_two(tree, deeper)
        return None

    def _of_two(self, tree: sql.Binary, deeper: int) -> Node | None:
        """Comparisons and sums."""
        kind = type(tree)
        if kind in _COMPARISONS:
            sides = self._apart(tree.this, deeper), self._apart(tree.expression, deeper)
            return self._comparison(_COMPARISONS[kind], *sides)
        if kind in _ARITHMETIC:
            sides = self.node(tree.this, deeper), self.node(tree.expression, deeper)
            return self._arithmetic(_ARITHMETIC[kind], *sides)
        return None

    def _apart(self, tree: sql.Expr, depth: int) -> Node:
        """A side of a comparison, which is no comparison itself unless it stands in parentheses."""
        if isinstance(tree, _TESTS):
            raise Refused(f"比较连着比较时要加括号（{self.text}）")
        return self.node(tree, depth)

    def _truth(self, tree: sql.Expr, depth: int) -> Node:
        found = self.node(tree, depth)
        if found.type.kind is not Kind.BOOLEAN:
            raise Refused(f"“{_shown(tree)}”是{found.type.kind.label}，不是条件")
        return found

    def _literal(self, tree: sql.Expr) -> Literal:
        if isinstance(tree, sql.Null):
            return Literal(None, NULL)
        if isinstance(tree, sql.Boolean):
            return Literal(bool(tree.this), BOOLEAN)
        if isinstance(tree, sql.Cast):
            if not (isinstance(tree.this, sql.Literal) and tree.this.is_string and tree.to.is_type("DATE")):
                raise Refused("类型转换只能写 DATE '2021-01-01'")
            return Literal(_date(str(tree.this.this)), DATE)
        text = str(tree.this)
        if tree.is_string:
            return Literal(text, TEXT)
        if "." not in text:
            return Literal(int(text), INTEGER)
        return Literal(Decimal(text), _decimal(len(text.partition(".")[2])))

    def _negated(self, found: Node) -> Node:
        if not found.type.is_number:
            raise Refused("只有数可以取负")
        if isinstance(found, Literal) and isinstance(found.value, int | Decimal):
            return Literal(-found.value, found.type)
        return Operation("negate", (found,), found.type)

    def _named(self, tree: sql.Column | sql.Dot) -> Column | Parameter:
        """A field by its path, or a parameter."""
        parts = tree.parts
        # every name comes in quotes; what has none is a word of the language in the wrong place
        if not all(isinstance(part, sql.Identifier) and part.quoted for part in parts):
            raise Refused(f"“{_shown(tree)}”不在表达式的语言之内")
        path = tuple(part.name for part in parts)
        if path[0].startswith(":"):
            return self._parameter(path)
        kind = self.scope.columns(path)
        if kind is None:
            known = f"（可用：{'、'.join(self.scope.known)}）" if self.scope.known else ""
            raise Refused(f"没有名为“{shortened('.'.join(path))}”的字段{known}")
        return Column(path, kind)

    def _parameter(self, path: tuple[str, ...]) -> Parameter:
        name = path[0].removeprefix(":")
        if len(path) > 1 or name not in self.scope.parameters:
            known = "、".join(f":{each}" for each in self.scope.parameters)
            raise Refused(f"没有参数“{shortened('.'.join(path))}”" + (f"（可用：{known}）" if known else ""))
        return Parameter(name, self.scope.parameters[name])

    def _membership(self, tree: sql.In, depth: int) -> Node:
        value = self._apart(tree.this, depth)
        choices = [self.node(each, depth) for each in tree.expressions]
        if not choices:
            raise Refused("IN 之后应是用括号括起的值")
        for each in choices:
            if not isinstance(each, Literal | Parameter):
                raise Refused("IN 的括号里只能是常数")
            self._comparable("=", value, each)
        return Operation("in", (value, *choices), BOOLEAN)

    def _case(self, tree: sql.Case, depth: int) -> Node:
        if tree.this is not None:
            raise Refused("CASE 只能写成 CASE WHEN 条件 THEN 值 … END")
        operands: list[Node] = []
        values: list[Node] = []
        for branch in tree.args["ifs"]:
            values.append(self.node(branch.args["true"], depth))
            operands += [self._truth(branch.this, depth), values[-1]]
        otherwise = tree.args.get("default")
        values.append(Literal(None, NULL) if otherwise is None else self.node(otherwise, depth))
        operands.append(values[-1])
        kind = common([each.type for each in values])
        if kind is None:
            raise Refused("CASE 的各个值应是同一类")
        if kind.kind is Kind.NULL:
            raise Refused("CASE 的各个值不能都是 NULL")
        return Operation("case", tuple(operands), kind)

    def _comparison(self, operator: str, left: Node, right: Node) -> Node:
        self._comparable(operator, left, right)
        return Operation(operator, (left, right), BOOLEAN)

    def _comparable(self, operator: str, left: Node, right: Node) -> None:
        one, other = left.type, right.type
        if Kind.NULL in {one.kind, other.kind}:
            raise Refused("与空值比较要写 IS NULL 或 IS NOT NULL")
        fits = (
            (one.is_number and other.is_number)
            or (one.is_time and other.is_time)
            or (one.is_word and other.is_word)
            or (one.kind is Kind.BOOLEAN is other.kind)
        )
        if not fits:
            raise Refused(f"{one.kind.label}不能与{other.kind.label}比较（{self.text}）")
        if one.target and other.target and one.target != other.target:
            raise Refused(f"指向不同台账的引用不能比较（{self.text}）")
        unordered = {one.kind, other.kind} & {Kind.BOOLEAN, Kind.ENUM, Kind.REFERENCE}
        if operator not in {"=", "<>"} and unordered:
            labels = "、".join(sorted(each.label for each in unordered))
            raise Refused(f"{labels}没有大小，只能比较是否相同（{self.text}）")
        for named, value in ((one, right), (other, left)):
            if named.kind is Kind.ENUM and isinstance(value, Literal) and value.value not in named.members:
                raise Refused(f"“{shortened(str(value.value))}”不是可选的值（{'、'.join(named.members)}）")

    def _arithmetic(self, operator: str, left: Node, right: Node) -> Node:
        one, other = left.type, right.type
        if not (one.is_number and other.is_number):
            raise Refused(f"“{operator}”两边应是数（{self.text}）；日期相减用 days(前, 后)")
        if operator == "/":
            # the quotient of a formula is an exact fraction; there is no place at which to cut it
            return Operation("/", (left, right), Type(Kind.DECIMAL, places=-1))
        if -1 in {one.places, other.places}:
            return Operation(operator, (left, right), Type(Kind.DECIMAL, places=-1))
        if one.kind is other.kind is Kind.INTEGER:
            return Operation(operator, (left, right), INTEGER)
        places = one.places + other.places if operator == "*" else max(one.places, other.places)
        return Operation(operator, (left, right), _decimal(places))

    def _call(self, tree: sql.Func, depth: int) -> Node:
        name = _NAMES.get(type(tree)) or (
            str(tree.this) if isinstance(tree, sql.Anonymous) else tree.sql_name().lower()
        )
        name = name.lower()
        function = FUNCTIONS.get(name)
        if function is None:
            raise Refused(f"没有函数“{name}”（可用：{'、'.join(FUNCTIONS)}）")
        arguments = tuple(self.node(each, depth) for each in _arguments(tree))
        if not function.accepts(len(arguments)):
            least = "至少" if function.repeats else ""
            raise Refused(f"函数“{name}”的参数应{least}有 {len(function.takes)} 个，现有 {len(arguments)} 个")
        for position, argument in enumerate(arguments):
            kind = argument.type.kind
            if kind is Kind.NULL or kind not in function.kinds_at(position):
                raise Refused(f"函数“{name}”的第 {position + 1} 个参数不能是{kind.label}")
        if name == "contains":
            _check_member(arguments)
        if name == "due" and not isinstance(arguments[1], Literal):
            raise Refused("due 的第二个参数应是时限规则的编码，写成文字")
        gives = function.gives([each.type for each in arguments])
        if gives is None:
            raise Refused(f"函数“{name}”的各个参数应是同一类（{self.text}）")
        return Call(name, arguments, gives)


def _chain(tree: sql.And | sql.Or) -> list[sql.Expr]:
    """The conditions of `a AND b AND c`, which the parser hangs one into the other."""
    kind = type(tree)
    found: list[sql.Expr] = []
    left: sql.Expr = tree
    while isinstance(left, kind):
        found.append(left.expression)
        left = left.this
    return [left, *reversed(found)]


def _shown(tree: sql.Expr) -> str:
    """A part of an expression for a message."""
    try:
        return shortened(tree.sql().replace('"', ""))
    except (SqlglotError, RecursionError):
        return "表达式的一部分"


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text if _DATE.fullmatch(text) else "")
    except ValueError as error:
        raise Refused(f"“{shortened(text)}”不是日期，要写成 2021-01-01 的样子") from error


def _decimal(places: int) -> Type:
    if places > _MOST_PLACES:
        raise Refused(f"小数位数超过 {_MOST_PLACES} 位")
    return Type(Kind.DECIMAL, places=places)


def _arguments(tree: sql.Func) -> list[sql.Expr]:
    """What stands between the parentheses, in order."""
    if isinstance(tree, sql.Anonymous):
        return list(tree.expressions)
    given: list[sql.Expr] = []
    for name in tree.arg_types:
        value = tree.args.get(name)
        if isinstance(value, list):
            given += [each for each in value if isinstance(each, sql.Expr)]
        elif isinstance(value, sql.Expr):
            given.append(value)
    return [each.this if isinstance(each, sql.TsOrDsToDate) else each for each in given]


def _check_member(arguments: tuple[Node, ...]) -> None:
    members = arguments[0].type.members
    value = arguments[1]
    if members and isinstance(value, Literal) and value.value not in members:
        raise Refused(f"“{shortened(str(value.value))}”不是该列表可有的值（{'、'.join(members)}）")
