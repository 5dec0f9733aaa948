"""Bringing the database and the static files to the state of the program."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from zhunsheng.web.starting import CannotStart

_LOCK = 7_105_202
"""Number of the lock that keeps two servers from upgrading one PostgreSQL at once."""


def is_empty() -> bool:
    """Whether there is no table yet."""
    return not connection.introspection.table_names()


def pending() -> tuple[str, ...]:
    """Changes of the tables that are still to be made."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return tuple(f"{each.app_label}.{each.name}" for each, _ in plan)


def unknown() -> tuple[str, ...]:
    """Changes that were made by a newer program."""
    loader = MigrationExecutor(connection).loader
    ours = {app for app, _ in loader.disk_migrations}
    return tuple(
        f"{app}.{name}"
        for app, name in sorted(loader.applied_migrations)
        if app in ours
        and (app, name) not in loader.disk_migrations
        and not _replaced(loader.replacements, app, name)
    )


def _replaced(replacements: object, app: str, name: str) -> bool:
    return isinstance(replacements, dict) and any(
        (app, name) in each.replaces for each in replacements.values()
    )


def upgrade(moment: datetime | None = None) -> tuple[str, ...]:
    """Make all pending changes; of a single-file database a copy is kept first.

    Returns:
        The changes that were made.

    Raises:
        CannotStart: the database belongs to a newer program.
    """
    with _alone():
        newer = unknown()
        if newer:
            raise CannotStart(
                f"数据库已由更新的版本升级过（{newer[0]} 等 {len(newer)} 项），本程序不能使用；请安装新版本，或恢复升级前的备份"
            )
        wanted = pending()
        if wanted:
            if not is_empty():
                _keep_copy(moment or timezone.now())
            call_command("migrate", interactive=False, verbosity=0)
        return wanted


def be_current() -> None:
    """Make the tables of an empty database; refuse one that must be upgraded first.

    Raises:
        CannotStart: it must be upgraded, or belongs to a newer program.
    """
    if is_empty() or unknown():
        upgrade()
    elif pending():
        raise CannotStart("数据库需要升级才能使用：先备份，再运行 zhunsheng serve（启动时自动升级）")


@contextmanager
def _alone() -> Iterator[None]:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
    else:
        with (settings.DATA_DIRECTORY / ".upgrading").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _keep_copy(moment: datetime) -> None:
    if connection.vendor != "sqlite":
        return
    name = f"before-upgrade-{timezone.localtime(moment):%Y%m%d-%H%M%S}.sqlite"
    target: Path = settings.DATA_DIRECTORY / "backups" / name
    target.parent.mkdir(parents=True, exist_ok=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(target)])


def collect_static() -> bool:
    """Put the static files where production serves them from, if any has changed; True when it was done."""
    root: Path = settings.STATIC_ROOT
    root.mkdir(parents=True, exist_ok=True)
    if not settings.ENVIRONMENT.production:
        return False
    stamp, wanted = root / ".collected", _digest_of_static()
    if stamp.is_file() and stamp.read_text() == wanted:
        return False
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(wanted)
    return True


def _digest_of_static() -> str:
    digest = sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()
