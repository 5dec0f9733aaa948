"""`zhunsheng ledger held list | release | discard`."""

from pathlib import Path

import click
from rich.text import Text

from zhunsheng.assembly.held_rows import (
    held_data,
    held_rows,
    key_words,
    reason_words,
    release_all_waiting,
    release_rows,
)
from zhunsheng.assembly.rejections import WrongRequest
from zhunsheng.assembly.stores import opened_store
from zhunsheng.cli.chinese import Command
from zhunsheng.cli.exits import CLEAN, FINDINGS
from zhunsheng.cli.lazy import LazyGroup
from zhunsheng.cli.ledger_opening import (
    BY_OPTION,
    STORE_OPTION,
    complete_ledger,
    named_ledger,
    person,
    tells_faults,
)
from zhunsheng.cli.output import JSON_OPTION, console, print_json, reports_rejection, simple_table
from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.store.intake.headings import field_named
from zhunsheng.store.records.entries import HeldRow
from zhunsheng.store.records.record_store import RecordStore
from zhunsheng.store.records.waiting import discard_held

_SHOWN = 50
_HERE = __name__


@click.group(
    "held",
    cls=LazyGroup,
    commands_at={
        "list": (f"{_HERE}:list_command", "列出待核和等待引用的行"),
        "release": (f"{_HERE}:release_command", "确认或改正后入库"),
        "discard": (f"{_HERE}:discard_command", "弃用"),
    },
)
def held_group() -> None:
    """待核和等待引用的行。"""


@click.command("list", cls=Command)
@STORE_OPTION
@click.option(
    "--ledger",
    "ledger_code",
    metavar="LEDGER",
    default="",
    shell_complete=complete_ledger,
    help="只列某个台账。",
)
@click.option("--all", "show_all", is_flag=True, help="全部列出。")
@JSON_OPTION
@reports_rejection
@tells_faults
def list_command(store_path: Path, ledger_code: str, show_all: bool, as_json: bool) -> int:
    """列出待核和等待引用的行。"""
    chosen = named_ledger(ledger_code).code if ledger_code else None
    with opened_store(store_path) as store:
        rows = store.manifest.held(chosen)
        if as_json:
            print_json([held_data(store, each) for each in rows])
            return FINDINGS if rows else CLEAN
        table = simple_table(
            "编号", "台账", "原因", "行", "内容", "问题", title=f"未处理的行 {len(rows):,} 条"
        )
        for each in rows if show_all else rows[:_SHOWN]:
            table.add_row(
                str(each.number),
                each.ledger,
                each.reason.label,
                str(each.row),
                key_words(store, each),
                reason_words(each),
            )
        out = console()
        out.print(table)
        if len(rows) > _SHOWN and not show_all:
            out.print(Text(f"  ……另有 {len(rows) - _SHOWN:,} 条，用 --all 全部列出", style="dim"))
    return FINDINGS if rows else CLEAN


@click.command("release", cls=Command)
@click.argument("numbers", metavar="[编号…]", nargs=-1, type=int)
@STORE_OPTION
@click.option("--set", "corrections", metavar="字段=值", multiple=True, help="改正一个字段，可以给多次。")
@click.option("--confirm", is_flag=True, help="存疑的内容经核实无误，照原样入库。")
@click.option("--waiting", is_flag=True, help="把引用已到的等待行入库。")
@BY_OPTION
@JSON_OPTION
@reports_rejection
@tells_faults
def release_command(
    numbers: tuple[int, ...],
    store_path: Path,
    corrections: tuple[str, ...],
    confirm: bool,
    waiting: bool,
    who: str,
    as_json: bool,
) -> int:
    """确认或改正后入库。"""
    if bool(numbers) == waiting:
        raise click.UsageError("给出要处理的编号，或用 --waiting 处理全部等待的行。")
    with opened_store(store_path) as store:
        if waiting:
            handled = release_all_waiting(store, person(who))
        else:
            rows = _chosen(store, numbers)
            if len({each.ledger for each in rows}) > 1:
                raise click.UsageError("一次只处理同一台账的行。")
            said = _corrections(store.definition(rows[0].ledger), corrections)
            handled = release_rows(store, rows, person(who), said, confirmed=confirm)
    released, refused = handled.released, handled.refused
    if as_json:
        print_json(
            {
                "released": dict(sorted(released.rows.items())),
                "batches": released.batches,
                "refused": [{"number": number, "faults": words} for number, words in sorted(refused.items())],
            }
        )
    else:
        out = console()
        for name, count in sorted(released.rows.items()):
            out.print(f"台账 {name} 入库 {count:,} 条。")
        if not released.rows:
            out.print("没有行入库。")
        for number, words in sorted(refused.items()):
            out.print(Text(f"第 {number} 条仍有问题：{'；'.join(words)}", style="yellow"))
    return FINDINGS if refused else CLEAN


def _corrections(ledger: LedgerDefinition, corrections: tuple[str, ...]) -> dict[str, str]:
    said = {}
    for each in corrections:
        name, sign, text = each.partition("=")
        field = field_named(ledger, name.strip())
        if not sign or field is None:
            raise click.UsageError(f"--set 写作“字段=值”；台账“{ledger.label}”没有字段“{name}”。")
        said[field.name] = text
    return said


def _chosen(store: RecordStore, numbers: tuple[int, ...]) -> list[HeldRow]:
    try:
        return held_rows(store, numbers)
    except WrongRequest as missing:
        raise click.UsageError(f"{missing}用 zhunsheng ledger held list 查看。") from missing


@click.command("discard", cls=Command)
@click.argument("numbers", metavar="编号…", nargs=-1, required=True, type=int)
@STORE_OPTION
@click.option("--reason", metavar="TEXT", required=True, help="为什么弃用。")
@BY_OPTION
@JSON_OPTION
@reports_rejection
@tells_faults
def discard_command(numbers: tuple[int, ...], store_path: Path, reason: str, who: str, as_json: bool) -> int:
    """弃用：不再入库，留下经过。"""
    with opened_store(store_path) as store:
        rows = _chosen(store, numbers)
        discard_held(store, [each.number for each in rows], person(who), reason)
    if as_json:
        print_json({"discarded": [each.number for each in rows]})
    else:
        console().print(f"已弃用 {len(rows)} 条。")
    return CLEAN
