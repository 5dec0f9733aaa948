"""The same store with its manifest in PostgreSQL, on a server started for the test."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from zhunsheng.store.records.backup import back_up, restore
from zhunsheng.store.records.compaction import compact
from zhunsheng.store.records.faults import Misuse, StoreFault
from zhunsheng.store.records.postgres_database import PostgresDatabase
from zhunsheng.store.records.record_store import RecordStore
from zhunsheng.store.records.verification import verify

if TYPE_CHECKING:
    from tests.store.records.conftest import Desk

PROGRAMS = Path("/usr/lib/postgresql/15/bin")
USER = "postgres"


def call(*command: str) -> None:
    """Run a program of the server; it refuses to run as root."""
    prefix = ["runuser", "-u", USER, "--"] if os.geteuid() == 0 else []
    subprocess.run([*prefix, *command], check=True, capture_output=True, timeout=60)  # noqa: S603 # fixed commands


@pytest.fixture(scope="module")
def server() -> Iterator[Path]:
    """The socket directory of a server."""
    if not (PROGRAMS / "initdb").exists() or (os.geteuid() == 0 and shutil.which("runuser") is None):
        pytest.skip("no PostgreSQL 15 on this machine: the manifest was not tested on it")
    folder = Path(tempfile.mkdtemp(prefix="zspg"))
    folder.chmod(0o777)
    data = folder / "data"
    try:
        call(
            str(PROGRAMS / "initdb"), "-D", str(data), "-U", USER, "--auth=trust", "-E", "UTF8", "--locale=C"
        )
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        call(
            str(PROGRAMS / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start"
        )
    except (OSError, subprocess.SubprocessError) as error:
        pytest.skip(f"PostgreSQL could not be started here: the manifest was not tested on it ({error})")
    try:
        yield folder
    finally:
        call(str(PROGRAMS / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def database(server: Path, schema: str = "records") -> PostgresDatabase:
    return PostgresDatabase(schema, database=USER, user=USER, host=str(server))


@pytest.mark.slow
def test_a_store_lives_the_same_life_on_postgresql(server: Path, desk: "Desk", tmp_path: Path) -> None:
    desk.store.close()
    desk.path = tmp_path / "pg"
    desk.store = RecordStore.create(
        desk.path, clock=desk.clock, catalogue=desk.ledgers.get, referred=["body"], database=database(server)
    )
    assert not (desk.path / "manifest.sqlite").exists()
    desk.put("body", {"code": "x", "grade": "A"}, {"code": "y"})
    for count in (1, 2, 3):
        desk.put(
            "visit",
            {"body": "x", "day": date(2023, 1, 1), "count": count},
            {"body": "q", "day": date(2023, 1, 1)},
        )
    desk.store.undo(3, "科长")
    states = [desk.read("visit", seq, ["body", "count"]) for seq in range(6)]
    assert states == [[], [], [("x", 1)], [("x", 2)], [("x", 3)], [("x", 3)]]
    compact(desk.store, "夜间", grace=timedelta(0))
    assert [desk.read("visit", seq, ["body", "count"]) for seq in range(6)] == states
    assert verify(desk.store) == ()
    assert len(desk.store.manifest.held("visit")) == 1
    # its backup is a store with a manifest in a file
    back_up(desk.store, tmp_path / "b.tar")
    assert restore(tmp_path / "b.tar", tmp_path / "r", catalogue=desk.ledgers.get) == ()
    token = desk.store.snapshot().token
    desk.store.close()
    desk.path = tmp_path / "r"
    desk.store = desk.reopen()
    assert desk.store.snapshot().token == token
    assert [desk.read("visit", seq, ["body", "count"]) for seq in range(6)] == states


@pytest.mark.slow
def test_a_failed_change_leaves_nothing(server: Path) -> None:
    found = database(server, "other")
    found.script(["CREATE TABLE t (a BIGINT PRIMARY KEY)"])
    with pytest.raises(StoreFault, match="清单不能读写"), found.transaction():
        found.change("INSERT INTO t VALUES (?)", [(1,), (1,)])
    assert found.rows("SELECT * FROM t") == []
    found.close()


@pytest.mark.slow
def test_what_cannot_be_reached_says_so(server: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreFault, match="连接失败"):
        PostgresDatabase("records", database=USER, user=USER, host=str(tmp_path))
    with pytest.raises(Misuse):
        database(server, "a; DROP SCHEMA records")
