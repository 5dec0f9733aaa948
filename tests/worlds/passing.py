"""Directories that go with the process that made them."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path


def passing_directory(prefix: str) -> Path:
    """A new directory, removed when this process ends; a process forked from it leaves it alone."""
    made, owner = Path(tempfile.mkdtemp(prefix=prefix)), os.getpid()

    def remove() -> None:
        if os.getpid() == owner:
            shutil.rmtree(made, ignore_errors=True)

    atexit.register(remove)
    return made
