"""Pages that need a record store which is damaged, or of another format, say so with the reason."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from calling import call, token_of
from demonstrated import client_of
from django.conf import settings
from django.urls import reverse
from records_site import BAD, GOOD, body, imported, with_reference_lists, workbook

from zhunsheng.store.database.models import Job, TrailEntry
from zhunsheng.workflow.importing.places import opened

pytestmark = pytest.mark.django_db
LEDGER = ("huadu-amr", "market_entity")


def truncated(manifest: Path) -> None:
    content = manifest.read_bytes()
    manifest.write_bytes(content[: len(content) // 2])


def emptied(manifest: Path) -> None:
    manifest.write_bytes(b"")


def overwritten(manifest: Path) -> None:
    manifest.write_bytes(b"damaged" * 1000)


def of_another_format(manifest: Path) -> None:
    with sqlite3.connect(manifest) as connection:
        connection.execute("UPDATE info SET value = '999' WHERE name = 'format'")


@pytest.mark.parametrize("damage", [truncated, emptied, overwritten, of_another_format])
def test_what_needs_a_damaged_store_is_refused_with_the_reason(damage: Callable[[Path], None]) -> None:
    with_reference_lists()
    imported(workbook(*GOOD, BAD[1]))
    with opened(body()) as store:
        (held,) = (each.number for each in store.manifest.held("market_entity"))
    path = settings.STORES_DIRECTORY / body().store
    for log in path.glob("manifest.sqlite-*"):
        log.unlink()
    damage(path / "manifest.sqlite")
    written, asked = TrailEntry.objects.count(), Job.objects.count()
    client = client_of("caiwu")
    rows = ["case_filings", LEDGER[0]]
    for address, given in (
        (reverse("records_export", args=LEDGER), {"form": "csv"}),
        (reverse("held_row_discard", args=[*LEDGER, held]), {"reason": "重复"}),
        (reverse("held_rows_discard", args=LEDGER), {"row": [held], "reason": "重复"}),
        (reverse("indicator_rows_export", args=rows), {"year": "2023", "measure": "filed", "form": "csv"}),
        (reverse("indicator_rows_list", args=rows), {"year": "2023", "measure": "filed"}),
    ):
        answer = client.post(address, given)
        shown = answer.content.decode()
        assert answer.status_code == 422, address
        assert "要用的内容读不出来" in shown
        assert "STORE-" in shown
    assert (TrailEntry.objects.count(), Job.objects.count()) == (written, asked)
    # the interface for programs says the same in its one shape
    answer = call("GET", f"/organisations/{LEDGER[0]}/ledgers/{LEDGER[1]}/records", token_of("caiwu"))
    assert answer.status_code == 422
    assert answer.json()["problems"][0]["code"].startswith("STORE-")
