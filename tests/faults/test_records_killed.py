"""A writer that dies leaves all of a batch or none of it: at random moments, and at every step on the way."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import pytest

from zhunsheng.store.records.reading import scan_sql
from zhunsheng.store.records.record_store import RecordStore
from zhunsheng.store.records.verification import verify
from zhunsheng.store.records.writing import BatchInfo, write_batch

SCRIPT = Path(__file__).parents[2] / "benchmarks/faults/kill.py"

DYING = """
import os, shutil, sys
from datetime import timedelta
from pathlib import Path
sys.path.insert(0, {folder!r})
import kill
from zhunsheng.store.records.compaction import compact
from zhunsheng.store.records.writing import BatchInfo, write_batch

template, what = Path(sys.argv[1]), sys.argv[2]

def die_at(step, path):
    store = kill.open_store(path)
    engine = store.connect("256MB", 1)
    engine.execute("CREATE TEMP TABLE given AS SELECT i AS _source_row, 'V' || i AS number, 'first' AS body, "
                   "DATE '2023-01-01' AS day, 'dying' AS token FROM range(5, 15) t(i)")
    left = step
    def counted(real):
        def call(*arguments, **named):
            nonlocal left
            left -= 1
            if left == 0:
                os._exit(9)
            return real(*arguments, **named)
        return call
    os.fsync = counted(os.fsync)
    Path.replace = counted(Path.replace)
    Path.unlink = counted(Path.unlink)
    store.manifest.publish = counted(store.manifest.publish)
    store.manifest.forget_retired = counted(store.manifest.forget_retired)
    if what == "import":
        write_batch(store, engine, "given", kill.VISIT, BatchInfo("x", source="dying"))
    elif what == "undo":
        store.undo(3, "x")
    else:
        compact(store, "x", grace=timedelta(0))
    os._exit(0)

for step in range(1, 80):
    path = template.with_name(f"store{{step}}")
    shutil.copytree(template, path)
    child = os.fork()
    if not child:
        try:
            die_at(step, path)
        finally:
            os._exit(1)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(step, code, flush=True)
    if code != 9:
        break
"""


@pytest.fixture(scope="module")
def kill() -> ModuleType:
    specification = importlib.util.spec_from_file_location("kill", SCRIPT)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules["kill"] = module
    specification.loader.exec_module(module)
    return module


@pytest.mark.slow
def test_killed_at_random_moments_nothing_is_lost_or_halved(kill: ModuleType, tmp_path: Path) -> None:
    tally = kill.run(6, 7, tmp_path)
    assert tally.faults == []
    assert tally.kills == 6
    assert tally.acknowledged > 0


def filled(kill: ModuleType, path: Path) -> list[Any]:
    """A store with overlapping batches 2, 3 and 4 of visits; its states."""
    kill._new_store(path)
    with kill.open_store(path) as store, store.connect() as engine:
        for number in range(3):
            engine.execute(
                "CREATE OR REPLACE TEMP TABLE given AS SELECT i AS _source_row, 'V' || i AS number, 'first' AS body, "
                "DATE '2023-01-01' AS day, $1 AS token FROM range(1, 11) t(i)",
                [f"t{number}"],
            )
            write_batch(store, engine, "given", kill.VISIT, BatchInfo("x", source=f"t{number}"))
        return states(store, engine)


def states(store: RecordStore, engine: duckdb.DuckDBPyConnection) -> list[Any]:
    return [
        engine.execute(
            f"SELECT * FROM {scan_sql('visit', store.snapshot(seq), ['number', 'token'])} ORDER BY ALL"
        ).fetchall()
        for seq in range(store.snapshot().seq + 1)
    ]


@pytest.mark.slow
@pytest.mark.parametrize("what", ["import", "undo", "compact"])
def test_dying_at_every_step_leaves_the_state_before_or_after(
    kill: ModuleType, tmp_path: Path, what: str
) -> None:
    script = tmp_path / "dying.py"
    script.write_text(DYING.format(folder=str(SCRIPT.parent)))
    before = filled(kill, tmp_path / "template")
    ended = subprocess.run(  # noqa: S603 # our own interpreter and script
        [sys.executable, str(script), str(tmp_path / "template"), what],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    codes = [int(line.split()[1]) for line in ended.stdout.splitlines()]
    # several steps on the way: files, journal, renames, directories, manifest; at last it gets through
    assert len(codes) > 4
    assert codes == [9] * (len(codes) - 1) + [0]
    for step in range(1, len(codes) + 1):
        with kill.open_store(tmp_path / f"store{step}") as store, store.connect() as engine:
            assert [each.what for each in verify(store) if each.code != "STORE-030"] == []
            now = states(store, engine)
            assert now[: len(before)] == before
            assert len(now) <= len(before) + 1
            # the next writer cleans up and writes as if nothing had been
            engine.execute(
                "CREATE TEMP TABLE given AS SELECT 1 AS _source_row, 'W' AS number, 'first' AS body, DATE '2023-01-01' AS day"
            )
            assert write_batch(store, engine, "given", kill.VISIT, BatchInfo("y")).record.stored == 1
            assert verify(store) == ()
            assert not [each for each in store.layout.staging.iterdir() if each.is_file()]
