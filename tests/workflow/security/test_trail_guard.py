"""The trail's own database refuses every way of writing over a line, also those that are no UPDATE or DELETE."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from zhunsheng.store.database.models import TrailEntry, TrailHead
from zhunsheng.workflow.actor import PUBLIC
from zhunsheng.workflow.trail import record, verify

pytestmark = pytest.mark.django_db


def _written(lines: int) -> None:
    for place in range(lines):
        with transaction.atomic():
            record(
                PUBLIC,
                datetime(2026, 1, 1, tzinfo=UTC),
                action="test",
                subject=f"thing/{place}",
                after={"a": place},
            )


def _columns() -> str:
    return ", ".join(connection.ops.quote_name(str(each.column)) for each in TrailEntry._meta.fields)


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="REPLACE is SQLite's")
@pytest.mark.parametrize("verb", ["INSERT OR REPLACE", "REPLACE"])
def test_a_line_is_not_replaced(verb: str) -> None:
    _written(3)
    copied = _columns().replace('"subject"', "'other'")
    with (
        pytest.raises(DatabaseError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            f"{verb} INTO database_trailentry ({_columns()}) SELECT {copied} FROM database_trailentry WHERE number = 2"
        )
    assert TrailEntry.objects.get(number=2).subject == "thing/1"
    assert list(verify()) == []


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="REPLACE is SQLite's")
def test_the_head_is_not_replaced_by_a_shorter_one() -> None:
    _written(3)
    with (
        pytest.raises(DatabaseError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("REPLACE INTO database_trailhead (id, count, hash) VALUES (1, 1, '')")
    assert TrailHead.objects.get().count == 3


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="UPSERT of SQLite")
def test_a_line_is_not_changed_by_an_insert_that_updates() -> None:
    _written(2)
    with (
        pytest.raises(DatabaseError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            f"INSERT INTO database_trailentry ({_columns()}) SELECT {_columns()} FROM database_trailentry WHERE number = 2 "
            "ON CONFLICT (number) DO UPDATE SET subject = 'other'"
        )
