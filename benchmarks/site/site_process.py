"""The real server as its operator starts it: `zhunsheng serve`, in production mode, in a directory of its own."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.site import places

_READY_WITHIN = 90.0


def surroundings(data: Path, database: str = "") -> dict[str, str]:
    """The environment of the site.

    Args:
        database: address of a PostgreSQL; SQLite when "".
    """
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("ZHUNSHENG_", "DJANGO_"))
    }
    given = {
        "ZHUNSHENG_DATA": str(data),
        "ZHUNSHENG_MODE": "production",
        "ZHUNSHENG_SECRET_KEY": places.KEY,
        "ZHUNSHENG_HOSTS": "127.0.0.1",
        # reached without a proxy here, so without https
        "ZHUNSHENG_SECURE": "0",
    }
    return {**kept, **given, **({"ZHUNSHENG_DATABASE": database} if database else {})}


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(data: Path, database: str = "", *, workers: int = 2) -> Iterator[tuple[int, float]]:
    """The site while it runs: its port, and after how many seconds it answered.

    Raises:
        SystemExit: it does not start.
    """
    port, begun = free_port(), time.perf_counter()
    command = [sys.executable, "-m", "zhunsheng", "serve", "--port", str(port), "--workers", str(workers)]
    with (data / "serve.log").open("ab") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=subprocess.STDOUT, env=surroundings(data, database)
        )
    try:
        while not _answers(port):
            if process.poll() is not None or time.perf_counter() - begun > _READY_WITHIN:
                raise SystemExit(f"the site does not start; see {data / 'serve.log'}")
            time.sleep(0.1)
        yield port, time.perf_counter() - begun
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(60)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/accounts/login/")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
