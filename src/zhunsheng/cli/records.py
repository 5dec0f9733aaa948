"""What commands over records share: opening a store while progress is shown."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import click
from rich.console import Console

from zhunsheng.assembly.records import OpenedRecords, opened_records
from zhunsheng.assembly.stores import ledger_label

KNOWN_OPTION = click.option(
    "--as-known-at",
    "known_at",
    metavar="DATE|TOKEN",
    default="",
    help="按当时已知的记录计算：日期（2023-12-31）或快照编号。",
)


@contextmanager
def opened(
    path: Path, known_at: str = "", *, fresh: bool = False, spark: str = "", quiet: bool = False
) -> Iterator[OpenedRecords]:
    """Open a store for computing and show which ledger is being read.

    Args:
        known_at: a day or a snapshot token; "" for now.
        fresh: keep and use nothing computed before.
        spark: address of a cluster; "" to compute in this process.
        quiet: show no progress.

    Raises:
        Rejected: there is no store, or no such state of it.
        Surroundings: the cluster does not answer.
    """
    with (
        _progress(quiet=quiet) as watch,
        opened_records(path, known_at, fresh=fresh, spark=spark, watch=watch) as records,
    ):
        yield records


class Watching:
    """Shows on a terminal which ledger is being read."""

    def __init__(self, out: Console, *, silent: bool) -> None:
        self._out = out
        self._status = None if silent else out.status("计算")

    def __enter__(self) -> Self:
        if self._status is not None:
            self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._status is not None:
            self._status.stop()

    def __call__(self, ledger: str) -> None:
        """The ledger that is read next."""
        if self._status is not None:
            self._status.update(f"读取{ledger_label(ledger)}")


def _progress(*, quiet: bool) -> Watching:
    out = Console(stderr=True)
    return Watching(out, silent=quiet or not out.is_terminal)
