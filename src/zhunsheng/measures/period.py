"""The period a figure is for: a year or a month of it, and the same period of another year."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

_FIRST_YEAR, _LAST_YEAR = 1949, 2200


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A year, or one month of it; both ends belong to it.

    Attributes:
        year: calendar year.
        month: 1 to 12; 0 for the whole year.
    """

    year: int
    month: int = 0

    def __post_init__(self) -> None:
        if not _FIRST_YEAR <= self.year <= _LAST_YEAR:
            raise ValueError(f"年度应在 {_FIRST_YEAR} 至 {_LAST_YEAR} 之间，现为 {self.year}")
        if not 0 <= self.month <= 12:
            raise ValueError(f"月份应在 1 至 12 之间，现为 {self.month}")

    @property
    def start(self) -> date:
        """First day."""
        return date(self.year, self.month or 1, 1)

    @property
    def end(self) -> date:
        """Last day."""
        month = self.month or 12
        return date(self.year, month, monthrange(self.year, month)[1])

    @property
    def after(self) -> date:
        """The day after the last."""
        return self.end + timedelta(days=1)

    def shifted(self, years: int) -> "Window":
        """The same period of another year.

        Raises:
            ValueError: that year is out of range.
        """
        return Window(self.year + years, self.month)

    @property
    def months(self) -> tuple["Window", ...]:
        """The months of a year, or the month itself."""
        return (self,) if self.month else tuple(Window(self.year, each) for each in range(1, 13))

    def __str__(self) -> str:
        return f"{self.year}年{self.month}月" if self.month else f"{self.year}年"


def month_number(window: Window) -> int:
    """A month as one number, such as 202103; of a year its last month."""
    return window.year * 100 + (window.month or 12)
