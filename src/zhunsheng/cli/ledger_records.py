"""`zhunsheng ledger rows | history | export`."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
from rich.text import Text

from zhunsheng.assembly.exporting import exported_records
from zhunsheng.assembly.stores import CHINA, opened_store, snapshot_at
from zhunsheng.cli.chinese import Command
from zhunsheng.cli.exits import CLEAN, FINDINGS
from zhunsheng.cli.ledger_opening import (
    LEDGER_ARGUMENT,
    STORE_OPTION,
    named_ledger,
    tells_faults,
)
from zhunsheng.cli.output import JSON_OPTION, console, print_json, reports_rejection, simple_table
from zhunsheng.cli.writing import write_file
from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.field import Privacy
from zhunsheng.ledgers.values import shown_value
from zhunsheng.store.intake.exporting import exported_fields, records
from zhunsheng.store.intake.headings import field_named

_WIDE = 8

KNOWN_OPTION = click.option(
    "--as-known-at",
    "known_at",
    metavar="DATE|TOKEN",
    default="",
    help="当时已知的记录：日期（2023-12-31）或快照编号。",
)
PERSONAL_OPTION = click.option("--personal", is_flag=True, help="包含个人信息字段（默认不输出）。")


@click.command("rows", cls=Command)
@LEDGER_ARGUMENT
@STORE_OPTION
@click.option(
    "--where", "conditions", metavar="字段=值", multiple=True, help="只要字段等于该值的记录，可以给多次。"
)
@click.option(
    "--limit", type=click.IntRange(1, 100_000), default=20, metavar="N", help="最多几条（默认 20）。"
)
@PERSONAL_OPTION
@KNOWN_OPTION
@JSON_OPTION
@reports_rejection
@tells_faults
def rows_command(
    ledger_code: str,
    store_path: Path,
    conditions: tuple[str, ...],
    limit: int,
    personal: bool,
    known_at: str,
    as_json: bool,
) -> int:
    """查看在库记录，按业务日期排列。"""
    ledger = named_ledger(ledger_code)
    wanted = _conditions(ledger, conditions)
    fields = exported_fields(ledger, everything=True, personal=personal)
    with opened_store(store_path) as store, store.connect() as connection:
        snapshot = snapshot_at(store, known_at)
        found = list(records(connection, ledger, snapshot, fields, where=wanted, most=limit))
        token = snapshot.token
    if as_json:
        rows = [{each.name: plain(value) for each, value in zip(fields, row, strict=True)} for row in found]
        print_json({"ledger": ledger.code, "snapshot": token, "rows": rows})
        return CLEAN
    used = [place for place in range(len(fields)) if any(row[place] not in {None, ()} for row in found)][
        :_WIDE
    ]
    table = simple_table(*(fields[place].label for place in used), title=f"{ledger.label} {len(found)} 条")
    for row in found:
        table.add_row(*(Text(shown_value(fields[place], row[place])) for place in used))
    console().print(table)
    return CLEAN


def _conditions(ledger: LedgerDefinition, conditions: tuple[str, ...]) -> dict[str, str]:
    wanted = {}
    for each in conditions:
        name, sign, text = each.partition("=")
        field = field_named(ledger, name.strip())
        if not sign or field is None:
            raise click.UsageError(f"--where 写作“字段=值”；台账“{ledger.label}”没有字段“{name}”。")
        wanted[field.name] = text.strip()
    return wanted


def plain(value: Any) -> Any:  # noqa: ANN401 - a value of any field
    """A value as JSON: decimals as texts, dates in ISO form."""
    match value:
        case Decimal():
            return f"{value:f}"
        case datetime():
            return value.isoformat(sep=" ")
        case date():
            return value.isoformat()
        case tuple():
            return list(value)
        case _:
            return value


@click.command("history", cls=Command)
@LEDGER_ARGUMENT
@click.argument("key", metavar="KEY…", nargs=-1, required=True)
@STORE_OPTION
@PERSONAL_OPTION
@JSON_OPTION
@reports_rejection
@tells_faults
def history_command(
    ledger_code: str, key: tuple[str, ...], store_path: Path, personal: bool, as_json: bool
) -> int:
    """一条记录的全部版本；主键由几个字段组成时，按顺序给出。"""
    from zhunsheng.ledgers.values import read_value  # noqa: PLC0415

    ledger = named_ledger(ledger_code)
    if len(key) != len(ledger.key):
        labels = "、".join(ledger.by_name[name].label for name in ledger.key)
        raise click.UsageError(f"台账“{ledger.label}”的主键是 {labels}，共 {len(ledger.key)} 个值。")
    values = [
        read_value(ledger.by_name[name], text).value for name, text in zip(ledger.key, key, strict=True)
    ]
    with opened_store(store_path) as store:
        versions = store.history(ledger.code, values)
    fields = [
        each for each in ledger.fields if personal or each.privacy in {Privacy.PUBLIC, Privacy.INTERNAL}
    ]
    if as_json:
        print_json(
            [
                {
                    "batch": each.batch,
                    "row": each.row,
                    "source_row": each.source_row,
                    "since": each.since,
                    "until": each.until,
                    "current": each.is_current,
                    "moment": each.commit.moment.isoformat(),
                    "who": each.commit.who,
                    "source": each.commit.source,
                    "values": {field.name: plain(each.values.get(field.name)) for field in fields},
                }
                for each in versions
            ]
        )
        return CLEAN if versions else FINDINGS
    out = console()
    if not versions:
        out.print("没有这条记录。")
        return FINDINGS
    before: dict[str, str] = {}
    for number, each in enumerate(versions, start=1):
        until = "现行" if each.is_current else f"至第 {each.until} 次提交"
        moment = each.commit.moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")
        out.print(
            Text(
                f"第 {number} 版　第 {each.batch} 批（{moment}，{each.commit.who}，{each.commit.source}）　{until}",
                style="bold",
            )
        )
        now = {field.name: shown_value(field, each.values.get(field.name)) for field in fields}
        for field in fields:
            if now[field.name] != before.get(field.name, ""):
                old = f"（原 {before[field.name] or '空'}）" if before else ""
                out.print(Text(f"  {field.label}：{now[field.name] or '空'}{old}"))
        before = now
    return CLEAN


@click.command("export", cls=Command)
@LEDGER_ARGUMENT
@STORE_OPTION
@click.option(
    "--out",
    "target",
    metavar="FILE.xlsx|csv",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="写到哪里；.xlsx 或 .csv。",
)
@PERSONAL_OPTION
@KNOWN_OPTION
@JSON_OPTION
@reports_rejection
@tells_faults
def export_command(
    ledger_code: str, store_path: Path, target: Path, personal: bool, known_at: str, as_json: bool
) -> int:
    """导出在库记录；导出的文件可以原样导入。"""
    ledger = named_ledger(ledger_code)
    kind = target.suffix.lower()
    if kind not in {".xlsx", ".csv"}:
        raise click.UsageError("导出文件应以 .xlsx 或 .csv 结尾。")
    with opened_store(store_path) as store:
        made = exported_records(store, ledger, kind[1:], personal=personal, known_at=known_at)
    written = write_file(target, made.content)
    if as_json:
        print_json(
            {
                "ledger": ledger.code,
                "rows": made.rows,
                "written": written.as_posix(),
                "left_out": list(made.left_out),
            }
        )
    else:
        console().print(f"已写 {written}：{made.rows:,} 条。")
        if made.left_out:
            console().print(
                Text(f"  未导出个人信息字段：{'、'.join(made.left_out)}（需要时加 --personal）", style="dim")
            )
    return CLEAN
