"""A process that was started by another ends with it, however that one ended, so that nobody keeps its address."""

import os
import signal
import threading
import time

_LOOK = 0.5
GRACE = 20.0
"""Seconds after the polite signal until the process ends in any case."""


def end_with_parent(parent: int, grace: float = GRACE) -> None:
    """End this process when it is no longer the child of `parent`; at once when it is not even now.

    Args:
        parent: as the parent itself told it: asked for here, it may be somebody who took over an orphan.
        grace: seconds after the polite signal until the process ends in any case.
    """
    threading.Thread(target=_watch, args=(parent, grace), name="parent", daemon=True).start()


def _watch(parent: int, grace: float) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(grace)
    os._exit(1)
