"""A bureau with some records, for every test of their pages."""

from pathlib import Path
from typing import Any

import pytest
from demonstrated import demonstration
from records_site import BAD, GOOD, imported, with_reference_lists, workbook

from zhunsheng.store.database.models import Job


@pytest.fixture(autouse=True)
def _site(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIRECTORY, settings.STORES_DIRECTORY = tmp_path / "files", tmp_path / "stores"
    demonstration()


@pytest.fixture
def entities() -> Job:
    """Three market entities, one row rejected and one in quarantine."""
    with_reference_lists()
    return imported(workbook(*GOOD, *BAD))
