"""Emptying the database: for tests and trials; never where real people's acts are recorded."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import flush
from django.db import connections

from zhunsheng.store.database.trail_guard import guard, unguard


class Command(flush.Command):
    """As the framework's, with the guard of the trail taken down and put up again."""

    def handle(self, **options: Any) -> None:  # noqa: ANN401 - as the base class
        """Empty it.

        Raises:
            CommandError: in production.
        """
        if settings.ENVIRONMENT.production:
            raise CommandError("正式运行的数据库不能清空：操作记录只增不删。需要空库时另建一个。")
        connection = connections[options["database"]]
        with connection.cursor() as cursor:
            unguard(connection.vendor, cursor.execute)
        try:
            super().handle(**options)
        finally:
            with connection.cursor() as cursor:
                guard(connection.vendor, cursor.execute)
