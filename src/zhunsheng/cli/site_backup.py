"""`zhunsheng backup` and `zhunsheng restore`: the whole site in one file."""

from dataclasses import asdict
from pathlib import Path

import click
from rich.text import Text

from zhunsheng.assembly.surroundings import Surroundings
from zhunsheng.cli.chinese import Command
from zhunsheng.cli.exits import CLEAN, FINDINGS
from zhunsheng.cli.output import JSON_OPTION, console, print_json
from zhunsheng.cli.site_opening import needs_site


def _progress(what: str) -> None:
    click.echo(f"{what}……", err=True)


@click.command("backup", cls=Command)
@click.argument("target", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@JSON_OPTION
@needs_site()
def backup_command(target: Path, as_json: bool) -> int:
    """把数据库、文件和记录库备份成一个文件；备份时可以继续使用。"""
    from zhunsheng.workflow.backup import BackupFault, back_up  # noqa: PLC0415 - only after the settings

    try:
        saved = back_up(target, progress=_progress)
    except BackupFault as trouble:
        raise Surroundings(str(trouble)) from trouble
    if as_json:
        print_json({**asdict(saved), "path": str(saved.path)})
        return FINDINGS if saved.damaged else CLEAN
    out = console()
    out.print(
        Text(
            f"已备份到 {saved.path}：数据 {saved.rows} 行，文件 {saved.files} 个，记录库 {len(saved.stores)} 个，"
            f"{saved.path.stat().st_size / 1_000_000:.1f} MB。"
        ),
        soft_wrap=True,
    )
    out.print(Text(f"操作记录登记：{saved.head}（另行保存，可用 trail verify --head 核对）"), soft_wrap=True)
    _tell_damaged(saved.damaged)
    return FINDINGS if saved.damaged else CLEAN


@click.command("restore", cls=Command)
@click.argument("source", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@JSON_OPTION
@needs_site(current=False)
def restore_command(source: Path, as_json: bool) -> int:
    """把备份恢复到空的数据目录和空的数据库，并核对每个文件的哈希和操作记录。"""
    from zhunsheng.workflow.backup import BackupFault  # noqa: PLC0415 - only after the settings
    from zhunsheng.workflow.restoring import restore  # noqa: PLC0415

    try:
        found = restore(source, progress=_progress)
    except BackupFault as trouble:
        raise Surroundings(str(trouble)) from trouble
    if as_json:
        print_json(asdict(found))
        return FINDINGS if found.damaged else CLEAN
    console().print(
        Text(
            f"已恢复：数据 {found.rows} 行，文件 {found.files} 个，记录库 {len(found.stores)} 个；"
            "哈希和操作记录核对无误。用 zhunsheng serve 启动。"
        ),
        soft_wrap=True,
    )
    _tell_damaged(found.damaged)
    return FINDINGS if found.damaged else CLEAN


def _tell_damaged(damaged: tuple[str, ...]) -> None:
    if damaged:
        shown = "、".join(each[:12] for each in damaged[:8])
        console().print(
            Text(
                f"有 {len(damaged)} 个文件在原目录中缺失或内容被改动，备份中没有：{shown}；请从更早的备份找回。",
                style="bold red",
            ),
            soft_wrap=True,
        )
