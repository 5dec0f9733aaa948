"""Percentages that must add up to 100: the shares of a complete list, of a table, of a structure 2:30:68."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from zhunsheng.audit.agreement import Range, last_place, range_of
from zhunsheng.audit.quantities.numeral import Bound, Numeral, Role
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.additions import Addition, agreement_of
from zhunsheng.audit.relations.column_additions import column_additions
from zhunsheng.audit.relations.sum_figures import full_sentences
from zhunsheng.audit.relations.text_additions import breakdowns, holding
from zhunsheng.audit.slips import slip_between
from zhunsheng.kernel.quantity import Hedge

_FAR_FROM_HUNDRED = 20
_STRUCTURE = re.compile(
    r"(?:结构|比例|比重|构成)[^，。；：\d]{0,12}(?:为|是|由|调整为|：)[^，。；\d]{0,8}(?=\d+(?:\.\d+)?[：:])"
)
_SHARE_HEADER = re.compile(r"占比|比重|构成|占[^，]*%|所占|百分比")
_RATIO = re.compile(r"\d+(?:\.\d+)?(?:[：:]\d+(?:\.\d+)?){1,5}")


@dataclass(frozen=True, slots=True)
class Shares:
    """Percentages of one whole.

    Attributes:
        shares: the percentages.
        amounts: for each the amount it belongs to, where printed.
        whole: the whole of the amounts, where printed.
        complete: whether it is sure that nothing is missing.
    """

    shares: tuple[Numeral, ...]
    amounts: tuple[Numeral, ...] = ()
    whole: Numeral | None = None
    complete: bool = False

    @property
    def total(self) -> Range:
        """The range of their sum."""
        ranges = [range_of(each.quantity) for each in self.shares if each.quantity is not None]
        return Range(
            sum((each.low for each in ranges), Fraction(0)),
            sum((each.exact for each in ranges), Fraction(0)),
            sum((each.high for each in ranges), Fraction(0)),
        )

    @property
    def step(self) -> Fraction:
        """The coarsest last place among them."""
        return max(last_place(each.quantity) for each in self.shares if each.quantity is not None)

    def wrong_one(self) -> tuple[Numeral, Fraction] | None:
        """The share that does not fit its amount, or else the one a correction of which gives 100."""
        worst: tuple[Fraction, Numeral, Fraction] | None = None
        if self.whole is None or not self.whole.amount:
            return None
        for share, amount in zip(self.shares, self.amounts, strict=True):
            true = amount.amount * 100 / self.whole.amount
            gap = abs(share.amount - true)
            if worst is None or gap > worst[0]:
                worst = (gap, share, true)
        return (worst[1], worst[2]) if worst is not None else None


def shares_in_text(reading: Reading) -> Iterator[Shares]:
    """The shares of complete lists, of sentences whose shares come close to 100, and of structures."""
    used: set[int] = set()
    for breakdown in breakdowns(reading):
        shares = [share for share in breakdown.shares if share is not None]
        if len(shares) < 2 or len(shares) != len(breakdown.parts):
            continue
        addition = holding(breakdown)
        complete = addition is not None and len(addition.parts) == len(breakdown.parts)
        if not complete or addition is None or used & {share.number for share in shares}:
            continue
        used.update(share.number for share in shares)
        yield Shares(
            tuple(shares), tuple(part.numeral for part in breakdown.parts), addition.whole, complete=True
        )
    yield from _in_sentences(reading, used)
    yield from _structures(reading)


def _in_sentences(reading: Reading, used: set[int]) -> Iterator[Shares]:
    """Shares of one sentence that add up to 100; others are no complete list."""
    for passage in reading.prose:
        shares = [
            numeral
            for numeral in reading.numerals_in(passage)
            if numeral.role is Role.SHARE
            and numeral.quantity is not None
            and numeral.quantity.hedge is Hedge.NONE
            and numeral.bound is Bound.NONE
            and numeral.number not in used
        ]
        if len(shares) < 2:
            continue
        for start, end in full_sentences(passage.text):
            inside = tuple(numeral for numeral in shares if start <= numeral.start < end)
            if len(inside) > 1 and abs(Shares(inside).total.exact - 100) <= len(inside) * Shares(inside).step:
                yield Shares(inside)


def _structures(reading: Reading) -> Iterator[Shares]:
    """三次产业结构为2.5：36.7：60.7."""
    for passage in reading.prose:
        for opening in _STRUCTURE.finditer(passage.text):
            ratio = _RATIO.match(passage.text, opening.end())
            if ratio is None:
                continue
            inside = tuple(
                numeral
                for numeral in reading.numerals_in(passage)
                if ratio.start() <= numeral.start < ratio.end() and numeral.quantity is not None
            )
            if len(inside) == ratio[0].count("：") + 1 and _is_of_hundred(Shares(inside)):
                yield Shares(inside, complete=len(inside) > 2)


def _is_of_hundred(shares: Shares) -> bool:
    """Whether the parts of a structure are per cents: close to 100 together, or one slip away from it."""
    missing = 100 - shares.total.exact
    if abs(missing) <= _FAR_FROM_HUNDRED:
        return True
    quantities = [share.quantity for share in shares.shares if share.quantity is not None]
    # a figure whose point moved has lost decimals, so that the finest of all counts
    fine = min(last_place(each) for each in quantities)
    for quantity in quantities:
        for away in range(-len(quantities), len(quantities) + 1):
            slip = slip_between(quantity.value, Fraction(quantity.amount) + missing + away * fine)
            if slip is not None and slip.name in {"swapped", "point"}:
                return True
    return False


def shares_in_tables(reading: Reading) -> Iterator[Shares]:
    """The share columns of tables, for the rows that make up a total in a column of amounts."""
    columns = {
        view.table.index: [
            column for column in range(view.table.columns) if _SHARE_HEADER.search(view.header(column))
        ]
        for view in reading.tables
    }
    seen: set[tuple[int, ...]] = set()
    for addition in column_additions(reading):
        if addition.family[:1] != ("total",) or len(addition.parts) < 2 or not agreement_of(addition).holds:
            continue
        for shares in _beside(reading, addition, columns):
            key = tuple(share.number for share in shares.shares)
            if key not in seen:
                seen.add(key)
                yield shares


def _beside(reading: Reading, addition: Addition, columns: Mapping[int, Sequence[int]]) -> Iterator[Shares]:
    cell = reading.passage_of(addition.whole).cell
    if cell is None:
        return
    for column in columns.get(cell.table, ()):
        top = reading.numeral_in_cell(cell.table, cell.row, column)
        if top is None or top.amount != 100 or cell.column > column:
            continue
        shares: list[Numeral] = []
        for part in addition.parts:
            address = reading.passage_of(part.numeral).cell
            share = reading.numeral_in_cell(cell.table, address.row, column) if address else None
            if share is None:
                break
            shares.append(share)
        if len(shares) == len(addition.parts):
            nearest = all(
                other >= column or other <= cell.column for other in columns[cell.table]
            )  # the first share column right of the amounts belongs to them
            if nearest:
                yield Shares(
                    tuple(shares),
                    tuple(part.numeral for part in addition.parts),
                    addition.whole,
                    complete=True,
                )
