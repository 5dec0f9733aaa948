"""What the commands of the ledgers share: naming a ledger, opening a store, who does it, telling progress."""

import getpass
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any, ParamSpec

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from zhunsheng.cli.exits import Surroundings
from zhunsheng.cli.loading import Rejected
from zhunsheng.kernel.system_errors import reason_of
from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.store.ledger_files import ledger_codes, load_ledger
from zhunsheng.store.records.faults import StoreFault
from zhunsheng.store.records.record_store import RecordStore

CHINA = timezone(timedelta(hours=8))
"""The time of the ledgers."""

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


@contextmanager
def opened_store(path: Path, *, create: bool = False) -> Iterator[RecordStore]:
    """A record store; made when it is absent and may be made.

    Raises:
        Rejected: there is no store, or it is damaged.
    """
    try:
        absent = not path.exists() or (path.is_dir() and not any(path.iterdir()))
        store = RecordStore.create(path) if create and absent else RecordStore.open(path)
    except StoreFault as fault:
        raise Rejected((fault.problem,)) from fault
    try:
        yield store
    finally:
        store.close()


def person(named: str) -> str:
    """Who does it: as named, otherwise the user of this computer."""
    if named:
        return named
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "未具名"


def today() -> date:
    """The day here."""
    return datetime.now(CHINA).date()


def due_day(event: date, rule: str) -> date:
    """The last day of a period by the register of the package; read when it is first asked for.

    Raises:
        DeadlineError: the last day cannot be told.
    """
    return _last_days()(event, rule)


@lru_cache(maxsize=1)
def _last_days() -> Callable[[date, str], date]:
    from zhunsheng.store.calendar_files import load_calendar  # noqa: PLC0415 - seldom needed
    from zhunsheng.store.deadline_files import load_deadlines  # noqa: PLC0415

    return load_deadlines()[0].last_day(load_calendar()[0])


def tells_faults(command: Callable[P, Any]) -> Callable[P, Any]:
    """Turn faults of the store and of files into the program's own messages and exit codes."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> Any:  # noqa: ANN401 - whatever the command returns
        try:
            return command(*args, **kwargs)
        except StoreFault as fault:
            raise Rejected((fault.problem,)) from fault
        except OSError as error:
            named = f"“{error.filename}”" if error.filename else "文件"
            raise Surroundings(f"{named}：{reason_of(error)}") from error

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
