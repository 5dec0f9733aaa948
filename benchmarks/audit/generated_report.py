"""What invented reports are made of: paragraphs, tables and figures marked with the relations they take part in."""

import random
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True)
class Figure:
    """A figure as printed, the relations it takes part in, and last year's value where there is one."""

    text: str
    kinds: frozenset[str]
    stale: Decimal | None = None


@dataclass
class Sheet:
    """A table: rows of cells; each cell is text or a figure."""

    rows: list[list["str | Figure"]]
    unit_line: str = ""
    title: str = ""


@dataclass
class Report:
    """A report: paragraphs (lists of text and figures) and tables, in order."""

    name: str
    parts: list["list[str | Figure] | Sheet"] = field(default_factory=list)

    def say(self, *pieces: "str | Figure") -> None:
        """Add a paragraph."""
        self.parts.append(list(pieces))

    @property
    def figures(self) -> list[Figure]:
        """All marked figures in reading order."""
        found: list[Figure] = []
        for part in self.parts:
            pieces = [cell for row in part.rows for cell in row] if isinstance(part, Sheet) else part
            found.extend(piece for piece in pieces if isinstance(piece, Figure))
        return found


def figure(
    value: Decimal | int, *kinds: str, places: int = 2, comma: bool = False, stale: Decimal | None = None
) -> Figure:
    """A figure rounded half-up."""
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return Figure(f"{rounded:,f}" if comma else f"{rounded:f}", frozenset(kinds), stale)


def amount(source: random.Random, low: int, high: int) -> Decimal:
    """An amount in 万元 with two decimals."""
    return Decimal(source.randrange(low * 100, high * 100)) / 100


PLACES = ["清江市", "云溪市", "平湖市", "松山市", "白石市", "东原市"]
BODIES = ["市场监督管理局", "文化和旅游局", "农业农村局", "应急管理局", "水务局", "交通运输局"]
