"""A real cluster on this machine: a master and two workers, each a process of its own."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

_UP_SECONDS = 60


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def master(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    pyspark = pytest.importorskip("pyspark", reason="没有安装 pyspark：运行 make spark")
    if shutil.which("java") is None:
        pytest.skip("没有 Java 17：集群测试未运行")
    home = Path(pyspark.__file__).parent
    work = tmp_path_factory.mktemp("cluster")
    port = _free_port()
    environment = os.environ | {"SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1"}
    launch = str(home / "bin" / "spark-class")
    logs = [(work / f"{name}.log").open("wb") for name in ("master", "one", "two")]
    address = f"spark://127.0.0.1:{port}"
    commands = [
        [
            launch,
            "org.apache.spark.deploy.master.Master",
            "-h",
            "127.0.0.1",
            "-p",
            str(port),
            "--webui-port",
            str(_free_port()),
        ],
        *(
            [
                launch,
                "org.apache.spark.deploy.worker.Worker",
                "-h",
                "127.0.0.1",
                "-c",
                "1",
                "-m",
                "1G",
                "-d",
                str(work / name),
                "--webui-port",
                str(_free_port()),
                address,
            ]
            for name in ("one", "two")
        ),
    ]
    processes = []
    try:
        for command, log in zip(commands, logs, strict=True):
            processes.append(subprocess.Popen(command, env=environment, stdout=log, stderr=log))  # noqa: S603
            time.sleep(1)
        _wait_for(work / "master.log", "Registering worker", 2)
        yield address
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(timeout=30)
        for log in logs:
            log.close()


def _wait_for(log: Path, words: str, times: int) -> None:
    end = time.monotonic() + _UP_SECONDS
    while time.monotonic() < end:
        if log.read_text(errors="replace").count(words) >= times:
            return
        time.sleep(0.5)
    pytest.fail(f"集群没有在 {_UP_SECONDS} 秒内就绪：{log.read_text(errors='replace')[-2000:]}")
