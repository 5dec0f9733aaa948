"""`zhunsheng ledger list | show | template`."""

from pathlib import Path
from typing import Any

import click
from rich.text import Text

from zhunsheng.cli.chinese import Command
from zhunsheng.cli.exits import CLEAN
from zhunsheng.cli.ledger_opening import LEDGER_ARGUMENT, named_ledger, tells_faults
from zhunsheng.cli.output import JSON_OPTION, console, print_json, reports_rejection, simple_table
from zhunsheng.cli.writing import write_file
from zhunsheng.ledgers.chapters import CHAPTERS
from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.field import FieldDefinition
from zhunsheng.store.ledger_files import ledger_codes, load_ledger


@click.command("list", cls=Command)
@click.option("--chapter", type=int, default=None, metavar="N", help="只列某一章（0 至 16）。")
@JSON_OPTION
@reports_rejection
def list_command(chapter: int | None, as_json: bool) -> int:
    """列出全部台账。"""
    found = [ledger for code in ledger_codes() if (ledger := load_ledger(code)[0]) is not None]
    chosen = sorted(
        (each for each in found if chapter is None or each.chapter == chapter),
        key=lambda each: (each.chapter, each.code),
    )
    if as_json:
        print_json(
            [
                {
                    "code": each.code,
                    "label": each.label,
                    "chapter": each.chapter,
                    "key": list(each.key),
                    "date": each.date,
                    "fields": len(each.fields),
                    "description": each.description,
                }
                for each in chosen
            ]
        )
        return CLEAN
    table = simple_table("章", "编码", "名称", "主键", "业务日期", "字段", title=f"台账 {len(chosen)} 个")
    for each in chosen:
        labels = "、".join(each.by_name[name].label for name in each.key)
        dated = each.by_name[each.date].label if each.date in each.by_name else ""
        area = f"{each.chapter} {CHAPTERS.get(each.chapter, '')}"
        table.add_row(area, each.code, each.label, labels, dated, str(len(each.fields)))
    console().print(table)
    return CLEAN


@click.command("show", cls=Command)
@LEDGER_ARGUMENT
@JSON_OPTION
@reports_rejection
def show_command(ledger_code: str, as_json: bool) -> int:
    """显示一个台账的字段、选项和检查。"""
    ledger = named_ledger(ledger_code)
    if as_json:
        print_json(ledger_data(ledger))
        return CLEAN
    out = console()
    out.print(Text(f"{ledger.label}（{ledger.code}）", style="bold"))
    out.print(ledger.description)
    out.print(Text(f"出处：{ledger.source}", style="dim"))
    table = simple_table("字段", "名称", "类型", "必填", "说明")
    for each in ledger.fields:
        table.add_row(
            each.name, each.label, type_words(each), "是" if each.required else "", note_words(ledger, each)
        )
    out.print(table)
    for check in ledger.checks:
        out.print(Text(f"检查 {check.code}（{check.level.label}）：{check.message}。{check.remedy}"))
    for group in ledger.unique:
        out.print(Text(f"不得重复：{'、'.join(ledger.by_name[name].label for name in group)}"))
    return CLEAN


def type_words(field: FieldDefinition) -> str:
    """The type of a field with its unit."""
    unit = f"（{field.unit}）" if field.unit else ""
    return f"{field.type.label}{unit}"


def note_words(ledger: LedgerDefinition, field: FieldDefinition) -> str:
    """What else is to be known of a field."""
    parts = []
    if field.is_computed:
        parts.append("由系统计算，不填")
    if field.stamped:
        parts.append(f"入库时取自所引用的记录（{'.'.join(field.stamped)}）")
    if field.target:
        parts.append(f"引用 {field.target}")
    if field.members:
        parts.append("、".join(f"{code} {label}" for code, label in field.members.items()))
    if field.name in ledger.key:
        parts.append("主键")
    if field.description:
        parts.append(field.description)
    return "；".join(parts)


def ledger_data(ledger: LedgerDefinition) -> dict[str, Any]:
    """A definition in the documented JSON shape."""
    return {
        "code": ledger.code,
        "label": ledger.label,
        "description": ledger.description,
        "chapter": ledger.chapter,
        "key": list(ledger.key),
        "unique": [list(each) for each in ledger.unique],
        "date": ledger.date,
        "organisation": ledger.organisation,
        "privacy": ledger.privacy.value,
        "fields": [
            {
                "name": each.name,
                "label": each.label,
                "type": each.type.value,
                "required": each.required,
                "unit": each.unit,
                "places": each.places,
                "members": dict(each.members),
                "target": each.target,
                "computed": each.is_computed,
                "stamped": ".".join(each.stamped),
                "code_list": each.code_list,
                "validator": each.validator,
                "privacy": each.privacy.value,
                "aliases": list(each.aliases),
                "description": each.description,
                "example": each.example,
            }
            for each in ledger.fields
        ],
        "checks": [
            {
                "code": each.code,
                "level": each.level.value,
                "holds": each.holds.text,
                "message": each.message,
                "remedy": each.remedy,
                "fields": list(each.fields),
            }
            for each in ledger.checks
        ],
    }


@click.command("template", cls=Command)
@LEDGER_ARGUMENT
@click.option(
    "--out",
    "target",
    metavar="FILE.xlsx",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="写到哪里。",
)
@JSON_OPTION
@reports_rejection
@tells_faults
def template_command(ledger_code: str, target: Path, as_json: bool) -> int:
    """生成填写用的 Excel 模板。"""
    from zhunsheng.documents.ledger_template import write_ledger_template  # noqa: PLC0415 - loads slowly
    from zhunsheng.store.code_list_files import code_list_of  # noqa: PLC0415

    ledger = named_ledger(ledger_code)
    lists = {
        each.code_list: dict(found.codes)
        for each in ledger.fields
        if each.code_list and (found := code_list_of(each.code_list)) is not None
    }
    if target.suffix.lower() != ".xlsx":
        raise click.UsageError("模板是 Excel 工作簿，文件名应以 .xlsx 结尾。")
    labels = {
        each.target: target_ledger.label
        for each in ledger.references
        if (target_ledger := load_ledger(each.target)[0]) is not None
    }
    written = write_file(target, write_ledger_template(ledger, lists, labels))
    if as_json:
        print_json({"ledger": ledger.code, "written": written.as_posix()})
    else:
        console().print(f"已写 {written}：填写“{ledger.label}”工作表，说明在“填写说明”。")
    return CLEAN
