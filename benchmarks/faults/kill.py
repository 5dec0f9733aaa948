"""Kill a writer at random moments and look at what it left: `python benchmarks/faults/kill.py --kills 200`.

A worker process imports batches (new records, corrections), undoes some and compacts. It says on its output what it
begins and, after the store has told it so, what is done. It is killed (SIGKILL) after a random time. Then the store
must open, verify without an error, hold each batch whole or not at all, and hold everything that was acknowledged.
The killed writer is followed by the next one on the same store.
"""

import argparse
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import duckdb

from zhunsheng.kernel.problem import Severity
from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.field import FieldDefinition, FieldType
from zhunsheng.store.records.compaction import compact
from zhunsheng.store.records.entries import CommitKind
from zhunsheng.store.records.reading import versions_sql
from zhunsheng.store.records.record_store import RecordStore
from zhunsheng.store.records.verification import verify
from zhunsheng.store.records.writing import BatchInfo, write_batch

BODY = LedgerDefinition(
    code="body",
    label="单位",
    label_en="Body",
    description="",
    chapter=0,
    key=("code",),
    fields=(FieldDefinition("code", "编码", FieldType.TEXT, required=True),),
    organisation="",
)
VISIT = LedgerDefinition(
    code="visit",
    label="走访",
    label_en="Visit",
    description="",
    chapter=1,
    key=("number",),
    fields=(
        FieldDefinition("number", "编号", FieldType.TEXT, required=True),
        FieldDefinition("body", "单位", FieldType.REFERENCE, required=True, target="body"),
        FieldDefinition("day", "日期", FieldType.DATE, required=True),
        FieldDefinition("token", "批次标记", FieldType.TEXT),
        FieldDefinition("cost", "费用", FieldType.MONEY),
    ),
    date="day",
    organisation="body",
)
LEDGERS = {"body": BODY, "visit": VISIT}
STORES_LAST = 25
"""Kills after which a new store is begun, so that verification stays quick."""


def open_store(path: Path) -> RecordStore:
    """The store of the test."""
    return RecordStore.open(path, catalogue=LEDGERS.get, referred=["body"])


def say(*words: object) -> None:
    """A line to the parent, at once."""
    print(*words, flush=True)


def work(path: Path, seed: int) -> None:
    """Write until killed."""
    chance = random.Random(seed)
    store = open_store(path)
    engine = store.connect("256MB", 1)
    say("ready")
    turn = 0
    while True:
        turn += 1
        choice = chance.random()
        if choice < 0.2:
            say("begin", "compact")
            compact(store, "夜间", grace=timedelta(0))
            say("done", "compact")
        elif choice < 0.3:
            _undo(store, chance)
        else:
            _import(store, engine, chance, f"{seed}-{turn}")


def _undo(store: RecordStore, chance: random.Random) -> None:
    batches = [
        each.seq for each in store.batches("visit") if each.kind is CommitKind.BATCH and not each.undone_at
    ]
    if not batches:
        return
    batch = chance.choice(batches)
    say("begin", "undo", batch)
    say("done", "undo", batch, store.undo(batch, "科长").seq)


def _import(store: RecordStore, engine: duckdb.DuckDBPyConnection, chance: random.Random, token: str) -> None:
    """New bodies, then visits to them: fresh ones, and others that correct earlier ones."""
    if chance.random() < 0.3:
        engine.execute(
            f"CREATE OR REPLACE TEMP TABLE given AS SELECT i AS _source_row, '{token}-' || i AS code FROM range(1, 200) t(i)"
        )
        say("begin", "body", token, 199)
        result = write_batch(store, engine, "given", BODY, BatchInfo("填报人", source=token))
        say("done", "body", token, result.record.batch)
    rows = chance.choice([10, 1_000, 30_000])
    start = chance.randrange(60_000)
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE given AS SELECT i AS _source_row, 'V' || (i + $start) AS number, 'first' AS body, "
        "DATE '2023-01-01' + CAST((i + $start) % 365 AS INTEGER) AS day, $token AS token, CAST(i AS BIGINT) AS cost "
        "FROM range(1, $rows + 1) t(i)",
        {"start": start, "token": token, "rows": rows},
    )
    say("begin", "visit", token, rows)
    result = write_batch(store, engine, "given", VISIT, BatchInfo("填报人", source=token))
    say("done", "visit", token, result.record.batch)


@dataclass(slots=True)
class Tally:
    """What was seen over all kills."""

    kills: int = 0
    during: Counter[str] = field(default_factory=Counter)
    acknowledged: int = 0
    finished: int = 0
    faults: list[str] = field(default_factory=list)
    left_behind: int = 0


def run(kills: int, seed: int, folder: Path) -> Tally:
    """Kill so many writers."""
    chance = random.Random(seed)
    tally = Tally()
    acknowledged: list[list[str]] = []
    begun: dict[str, int] = {}
    path = folder / "store"
    for number in range(kills):
        if number % STORES_LAST == 0:
            shutil.rmtree(path, ignore_errors=True)
            _new_store(path)
            acknowledged, begun = [], {}
        lines = _killed_worker(path, seed * 10_000 + number, chance.uniform(0.0, 1.5))
        tally.kills += 1
        tally.during[_during(lines)] += 1
        for line in lines:
            if line[0] == "begin" and line[1] in LEDGERS:
                begun[line[2]] = int(line[3])
            if line[0] == "done" and line[1] != "compact":
                acknowledged.append(line)
                tally.acknowledged += 1
        tally.faults += [f"kill {number + 1}: {each}" for each in check(path, acknowledged, begun, tally)]
    return tally


def _new_store(path: Path) -> None:
    with (
        RecordStore.create(path, catalogue=LEDGERS.get, referred=["body"]) as store,
        store.connect() as engine,
    ):
        engine.execute("CREATE TEMP TABLE given AS SELECT 1 AS _source_row, 'first' AS code")
        write_batch(store, engine, "given", BODY, BatchInfo("填报人"))


def _killed_worker(path: Path, seed: int, seconds: float) -> list[list[str]]:
    """What a worker said before it was killed, that long after it was ready."""
    command = [sys.executable, __file__, "--work", str(path), "--seed", str(seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as worker:
        if worker.stdout is None:
            raise RuntimeError("no pipe")
        first = worker.stdout.readline()
        time.sleep(seconds)
        worker.send_signal(signal.SIGKILL)
        rest = worker.stdout.read()
        code = worker.wait()
    if first != "ready\n" or code != -signal.SIGKILL:
        raise RuntimeError(f"the worker ended by itself ({code}): {first}{rest}")
    # a torn last line was not said
    return [line.split() for line in rest.split("\n")[:-1]]


def _during(lines: list[list[str]]) -> str:
    last = lines[-1] if lines else ["done"]
    return f"in {last[1]}" if last[0] == "begin" else "between"


def check(path: Path, acknowledged: list[list[str]], begun: dict[str, int], tally: Tally) -> list[str]:
    """What is wrong with a store after a kill; empty when nothing is."""
    found = []
    with open_store(path) as store:
        problems = verify(store)
        found += [f"{each.code} {each.what}" for each in problems if each.severity is Severity.ERROR]
        tally.left_behind += sum(each.severity is Severity.NOTE for each in problems)
        tally.left_behind += sum(each.suffix == ".parquet" for each in (path / "staging").iterdir())
        commits = {each.seq: each for each in store.batches()}
        for line in acknowledged:
            seq = None if line[-1] == "None" else int(line[-1])
            if seq is None:
                continue
            if seq not in commits or (line[1] != "undo" and commits[seq].source != line[2]):
                found.append(f"acknowledged and lost: {line}")
        by_source = {(each.ledger, each.source): each for each in commits.values() if each.source}
        with store.connect() as engine:
            rows = engine.execute(
                f"SELECT token, _batch, count(*) FROM {versions_sql('visit', store.snapshot(), ['token', '_batch'])} GROUP BY ALL"
            ).fetchall()
        for token, batch, count in rows:
            commit = by_source.get(("visit", token))
            if commit is None or commit.seq != batch or count != commit.rows:
                found.append(f"half a batch: {token} {batch} {count}")
        imports = {(each.ledger, each.source): each for each in store.manifest.imports()}
        for (_, token), record in imports.items():
            if token and record.rows_read not in {begun.get(token), 199}:
                found.append(f"import {record.number} read {record.rows_read} rows of {begun.get(token)}")
        tally.finished = len(commits)
    return found


def report(tally: Tally, seconds: float) -> str:
    """The result as a table."""
    lines = [
        "| what | figure |",
        "| --- | ---: |",
        f"| kills | {tally.kills} |",
        *(f"| … {name} | {count} |" for name, count in sorted(tally.during.items())),
        f"| acknowledged commits | {tally.acknowledged} |",
        f"| files left behind and cleaned by the next writer | {tally.left_behind} |",
        f"| stores that did not open or verify, batches lost or halved | {len(tally.faults)} |",
        f"| seconds | {seconds:.0f} |",
    ]
    return "\n".join([*lines, *tally.faults])


def main() -> int:
    """Run as a program."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", type=Path, help="be the worker on this store")
    chosen = parser.parse_args()
    if chosen.work is not None:
        work(chosen.work, chosen.seed)
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        tally = run(chosen.kills, chosen.seed, Path(folder))
    print(report(tally, time.monotonic() - start))
    return 1 if tally.faults else 0


if __name__ == "__main__":
    sys.exit(main())
