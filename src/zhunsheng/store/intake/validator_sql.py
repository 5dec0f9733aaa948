"""The validators of codes as SQL without functions of our own: sums unrolled over the characters."""

from collections.abc import Callable, Mapping
from typing import Final

from zhunsheng.ledgers.uscc import CHARACTERS, LENGTH, SUBJECT_WEIGHTS, WEIGHTS

_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_GTIN_LENGTHS: Final = (8, 12, 13, 14)


def uscc_sql(text: str) -> str:
    """A condition that is true only for valid unified social credit codes in canonical form."""
    last = " + ".join(
        f"(strpos('{CHARACTERS}', {text}[{place}]) - 1) * {weight}"
        for place, weight in enumerate(WEIGHTS, start=1)
    )
    subject = " + ".join(
        f"(strpos('{_ALPHABET}', {text}[{place}]) - 1) * {weight}"
        for place, weight in enumerate(SUBJECT_WEIGHTS, start=9)
    )
    return (
        f"(length({text}) = {LENGTH} AND regexp_full_match({text}, '[{CHARACTERS}]+')"
        f" AND {text}[18] = '{CHARACTERS}'[(31 - ({last}) % 31) % 31 + 1]"
        f" AND {text}[17] = '0123456789X0'[11 - ({subject}) % 11 + 1])"
    )


def gtin_sql(text: str) -> str:
    """A condition that is true only for valid trade item numbers."""
    branches = []
    for length in _GTIN_LENGTHS:
        total = " + ".join(
            f"CAST({text}[{place}] AS INTEGER) * {3 if (length - place) % 2 else 1}"
            for place in range(1, length + 1)
        )
        branches.append(f"WHEN {length} THEN ({total}) % 10 = 0")
    return (
        f"(CASE WHEN regexp_full_match({text}, '[0-9]+')"
        f" THEN coalesce(CASE length({text}) {' '.join(branches)} END, FALSE) ELSE FALSE END)"
    )


VALIDATOR_SQL: Final[Mapping[str, Callable[[str], str]]] = {"uscc": uscc_sql, "gtin": gtin_sql}
"""By name, from the SQL of a text; a validator without SQL is left to the row checks."""
