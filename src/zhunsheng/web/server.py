"""Running the site: one process that answers and some that work, watched, started again, ended together."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from zhunsheng.web.starting import CannotStart

_LOOK = 0.2
_MOST_ENDS, _WITHIN = 5, 60.0
"""A process that ends by itself so often within so many seconds is not started again."""
_END_WITHIN = 40.0
"""Seconds all processes are given to end; a job is given back before."""
_READY_WITHIN = 60.0
_PORT_WITHIN = 12.0
"""Seconds an address is waited for that orphans of a server just killed may still hold: they end one after another."""


@dataclass(slots=True)
class Child:
    """A process of the site.

    Attributes:
        label: in Chinese.
        log: file its output is appended to.
        ends: when it ended by itself, lately.
    """

    label: str
    command: Sequence[str]
    log: Path
    process: "subprocess.Popen[bytes] | None" = None
    ends: deque[float] = field(default_factory=lambda: deque(maxlen=_MOST_ENDS))
    due: float = 0.0

    def start(self) -> None:
        """Start it, in a session of its own: what the terminal sends reaches only the one that watches."""
        with self.log.open("ab") as stream:
            self.process = subprocess.Popen(  # noqa: S603 - our own programs
                list(self.command),
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env={**os.environ, "ZHUNSHENG_PARENT": str(os.getpid())},
            )

    def look(self, now: float) -> str:
        """Start it again when it has ended; says what happened, "" when nothing did.

        Raises:
            CannotStart: it has ended too often.
        """
        if self.process is None:
            if now >= self.due:
                self.start()
            return ""
        code = self.process.poll()
        if code is None:
            return ""
        self.process = None
        if code < 0:
            # killed from outside, for want of memory or by a person: started again as often as that happens
            self.due = now
            return f"{self.label}被终止（信号 {-code}），重新启动"
        self.ends.append(now)
        if len(self.ends) == _MOST_ENDS and now - self.ends[0] < _WITHIN:
            raise CannotStart(f"{self.label}连续 {_MOST_ENDS} 次异常退出，不再重启；原因见 {self.log}")
        self.due = now + min(2 ** (len(self.ends) - 1), 8) * 0.25
        return f"{self.label}意外退出（{code}），重新启动；原因见 {self.log}"

    def end(self, how: signal.Signals) -> None:
        """Send a signal if it runs."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(how)


def children(host: str, port: int, workers: int, jobs: int, logs: Path) -> tuple[Child, ...]:
    """The processes of a site."""
    serving = [sys.executable, "-m", "zhunsheng.web.serving", "--host", host, "--port", str(port)]
    working = [sys.executable, "-m", "zhunsheng", "worker"]
    return (
        Child("网页服务", [*serving, "--workers", str(workers)], logs / "server.log"),
        *(Child(f"后台程序 {place + 1}", working, logs / "worker.log") for place in range(jobs)),
    )


def run(
    found: Sequence[Child], host: str, port: int, told: Callable[[str], None], ready: Callable[[], None]
) -> None:
    """Run until a signal ends it.

    Args:
        found: the processes; the first one answers requests.
        host: where it answers.
        port: where it answers.
        told: is told what happens, in Chinese.
        ready: is called once, when requests are answered.

    Raises:
        CannotStart: the address is taken, or a process does not stay up.
    """
    _address_is_free(host, port)
    with _until_signal() as ended:
        try:
            for each in found:
                each.start()
            threading.Thread(target=_announce, args=((host, port), told, ready, ended), daemon=True).start()
            while not ended.wait(_LOOK):
                for each in found:
                    happened = each.look(time.monotonic())
                    if happened:
                        told(happened)
        finally:
            ended.set()
            _end(found, told)


def _end(found: Sequence[Child], told: Callable[[str], None]) -> None:
    for each in found:
        each.end(signal.SIGTERM)
    until = time.monotonic() + _END_WITHIN
    for each in found:
        if each.process is None:
            continue
        try:
            each.process.wait(max(until - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            told(f"{each.label}没有按时退出，强制结束；没做完的任务由下一个后台程序重新开始")
            each.process.kill()
            each.process.wait()


@contextmanager
def _until_signal() -> Iterator[threading.Event]:
    """An event that is set by Ctrl-C or the polite signal."""
    ended = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        ended.set()

    before: dict[signal.Signals, Any] = {
        each: signal.signal(each, end) for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    try:
        yield ended
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _address_is_free(host: str, port: int) -> None:
    until = time.monotonic() + _PORT_WITHIN
    while True:
        try:
            family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
        except socket.gaierror as error:
            raise CannotStart(
                f"地址 {host} 不认识；用 --host 127.0.0.1（仅本机）或 0.0.0.0（所有网卡）"
            ) from error
        except PermissionError as error:
            raise CannotStart(
                f"端口 {port} 须有管理员权限才能使用；换一个 1024 以上的端口，例如 --port 8000"
            ) from error
        except OSError as error:
            if time.monotonic() >= until:
                raise CannotStart(
                    f"{host} 的端口 {port} 不能使用（{error.strerror}）；可能已有一个准绳在运行，或换一个端口：--port {port + 1}"
                ) from error
            time.sleep(_LOOK)
        else:
            return


def _announce(
    address: tuple[str, int], told: Callable[[str], None], ready: Callable[[], None], ended: threading.Event
) -> None:
    until = time.monotonic() + _READY_WITHIN
    while not ended.is_set() and time.monotonic() < until:
        if answers(*address):
            ready()
            return
        time.sleep(_LOOK)
    if not ended.is_set():
        told(
            f"网页服务启动 {_READY_WITHIN:.0f} 秒后仍不应答；原因见数据目录中的 logs/server.log 和 logs/site.log"
        )


def answers(host: str, port: int) -> bool:
    """Whether requests are answered, well or with a refusal."""
    near = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104 - compared only
    connection = http.client.HTTPConnection(near, port, timeout=10)
    try:
        connection.request("GET", "/accounts/login/", headers={"Host": _own_name()})
        return connection.getresponse().status < http.client.INTERNAL_SERVER_ERROR
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _own_name() -> str:
    """A name the site may be called by, so that asking whether it answers is no refused request in its journal."""
    first = os.environ.get("ZHUNSHENG_HOSTS", "").split(",")[0].strip().lstrip(".")
    return first if first and first != "*" else "localhost"
