"""The ledger definitions of the package, read one by one as they are needed."""

from functools import cache

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem
from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.reading import read_ledger
from zhunsheng.store.definition_files import NAME_DIFFERS, definitions_directory
from zhunsheng.store.yaml_files import read_yaml


def ledger_codes() -> tuple[str, ...]:
    """Codes of all ledgers in the package, in alphabetical order."""
    return tuple(sorted(path.stem for path in (definitions_directory() / "ledgers").glob("*.yaml")))


@cache
def load_ledger(code: str) -> tuple[LedgerDefinition | None, tuple[Problem, ...]]:
    """A ledger by its code, and what is wrong with its file; (None, ()) when there is none of that code."""
    path = definitions_directory() / "ledgers" / f"{code}.yaml"
    if not path.is_file():
        return None, ()
    node, problems = read_yaml(path, f"ledgers/{path.name}")
    if node is None:
        return None, problems
    ledger, found = read_ledger(node)
    if ledger is not None and ledger.code != path.stem:
        return None, (
            *problems,
            *found,
            NAME_DIFFERS.at(Place(path.name), f"文件名与编码“{ledger.code}”不同"),
        )
    return ledger, (*problems, *found)


def ledger_of(code: str) -> LedgerDefinition | None:
    """A ledger by its code, or None when there is none or its file has an error."""
    return load_ledger(code)[0]
