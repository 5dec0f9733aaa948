"""Copies of the ledgers as they would lie in an ordinary warehouse: references are texts, of 18 characters for entities."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import duckdb

from zhunsheng.expressions.nodes import Call, Column, Expression, Node, Operation, walk
from zhunsheng.measures.request import Request, trees_of
from zhunsheng.store.ledger_files import ledger_of
from zhunsheng.store.records.opened_store import Snapshot
from zhunsheng.store.records.reading import data_files, keys_sql


def unstamped(request: Request) -> Request:
    """The request where attributes of referred records are read from those records, not from a copy in the ledger.

    Stamping them when a record arrives is part of the design that is measured; an ordinary warehouse joins.
    """
    measure = request.measure
    ledger = ledger_of(measure.ledger)
    if ledger is None:
        raise LookupError(measure.ledger)

    def tree(node: Node) -> Node:
        match node:
            case Column() if len(node.path) == 1 and node.path[0] in ledger.by_name:
                return Column(ledger.by_name[node.path[0]].stamped or node.path, node.type)
            case Call():
                return Call(node.function, tuple(map(tree, node.arguments)), node.type)
            case Operation():
                return Operation(node.operator, tuple(map(tree, node.operands)), node.type)
            case _:
                return node

    def changed(given: Expression | None) -> Expression | None:
        return None if given is None else replace(given, root=tree(given.root))

    return replace(request, measure=replace(measure, of=changed(measure.of), where=changed(measure.where)))


def columns_used(requests: Iterable[Request]) -> dict[str, set[str]]:
    """The columns that the requests read, by ledger; of referred ledgers too."""
    found: dict[str, set[str]] = {}
    for request in requests:
        measure = request.measure
        columns = found.setdefault(measure.ledger, set())
        columns |= {measure.date} - {""}
        inner = {} if measure.grouping is None else dict(measure.grouping.values)
        for tree in trees_of(measure):
            for node in walk(tree):
                if isinstance(node, Column) and node.path[0] not in inner:
                    _along(measure.ledger, node.path, found)
    return found


def _along(ledger: str, path: tuple[str, ...], found: dict[str, set[str]]) -> None:
    for name in path:
        definition = ledger_of(ledger)
        if definition is None or name not in definition.by_name:
            raise LookupError(f"{ledger}.{name}")
        found.setdefault(ledger, set()).add(name)
        target = definition.by_name[name].target
        if name != path[-1]:
            found.setdefault(target, set()).add("_id")
        ledger = target


def copy_with_texts(snapshot: Snapshot, columns: Mapping[str, Iterable[str]], directory: Path) -> None:
    """Write the copies, file by file, unless they are there already."""
    done = directory / "done"
    if done.exists() and done.read_text() == snapshot.token + repr(
        sorted((k, sorted(v)) for k, v in columns.items())
    ):
        return
    with duckdb.connect(":memory:", config={"threads": 2}) as connection:
        for code, names in columns.items():
            folder = directory / code
            folder.mkdir(parents=True, exist_ok=True)
            for old in folder.iterdir():
                old.unlink()
            for each in data_files(code, snapshot):
                connection.execute(
                    f"COPY ({_text_form(snapshot, code, sorted(names), each.path)}) TO '{folder / each.path.name}'"
                    " (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 262144)"
                )
    done.write_text(snapshot.token + repr(sorted((k, sorted(v)) for k, v in columns.items())))


def _text_form(snapshot: Snapshot, code: str, names: list[str], path: Path) -> str:
    definition = ledger_of(code)
    if definition is None:
        raise LookupError(code)
    shown, joins = [], ""
    for place, name in enumerate(names):
        target = code if name == "_id" else definition.by_name[name].target
        is_list = name != "_id" and definition.by_name[name].type.value == "list"
        if target and not is_list:
            joins += f' LEFT JOIN {keys_sql(target, snapshot)} k{place} ON l."{name}" = k{place}.id'
            shown.append(f'k{place}.key AS "{name}"')
        else:
            shown.append(f'l."{name}"')
    return f"SELECT {', '.join(shown)} FROM read_parquet('{path}', hive_partitioning = false) l{joins}"


def copied_files(directory: Path, ledger: str) -> list[Path]:
    """The files of a copied ledger."""
    return sorted((directory / ledger).glob("*.parquet"))
