"""`zhunsheng report write`: the report and the forms as Word, PDF, HTML and Excel."""

from pathlib import Path

import click
from rich.text import Text

from zhunsheng.assembly.cases import load_case
from zhunsheng.assembly.reporting import FORMATS, Written, make_report
from zhunsheng.cli.chinese import Command
from zhunsheng.cli.exits import CLEAN, FINDINGS
from zhunsheng.cli.lazy import LazyGroup
from zhunsheng.cli.output import (
    JSON_OPTION,
    complete_case,
    complete_rubric,
    console,
    print_json,
    print_problems,
    reports_rejection,
)
from zhunsheng.cli.writing import write_files

_EPILOG = """\b
示例：
  zhunsheng report write huadu-2023 --out out
  zhunsheng report write 我局2024 --out 报送 --format docx --format xlsx
"""


@click.group(
    "report",
    cls=LazyGroup,
    epilog=_EPILOG,
    commands_at={"write": (f"{__name__}:write_command", "生成自评报告、自评表、评分表和项目自评表")},
)
def report_group() -> None:
    """自评报告和官方表格。"""


@click.command("write", cls=Command)
@click.argument("case_name", metavar="CASE", shell_complete=complete_case)
@click.option(
    "--out", "directory", required=True, type=click.Path(file_okay=False, path_type=Path), help="输出目录。"
)
@click.option(
    "--rubric", "rubric_code", metavar="ID", shell_complete=complete_rubric, help="改用另一评分体系。"
)
@click.option(
    "--format", "formats", multiple=True, type=click.Choice(FORMATS), help="只生成某种格式，可重复。"
)
@JSON_OPTION
@reports_rejection
def write_command(
    case_name: str, directory: Path, rubric_code: str | None, formats: tuple[str, ...], as_json: bool
) -> int:
    """为档案 CASE 生成全部文件。

    扣分项在第二部分没有原因、第三部分没有问题或第四部分没有措施时，报告标为草稿，并列出缺什么。
    """
    loaded = load_case(case_name)
    with console().status("评分") as status:
        written = make_report(loaded, rubric_code, formats or FORMATS, status.update)
    paths = write_files(directory, written.files)
    if as_json:
        print_json(
            {
                "files": [path.as_posix() for path in paths],
                "draft": written.draft,
                "problems": [each.as_data() for each in written.problems],
                "fonts": list(written.warnings),
            }
        )
    else:
        print_written(written, paths)
    return FINDINGS if written.draft else CLEAN


def print_written(written: Written, paths: list[Path]) -> None:
    """The files, whether the report is a draft and what is missing."""
    out = console()
    for path in paths:
        out.print(Text(f"  {path}"))
    for warning in written.warnings:
        out.print(Text(f"字体　{warning}", style="yellow"))
    if written.draft:
        out.print(Text("报告标为草稿，还缺：", style="bold yellow"))
        print_problems(written.problems, title="")
    else:
        out.print(Text("报告完整，可以报送。", style="green"))
