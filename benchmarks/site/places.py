"""Where the benchmark's site lies, who is in it, and the addresses that are measured: the one list of them."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUREAU, FINANCE_BUREAU, THIRD_PARTY = "gz-amr", "gz-czj", "gz-firm"
STORE = "guangzhou"
RECORDED, COLLECTED, PLANNED = "gz-2021", "gz-2022", "gz-2023"
"""The year with records and a frozen evaluation, the year being collected, the year being planned."""
EARLIER = ("gz-2019", "gz-2020")
PASSWORD = "bench-site-2021"  # noqa: S105 - of accounts that exist only in the benchmark
PARTS, TASKS, PEOPLE = 71, 9, 300
"""Divisions, stations and units of the bureau; how many of them answer for a task; people in the whole tree."""
KEY = "benchmark-key-" + "0123456789" * 5
LEDGER = "market_entity"
_RECORDS = f"/records/{BUREAU}/{LEDGER}/records/"


@dataclass(frozen=True, slots=True)
class Page:
    """A page that is measured.

    Attributes:
        name: as the table says it.
        address: `{stylesheet}`, `{key}`, `{name}` and `{next}` are filled in with what the site really has.
        baseline: measured to compare with, not to be judged.
        required: named in the target; the others are measured beside them.
        painted: whether its first paint is measured.
    """

    name: str
    address: str
    baseline: bool = False
    required: bool = True
    painted: bool = True


PAGES: tuple[Page, ...] = (
    Page("sign-in page (baseline)", "/accounts/login/", baseline=True),
    Page("stylesheet (baseline)", "{stylesheet}", baseline=True, painted=False),
    Page("home", "/"),
    Page("indicator list", "/indicators/"),
    Page("scoring sheet", f"/evaluation/{RECORDED}/"),
    Page("records, first page", _RECORDS),
    Page("records, next page", f"{_RECORDS}?{{next}}", painted=False),
    Page("records, by key", f"{_RECORDS}?f.entity_id={{key}}", painted=False),
    Page("records, by part of a name", f"{_RECORDS}?f.name={{name}}", painted=False),
    Page(
        "records, filtered by state and days",
        f"{_RECORDS}?f.reg_status=REVOKED&f.established_on.from=2015-01-01",
    ),
    Page("year", f"/cases/{RECORDED}/", required=False),
    Page("plan of a year", f"/plan/{PLANNED}/", required=False),
    Page("values of a year", f"/collect/{COLLECTED}/", required=False),
)
"""What is asked for, in turn."""


def user_names(count: int) -> list[str]:
    """Names of so many people, of all parts of the tree."""
    return [f"u{number:03d}" for number in range(count)]


def cached(scale: str) -> Path:
    """Where the site of a scale is kept between runs."""
    return ROOT / "var/bench-site" / f"scale-{scale}"
