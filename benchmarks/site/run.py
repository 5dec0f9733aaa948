"""The site at the size of a city: pages under load, first paint, people who all save at once.

    .venv/bin/python benchmarks/site/run.py [--scale 1] [--only pages,sqlite,postgresql] [--seconds 120] [--rate 20]
        [--people 200] [--rounds 10] [--out docs/performance.md]

The world is made once for each scale and kept under var/bench-site: the records of a generated city, and a database
with 300 people in an organisation tree and five years, of which one took its values from the records and three are
frozen. Everything runs on this machine: server, load generator, browser and database share its cores.

The part of docs/performance.md between the markers is written anew; what was measured before is in its history.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from benchmarks.engine import stores  # noqa: E402 - found from the root of the project
from benchmarks.site import looking, painting, places, saving, site_process, tables  # noqa: E402
from benchmarks.site.using import used  # noqa: E402

BEGIN, END = "<!-- benchmarks/site: begin -->", "<!-- benchmarks/site: end -->"
_HERE = Path(__file__).parent
_ON_SQLITE = 30


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--scale", default="1")
    parser.add_argument("--only", default="pages,sqlite,postgresql")
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--rate", type=float, default=20)
    parser.add_argument("--people", type=int, default=200, help="who save at once on PostgreSQL")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--out", type=Path, default=ROOT / "docs/performance.md")
    parser.add_argument("--part", default="", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.part == "postgresql":
        # started once more, inside the database that is thrown away
        print(_savers("PostgreSQL", given.people, given.rounds, os.environ["ZHUNSHENG_TEST_DATABASE"]))
        return
    data = world(given.scale)
    head = tables.head(data, given.scale)
    print(head, flush=True)
    parts: dict[str, Callable[[], str]] = {
        "pages": lambda: _pages(data, given.rate, given.seconds),
        "sqlite": lambda: _savers("SQLite", _ON_SQLITE, given.rounds),
        "postgresql": lambda: _on_postgresql(given.people, given.rounds),
    }
    made = [head]
    for name in given.only.split(","):
        made.append(parts[name]())
        print(made[-1], flush=True)
    _write(given.out, "\n\n".join(made))


def world(scale: str) -> Path:
    """The site's directory; what is missing in it is made."""
    kept = places.cached(scale)
    data = kept / "site"
    (data / "stores").mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (data / "stores" / f"{places.STORE}.complete").exists():
        print(f"generating the records (scale {scale}) …", file=sys.stderr, flush=True)
    stores.city(data / "stores" / places.STORE, scale)
    program = _HERE / "world.py"
    wanted = hashlib.sha256(program.read_bytes() + (_HERE / "places.py").read_bytes()).hexdigest()
    mark = kept / "world.complete"
    if not mark.exists() or mark.read_text() != wanted:
        print("making the database …", file=sys.stderr, flush=True)
        for each in data.glob("zhunsheng.sqlite*"):
            each.unlink()
        _fill(data, "", "--records")
        mark.write_text(wanted)
    return data


def _fill(data: Path, database: str, *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, str(_HERE / "world.py"), *arguments],
        env=site_process.surroundings(data, database),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stderr or done.stdout)


def _pages(data: Path, rate: float, seconds: float) -> str:
    with site_process.running(data) as (port, started):
        prepared = looking.prepare(port, data, 40)
        with used(data) as work:
            measured = looking.measure(prepared, rate, seconds)
        painted = painting.paint(port, prepared.people[0], prepared.addresses)
    return tables.pages(prepared, measured, painted, work, started, rate)


def _savers(engine: str, people: int, rounds: int, database: str = "") -> str:
    with _own_site(database) as data, site_process.running(data, database) as (port, _started):
        tally = saving.save(port, people, rounds)
        faults = [*(f"{times} × {each}" for each, times in tally.faults.items())]
        faults += saving.check(tally, data, database)
    return tables.savers(engine, tally, faults)


def _on_postgresql(people: int, rounds: int) -> str:
    command = [sys.executable, str(Path(__file__)), "--part", "postgresql"]
    command += ["--people", str(people), "--rounds", str(rounds)]
    done = subprocess.run(
        [str(ROOT / "scripts/with-postgresql.sh"), *command], stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.returncode)
    return done.stdout.strip()


@contextmanager
def _own_site(database: str) -> Iterator[Path]:
    """A site that is thrown away, without records: what is saved there must not stay."""
    folder = Path(tempfile.mkdtemp(prefix="zhunsheng-savers-"))
    try:
        _fill(folder, database)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write(out: Path, text: str) -> None:
    content = out.read_text(encoding="utf-8")
    if BEGIN not in content:
        content = f"{content.rstrip()}\n\n{BEGIN}\n{END}\n"
    before, _, rest = content.partition(BEGIN)
    _, _, after = rest.partition(END)
    out.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
