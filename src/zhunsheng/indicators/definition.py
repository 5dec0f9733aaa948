"""An indicator (指标): which measures it is made of and how, in which unit, since when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from zhunsheng.expressions.nodes import Expression
from zhunsheng.indicators.measure import Measure
from zhunsheng.kernel.citation import Citation


class ResultKind(StrEnum):
    """What an indicator gives."""

    NUMBER = "number"
    YES_NO = "yes_no"
    DATE = "date"
    WORD = "word"

    @property
    def label(self) -> str:
        """The Chinese word shown to users."""
        return {"number": "数值", "yes_no": "是否达到", "date": "日期", "word": "等级或文字"}[self.value]


class Direction(StrEnum):
    """Which way is better (指标方向)."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    EXACT = "exact"
    NONE = "none"

    @property
    def label(self) -> str:
        """The Chinese word shown to users."""
        return {"at_least": "越高越好", "at_most": "越低越好", "exact": "等于目标", "none": "只作记录"}[
            self.value
        ]


@dataclass(frozen=True, slots=True)
class ParameterDefinition:
    """A choice that a definition leaves open, such as which population is meant.

    Attributes:
        default: the value used when nothing else is said.
        choices: the values allowed, each with its Chinese label; empty when any will do.
    """

    name: str
    label: str
    default: int | str
    choices: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class IndicatorVersion:
    """How an indicator is computed during some years.

    Attributes:
        first_year: first year of use, or None.
        last_year: last year of use, or None.
        formula: over the names of the measures; a mean of no records or a division by nothing is not applicable.
        undefined_when: a condition over the measures under which the indicator does not apply, or None.
        why_undefined: said to the user then, in Chinese.
    """

    first_year: int | None
    last_year: int | None
    measures: tuple[Measure, ...]
    formula: Expression
    undefined_when: Expression | None
    why_undefined: str
    parameters: tuple[ParameterDefinition, ...]
    source: Citation
    notes: tuple[str, ...] = ()

    def measure(self, name: str) -> Measure:
        """A measure by its name.

        Raises:
            KeyError: there is none.
        """
        for each in self.measures:
            if each.name == name:
                return each
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class IndicatorDefinition:
    """An indicator.

    Attributes:
        unit: printed unit; "%" for rates.
        multiplier: what the formula's result is multiplied by to be in that unit (100 for %, 1/10,000 for 万).
        places: decimal places printed.
        stands_for: rows of the handbook's indicator table, such as `G-O-01`.
        numerator: names of the measures whose records are behind the top of the rate; empty: all measures.
        denominator: names of those behind the bottom.
    """

    code: str
    label: str
    label_en: str
    description: str
    chapter: int
    kind: ResultKind
    unit: str
    multiplier: str
    places: int
    direction: Direction
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    stands_for: tuple[str, ...]
    words: Mapping[str, str]
    versions: tuple[IndicatorVersion, ...]
    digest: str = ""

    def version_for(self, year: int) -> IndicatorVersion | None:
        """The version in use in a year, or None."""
        for each in self.versions:
            if (each.first_year is None or each.first_year <= year) and (
                each.last_year is None or year <= each.last_year
            ):
                return each
        return None
