"""`zhunsheng deadline`: the register of deadlines, and the last day of a period."""

from datetime import date, datetime

import click
from rich.text import Text

from zhunsheng.assembly.rejections import Rejected
from zhunsheng.cli.chinese import Command
from zhunsheng.cli.exits import CLEAN
from zhunsheng.cli.lazy import LazyGroup
from zhunsheng.cli.output import JSON_OPTION, console, print_json, reports_rejection, simple_table
from zhunsheng.kernel.citation import Citation
from zhunsheng.kernel.deadline import PeriodUnit
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Severity
from zhunsheng.kernel.work_calendar import WorkCalendar
from zhunsheng.ledgers.deadline_rules import (
    Applicability,
    Chosen,
    DeadlineError,
    DeadlineRegister,
    DeadlineRule,
    PeriodRule,
    RuleVersion,
    UnknownRule,
)
from zhunsheng.store.calendar_files import load_calendar
from zhunsheng.store.deadline_files import load_deadlines
from zhunsheng.store.definition_files import source_titles

_UNITS = {
    PeriodUnit.WORKING_DAYS: "个工作日",
    PeriodUnit.CALENDAR_DAYS: "日",
    PeriodUnit.MONTHS: "个月",
    PeriodUnit.YEARS: "年",
    PeriodUnit.HOURS: "小时",
    PeriodUnit.MINUTES: "分钟",
}
_FIRST_YEAR, _LAST_YEAR = 1949, 2199
_EPILOG = """\b
示例：
  zhunsheng deadline list
  zhunsheng deadline show CMP-2
  zhunsheng deadline due CMP-1 2023-09-27
  zhunsheng deadline due MED-2.serious 2023-09-27
  zhunsheng deadline due ANR-1 2021-12-31 --area 310151 --class IND
  zhunsheng deadline due EQP-4 2023-09-30T22:30
"""


@click.group(
    "deadline",
    cls=LazyGroup,
    epilog=_EPILOG,
    commands_at={
        "list": (f"{__name__}:list_command", "列出时限登记中的规则"),
        "show": (f"{__name__}:show_command", "显示一条规则的各个版本、期限和出处"),
        "due": (f"{__name__}:due_command", "推算最后一日"),
    },
)
def deadline_group() -> None:
    """时限：有版本、有出处的期限规则，按工作日历推算最后一日。"""


def _register() -> DeadlineRegister:
    register, problems = load_deadlines()
    if any(each.severity is Severity.ERROR for each in problems):
        raise Rejected(problems)
    return register


def _calendar() -> WorkCalendar:
    calendar, problems = load_calendar()
    if any(each.severity is Severity.ERROR for each in problems):
        raise Rejected(problems)
    return calendar


def _length_words(period: PeriodRule) -> str:
    """How long a period is, in Chinese."""
    if period.fixed is not None:
        years = {0: "当年", 1: "次年"}.get(period.fixed.years_after, f"{period.fixed.years_after} 年后")
        return f"{years} {period.fixed.month} 月 {period.fixed.day} 日"
    if period.length is None:
        return "尚不清楚"
    words = f"{period.length} {_UNITS[period.unit]}"
    if period.earliest is not None:
        words = f"满 {period.earliest} {_UNITS[period.unit]}后、{words}内"
    return f"之前 {words}" if period.before else words


def _extension_words(period: PeriodRule) -> str:
    if period.extension is None:
        return ""
    length = period.extension.length
    more = "" if length is None else f"可延长 {length} {_UNITS[period.unit]}："
    return f"{more}{period.extension.condition}"


def _holds_words(holds: Applicability) -> str:
    areas = f"区划 {'、'.join(holds.areas)}" if holds.areas else "全国"
    return f"{areas}，主体类别 {'、'.join(holds.entity_classes)}" if holds.entity_classes else areas


def _source_words(source: Citation) -> str:
    title = source_titles().get(source.document, source.document)
    return str(Citation(source.document, source.clause, source.evidence, title))


@click.command("list", cls=Command)
@JSON_OPTION
@reports_rejection
def list_command(as_json: bool) -> int:
    """列出时限登记中的规则，期限为现行版本。"""
    rules = _register().rules.values()
    if as_json:
        print_json([_rule_data(each) for each in rules])
        return CLEAN
    table = simple_table("编码", "事项", "期限", "起算", "长度", "出处")
    for rule in rules:
        for version in rule.versions:
            if version.last is not None:
                continue
            for period in version.periods:
                name = rule.code if period.name == version.main else f"{rule.code}.{period.name}"
                label = f"{period.label}（{period.applies_to}）" if period.applies_to else period.label
                source = _source_words(version.source)
                table.add_row(name, rule.label, label, period.starts_at, _length_words(period), source)
    console().print(table)
    return CLEAN


@click.command("show", cls=Command)
@click.argument("code", metavar="RULE")
@JSON_OPTION
@reports_rejection
def show_command(code: str, as_json: bool) -> int:
    """显示规则 RULE（如 CMP-2）的各个版本、期限、延长和出处。"""
    rule = _register().rules.get(code)
    if rule is None:
        raise click.UsageError(f"没有时限规则“{code}”。用 zhunsheng deadline list 查看可用的规则。")
    if as_json:
        print_json(_rule_data(rule))
        return CLEAN
    out = console()
    out.print(Text(f"{rule.code} {rule.label}", style="bold"))
    out.print(Text(rule.description))
    for version in rule.versions:
        dates = f"{version.first or '更早'} 至 {version.last or '今'}"
        out.print(Text(f"{dates}　{_holds_words(version.holds)}", style="bold"))
        table = simple_table("期限", "名称", "适用", "起算", "长度", "延长")
        for each in version.periods:
            table.add_row(
                each.name,
                each.label,
                each.applies_to,
                each.starts_at,
                _length_words(each),
                _extension_words(each),
            )
        out.print(table)
        if version.not_counted:
            out.print(Text(f"不计入：{'、'.join(version.not_counted)}"))
        for notice in version.notices:
            moved = f"{notice.year} 年改为 {notice.month} 月 {notice.day} 日"
            out.print(Text(f"{moved}：{_holds_words(notice.holds)}（{_source_words(notice.source)}）"))
        if version.note:
            out.print(Text(version.note))
        out.print(Text(f"出处：{_source_words(version.source)}", style="dim"))
    return CLEAN


@click.command("due", cls=Command)
@click.argument("rule", metavar="RULE")
@click.argument("event", metavar="DATE")
@click.option("--area", help="区划代码，如 310151；有地方规定时使用。")
@click.option("--class", "entity_class", help="主体类别，如 ENT、IND；规定因类别而异时使用。")
@JSON_OPTION
@reports_rejection
def due_command(rule: str, event: str, area: str | None, entity_class: str | None, as_json: bool) -> int:
    """推算规则 RULE 自 DATE 起的最后一日。

    RULE 可以指明期限，如 MED-2.serious。DATE 写成 2023-09-27；按小时、分钟计算的写成 2023-09-27T22:30。
    提前的期限（如 FIN-2）推算最迟的一日。
    """
    moment = _moment(event)
    register = _register()
    try:
        chosen = register.choose(rule, moment.date(), area, entity_class)
        last, first = _last_and_first(register, chosen, rule, moment, "T" in event, area, entity_class)
    except UnknownRule as error:
        raise click.UsageError(f"{error}。") from error
    except DeadlineError as error:
        raise Rejected((error.problem(Place(field=rule)),)) from error
    fixed = chosen.period.fixed
    year = moment.year if fixed is None else fixed.of(moment.date()).year
    notice = None if fixed is None else chosen.version.notice(year, area, entity_class)
    source = chosen.version.source if notice is None else notice.source
    if as_json:
        print_json(
            {
                "rule": chosen.rule.code,
                "period": chosen.period.name,
                "label": chosen.period.label,
                "event": event,
                "direction": "before" if chosen.period.before else "after",
                "last": last,
                "first": first,
                "source": source.as_data(),
            }
        )
        return CLEAN
    out = console()
    out.print(Text(f"{chosen.shown}　{chosen.period.starts_at}：{event}　{_length_words(chosen.period)}"))
    if first is not None:
        out.print(Text(f"最早 {first}"))
    word = "最迟" if chosen.period.before else "到期" if "T" in last else "最后一日"
    out.print(Text(f"{word} {last.replace('T', ' ')}", style="bold"))
    out.print(Text(f"出处：{_source_words(source)}", style="dim"))
    return CLEAN


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.UsageError(f"“{text}”不是日期，要写成 2023-09-27 或 2023-09-27T22:30 的样子。") from error
    if moment.tzinfo is not None or not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise click.UsageError(f"“{text}”应是 {_FIRST_YEAR} 至 {_LAST_YEAR} 年的当地日期，不带时区。")
    return moment


def _last_and_first(
    register: DeadlineRegister,
    chosen: Chosen,
    rule: str,
    moment: datetime,
    is_timed: bool,
    area: str | None,
    entity_class: str | None,
) -> tuple[str, str | None]:
    """The last day, or the latest for a period that runs backwards; and the first day of a time window."""
    if is_timed and chosen.period.unit in {PeriodUnit.HOURS, PeriodUnit.MINUTES}:
        return register.due_at(rule, moment, area, entity_class).isoformat(timespec="minutes"), None
    day: date = moment.date()
    calendar = _calendar()
    if chosen.period.before:
        return register.latest_start(rule, day, calendar, area, entity_class).isoformat(), None
    last = register.due(rule, day, calendar, area, entity_class).day
    first = register.earliest(rule, day, calendar, area, entity_class)
    return "" if last is None else last.isoformat(), None if first is None else first.isoformat()


def _rule_data(rule: DeadlineRule) -> dict[str, object]:
    return {
        "code": rule.code,
        "label": rule.label,
        "description": rule.description,
        "versions": [_version_data(each) for each in rule.versions],
    }


def _version_data(version: RuleVersion) -> dict[str, object]:
    return {
        "from": None if version.first is None else version.first.isoformat(),
        "to": None if version.last is None else version.last.isoformat(),
        **_holds_data(version.holds),
        "main": version.main or None,
        "periods": [_period_data(each) for each in version.periods],
        "not_counted": list(version.not_counted),
        "notices": [
            {
                "year": each.year,
                **_holds_data(each.holds),
                "month": each.month,
                "day": each.day,
                "source": each.source.as_data(),
            }
            for each in version.notices
        ],
        "note": version.note,
        "source": version.source.as_data(),
    }


def _holds_data(holds: Applicability) -> dict[str, object]:
    return {"areas": list(holds.areas), "entity_classes": list(holds.entity_classes)}


def _period_data(period: PeriodRule) -> dict[str, object]:
    fixed, extension = period.fixed, period.extension
    return {
        "name": period.name,
        "label": period.label,
        "starts_at": period.starts_at,
        "applies_to": period.applies_to,
        "direction": "before" if period.before else "after",
        "earliest": period.earliest,
        "length": period.length,
        "unit": None if fixed is not None else period.unit.value,
        "fixed": None
        if fixed is None
        else {"month": fixed.month, "day": fixed.day, "years_after": fixed.years_after},
        "extension": None
        if extension is None
        else {"length": extension.length, "condition": extension.condition},
    }
