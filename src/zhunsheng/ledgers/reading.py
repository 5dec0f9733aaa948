"""From the content of a definition file to a ledger; everything that is wrong with it at once."""

from collections.abc import Mapping
from dataclasses import replace

from zhunsheng.expressions.nodes import Expression
from zhunsheng.expressions.parsing import Refused, Scope, parse
from zhunsheng.expressions.types import Kind as ValueKind
from zhunsheng.expressions.types import Type
from zhunsheng.kernel.located import Fields, Located
from zhunsheng.kernel.problem import Kind, Problem, Problems, Severity
from zhunsheng.ledgers.definition import LedgerDeadline, LedgerDefinition, RecordCheck
from zhunsheng.ledgers.envelope import ENVELOPE, UNCARRIED
from zhunsheng.ledgers.field import FieldDefinition, FieldType, Level, Privacy
from zhunsheng.ledgers.validators import VALIDATORS

BAD_EXPRESSION = Kind(
    "LEDG-001",
    Severity.ERROR,
    "检查条件和计算式只能用规定的语言",
    "按指出的位置改写：只用字段名、数值、比较和规定的函数。",
)
NO_SUCH_FIELD = Kind("LEDG-002", Severity.ERROR, "只能提到台账里有的字段", "改成台账里的字段名。")
BAD_FIELD = Kind("LEDG-003", Severity.ERROR, "字段定义自相矛盾或不完整", "按指出的内容补全或改正字段定义。")


def read_ledger(node: Located) -> tuple[LedgerDefinition | None, tuple[Problem, ...]]:
    """Read one ledger; None when there is an error."""
    problems = Problems()
    content = Fields(node, problems, "台账定义")
    code = content.text("code", required=True)
    fields = [_read_field(name, each, problems) for name, each in _mapping(content, "fields").items()]
    organisation = content.text("organisation")
    if code not in UNCARRIED:
        # a ledger that names its own field for the body responsible needs no second one
        names = {each.name for each in fields} | ({"org_code"} if organisation else set())
        fields += [each for each in ENVELOPE if each.name not in names]
    scope = _scope(fields)
    fields = [_with_expression(each, content, scope, problems) for each in fields]
    known = {each.name for each in fields}
    ledger = LedgerDefinition(
        code=code,
        label=content.text("label", required=True),
        label_en=content.text("label_en", required=True),
        description=content.text("description", required=True),
        chapter=content.integer("chapter", required=True) or 0,
        key=_names(content, "key", known),
        fields=tuple(fields),
        unique=_groups(content, known),
        checks=tuple(_read_check(code, each, scope, known, problems) for each in content.items("checks")),
        deadlines=tuple(_read_deadline(each, known, problems) for each in content.items("deadlines")),
        date=content.text("date"),
        date_ahead=content.boolean("date_ahead"),
        organisation=organisation or ("org_code" if "org_code" in known else ""),
        privacy=Privacy(content.choice("privacy", [each.value for each in Privacy], default="P1")),
        source=content.citation(required=True),
    )
    content.finish()
    _check_whole(ledger, content, problems)
    return (None if problems.has_errors else ledger), problems.as_tuple()


def _mapping(fields: Fields, name: str) -> Mapping[str, Located]:
    found = fields.fields(name)
    if found is None:
        fields.problems.add(BAD_FIELD.at(fields.place(name), f"没有“{name}”"))
        return {}
    return found.mapping


def _read_field(name: str, node: Located, problems: Problems) -> FieldDefinition:
    content = Fields(node, problems, f"字段“{name}”")
    kind = FieldType(
        content.choice("type", [each.value for each in FieldType], required=True, default="text")
    )
    members = content.fields("values")
    computed = content.raw("computed")
    stamped = tuple(part for part in content.text("stamped").split(".") if part)
    found = FieldDefinition(
        name=name,
        label=content.text("label", required=True),
        type=kind,
        required=content.boolean("required"),
        unit=content.text("unit"),
        places=2 if kind is FieldType.MONEY else content.integer("places") or 0,
        least=content.integer("least"),
        length=content.integer("length") or content.integer("exact_length") or 0,
        exact_length=content.has("exact_length"),
        members={} if members is None else {each: str(text.value) for each, text in members.mapping.items()},
        target=content.text("to"),
        is_computed=computed is not None,
        stamped=stamped,
        validator=content.choice("validator", sorted(VALIDATORS)),
        code_list=content.text("code_list"),
        privacy=Privacy(content.choice("privacy", [each.value for each in Privacy], default="P1")),
        description=content.text("description"),
        example=content.text("example"),
        aliases=content.texts("aliases"),
    )
    content.finish()
    for wrong in _contradictions(found):
        problems.add(BAD_FIELD.at(node.place, f"字段“{name}”{wrong}"))
    return found


def _contradictions(found: FieldDefinition) -> list[str]:
    wrong = []
    if found.type is FieldType.ENUM and not found.members:
        wrong.append("是选项，却没有 values")
    if found.members and found.type not in {FieldType.ENUM, FieldType.LIST}:
        wrong.append("不是选项或列表，却有 values")
    if found.type is FieldType.REFERENCE and not found.target:
        wrong.append("是引用，却没有 to")
    if found.target and found.type not in {FieldType.REFERENCE, FieldType.LIST}:
        wrong.append("不是引用或列表，却有 to")
    if found.is_computed and found.required:
        wrong.append("由计算得出，不能设为必填")
    if found.places and found.type not in {FieldType.DECIMAL, FieldType.MONEY}:
        wrong.append("不是小数，却有 places")
    return wrong


def _scope(fields: list[FieldDefinition]) -> Scope:
    kinds: dict[tuple[str, ...], Type] = {(each.name,): each.value_type for each in fields}
    return Scope(kinds.get, known=[each.name for each in fields])


def _with_expression(
    found: FieldDefinition, content: Fields, scope: Scope, problems: Problems
) -> FieldDefinition:
    """The field with its computed value as an expression, where one is written."""
    declared = _declared(content, found.name)
    if not found.is_computed or declared is None or isinstance(declared.value, bool):
        return found
    expression = read_expression(declared, scope, problems)
    if expression is None:
        return found
    if expression.type.kind is not found.value_type.kind and not (
        expression.type.is_number and found.value_type.is_number
    ):
        problems.add(
            BAD_EXPRESSION.at(
                declared.place, f"算得的是{expression.type.kind.label}，字段是{found.value_type.kind.label}"
            )
        )
    return replace(found, computed=expression)


def _declared(content: Fields, name: str) -> Located | None:
    fields = content.mapping.get("fields")
    if fields is None or not isinstance(fields.value, Mapping) or name not in fields.value:
        return None
    inner = fields.value[name].value
    return inner.get("computed") if isinstance(inner, Mapping) else None


def read_expression(
    node: Located, scope: Scope, problems: Problems, expected: ValueKind | None = None
) -> Expression | None:
    """Read an expression; what is wrong with it becomes a problem at its place."""
    try:
        return parse(str(node.value), scope, expected)
    except Refused as refused:
        problems.add(BAD_EXPRESSION.at(node.place, str(refused), value=str(node.value)))
        return None


def _names(content: Fields, name: str, known: set[str]) -> tuple[str, ...]:
    names = content.texts(name)
    if not names and name == "key":
        content.problems.add(BAD_FIELD.at(content.place(name), "没有标识一条记录的 key"))
    for each in names:
        if each not in known:
            content.problems.add(NO_SUCH_FIELD.at(content.place(name), f"没有字段“{each}”", value=each))
    return names


def _groups(content: Fields, known: set[str]) -> tuple[tuple[str, ...], ...]:
    groups = []
    for item in content.items("unique"):
        names = tuple(str(each.value) for each in item.value) if isinstance(item.value, list) else ()
        if not names or not set(names) <= known:
            content.problems.add(NO_SUCH_FIELD.at(item.place, f"unique 的“{item.shown}”应是字段名的列表"))
        groups.append(names)
    return tuple(groups)


def _read_check(ledger: str, node: Located, scope: Scope, known: set[str], problems: Problems) -> RecordCheck:
    content = Fields(node, problems, "检查")
    declared = content.raw("holds")
    name = content.text("name", required=True)
    content.text("holds", required=True)
    found = None if declared is None else read_expression(declared, scope, problems, ValueKind.BOOLEAN)
    fallback = parse("TRUE", scope)
    expression = found or fallback
    named = content.texts("fields") or tuple(each.path[0] for each in expression.columns)
    for each in named:
        if each not in known:
            problems.add(NO_SUCH_FIELD.at(node.place, f"没有字段“{each}”", value=each))
    check = RecordCheck(
        code=f"{ledger}.{name}",
        level=Level(content.choice("level", [each.value for each in Level], default="E")),
        holds=expression,
        message=content.text("message", required=True),
        remedy=content.text("remedy", required=True),
        fields=named,
        source=content.citation(),
    )
    content.finish()
    return check


def _read_deadline(node: Located, known: set[str], problems: Problems) -> LedgerDeadline:
    content = Fields(node, problems, "时限")
    found = LedgerDeadline(
        content.text("rule", required=True),
        content.text("start", required=True),
        content.text("done", required=True),
        content.text("pauses"),
        content.text("extensions"),
    )
    content.finish()
    for each in (found.start, found.done, found.pauses, found.extensions):
        if each and each not in known:
            problems.add(NO_SUCH_FIELD.at(node.place, f"没有字段“{each}”", value=each))
    return found


def _check_whole(ledger: LedgerDefinition, content: Fields, problems: Problems) -> None:
    names = [each.code for each in ledger.checks]
    for each in sorted({name for name in names if names.count(name) > 1}):
        problems.add(BAD_FIELD.at(content.place("checks"), f"检查“{each}”写了两次"))
    if ledger.date:
        dated = ledger.by_name.get(ledger.date)
        if dated is None or dated.type not in {FieldType.DATE, FieldType.TIME}:
            problems.add(NO_SUCH_FIELD.at(content.place("date"), f"“{ledger.date}”不是日期字段"))
    for each in ledger.key:
        found = ledger.by_name.get(each)
        if found is not None and not found.required:
            problems.add(BAD_FIELD.at(content.place("key"), f"key 中的“{each}”应是必填字段"))
