"""The smallest set of corrections that makes all sums of a tree of scored items hold."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from zhunsheng.audit.quantities.numeral import Numeral
from zhunsheng.audit.relations.scoring_items import ScoredItem, parts_of

_LIMIT = 4  # more corrections than this explain nothing
_MOST_VALUES = 40
_FEW = 4

Pick = Callable[[ScoredItem], Numeral | None]


@dataclass(frozen=True)
class Correction:
    """A figure that should read otherwise."""

    item: ScoredItem
    numeral: Numeral
    value: Fraction


@dataclass(frozen=True)
class _Plan:
    """A way to make a subtree hold."""

    cost: int
    corrections: tuple[Correction, ...]


@dataclass
class _Options:
    """What a subtree can sum to: some values at their cost, and any value at one more cost.

    Attributes:
        values: reachable values with the cheapest plan.
        free: the cheapest plan for any value by changing one figure freely; None when impossible.
    """

    values: dict[Fraction, _Plan]
    free: Callable[[Fraction], _Plan | None]


def smallest_repair(root: ScoredItem, pick: Pick, bound: Pick | None = None) -> tuple[Correction, ...]:
    """The fewest corrections after which every parent is the sum of its children, or () when none is found.

    Args:
        pick: the figure of an item that is summed (its score or its points).
        bound: the figure it may not exceed (its points), if any.
    """
    options = _options(root, pick, bound)
    best = min(options.values.values(), key=lambda plan: plan.cost, default=None)
    return best.corrections if best is not None and best.cost <= _LIMIT else ()


def _options(item: ScoredItem, pick: Pick, bound: Pick | None) -> _Options:
    printed = pick(item)
    limit = bound(item) if bound is not None and not item.is_bonus else None

    def allowed(value: Fraction) -> bool:
        return value >= 0 and (limit is None or value <= limit.amount)

    summed = parts_of(item, pick)
    if any(pick(child) is None for child in summed):
        summed = []
    if not summed or not sums_whole(item):
        values = {}
        if printed is not None and allowed(printed.amount):
            values[printed.amount] = _Plan(0, ())
        elif printed is not None and limit is not None:
            values[limit.amount] = _Plan(1, (Correction(item, printed, limit.amount),))

        def leaf(value: Fraction) -> _Plan | None:
            if printed is None or not allowed(value):
                return None
            return _Plan(1, (Correction(item, printed, value),)) if value != printed.amount else _Plan(0, ())

        return _Options(values, leaf)
    below = tuple(_options(child, pick, bound) for child in summed)
    return _Sum(item, below, printed, allowed).options()


@dataclass(frozen=True)
class _Sum:
    """An item whose figure is the sum of those below it."""

    item: ScoredItem
    below: tuple[_Options, ...]
    printed: Numeral | None
    allowed: Callable[[Fraction], bool]

    def corrected(self, value: Fraction, plan: _Plan) -> _Plan:
        """The plan, with the item's own figure corrected where it differs from the value."""
        if self.printed is None or self.printed.amount == value:
            return plan
        return _Plan(plan.cost + 1, (*plan.corrections, Correction(self.item, self.printed, value)))

    def reached(self, value: Fraction) -> _Plan | None:
        """The cheapest way to the value by changing one part freely."""
        best: _Plan | None = None
        for index, options in enumerate(self.below):
            others: dict[Fraction, _Plan] = {Fraction(0): _Plan(0, ())}
            for other, each in enumerate(self.below):
                if other != index:
                    others = _combined(others, dict(sorted(each.values.items(), key=_cost)[:_FEW]))
            for rest, plan in sorted(others.items(), key=_cost)[:_FEW]:
                changed = options.free(value - rest)
                if changed is not None and (best is None or plan.cost + changed.cost < best.cost):
                    best = _Plan(plan.cost + changed.cost, (*plan.corrections, *changed.corrections))
        return best

    def options(self) -> _Options:
        """What the item can sum to."""
        totals: dict[Fraction, _Plan] = {Fraction(0): _Plan(0, ())}
        for each in self.below:
            totals = _combined(totals, each.values)
        values = {value: self.corrected(value, plan) for value, plan in totals.items() if self.allowed(value)}
        if self.printed is not None and self.allowed(self.printed.amount):
            amount = self.printed.amount
            # the search is costly and needed only where the sum does not hold already
            direct = self.reached(amount) if amount not in values else None
            if direct is not None:
                values[amount] = direct

        def free(value: Fraction) -> _Plan | None:
            if not self.allowed(value):
                return None
            if value in values:
                return values[value]
            plan = self.reached(value)
            return self.corrected(value, plan) if plan is not None else None

        return _Options(values, free)


def _cost(entry: tuple[Fraction, _Plan]) -> tuple[int, Fraction]:
    return entry[1].cost, entry[0]


def _combined(one: dict[Fraction, _Plan], other: dict[Fraction, _Plan]) -> dict[Fraction, _Plan]:
    result: dict[Fraction, _Plan] = {}
    for value, plan in one.items():
        for added, further in other.items():
            cost = plan.cost + further.cost
            if cost > _LIMIT:
                continue
            known = result.get(value + added)
            if known is None or cost < known.cost:
                result[value + added] = _Plan(cost, (*plan.corrections, *further.corrections))
    return dict(sorted(result.items(), key=_cost)[:_MOST_VALUES])


def sums_whole(item: ScoredItem) -> bool:
    """Whether the children are all there is under an item: their points add up to its points.

    Where no points are printed at all the children count as whole.
    """
    points = [child.points for child in parts_of(item, lambda each: each.points)]
    if item.points is None:
        return all(each is None for each in points)
    if any(each is None for each in points):
        return False
    return sum((each.amount for each in points if each), Fraction(0)) == item.points.amount
