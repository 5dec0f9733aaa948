"""A process that was started by another ends with it, however that one ended, so that nobody keeps its address."""

import os
import signal
import threading
import time

_LOOK = 0.5
_GRACE = 20.0
"""Seconds after the polite signal until the process ends in any case."""


def end_with_parent(parent: int) -> None:
    """End this process when it is no longer the child of `parent`."""
    threading.Thread(target=_watch, args=(parent,), name="parent", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_GRACE)
    os._exit(1)
