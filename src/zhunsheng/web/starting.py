"""Before anything of the site runs: the settings are right, the data directory can be used, the database answers."""

import os
from pathlib import Path
from typing import Any

import django
from django.core.exceptions import ImproperlyConfigured

from zhunsheng.web.environment import WrongSettings, read_environment

_DIRECTORIES = ("", "static", "logs", "files", "stores", "backups")


class CannotStart(Exception):  # noqa: N818 - the surroundings are wrong, the program is fine
    """Something around the program is in the way; `faults` lists everything, in Chinese."""

    def __init__(self, *faults: str) -> None:
        super().__init__("；".join(faults))
        self.faults = faults


def prepare() -> None:
    """Check the surroundings and load the framework; afterwards models and settings may be used.

    Raises:
        CannotStart: with everything that is wrong.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhunsheng.web.settings")
    try:
        environment = read_environment()
    except WrongSettings as wrong:
        raise CannotStart(*wrong.faults) from wrong
    _directories(environment.data)
    try:
        django.setup()
    except ImproperlyConfigured as missing:
        if "psycopg" in str(missing):
            raise CannotStart(
                "使用 PostgreSQL 须另装驱动：在源码目录运行 scripts/setup.sh postgresql，或 pip install 'zhunsheng[postgresql]'"
            ) from missing
        raise
    _database(environment.database)


def _directories(data: Path) -> None:
    # what is made from here on, the database and the logs, is its owner's alone, also in a directory others may enter
    os.umask(0o077)
    for each in _DIRECTORIES:
        try:
            (data / each).mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise CannotStart(
                f"数据目录 {data / each} 不能建立（{error.strerror}）；请检查上级目录的权限，或用 ZHUNSHENG_DATA 指定别处"
            ) from error
        if not os.access(data / each, os.W_OK | os.X_OK):
            raise CannotStart(f"数据目录 {data / each} 不能写入；请检查权限，或用 ZHUNSHENG_DATA 指定别处")


def _database(described: dict[str, Any]) -> None:
    from django.db import DatabaseError, connection  # noqa: PLC0415 - only when the settings are loaded

    where = f"{described.get('HOST') or '本机'} 的 {described['NAME']}"
    try:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise CannotStart(
            f"数据库（{where}）连接不上：{first}；请检查 ZHUNSHENG_DATABASE、数据库是否启动、用户和口令"
            if connection.vendor == "postgresql"
            else f"数据库文件 {described['NAME']} 打不开：{first}；请检查文件是否完好、磁盘是否已满，或从备份恢复"
        ) from error
    finally:
        connection.close()
