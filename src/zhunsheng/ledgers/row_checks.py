"""A whole record: every cell read, required fields, computed fields, the checks of the ledger.

This is the meaning of a valid record; whatever is faster must agree with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from zhunsheng.expressions.evaluation import Surroundings, evaluate
from zhunsheng.expressions.nodes import Call, walk
from zhunsheng.kernel.place import Place
from zhunsheng.ledgers import value_kinds as kinds
from zhunsheng.ledgers.definition import LedgerDefinition, RecordCheck
from zhunsheng.ledgers.field import FieldDefinition, FieldType, Level
from zhunsheng.ledgers.value_kinds import Fault, fault, of_check
from zhunsheng.ledgers.values import Reader, Reading, shown_value

Record = dict[str, Any]
CodeLists = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Change:
    """A value whose form was made canonical."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A record as read.

    Attributes:
        record: the canonical value of every field, computed ones among them; faulty ones are None.
        faults: everything that is wrong, in the order of the fields, then of the checks.
        changes: the values whose form was changed.
    """

    record: Record
    faults: tuple[Fault, ...] = ()
    changes: tuple[Change, ...] = ()

    @property
    def level(self) -> Level | None:
        """The strictest level of its faults; None for a clean record."""
        levels = {each.level for each in self.faults}
        return next((each for each in Level if each in levels), None)


@dataclass(frozen=True)
class RowChecker:
    """Checks records of one ledger.

    Attributes:
        today: the day of the import; business dates after it are refused.
        code_lists: the lists of codes by name; a list that is not given is not checked.
        scales: tens by which a column is larger than its field, by the name of the field.
        entered_by: who brings the records in, or "".
        confirmed: a person has looked at the record, so that what is only doubtful becomes a warning.
    """

    ledger: LedgerDefinition
    today: date
    code_lists: CodeLists = field(default_factory=dict)
    surroundings: Surroundings = field(default_factory=Surroundings)
    scales: Mapping[str, int] = field(default_factory=dict)
    entered_by: str = ""
    confirmed: bool = False

    def __post_init__(self) -> None:
        readers = [
            (
                each,
                Reader(
                    each,
                    is_code(self.ledger, each),
                    self.listed(each),
                    self.scales.get(each.name, 0),
                    self.confirmed,
                    is_event=each.name == self.ledger.date,
                ),
            )
            for each in self.ledger.entered
        ]
        object.__setattr__(self, "_readers", readers)
        object.__setattr__(
            self, "_checks", [(each, _columns(each)) for each in self.ledger.checks if not self.is_left(each)]
        )

    def listed(self, found: FieldDefinition) -> Mapping[str, str] | None:
        """The code list of a field; None when it has none or it is not at hand."""
        return self.code_lists.get(found.code_list) if found.code_list else None

    def is_left(self, check: RecordCheck) -> bool:
        """Whether a check cannot be made here because it asks for deadlines that are not at hand."""
        return self.surroundings.due is None and _asks_deadline(check.holds.root)

    def check(self, given: Mapping[str, object]) -> CheckedRow:
        """Check a record given by the values of its cells, by the name of the field."""
        record: Record = {}
        faults: list[Fault] = []
        changes: list[Change] = []
        broken: set[str] = set()
        for found, reader in self._readers:  # type: ignore[attr-defined] # set in __post_init__
            written = given.get(found.name)
            reading: Reading = reader.read(written) if written is not None else Reading()
            record[found.name] = reading.value
            wrong = reading.fault
            if wrong is None and reading.value is None and found.required:
                wrong = fault(found, Level.REJECT, kinds.EMPTY, "没有填写")
            if wrong is not None:
                faults.append(wrong)
            if wrong is not None and wrong.level is not Level.WARN:
                broken.add(found.name)
            elif reading.changed and reading.value is not None:
                changes.append(Change(found.name, str(written), shown_value(found, reading.value)))
        faults += self._compute(record)
        faults += self._own_checks(record)
        for check, columns in self._checks:  # type: ignore[attr-defined] # set in __post_init__
            if not broken.isdisjoint(columns):
                continue
            wrong = self._failed(check, record)
            if wrong is not None:
                faults.append(wrong)
        return CheckedRow(record, tuple(faults), tuple(changes))

    def _compute(self, record: Record) -> list[Fault]:
        faults = []
        for found in self.ledger.fields:
            if found.computed is None:
                continue
            try:
                record[found.name] = computed_value(found, record, self.surroundings)
            except LookupError as unknown:
                # a deadline that cannot be told: no rule for the day, or no calendar
                record[found.name] = None
                faults.append(fault(found, Level.WARN, kinds.UNCHECKED, f"算不出：{unknown}"))
        return faults

    def _own_checks(self, record: Record) -> list[Fault]:
        faults = []
        dated = self.ledger.by_name.get(self.ledger.date)
        value = record.get(self.ledger.date)
        if dated is not None and isinstance(value, date):
            day = value.date() if isinstance(value, datetime) else value
            if day > self.today and not dated.is_computed and not self.ledger.date_ahead:
                what = f"“{day}”晚于导入当日 {self.today}"
                faults.append(fault(dated, Level.REJECT, kinds.FUTURE, what, str(value)))
        reviewer = record.get("reviewed_by")
        if self.entered_by and reviewer == self.entered_by:
            found = self.ledger.by_name["reviewed_by"]
            faults.append(fault(found, Level.REJECT, kinds.SAME_PERSON, f"“{reviewer}”就是填报人", reviewer))
        return faults

    def _failed(self, check: RecordCheck, record: Record) -> Fault | None:
        try:
            if evaluate(check.holds.root, record, self.surroundings) is not False:
                return None
        except LookupError as unknown:
            labels = "、".join(self.ledger.by_name[each].label for each in check.fields)
            problem = kinds.UNCHECKED.at(Place(field=labels), f"“{check.message}”没有核对：{unknown}")
            return Fault(Level.WARN, check.fields, problem)
        except ZeroDivisionError:
            return None
        found = check_fault(self.ledger, check, record)
        return (
            replace(found, level=Level.WARN) if self.confirmed and check.level is Level.QUARANTINE else found
        )


def check_fault(ledger: LedgerDefinition, check: RecordCheck, record: Mapping[str, Any]) -> Fault:
    """The fault of a record for which a check does not hold, with the values it looked at."""
    named = [ledger.by_name[each] for each in check.fields]
    labels = "、".join(each.label for each in named)
    values = "，".join(f"{each.label} {shown_value(each, record.get(each.name)) or '空'}" for each in named)
    what = f"{check.message}（{values}）" if values else check.message
    shown = "、".join(shown_value(each, record.get(each.name)) or "空" for each in named)
    return of_check(check.level, check.code, check.fields, labels, what, check.remedy, shown)


def is_code(ledger: LedgerDefinition, found: FieldDefinition) -> bool:
    """Whether a text is a code, in which full-width characters mean the ordinary ones."""
    return found.type is FieldType.TEXT and bool(
        found.validator or found.exact_length or found.code_list or found.name in ledger.key
    )


def computed_value(found: FieldDefinition, record: Mapping[str, Any], surroundings: Surroundings) -> Any:  # noqa: ANN401 - a value of any field
    """The value of a computed field; None where it is undefined."""
    if found.computed is None or (surroundings.due is None and _asks_deadline(found.computed.root)):
        return None
    try:
        value = evaluate(found.computed.root, record, surroundings)
    except ZeroDivisionError:
        return None
    if value is None:
        return None
    if found.type in {FieldType.DECIMAL, FieldType.MONEY}:
        return _rounded(value, found.places)
    if found.type is FieldType.INTEGER and not isinstance(value, bool):
        return int(_rounded(value, 0))
    if found.type is FieldType.TIME and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - ledgers keep local time
    return value


def _rounded(value: Fraction | Decimal | int, places: int) -> Decimal:
    exact = Fraction(value) * 10**places
    whole = (abs(exact) + Fraction(1, 2)).__floor__()
    return (
        Decimal(whole if exact >= 0 else -whole)
        .scaleb(-places)
        .quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    )


def _columns(check: RecordCheck) -> frozenset[str]:
    return frozenset(each.path[0] for each in check.holds.columns)


def _asks_deadline(root: Any) -> bool:  # noqa: ANN401 - a tree of any shape
    return any(isinstance(each, Call) and each.function == "due" for each in walk(root))
