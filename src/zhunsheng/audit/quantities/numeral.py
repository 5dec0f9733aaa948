"""A numeral of a document: what it says and what part it plays."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from zhunsheng.audit.document import Span
from zhunsheng.audit.quantities.units import Dimension, dimension_of
from zhunsheng.kernel.quantity import Quantity


class Role(StrEnum):
    """The part a numeral plays in its sentence or cell."""

    LEVEL = "level"
    RATE = "rate"
    SHARE = "share"
    GROWTH = "growth"
    CHANGE = "change"
    POINTS = "points"
    SCORE = "score"
    FULL_SCORE = "full_score"
    TARGET = "target"
    RANK = "rank"
    DURATION = "duration"
    MULTIPLE = "multiple"
    FACTOR = "factor"
    DATE = "date"
    YEAR = "year"
    ORDINAL = "ordinal"
    NUMBERING = "numbering"
    DOCUMENT_NUMBER = "document_number"
    ARTICLE = "article"
    PHONE = "phone"
    CODE = "code"
    NAME = "name"
    UNKNOWN = "unknown"


STRUCTURAL = frozenset(
    {
        Role.DATE,
        Role.YEAR,
        Role.ORDINAL,
        Role.NUMBERING,
        Role.DOCUMENT_NUMBER,
        Role.ARTICLE,
        Role.PHONE,
        Role.CODE,
        Role.NAME,
    }
)


class Bound(StrEnum):
    """A comparator written with a figure."""

    NONE = ""
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ABOVE = "above"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class Numeral:
    """A numeral where it stands.

    Attributes:
        number: position in `Reading.numerals`.
        passage: index of its passage.
        start, end: characters of `passage.text` it takes, unit and sign included.
        digits_end: end of the digits, before multiplier and unit.
        span: its characters in the document.
        text: the cleaned characters.
        quantity: value, unit, multiplier, hedge; None for dates, years, marks and codes.
        role: part it plays; UNKNOWN when it was not understood.
        bound: the comparator written with it.
        day: the calendar day for a full date that exists.
        year: the year it names (DATE and YEAR).
        unit_inherited: the unit was taken from a header or unit line, not written beside it.
        in_range: one end of a range such as 3—5个.
        recognised: from character recognition.
    """

    number: int
    passage: int
    start: int
    end: int
    digits_end: int
    span: Span
    text: str
    quantity: Quantity | None
    role: Role
    bound: Bound = Bound.NONE
    day: date | None = None
    year: int | None = None
    unit_inherited: bool = False
    in_range: bool = False
    recognised: bool = False

    @property
    def dimension(self) -> Dimension:
        """What its unit measures."""
        return dimension_of(self.quantity.unit) if self.quantity else Dimension.NONE

    @property
    def is_structural(self) -> bool:
        """Whether it belongs to the form of the text (dates, marks, codes) and not to its content."""
        return self.role in STRUCTURAL

    @property
    def amount(self) -> Fraction:
        """The exact amount in the bare unit.

        Raises:
            ValueError: the numeral is not a quantity.
        """
        if self.quantity is None:
            raise ValueError(f"not a quantity: {self.text!r}")
        return Fraction(self.quantity.amount)
