"""What an indicator needs to know of ledgers: their fields and their business date."""

from typing import Protocol

from zhunsheng.expressions.parsing import Scope
from zhunsheng.expressions.types import Type


class LedgerSource(Protocol):
    """Gives the names a measure over a ledger may use."""

    def scope(self, code: str, parameters: dict[str, Type]) -> Scope | None:
        """Fields of a ledger, followed through references, and parameters; None when there is no such ledger."""

    def date_of(self, code: str) -> str:
        """The business date of a ledger; "" when it has none or there is no such ledger."""
