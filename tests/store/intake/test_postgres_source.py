"""A query of a real PostgreSQL server: read only, typed, whole."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from zhunsheng.store.intake.other_sources import stage_query
from zhunsheng.store.intake.staging import StagingArea

PROGRAMS = Path("/usr/lib/postgresql/15/bin")
USER = "postgres"

pytestmark = pytest.mark.slow


def _call(*command: str) -> None:
    """Run a program of the server; it refuses to run as root."""
    prefix = ["runuser", "-u", USER, "--"] if os.geteuid() == 0 else []
    subprocess.run([*prefix, *command], check=True, capture_output=True, timeout=60)  # noqa: S603 - fixed commands


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The address of a server that listens on a socket only."""
    if not (PROGRAMS / "initdb").exists() or (os.geteuid() == 0 and shutil.which("runuser") is None):
        pytest.skip("no PostgreSQL 15 on this machine: queries of it were not tested")
    folder = Path(tempfile.mkdtemp(prefix="zspg"))
    folder.chmod(0o777)
    data = folder / "data"
    try:
        _call(
            str(PROGRAMS / "initdb"), "-D", str(data), "-U", USER, "--auth=trust", "-E", "UTF8", "--locale=C"
        )
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        _call(
            str(PROGRAMS / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start"
        )
    except (OSError, subprocess.SubprocessError) as error:
        pytest.skip(f"PostgreSQL could not be started here: queries of it were not tested ({error})")
    try:
        yield f"postgresql://{USER}@/{USER}?host={folder}"
    finally:
        _call(str(PROGRAMS / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def test_rows_of_a_query(address: str, tmp_path: Path) -> None:
    sql = """
        SELECT 'N-' || n AS number, CAST(n AS NUMERIC(12, 2)) / 4 AS amount, DATE '2023-03-05' AS happened_on,
               n % 2 = 0 AS urgent, ARRAY['A', 'B'] AS marks, TIMESTAMPTZ '2023-03-05 02:00:00+00' AS closed_at,
               NULL AS empty, '{"a": 1.10}'::json AS data
        FROM generate_series(1, 12000) n ORDER BY n
    """
    staged = stage_query(sql, address, StagingArea(tmp_path))
    assert staged.problems == ()
    part = staged.parts[0]
    assert part.headings == (
        "number",
        "amount",
        "happened_on",
        "urgent",
        "marks",
        "closed_at",
        "empty",
        "data",
    )
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"SELECT * EXCLUDE (_row, _line, _broken, _trimmed) FROM {part.relation} ORDER BY _row"
        ).fetchall()
    assert len(rows) == 12000
    number, amount, day, urgent, marks, moment, empty, data = rows[0]
    assert (number, day, urgent, marks, empty) == ("N-1", "2023-03-05", "FALSE", '["A", "B"]', None)
    assert amount.startswith("0.25")
    assert moment.startswith("2023-03-05 10:00:00")
    assert "1.1" in data


def test_the_server_refuses_to_write(address: str, tmp_path: Path) -> None:
    area = StagingArea(tmp_path)
    for sql in (
        "WITH made AS (INSERT INTO pg_description VALUES (1, 1, 1, 'x') RETURNING 1) SELECT * FROM made",
        "SELECT 1; DROP TABLE x",
        "SELECT nothing FROM nowhere",
    ):
        assert [each.code for each in stage_query(sql, address, area).problems] == ["LEDG-154"], sql


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    staged = stage_query("SELECT 1", "postgresql://user:secret@127.0.0.1:1/none", StagingArea(tmp_path))
    assert [each.code for each in staged.problems] == ["LEDG-154"]
    assert "secret" not in staged.problems[0].what
