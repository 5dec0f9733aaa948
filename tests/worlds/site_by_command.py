"""The site as whoever runs the machine meets it: by its commands, in a directory of its own."""

import os
import subprocess
import sys
from pathlib import Path

KEY = "k" * 60


def surroundings(data: Path, **more: str) -> dict[str, str]:
    """The environment of a site: nothing of the tests' own settings, the engine the tests run on and leave for a browser left aside."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "ZHUNSHENG_"))
    }
    return {**kept, "ZHUNSHENG_DATA": str(data), **more}


def command(data: Path, *arguments: str, given: str = "", **more: str) -> tuple[int, str, str]:
    """Run a command; its exit code, output and messages."""
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "zhunsheng", *arguments],
        input=given,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
        env=surroundings(data, **more),
    )
    return done.returncode, done.stdout, done.stderr


def python(data: Path, program: str, **more: str) -> str:
    """Run a few lines inside a site; what they print."""
    begun = "from zhunsheng.web.starting import prepare\nprepare()\n"
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", begun + program],
        capture_output=True,
        text=True,
        check=True,
        timeout=240,
        env=surroundings(data, **more),
    )
    return done.stdout
