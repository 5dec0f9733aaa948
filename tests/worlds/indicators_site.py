"""A bureau of the demonstration with generated records, and what its files hold, counted without the program."""

from pathlib import Path
from typing import Any

import duckdb

from zhunsheng.indicators.definition import IndicatorDefinition
from zhunsheng.measures.period import Window
from zhunsheng.store.database.models import Job, Organisation
from zhunsheng.store.engines.rows import Part
from zhunsheng.store.indicator_files import indicator_of
from zhunsheng.workflow.demonstration import BODY
from zhunsheng.workflow.importing.places import opened
from zhunsheng.workflow.indicators.listing import Listing

STORE = "huadu"
YEAR = 2023


def body() -> Organisation:
    """The bureau."""
    return Organisation.objects.select_related("overseer").get(code=BODY)


def definition(code: str) -> IndicatorDefinition:
    """An indicator."""
    found = indicator_of(code)
    assert found is not None
    return found


def asked_of_files(store: Path, sql: str) -> list[tuple[Any, ...]]:
    """Ask the files of a generated store, in which no record was ever corrected: `{ledger}` stands for its records."""
    with duckdb.connect() as engine:
        for folder in sorted((store / "batches").iterdir()):
            engine.execute(f"CREATE VIEW {folder.name} AS SELECT * FROM read_parquet('{folder}/*.parquet')")
        return engine.execute(sql).fetchall()


def listing(code: str, **given: Any) -> Listing:
    """The records behind a number, as they are now."""
    with opened(body()) as store:
        token = store.snapshot().token
    return Listing(
        definition(code),
        Window(YEAR, given.get("month", 0)),
        given.get("part", Part.NUMERATOR),
        given.get("measure", ""),
        given.get("body", ""),
        given.get("known", token),
    )


def jobs(kind: str) -> list[Job]:
    """The jobs of a kind, oldest first."""
    return list(Job.objects.filter(kind=kind).order_by("pk"))
