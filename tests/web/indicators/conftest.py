"""A bureau with generated records, with values of indicators, with the records behind a number."""

from pathlib import Path
from typing import Any

import pytest
from demonstrated import actor, demonstration
from generated_store import generated_store
from indicators_site import YEAR, body, listing

from zhunsheng.workflow.indicators.asking import ask_for_rows, ask_for_values
from zhunsheng.workflow.jobs import do_all


@pytest.fixture
def store(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.FILES_DIRECTORY, settings.STORES_DIRECTORY = tmp_path / "files", tmp_path / "stores"
    made = generated_store(tmp_path / "stores" / "huadu")
    demonstration(store=made.name)
    monkeypatch.setattr(
        "zhunsheng.workflow.indicators.jobs.indicator_codes",
        lambda: (
            "annual_report_rate",
            "case_filings",
            "market_upgrade_finished",
            "market_upgrade_acceptance",
        ),
    )
    return made


@pytest.fixture
def values(store: Path) -> Path:
    """Values of four indicators are there."""
    ask_for_values(body(), YEAR, actor("caiwu"))
    (job,) = do_all()
    assert job.state == "done", (job.message, job.problems)
    return store


@pytest.fixture
def rows(store: Path) -> Path:
    """The cases filed are listed."""
    ask_for_rows(body(), listing("case_filings", measure="filed"), actor("caiwu"))
    do_all()
    return store
