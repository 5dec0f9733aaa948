"""The Django application of the database."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate

from zhunsheng.store.database.trail_guard import ENTRIES, HEAD, guard


class DatabaseConfig(AppConfig):
    """Tables of what people decided."""

    name = "zhunsheng.store.database"
    label = "database"
    verbose_name = "数据库"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the trail guarded after every change of the tables, which may take triggers down with them."""
        post_migrate.connect(_guard_the_trail, sender=self)


def _guard_the_trail(using: str, **_: Any) -> None:  # noqa: ANN401 - as Django sends it
    connection = connections[using]
    with connection.cursor() as cursor:
        if {ENTRIES, HEAD} <= set(connection.introspection.table_names(cursor)):
            guard(connection.vendor, cursor.execute)
