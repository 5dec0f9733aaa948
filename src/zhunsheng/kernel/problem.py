"""Problems are values: code, severity, place, what was found, why it matters, what to do.

A `Kind` is declared once, as a module constant beside the code that raises it; its code is stable
and never reused. `docs/problem-codes.md` is generated from all declared kinds.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from zhunsheng.kernel.place import Place


class Severity(StrEnum):
    """How serious a problem is."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def label(self) -> str:
        """The Chinese word shown to users."""
        return {"error": "错误", "warning": "警告", "note": "提示"}[self.value]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem.

    Attributes:
        code: stable code such as "CASE-007".
        severity: the usual severity.
        title: what is wrong in general, in Chinese.
        remedy: what to do in general, in Chinese; an instance may say it more precisely.
    """

    code: str
    severity: Severity
    title: str
    remedy: str

    def at(
        self, place: Place, what: str, *, value: object = None, why: str = "", remedy: str = ""
    ) -> "Problem":
        """A problem of this kind at `place`; `what` says what was found there."""
        return Problem(
            code=self.code,
            severity=self.severity,
            place=place,
            what=what,
            value=None if value is None else str(value),
            why=why or self.title,
            remedy=remedy or self.remedy,
        )


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is wrong or doubtful in what a user gave us.

    Attributes:
        what: what was found, in Chinese, with the value where there is one.
        value: the offending value as written, or None.
        why: the rule that is broken.
        remedy: what the user should do now.
    """

    code: str
    severity: Severity
    place: Place
    what: str
    why: str
    remedy: str
    value: str | None = None

    def as_data(self) -> dict[str, object]:
        """The problem as plain data, in the documented JSON shape."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "place": self.place.as_data(),
            "value": self.value,
            "what": self.what,
            "why": self.why,
            "remedy": self.remedy,
        }


@dataclass(slots=True)
class Problems:
    """A collector: checks add to it, nothing stops at the first problem."""

    found: list[Problem] = field(default_factory=list)

    def add(self, problem: Problem) -> None:
        """Add one problem."""
        self.found.append(problem)

    def extend(self, problems: Iterable[Problem]) -> None:
        """Add several problems."""
        self.found.extend(problems)

    @property
    def has_errors(self) -> bool:
        """Whether any problem is an error."""
        return any(problem.severity is Severity.ERROR for problem in self.found)

    def as_tuple(self) -> tuple[Problem, ...]:
        """The problems in the order they were found."""
        return tuple(self.found)
