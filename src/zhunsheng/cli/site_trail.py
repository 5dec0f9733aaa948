"""`zhunsheng trail`: is the trail what was written, and a year of it as a file."""

from dataclasses import asdict
from pathlib import Path
from typing import Literal

import click
from rich.text import Text

from zhunsheng.cli.chinese import Command
from zhunsheng.cli.exits import CLEAN, FINDINGS
from zhunsheng.cli.lazy import LazyGroup
from zhunsheng.cli.output import JSON_OPTION, console, print_json
from zhunsheng.cli.site_opening import needs_site

_MOST = 20


@click.group(
    "trail",
    cls=LazyGroup,
    commands_at={
        "verify": (f"{__name__}:verify_command", "核对操作记录有没有被改动"),
        "export": (f"{__name__}:export_command", "按年度导出操作记录"),
    },
)
def trail_group() -> None:
    """操作记录：核对和导出。"""


@click.command("verify", cls=Command)
@click.option(
    "--head", "noted", metavar="N:HASH", default="", help="以前另行保存的登记（导出或备份时给出）。"
)
@click.option(
    "--file",
    "path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="只核对一个导出的 jsonl 文件。",
)
@JSON_OPTION
@needs_site()
def verify_command(noted: str, path: Path | None, as_json: bool) -> int:
    """逐条核对哈希、衔接、编号和末条登记；改动、删除、插入、截尾都能发现。"""
    from zhunsheng.workflow.trail import Head, head, is_guarded, verify  # noqa: PLC0415 - only after the settings
    from zhunsheng.workflow.trail_export import verify_file  # noqa: PLC0415

    try:
        known = Head.parsed(noted) if noted else None
    except ValueError:
        raise click.UsageError(f"--head 应为“条数:64 位哈希”，现为“{noted}”。") from None
    if path is not None:
        with path.open(encoding="utf-8", newline="\n") as lines:
            breaches = list(verify_file(lines))
    else:
        breaches = list(verify(known))
    guarded = path is not None or is_guarded()
    now = head()
    if as_json:
        print_json({"head": str(now), "guarded": guarded, "breaches": [asdict(each) for each in breaches]})
        return FINDINGS if breaches or not guarded else CLEAN
    out = console()
    for each in breaches[:_MOST]:
        out.print(Text(f"  {each.what}", style="bold red"), soft_wrap=True)
    if len(breaches) > _MOST:
        out.print(Text(f"  ……共 {len(breaches)} 处（用 --json 全部列出）"))
    if not guarded:
        out.print(
            Text("  数据库中保护操作记录的触发器被拆除；重启 zhunsheng serve 前查明原因", style="bold red")
        )
    if not breaches and guarded:
        where = f"文件 {path}" if path is not None else f"操作记录共 {now.count} 条"
        out.print(Text(f"{where}，逐条核对无误。"))
    if path is None:
        out.print(Text(f"登记：{now}"), soft_wrap=True)
    return FINDINGS if breaches or not guarded else CLEAN


@click.command("export", cls=Command)
@click.option(
    "--year", type=click.IntRange(2000, 9999), required=True, metavar="YEAR", help="年度（公历年）。"
)
@click.option(
    "--out",
    "target",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="写到的文件：.csv 供阅读，.jsonl 可单独核对。",
)
@JSON_OPTION
@needs_site()
def export_command(year: int, target: Path, as_json: bool) -> int:
    """把一年的操作记录连同哈希写成文件。"""
    from zhunsheng.store.database.models import TrailEntry  # noqa: PLC0415 - only after the settings
    from zhunsheng.workflow.trail import head  # noqa: PLC0415
    from zhunsheng.workflow.trail_export import exported, of_year, years  # noqa: PLC0415

    forms: dict[str, Literal["csv", "jsonl"]] = {".csv": "csv", ".jsonl": "jsonl"}
    form = forms.get(target.suffix.lower())
    if form is None:
        raise click.UsageError(f"“{target.name}”应以 .csv 或 .jsonl 结尾。")
    if target.exists():
        raise click.UsageError(f"“{target}”已存在，没有覆盖；换一个文件名。")
    chosen = of_year(TrailEntry.objects.all(), year)
    count = chosen.count()
    if not count:
        known = "、".join(str(each) for each in years(TrailEntry.objects.all())) or "无"
        raise click.UsageError(f"{year} 年没有操作记录（有记录的年度：{known}）。")
    part = target.with_name(f"{target.name}.part")
    with part.open("wb") as stream:
        stream.writelines(exported(chosen, form))
    part.replace(target)
    if as_json:
        print_json({"written": str(target), "lines": count, "head": str(head())})
    else:
        console().print(Text(f"已写出 {target}：{year} 年 {count} 条；登记 {head()}"), soft_wrap=True)
    return CLEAN
