"""What tests put beside the project goes when they end."""

import subprocess
import sys
from pathlib import Path

PROGRAM = """
import os, sys
sys.path.insert(0, {worlds!r})
from passing import passing_directory
made = passing_directory("zhunsheng-passing-")
(made / "a").mkdir()
if os.fork() == 0:
    sys.exit()
os.wait()
print(made, made.is_dir())
"""


def test_a_directory_outlives_a_child_and_goes_with_its_process(tmp_path: Path) -> None:
    worlds = str(Path(__file__).parents[1] / "worlds")
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", PROGRAM.format(worlds=worlds)],
        capture_output=True,
        text=True,
        check=True,
        env={"TMPDIR": str(tmp_path)},
    )
    place, _space, there = done.stdout.strip().rpartition(" ")
    assert there == "True"
    assert Path(place).parent == tmp_path
    assert list(tmp_path.iterdir()) == []
