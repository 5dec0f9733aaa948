"""Load by a schedule: requests arrive when they are due, whether earlier ones are answered or not.

A request's time runs from the moment it was due, so one that had to wait for its turn in the generator counts as slow
too: a server that stands still for a second is seen by all who came in that second.
"""

import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

_MOST_AT_ONCE = 128


@dataclass(slots=True)
class Measured:
    """What was seen of one page.

    Attributes:
        seconds: from the moment a request was due to the last byte of its answer, of those that were answered well.
        faults: what else came, by description.
    """

    seconds: list[float] = field(default_factory=list)
    faults: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def percentile(self, share: int) -> float:
        """So many percent of the requests took no longer, in milliseconds; by nearest rank.

        Raises:
            ValueError: nothing was measured.
        """
        if not self.seconds:
            raise ValueError("nothing was measured")
        ordered = sorted(self.seconds)
        place = -(-len(ordered) * share // 100) - 1
        return 1000 * ordered[max(place, 0)]


def run(
    pages: Sequence[str],
    ask: Callable[[str, random.Random], str],
    rate: float,
    seconds: float,
    seed: int = 1,
) -> Mapping[str, Measured]:
    """Ask for pages, `rate` a second, evenly spaced, each in turn.

    Args:
        ask: asks for one page; "" when it was answered well, else what was wrong.
    """
    found = {each: Measured() for each in pages}
    lock, chance = threading.Lock(), random.Random(seed)
    count = int(rate * seconds)
    order = [pages[place % len(pages)] for place in range(count)]
    chance.shuffle(order)
    begun = time.perf_counter() + 0.2

    def one(place: int, name: str) -> None:
        due = begun + place / rate
        try:
            fault = ask(name, random.Random(seed * 1_000_003 + place))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told in the table
            fault = f"{type(error).__name__}: {error}"
        took = time.perf_counter() - due
        with lock:
            if fault:
                found[name].faults[fault] += 1
            else:
                found[name].seconds.append(took)

    with ThreadPoolExecutor(_MOST_AT_ONCE) as pool:
        for place, name in enumerate(order):
            wait = begun + place / rate - time.perf_counter()
            if wait > 0:
                time.sleep(wait)
            pool.submit(one, place, name)
    return found
