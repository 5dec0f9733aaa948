"""What the user sees: problems, tables, JSON. Colour only on a terminal."""

import json
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from zhunsheng.assembly.rejections import Rejected, WrongRequest
from zhunsheng.cli.exits import CLEAN, FINDINGS
from zhunsheng.kernel.problem import Problem, Severity

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_NARROW = 80
P = ParamSpec("P")


def console(*, quiet: bool = False) -> Console:
    """Standard output; wide enough for tables when it is not a terminal."""
    made = Console(highlight=False, soft_wrap=False, quiet=quiet)
    if not made.is_terminal:
        made = Console(highlight=False, width=140, no_color=True, quiet=quiet)
    return made


def print_json(data: object) -> None:
    """JSON with fixed formatting; the same data gives the same bytes."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def print_problems(
    problems: Sequence[Problem], *, title: str = "发现的问题", most: int | None = None
) -> None:
    """Problems with place, value, reason and remedy, then a count."""
    out = console()
    if not problems:
        return
    out.print(Text(title, style="bold"))
    for problem in problems[:most]:
        line = Text("  ")
        line.append(f"{problem.severity.label} {problem.code} ", style=_STYLES[problem.severity])
        place = str(problem.place)
        line.append(f"{place}：" if place else "", style="dim")
        line.append(problem.what)
        out.print(line, soft_wrap=True)
        out.print(Text(f"      {problem.why}。{problem.remedy}", style="dim"), soft_wrap=True)
    if most is not None and len(problems) > most:
        out.print(Text(f"  ……另有 {len(problems) - most} 条，用 --all 全部列出", style="dim"))
    out.print(Text(f"  {count_words(problems)}"))


def count_words(problems: Sequence[Problem]) -> str:
    """How many problems of each severity."""
    counts = {severity: sum(1 for each in problems if each.severity is severity) for severity in Severity}
    parts = [f"{severity.label} {number} 个" for severity, number in counts.items() if number]
    return f"共 {len(problems)} 条：{'，'.join(parts)}" if parts else "没有问题"


def exit_code(problems: Sequence[Problem]) -> int:
    """1 when there is an error or a warning, otherwise 0; notes are no findings."""
    return FINDINGS if any(each.severity is not Severity.NOTE for each in problems) else CLEAN


def simple_table(*headers: str, title: str = "") -> Table:
    """A table in the program's style."""
    table = Table(
        title=title or None, title_justify="left", title_style="bold", header_style="bold", pad_edge=False
    )
    for header in headers:
        right = header in {"分值", "得分", "原文得分", "扣分", "未知项", "条数", "有据得分"}
        table.add_column(header, justify="right" if right else "left", overflow="fold")
    return table


def reports_rejection(command: Callable[P, Any]) -> Callable[P, Any]:
    """Turn rejected input into printed problems and exit code 1, with --json into JSON; wrong requests into wrong use."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> Any:  # noqa: ANN401 - whatever the command returns
        try:
            return command(*args, **kwargs)
        except Rejected as rejected:
            if kwargs.get("as_json"):
                print_json({"problems": [problem.as_data() for problem in rejected.problems]})
            else:
                print_problems(rejected.problems, title="输入有误，没有写入任何文件")
            return FINDINGS
        except WrongRequest as wrong:
            raise click.UsageError(str(wrong)) from wrong

    return wrapped


def complete_case(_context: click.Context, _parameter: click.Parameter, begun: str) -> list[str]:
    """Codes of shipped cases and files that begin with what is typed."""
    from zhunsheng.store.definition_files import case_codes  # noqa: PLC0415 - only for completion

    found = [code for code in case_codes() if code.startswith(begun)]
    directory, _, stem = begun.rpartition("/")
    beside = sorted(Path(directory or ".").glob(f"{stem}*"))
    return found + [path.as_posix() for path in beside if path.is_dir() or path.suffix == ".xlsx"]


def complete_rubric(_context: click.Context, _parameter: click.Parameter, begun: str) -> list[str]:
    """Codes of shipped rubrics that begin with what is typed."""
    from zhunsheng.store.definition_files import rubric_codes  # noqa: PLC0415 - only for completion

    return [code for code in rubric_codes() if code.startswith(begun)]


JSON_OPTION = click.option("--json", "as_json", is_flag=True, help="输出 JSON（结构见 docs/json.md）。")
