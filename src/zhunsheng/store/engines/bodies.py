"""The bodies of a store as a tree, and the groups figures are broken down by."""

from dataclasses import dataclass

from zhunsheng.measures.computing import Bodies
from zhunsheng.store.engines.duckdb_engine import DuckDBEngine
from zhunsheng.store.records.reading import keys_sql, scan_sql


@dataclass(frozen=True, slots=True)
class Body:
    """A body of the store.

    Attributes:
        surrogate: its number in the records.
        parent: surrogate of the body above it, or None.
        depth: 0 for those without one.
    """

    surrogate: int
    code: str
    name: str
    parent: int | None
    depth: int


def bodies_of(engine: DuckDBEngine) -> tuple[Body, ...]:
    """All bodies, each after the one above it, otherwise by code."""
    rows = engine.connection.execute(
        f"SELECT o._id, k.key, o.name, o.parent FROM {scan_sql('org', engine.snapshot, ['_id', 'name', 'parent'])} o "
        f"JOIN {keys_sql('org', engine.snapshot)} k ON o._id = k.id ORDER BY k.key"
    ).fetchall()
    below: dict[int | None, list[tuple[int, str, str, int | None]]] = {}
    known = {row[0] for row in rows}
    for surrogate, code, name, parent in rows:
        below.setdefault(parent if parent in known else None, []).append((surrogate, code, name, parent))
    found: list[Body] = []

    def add(parent: int | None, depth: int) -> None:
        for surrogate, code, name, above in below.pop(parent, []):
            found.append(Body(surrogate, code, name, above, depth))
            add(surrogate, depth + 1)

    add(None, 0)
    return tuple(found)


def groups(bodies: tuple[Body, ...], code: str = "") -> Bodies:
    """Each body with everything below it, by code: all of them, or one and those below it.

    Raises:
        LookupError: there is no body of that code.
    """
    children: dict[int | None, list[Body]] = {}
    for each in bodies:
        children.setdefault(each.parent, []).append(each)

    def below(body: Body) -> frozenset[int]:
        return frozenset({body.surrogate}).union(*(below(each) for each in children.get(body.surrogate, [])))

    members = {each.code: below(each) for each in bodies}
    if not code:
        return members
    if code not in members:
        raise LookupError(code)
    return {each.code: members[each.code] for each in bodies if each.surrogate in members[code]}
