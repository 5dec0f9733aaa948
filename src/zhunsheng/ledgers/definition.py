"""A ledger (台账): which records it keeps, what identifies one, what must hold in it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from zhunsheng.expressions.nodes import Expression
from zhunsheng.expressions.types import Type
from zhunsheng.kernel.citation import UNSOURCED, Citation
from zhunsheng.ledgers.field import FieldDefinition, FieldType, Level, Privacy


@dataclass(frozen=True, slots=True)
class RecordCheck:
    """Something that must hold in every record.

    Attributes:
        code: stable code such as `annual_report-1`, unique in the ledger.
        holds: the condition; a record for which it is unknown passes.
        message: what is wrong when it does not hold, in Chinese.
        remedy: what to do, in Chinese.
        fields: the fields to mark in the file.
    """

    code: str
    level: Level
    holds: Expression
    message: str
    remedy: str
    fields: tuple[str, ...]
    source: Citation = UNSOURCED


@dataclass(frozen=True, slots=True)
class LedgerDeadline:
    """A period that runs for each record.

    Attributes:
        rule: code of a deadline rule such as `CMP-1`.
        start: the field whose day is the starting event.
        done: the field that says when it was done.
        pauses: a field with pauses, or "".
        extensions: a field with extensions, or "".
    """

    rule: str
    start: str
    done: str
    pauses: str = ""
    extensions: str = ""


@dataclass(frozen=True)
class LedgerDefinition:
    """A ledger.

    Attributes:
        code: English identifier; also the name of its file.
        chapter: number of the business it belongs to (0 reference, 1 register ... 16 surveys).
        key: the fields that together identify a record.
        unique: further groups of fields whose values occur once.
        date: the field with the business date, by which records fall into periods; "" for lists that have none.
        date_ahead: whether that date may lie after the day of the import, as the date of a plan does.
        organisation: the field with the responsible body.
        privacy: the strictest class of its fields unless they say otherwise.
    """

    code: str
    label: str
    label_en: str
    description: str
    chapter: int
    key: tuple[str, ...]
    fields: tuple[FieldDefinition, ...]
    unique: tuple[tuple[str, ...], ...] = ()
    checks: tuple[RecordCheck, ...] = ()
    deadlines: tuple[LedgerDeadline, ...] = ()
    date: str = ""
    date_ahead: bool = False
    organisation: str = "org_code"
    privacy: Privacy = Privacy.INTERNAL
    source: Citation = UNSOURCED

    @cached_property
    def by_name(self) -> dict[str, FieldDefinition]:
        """Fields by name."""
        return {each.name: each for each in self.fields}

    @property
    def entered(self) -> tuple[FieldDefinition, ...]:
        """The fields that a person or a system fills in."""
        return tuple(each for each in self.fields if not each.is_computed and not each.stamped)

    @property
    def references(self) -> tuple[FieldDefinition, ...]:
        """The fields that point to another ledger, lists of references among them."""
        return tuple(each for each in self.fields if each.target)


Catalogue = Callable[[str], LedgerDefinition | None]
"""Gives a ledger by its code."""


def field_type(ledger: LedgerDefinition, path: tuple[str, ...], catalogue: Catalogue) -> Type | None:
    """The type of a dotted path from a ledger, or None when there is no such field.

    Every name but the last must be a reference; `entity_id.entity_class` is the class of the entity pointed to.
    """
    found = ledger.by_name.get(path[0])
    if found is None:
        return None
    if len(path) == 1:
        return found.value_type
    if found.type is not FieldType.REFERENCE:
        return None
    target = catalogue(found.target)
    return None if target is None else field_type(target, path[1:], catalogue)
