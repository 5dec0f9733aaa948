"""The site under load while its processes are killed: the short version of `make site-faults`."""

import subprocess
import sys
from pathlib import Path

import pytest
from site_by_command import surroundings

SCRIPT = Path(__file__).parents[2] / "benchmarks/faults/site_killing.py"


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_and_no_change_is_halved(tmp_path: Path) -> None:
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, str(SCRIPT), "--kills", "5", "--seed", "7"],
        capture_output=True,
        text=True,
        check=False,
        timeout=500,
        env=surroundings(tmp_path),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "| kills | 5 |" in done.stdout
    figures = dict(line.strip("| ").split(" | ") for line in done.stdout.splitlines() if " | " in line)
    assert int(figures["acknowledged writes"]) > 10
    assert int(figures["jobs done"]) > 0
