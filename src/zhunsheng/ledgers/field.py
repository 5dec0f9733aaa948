"""A field of a ledger: its type, unit, options, what it points to, whether a person may see it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from zhunsheng.expressions import types
from zhunsheng.expressions.nodes import Expression
from zhunsheng.expressions.types import Type


class FieldType(StrEnum):
    """What people enter in a field."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    MONEY = "money"
    BOOLEAN = "boolean"
    DATE = "date"
    TIME = "datetime"
    ENUM = "enum"
    REFERENCE = "reference"
    LIST = "list"
    JSON = "json"

    @property
    def label(self) -> str:
        """The Chinese word shown to users."""
        return _LABELS[self]


_LABELS = {
    FieldType.TEXT: "文字",
    FieldType.INTEGER: "整数",
    FieldType.DECIMAL: "小数",
    FieldType.MONEY: "金额（元）",
    FieldType.BOOLEAN: "是/否",
    FieldType.DATE: "日期",
    FieldType.TIME: "日期时间",
    FieldType.ENUM: "选项",
    FieldType.REFERENCE: "引用",
    FieldType.LIST: "列表",
    FieldType.JSON: "结构",
}


class Privacy(StrEnum):
    """Who may see a value (保密等级)."""

    PUBLIC = "P0"
    INTERNAL = "P1"
    PERSONAL = "P2"
    INFORMANT = "P3"

    @property
    def label(self) -> str:
        """The Chinese word shown to users."""
        return {"P0": "公开", "P1": "内部", "P2": "个人信息", "P3": "举报人信息"}[self.value]


class Level(StrEnum):
    """What a broken rule does to the record (处理方式).

    A rejected record is not stored; one in quarantine is stored and left out of every figure until a person has
    confirmed or corrected it; a warning is counted and listed.
    """

    REJECT = "E"
    QUARANTINE = "Q"
    WARN = "W"

    @property
    def label(self) -> str:
        """The Chinese word shown to users."""
        return {"E": "退回", "Q": "待核", "W": "提醒"}[self.value]


@dataclass(frozen=True, slots=True)
class FieldDefinition:
    """A field of a ledger.

    Attributes:
        name: English identifier, also the column name.
        label: Chinese label, also the heading in templates.
        type: what is entered.
        required: whether it may not be empty.
        unit: printed unit such as "人" or "公斤"; "" without one; money is in 元.
        places: decimal places kept, of decimals; money has 2.
        least: smallest number allowed, in the unit of the field; None without bound.
        length: of texts, the exact (`exact_length`) or the longest number of characters; 0 without bound.
        members: of an enum, or of the elements of a list: code to Chinese label.
        target: of a reference, or of the elements of a list: the ledger pointed to.
        computed: the field is never entered; its value by an expression over the record, or None when the
            product computes it elsewhere.
        stamped: a path such as `entity_id.entity_class` read once when the record arrives.
        validator: name of a check of the value's form, such as `uscc`.
        code_list: name of a code list the value must be from.
    """

    name: str
    label: str
    type: FieldType
    required: bool = False
    unit: str = ""
    places: int = 0
    least: int | None = None
    length: int = 0
    exact_length: bool = False
    members: Mapping[str, str] = field(default_factory=dict)
    target: str = ""
    is_computed: bool = False
    computed: Expression | None = None
    stamped: tuple[str, ...] = ()
    validator: str = ""
    code_list: str = ""
    privacy: Privacy = Privacy.INTERNAL
    description: str = ""
    example: str = ""
    aliases: tuple[str, ...] = ()

    @property
    def value_type(self) -> Type:
        """The type of its values in expressions."""
        match self.type:
            case FieldType.MONEY:
                return Type(types.Kind.DECIMAL, places=2)
            case FieldType.DECIMAL:
                return Type(types.Kind.DECIMAL, places=self.places)
            case FieldType.ENUM | FieldType.LIST:
                kind = types.Kind.ENUM if self.type is FieldType.ENUM else types.Kind.LIST
                return Type(kind, members=tuple(self.members), target=self.target)
            case FieldType.REFERENCE:
                return Type(types.Kind.REFERENCE, target=self.target)
            case _:
                return Type(types.Kind(self.type.value))
