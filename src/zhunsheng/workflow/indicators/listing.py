"""The records behind a number as a file of identities beside the records: made once, leafed through often."""

import os
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from zhunsheng.assembly.deadlines import register_digest
from zhunsheng.assembly.explaining import Behind, behind_figure
from zhunsheng.assembly.rejections import WrongRequest
from zhunsheng.indicators.definition import IndicatorDefinition
from zhunsheng.kernel.hashing import sha256_of_parts
from zhunsheng.measures.period import Window
from zhunsheng.store.database.models import Job, JobState, Organisation
from zhunsheng.store.engines.rows import Part
from zhunsheng.store.indicator_files import indicator_of
from zhunsheng.store.records.record_store import RecordStore

ROWS = "indicators.rows"
_KEPT_DAYS: Final = 14
_DAY: Final = 86_400


@dataclass(frozen=True, slots=True)
class Listing:
    """Which records are meant.

    Attributes:
        indicator: the definition.
        window: the year, or a month of it.
        part: of a ratio, when no measure is named.
        measure: name of a measure; "" for a part.
        body: code of a body of the record store, with all below it; "" for all.
        known: token of the state of the store.
    """

    indicator: IndicatorDefinition
    window: Window
    part: Part
    measure: str
    body: str
    known: str

    def behind(self) -> Behind:
        """The measure whose records they are.

        Raises:
            WrongRequest: there is no such measure or part, or no definition for the year.
        """
        return behind_figure(self.indicator, self.window, self.part, self.measure)

    @property
    def name(self) -> str:
        """The name of the file: a hash of everything that decides which records they are."""
        described = {
            "definition": self.indicator.digest,
            "window": str(self.window),
            "part": self.part.value,
            "measure": self.measure,
            "body": self.body,
            "known": self.known,
            "register": register_digest(),
        }
        digest = sha256_of_parts({key: value.encode() for key, value in described.items()})
        return f"{digest}.parquet"

    def path(self, store: RecordStore) -> Path:
        """Where the file lies."""
        return folder_of(store) / self.name

    def parameters(self) -> dict[str, Any]:
        """As plain data, for a job."""
        return {
            "indicator": self.indicator.code,
            "year": self.window.year,
            "month": self.window.month,
            "part": self.part.value,
            "measure": self.measure,
            "body": self.body,
            "known": self.known,
        }

    def words(self) -> str:
        """For people."""
        which = f"度量 {self.measure}" if self.measure else self.part.label
        return f"{self.indicator.label} {self.window}，{which}"


def listing_of(given: Mapping[str, Any]) -> Listing:
    """A listing from plain data.

    Raises:
        WrongRequest: it names something that does not exist.
    """
    indicator = indicator_of(str(given["indicator"]))
    if indicator is None:
        raise WrongRequest(f"指标库中没有“{given['indicator']}”。")
    window = Window(int(given["year"]), int(given["month"]))
    return Listing(
        indicator,
        window,
        Part(given["part"]),
        str(given["measure"]),
        str(given["body"]),
        str(given["known"]),
    )


def folder_of(store: RecordStore) -> Path:
    """Where the files of a store lie; they may be deleted at any time."""
    return store.layout.root / "states" / "rows"


def begun(target: Path) -> Path:
    """A file beside the target that is written first and takes its place when it is whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    return target.with_name(f".{target.name}.{os.getpid()}")


def used(path: Path) -> None:
    """Say that a file was looked at, so that it stays."""
    with suppress(OSError):
        if time.time() - path.stat().st_mtime > _DAY:
            os.utime(path)


def swept(folder: Path) -> None:
    """Delete what nobody has looked at for some days."""
    last = time.time() - _KEPT_DAYS * _DAY
    with suppress(OSError):
        for each in folder.iterdir():
            with suppress(OSError):
                if each.stat().st_mtime < last:
                    each.unlink()


def listing_now(body: Organisation, listing: Listing) -> Job | None:
    """The job that waits or runs for a listing, or the one that came to nothing last; None otherwise."""
    last = (
        Job.objects.filter(kind=ROWS, organisation=body, parameters__name=listing.name)
        .order_by("created", "pk")
        .last()
    )
    return None if last is None or last.state == JobState.DONE else last
