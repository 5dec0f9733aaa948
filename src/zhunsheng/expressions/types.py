"""What a value in an expression is: its kind, its decimal places, its members, what it points to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum


class Kind(StrEnum):
    """The kinds of values."""

    BOOLEAN = "boolean"
    INTEGER = "integer"
    DECIMAL = "decimal"
    TEXT = "text"
    ENUM = "enum"
    DATE = "date"
    TIME = "datetime"
    LIST = "list"
    JSON = "json"
    REFERENCE = "reference"
    NULL = "null"

    @property
    def label(self) -> str:
        """The Chinese word shown to users."""
        return _LABELS[self]


_LABELS = {
    Kind.BOOLEAN: "是否",
    Kind.INTEGER: "整数",
    Kind.DECIMAL: "小数",
    Kind.TEXT: "文字",
    Kind.ENUM: "选项",
    Kind.DATE: "日期",
    Kind.TIME: "时间",
    Kind.LIST: "列表",
    Kind.JSON: "结构",
    Kind.REFERENCE: "引用",
    Kind.NULL: "空值",
}


@dataclass(frozen=True, slots=True)
class Type:
    """The type of a value.

    Attributes:
        places: of a decimal: how many decimal places are kept; it is stored as a whole number of
            the smallest unit (money as 分). -1 for a quotient, which is an exact fraction.
        members: codes of an enum, or of the elements of a list.
        target: the ledger a reference points to.
    """

    kind: Kind
    places: int = 0
    members: tuple[str, ...] = ()
    target: str = ""

    @property
    def is_number(self) -> bool:
        """Whether it can be added up."""
        return self.kind in {Kind.INTEGER, Kind.DECIMAL}

    @property
    def is_time(self) -> bool:
        """Whether it is a day or a moment."""
        return self.kind in {Kind.DATE, Kind.TIME}

    @property
    def is_word(self) -> bool:
        """Whether it is compared as text."""
        return self.kind in {Kind.TEXT, Kind.ENUM, Kind.REFERENCE}

    def with_places(self, places: int) -> "Type":
        """The same type with other decimal places."""
        return replace(self, places=places)


BOOLEAN = Type(Kind.BOOLEAN)
INTEGER = Type(Kind.INTEGER)
TEXT = Type(Kind.TEXT)
DATE = Type(Kind.DATE)
TIME = Type(Kind.TIME)
NULL = Type(Kind.NULL)


def common(types: Sequence[Type]) -> Type | None:
    """The type that holds values of all these types, or None when there is none.

    Of numbers the one with most places, a quotient before all; of a day and a moment the moment; nulls have a
    place in any type. References are alike only when they point to the same ledger.
    """
    known = [each for each in types if each.kind is not Kind.NULL]
    if not known:
        return NULL
    kinds = {each.kind for each in known}
    if all(each.is_number for each in known):
        places = [each.places for each in known]
        kind = Kind.INTEGER if kinds == {Kind.INTEGER} else Kind.DECIMAL
        return Type(kind, places=-1 if -1 in places else max(places))
    if all(each.is_time for each in known):
        return TIME if Kind.TIME in kinds else DATE
    targets = {each.target for each in known if each.target}
    if len(targets) > 1:
        return None
    members = tuple(dict.fromkeys(member for each in known for member in each.members))
    if len(kinds) == 1 and kinds <= _JOINED:
        return replace(known[0], members=members, target=next(iter(targets), ""))
    return TEXT if all(each.is_word for each in known) else None


_JOINED = {Kind.BOOLEAN, Kind.TEXT, Kind.ENUM, Kind.REFERENCE, Kind.LIST}
