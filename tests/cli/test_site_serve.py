"""`zhunsheng serve`: what it refuses, and what a person sees who starts and stops it."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from site_by_command import KEY, command, python, surroundings

from zhunsheng.web.server import Child
from zhunsheng.web.starting import CannotStart

pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"ZHUNSHENG_MODE": "production"}, ["ZHUNSHENG_SECRET_KEY", "ZHUNSHENG_HOSTS"]),
        ({"ZHUNSHENG_MODE": "prod"}, ["development 或 production"]),
        (
            {
                "ZHUNSHENG_MODE": "production",
                "ZHUNSHENG_HOSTS": "a",
                "ZHUNSHENG_SECRET_KEY": "zhunsheng-development-key-never-for-real-use",
            },
            ["ZHUNSHENG_SECRET_KEY"],
        ),
        ({"ZHUNSHENG_DATABASE": "mysql://x/y"}, ["ZHUNSHENG_DATABASE"]),
        ({"ZHUNSHENG_OIDC_NAME": "统一认证"}, ["ZHUNSHENG_OIDC_SERVER"]),
    ],
)
def test_wrong_settings_are_all_told_at_once(tmp_path: Path, more: dict[str, str], said: list[str]) -> None:
    code, out, message = command(tmp_path / "data", "serve", **more)
    assert (code, out) == (3, "")
    assert message.startswith("环境问题：")
    assert all(each in message for each in said)


def test_a_database_that_does_not_answer_is_told_without_a_trace(tmp_path: Path) -> None:
    code, _, said = command(
        tmp_path / "data", "serve", ZHUNSHENG_DATABASE="postgresql://nobody@127.0.0.1:1/none"
    )
    assert code == 3
    assert "Traceback" not in said
    assert "连接不上" in said or "另装驱动" in said


def test_a_broken_database_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "zhunsheng.sqlite").write_bytes(b"this is no database at all" * 100)
    code, _, said = command(tmp_path, "serve")
    assert (code, "打不开" in said) == (3, True)


def test_a_port_that_is_taken_is_told_with_another(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, _, said = command(tmp_path / "data", "serve", "--port", str(port))
    assert code == 3
    assert f"端口 {port} 不能使用" in said
    assert f"--port {port + 1}" in said


def test_production_refuses_the_demonstration_and_its_accounts(tmp_path: Path) -> None:
    real = {"ZHUNSHENG_MODE": "production", "ZHUNSHENG_SECRET_KEY": KEY, "ZHUNSHENG_HOSTS": "localhost"}
    code, _, said = command(tmp_path / "data", "serve", "--demo", **real)
    assert (code, "不装入演示" in said) == (2, True)
    python(
        tmp_path / "data",
        "from django.utils import timezone\nfrom zhunsheng.web.upgrading import upgrade\n"
        "from zhunsheng.workflow.demonstration import set_up\nupgrade()\nset_up(timezone.now())",
    )
    code, _, said = command(tmp_path / "data", "serve", **real)
    assert code == 3
    assert "演示账号" in said
    assert "tianbao" in said


def test_a_database_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    python(
        tmp_path,
        "from zhunsheng.web.upgrading import upgrade\nupgrade()\n"
        "from django.db.migrations.recorder import MigrationRecorder\n"
        "from django.db import connection\n"
        "MigrationRecorder(connection).record_applied('database', '9999_from_the_future')",
    )
    for arguments in (("serve",), ("admin", "list"), ("backup", str(tmp_path / "b.tar"))):
        code, _, said = command(tmp_path, *arguments)
        assert (code, "更新的版本" in said) == (3, True), arguments


def test_a_worker_waits_for_nobody_to_make_its_tables(tmp_path: Path) -> None:
    code, _, said = command(tmp_path / "data", "worker")
    assert (code, "先运行 zhunsheng serve" in said) == (3, True)


def test_it_starts_answers_starts_the_dead_again_and_ends(tmp_path: Path) -> None:
    port = free_port()
    process = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "zhunsheng", "serve", "--port", str(port), "--workers", "1", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=surroundings(tmp_path / "data"),
    )
    try:
        assert process.stdout is not None
        told = ""
        while not told.rstrip().endswith("}"):
            line = process.stdout.readline()
            assert line, process.stderr.read() if process.stderr else ""
            told += line
        assert json.loads(told)["address"] == f"http://127.0.0.1:{port}/"
        assert status(port) == 200
        children = [int(each) for each in _children(process.pid)]
        assert len(children) == 2
        for each in children:
            os.kill(each, signal.SIGKILL)
        _eventually(lambda: len(new(process.pid, children)) == 2 and status(port) == 200)
    finally:
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 0
    assert errors.count("被终止（信号 9），重新启动") == 2
    with pytest.raises(OSError):
        status(port)


def new(process: int, before: list[int]) -> set[int]:
    return {int(each) for each in _children(process)} - set(before)


def _children(process: int) -> list[str]:
    return Path(f"/proc/{process}/task/{process}/children").read_text().split()


def _eventually(true: Callable[[], bool], seconds: float = 60.0) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if true():
                return
        except OSError:
            pass
        time.sleep(0.3)
    raise AssertionError("it did not come about")


def status(port: int) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", "/accounts/login/")
        return connection.getresponse().status
    finally:
        connection.close()


def test_a_process_that_ends_at_once_again_and_again_is_given_up(tmp_path: Path) -> None:
    child = Child("试验", [sys.executable, "-c", "raise SystemExit(4)"], tmp_path / "log")
    told: list[str] = []

    def look_on() -> None:
        for moment in range(2000):
            told.append(child.look(moment * 0.5))
            if child.process is not None:
                child.process.wait()

    with pytest.raises(CannotStart, match="连续 5 次"):
        look_on()
    assert sum("意外退出（4）" in each for each in told) == 4
