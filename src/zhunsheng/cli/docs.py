"""`zhunsheng docs write`: regenerate the reference documents in docs/."""

from pathlib import Path

import click

from zhunsheng.cli.chinese import Command
from zhunsheng.cli.exits import CLEAN
from zhunsheng.cli.lazy import LazyGroup
from zhunsheng.cli.output import JSON_OPTION, print_json
from zhunsheng.cli.reference import reference_documents
from zhunsheng.cli.writing import write_files


@click.group(
    "docs",
    cls=LazyGroup,
    commands_at={"write": (f"{__name__}:write_command", "写出由程序生成的参考文档")},
)
def docs_group() -> None:
    """参考文档（开发用）。"""


@click.command("write", cls=Command)
@JSON_OPTION
@click.option(
    "--out", "directory", default="docs", type=click.Path(file_okay=False, path_type=Path), help="输出目录。"
)
def write_command(directory: Path, as_json: bool) -> int:
    """写出问题编码表、档案格式等由程序生成的文档。"""
    paths = write_files(directory, {name: text.encode() for name, text in reference_documents().items()})
    if as_json:
        print_json({"written": [path.as_posix() for path in paths]})
    else:
        for path in paths:
            click.echo(path)
    return CLEAN
