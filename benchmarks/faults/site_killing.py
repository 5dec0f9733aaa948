"""Kill processes of the site at random moments under load: `python benchmarks/faults/site_killing.py --kills 60`.

Several clients write without a pause; each write is a change of several rows with its lines of the trail, and asks for
a job that writes as many again. Meanwhile a worker, a process that answers, the one that started those, or the one
that watches over all is killed (SIGKILL) at random; the last one is started again by hand, the others start again by
themselves. At the end everything that was acknowledged must be there, every change whole with all its lines and the
other way round, every job over and done once, no job left longer than its lease, and the trail unbroken.

The database is SQLite in a new directory, or the one ZHUNSHENG_DATABASE names, which must be empty.
"""

import argparse
import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

LEASE = 6.0
_ROOT = Path(__file__).parent
_CLIENTS = 4
_PATIENCE = 30.0
"""Seconds beyond a lease, and after the last kill, until a job counts as stuck: a worker takes some to start."""
_DRAINED_WITHIN = 240.0


@dataclass(slots=True)
class Tally:
    """What was seen."""

    kills: Counter[str] = field(default_factory=Counter)
    acknowledged: set[str] = field(default_factory=set)
    refused: int = 0
    lost_connections: int = 0
    jobs: Counter[str] = field(default_factory=Counter)
    begun_again: int = 0
    longest_overdue: float = 0.0
    last_kill: float = 0.0
    patience: float = _PATIENCE
    lines: int = 0
    faults: list[str] = field(default_factory=list)


class Site:
    """The site being killed."""

    def __init__(self, data: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._log = (data / "serve.log").open("ab")
        self.start()

    def start(self) -> None:
        """Start it by its command."""
        command = [sys.executable, "-m", "zhunsheng", "serve", "--port", str(self.port), "--jobs", "2"]
        self.process = subprocess.Popen(command, stdout=self._log, stderr=subprocess.STDOUT)

    def await_answer(self, seconds: float = 90.0) -> None:
        """Wait until requests are answered.

        Raises:
            RuntimeError: they are not.
        """
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise RuntimeError(f"the site ended by itself ({self.process.returncode})")
            try:
                if self.post("first") == http.client.OK:
                    return
            except (OSError, http.client.HTTPException):
                time.sleep(0.2)
        raise RuntimeError("the site does not answer")

    def post(self, token: str) -> int:
        """Write under a token; the status of the answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("POST", f"/burning/{token}/")
            answer = connection.getresponse()
            answer.read()
            return answer.status
        finally:
            connection.close()

    def kill(self, what: str, chance: random.Random) -> bool:
        """Kill a process of a kind; False when none is there just now."""
        found = self.processes()[what]
        if not found:
            return False
        os.kill(chance.choice(found), signal.SIGKILL)
        if what == "watcher":
            self.process.wait()
            self.start()
        return True

    def processes(self) -> dict[str, list[int]]:
        """Process numbers by kind."""
        below = _children(self.process.pid)
        serving = [each for each in below if "zhunsheng.web.serving" in _command(each)]
        return {
            "worker": [each for each in below if "worker" in _command(each)],
            "server": serving,
            "answering": [child for each in serving for child in _children(each)],
            "watcher": [self.process.pid],
        }

    def stop(self) -> None:
        """End it politely."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        self._log.close()

    def left_behind(self) -> str:
        """What of it is still there after it has ended; "" when nothing is and the address is free."""
        wanted = f"--port\0{self.port}\0".encode()
        left = []
        for each in Path("/proc").iterdir():
            try:
                if each.name.isdigit() and wanted in (each / "cmdline").read_bytes():
                    left.append(each.name)
            except OSError:
                continue
        if left:
            return f"processes {', '.join(left)} are still there"
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", self.port))
            except OSError as error:
                return f"its address is not free: {error.strerror}"
        return ""


def _children(parent: int) -> list[int]:
    try:
        return [int(each) for each in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
    except OSError:
        return []


def _command(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().decode().replace("\0", " ")
    except OSError:
        return ""


def _client(number: int, site: Site, tally: Tally, ended: threading.Event) -> None:
    turn = 0
    while not ended.is_set():
        turn += 1
        # jobs are slower than requests; a queue without end would only make the trial long
        token = f"c{number}-{turn}{'j' if turn % 8 == number else ''}"
        try:
            status = site.post(token)
        except (OSError, http.client.HTTPException):
            tally.lost_connections += 1
            time.sleep(0.1)
            continue
        if status == http.client.OK:
            tally.acknowledged.add(token)
        else:
            tally.refused += 1
        time.sleep(0.05)


def _watch(tally: Tally, ended: threading.Event) -> None:
    from django.db import DatabaseError, connections  # noqa: PLC0415 - only when the framework is ready
    from django.utils import timezone  # noqa: PLC0415

    from zhunsheng.store.database.models import Job  # noqa: PLC0415

    while not ended.wait(0.5):
        now = timezone.now()
        try:
            leases = list(Job.objects.filter(state="running", lease__lt=now).values_list("lease", flat=True))
        except DatabaseError:
            continue
        for lease in leases:
            if lease is not None:
                overdue = (now - lease) / timedelta(seconds=1)
                # while workers are killed nobody can take it; what counts is how long one that lives lets it lie
                alive = time.monotonic() - tally.last_kill
                tally.longest_overdue = max(tally.longest_overdue, min(overdue, alive))
    connections.close_all()


def run(kills: int, seed: int, data: Path) -> Tally:
    """Kill so often, then look."""
    _set_up(data)
    chance, tally, site = random.Random(seed), Tally(), Site(data)
    ended, loaded, begun = threading.Event(), threading.Event(), time.monotonic()
    site.await_answer()
    # on a machine that is busy with other things a worker takes longer to start as well
    tally.patience = max(_PATIENCE, 3 * (time.monotonic() - begun))
    threads = [threading.Thread(target=_client, args=(each, site, tally, loaded)) for each in range(_CLIENTS)]
    threads.append(threading.Thread(target=_watch, args=(tally, ended)))
    for each in threads:
        each.start()
    try:
        while sum(tally.kills.values()) < kills:
            what = chance.choices(["worker", "answering", "server", "watcher"], [5, 3, 2, 1])[0]
            site.await_answer()
            if what == "worker":
                _await_work()
            time.sleep(chance.uniform(0.0, 0.5 if what == "worker" else 2.0))
            if site.kill(what, chance):
                tally.kills[what] += 1
                tally.last_kill = time.monotonic()
        site.await_answer()
        loaded.set()
        _drain(site, tally)
    finally:
        loaded.set()
        ended.set()
        for each in threads:
            each.join()
        site.stop()
    left = site.left_behind()
    if left:
        tally.faults.append(f"after its end: {left}")
    _check(tally)
    return tally


def _set_up(data: Path) -> None:
    """Settings for this process and all it starts, and the demonstration in the database."""
    sys.path.insert(0, str(_ROOT))
    paths = [str(_ROOT), os.environ.get("PYTHONPATH", "")]
    os.environ["PYTHONPATH"] = os.pathsep.join(each for each in paths if each)
    os.environ["DJANGO_SETTINGS_MODULE"] = "burning.settings"
    os.environ["ZHUNSHENG_DATA"] = str(data)
    os.environ["BURNING_LEASE"] = str(LEASE)
    from zhunsheng.web.starting import prepare  # noqa: PLC0415 - after the settings

    prepare()
    from django.utils import timezone  # noqa: PLC0415 - after the framework is ready

    from zhunsheng.web.upgrading import upgrade  # noqa: PLC0415
    from zhunsheng.workflow.demonstration import set_up  # noqa: PLC0415

    upgrade()
    set_up(timezone.now())


def _await_work() -> None:
    """Wait a little for a worker that is in the middle of a job."""
    from zhunsheng.store.database.models import Job  # noqa: PLC0415 - after the framework is ready

    until = time.monotonic() + LEASE
    while time.monotonic() < until and not Job.objects.filter(state="running", percent__gt=0).exists():
        time.sleep(0.05)


def _drain(site: Site, tally: Tally) -> None:
    """Wait until every job is over."""
    from zhunsheng.store.database.models import Job  # noqa: PLC0415 - after the framework is ready

    until = time.monotonic() + _DRAINED_WITHIN
    while Job.objects.filter(state__in=("waiting", "running")).exists():
        if time.monotonic() > until or site.process.poll() is not None:
            left = list(
                Job.objects.filter(state__in=("waiting", "running")).values_list("pk", "state", "attempts")
            )
            tally.faults.append(f"jobs that do not come to an end: {left[:10]}")
            return
        time.sleep(0.5)


def _check(tally: Tally) -> None:
    from burning.work import ROWS  # noqa: PLC0415 - after the framework is ready

    from zhunsheng.store.database.models import Job, Remark, TrailEntry  # noqa: PLC0415
    from zhunsheng.workflow.trail import is_guarded, verify  # noqa: PLC0415

    rows = Counter(Remark.objects.values_list("text", flat=True))
    subjects = TrailEntry.objects.filter(action="burning.write").values_list("subject", flat=True)
    lines = Counter(each.removeprefix("rows/") for each in subjects)
    tally.faults += [f"acknowledged and lost: {each}" for each in sorted(tally.acknowledged - set(rows))]
    tally.faults += [f"half a change: {each} has {n} rows" for each, n in rows.items() if n != ROWS]
    tally.faults += [
        f"{each}: {n} rows, {lines[each]} lines" for each, n in rows.items() if lines[each] != n + 1
    ]
    tally.faults += [f"lines without a change: {each}" for each in sorted(set(lines) - set(rows))]
    jobs = list(Job.objects.all())
    tally.jobs = Counter(each.state for each in jobs)
    tally.begun_again = sum(each.attempts > 1 for each in jobs)
    asked = Counter(each.label for each in jobs)
    written = {each for each in rows if not each.endswith("-job")}
    tally.faults += [
        f"a write with {asked[each]} jobs: {each}"
        for each in sorted(written)
        if asked[each] != each.endswith("j")
    ]
    for each in jobs:
        token = each.parameters["token"]
        if each.state == "done" and token not in rows:
            tally.faults.append(f"job {each.pk} is done and has written nothing")
        if each.state not in {"done", "failed"} or (each.state == "failed" and each.attempts < 3):
            tally.faults.append(
                f"job {each.pk} is {each.state} after {each.attempts} attempts: {each.message}"
            )
    if tally.longest_overdue > tally.patience:
        tally.faults.append(f"a job was stuck {tally.longest_overdue:.0f} seconds beyond its lease")
    tally.lines = TrailEntry.objects.count()
    tally.faults += [f"trail: {each.what}" for each in verify()]
    if not is_guarded():
        tally.faults.append("the guard of the trail is down")


def report(tally: Tally, seconds: float, engine: str) -> str:
    """The result as a table."""
    lines = [
        "| what | figure |",
        "| --- | ---: |",
        f"| database | {engine} |",
        f"| kills | {sum(tally.kills.values())} |",
        *(f"| … of the {name} | {count} |" for name, count in sorted(tally.kills.items())),
        f"| acknowledged writes | {len(tally.acknowledged)} |",
        f"| requests cut off or refused while it was down | {tally.lost_connections + tally.refused} |",
        *(f"| jobs {name} | {count} |" for name, count in sorted(tally.jobs.items())),
        f"| jobs begun again | {tally.begun_again} |",
        f"| longest a job lay beyond its lease ({LEASE:.0f} s) while no worker was killed | {tally.longest_overdue:.1f} s |",
        f"| lines of the trail | {tally.lines} |",
        f"| writes lost, changes halved, jobs stuck, processes or addresses left, breaches of the trail | {len(tally.faults)} |",
        f"| seconds | {seconds:.0f} |",
    ]
    return "\n".join([*lines, *tally.faults])


def main() -> int:
    """Run as a program."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        tally = run(chosen.kills, chosen.seed, Path(folder))
    engine = "PostgreSQL" if os.environ.get("ZHUNSHENG_DATABASE") else "SQLite"
    print(report(tally, time.monotonic() - start, engine))
    return 1 if tally.faults else 0


if __name__ == "__main__":
    sys.exit(main())
