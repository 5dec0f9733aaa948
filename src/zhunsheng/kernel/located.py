"""Foreign data with places: what YAML files, CSV files and workbooks are turned into first.

A reader (in `store` or `documents`) produces `Located` trees; the packages that know the meaning
take them apart with `Fields`, which collects every fault with its place instead of stopping.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

from zhunsheng.kernel.citation import Citation, Evidence
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Problems, Severity

Scalar: TypeAlias = str | int | Decimal | bool | date | None
Data: TypeAlias = "Scalar | Mapping[str, Located] | list[Located]"

UNKNOWN_KEY = Kind("DATA-001", Severity.ERROR, "只能使用规定的字段", "删除该字段，或改成规定的字段名。")
MISSING = Kind("DATA-002", Severity.ERROR, "必填项不能为空", "补充该项后重试。")
WRONG_TYPE = Kind("DATA-003", Severity.ERROR, "内容的类型不对", "按要求的类型填写。")
NOT_A_CHOICE = Kind("DATA-004", Severity.ERROR, "只能从规定的选项中选择", "改成所列选项之一。")


# a number with more digits or a larger exponent is a slip or an attack; it could not even be printed
_MOST_DIGITS = 30
_LONGEST_SHOWN = 60


def is_reasonable(number: Decimal) -> bool:
    """Whether a number is finite and of a size that figures of a public body can have."""
    if not number.is_finite():
        return False
    exponent = number.as_tuple().exponent
    return len(number.as_tuple().digits) <= _MOST_DIGITS and -_MOST_DIGITS <= int(exponent) <= _MOST_DIGITS


@dataclass(frozen=True, slots=True)
class Located:
    """A value and where it stands."""

    value: Data
    place: Place

    @property
    def shown(self) -> str:
        """The value for a message; lists and mappings are not printed out."""
        if isinstance(self.value, Mapping):
            return "（一组字段）"
        if isinstance(self.value, list):
            return "（一个列表）"
        text = str(self.value)
        return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing here: null or empty text."""
        return self.value is None or (isinstance(self.value, str) and not self.value.strip())


@dataclass(slots=True)
class Fields:
    """Takes a located mapping apart, field by field, and collects what is wrong.

    Every field asked for is remembered; `finish` reports the ones nobody asked for.
    """

    node: Located
    problems: Problems
    what: str = "该对象"
    _asked: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        if not isinstance(self.node.value, Mapping):
            self.problems.add(WRONG_TYPE.at(self.node.place, f"{self.what}应为“字段: 值”的形式"))
            self.node = Located({}, self.node.place)

    @property
    def mapping(self) -> Mapping[str, Located]:
        """The fields as found."""
        return self.node.value if isinstance(self.node.value, Mapping) else {}

    def raw(self, name: str) -> Located | None:
        """The field as found, or None when it is absent or blank."""
        self._asked.add(name)
        found = self.mapping.get(name)
        return None if found is None or found.is_blank else found

    def has(self, name: str) -> bool:
        """Whether the key is written at all, even with a null value."""
        self._asked.add(name)
        return name in self.mapping

    def place(self, name: str) -> Place:
        """Where the field stands, or the object when it is absent."""
        found = self.mapping.get(name)
        return self.node.place if found is None else found.place

    def _required(self, name: str, required: bool) -> Located | None:
        found = self.raw(name)
        if found is None and required:
            self.problems.add(MISSING.at(self.place(name), f"{self.what}缺少“{name}”"))
        return found

    def _wrong(self, found: Located, name: str, expected: str) -> None:
        self.problems.add(
            WRONG_TYPE.at(found.place, f"“{name}”应为{expected}，现为“{found.shown}”", value=found.shown)
        )

    def text(self, name: str, *, required: bool = False, default: str = "") -> str:
        """A text; numbers and dates are taken as they are written."""
        found = self._required(name, required)
        if found is None:
            return default
        if isinstance(found.value, Mapping | list):
            self._wrong(found, name, "文字")
            return default
        if isinstance(found.value, bool):
            return "true" if found.value else "false"
        return str(found.value).strip()

    def decimal(self, name: str, *, required: bool = False) -> Decimal | None:
        """A decimal number."""
        found = self._required(name, required)
        if found is None:
            return None
        return self._as_decimal(found, name)

    def _as_decimal(self, found: Located, name: str) -> Decimal | None:
        value = found.value
        if isinstance(value, bool | Mapping | list | date):
            self._wrong(found, name, "数字")
            return None
        try:
            number = Decimal(str(value).strip().replace(",", ""))
        except InvalidOperation:
            number = Decimal("NaN")
        if not is_reasonable(number):
            self._wrong(found, name, "数字")
            return None
        return number

    def integer(self, name: str, *, required: bool = False) -> int | None:
        """A whole number."""
        number = self.decimal(name, required=required)
        if number is None:
            return None
        if number != number.to_integral_value():
            self._wrong(self.mapping[name], name, "整数")
            return None
        return int(number)

    def boolean(self, name: str, *, default: bool = False) -> bool:
        """True or false."""
        found = self.raw(name)
        if found is None:
            return default
        if isinstance(found.value, bool):
            return found.value
        self._wrong(found, name, "是或否（true / false）")
        return default

    def choice(self, name: str, choices: Iterable[str], *, required: bool = False, default: str = "") -> str:
        """One of the given texts."""
        allowed = list(choices)
        chosen = self.text(name, required=required, default=default)
        if chosen and chosen != default and chosen not in allowed:
            self.problems.add(
                NOT_A_CHOICE.at(
                    self.place(name),
                    f"“{name}”的值“{chosen}”不在选项内（{'、'.join(allowed)}）",
                    value=chosen,
                )
            )
            return default
        return chosen

    def items(self, name: str, *, required: bool = False) -> list[Located]:
        """The elements of a list field; empty when absent."""
        found = self._required(name, required)
        if found is None:
            return []
        if isinstance(found.value, list):
            return found.value
        self._wrong(found, name, "列表")
        return []

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts."""
        result = []
        for item in self.items(name):
            if isinstance(item.value, Mapping | list) or item.value is None:
                self._wrong(item, name, "文字列表")
            else:
                result.append(str(item.value).strip())
        return tuple(result)

    def fields(self, name: str, what: str = "") -> "Fields | None":
        """A nested mapping, or None when it is absent."""
        found = self.raw(name)
        return None if found is None else Fields(found, self.problems, what or f"“{name}”")

    def citation(self, name: str = "source", *, required: bool = False) -> Citation:
        """A `{document, clause, evidence}` mapping."""
        found = self._required(name, required)
        if found is None:
            return Citation()
        inner = Fields(found, self.problems, "出处")
        evidence = inner.choice("evidence", [tag.value for tag in Evidence], required=True, default="unknown")
        citation = Citation(
            inner.text("document"), inner.text("clause"), Evidence(evidence), inner.text("title")
        )
        inner.finish()
        return citation

    def finish(self) -> None:
        """Report every field nobody asked for."""
        for name, found in self.mapping.items():
            if name not in self._asked:
                known = "、".join(sorted(self._asked))
                self.problems.add(
                    UNKNOWN_KEY.at(
                        found.place, f"{self.what}中没有名为“{name}”的字段（可用：{known}）", value=name
                    )
                )
