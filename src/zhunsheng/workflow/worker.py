"""The worker: takes jobs one after the other and does them, until it is told to end.

While a job is being done a second thread renews its lease, so that a long step without progress does not lose it; a
worker that is killed renews nothing, and after the lease another one begins the job anew.
"""

import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from django.db import DatabaseError, close_old_connections, connections
from django.utils import timezone

from zhunsheng.store.database.models import Job
from zhunsheng.workflow import jobs
from zhunsheng.workflow.jobs import do, give_back, renew, take
from zhunsheng.workflow.mishaps import noted

POLL, LONGEST_POLL = 0.5, 2.0
"""Seconds between looks for work: at first, and after a while without any."""
GRACE = 15.0
"""Seconds a job is given to come to its end when the worker is to end; after that it is given back."""


def own_name() -> str:
    """A name no other worker has, not even a later one with the same process number."""
    return f"{socket.gethostname()[:40]}-{os.getpid()}-{secrets.token_hex(3)}"


@dataclass(slots=True)
class Worker:
    """A worker.

    Attributes:
        name: no other has it.
        heartbeat: seconds between renewals of a lease; a quarter of it, so that three may be missed.
        grace: seconds a job is given to end when the worker is to end.
        leave: ends the process at once, when a job that was given back does not stop by itself.
        told: is told of every job that was begun or ended, for the log.
    """

    name: str = field(default_factory=own_name)
    heartbeat: float = field(default_factory=lambda: jobs.LEASE.total_seconds() / 4)
    grace: float = GRACE
    leave: Callable[[int], object] = os._exit
    told: Callable[[Job], object] = lambda _job: None
    _stop: threading.Event = field(default_factory=threading.Event, init=False)
    _stopped_at: float | None = field(default=None, init=False)

    def stop(self, *_: object) -> None:
        """End: after the job that is being done, or when its time is over. Also a handler of signals."""
        self._stopped_at = self._stopped_at or time.monotonic()
        self._stop.set()

    def run(self) -> None:
        """Work until told to end."""
        pause = POLL
        while not self._stop.is_set():
            if self._step():
                pause = POLL
            else:
                self._stop.wait(pause)
                pause = min(pause * 1.25, LONGEST_POLL)

    def _step(self) -> bool:
        """Do one job; False when there is none, or the database cannot be asked just now."""
        close_old_connections()
        try:
            job = take(self.name, timezone.now())
            if job is None:
                return False
            self.told(job)
            with self._kept(job):
                do(job, self._must_end)
            self.told(job)
        except DatabaseError as error:
            # a server that restarts, a disk that is full: tried again; the job runs out of its lease meanwhile
            noted(error, f"后台程序 {self.name} 不能使用数据库，稍后再试")
            connections.close_all()
            return False
        return True

    def _must_end(self) -> bool:
        return self._stopped_at is not None and time.monotonic() - self._stopped_at >= self.grace

    @contextmanager
    def _kept(self, job: Job) -> Iterator[None]:
        """Keep the lease of a job as long as it is being done."""
        if job.is_over:
            yield
            return
        over = threading.Event()
        thread = threading.Thread(target=self._beat, args=(job, over), name="heartbeat", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _beat(self, job: Job, over: threading.Event) -> None:
        due = time.monotonic() + self.heartbeat
        try:
            while not over.wait(min(0.5, self.heartbeat)):
                if self._must_end() and not over.wait(5):
                    # a step that hears nothing: the job is begun anew elsewhere, as after a kill
                    with suppress(DatabaseError):
                        give_back(job)
                    self.leave(0)
                    return
                if time.monotonic() >= due:
                    due = time.monotonic() + self.heartbeat
                    # what the database refuses now is tried again at the next beat
                    with suppress(DatabaseError):
                        renew(job, timezone.now())
        finally:
            connections.close_all()
