"""What the commands of the ledgers share: naming a ledger, who does it, telling faults and progress."""

import getpass
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from zhunsheng.assembly.rejections import Rejected
from zhunsheng.assembly.stores import telling_faults
from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.store.ledger_files import ledger_codes, load_ledger

P = ParamSpec("P")


def complete_ledger(_context: click.Context, _parameter: click.Parameter, begun: str) -> list[str]:
    """Codes of ledgers that begin with what is typed."""
    return [code for code in ledger_codes() if code.startswith(begun)]


STORE_OPTION = click.option(
    "--store",
    "store_path",
    type=click.Path(path_type=Path),
    required=True,
    metavar="DIR",
    help="记录库所在的文件夹。",
)
BY_OPTION = click.option("--by", "who", metavar="NAME", default="", help="经办人（默认当前系统用户）。")
LEDGER_ARGUMENT = click.argument("ledger_code", metavar="LEDGER", shell_complete=complete_ledger)


def named_ledger(name: str) -> LedgerDefinition:
    """A ledger by its code or Chinese label.

    Raises:
        click.UsageError: there is none of that name.
        Rejected: its definition has errors.
    """
    codes = ledger_codes()
    if name not in codes:
        labelled = [
            code for code in codes if (found := load_ledger(code)[0]) is not None and found.label == name
        ]
        if not labelled:
            near = [code for code in codes if name.lower() in code][:8]
            shown = f"，名称相近的有 {'、'.join(near)}" if near else ""
            raise click.UsageError(f"没有台账“{name}”{shown}。用 zhunsheng ledger list 查看全部。")
        name = labelled[0]
    ledger, problems = load_ledger(name)
    if ledger is None:
        raise Rejected(problems)
    return ledger


def person(named: str) -> str:
    """Who does it: as named, otherwise the user of this computer."""
    if named:
        return named
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "未具名"


def tells_faults(command: Callable[P, Any]) -> Callable[P, Any]:
    """Turn faults of the store and of files into the program's own messages and exit codes."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> Any:  # noqa: ANN401 - whatever the command returns
        with telling_faults():
            return command(*args, **kwargs)

    return wrapped


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar on standard error; nothing when that is no terminal."""
    out = Console(stderr=True)
    if not out.is_terminal:
        yield lambda _what, _done, _total: None
        return
    shown = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f}/{task.total:,.0f}"),
        TimeElapsedColumn(),
        console=out,
        transient=True,
    )
    tasks: dict[str, TaskID] = {}
    with shown:

        def report(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = shown.add_task(what, total=total or None)
            shown.update(tasks[what], completed=done, total=total or None)

        yield report


def is_asked() -> bool:
    """Whether a person sits in front of the program and can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()
