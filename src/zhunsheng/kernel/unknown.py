"""The unknown as values of their own. Never zero, never an accidental None."""

from dataclasses import dataclass
from enum import StrEnum


class Absence(StrEnum):
    """Why there is no figure."""

    NOT_COLLECTED = "not_collected"
    NOT_DUE = "not_due"
    NOT_APPLICABLE = "not_applicable"
    UNDEFINED = "undefined"

    @property
    def label(self) -> str:
        """The Chinese word shown to users."""
        return _LABELS[self]


_LABELS = {
    Absence.NOT_COLLECTED: "未采集",
    Absence.NOT_DUE: "未到期",
    Absence.NOT_APPLICABLE: "不适用",
    Absence.UNDEFINED: "无法计算",
}


@dataclass(frozen=True, slots=True)
class Unknown:
    """A figure that is not there, and why.

    Attributes:
        absence: which of the four kinds.
        why: the reason in Chinese; required in spirit for UNDEFINED, may be empty for the others.
    """

    absence: Absence
    why: str = ""

    def __str__(self) -> str:
        return f"{self.absence.label}（{self.why}）" if self.why else self.absence.label


NOT_COLLECTED = Unknown(Absence.NOT_COLLECTED)
NOT_DUE = Unknown(Absence.NOT_DUE)
NOT_APPLICABLE = Unknown(Absence.NOT_APPLICABLE)


def undefined(why: str) -> Unknown:
    """A figure that cannot be computed, for the reason `why`."""
    return Unknown(Absence.UNDEFINED, why)
