"""One engine for all short questions of a process: pages must not pay for making one each time.

Files of records never change, so what the engine remembers of their footers stays true.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import duckdb

_MEMORY = "1GB"
_THREADS = 2
_lock = threading.Lock()
_engines: dict[int, duckdb.DuckDBPyConnection] = {}


@contextmanager
def cursor() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection of one's own to the engine of this process; temporary tables in it are nobody else's."""
    found = _engine().cursor()
    try:
        yield found
    finally:
        with suppress(duckdb.Error):
            found.close()


def _engine() -> duckdb.DuckDBPyConnection:
    # an engine must not be used by a process that was forked from the one that made it
    process = os.getpid()
    with _lock:
        if process not in _engines:
            _engines.clear()
            made = duckdb.connect(
                ":memory:",
                config={
                    "memory_limit": _MEMORY,
                    "threads": _THREADS,
                    # short questions that do not fit into memory are refused rather than written to a disk
                    "temp_directory": "",
                    "autoinstall_known_extensions": False,
                    "autoload_known_extensions": False,
                },
            )
            made.execute("SET enable_progress_bar = false; SET parquet_metadata_cache = true")
            _engines[process] = made
        return _engines[process]
