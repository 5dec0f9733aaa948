"""The process that answers requests: `python -m zhunsheng.web.serving`, started and watched by `web.server`."""

import argparse
import os
from collections.abc import Callable
from importlib import import_module
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.utils.proxies import wrap_wsgi_with_proxy_headers

from zhunsheng.web.ending import end_with_parent

THREADS = 8
"""Requests a process answers at once; writers of a small database wait for each other in these."""

ORPHANED = 3.0
"""Seconds requests are given when nobody watches any more; a new server waits for the address."""
_SERVING = "ZHUNSHENG_SERVING"
"""Number of the process that starts those that answer."""


def made() -> Callable[..., Any]:
    """The application, in each process that answers."""
    end_with_parent(int(os.environ[_SERVING]), ORPHANED)
    from zhunsheng.web.wsgi import application  # noqa: PLC0415 - the framework is loaded only where requests are answered

    proxies = [each.strip() for each in os.environ.get("ZHUNSHENG_PROXIES", "").split(",") if each.strip()]
    wrapped: Callable[..., Any] = (
        wrap_wsgi_with_proxy_headers(application, proxies) if proxies else application
    )
    return wrapped


def main(arguments: list[str] | None = None) -> None:
    """Serve until told to end."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--workers", type=int, required=True)
    chosen = parser.parse_args(arguments)
    parent = os.environ.get("ZHUNSHENG_PARENT")
    if parent:
        end_with_parent(int(parent), ORPHANED)
    # loaded once, before the processes that answer part from this one: they begin at once, also after they were killed
    import_module("zhunsheng.web.wsgi")
    # told by itself: a child that is orphaned before it asks would take whoever adopts it for its parent
    os.environ[_SERVING] = str(os.getpid())
    Granian(
        "zhunsheng.web.serving:made",
        factory=True,
        address=chosen.host,
        port=chosen.port,
        interface=Interfaces.WSGI,
        workers=chosen.workers,
        blocking_threads=THREADS,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        respawn_interval=0.2,
        workers_kill_timeout=15,
    ).serve()


if __name__ == "__main__":
    main()
