"""The market entities as columns in memory: what other businesses choose from."""

from dataclasses import dataclass, field

import numpy as np

from zhunsheng.synthesis.amounts import EMPTY, Array

ENTERPRISE, INDIVIDUAL, COOPERATIVE, FOREIGN_OFFICE = range(4)
CLASSES = ("ENT", "IND", "COOP", "FOREIGN_OFFICE")


def _nothing() -> Array:
    return np.zeros(0, dtype=np.int64)


@dataclass
class Entities:
    """Position 0 is the entity with surrogate 1.

    Attributes:
        office: number of the office.
        kind: position in CLASSES.
        founded: day of establishment.
        ended: day on which it ceased to count, EMPTY while it lives.
    """

    office: Array = field(default_factory=_nothing)
    kind: Array = field(default_factory=_nothing)
    founded: Array = field(default_factory=_nothing)
    ended: Array = field(default_factory=_nothing)

    def living(self, since: int, until: int, kind: int | None = None) -> Array:
        """Surrogates of entities founded before `since` and alive after `until`, of one class or of all."""
        alive = (self.founded < since) & ((self.ended == EMPTY) | (self.ended > until))
        if kind is not None:
            alive &= self.kind == kind
        return (np.flatnonzero(alive) + 1).astype(np.int32)


def skewed(random: np.random.Generator, pool: Array, count: int, power: float = 2.5) -> Array:
    """Members of a pool, some of them far more often than others.

    Which ones are favoured is spread over the pool, not its first members.
    """
    size = len(pool)
    rank = np.floor(size * random.random(count) ** power).astype(np.int64)
    step = _coprime(size)
    found: Array = pool[(rank * step + 7) % size]
    return found


def distinct(random: np.random.Generator, pool: Array, count: int) -> Array:
    """So many different members of a pool (all of it when it is smaller)."""
    if count >= len(pool):
        return pool
    return pool[random.choice(len(pool), count, replace=False)]


def _coprime(size: int) -> int:
    step = max(int(size * 0.6180339887), 1)
    while np.gcd(step, size) != 1:
        step += 1
    return step
