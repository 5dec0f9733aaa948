"""The fiscal year of China: the calendar year, both ends included."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, order=True)
class FiscalYear:
    """A budget year.

    >>> FiscalYear(2023).last_day
    datetime.date(2023, 12, 31)
    """

    year: int

    @property
    def first_day(self) -> date:
        """1 January, included."""
        return date(self.year, 1, 1)

    @property
    def last_day(self) -> date:
        """31 December, included."""
        return date(self.year, 12, 31)

    @property
    def previous(self) -> "FiscalYear":
        """The year before."""
        return FiscalYear(self.year - 1)

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day

    def __str__(self) -> str:
        return f"{self.year}年度"
