"""The indicator definitions of the package, read once, and what they need to know of the ledgers."""

from functools import cache

from zhunsheng.expressions.parsing import Scope
from zhunsheng.expressions.types import Type
from zhunsheng.indicators.definition import IndicatorDefinition
from zhunsheng.indicators.reading import read_indicator
from zhunsheng.kernel.hashing import sha256_of
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem
from zhunsheng.ledgers.definition import Catalogue, field_type
from zhunsheng.store.definition_files import NAME_DIFFERS, definitions_directory
from zhunsheng.store.ledger_files import ledger_of
from zhunsheng.store.yaml_files import parse_yaml


class CatalogueSource:
    """The ledgers of a catalogue, as indicators see them."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def scope(self, code: str, parameters: dict[str, Type]) -> Scope | None:
        """Fields of a ledger, followed through references, and parameters."""
        ledger = self._catalogue(code)
        if ledger is None:
            return None
        return Scope(lambda path: field_type(ledger, path, self._catalogue), parameters, list(ledger.by_name))

    def date_of(self, code: str) -> str:
        """The business date of a ledger; "" without one."""
        ledger = self._catalogue(code)
        return "" if ledger is None else ledger.date


def indicator_codes() -> tuple[str, ...]:
    """Codes of all indicators in the package, in alphabetical order."""
    return tuple(sorted(path.stem for path in (definitions_directory() / "indicators").glob("*.yaml")))


@cache
def load_indicator(code: str) -> tuple[IndicatorDefinition | None, tuple[Problem, ...]]:
    """An indicator by its code, and what is wrong with its file; (None, ()) when there is none of that code."""
    path = definitions_directory() / "indicators" / f"{code}.yaml"
    if not path.is_file():
        return None, ()
    content = path.read_bytes()
    node, problems = parse_yaml(content.decode("utf-8"), f"indicators/{path.name}")
    if node is None:
        return None, problems
    indicator, found = read_indicator(node, CatalogueSource(ledger_of), sha256_of(content))
    if indicator is not None and indicator.code != path.stem:
        return None, (
            *problems,
            *found,
            NAME_DIFFERS.at(Place(path.name), f"文件名与编码“{indicator.code}”不同"),
        )
    return indicator, (*problems, *found)


def indicator_of(code: str) -> IndicatorDefinition | None:
    """An indicator by its code, or None when there is none or its file has an error."""
    return load_indicator(code)[0]
