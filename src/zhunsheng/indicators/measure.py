"""A measure (度量): one count or sum over the records of one ledger."""

from dataclasses import dataclass
from enum import StrEnum

from zhunsheng.expressions.nodes import Column, Expression


class Aggregate(StrEnum):
    """How records become one value."""

    COUNT = "count"
    DISTINCT = "distinct"
    SUM = "sum"
    MEAN = "mean"
    LEAST = "min"
    GREATEST = "max"
    QUANTILE = "quantile"
    ONLY = "only"

    @property
    def label(self) -> str:
        """The Chinese word shown to users."""
        return {
            "count": "条数",
            "distinct": "不重复个数",
            "sum": "合计",
            "mean": "平均",
            "min": "最小",
            "max": "最大",
            "quantile": "分位数",
            "only": "唯一值",
        }[self.value]


class Span(StrEnum):
    """Which records a period takes in, by the measure's date.

    `during`: within the period. `until_end`: up to its last day, for stocks. `before_start`: before its first day.
    `any`: all, the condition alone decides.
    """

    DURING = "during"
    UNTIL_END = "until_end"
    BEFORE_START = "before_start"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Grouping:
    """First one value for each thing, then count or add up the things that fulfil a condition.

    Attributes:
        by: the field whose values are the things, such as a market.
        values: measures within one thing, by name.
        having: a condition over those names and the fields of the thing (`market_id.open_days`), or None.
    """

    by: Column
    values: tuple[tuple[str, "Measure"], ...]
    having: Expression | None


@dataclass(frozen=True, slots=True)
class Measure:
    """One count or sum over the records of one ledger.

    Attributes:
        name: unique in its indicator.
        of: what is added up, or whose different values are counted; None when records are counted.
        where: the condition for a record to be taken in; None for all.
        date: the field that puts a record into a month; "" for ledgers without dates.
        span: which records a period takes in.
        shift: years by which the period is moved; -1 is the year before.
        quantile: of a quantile: its share in thousandths (500 is the median).
        grouping: when things are counted instead of records.
    """

    name: str
    ledger: str
    aggregate: Aggregate
    of: Expression | None = None
    where: Expression | None = None
    date: str = ""
    span: Span = Span.DURING
    shift: int = 0
    quantile: int = 0
    grouping: Grouping | None = None

    @property
    def places(self) -> int:
        """Decimal places of the stored value; 0 for counts."""
        if self.of is None or self.aggregate in {Aggregate.COUNT, Aggregate.DISTINCT}:
            return 0
        return self.of.type.places
