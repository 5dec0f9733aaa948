"""A fact: a figure with everything that must agree before two figures can contradict each other."""

from dataclasses import dataclass
from enum import StrEnum

from zhunsheng.audit.facts.qualifiers import Stage
from zhunsheng.audit.quantities.numeral import Bound, Numeral, Role
from zhunsheng.kernel.quantity import Hedge


class Nature(StrEnum):
    """What sort of statement a figure makes about its subject."""

    LEVEL = "level"
    GROWTH = "growth"
    SHARE = "share"
    CHANGE = "change"
    TARGET = "target"
    SCORE = "score"


NATURE_OF = {
    Role.LEVEL: Nature.LEVEL,
    Role.RATE: Nature.LEVEL,
    Role.UNKNOWN: Nature.LEVEL,
    Role.MULTIPLE: Nature.LEVEL,
    Role.DURATION: Nature.LEVEL,
    Role.SHARE: Nature.SHARE,
    Role.GROWTH: Nature.GROWTH,
    Role.POINTS: Nature.CHANGE,
    Role.CHANGE: Nature.CHANGE,
    Role.TARGET: Nature.TARGET,
    Role.SCORE: Nature.SCORE,
}


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure and what it says.

    Attributes:
        numeral: the figure.
        phrase: the words taken as its subject, as written.
        core: the naming words (see `subjects.core_of`), never empty.
        nature: level, growth, share, change, target, score.
        year: the year it speaks of, or None.
        part: a part of the year (months, a season), "" for the whole or its end.
        stage: budget, outcome, target.
        scopes: qualifiers such as 全市 or 含转移支付.
        context: naming words of the clause or row it borrowed its subject from, or "".
        per: what one unit of is meant, such as "千人" in 每千人5批次, or "".
        leads: whether its words open their sentence, so that no earlier clause narrows them.
        table: index of its table when it stands in a figure cell, else None.
        row, column: its cell.
        sentence: (passage, start of its sentence), to know what stands side by side.
    """

    numeral: Numeral
    phrase: str
    core: str
    nature: Nature
    year: int | None
    part: str
    stage: Stage
    scopes: frozenset[str]
    context: str = ""
    per: str = ""
    leads: bool = True
    table: int | None = None
    row: int = -1
    column: int = -1
    sentence: tuple[int, int] = (-1, -1)

    @property
    def unit(self) -> str:
        """The bare unit, with what it is measured per: 批次/千人."""
        unit = self.numeral.quantity.unit if self.numeral.quantity else ""
        return f"{unit}/{self.per}" if self.per else unit

    @property
    def is_plain(self) -> bool:
        """Whether the figure is stated without a hedge, a bound or a range."""
        quantity = self.numeral.quantity
        return (
            quantity is not None
            and quantity.hedge is Hedge.NONE
            and self.numeral.bound is Bound.NONE
            and not self.numeral.in_range
        )
