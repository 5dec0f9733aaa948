"""`zhunsheng ledger batches | undo | verify | compact | backup | restore`."""

from pathlib import Path

import click
from rich.text import Text

from zhunsheng.assembly.stores import CHINA, opened_store
from zhunsheng.cli.chinese import Command
from zhunsheng.cli.exits import CLEAN
from zhunsheng.cli.ledger_opening import (
    BY_OPTION,
    STORE_OPTION,
    complete_ledger,
    named_ledger,
    person,
    tells_faults,
)
from zhunsheng.cli.output import (
    JSON_OPTION,
    console,
    exit_code,
    print_json,
    print_problems,
    reports_rejection,
    simple_table,
)
from zhunsheng.store.records.entries import Commit, CommitKind


@click.command("batches", cls=Command)
@STORE_OPTION
@click.option(
    "--ledger",
    "ledger_code",
    metavar="LEDGER",
    default="",
    shell_complete=complete_ledger,
    help="只列某个台账。",
)
@JSON_OPTION
@reports_rejection
@tells_faults
def batches_command(store_path: Path, ledger_code: str, as_json: bool) -> int:
    """各批导入和撤销，按先后。"""
    chosen = named_ledger(ledger_code).code if ledger_code else None
    with opened_store(store_path) as store:
        commits = store.batches(chosen)
        imports = {each.batch: each for each in store.manifest.imports(chosen)}
        if as_json:
            print_json([commit_data(each) | _import_data(imports.get(each.seq)) for each in commits])
            return CLEAN
        table = simple_table(
            "批次", "台账", "时间", "经办人", "来源", "入库", "替换旧版", "退回", "待核", "等待", "状态"
        )
        for each in commits:
            record = imports.get(each.seq)
            if each.kind is CommitKind.UNDO:
                state = f"撤销第 {each.undoes} 批"
            else:
                state = f"已被第 {each.undone_at} 次提交撤销" if each.undone_at else "有效"
            counts = ("", "", "") if record is None else (record.rejected, record.quarantined, record.waiting)
            table.add_row(
                str(each.seq),
                each.ledger,
                each.moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S"),
                each.who,
                each.source or each.note,
                f"{each.rows:,}",
                f"{each.closed:,}",
                *(str(count) for count in counts),
                state,
            )
        console().print(table)
    return CLEAN


def commit_data(commit: Commit) -> dict[str, object]:
    """A commit in the documented JSON shape."""
    return {
        "batch": commit.seq,
        "kind": commit.kind.value,
        "ledger": commit.ledger,
        "moment": commit.moment.isoformat(),
        "who": commit.who,
        "source": commit.source,
        "note": commit.note,
        "rows": commit.rows,
        "replaced": commit.closed,
        "undoes": commit.undoes,
        "undone_at": commit.undone_at,
        "synthetic": commit.synthetic,
    }


def _import_data(record: object) -> dict[str, object]:
    from zhunsheng.store.records.entries import ImportRecord  # noqa: PLC0415

    if not isinstance(record, ImportRecord):
        return {"import": None}
    return {
        "import": record.number,
        "sha256": record.sha256,
        "read": record.rows_read,
        "unchanged": record.unchanged,
        "duplicates": record.duplicates,
        "rejected": record.rejected,
        "quarantined": record.quarantined,
        "waiting": record.waiting,
        "mapping": dict(record.mapping),
    }


@click.command("undo", cls=Command)
@click.argument("batch", metavar="BATCH", type=int)
@STORE_OPTION
@click.option("--reason", metavar="TEXT", default="", help="为什么撤销。")
@BY_OPTION
@JSON_OPTION
@reports_rejection
@tells_faults
def undo_command(batch: int, store_path: Path, reason: str, who: str, as_json: bool) -> int:
    """撤销一批：从现在起不再计入，以前的状态仍可复算。"""
    with opened_store(store_path) as store:
        undone = store.undo(batch, person(who), reason)
    if as_json:
        print_json(
            {
                "batch": undone.batch,
                "commit": undone.seq,
                "hidden": undone.hidden,
                "later_unchanged": list(undone.later_unchanged),
                "dangling": [
                    {"ledger": ledger, "field": name, "records": count}
                    for (ledger, name), count in sorted(undone.dangling.items())
                ],
                "given_up": undone.given_up,
            }
        )
        return CLEAN
    out = console()
    out.print(f"已撤销第 {undone.batch} 批：{undone.hidden:,} 条记录不再计入（第 {undone.seq} 次提交）。")
    if undone.given_up:
        out.print(f"  随本批待核或等待引用的 {undone.given_up:,} 行一并弃用；重新导入时会再次列出。")
    for (ledger, name), count in sorted(undone.dangling.items()):
        out.print(Text(f"  台账 {ledger} 有 {count:,} 条记录的“{name}”指向已撤销的记录", style="yellow"))
    if undone.later_unchanged:
        shown = "、".join(str(each) for each in undone.later_unchanged)
        out.print(
            Text(
                f"  此后第 {shown} 次导入曾有与本批相同的行，没有重复入库或列为待核，需要时请重新导入",
                style="yellow",
            )
        )
    return CLEAN


@click.command("verify", cls=Command)
@STORE_OPTION
@click.option("--quick", is_flag=True, help="只核对文件的哈希，不逐条读记录。")
@JSON_OPTION
@reports_rejection
@tells_faults
def verify_command(store_path: Path, quick: bool, as_json: bool) -> int:
    """检查记录库是否完好：文件、版本、引用、流水。"""
    from zhunsheng.store.records.verification import verify_directory  # noqa: PLC0415

    problems = verify_directory(store_path, deep=not quick)
    if as_json:
        print_json({"store": store_path.as_posix(), "problems": [each.as_data() for each in problems]})
    else:
        print_problems(problems, title="记录库的问题")
        if not problems:
            console().print("记录库完好。")
    return exit_code(problems)


@click.command("compact", cls=Command)
@STORE_OPTION
@click.option(
    "--ledger",
    "ledger_code",
    metavar="LEDGER",
    default="",
    shell_complete=complete_ledger,
    help="只整理某个台账。",
)
@BY_OPTION
@JSON_OPTION
@reports_rejection
@tells_faults
def compact_command(store_path: Path, ledger_code: str, who: str, as_json: bool) -> int:
    """合并小文件；记录和历史不变。"""
    from zhunsheng.store.records.compaction import compact  # noqa: PLC0415

    chosen = named_ledger(ledger_code).code if ledger_code else None
    with opened_store(store_path) as store:
        done = compact(store, person(who), chosen)
    if as_json:
        print_json({"before": done.before, "after": done.after, "deleted": done.deleted})
    else:
        console().print(f"文件由 {done.before} 个合并为 {done.after} 个，删除已被替换的 {done.deleted} 个。")
    return CLEAN


@click.command("backup", cls=Command)
@STORE_OPTION
@click.option(
    "--out",
    "target",
    metavar="DIR|FILE.tar",
    type=click.Path(path_type=Path),
    required=True,
    help="备份到哪里（新文件夹，或 .tar 文件）。",
)
@JSON_OPTION
@reports_rejection
@tells_faults
def backup_command(store_path: Path, target: Path, as_json: bool) -> int:
    """备份记录库；备份时可以继续写入。"""
    from zhunsheng.store.records.backup import back_up  # noqa: PLC0415

    with opened_store(store_path) as store:
        saved = back_up(store, target)
    if as_json:
        print_json(
            {
                "written": saved.path.as_posix(),
                "commit": saved.seq,
                "files": saved.files,
                "bytes": saved.bytes,
            }
        )
    else:
        console().print(f"已备份到 {saved.path}：截至第 {saved.seq} 次提交，{saved.files} 个文件。")
    return CLEAN


@click.command("restore", cls=Command)
@click.argument("source", metavar="BACKUP", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--out",
    "target",
    metavar="DIR",
    type=click.Path(path_type=Path),
    required=True,
    help="恢复到哪个新文件夹。",
)
@JSON_OPTION
@reports_rejection
@tells_faults
def restore_command(source: Path, target: Path, as_json: bool) -> int:
    """从备份恢复出一个记录库，并检查它。"""
    from zhunsheng.store.records.backup import restore  # noqa: PLC0415

    problems = restore(source, target)
    if as_json:
        print_json({"written": target.as_posix(), "problems": [each.as_data() for each in problems]})
    else:
        print_problems(problems, title="恢复后的检查")
        console().print(
            f"已恢复到 {target}。" if exit_code(problems) == CLEAN else f"{target} 需要处理上述问题。"
        )
    return exit_code(problems)
