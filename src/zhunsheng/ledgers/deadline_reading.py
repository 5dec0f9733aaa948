"""From the content of a definition file to a rule of the register of deadlines; everything wrong with it at once."""

from datetime import date
from itertools import combinations

from zhunsheng.kernel.deadline import PeriodUnit
from zhunsheng.kernel.located import Fields, Located
from zhunsheng.kernel.problem import Kind, Problem, Problems, Severity
from zhunsheng.ledgers.deadline_rules import (
    Applicability,
    DeadlineRule,
    ExtensionRule,
    FixedDay,
    Notice,
    PeriodRule,
    RuleVersion,
)

BAD_RULE = Kind(
    "DEAD-006", Severity.ERROR, "时限定义自相矛盾或不完整", "改正该项；写法见其他时限的定义文件。"
)
_SOME_YEAR = 2001


def read_deadline_rule(node: Located) -> tuple[DeadlineRule | None, tuple[Problem, ...]]:
    """Read one rule; None when there is an error."""
    problems = Problems()
    content = Fields(node, problems, "时限定义")
    code = content.text("code", required=True)
    versions = [(each, _read_version(each, problems)) for each in content.items("versions", required=True)]
    rule = DeadlineRule(
        code=code,
        label=content.text("label", required=True),
        label_en=content.text("label_en", required=True),
        description=content.text("description", required=True),
        versions=tuple(version for _, version in versions),
    )
    content.finish()
    if not versions:
        problems.add(BAD_RULE.at(content.place("versions"), "没有任何版本"))
    for (_, one), (place, other) in combinations(versions, 2):
        if one.holds.overlaps(other.holds) and _meet(one, other):
            problems.add(BAD_RULE.at(place.place, "与前面的版本日期重叠，不知以哪个为准"))
    return (None if problems.has_errors else rule), problems.as_tuple()


def _meet(one: RuleVersion, other: RuleVersion) -> bool:
    starts = max(one.first or date.min, other.first or date.min)
    return starts <= min(one.last or date.max, other.last or date.max)


def _read_version(node: Located, problems: Problems) -> RuleVersion:
    content = Fields(node, problems, "时限的版本")
    periods = tuple(_read_period(each, problems) for each in content.items("periods", required=True))
    names = [each.name for each in periods]
    main = content.text("main") or (names[0] if len(names) == 1 else "")
    version = RuleVersion(
        first=_date(content, "from"),
        last=_date(content, "to"),
        holds=_applicability(content),
        periods=periods,
        main=main,
        not_counted=content.texts("not_counted"),
        notices=tuple(_read_notice(each, problems) for each in content.items("notices")),
        note=content.text("note"),
        source=content.citation(required=True),
    )
    content.finish()
    if main and main not in names:
        problems.add(BAD_RULE.at(content.place("main"), f"没有名为“{main}”的期限", value=main))
    for name in sorted({each for each in names if names.count(each) > 1}):
        problems.add(BAD_RULE.at(content.place("periods"), f"期限“{name}”写了两次", value=name))
    if version.first and version.last and version.last < version.first:
        problems.add(BAD_RULE.at(content.place("to"), f"{version.last} 早于 {version.first}"))
    if version.notices and not any(each.fixed for each in periods):
        problems.add(BAD_RULE.at(content.place("notices"), "只有固定的日子可以由通知移动"))
    return version


def _read_period(node: Located, problems: Problems) -> PeriodRule:
    content = Fields(node, problems, "期限")
    length, earliest = _positive(content, "length"), _positive(content, "earliest")
    unit = content.choice("unit", [each.value for each in PeriodUnit], default=PeriodUnit.CALENDAR_DAYS.value)
    inner = content.fields("extension", "延长")
    extension = None
    if inner is not None:
        extension = ExtensionRule(_positive(inner, "length"), inner.text("condition", required=True))
        inner.finish()
    inner = content.fields("fixed", "固定的日子")
    fixed = None if inner is None else _read_fixed(inner)
    found = PeriodRule(
        name=content.text("name", required=True),
        label=content.text("label", required=True),
        starts_at=content.text("starts_at", required=True),
        unit=PeriodUnit(unit),
        length=length,
        applies_to=content.text("applies_to"),
        earliest=earliest,
        before=content.choice("direction", ["after", "before"], default="after") == "before",
        fixed=fixed,
        extension=extension,
    )
    declared = content.has("length") and content.has("unit")
    content.finish()
    if not found.name.isidentifier():
        problems.add(
            BAD_RULE.at(
                content.place("name"), f"期限名“{found.name}”应由字母、数字和下划线组成", value=found.name
            )
        )
    if found.fixed is None and not declared:
        problems.add(BAD_RULE.at(node.place, "应写明 length 和 unit；长度尚不清楚的写 length: ~"))
    if found.fixed is not None and (content.has("length") or found.before or found.extension):
        problems.add(BAD_RULE.at(node.place, "固定的日子没有长度、方向和延长"))
    if earliest is not None and length is not None and earliest >= length:
        problems.add(BAD_RULE.at(content.place("earliest"), f"满 {earliest} 才可以办，而 {length} 已到期"))
    return found


def _positive(content: Fields, name: str) -> int | None:
    found = content.integer(name)
    if found is not None and found <= 0:
        content.problems.add(BAD_RULE.at(content.place(name), f"“{name}”应大于零", value=str(found)))
        return None
    return found


def _read_fixed(content: Fields) -> FixedDay:
    month, day = _month_and_day(content)
    years = content.integer("years_after", required=True) or 0
    content.finish()
    return FixedDay(month, day, years)


def _read_notice(node: Located, problems: Problems) -> Notice:
    content = Fields(node, problems, "延期通知")
    month, day = _month_and_day(content)
    found = Notice(
        year=content.integer("year", required=True) or 0,
        holds=_applicability(content),
        month=month,
        day=day,
        source=content.citation(required=True),
    )
    content.finish()
    return found


def _month_and_day(content: Fields) -> tuple[int, int]:
    """A day that every year has."""
    month, day = content.integer("month", required=True) or 1, content.integer("day", required=True) or 1
    try:
        date(_SOME_YEAR, month, day)
    except ValueError:
        content.problems.add(BAD_RULE.at(content.place("day"), f"没有 {month} 月 {day} 日，或不是每年都有"))
        return 1, 1
    return month, day


def _applicability(content: Fields) -> Applicability:
    areas = content.texts("areas")
    for each in areas:
        if not (each.isascii() and each.isdigit()):
            content.problems.add(
                BAD_RULE.at(content.place("areas"), f"“{each}”不是区划代码或其前几位", value=each)
            )
    return Applicability(areas, content.texts("entity_classes"))


def _date(content: Fields, name: str) -> date | None:
    if not content.has(name):
        content.problems.add(BAD_RULE.at(content.node.place, f"应写明“{name}”；没有的写 {name}: ~"))
    text = content.text(name)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        content.problems.add(
            BAD_RULE.at(content.place(name), f"“{text}”不是日期，要写成 2021-01-01 的样子", value=text)
        )
        return None
