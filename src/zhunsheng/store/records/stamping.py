"""Stamped fields: attributes of the records pointed to, read once when a row arrives."""

from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.field import FieldType
from zhunsheng.store.records.faults import Misuse
from zhunsheng.store.records.opened_store import Snapshot
from zhunsheng.store.records.physical import quoted
from zhunsheng.store.records.reading import scan_sql


def stamp_joins(
    ledger: LedgerDefinition, head: Snapshot, alias: str, skip: frozenset[str] = frozenset()
) -> tuple[dict[str, str], str]:
    """The SQL of each stamped field, and the joins it needs.

    Args:
        ledger: the ledger whose rows arrive.
        head: the state that the referred records are read at.
        alias: name of the table of rows, whose references are surrogates.
        skip: stamped fields that are given.

    Raises:
        Misuse: a path that does not go through references to other ledgers.
    """
    stamped = [
        each for each in ledger.fields if each.stamped and not each.is_computed and each.name not in skip
    ]
    needed: dict[tuple[str, ...], set[str]] = {}
    for each in stamped:
        for length in range(1, len(each.stamped)):
            needed.setdefault(each.stamped[:length], set()).add(each.stamped[length])
    names = {path: f"s{number}" for number, path in enumerate(sorted(needed))}
    joins = []
    for path in sorted(needed, key=lambda found: (len(found), found)):
        owner = ledger
        for name in path:
            field = owner.by_name.get(name)
            if field is None or field.type is not FieldType.REFERENCE or field.target == ledger.code:
                raise Misuse(
                    f"stamped path {'.'.join(path)!r} of {ledger.code!r} is not a way through references"
                )
            owner = head.store.definition(field.target)
        source = scan_sql(owner.code, head, ["_id", *sorted(needed[path])])
        before = alias if len(path) == 1 else names[path[:-1]]
        joins.append(
            f"LEFT JOIN {source} AS {names[path]} ON {names[path]}._id = {before}.{quoted(path[-1])}"
        )
    values = {each.name: f"{names[each.stamped[:-1]]}.{quoted(each.stamped[-1])}" for each in stamped}
    return values, " ".join(joins)
