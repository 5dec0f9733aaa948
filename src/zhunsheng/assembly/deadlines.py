"""The last day of a period by the register and the calendars of the package."""

from collections.abc import Callable
from datetime import date
from functools import lru_cache

from zhunsheng.assembly.rejections import Rejected
from zhunsheng.kernel.hashing import sha256_of_parts
from zhunsheng.kernel.place import Place
from zhunsheng.ledgers.deadline_rules import DeadlineError
from zhunsheng.store.case_directory import content_of
from zhunsheng.store.definition_files import definitions_directory


def last_day(event: date, rule: str) -> date:
    """The last day of a period; the register is read when it is first asked for.

    Raises:
        DeadlineError: it cannot be told: no such rule, no version, no calendar for a year.
    """
    return _last_days()(event, rule)


def due_day(event: date, rule: str) -> date:
    """As `last_day`, for engines: what cannot be told ends the computation.

    Raises:
        Rejected: it cannot be told.
    """
    try:
        return last_day(event, rule)
    except DeadlineError as unknown:
        raise Rejected((unknown.problem(Place(field=rule)),)) from unknown


@lru_cache(maxsize=1)
def register_digest() -> str:
    """One hash over everything deadlines depend on."""
    parts = {
        f"{kind}/{name}": content
        for kind in ("deadlines", "calendars")
        for name, content in content_of(definitions_directory() / kind).items()
    }
    return sha256_of_parts(parts)


@lru_cache(maxsize=1)
def _last_days() -> Callable[[date, str], date]:
    from zhunsheng.store.calendar_files import load_calendar  # noqa: PLC0415 - seldom needed
    from zhunsheng.store.deadline_files import load_deadlines  # noqa: PLC0415

    return load_deadlines()[0].last_day(load_calendar()[0])
