"""`zhunsheng indicator`: list, show; the way to the others."""

import click
from rich.text import Text

from zhunsheng.assembly.stores import ledger_label
from zhunsheng.cli.chinese import Command
from zhunsheng.cli.exits import CLEAN
from zhunsheng.cli.lazy import LazyGroup
from zhunsheng.cli.output import JSON_OPTION, console, print_json, simple_table
from zhunsheng.expressions.nodes import Value
from zhunsheng.indicators.definition import IndicatorDefinition
from zhunsheng.measures.describing import measure_words
from zhunsheng.store.indicator_files import indicator_codes, indicator_of
from zhunsheng.store.ledger_files import ledger_of

_EPILOG = """\b
示例：
  zhunsheng indicator list
  zhunsheng indicator show annual_report_rate
  zhunsheng indicator compute --store 记录库 --year 2023
  zhunsheng indicator compute annual_report_rate --store 记录库 --year 2023 --by month
  zhunsheng indicator explain annual_report_rate --store 记录库 --year 2023
  zhunsheng indicator rows annual_report_rate --store 记录库 --year 2023 --part difference
"""


@click.group(
    "indicator",
    cls=LazyGroup,
    epilog=_EPILOG,
    commands_at={
        "list": (f"{__name__}:list_command", "列出可由台账计算的指标"),
        "show": (f"{__name__}:show_command", "显示一个指标的口径、度量和出处"),
        "compute": (
            "zhunsheng.cli.indicator_compute:compute_command",
            "由记录计算指标，可按月、按单位或按字段分组",
        ),
        "explain": ("zhunsheng.cli.indicator_records:explain_command", "说明一个数是怎样由哪些记录算出来的"),
        "rows": ("zhunsheng.cli.indicator_records:rows_command", "列出一个数背后的记录"),
        "verify": ("zhunsheng.cli.indicator_compute:verify_command", "全部重算一遍，与保留的中间结果核对"),
    },
)
def indicator_group() -> None:
    """指标：由台账记录计算，每个数可追到记录。"""


def named_indicator(code: str) -> IndicatorDefinition:
    """An indicator by its code.

    Raises:
        click.UsageError: there is none.
    """
    found = indicator_of(code)
    if found is None:
        near = [each for each in indicator_codes() if code in each][:8]
        hint = f"（相近的有：{'、'.join(near)}）" if near else "；用 zhunsheng indicator list 查看"
        raise click.UsageError(f"没有指标“{code}”{hint}。")
    return found


def complete_indicator(_context: click.Context, _parameter: click.Parameter, begun: str) -> list[str]:
    """Codes that begin with what is typed."""
    return [each for each in indicator_codes() if each.startswith(begun)]


@click.command("list", cls=Command)
@click.option("--chapter", type=int, help="只列出某一业务的指标（1 登记 至 16 调查培训）。")
@JSON_OPTION
def list_command(chapter: int | None, as_json: bool) -> int:
    """列出可由台账计算的指标。"""
    found = [each for code in indicator_codes() if (each := indicator_of(code)) is not None]
    found = [each for each in found if chapter is None or each.chapter == chapter]
    if as_json:
        print_json([_definition_data(each) for each in found])
        return CLEAN
    table = simple_table("编码", "指标", "单位", "方向", "台账")
    for each in sorted(found, key=lambda item: (item.chapter, item.code)):
        ledgers = list(dict.fromkeys(one.ledger for version in each.versions for one in version.measures))
        table.add_row(
            each.code, each.label, each.unit, each.direction.label, "、".join(map(ledger_label, ledgers))
        )
    console().print(table)
    console().print(f"共 {len(found)} 个指标。")
    return CLEAN


@click.command("show", cls=Command)
@click.argument("code", shell_complete=complete_indicator)
@JSON_OPTION
def show_command(code: str, as_json: bool) -> int:
    """显示一个指标的口径、度量和出处。"""
    found = named_indicator(code)
    if as_json:
        print_json(_definition_data(found))
        return CLEAN
    out = console()
    out.print(Text(f"{found.label}（{found.code}）", style="bold"))
    out.print(Text(f"  {found.description}"), soft_wrap=True)
    unit = f"单位 {found.unit or '无'}，保留 {found.places} 位小数，{found.direction.label}"
    out.print(f"  {unit}", highlight=False)
    for version in found.versions:
        years = f"{version.first_year or '此前'}—{version.last_year or '今'}"
        out.print(Text(f"口径（{years}）：{version.formula.text}", style="bold"))
        for measure in version.measures:
            out.print(
                Text(f"  {measure.name} = {measure_words(measure, ledger_of, version.parameters)}"),
                soft_wrap=True,
            )
        for each in version.parameters:
            choices = "、".join(f"{code} {label}" for code, label in each.choices.items())
            choices = f"（可选：{choices}）" if choices else ""
            out.print(Text(f"  参数 {each.name}：{each.label}，默认 {each.default}{choices}"), soft_wrap=True)
        for note in version.notes:
            out.print(Text(f"  说明：{note}", style="dim"), soft_wrap=True)
        out.print(Text(f"  出处：{version.source}", style="dim"), soft_wrap=True)
    return CLEAN


def pairs_of(given: tuple[str, ...], option: str) -> dict[str, Value]:
    """What is given as 名=值, by name.

    Raises:
        click.UsageError: something else is given.
    """
    pairs: dict[str, Value] = {}
    for each in given:
        name, sign, value = each.partition("=")
        if not sign or not name:
            raise click.UsageError(f"{option} 应写成 名=值，现为“{each}”。")
        pairs[name] = int(value) if value.lstrip("-").isdigit() and option == "--parameter" else value
    return pairs


def _definition_data(found: IndicatorDefinition) -> dict[str, object]:
    return {
        "code": found.code,
        "label": found.label,
        "label_en": found.label_en,
        "description": found.description,
        "unit": found.unit,
        "kind": found.kind.value,
        "direction": found.direction.value,
        "stands_for": list(found.stands_for),
        "definition": found.digest,
        "versions": [
            {
                "from": version.first_year,
                "to": version.last_year,
                "formula": version.formula.text,
                "measures": [
                    {
                        "name": each.name,
                        "ledger": each.ledger,
                        "words": measure_words(each, ledger_of, version.parameters),
                    }
                    for each in version.measures
                ],
                "source": version.source.as_data(),
                "notes": list(version.notes),
            }
            for version in found.versions
        ],
    }
