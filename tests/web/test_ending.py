"""A process ends with the one that started it, also when that one was gone before anybody looked."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

WATCHING = "import time; from zhunsheng.web.ending import end_with_parent; end_with_parent({parent}, 1.0); time.sleep(60)"


def test_an_orphan_that_never_saw_its_parent_ends_at_once() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    child = subprocess.Popen([sys.executable, "-c", WATCHING.format(parent=gone.pid)])  # noqa: S603
    assert child.wait(20) == -signal.SIGTERM


def test_a_child_of_a_living_parent_stays() -> None:
    child = subprocess.Popen([sys.executable, "-c", WATCHING.format(parent=os.getpid())])  # noqa: S603
    try:
        with pytest.raises(subprocess.TimeoutExpired):
            child.wait(3)
    finally:
        child.kill()
        child.wait()


def test_a_child_that_does_not_listen_ends_all_the_same(tmp_path: Path) -> None:
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + WATCHING
    parent = (
        "import subprocess, sys, os, time; p = subprocess.Popen([sys.executable, '-c', sys.argv[1].replace('PARENT', "
        "str(os.getpid()))]); print(p.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", parent, deaf.format(parent="PARENT")], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        time.sleep(1.5)
        process.kill()
    until = time.monotonic() + 15
    while Path(f"/proc/{child}/cmdline").exists() and time.monotonic() < until:
        time.sleep(0.1)
    assert not Path(f"/proc/{child}/cmdline").exists()
