"""Sums of a table down and along together, so that one wrong cell gives one finding."""

from dataclasses import dataclass

from zhunsheng.audit.reading import Reading, once
from zhunsheng.audit.relations.additions import Addition, Fault, agreement_of, faults
from zhunsheng.audit.relations.column_additions import column_additions
from zhunsheng.audit.relations.row_additions import row_additions


@dataclass(frozen=True, slots=True)
class TableSums:
    """What adding up the tables of a document gave.

    Attributes:
        held_down, held_along: sums that hold, down columns and along rows.
        faults_down: faults that spoil at least one sum down a column.
        faults_along: faults that spoil sums along rows only.
    """

    held_down: tuple[Addition, ...]
    held_along: tuple[Addition, ...]
    faults_down: tuple[Fault, ...]
    faults_along: tuple[Fault, ...]


@once
def table_sums(reading: Reading) -> TableSums:
    """Add up all tables of a document."""
    down = column_additions(reading)
    along = row_additions(reading)
    wrong = faults([*down, *along])
    downward = {id(each) for each in down}
    first = [fault for fault in wrong if any(id(each) in downward for each in fault.failed)]
    return TableSums(
        tuple(each for each in down if agreement_of(each).holds),
        tuple(each for each in along if agreement_of(each).holds),
        tuple(first),
        tuple(fault for fault in wrong if not any(fault is each for each in first)),
    )
